"""What leaves by the clipboard says whose copy it is (product.md 8).

Text is marked when the operator turns to another program, and plain again on coming back: copying from one field
into another inside the console stays what it was.
"""

import re

from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from console.domain.mark import Medium
from console.domain.phones import is_phone
from console.views.parts.watermark import Watermarks, paint_over

# A number or a code by itself goes into other programs' fields; a line more would spoil it there.
_BARE = re.compile(r"[\w+ .:/-]{0,40}", re.ASCII)
# A word is no case.
_LONG = 12
_IDENTITY = re.compile(r"\d{17}[\dXx]", re.ASCII)


class Copies(QObject):
    """Watches the clipboard while somebody is signed in.

    `taken(words, code)`: a sentence, a table or somebody's number may be pasted elsewhere now.
    """

    taken = Signal(str, str)

    def __init__(self, watermarks: Watermarks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watermarks = watermarks
        self._plain, self._marked, self._told = "", "", ""
        self._painting = False
        app = QGuiApplication.instance()
        app.applicationStateChanged.connect(self._turned)
        QGuiApplication.clipboard().dataChanged.connect(self._copied)

    @Slot(Qt.ApplicationState)
    def _turned(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.plain()
        else:
            self.mark()

    def mark(self) -> None:
        """Somebody else may paste it now."""
        clipboard, code = QGuiApplication.clipboard(), self._watermarks.words
        text = clipboard.text()
        if not (code and ours()) or text == self._marked:
            return
        if text != self._told and (tells_a_case(text) or is_somebodys(text.strip())):
            self._told = text
            self.taken.emit(text, code)
        if tells_a_case(text):
            self._plain = text
            self._marked = self.tr("{0}\n〔12345热线 追溯码 {1}，外传可查〕").format(
                text.rstrip("\n"), code
            )
            clipboard.setText(self._marked)

    def plain(self) -> None:
        """Back in the console: what was copied here is pasted here as it was."""
        clipboard = QGuiApplication.clipboard()
        if self._marked and ours() and clipboard.text() == self._marked:
            clipboard.setText(self._plain)
        self._plain = self._marked = ""

    @Slot()
    def _copied(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self._painting or not ours():
            return
        data: QMimeData | None = clipboard.mimeData()
        if data is not None and data.hasImage():
            self._painting = True
            clipboard.setImage(self._painted(clipboard.image()))
            self._painting = False

    def _painted(self, picture: QImage) -> QImage:
        mark = self._watermarks.mark
        if mark is None or picture.isNull():
            return picture
        out = picture.convertToFormat(QImage.Format.Format_RGB32)
        out.setDevicePixelRatio(1)
        small = out.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(out)
        copy = type(mark)(mark.account_id, mark.at, Medium.CLIPBOARD, mark.training)
        dark = small.pixelColor(0, 0).lightness() < 100
        paint_over(painter, out.rect(), copy, self._watermarks.words, dark)
        painter.end()
        return out


def tells_a_case(text: str) -> bool:
    """Sentences and tables; not a number, a code or a word."""
    text = text.strip()
    return "\n" in text or (len(text) >= _LONG and not _BARE.fullmatch(text))


def is_somebodys(text: str) -> bool:
    """A telephone or identity number in full and nothing else."""
    return is_phone(text) or _IDENTITY.fullmatch(text) is not None


def ours() -> bool:
    """Whether the clipboard was filled in here; Qt's screenless platform has one of its own and never says so."""
    return QGuiApplication.clipboard().ownsClipboard() or (
        QGuiApplication.platformName() == "offscreen"
    )
