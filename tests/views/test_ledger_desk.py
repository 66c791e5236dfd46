"""台账 on real jobs, a real database and real paper: count, look, save, and count a printed code again."""

from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from sqlalchemy import select

from console.actions import ActionId
from console.domain.errors import Invalid
from console.domain.roles import Role
from console.domain.sheets import SheetKind, sheet_code
from console.jobs import Jobs
from console.services.archiving import Archiving
from console.services.paper import Paper, preview
from console.services.reports import Reports
from console.services.reports.sheets import Sheets
from console.views.reports import ledger_desk as module
from console.views.reports.page import ReportsPage
from console.views.reports.printing import make_printer
from console.views.reports.save_dialog import SaveDialog
from db.models import PrintLog, Supervision
from tests.journeys import dispatched
from tests.world import seat_for

LEDGER, RETURNS = SheetKind.SUPERVISION_LEDGER, SheetKind.RETURN_STATISTICS


@pytest.fixture
def page(qtbot, world):
    seat, press, jobs = seat_for(world, Role.CLERK), Paper(), Jobs()
    ticket_id = dispatched(world)
    with world.writing.begin() as session:
        session.add(
            Supervision(ticket_id=ticket_id, level=100, reason="超期未办结", document_no="示政热督〔2026〕7号",
                        lead_unit="清河街道办事处", issued_at=seat.now(session), issued_by="郑督 0051")
        )  # fmt: skip
    made = ReportsPage(
        jobs,
        Reports(seat, press, preview),
        Archiving(seat),
        sheets=Sheets(seat, press.render_sheet, preview),
    )
    qtbot.addWidget(made)
    made.resize(1208, 628)
    with qtbot.waitExposed(made):
        made.show()
    made.tabs.setCurrentIndex(2)
    drawn(qtbot, made)
    yield made
    jobs.close()


def drawn(qtbot, page: ReportsPage) -> None:
    paper = page.ledgers.paper
    qtbot.waitUntil(lambda: paper.pages > 0 and paper.is_complete, timeout=20_000)


def words(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
        return "".join(text.split())
    finally:
        document.close()


def log(world) -> list[PrintLog]:
    with world.reading() as session:
        return list(session.scalars(select(PrintLog).order_by(PrintLog.id)))


def test_the_tab_opens_on_the_supervision_ledger_of_this_month(page, world) -> None:
    desk = page.ledgers
    assert desk.isVisible()
    assert desk.kind.hasFocus()
    assert "示政热督〔2026〕7号" in words(desk._shown.pdf)
    assert desk.note.text().startswith("督办台账")
    assert log(world) == []
    width, height = desk.paper._size()
    assert width > height


def test_another_sheet_and_other_days_are_counted_anew(qtbot, page) -> None:
    desk = page.ledgers
    qtbot.keyClick(desk.kind, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: desk.note.text().startswith("退单统计表"))
    drawn(qtbot, page)
    assert "本期无记录" in words(desk._shown.pdf)
    desk.kind.choose(LEDGER)
    desk.period.show_days(date(2020, 1, 1), date(2020, 1, 31))
    desk.reload()
    qtbot.waitUntil(lambda: "2020年1月1日" in desk.note.text())
    assert "本期无记录" in words(desk._shown.pdf)


def test_a_printed_code_brings_its_days_back(qtbot, page) -> None:
    desk = page.ledgers
    heard = []
    desk.said.connect(lambda *said: heard.append(said[0]))
    desk.code.setText(sheet_code(RETURNS, date(2026, 3, 1), date(2026, 3, 8)))
    qtbot.keyClick(desk.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2026年3月8日" in desk.note.text())
    assert desk.kind.value is RETURNS
    assert desk.days == (date(2026, 3, 1), date(2026, 3, 8))
    assert desk.period.exact.isVisible()
    assert heard == ["已按复核码重算"]


def test_a_code_of_nothing_is_said_and_stays_to_be_mended(qtbot, page) -> None:
    desk = page.ledgers
    desk.code.setText("XX-1")
    with qtbot.waitSignal(desk.failed) as caught:
        qtbot.keyClick(desk.code, Qt.Key.Key_Return)
    assert isinstance(caught.args[0], Invalid)
    assert desk.code.selectedText() == "XX-1"


def test_saving_leaves_a_numbered_file(qtbot, page, world, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    page.act(ActionId.EXPORT)
    dialog = next(each for each in page.findChildren(SaveDialog) if each.isVisible())
    dialog.folder.setText(str(folder))
    with qtbot.waitSignal(page.ledgers.said):
        dialog.try_accept()
    files = list(folder.glob("督办台账-*.pdf"))
    assert len(files) == 1
    assert [(row.form, row.copy_no, row.manner) for row in log(world)] == [
        (LEDGER.value, 1, "file")
    ]


def test_printing_lies_across_the_sheet(qtbot, page, world, tmp_path: Path) -> None:
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "spool.pdf"))
    printer.setCopyCount(2)
    with qtbot.waitSignal(page.ledgers.said, timeout=20_000) as caught:
        page.ledgers.print_on(printer)
    assert caught.args[0] == "已送往打印机：2 份 2 页"
    document = pdfium.PdfDocument(tmp_path / "spool.pdf")
    sizes = [sheet.get_size() for sheet in document]
    document.close()
    assert len(sizes) == 2
    assert all(width > height for width, height in sizes)
    assert [row.copy_no for row in log(world)] == [1, 2]


def test_without_a_printer_nothing_is_numbered(qtbot, page, world, monkeypatch) -> None:
    monkeypatch.setattr(module, "has_printer", lambda: False)
    with qtbot.waitSignal(page.ledgers.said) as caught:
        page.act(ActionId.PRINT)
    assert "没有可用的打印机" in caught.args[0]
    assert log(world) == []


def test_who_may_not_count_has_no_such_tab(qtbot, world) -> None:
    seat, jobs = seat_for(world, Role.STREET_DESK), Jobs()
    assert not Sheets(seat, Paper().render_sheet, preview).allowed
    made = ReportsPage(jobs, Reports(seat, Paper(), preview))
    qtbot.addWidget(made)
    assert made.ledgers is None
    assert made.tabs.count() == 1
    jobs.close()
