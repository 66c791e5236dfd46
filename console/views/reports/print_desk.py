"""打印与导出: work orders at the left, the page at the right; print, save, make a thousand."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.errors import Cancelled, UserError
from console.domain.forms import FORM_NAMES, FormKind
from console.domain.reports import Copy, Issued, ReportRow, Written
from console.jobs import Jobs
from console.settings import EXPORT_FOLDER, PRINTER, Settings
from console.theme import Tone
from console.views.parts.key_cap import ActionButton
from console.views.parts.progress_bar import LongJobBar
from console.views.reports.finder import Finder
from console.views.reports.preview_card import PreviewCard
from console.views.reports.printing import (
    ask_printer,
    has_printer,
    last_folder,
    make_printer,
    print_copies,
)
from console.views.reports.save_dialog import SaveDialog
from console.views.reports.services import ReportDesk

SAVE = "save"


class PrintDesk(QWidget):
    """`said`, `failed`, `step_offered` as a Page has them.

    What is ticked is printed or saved; with nothing ticked, the work order in sight.
    """

    said = Signal(str, object)
    failed = Signal(object)
    step_offered = Signal(str, object, str, str)

    def __init__(
        self,
        jobs: Jobs,
        desk: ReportDesk,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._settings = jobs, desk, settings
        self._folder: Path | None = None
        self._printer: QPrinter | None = None
        self._busy = False
        self.finder = Finder(jobs, desk, settings)
        self.preview = PreviewCard(jobs, desk)
        self.bar = LongJobBar()
        self.print_action = add_action(self, ActionId.PRINT, self.print_now)
        self.save_action = add_action(self, ActionId.EXPORT, self.save_now, self.tr("另存为 PDF"))
        self.batch_action = add_action(
            self, ActionId.BATCH_PRINT, self.make_many, self.tr("每件一个 PDF")
        )
        self.look_action = add_action(self, ActionId.PREVIEW, self.look)
        self._lay_out()
        self._connect()
        self._show_counts()

    @property
    def chosen(self) -> tuple[ReportRow, ...]:
        return self.finder.chosen

    @property
    def form(self) -> FormKind:
        form: FormKind = self.preview.form.value
        return form

    @Slot()
    def reload(self) -> None:
        self.finder.reload()
        self.preview.reload()

    def show_ticket(self, ticket_id: int, form: FormKind) -> None:
        """Only this work order in the list, and its form in the preview."""
        self.preview.form.choose(form)
        self._jobs.read(
            self,
            partial(self._desk.find, ticket_id, form),
            self.finder.show_only,
            self.failed.emit,
            key="find",
        )

    def show_ticked(self, ticket_ids: tuple[int, ...], form: FormKind) -> None:
        """Just archived: in the list, ticked, ready for one key."""
        self.preview.form.choose(form)
        self.finder.show_ticked(ticket_ids)

    @Slot()
    def look(self) -> None:
        """F8: between the list and the paper, so that the page keys turn pages."""
        there = self.preview.paper
        target = self.finder.table if there.hasFocus() else there
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Printing

    @Slot()
    def print_now(self) -> None:
        """Ask which printer; none is a sentence with the file as the way on."""
        if not self._ready():
            return
        if not has_printer():
            self.step_offered.emit(
                self.tr("这台电脑没有可用的打印机"), Tone.WARN, self.tr("另存为 PDF"), SAVE
            )
            return
        self._printer = make_printer(self._settings.get(PRINTER) if self._settings else "")
        ask_printer(self._printer, self, self._printer_chosen)

    @Slot()
    def _printer_chosen(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> None:
        """Number, log and print what is chosen."""
        if self._settings is not None and printer.printerName():
            self._settings.put(PRINTER, printer.printerName())
        ids = tuple(found.id for found in self.chosen)
        work = partial(print_copies, self._desk, ids, self.form, printer)
        self._start(self.tr("正在打印{0}").format(FORM_NAMES[self.form]), work, self._printed)

    def _printed(self, issued: list[Issued]) -> None:
        copies = [copy for each in issued for copy in each.copies]
        pages = sum(each.document.pages for each in issued)
        words = self.tr("已送往打印机：{0} 份 {1} 页").format(len(copies), pages)
        failed = sum(len(each.failed) for each in issued)
        self._ended(words + self._left_out(failed), copies, can_open=False)

    # Saving

    @Slot()
    def save_now(self) -> None:
        """The chosen ones in one PDF."""
        if self._ready():
            self._ask_folder(together=True)

    @Slot()
    def make_many(self) -> None:
        """A file for each ticked work order."""
        if not self.finder.ticked:
            self.said.emit(self.tr("先勾选工单：空格勾选一件，Ctrl+A 勾选全部"), Tone.ACCENT)
            self.finder.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._ready():
            self._ask_folder(together=False)

    def _ask_folder(self, together: bool) -> None:
        dialog = SaveDialog(
            FORM_NAMES[self.form], len(self.chosen), last_folder(self._settings), together, self
        )
        dialog.wanted.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object, bool)
    def save_to(self, folder: Path, together: bool) -> None:
        """Make the files, with progress and a way to stop."""
        if self._settings is not None:
            self._settings.put(EXPORT_FOLDER, str(folder))
        ids = tuple(found.id for found in self.chosen)
        work = partial(self._desk.save, ids, self.form, folder, together)
        self._start(self.tr("正在生成{0}").format(FORM_NAMES[self.form]), work, self._saved)

    def _saved(self, written: Written) -> None:
        self._folder = written.folder
        self._ended(self._words_of(written), written.copies, can_open=bool(written.files))

    def _words_of(self, written: Written) -> str:
        done = len(written.copies)
        if written.stopped:
            return (
                self.tr("已停止，{0} 件已完整保存").format(done)
                if done
                else self.tr("已停止，没有生成文件")
            )
        if done == 1:
            copy = written.copies[0]
            return self.tr("已保存 {0}，第 {1} 份").format(written.files[0].name, copy.copy_no)
        words = self.tr("已生成 {0} 件，共 {1} 个文件").format(
            f"{done:,}", f"{len(written.files):,}"
        )
        return words + self._left_out(len(written.failed))

    def _left_out(self, failed: int) -> str:
        return self.tr("；{0} 件不在查看范围内，已跳过").format(failed) if failed else ""

    # The long job

    def _ready(self) -> bool:
        if self._busy:
            self.said.emit(self.tr("上一批还没有完成"), Tone.WARN)
        elif not self.chosen:
            self.said.emit(self.tr("先在左边选一件工单"), Tone.ACCENT)
        return not self._busy and bool(self.chosen)

    def _start(self, words: str, work, done) -> None:
        self._busy = True
        job = self._jobs.long(self, work, done, self._broke_off, self.bar.progressed)
        self.bar.start(words, job)

    def _ended(self, words: str, copies: Sequence[Copy], can_open: bool) -> None:
        self._busy = False
        self.bar.finish(words, can_open)
        self.finder.untick({copy.ticket_id for copy in copies})
        self.reload()

    def _broke_off(self, error: Exception) -> None:
        self._busy = False
        self.reload()
        if isinstance(error, Cancelled):
            self.bar.finish(self.tr("已停止，没有打印"), can_open=False)
        elif isinstance(error, UserError):
            self.bar.fail("　".join(filter(None, (error.text, error.hint))))
            self.failed.emit(error)
        else:
            self.bar.hide()
            self.failed.emit(error)

    @Slot()
    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    # The window

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.preview, 1)
        column.addWidget(self.bar)
        column.addLayout(self._buttons())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        self.splitter.addWidget(self.finder)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 12)
        outer.addWidget(self.splitter)
        self.setFocusProxy(self.finder.table)

    def _buttons(self) -> QHBoxLayout:
        self.print_button = ActionButton(self.print_action, "primary")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(ActionButton(self.batch_action))
        line.addWidget(ActionButton(self.save_action))
        line.addWidget(self.print_button)
        return line

    def _connect(self) -> None:
        self.finder.selected.connect(self.preview.show_order)
        self.finder.opened.connect(self._opened)
        self.finder.ticks_changed.connect(self._show_counts)
        self.finder.failed.connect(self.failed)
        self.preview.form_chosen.connect(self.finder.count_copies_of)
        self.preview.failed.connect(self.failed)
        self.bar.opened.connect(self._open_folder)
        back = QAction(self.preview.paper)
        back.setShortcut("Esc")
        back.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        back.triggered.connect(self.look)
        self.preview.paper.addAction(back)

    @Slot(object)
    def _opened(self, _found: ReportRow) -> None:
        self.preview.paper.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_counts(self) -> None:
        """The button says how many sheets are about to leave."""
        ticked = len(self.finder.ticked)
        print_words, save_words = self.tr("打印"), self.tr("另存为 PDF")
        many = self.tr("每件一个 PDF")
        if ticked:
            print_words = self.tr("打印 {0} 件").format(f"{ticked:,}")
        if ticked > 1:
            save_words = self.tr("{0} 件合成一个 PDF").format(f"{ticked:,}")
        for action, words in (
            (self.print_action, print_words),
            (self.save_action, save_words),
            (self.batch_action, many),
        ):
            action.setText(words)
