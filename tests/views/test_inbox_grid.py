"""The grid's side of the inbox by keyboard: verifying on site, reporting, reading copies."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from sqlalchemy import select

from console.actions import ActionId
from console.domain.inbox import InboxTab
from console.domain.roles import Role
from console.domain.states import TicketState
from console.services.handling import Handling
from db.models import Attachment, NotifyCopy, Ticket, Verification
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched
from tests.services.test_verifying import to_verify
from tests.views.inbox_desk import Desk, jobs_fixture, rows  # noqa: F401 - fixtures among them
from tests.world import seat_for


@pytest.fixture(name="worker")
def worker_fixture(world, qtbot, jobs):
    def make(tab=InboxTab.TO_SIGN) -> Desk:
        return Desk(qtbot, jobs, Handling(seat_for(world, Role.GRID_WORKER, GRID)), tab)

    return make


def state_of(world, ticket_id) -> TicketState:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def picture(tmp_path, name: str):
    path = tmp_path / name
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(len(name))
    image.save(str(path), "JPG")
    return path


def test_a_grid_worker_verifies_on_site(world, worker, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path, picture, needs_site_proof=True)
    at = worker(InboxTab.TO_VERIFY)
    at.ready("现场核查")
    assert at.page.pile.tabs.words(InboxTab.TO_VERIFY) == "待核查 1"
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None and at.panel.passed.hasFocus())
    assert "已解决" in at.panel.claim.text()
    assert "疏通" in at.panel.public.text()
    assert at.panel.claimed.zones["after"].count == 1
    at.key(Qt.Key.Key_1)
    at.panel.result.put("到现场看过，管道已疏通，路面干净。")
    at.panel.signed.setChecked(True)
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel.fields["photos"].has_error)
    at.panel.evidence.zones["verify_after"].add([picture(tmp_path, "mine.jpg")])
    at.until(lambda: at.panel.evidence.zones["verify_after"].count == 1)
    assert at.panel.result.text, "what was typed outlives the picture"
    at.key(Qt.Key.Key_F8)
    at.until(lambda: state_of(world, ticket_id) is TicketState.PENDING_CALLBACK)
    (made,) = rows(world, Verification)
    assert (made.passed, made.signed_off) == (True, True)
    at.until(lambda: at.page.pile.table.empty.isVisible())
    assert "核查通过，转回访。" in at.said
    assert not at.failed


def test_sent_back_with_what_was_seen(world, worker, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path, picture)
    at = worker(InboxTab.TO_VERIFY)
    at.ready("现场核查")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None and at.panel.passed.hasFocus())
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel.fields["result"].has_error and at.panel.fields["passed"].has_error)
    at.key(Qt.Key.Key_2)
    assert not at.panel.signed.isEnabled()
    at.panel.result.put("油污还在，没有疏通。")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: state_of(world, ticket_id) is TicketState.REDO)
    assert not at.failed


def test_only_the_grid_has_a_pile_to_verify(world, qtbot, jobs) -> None:
    at = Desk(qtbot, jobs, Handling(seat_for(world, Role.LIAISON, DEPARTMENT)))
    assert InboxTab.TO_VERIFY not in at.page.pile.tabs.tabs
    assert ActionId.REPORT_MATTER not in at.page.acts


def test_a_find_is_pushed_up_from_one_screen(world, worker) -> None:
    at = worker()
    at.until(at.page.pile.table.empty.isVisible)
    at.key("Ctrl+N")
    at.until(lambda: at.side.reporting and at.page.reports.panel.place.hasFocus())
    panel = at.page.reports.panel
    at.until(lambda: panel.grid.value is not None and bool(panel._categories))
    assert not panel.result.isVisible(), "nothing is asked that is not needed"
    at.key(Qt.Key.Key_F8)
    at.until(lambda: panel.fields["content"].has_error)
    assert panel.fields["settled"].has_error
    panel.place.setText("宝丽西街123号")
    panel.category.setFocus()
    panel.category.put("下水道堵塞", panel._categories[0])
    panel.content.put("门面前下水道堵塞，油污外溢到人行道。")
    panel.settled.setFocus()
    at.key(Qt.Key.Key_2)
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.page.pile.tab is InboxTab.REPORTED and len(at.page.pile.rows) == 1)
    (ticket,) = rows(world, Ticket)
    assert ticket.state is TicketState.PENDING_ACCEPT
    assert ticket.number in at.said[-1]
    assert not at.side.reporting


def test_a_find_settled_on_the_spot_needs_both_pictures(world, worker, tmp_path) -> None:
    at = worker()
    at.until(at.page.pile.table.empty.isVisible)
    at.key("Ctrl+N")
    panel = at.page.reports.panel
    at.until(lambda: panel.grid.value is not None and bool(panel._categories))
    panel.place.setText("宝丽西街123号")
    panel.category.put("下水道堵塞", panel._categories[0])
    panel.content.put("门面前下水道堵塞，油污外溢到人行道。")
    assert at.side.report_button.text() == "上报"
    panel.settled.choose(True)
    assert at.side.report_button.text() == "现场办结"
    panel.result.put("已用管道机疏通并冲洗路面，商户答应装隔油池。")
    panel.evidence.zones["before"].add([picture(tmp_path, "one.jpg")])
    at.key(Qt.Key.Key_F8)
    at.until(lambda: panel.evidence.zones["after"].error.isVisible())
    panel.evidence.zones["after"].add([picture(tmp_path, "two2.jpg")])
    at.key(Qt.Key.Key_F8)
    at.until(lambda: not at.side.reporting)
    (ticket,) = rows(world, Ticket)
    assert ticket.state is TicketState.CLOSED
    assert [a.kind for a in rows(world, Attachment)] == ["before", "after"]


def test_a_grid_leaders_place_finds_the_grid(world, qtbot, jobs) -> None:
    at = Desk(qtbot, jobs, Handling(seat_for(world, Role.GRID_LEADER, COMMUNITY)))
    at.until(at.page.pile.table.empty.isVisible)
    at.key("Ctrl+N")
    panel = at.page.reports.panel
    at.until(lambda: panel.place.hasFocus() and len(panel._grids) == 2)
    assert panel.grid.value is None, "of two grids none is taken for granted"
    panel.place.setText("宝丽西街124号")
    panel.place_given.emit("宝丽西街124号")
    at.until(lambda: panel.grid.value is not None)
    assert panel.grid.value.id == 31
    assert "宝丽西街" in panel.fields["grid_id"].hint.text()


def test_esc_keeps_the_report_and_gives_the_case_back(world, worker) -> None:
    at = worker()
    at.until(at.page.pile.table.empty.isVisible)
    at.key("Ctrl+N")
    panel = at.page.reports.panel
    at.until(panel.place.hasFocus)
    panel.place.setText("宝丽西街123号")
    at.key(Qt.Key.Key_Escape)
    at.until(lambda: not at.side.reporting)
    at.key("Ctrl+N")
    at.until(lambda: at.side.reporting)
    assert panel.place.text() == "宝丽西街123号"


def test_a_copy_is_read_with_one_key(world, qtbot, jobs) -> None:
    ticket_id = dispatched(world, STREET)
    with world.writing.begin() as session:
        session.add(NotifyCopy(ticket_id=ticket_id, unit_id=DEPARTMENT, told_at=datetime.now(UTC)))
    at = Desk(
        qtbot, jobs, Handling(seat_for(world, Role.LIAISON, DEPARTMENT)), InboxTab.COPIES
    )  # fmt: skip
    at.ready("阅知")
    assert "城市管理局 未阅" in at.side.share.people.text()
    at.key(Qt.Key.Key_F8)
    at.until(lambda: rows(world, NotifyCopy)[0].read_at is not None)
    at.until(lambda: at.page.pile.table.empty.isVisible())
    with world.reading() as session:
        assert session.scalars(select(NotifyCopy.read_by)).one() == "赵城 D401"
    assert not at.failed


def test_a_grid_worker_is_asked_for_less(world, worker) -> None:
    """field-facts Y13: what the unit above fills in is not asked below."""
    ticket_id = dispatched(world, GRID)
    Handling(seat_for(world, Role.GRID_WORKER, GRID)).sign(ticket_id)
    at = worker(InboxTab.IN_HAND)
    at.ready("登记联系")
    at.key("Ctrl+Shift+R")
    at.until(lambda: at.panel is not None and at.panel.name == "reply")
    shown = {name for name in ("cause", "measures", "law_basis", "signed_off_by", "beyond_duty")
             if at.panel.fields[name].isVisible()}  # fmt: skip
    assert not shown
    assert at.panel.fields["result"].isVisible()
    assert at.panel.fields["public_reply"].isVisible()
