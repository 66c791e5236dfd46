"""Where defects end up: one log file without citizens' data and one dialog, on the GUI thread."""

import faulthandler
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)
from shiboken6 import isValid

from console.domain.errors import Cancelled, UserError
from console.domain.masking import mask_text
from console.settings import log_folder

log = logging.getLogger("console.faults")
Mask = Callable[[str], str]

_LONG_NUMBER = re.compile(r"\d{7,}[\dXx]?")
# A name is not told from other words, so no Chinese word of a message is kept; names of faults and code are English.
_CHINESE = re.compile(
    r"[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+"
)


def mask_everything(text: str) -> str:
    """What may be anybody's name or number is taken out: Chinese words, long numbers, numbers broken by blanks."""
    shorter = _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****", text)
    return _CHINESE.sub("…", mask_text(shorter))


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, tracebacks included: an exception's message may carry what was typed."""

    def __init__(self, mask: Mask) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        head = self.formatTime(record)
        record.exc_text = None
        return head + self._mask(super().format(record)[len(head) :])


class Faults(QObject):
    """Takes every exception nobody handled, from any thread, writes it down and shows it once.

    `raised(title, details)` is emitted on the GUI thread; while a dialog is open further faults are
    logged and counted, never stacked.
    """

    raised = Signal(str, str)
    _arrived = Signal(str, str)

    def __init__(
        self,
        folder: Path | None = None,
        mask: Mask = mask_everything,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._mask = mask
        self.file = (folder or log_folder()) / "console.log"
        self._handler: RotatingFileHandler | None = None
        self._dialog: FaultDialog | None = None
        self._crash_file = None
        self._before = (sys.excepthook, threading.excepthook)
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self, level: int = logging.INFO) -> None:
        """Take over the hooks of sys, threading and Qt, and open the log."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(
            self.file, maxBytes=1_000_000, backupCount=5, encoding="utf-8"
        )
        self._handler.setFormatter(MaskingFormatter(self._mask))
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(level)
        self._crash_file = (self.file.parent / "crash.log").open("a", encoding="utf-8")
        faulthandler.enable(self._crash_file)
        sys.excepthook, threading.excepthook = self._sys_hook, self._thread_hook
        qInstallMessageHandler(_qt_message)

    def uninstall(self) -> None:
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        faulthandler.disable()
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
        if self._crash_file is not None:
            self._crash_file.close()

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """For errors somebody caught and has no place for; `Cancelled` is nothing, a `UserError` is no defect."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            log.warning("shown to nobody: %s", type(error).__name__)
            self._arrived.emit(f"{error.text} {error.hint}".strip(), "")
            return
        self._take(type(error), error, error.__traceback__)

    def _sys_hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self._take(kind, error, trace)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.error("a defect", exc_info=(kind, error, trace))
        details = "".join(traceback.format_exception(kind, error, trace))
        # Emitted from whatever thread raised; the queued slot opens the dialog on the GUI thread.
        self._arrived.emit("", self._mask(details))

    @Slot(str, str)
    def _show(self, sentence: str, details: str) -> None:
        title = sentence or self.tr("程序出了一个错，已记入日志，可以继续工作。")
        self.raised.emit(title, details)
        if QApplication.activeWindow() is None and not QApplication.topLevelWidgets():
            return
        if self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible():
            self._dialog.add(details)
            return
        self._dialog = FaultDialog(title, details, str(self.file), QApplication.activeWindow())
        self._dialog.open()


class FaultDialog(QDialog):
    """Says that something went wrong, that work can go on, and lets it be copied for the administrator."""

    def __init__(self, title: str, details: str, file: str, parent=None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("出错了"))
        self.resize(620, 340)
        self._more = 0
        heading = QLabel(title, wordWrap=True)
        heading.setProperty("face", "title")
        self._hint = QLabel(
            self.tr("已输入的内容都在。请把下面的内容复制给系统管理员。日志：") + file,
            wordWrap=True,
        )
        self._hint.setProperty("face", "muted")
        self.details = QPlainTextEdit(details, readOnly=True)
        self.details.setAccessibleName(self.tr("错误详情"))
        column = QVBoxLayout(self)
        for part in (heading, self._hint, self.details, self._buttons()):
            column.addWidget(part)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        copy = box.addButton(self.tr("复制"), QDialogButtonBox.ButtonRole.ActionRole)
        self.go_on: QPushButton = box.addButton(
            self.tr("继续工作"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.go_on.setProperty("kind", "primary")
        self.go_on.setDefault(True)
        copy.clicked.connect(self._copy)
        box.accepted.connect(self.accept)
        return box

    def add(self, details: str) -> None:
        """Another fault while this is open: counted and appended."""
        self._more += 1
        self.setWindowTitle(self.tr("出错了（共 {0} 次）").format(self._more + 1))
        self.details.appendPlainText("\n" + details)

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self.details.toPlainText())


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS[kind], "%s %s", context.category or "", message)
