"""Promises under a case, the lamp, tags, and the hand-over of a shift, on real services and a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from sqlalchemy import select, update

from console.domain.roles import Role, Workplace
from console.domain.states import Light, Platform
from console.jobs import Jobs
from console.services.handover import Handover
from console.services.orders import Orders
from console.services.paper import Paper, preview
from console.services.promises import Promises
from console.services.tallies import Tallies
from console.views.cases.promise_strip import PromiseStrip
from console.views.cases.tag_strip import TagStrip
from console.views.handover import HandoverDialog
from console.views.handover.lamp import PromiseLamp
from console.views.orders import OrdersPage
from db.models import Bulletin, PrintLog, Promise
from tests.journeys import dispatched, open_ticket
from tests.views.test_desks import Stage
from tests.world import seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


class Case(Stage):
    """A pool with promises and tags under its case, open at one work order."""

    def __init__(self, qtbot, jobs, world, ticket_id: int, role: Role = Role.SUPERVISOR) -> None:
        seat = seat_for(world, role)
        page = OrdersPage(jobs, Orders(seat))
        super().__init__(qtbot, jobs, world, role, Workplace.ORDERS, page)
        self.promises = PromiseStrip(jobs, Promises(seat), page.case)
        self.tags = TagStrip(jobs, Tallies(seat), page.case)
        page.case.add_strip(self.promises)
        page.case.add_strip(self.tags)
        page.show_ticket(ticket_id)
        page.table.setFocus()
        qtbot.waitUntil(lambda: page.case.case is not None and self.tags.words.text() != "")


def test_a_promise_is_typed_as_said_shown_back_and_kept_by_key(qtbot, jobs, world) -> None:
    case = Case(qtbot, jobs, world, dispatched(world))
    strip = case.promises
    assert strip.isHidden()
    case.press("Ctrl+M")
    qtbot.waitUntil(strip.edit.edit.hasFocus)
    strip.edit.put("明天上午十点前回电")
    assert strip.edit.understood.text().endswith("10:00 前：回电")
    QTest.keyClick(strip.edit.edit, "\r")
    qtbot.waitUntil(lambda: len(strip.lines) == 1 and strip.edit.isHidden())
    assert strip.lines[0].light.light is Light.GREEN
    qtbot.waitUntil(strip.keep.isEnabled)
    case.press("Ctrl+Shift+O")
    qtbot.waitUntil(lambda: not strip.lines[0].open)
    assert case.errors == []


def test_what_is_not_understood_is_said_under_the_line_and_stays(qtbot, jobs, world) -> None:
    case = Case(qtbot, jobs, world, dispatched(world))
    strip = case.promises
    case.press("Ctrl+M")
    strip.edit.put("尽快回电")
    strip.edit.give()
    assert "没看出" in strip.edit.understood.text()
    assert strip.edit.text == "尽快回电"
    assert strip.is_typing


def test_a_half_typed_promise_waits_for_its_work_order(qtbot, jobs, world) -> None:
    first, second = dispatched(world), dispatched(world)
    case = Case(qtbot, jobs, world, first)
    case.press("Ctrl+M")
    case.promises.edit.put("明天")
    for ticket_id, typed in ((second, ""), (first, "明天")):
        case.page.show_ticket(ticket_id)
        qtbot.waitUntil(
            lambda wanted=ticket_id: (
                case.page.case.case is not None and case.page.case.case.row.id == wanted
            )
        )
        assert case.promises.edit.text == typed


def test_platform_and_campaigns_are_changed_by_key(qtbot, jobs, world) -> None:
    ticket_id = open_ticket(world)
    case = Case(qtbot, jobs, world, ticket_id)
    assert "便民服务" in case.tags.words.text()
    case.press("Ctrl+Shift+T")
    qtbot.waitUntil(case.tags.sheet.isVisible)
    case.tags.platform.choose(Platform.GOVERNANCE)
    case.tags.picker.first.setChecked(True)
    QTest.keyClick(case.tags.picker.first, "\r")
    qtbot.waitUntil(lambda: "每月一题" in case.tags.words.text())
    assert "综合治理" in case.tags.words.text()
    assert case.tags.sheet.isHidden()
    assert Tallies(seat_for(world, Role.SUPERVISOR)).tags(ticket_id).codes == ("hot",)


def overdue(world, ticket_id: int) -> None:
    now = datetime.now(UTC)
    Promises(seat_for(world, Role.AGENT)).promise(ticket_id, "回电", now + timedelta(hours=1))
    with world.writing.begin() as session:
        session.execute(
            update(Promise).values(made_at=now - timedelta(hours=3), due=now - timedelta(hours=1))
        )


def test_an_overdue_promise_lights_the_lamp(qtbot, jobs, world) -> None:
    lamp = PromiseLamp(jobs, Promises(seat_for(world, Role.AGENT)))
    qtbot.addWidget(lamp)
    assert lamp.isHidden()
    overdue(world, dispatched(world))
    lamp.look()
    qtbot.waitUntil(lambda: lamp.counts.light is Light.RED)
    assert lamp.light.mark.words == "承诺超时 1"
    assert not lamp.isHidden()


def test_the_hand_over_lists_opens_notes_and_prints(qtbot, jobs, world, tmp_path) -> None:
    ticket_id = dispatched(world)
    overdue(world, ticket_id)
    desk = Handover(seat_for(world, Role.SUPERVISOR), Paper().render_sheet, preview)
    dialog = HandoverDialog(jobs, desk)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.promises.records.rowCount() == 1)
    assert dialog.tabs.tabText(0) == "待兑现承诺 1，超时 1"
    dialog.note.put("今晚停水，统一口径见知识库。")
    dialog.store.click()
    qtbot.waitUntil(lambda: "今晚停水" in dialog.notes.text())
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "shift.pdf"))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    with qtbot.waitSignal(dialog.said, timeout=20_000):
        dialog.print_on(printer)
    assert (tmp_path / "shift.pdf").stat().st_size > 1000
    with world.reading() as session:
        assert session.scalars(select(PrintLog)).one().form == "shift_handover"
        assert session.scalars(select(Bulletin)).one().title == "交班留言"
    with qtbot.waitSignal(dialog.open_ticket) as opened:
        dialog.promises.opened.emit(dialog.promises.records.rows[0])
    assert opened.args == [ticket_id]
