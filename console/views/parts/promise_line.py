"""One line in which a promise is typed as it was said, and shown back as date and time while it is typed."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.errors import Invalid, UserError
from console.domain.promises import Promised, read_promise
from console.theme import mark
from console.views.parts.card import label
from console.views.parts.clock import database_now
from console.views.parts.key_cap import KeyButton
from console.views.parts.type_ahead import TypeAhead


class PromiseLine(QWidget):
    """`given(Promised)` on Enter, when both what and when are understood; `put_away()` on Esc. The text stays."""

    given = Signal(object)
    put_away = Signal()
    changed = Signal()

    def __init__(self, button: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = TypeAhead(
            self.tr("例如：今天下午五点前回电"), free=True, name=self.tr("答应了什么、什么时候前")
        )
        self.understood = label("", "muted", wrap=True)
        self.button = KeyButton(self.tr("记下承诺"), "Enter", "primary")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(line)
        column.addWidget(self.understood)
        # Once it lies in the line: shown before, it would flash up as a window of its own.
        self.button.setVisible(button)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._typed)
        self.edit.entered.connect(self._entered)
        self.button.clicked.connect(self.give)
        self._typed()

    @property
    def text(self) -> str:
        return str(self.edit.text())

    @property
    def promised(self) -> Promised | None:
        """What is understood so far; None while something is missing."""
        try:
            return read_promise(self.text, database_now())
        except Invalid:
            return None

    def put(self, text: str) -> None:
        self.edit.put(text)
        self._typed()

    def show_error(self, error: UserError) -> None:
        self._say(error.sentence, "bad")
        mark(self.edit, bad=True)

    @Slot()
    def give(self) -> None:
        try:
            promised = read_promise(self.text, database_now())
        except Invalid as missing:
            self.show_error(missing)
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.given.emit(promised)

    @Slot(str)
    def _entered(self, _text: str) -> None:
        self.give()

    @Slot()
    def _typed(self) -> None:
        """Said back at once, so that 五点 taken for the morning is seen before it is promised."""
        mark(self.edit, bad=False)
        promised = self.promised
        if promised is not None:
            self._say(promised.words, "accent")
        else:
            self._say("" if not self.text.strip() else self._missing(), "")
        self.changed.emit()

    def _missing(self) -> str:
        try:
            read_promise(self.text, database_now())
        except Invalid as missing:
            return missing.sentence
        return ""

    def _say(self, words: str, tone: str) -> None:
        self.understood.setText(words)
        self.understood.setVisible(bool(words))
        self.edit.setAccessibleDescription(words)
        mark(self.understood, tone=tone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away.emit()
        else:
            super().keyPressEvent(event)
