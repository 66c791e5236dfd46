"""A line in the log beside the flow: typed at the foot of a case, kept for that case until it is stored."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.errors import UserError
from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton
from console.views.parts.snippet_edit import SnippetEdit

MOST_LINES = 4


class NoteBox(QWidget):
    """`stored(ticket id, text)` on Ctrl+Enter. What is typed for another work order waits there for its return."""

    stored = Signal(int, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticket_id = 0
        self._kept: dict[int, str] = {}
        self.edit = _Edit(self.tr("备注"), rows=1)
        self.edit.setPlaceholderText(self.tr("备注，记入经过，不对外"))
        self.button = KeyButton(self.tr("存备注"), "Ctrl+Enter")
        self.error = label("", "error", wrap=True)
        self.error.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.error)
        self.edit.textChanged.connect(self._typed)
        self.edit.hurried.connect(self.store)
        self.edit.left.connect(self.left)
        self.button.clicked.connect(self.store)
        self._typed()

    @property
    def is_typing(self) -> bool:
        return self.edit.hasFocus() and bool(self.edit.text.strip())

    def show_for(self, ticket_id: int) -> None:
        """Another work order: its own unfinished note comes back."""
        if ticket_id == self._ticket_id:
            return
        self._kept[self._ticket_id] = self.edit.text
        self._ticket_id = ticket_id
        self.edit.put(self._kept.pop(ticket_id, ""))
        self.error.hide()

    def done(self, ticket_id: int) -> None:
        """Stored: the box is empty again."""
        self._kept.pop(ticket_id, None)
        if ticket_id == self._ticket_id:
            self.edit.put("")
        self.button.setEnabled(bool(self.edit.text.strip()))

    def fail(self, error: UserError) -> None:
        """The text stays."""
        self.error.setText(" ".join(filter(None, (error.text, error.hint))))
        self.error.show()
        self.button.setEnabled(True)

    @Slot()
    def store(self) -> None:
        words = self.edit.text.strip()
        if words and self.button.isEnabled():
            self.error.hide()
            self.button.setEnabled(False)
            self.stored.emit(self._ticket_id, words)

    @Slot()
    def _typed(self) -> None:
        """Grows with the text up to four lines; the button is there once there is something to store."""
        words = bool(self.edit.text.strip())
        self.button.setEnabled(words)
        self.button.setVisible(words)
        needed = max(1, round(self.edit.document().size().height()))
        lines = min(MOST_LINES, needed)
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.edit.setVerticalScrollBarPolicy(on if needed > MOST_LINES else off)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * lines + 18)


class _Edit(SnippetEdit):
    hurried = Signal()
    left = Signal()

    def __init__(self, name: str, rows: int) -> None:
        super().__init__(name, rows=rows)
        self.setMinimumHeight(0)

    def event(self, event: QEvent) -> bool:
        # Ctrl+Enter is this box's while it has the focus, whatever the page around it does with it.
        if event.type() == QEvent.Type.ShortcutOverride and _hurries(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _hurries(event):
            self.hurried.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _hurries(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    )
