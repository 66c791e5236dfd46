"""Counters that are filters: a number, a word, a tone; click, or arrows and Enter."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from console.theme import BIG, SMALL, Tone, body_font, colour, colours
from console.views.parts.light_label import Shape, draw_shape


@dataclass(frozen=True, slots=True)
class Counter:
    """`name` is what `picked` emits; `number` None means still counting; `tip` says what is counted."""

    name: str
    label: str
    number: int | None = None
    tone: Tone = Tone.NEUTRAL
    shape: Shape = Shape.NONE
    tip: str = ""


class CounterBar(QWidget):
    """`show_counters([...])` as often as wanted; `picked(name)`, empty when the chosen one is clicked again."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, _CounterButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def chosen(self) -> str:
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, name: str) -> None:
        """Mark a counter without emitting."""
        for key, button in self._buttons.items():
            button.setChecked(key == name)

    def show_counters(self, counters: Sequence[Counter]) -> None:
        """Numbers change in place; buttons are only rebuilt when the names do."""
        if [c.name for c in counters] != list(self._buttons):
            self._rebuild(counters)
        for counter in counters:
            self._buttons[counter.name].show_counter(counter)

    def keyPressEvent(self, event) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        here = next((at for at, button in enumerate(buttons) if button.hasFocus()), -1)
        if step is None or here < 0:
            super().keyPressEvent(event)
            return
        buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _rebuild(self, counters: Sequence[Counter]) -> None:
        for button in self._buttons.values():
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {counter.name: _CounterButton(counter, self) for counter in counters}
        for button in self._buttons.values():
            self._row.addWidget(button, 1)
            button.clicked.connect(self._clicked)

    @Slot()
    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, _CounterButton):
            name = button.counter.name if button.isChecked() else ""
            self.choose(name)
            self.picked.emit(name)


class _CounterButton(QAbstractButton):
    def __init__(self, counter: Counter, parent: QWidget) -> None:
        super().__init__(parent)
        self.counter = counter
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counter(self, counter: Counter) -> None:
        self.counter = counter
        self.setAccessibleName(f"{counter.label} {self._number}")
        self.setToolTip(counter.tip)
        self.update()

    @property
    def _number(self) -> str:
        return "…" if self.counter.number is None else f"{self.counter.number:,}"

    def sizeHint(self) -> QSize:
        return QSize(
            QFontMetrics(body_font(SMALL, True)).horizontalAdvance(self.counter.label) + 44, 56
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, _event) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = self.counter.tone if self.counter.number != 0 else Tone.NEUTRAL
        self._draw_ground(painter, tone)
        ink = colour(Tone.ACCENT if self.isChecked() and tone is Tone.NEUTRAL else tone)
        painter.setPen(ink)
        painter.setFont(body_font(BIG, True))
        painter.drawText(
            self.rect().adjusted(12, 6, -8, -24), Qt.AlignmentFlag.AlignVCenter, self._number
        )
        x = 12
        if self.counter.shape:
            draw_shape(painter, QRectF(x, 37, 9, 9), self.counter.shape, ink)
            x += 14
        painter.setFont(body_font(SMALL, self.isChecked()))
        painter.setPen(ink if tone is not Tone.NEUTRAL or self.isChecked() else QColor(now.muted))
        painter.drawText(
            self.rect().adjusted(x, 30, -6, -6), Qt.AlignmentFlag.AlignVCenter, self.counter.label
        )

    def _draw_ground(self, painter: QPainter, tone: Tone) -> None:
        now = colours()
        plain = now.soft if self.isChecked() else now.surface
        painter.setBrush(QColor(plain if tone is Tone.NEUTRAL else now.wash(tone)))
        quiet = now.line if tone is Tone.NEUTRAL else now.wash(tone)
        edge = (
            now.accent
            if self.hasFocus() or self.isChecked()
            else now.muted
            if self.underMouse()
            else quiet
        )
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 8, 8)
