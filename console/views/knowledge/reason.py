"""A line for why: sent back, withdrawn, checked and found right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from console.domain.changes import Changed
from console.views.parts.card import row
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.snippet_edit import SnippetEdit

Write = Callable[[int, str], Changed]


class ReasonBox(QFrame):
    """`given(write, words)`, where `write(entry id, words)` is what `ask` was told."""

    given = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self.setProperty("tone", "neutral")
        self._write: Write | None = None
        self.deed = ""
        self.words = SnippetEdit(self.tr("说明"), 300, rows=2)
        self.fields = Fields(Field(self.tr("说明"), self.words, "note", required=True))
        self.send = KeyButton("", "Ctrl+Enter", "primary")
        self.cancel = KeyButton(self.tr("取消"), "Esc")
        self.send.clicked.connect(self._give)
        self.cancel.clicked.connect(self.hide)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.fields["note"])
        column.addWidget(row(None, self.cancel, self.send))
        self.hide()

    def ask(self, write: Write, caption: str, deed: str) -> None:
        """Opens for this deed; what was typed for another one is gone, for the same it stays."""
        if deed != self.deed:
            self.words.put("")
        self._write, self.deed = write, deed
        self.fields["note"].caption.setText(f"{caption} *")
        self.words.setAccessibleName(caption)
        self.send.set_words(deed)
        self.fields.clear_errors()
        self.show()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def done(self) -> None:
        self.words.put("")
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self._give()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _give(self) -> None:
        self.fields.clear_errors()
        if self._write is not None:
            self.given.emit(self._write, self.words.text)
