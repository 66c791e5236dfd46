"""The building sheet as it will be on paper, on A4 or A3; printed or saved as a numbered copy."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import sqrt
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.errors import Cancelled, UserError
from console.domain.forms import Document
from console.domain.reports import PageImage
from console.jobs import Jobs
from console.settings import EXPORT_FOLDER, PRINTER, Settings
from console.theme import Tone
from console.views.parts.card import Card, label, row
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.segmented import Segmented
from console.views.registers.services import SheetsDesk
from console.views.reports.paper_view import Fit, PaperView
from console.views.reports.printing import (
    IsCancelled,
    Progress,
    ask_printer,
    has_printer,
    last_folder,
    make_printer,
    spool,
)
from console.views.reports.save_dialog import SaveDialog

SIZE = (1040, 760)
# A3 in the room of A4: so many dots of it are as many as A4 would have.
_SMALLER = 1 / sqrt(2)


class BuildingSheetDialog(QDialog):
    """`said(sentence, tone)`, `failed(error)` as a Page has them. Ctrl+P prints, Ctrl+Shift+E saves."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        desk: SheetsDesk,
        building_id: int,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._building = jobs, desk, building_id
        self._settings = settings
        self._shown: Document | None = None
        self._printer: QPrinter | None = None
        self._drawing = 0
        self.setWindowTitle(self.tr("楼栋表"))
        self.setAccessibleName(self.tr("楼栋表"))
        self.title, self.place, self.error = (
            label(self.tr("楼栋表"), "title"),
            label("", "muted"),
            label("", "error", wrap=True),
        )
        self.paper_size = Segmented([(False, "A4"), (True, "A3")], self.tr("纸张"), alt_keys=True)
        self.paper_size.choose(False)
        self.fit = Segmented(
            [(Fit.WIDTH, self.tr("适合宽度")), (Fit.PAGE, self.tr("整页"))],
            self.tr("显示大小"),
            numbers=False,
        )
        self.fit.choose(Fit.WIDTH)
        self.paper = PaperView()
        self.print_action = add_action(self, ActionId.PRINT, self.print_now)
        self.save_action = add_action(self, ActionId.EXPORT, self.save_now, self.tr("另存为 PDF"))
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        self.close_button.setAutoDefault(False)
        self._lay_out()
        self._connect()
        self.reload()

    def _lay_out(self) -> None:
        card = Card(padding=1, spacing=0)
        head = row(self.paper_size, None, self.place, self.fit)
        head.layout().setContentsMargins(11, 9, 11, 9)
        card.body.addWidget(head)
        card.body.addWidget(self.paper, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.error, 1)
        foot.addWidget(self.close_button)
        for action, kind in ((self.save_action, ""), (self.print_action, "primary")):
            button = ActionButton(action, kind)
            button.setAutoDefault(False)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(card, 1)
        column.addLayout(foot)
        self.place.setMinimumWidth(64)
        self.place.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        room = self.screen().availableSize() if self.screen() else None
        width, height = (
            SIZE
            if room is None
            else (min(SIZE[0], room.width() - 40), min(SIZE[1], room.height() - 60))
        )
        self.resize(width, height)

    def _connect(self) -> None:
        self.paper_size.chosen.connect(self.reload)
        self.fit.chosen.connect(self.paper.show_as)
        self.paper.turned.connect(self._turned)
        self.paper.image_wanted.connect(self._want_image)
        self.close_button.clicked.connect(self.reject)

    @property
    def large(self) -> bool:
        return bool(self.paper_size.value)

    # --- the sheet in sight

    @Slot()
    def reload(self, *_what: object) -> None:
        self.error.setText("")
        self.allow(False)
        if self._shown is None:
            self.paper.say(self.tr("正在排版…"))
        work = partial(self._desk.preview, self._building, self.large)
        self._jobs.read(self, work, self._came, self._refused, key="sheet")

    def allow(self, on: bool) -> None:
        for action in (self.print_action, self.save_action):
            action.setEnabled(on)

    def _came(self, document: Document) -> None:
        self._shown = document
        self._drawing += 1
        self.title.setText(document.title)
        self.paper.show_pages(document.pages, across=True)
        self.paper.setFocus(Qt.FocusReason.OtherFocusReason)
        self.allow(True)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        self.error.setText(" ".join(filter(None, (error.text, error.hint))))
        self.allow(self._shown is not None)

    @Slot(int, int)
    def _want_image(self, page: int, dpi: int) -> None:
        if self._shown is not None:
            drawn = round(dpi * _SMALLER) if self.large else dpi
            work = partial(self._desk.page, self._shown.pdf, page, drawn)
            done = partial(self._image_came, self._drawing, dpi)
            self._jobs.read(self, work, done, self._refused, key=f"page {page}")

    def _image_came(self, drawing: int, dpi: int, image: PageImage) -> None:
        if drawing == self._drawing:
            self.paper.show_image(replace(image, dpi=dpi))

    @Slot(int)
    def _turned(self, page: int) -> None:
        pages = self.paper.pages
        self.place.setText(f"{page + 1} / {pages}" if pages else "")

    # --- copies

    @Slot()
    def print_now(self) -> None:
        """Ask which printer. Without one nothing is numbered."""
        if not has_printer():
            self.error.setText(self.tr("这台电脑没有可用的打印机，请用“另存为 PDF”"))
            return
        self._printer = make_printer(self._settings.get(PRINTER) if self._settings else "")
        _lay_across(self._printer, self.large)
        ask_printer(self._printer, self, self._printer_chosen)

    @Slot()
    def _printer_chosen(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> None:
        """Number, log and print."""
        self.allow(False)
        work = partial(_print, self._desk, self._building, self.large, printer)
        self._jobs.long(self, work, self._printed, self._refused)

    def _printed(self, documents: Sequence[Document]) -> None:
        self.allow(True)
        pages = sum(document.pages for document in documents)
        words = self.tr("已送往打印机：{0} 份 {1} 页")
        self.said.emit(words.format(len(documents), pages), Tone.OK)
        self.accept()

    @Slot()
    def save_now(self) -> None:
        dialog = SaveDialog(self.title.text(), 1, last_folder(self._settings), False, self)
        dialog.wanted.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object, bool)
    def save_to(self, folder: Path, _together: bool) -> None:
        """A numbered copy as a file."""
        if self._settings is not None:
            self._settings.put(EXPORT_FOLDER, str(folder))
        self.allow(False)
        work = partial(self._desk.save, self._building, self.large, folder)
        self._jobs.write(self, work, self._saved, self._refused)

    def _saved(self, file: Path) -> None:
        self.said.emit(self.tr("已保存 {0}").format(file.name), Tone.OK)
        self.accept()


def _lay_across(printer: QPrinter, large: bool) -> None:
    size = QPageSize.PageSizeId.A3 if large else QPageSize.PageSizeId.A4
    printer.setPageSize(QPageSize(size))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)


def _print(
    desk: SheetsDesk,
    building_id: int,
    large: bool,
    printer: QPrinter,
    progress: Progress,
    cancelled: IsCancelled,
) -> list[Document]:
    """As many numbered copies as were asked of the printer; runs on a lane."""
    wanted = max(1, printer.copyCount())
    printer.setCopyCount(1)
    _lay_across(printer, large)
    issued = [desk.issue(building_id, large) for _ in range(wanted)]
    spool(desk, issued, printer, progress, cancelled)
    return issued
