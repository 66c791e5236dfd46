"""More piles than fit on one line, three a line, each with its count; arrows move between them."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QSizePolicy, QWidget

COLUMNS = 3
_STEPS = {
    Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: COLUMNS, Qt.Key.Key_Up: -COLUMNS,
}  # fmt: skip


class PileBar(QWidget):
    """Used like a QTabBar: `addTab`, `setTabText`, `currentIndex`, `setCurrentIndex`, `currentChanged(int)`."""

    currentChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 0, 4, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(0)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._group.idToggled.connect(self._toggled)

    def addTab(self, words: str) -> int:
        """A pile at the end; the first one is chosen."""
        at = self.count()
        button = _Pile(words)
        button.setProperty("kind", "pile")
        button.setCheckable(True)
        button.setAccessibleName(words)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # One stop of the Tab key, like tabs: the arrows go on from there.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus if at == 0 else Qt.FocusPolicy.ClickFocus)
        self._group.addButton(button, at)
        self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
        if at == 0:
            button.setChecked(True)
        return at

    def count(self) -> int:
        return len(self._group.buttons())

    def currentIndex(self) -> int:
        return self._group.checkedId()

    def setCurrentIndex(self, at: int) -> None:
        if 0 <= at < self.count():
            self._group.button(at).setChecked(True)

    def tabText(self, at: int) -> str:
        return self._group.button(at).text()

    def setTabText(self, at: int, words: str) -> None:
        button = self._group.button(at)
        if button.text() != words:
            button.setText(words)
            button.setAccessibleName(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        at = max(0, min(self.currentIndex() + step, self.count() - 1))
        self._group.button(at).setChecked(True)
        self._group.button(at).setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(int, bool)
    def _toggled(self, at: int, on: bool) -> None:
        if on:
            for button in self._group.buttons():
                stop = button is self._group.button(at)
                button.setFocusPolicy(
                    Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus
                )
            self.currentChanged.emit(at)


class _Pile(QPushButton):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A button would take the arrows itself, two dimensions into one.
        if Qt.Key(event.key()) in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)
