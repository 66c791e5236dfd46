"""A column of cards beside the record: scrolls when the window is low, and keeps its right edge when it does."""

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from console.views.parts.card import scrolled

GUTTER = 12


class SideColumn(QWidget):
    """Fill `column`; `set_width` is the width of the cards, the gutter for the scroll bar comes on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inner = QWidget()
        self.column = QVBoxLayout(self._inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.area: QScrollArea = scrolled(self._inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def set_width(self, width: int) -> None:
        self._inner.setFixedWidth(width)
        self.setFixedWidth(width + GUTTER)
