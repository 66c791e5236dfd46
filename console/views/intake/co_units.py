"""The co-handling units of a record: type-ahead that collects several."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.views.parts.chip import Chip
from console.views.parts.type_ahead import TypeAhead


class CoUnits(QWidget):
    """Every taken unit becomes a chip before the line; Backspace in the empty line takes the last away."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units: list[tuple[int, str]] = []
        self._chips: list[Chip] = []
        self.line = _Line(placeholder=self.tr("可不填，可多选"), name=name)
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.line, 1)
        self.line.chosen.connect(self._take)
        self.line.emptied.connect(self._drop_last)

    @property
    def units(self) -> tuple[tuple[int, str], ...]:
        """(unit id, name), in the order taken."""
        return tuple(self._units)

    def put(self, units: Sequence[tuple[int, str]]) -> None:
        self._units = list(units)
        self.line.put("")
        self._show()

    @Slot(object)
    def _take(self, choice) -> None:
        if choice is not None and choice.id not in [number for number, _name in self._units]:
            self._units.append((choice.id, choice.text))
        self.line.put("")
        self._show()
        self.changed.emit()

    @Slot()
    def _drop_last(self) -> None:
        if self._units:
            self._units.pop()
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = [Chip(name) for _number, name in self._units]
        for at, chip in enumerate(self._chips):
            self._row.insertWidget(at, chip)
        self.line.setPlaceholderText("" if self._units else self.tr("可不填，可多选"))


class _Line(TypeAhead):
    emptied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
            return
        super().keyPressEvent(event)
