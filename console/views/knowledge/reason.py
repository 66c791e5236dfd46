"""A line for why: sent back, withdrawn, checked and found right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot

from console.domain.changes import Changed
from console.views.knowledge.strip_box import StripBox
from console.views.parts.card import row
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.snippet_edit import SnippetEdit

Write = Callable[[int, str], Changed]


class ReasonBox(StripBox):
    """`given(write, words)`, where `write(entry id, words)` is what `ask` was told."""

    given = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._write: Write | None = None
        self.deed = ""
        self.words = SnippetEdit(self.tr("说明"), 300, rows=2)
        self.fields = Fields(Field(self.tr("说明"), self.words, "note", required=True))
        self.cancel = KeyButton(self.tr("取消"), "Esc")
        self.cancel.clicked.connect(self.hide)
        self.lay_out(self.fields["note"], row(None, self.cancel, self.send))

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

    @Slot()
    def give(self) -> None:
        self.fields.clear_errors()
        if self._write is not None:
            self.given.emit(self._write, self.words.text)
