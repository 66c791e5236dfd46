"""Free text with stored phrases: `::xsd` and a space writes the phrase. Safe inside a Chinese composition."""

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from console.theme import body_font

# A Chinese input method types ：： where a western one types ::
_TRIGGER = re.compile(r"(?:::|：：)([0-9A-Za-z]{1,16})$")


class SnippetEdit(QPlainTextEdit):
    """`counted(characters)` after every change; `over_limit(bool)` when the limit is crossed, nothing is ever cut.

    Tab goes to the next field, unless a phrase stands before the cursor. Unknown initials stay as typed.
    """

    counted = Signal(int)
    over_limit = Signal(bool)
    expanded = Signal(str)

    def __init__(
        self, name: str = "", limit: int = 0, rows: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._snippets: dict[str, str] = {}
        self._limit, self._over, self._composing = limit, False, False
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._rows = rows
        self.setMinimumHeight(self.sizeHint().height())
        self.textChanged.connect(self._count)

    def set_snippets(self, snippets: Mapping[str, str]) -> None:
        """Initials in any case → phrase."""
        self._snippets = {initials.lower(): phrase for initials, phrase in snippets.items()}

    def set_limit(self, limit: int) -> None:
        """0 is no limit."""
        self._limit = limit
        self._count()

    @property
    def text(self) -> str:
        return self.toPlainText()

    @property
    def characters(self) -> int:
        """As people count: without white space."""
        return len("".join(self.toPlainText().split()))

    @property
    def is_over(self) -> bool:
        return self._over

    def put(self, text: str) -> None:
        """Fill in from the program; undo history starts anew."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def sizeHint(self) -> QSize:
        """As high as its rows; a layout with room to spare may give more."""
        return QSize(240, QFontMetrics(body_font()).lineSpacing() * self._rows + 18)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not self._composing and self._expand():
            event.accept()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if (
            pressed
            and event.key() == Qt.Key.Key_Tab
            and not event.modifiers()
            and not self._composing
        ):
            return self._expand() or super().event(event)
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event) -> None:
        self._composing = False
        super().focusOutEvent(event)

    def _expand(self) -> bool:
        cursor = self.textCursor()
        # Selected, not cut out of the text: Qt counts 𡐓 as two where Python counts one.
        before = self.textCursor()
        before.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        found = _TRIGGER.search(before.selectedText())
        phrase = self._snippets.get(found[1].lower()) if found else None
        if found is None or phrase is None:
            return False
        cursor.movePosition(
            QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(found[0])
        )
        # One edit: a single Ctrl+Z brings the initials back.
        cursor.insertText(phrase)
        self.setTextCursor(cursor)
        self.expanded.emit(found[1].lower())
        return True

    @Slot()
    def _count(self) -> None:
        self.counted.emit(self.characters)
        over = bool(self._limit) and self.characters > self._limit
        if over != self._over:
            self._over = over
            self.over_limit.emit(over)
