"""Verification on the real console: from the review to the grid's desk, to paper, on to the callback."""

from PySide6.QtGui import QImage

from console.domain.forms import FormKind
from console.domain.inbox import InboxTab
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from tests.flows.conftest import Running
from tests.flows.test_routes import state_of
from tests.services.test_verifying import to_verify


def picture(tmp_path, name: str):
    path = tmp_path / name
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(9)
    image.save(str(path), "JPG")
    return path


def test_a_grid_leader_prints_the_sheet_and_verifies(
    qtbot, running: Running, world, tmp_path
) -> None:
    ticket_id = to_verify(world, tmp_path, picture)
    running.open(Role.GRID_LEADER)
    window, routes = running.console.window, running.console.frame.routes
    window.show_place(Workplace.INBOX)
    page = window.pages[Workplace.INBOX]
    page.pile.tabs.choose(InboxTab.TO_VERIFY)
    qtbot.waitUntil(lambda: page.ticket_id == ticket_id)
    page.print_wanted.emit(page.side.desk.case)
    qtbot.waitUntil(lambda: window.place is Workplace.REPORTS)
    preview = routes.reports.print_desk.preview
    qtbot.waitUntil(lambda: preview.shown is not None, timeout=15_000)
    assert preview.shown.form is FormKind.VERIFICATION
    window.show_place(Workplace.INBOX)
    page._next()
    qtbot.waitUntil(lambda: page.side.panel is not None and page.side.panel.name == "verify")
    page.side.panel.passed.choose(True)
    page.side.panel.result.put("到现场看过，管道已疏通，路面干净。")
    page._submit()
    qtbot.waitUntil(lambda: state_of(world, ticket_id) is TicketState.PENDING_CALLBACK)
