"""台账: the sheets that count a period, as they will be printed; a printed code counts the same again."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.errors import Cancelled, UserError
from console.domain.forms import Document
from console.domain.reports import PageImage
from console.domain.sheets import SHEET_NAMES, SheetKind
from console.domain.worktime import civil_date
from console.jobs import Jobs
from console.settings import EXPORT_FOLDER, PRINTER, Settings
from console.theme import Tone
from console.views.parts.card import Card, label, row
from console.views.parts.clock import database_now
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.segmented import Segmented
from console.views.reports.paper_view import Fit, PaperView
from console.views.reports.period import Period, Span
from console.views.reports.printing import (
    ask_printer,
    has_printer,
    last_folder,
    make_printer,
    print_sheet,
)
from console.views.reports.save_dialog import SaveDialog
from console.views.reports.services import SheetDesk

KINDS = (SheetKind.SUPERVISION_LEDGER, SheetKind.RETURN_STATISTICS)
_A_YEAR = timedelta(days=365)


class LedgerDesk(QWidget):
    """`said`, `failed` as a Page has them. Which sheet, which days; Ctrl+P prints, Ctrl+Shift+E saves."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        desk: SheetDesk,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._settings = jobs, desk, settings
        self._shown: Document | None = None
        self._printer: QPrinter | None = None
        self._drawing = 0
        self.kind = Segmented(
            [(kind, SHEET_NAMES[kind]) for kind in KINDS], self.tr("台账"), alt_keys=True
        )
        self.kind.choose(KINDS[0])
        self.period = Period()
        self.period.choose(Span.MONTH)
        self.code = QLineEdit(accessibleName=self.tr("复核码"))
        self.code.setPlaceholderText(self.tr("复核码：按原口径重算"))
        self.size = Segmented(
            [(Fit.WIDTH, self.tr("适合宽度")), (Fit.PAGE, self.tr("整页"))],
            self.tr("显示大小"),
            numbers=False,
        )
        self.size.choose(Fit.WIDTH)
        self.back, self.on = KeyButton("‹", kind="quiet"), KeyButton("›", kind="quiet")
        self.place, self.note = label("", "muted"), label("", "muted")
        self.paper = PaperView()
        self._soon = QTimer(self, singleShot=True, interval=60)
        self.print_action = add_action(self, ActionId.PRINT, self.print_now)
        self.save_action = add_action(self, ActionId.EXPORT, self.save_now, self.tr("另存为 PDF"))
        self._lay_out()
        self._connect()
        self._turned(0)

    @property
    def days(self) -> tuple[date, date]:
        """Without a beginning, a year: what one sheet may count at most."""
        first, last = self.period.days
        last = last or civil_date(database_now())
        return first or last - _A_YEAR, last

    @Slot()
    def reload(self) -> None:
        """Count and draw again."""
        self._soon.start()

    # The sheet in sight

    @Slot()
    def _ask(self) -> None:
        if self._shown is None:
            self.paper.say(self.tr("正在统计…"))
        work = partial(self._desk.preview, self.kind.value, *self.days)
        self._jobs.read(self, work, self._came, self._refused, key="sheet")

    def _came(self, document: Document) -> None:
        self._shown = document
        self._drawing += 1
        self.paper.show_pages(document.pages, across=True)
        self.note.setText(document.title)

    def _refused(self, error: Exception) -> None:
        self._shown = None
        self.note.setText("")
        if isinstance(error, UserError):
            self.paper.say("　".join(filter(None, (error.text, error.hint))))
        else:
            self.failed.emit(error)

    @Slot(int, int)
    def _want_image(self, page: int, dpi: int) -> None:
        if self._shown is not None:
            work = partial(self._desk.page, self._shown.pdf, page, dpi)
            done = partial(self._image_came, self._drawing)
            self._jobs.read(self, work, done, self._refused, key=f"page {page}")

    def _image_came(self, drawing: int, image: PageImage) -> None:
        if drawing == self._drawing:
            self.paper.show_image(image)

    @Slot(int)
    def _turned(self, page: int) -> None:
        pages = self.paper.pages
        self.place.setText(f"{page + 1} / {pages}" if pages else "")
        self.back.setEnabled(page > 0)
        self.on.setEnabled(page < pages - 1)

    # The same count again

    @Slot()
    def _coded(self) -> None:
        """Enter in the code: the sheet and the days it stands for."""
        work = partial(self._desk.again, self.code.text())
        self._jobs.read(self, work, self._found, self._not_found, key="code")

    def _found(self, found: tuple[SheetKind, date, date]) -> None:
        kind, since, until = found
        self.code.clear()
        self.period.show_days(since, until)
        self.kind.choose(kind)
        self.reload()
        self.said.emit(self.tr("已按复核码重算"), Tone.OK)

    def _not_found(self, error: Exception) -> None:
        self.code.selectAll()
        self.failed.emit(error)

    # Copies

    @Slot()
    def print_now(self) -> None:
        """Ask which printer. Without one nothing is numbered."""
        if self._shown is None:
            return
        if not has_printer():
            self.said.emit(self.tr("这台电脑没有可用的打印机，请用“另存为 PDF”"), Tone.WARN)
            return
        self._printer = make_printer(self._settings.get(PRINTER) if self._settings else "")
        ask_printer(self._printer, self, self._printer_chosen)

    @Slot()
    def _printer_chosen(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> None:
        """Number, log and print the sheet in sight."""
        work = partial(print_sheet, self._desk, self.kind.value, self.days, printer)
        self._jobs.long(self, work, self._printed, self._broke_off)

    def _printed(self, documents: Sequence[Document]) -> None:
        pages = sum(document.pages for document in documents)
        words = self.tr("已送往打印机：{0} 份 {1} 页")
        self.said.emit(words.format(len(documents), pages), Tone.OK)

    @Slot()
    def save_now(self) -> None:
        if self._shown is None:
            return
        name = SHEET_NAMES[self.kind.value]
        dialog = SaveDialog(name, 1, last_folder(self._settings), False, self)
        dialog.wanted.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object, bool)
    def save_to(self, folder: Path, _together: bool) -> None:
        """A numbered copy as a file."""
        if self._settings is not None:
            self._settings.put(EXPORT_FOLDER, str(folder))
        work = partial(self._desk.save, self.kind.value, *self.days, folder)
        self._jobs.write(self, work, self._saved, self._broke_off)

    def _saved(self, file: Path) -> None:
        self.said.emit(self.tr("已保存 {0}").format(file.name), Tone.OK)

    def _broke_off(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.failed.emit(error)

    # The window

    def _lay_out(self) -> None:
        self.back.setAccessibleName(self.tr("上一页"))
        self.on.setAccessibleName(self.tr("下一页"))
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place.setMinimumWidth(44)
        self.code.setMinimumWidth(220)
        card = Card(padding=1, spacing=0)
        head = row(self.kind, self.period, self.period.exact, None, self.code)
        head.layout().setContentsMargins(11, 11, 11, 0)
        bar = row(self.note, None, row(self.back, self.place, self.on, spacing=2), self.size)
        bar.layout().setContentsMargins(11, 8, 11, 8)
        for part in (head, bar):
            card.body.addWidget(part)
        card.body.addWidget(self.paper, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 12)
        outer.setSpacing(8)
        outer.addWidget(card, 1)
        outer.addLayout(self._buttons())
        self.setFocusProxy(self.kind)

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(ActionButton(self.save_action))
        line.addWidget(ActionButton(self.print_action, "primary"))
        return line

    def _connect(self) -> None:
        self._soon.timeout.connect(self._ask)
        self.kind.chosen.connect(self.reload)
        self.period.changed.connect(self.reload)
        self.code.returnPressed.connect(self._coded)
        self.size.chosen.connect(self.paper.show_as)
        self.back.clicked.connect(self.paper.previous_page)
        self.on.clicked.connect(self.paper.next_page)
        self.paper.turned.connect(self._turned)
        self.paper.image_wanted.connect(self._want_image)
