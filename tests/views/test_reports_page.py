"""The report workplace on real jobs, a real database and real paper, by keyboard."""

from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.actions import ActionId
from console.domain.errors import Unavailable
from console.domain.forms import FormKind
from console.domain.reports import DESK_FORMS, Cursor, Found, Stage
from console.domain.roles import Role
from console.jobs import Jobs
from console.services.archiving import Archiving
from console.services.paper import Paper, preview
from console.services.reports import Reports
from console.settings import EXPORT_FOLDER, Settings
from console.views.reports import print_desk as module
from console.views.reports.page import ReportsPage
from console.views.reports.paper_view import Fit, PaperView
from console.views.reports.period import Span
from console.views.reports.printing import make_printer
from console.views.reports.save_dialog import SaveDialog
from db.models import PrintLog, Supervision, Ticket
from tests.desks import closed
from tests.journeys import dispatched
from tests.world import seat_for


@cache
def paper() -> Paper:
    return Paper()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def orders(world) -> list[int]:
    return [closed(world, title=f"第{at}件：下水道堵塞") for at in range(4)]


@pytest.fixture
def page(qtbot, world, orders, tmp_path):
    seat = seat_for(world, Role.CLERK)
    jobs = Jobs()
    made = ReportsPage(
        jobs, Reports(seat, paper(), preview), Archiving(seat), Settings(tmp_path / "s.json")
    )
    qtbot.addWidget(made)
    made.resize(1208, 628)
    with qtbot.waitExposed(made):
        made.show()
    made.setFocus()
    qtbot.waitUntil(lambda: made.print_desk.finder.table.records.rowCount() == 4)
    drawn(qtbot, made)
    yield made
    jobs.close()


def drawn(qtbot, page: ReportsPage) -> None:
    """The preview of the current work order is in sight, sharp."""
    card, table = page.print_desk.preview, page.print_desk.finder.table

    def ready() -> bool:
        shown = card.shown
        return (
            shown is not None
            and table.current is not None
            and (shown.ticket_id, shown.form) == (table.current.id, card.form.value)
            and card.paper.pages > 0
            and card.paper.is_complete
        )

    qtbot.waitUntil(ready, timeout=20_000)


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(widget, key, modifier)


def log(world) -> list[PrintLog]:
    with world.reading() as session:
        return list(session.scalars(select(PrintLog).order_by(PrintLog.id)))


def dialog_of(page: ReportsPage) -> SaveDialog:
    found = [each for each in page.findChildren(SaveDialog) if each.isVisible()]
    assert len(found) == 1
    found[0].activateWindow()
    return found[0]


CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_it_opens_on_the_newest_with_its_closure_report(page, orders) -> None:
    desk = page.print_desk
    assert desk.finder.table.current.id == orders[-1]
    assert desk.finder.table.hasFocus()
    assert desk.preview.copy.text() == "打印出来是第 1 份"
    assert desk.preview.place.text() == f"1 / {desk.preview.paper.pages}"


def test_space_ticks_and_control_a_ticks_all_then_none(qtbot, page) -> None:
    finder = page.print_desk.finder
    press(qtbot, finder.table, Qt.Key.Key_Space)
    press(qtbot, finder.table, Qt.Key.Key_Down)
    press(qtbot, finder.table, Qt.Key.Key_Space)
    assert len(finder.ticked) == 2
    assert finder.count.text().startswith("已勾选 2 件")
    assert page.print_desk.print_action.text() == "打印 2 件"
    press(qtbot, finder.table, Qt.Key.Key_A, CONTROL)
    assert len(finder.ticked) == 4
    press(qtbot, finder.table, Qt.Key.Key_A, CONTROL)
    assert finder.ticked == ()


def test_all_means_all_that_fit_not_what_is_loaded(qtbot, page, orders) -> None:
    finder = page.print_desk.finder
    first = finder.table.records.rows[:2]
    # A view with room left reads on by itself; as if the list were longer than the window.
    finder._found(Found(first, None))
    finder._more = Cursor(None, first[-1].id)
    finder.tick_all()
    qtbot.waitUntil(lambda: len(finder.ticked) == 4)


def test_moving_and_other_forms_redraw_the_paper(qtbot, page) -> None:
    desk = page.print_desk
    press(qtbot, desk.finder.table, Qt.Key.Key_Down)
    drawn(qtbot, page)
    press(qtbot, desk.preview.form.daily, Qt.Key.Key_1)
    drawn(qtbot, page)
    assert desk.preview.shown.form is FormKind.TICKET_FORM
    assert desk.preview.paper.pages == 1


def test_f8_goes_to_the_paper_page_keys_turn_it_and_escape_returns(qtbot, page) -> None:
    desk, view = page.print_desk, page.print_desk.preview.paper
    press(qtbot, desk.finder.table, Qt.Key.Key_F8)
    assert view.hasFocus()
    press(qtbot, view, Qt.Key.Key_PageDown)
    assert desk.preview.place.text().startswith("2 / ")
    press(qtbot, view, Qt.Key.Key_PageUp)
    assert desk.preview.place.text().startswith("1 / ")
    press(qtbot, view, Qt.Key.Key_End)
    assert view.page == view.pages - 1
    press(qtbot, view, Qt.Key.Key_Escape)
    assert desk.finder.table.hasFocus()


@pytest.mark.parametrize("fit", list(Fit))
def test_every_size_is_drawn_at_its_own_resolution(qtbot, page, fit: Fit) -> None:
    page.print_desk.preview.size.choose(fit)
    drawn(qtbot, page)
    view: PaperView = page.print_desk.preview.paper
    kept = view._images[view.page]
    assert kept.image.width() / kept.image.devicePixelRatio() == view._box(view.page).width()


def test_filters_by_stage_and_number(qtbot, page, orders, world) -> None:
    finder = page.print_desk.finder
    open_one = dispatched(world)
    finder.stage.choose(Stage.OPEN)
    qtbot.waitUntil(lambda: [row.id for row in finder.table.records.rows] == [open_one])
    drawn(qtbot, page)
    assert page.print_desk.preview.note.text() == "尚未办结，未发生的环节留空"
    finder.stage.choose(Stage.CLOSED)
    qtbot.waitUntil(lambda: finder.table.records.rowCount() == 4)
    finder.text.setText("路")
    press(qtbot, finder.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: finder.table.empty.isVisible())
    assert finder.table.empty.title.text() == "请至少输入两个字"
    assert page.print_desk.preview.shown is None


def test_an_empty_list_offers_the_way_out(qtbot, page) -> None:
    finder = page.print_desk.finder
    finder.stage.choose(Stage.ARCHIVED)
    qtbot.waitUntil(lambda: finder.table.empty.isVisible())
    qtbot.mouseClick(finder.table.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: finder.table.records.rowCount() == 4)
    assert finder.stage.value is Stage.ANY


def test_a_unit_is_found_by_its_initials(qtbot, page) -> None:
    finder = page.print_desk.finder
    finder.unit.setFocus()
    qtbot.keyClicks(finder.unit, "myjd")
    qtbot.waitUntil(lambda: finder.unit.is_open)
    press(qtbot, finder.unit, Qt.Key.Key_Return)
    assert finder.unit.text() == "明月街道办事处"
    qtbot.waitUntil(lambda: finder.table.records.rowCount() == 0)


def test_days_of_ones_own(qtbot, page) -> None:
    period = page.print_desk.finder.period
    assert not period.exact.isVisible()
    period.choose(Span.CHOSEN)
    assert period.exact.isVisible()
    period.since.setDate(period.until.date().addDays(3))
    first, last = period.days
    assert (last - first).days == 3
    period.choose(Span.LAST_MONTH)
    first, last = period.days
    assert first.day == 1
    assert (last.year, last.month) == (first.year, first.month)


def test_one_file_by_keyboard(qtbot, page, out, orders, world) -> None:
    desk = page.print_desk
    press(qtbot, desk.finder.table, Qt.Key.Key_E, CONTROL | SHIFT)
    dialog = dialog_of(page)
    assert not dialog.each_field.isVisible()
    dialog.folder.setText(str(out))
    qtbot.waitUntil(dialog.isActiveWindow)
    press(qtbot, dialog.folder, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: desk.bar.open_button.isVisible(), timeout=20_000)
    with world.reading() as session:
        number = session.get_one(Ticket, orders[-1]).number
    assert [path.name for path in out.iterdir()] == [f"{number}-办结报告.pdf"]
    assert desk.bar.words.text() == f"已保存 {number}-办结报告.pdf，第 1 份"
    qtbot.waitUntil(lambda: desk.preview.copy.text() == "打印出来是第 2 份", timeout=20_000)
    qtbot.waitUntil(lambda: desk.finder.table.current.copies == 1)
    assert page.print_desk._settings.get(EXPORT_FOLDER) == str(out)


def test_a_batch_has_progress_and_a_result_to_open(qtbot, page, out, monkeypatch) -> None:
    desk, opened = page.print_desk, []
    monkeypatch.setattr(
        module.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    press(qtbot, desk.finder.table, Qt.Key.Key_A, CONTROL)
    press(qtbot, desk.finder.table, Qt.Key.Key_P, CONTROL | SHIFT)
    dialog = dialog_of(page)
    assert dialog.accept_button.text() == "生成 4 件"
    dialog.folder.setText(str(out))
    dialog.try_accept()
    assert desk.bar.isVisible()
    qtbot.waitUntil(lambda: desk.bar.open_button.isVisible(), timeout=20_000)
    assert desk.bar.words.text() == "已生成 4 件，共 4 个文件"
    assert len(list(out.iterdir())) == 4
    assert desk.finder.ticked == ()
    desk.bar.open_button.click()
    assert opened == [str(out)]


def test_a_stopped_batch_keeps_the_rest_ticked(qtbot, page, out, monkeypatch) -> None:
    desk = page.print_desk
    real = Reports._save_one
    done = []

    def stop_after_two(self, ids, form, folder):
        done.append(ids)
        if len(done) == 2:
            desk.bar._job._flag.set()
        return real(self, ids, form, folder)

    monkeypatch.setattr(Reports, "_save_one", stop_after_two)
    desk.finder.tick_all()
    desk.save_to(out, False)
    qtbot.waitUntil(lambda: "已停止" in desk.bar.words.text(), timeout=20_000)
    assert desk.bar.words.text() == "已停止，2 件已完整保存"
    qtbot.waitUntil(lambda: len(desk.finder.ticked) == 2)
    assert len(list(out.iterdir())) == 2


def test_a_batch_without_ticks_says_how_to_tick(qtbot, page) -> None:
    with qtbot.waitSignal(page.said) as told:
        press(qtbot, page.print_desk.finder.table, Qt.Key.Key_P, CONTROL | SHIFT)
    assert "空格勾选" in told.args[0]


def test_a_folder_that_is_not_there_stays_in_the_dialog(qtbot, page) -> None:
    page.print_desk.save_now()
    dialog = dialog_of(page)
    dialog.folder.setText("/no/such/folder")
    dialog.try_accept()
    assert dialog.isVisible()
    assert "没有这个文件夹" in dialog.folder_field.error.text()
    dialog.reject()


def test_a_full_disk_is_said_and_the_desk_goes_on(qtbot, page, out, monkeypatch) -> None:
    def full(*_rest):
        raise Unavailable("磁盘已满，文件没有写完", "请清理磁盘，或换一个文件夹再试", "folder")

    monkeypatch.setattr(Reports, "save", full)
    with qtbot.waitSignal(page.failed):
        page.print_desk.save_to(out, True)
    assert "磁盘已满" in page.print_desk.bar.words.text()
    assert not page.print_desk._busy


def test_without_a_printer_the_way_on_is_a_file(qtbot, page, monkeypatch) -> None:
    monkeypatch.setattr(module, "has_printer", lambda: False)
    with qtbot.waitSignal(page.step_offered) as offered:
        press(qtbot, page.print_desk.finder.table, Qt.Key.Key_P, CONTROL)
    sentence, _tone, button, step = offered.args
    assert (sentence, button) == ("这台电脑没有可用的打印机", "另存为 PDF")
    page.take_step(step)
    assert dialog_of(page).isVisible()


def test_printing_for_real_numbers_every_sheet(qtbot, page, out, world, orders) -> None:
    """Onto a printer that writes a file; two copies asked of it are two numbered copies."""
    desk, file = page.print_desk, out / "printer.pdf"
    desk.preview.form.choose(FormKind.TICKET_FORM)
    desk.finder.tick_all()
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    printer.setCopyCount(2)
    desk.print_on(printer)
    qtbot.waitUntil(lambda: "已送往打印机" in desk.bar.words.text(), timeout=60_000)
    assert desk.bar.words.text() == "已送往打印机：8 份 8 页"
    assert sorted((line.ticket_id, line.copy_no, line.manner) for line in log(world)) == [
        (ticket_id, copy, "print") for ticket_id in orders for copy in (1, 2)
    ]
    document = pdfium.PdfDocument(file.read_bytes())
    assert len(document) == 8
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    picture = document[0].render(scale=1, grayscale=True).to_numpy()
    document.close()
    # Black ink on white, and the left margin of GB/T 9704 at its true place.
    assert picture.min() < 60
    assert picture[:, :70].min() > 200
    assert picture[:, 76:84].min() < 120


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_does_not_answer_is_a_sentence(qtbot, page) -> None:
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName("/no/such/folder/printer.pdf")
    with qtbot.waitSignal(page.failed, timeout=20_000) as failed:
        page.print_desk.print_on(printer)
    assert failed.args[0].text == "打印机没有响应"


def test_opened_for_one_work_order_from_anywhere(qtbot, page, world) -> None:
    open_one = dispatched(world)
    page.tabs.setCurrentIndex(1)
    page.show_ticket(open_one, FormKind.HANDLING_SHEET)
    finder = page.print_desk.finder
    qtbot.waitUntil(
        lambda: finder.table.current is not None and finder.table.current.id == open_one
    )
    drawn(qtbot, page)
    assert page.print_desk.preview.shown.form is FormKind.HANDLING_SHEET
    assert page.tabs.currentIndex() == 0


def test_what_was_just_archived_comes_ticked(qtbot, page, orders) -> None:
    page.tabs.setCurrentIndex(1)
    archive = page.archive
    qtbot.waitUntil(lambda: archive.table.records.rowCount() == 4)
    archive.table.records.check_all(True)
    archive.archive()
    qtbot.waitUntil(lambda: archive.report_button.isVisible())
    archive.report_button.click()
    finder = page.print_desk.finder
    qtbot.waitUntil(lambda: len(finder.ticked) == 4)
    assert finder.stage.value is Stage.ARCHIVED
    assert page.print_desk.preview.form.value is FormKind.CLOSURE_REPORT


def test_actions_of_the_key_sheet_reach_the_desk(qtbot, page) -> None:
    page.act(ActionId.PREVIEW)
    assert page.print_desk.preview.paper.hasFocus()


def test_everything_reached_by_tab_has_a_name(qtbot, page) -> None:
    page.print_desk.finder.table.setFocus()
    seen = set()
    for _ in range(40):
        here = QApplication.focusWidget()
        assert here.accessibleName() or here.text(), here
        seen.add(here)
        press(qtbot, here, Qt.Key.Key_Tab)
    assert page.print_desk.print_button in seen


def test_the_dialog_offers_no_way_round_the_log(qtbot, page, monkeypatch) -> None:
    """Printing to a file is 另存为 PDF, with a line of its own."""
    monkeypatch.setattr(module, "has_printer", lambda: True)
    press(qtbot, page.print_desk.finder.table, Qt.Key.Key_P, CONTROL)
    dialog = page.findChild(QPrintDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert not dialog.testOption(QPrintDialog.PrintDialogOption.PrintToFile)
    dialog.reject()


def test_every_form_is_a_key_away_and_prints_from_its_rows(qtbot, page, world, orders) -> None:
    """The notices of a ticket are found where the daily forms are (field-facts 9.5, 9.6)."""
    desk = page.print_desk
    ticket_id = desk.finder.table.current.id
    with world.writing.begin() as session:
        now = seat_for(world, Role.CLERK).now(session)
        session.add(
            Supervision(ticket_id=ticket_id, level=100, reason="超期未办结", document_no="示政热督〔2026〕7号",
                        demands="立即办理", lead_unit="清河街道办事处", issued_at=now, issued_by="郑督 0051")
        )  # fmt: skip
    choice = desk.preview.form
    press(qtbot, page, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    menu = choice.rest.menu
    qtbot.waitUntil(menu.isVisible)
    wanted = next(action for action in menu.actions() if "督办单" in action.text())
    menu.setActiveAction(wanted)
    press(qtbot, menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: choice.value is FormKind.SUPERVISION_NOTICE)
    drawn(qtbot, page)
    assert choice.rest.text() == "督办单"
    assert choice.daily.value is None
    assert "示政热督〔2026〕7号" in words(desk.preview.shown.document.pdf)
    assert desk.preview.note.text() == ""
    press(qtbot, choice.daily, Qt.Key.Key_1)
    drawn(qtbot, page)
    assert choice.value is FormKind.TICKET_FORM
    assert choice.rest.text() == "更多表单"


def test_the_menu_names_every_form_that_is_not_in_sight(page) -> None:
    choice = page.print_desk.preview.form
    named = {action.data() for action in choice.rest.menu.actions()}
    assert named == {form.value for form in FormKind} - {form.value for form in DESK_FORMS}
    assert all(
        any(sign >= "\u4e00" for sign in action.text()) for action in choice.rest.menu.actions()
    )


def test_another_desk_may_ask_for_a_notice(qtbot, page, orders) -> None:
    page.show_ticket(orders[0], FormKind.URGING_NOTICE)
    qtbot.waitUntil(lambda: page.print_desk.preview.form.value is FormKind.URGING_NOTICE)
    drawn(qtbot, page)
    assert page.print_desk.preview.note.text() == "本件没有催办记录，催办栏留空"


def words(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
