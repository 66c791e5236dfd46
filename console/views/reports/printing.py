"""From numbered copies to the printer: pages as 300 dpi grey pictures, which every driver prints alike."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QRectF, QStandardPaths
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from console.domain.errors import Cancelled, Unavailable
from console.domain.forms import Document, FormKind
from console.domain.reports import Issued
from console.domain.sheets import SheetKind
from console.settings import EXPORT_FOLDER, Settings
from console.views.reports.services import Pages, ReportDesk, SheetDesk

DPI = 300

Progress = Callable[[int, int, str], None]
IsCancelled = Callable[[], bool]


def has_printer() -> bool:
    return bool(QPrinterInfo.availablePrinterNames())


def make_printer(name: str = "") -> QPrinter:
    """A4 upright, the printer used last if it is still there."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if name in QPrinterInfo.availablePrinterNames():
        printer.setPrinterName(name)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    # Our own margins are wider than any printer's; its margins must not shift the page.
    printer.setFullPage(True)
    return printer


def ask_printer(printer: QPrinter, parent: QWidget, chosen: Callable[[], None]) -> None:
    """Which printer and how many. Not to a file: a file is a copy of its own, with its own line in the log."""
    dialog = QPrintDialog(printer, parent)
    for option in (
        QPrintDialog.PrintDialogOption.PrintToFile,
        QPrintDialog.PrintDialogOption.PrintPageRange,
        QPrintDialog.PrintDialogOption.PrintCollateCopies,
    ):
        dialog.setOption(option, False)
    dialog.accepted.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    # Its own open() is an older one that wants a slot.
    QDialog.open(dialog)


def last_folder(settings: Settings | None) -> Path:
    """Where copies were saved last, else the operator's documents."""
    stored = settings.get(EXPORT_FOLDER) if settings else ""
    if stored and Path(stored).is_dir():
        return Path(stored)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(documents))


def print_copies(
    desk: ReportDesk,
    ticket_ids: Sequence[int],
    form: FormKind,
    printer: QPrinter,
    progress: Progress,
    cancelled: IsCancelled,
) -> list[Issued]:
    """Number, log and print; runs on a lane (QPainter may print from any thread).

    Two copies asked of the printer are two numbered copies, never one printed twice. Raises Unavailable when the
    printer does not answer, Cancelled.
    """
    wanted = max(1, printer.copyCount())
    printer.setCopyCount(1)
    issued = [desk.issue(ticket_ids, form, progress, cancelled) for _ in range(wanted)]
    spool(desk, [each.document for each in issued], printer, progress, cancelled)
    return issued


def print_sheet(
    desk: SheetDesk,
    kind: SheetKind,
    days: tuple[date, date],
    printer: QPrinter,
    progress: Progress,
    cancelled: IsCancelled,
) -> list[Document]:
    """Number, log and print a ledger, across the sheet; as many numbered copies as were asked of the printer."""
    wanted = max(1, printer.copyCount())
    printer.setCopyCount(1)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    issued = [desk.issue(kind, *days) for _ in range(wanted)]
    spool(desk, issued, printer, progress, cancelled)
    return issued


def spool(
    desk: Pages,
    documents: Sequence[Document],
    printer: QPrinter,
    progress: Progress,
    cancelled: IsCancelled,
) -> None:
    """All documents as one job."""
    painter = QPainter()
    if not painter.begin(printer):
        raise _away()
    try:
        # Without it a PDF printer would squeeze the pages through JPEG.
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        _pages(desk, documents, printer, painter, progress, cancelled)
    finally:
        painter.end()


def _pages(
    desk: Pages,
    documents: Sequence[Document],
    printer: QPrinter,
    painter: QPainter,
    progress: Progress,
    cancelled: IsCancelled,
) -> None:
    whole = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    sheet = QRectF(0, 0, whole.width(), whole.height())
    every = [(document.pdf, page) for document in documents for page in range(document.pages)]
    for done, (pdf, page) in enumerate(every):
        if cancelled():
            printer.abort()
            raise Cancelled
        if done and not printer.newPage():
            raise _away()
        painter.drawImage(sheet, _grey(desk, pdf, page))
        progress(done + 1, len(every), "正在送往打印机")


def _grey(desk: Pages, pdf: bytes, page: int) -> QImage:
    """Nothing on our paper has a colour, and a grey page is a quarter of the spool file."""
    drawn = desk.page(pdf, page, DPI)
    line = 4 * drawn.width
    image = QImage(drawn.pixels, drawn.width, drawn.height, line, QImage.Format.Format_RGB32)
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def _away() -> Unavailable:
    return Unavailable("打印机没有响应", "请检查打印机是否开机、有纸，或改用“另存为 PDF”")
