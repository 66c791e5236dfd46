"""Several appellants on one work order, by keyboard alone: each called, each with own answers, then closed."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.jobs import Jobs
from console.services.callbacks import Callbacks
from console.services.orders import Orders
from console.views.callback import CallbackPage
from console.views.callback.people_list import _CALLEE, _NOW
from console.views.callback.people_list import standing as standing_of
from console.views.callback.reopen import ReopenDialog
from db.models import Callback, Promise, Ticket
from tests.desks import closed, to_call_back
from tests.services.test_callback_people import add, three, with_caller
from tests.views.test_desks import Stage
from tests.world import seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def callback(qtbot, jobs, world):
    def make(role: Role = Role.REVISITOR) -> Stage:
        seat = seat_for(world, role)
        page = CallbackPage(jobs, Callbacks(seat), Orders(seat))
        return Stage(qtbot, jobs, world, role, Workplace.CALLBACK, page)

    return make


def begin(stage: Stage) -> None:
    stage.press("F5")
    stage.ready()
    stage.until(stage.page.form.contacted.hasFocus)


def standing(stage: Stage) -> list[str]:
    people = stage.page.form.people
    items = [people.item(at) for at in range(people.count())]
    return [standing_of(item.data(_CALLEE), item.data(_NOW))[0] for item in items]


def rows(world) -> list[Callback]:
    with world.reading() as session:
        return list(session.scalars(select(Callback).order_by(Callback.id)))


def test_each_answers_in_turn_and_the_last_key_closes(world, callback) -> None:
    ticket_id, caller, one, two = three(world)
    stage = callback()
    stage.until(lambda: stage.page.panel.table.records.rowCount() == 1)
    sentence = stage.page.panel.table.records.index(0, 0).data()
    assert sentence.endswith("3 位诉求人，已回访 0")
    begin(stage)
    form = stage.page.form
    assert standing(stage) == ["待回访"] * 3
    assert form.buttons[2].text() == "记下，还有 2 位"
    stage.press("1", "1", "2", "1", "F8")
    stage.until(lambda: form.callee.id == one)
    assert standing(stage)[0] == "已回访 满意"
    assert form.contacted.value is None
    stage.ready()
    stage.press("F4", "1")
    stage.until(lambda: form.callee.id == two)
    assert "请拨下一位" in stage.said
    assert standing(stage)[1].startswith("1 次未通，下次可拨 ")
    stage.ready()
    stage.press("2", "1", "3", "F8")
    stage.until(lambda: form.callee.id == one)
    stage.ready()
    assert form.buttons[2].text() == "回访结案"
    stage.press("F8")
    stage.until(lambda: form.fields["contacted"].has_error)
    stage.press("1", "1", "1", "F8")
    stage.is_now(ticket_id, TicketState.CLOSED)
    assert [(r.appellant_id, r.reached, r.satisfaction) for r in rows(world)] == [
        (caller, True, "satisfied"), (one, False, ""), (two, True, "fairly_satisfied"),
        (one, True, "very_satisfied"),
    ]  # fmt: skip
    stage.until(lambda: stage.page.ticket_id is None)
    stage.press("Ctrl+Z")
    stage.is_now(ticket_id, TicketState.PENDING_CALLBACK)
    stage.ready()
    stage.until(lambda: form.callee is not None and form.callee.id == one)
    stage.until(lambda: form.answers().resolution == "resolved")


def test_what_was_typed_for_one_stays_while_another_is_looked_at(world, callback) -> None:
    three(world)
    stage = callback()
    begin(stage)
    form = stage.page.form
    stage.press("1", "3")
    form.people.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.press("Down")
    assert form.resolution.value is None
    stage.press("Up")
    assert form.resolution.value == "unresolved"


def test_who_is_not_called_says_why(world, callback) -> None:
    ticket_id = to_call_back(world)
    with_caller(world, ticket_id)
    add(world, ticket_id, "钱无号", "")
    stage = callback()
    begin(stage)
    assert standing(stage) == ["待回访", "未留号码，不回访"]
    assert stage.page.form.buttons[2].text() == "回访结案"


def test_the_number_of_the_one_at_hand_is_shown_for_a_minute(world, callback) -> None:
    _ticket_id, _caller, _one, _two = three(world)
    stage = callback()
    begin(stage)
    form = stage.page.form
    form.people.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.press("Down", "Ctrl+Shift+R")
    stage.until(lambda: "19900002222" in form.full_number.text())
    stage.press("Down")
    assert form.full_number.text() == ""


def test_promises_and_what_stands_against_archiving_are_in_sight(world, callback) -> None:
    ticket_id = to_call_back(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.open_promises, ticket.redo_count, ticket.dispute = 1, 2, True
        session.add(Promise(
            ticket_id=ticket_id, what="装好隔油池", due=datetime(2027, 1, 5, 9, tzinfo=UTC),
            made_at=datetime.now(UTC), made_by="王街",
        ))  # fmt: skip
    stage = callback()
    begin(stage)
    form = stage.page.form
    stage.until(form.facts.isVisible)
    assert form.facts.promises.text().startswith("曾承诺 1月5日（周二）17:00 前：装好隔油池")
    assert (
        form.facts.obstacles.text() == "结案后还不能归档：还有 1 项承诺没有兑现；矛盾件尚未签字认可"
    )
    stage.press("Ctrl+B")
    assert "待督办" in form.redo_strip.warning.text()


def test_the_supervisor_reopens_a_closed_matter_with_its_new_limit_in_sight(
    world, callback, qtbot
) -> None:
    ticket_id = closed(world)
    stage = callback(Role.SUPERVISOR)
    stage.page.open_one(ticket_id)
    stage.until(lambda: stage.page.case is not None)
    (button,) = stage.page.case_view.foot.moves.findChildren(
        type(stage.page.form.buttons[0]).__base__
    )
    assert button.text() == "重新办理"
    button.click()
    (dialog,) = stage.window.findChildren(ReopenDialog)
    stage.until(lambda: dialog.words.text().startswith("发回清河街道办事处"))
    dialog.try_accept()
    stage.until(lambda: dialog.fields["reason"].has_error)
    dialog.reason.setFocus()
    stage.type("blocked again")
    dialog.try_accept()
    stage.is_now(ticket_id, TicketState.REDO)
    stage.until(lambda: stage.said.startswith("已重新办理"))
