"""What opens under an entry to be filled in: Ctrl+Enter gives it, Esc puts it away."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from console.views.parts.key_cap import KeyButton


class StripBox(QFrame):
    """Its heirs lay out their rows and say in `give` what is given. Hidden until asked."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self.setProperty("tone", "neutral")
        self.send = KeyButton("", "Ctrl+Enter", "primary")
        self.send.clicked.connect(self.give)
        self.hide()

    def lay_out(self, *rows: QWidget) -> None:
        """Called by the heir once its parts are made."""
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        for each in rows:
            column.addWidget(each)

    @Slot()
    def give(self) -> None:
        """What the heir emits."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self.give()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
