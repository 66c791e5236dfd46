"""The list of registers at the left: arrows walk it and stay in it, Enter or Right goes on to the rows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget

_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right)


class NavList(QListWidget):
    """`entered()`: what is chosen is to be worked in."""

    entered = Signal()

    def keyPressEvent(self, event) -> None:
        if event.key() in _ON:
            self.entered.emit()
            return
        super().keyPressEvent(event)
