"""疑难 is marked where it is dispatched; the limits below follow at once (field-facts 4.1)."""

from console.domain.roles import Role
from console.services.dispatching import Dispatching
from tests.journeys import open_ticket
from tests.views.test_desks import dispatch, jobs  # noqa: F401
from tests.world import seat_for


def test_the_box_moves_the_limits_and_goes_along(world, dispatch) -> None:  # noqa: F811
    ticket_id = open_ticket(world)
    stage = dispatch()
    stage.press("F5")
    form = stage.page.form
    stage.until(lambda: "3工作日" in form.deadlines.text())
    stage.ready()
    assert form.draft() is None
    form.hard.click()
    assert "15工作日" in form.deadlines.text()
    assert form.draft() is not None, "a tick is worth keeping"
    stage.press("F8")
    stage.until(lambda: stage.said.startswith("已派给"))
    row = stage.row(ticket_id)
    assert row.complex
    assert row.total_due == row.finish_due
    stage.press("Ctrl+Z")
    stage.until(lambda: stage.page.ticket_id == ticket_id and form.hard.isChecked())


def test_the_preview_knows_the_categorys_own_limit(world) -> None:
    ticket_id = open_ticket(world, own_limit="4工作时")
    shown = Dispatching(seat_for(world, Role.DISPATCHER)).help(ticket_id)
    assert "4工作时" in shown.deadlines
    assert "15工作日" in shown.deadlines_otherwise
