"""A column of cards beside the record: scrolls when the window is low, and keeps its right edge when it does."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from console.views.parts.card import scrolled

GUTTER = 12


class SideColumn(QWidget):
    """Fill `column`; `set_width` is the width of the cards, the gutter for the scroll bar comes on top.

    Whoever comes into a card by its key sees it, and what grows in it while he is there.
    """

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
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.area.verticalScrollBar().rangeChanged.connect(self._grown)

    def set_width(self, width: int) -> None:
        self._inner.setFixedWidth(width)
        self.setFixedWidth(width + GUTTER)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self._inner.isAncestorOf(new):
            return
        card = new
        while card.parentWidget() is not self._inner:
            card = card.parentWidget()
        # The whole card as far as it fits, the place where one types in any case.
        self.area.ensureWidgetVisible(card, 0, 0)
        self.area.ensureWidgetVisible(new, 0, 0)

    @Slot()
    def _grown(self) -> None:
        self._focus_moved(None, QApplication.focusWidget())
