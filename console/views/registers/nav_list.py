"""The list of registers at the left: arrows walk it and stay in it, Enter or Right goes on to the rows."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right)
ROW = 30


class NavList(QListWidget):
    """`entered()`: what is chosen is to be worked in."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "places")

    def add(self, words: str, name: str) -> None:
        item = QListWidgetItem(words, self)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setSizeHint(QSize(0, ROW))

    @property
    def place(self) -> str:
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def go(self, place: str) -> None:
        for at in range(self.count()):
            if self.item(at).data(Qt.ItemDataRole.UserRole) == place:
                self.setCurrentRow(at)

    def keyPressEvent(self, event) -> None:
        if event.key() in _ON:
            self.entered.emit()
            return
        super().keyPressEvent(event)
