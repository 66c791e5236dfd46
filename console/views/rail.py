"""The workplaces, top to bottom, each with its Ctrl+number."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from console.actions import PLACES
from console.domain.roles import Workplace
from console.theme import Tone, body_font, colour, colours, icon


class Rail(QFrame):
    """`picked(workplace)` by mouse or keyboard; `show_place` marks without emitting."""

    picked = Signal(object)

    def __init__(self, places: Sequence[Workplace], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setFixedWidth(72)
        self.places = tuple(places)
        self._buttons: dict[Workplace, RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 10, 8, 10)
        self._column.setSpacing(4)
        for at, place in enumerate(self.places):
            self._add(at, place)
        self._column.addStretch(1)

    def show_place(self, place: Workplace) -> None:
        if place in self._buttons:
            self._buttons[place].setChecked(True)

    def show_badge(self, place: Workplace, number: int) -> None:
        """How much is waiting there; 0 takes the badge away."""
        if place in self._buttons:
            self._buttons[place].show_badge(number)

    def _add(self, at: int, place: Workplace) -> None:
        button = RailButton(place, f"Ctrl+{at + 1}" if at < 9 else "")
        self._buttons[place] = button
        self._group.addButton(button)
        self._column.addWidget(button)
        button.clicked.connect(self._clicked)

    @Slot()
    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.picked.emit(button.place)


class RailButton(QToolButton):
    def __init__(self, place: Workplace, key: str) -> None:
        super().__init__()
        told = PLACES[place]
        self.place, self._badge, self._told = place, 0, told
        self.setProperty("kind", "nav")
        self.setText(told.short)
        self.setIcon(icon(told.glyph, Tone.MUTED, Tone.ACCENT))
        self.setIconSize(QSize(20, 20))
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFixedSize(56, 52)
        # Ctrl+number is its key: Tab stays in the form, and a click takes no focus from a half-typed word.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(f"{told.name}　{key}\n{told.does}")
        self.setAccessibleName(told.name)
        self.setAccessibleDescription(told.does)

    def show_badge(self, number: int) -> None:
        self._badge = number
        self.setAccessibleName(f"{self._told.name} {number}" if number else self._told.name)
        self.update()

    def paintEvent(self, event) -> None:
        super().paintEvent(event)
        if self._badge:
            self._draw_badge("99+" if self._badge > 99 else str(self._badge))

    def _draw_badge(self, words: str) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = body_font(12, True)
        width = max(16, QFontMetrics(font).horizontalAdvance(words) + 8)
        box = QRect(self.width() - width - 2, 2, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(Tone.BAD))
        painter.drawRoundedRect(box, 8, 8)
        painter.setFont(font)
        painter.setPen(QColor(colours().surface))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
