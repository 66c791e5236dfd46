"""One of a few, all in sight: number keys and arrows choose, Alt+number or Alt+letter from anywhere on the page."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.theme import SMALL, body_font, colours

_PAD, _GAP, _HEIGHT = 11, 5, 30
# As wide as the bare number with its margins: the six grades of a call-back fill their card as it is.
_CAP_WIDE, _CAP_HIGH, _CAP_GAP, _CAP_END = 13, 16, 4, 6


class Segmented(QWidget):
    """`chosen(value)` tells of every change by the operator or by `choose`; `value` may be None at first.

    With `letters`, one for each option, Alt+letter chooses from anywhere and the letter is shown instead of the number.
    """

    chosen = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Any, str]],
        name: str = "",
        alt_keys: bool = False,
        numbers: bool = True,
        letters: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options, self._name, self._numbers = list(options), name, numbers
        self._letters = letters
        self._at, self._hover = -1, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._tell()
        if alt_keys or letters:
            self._add_alt_keys()

    @property
    def value(self) -> Any:
        return self._options[self._at][0] if self._at >= 0 else None

    def choose(self, value: Any) -> None:
        """Choose by value; None chooses nothing."""
        values = [option for option, _words in self._options]
        self._choose_at(values.index(value) if value in values else -1)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Other choices; what was chosen stays chosen if it is still there, and nobody is told of it again."""
        before = self.value
        self._options = list(options)
        values = [option for option, _words in self._options]
        # Whoever reloads at `chosen` and names the choices anew from what he read must not go round for ever.
        self._at = values.index(before) if before in values else -1
        self._tell()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 1, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()))
        digit = event.key() - Qt.Key.Key_1
        if step is not None:
            self._choose_at(max(0, min(self._at + step, len(self._options) - 1)))
        elif (
            self._numbers
            and 0 <= digit < len(self._options)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self._choose_at(digit)
        elif event.key() == Qt.Key.Key_Space and self._at < 0:
            self._choose_at(0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event) -> None:
        at = self._at_point(event.position().toPoint())
        if at >= 0 and self.isEnabled():
            self._choose_at(at)

    def mouseMoveEvent(self, event) -> None:
        self._set_hover(self._at_point(event.position().toPoint()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._set_hover(-1)
        QToolTip.hideText()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(outline, QColor(colours().surface if self.isEnabled() else colours().bg))
        painter.setClipPath(outline)
        for at, rect in enumerate(self._rects()):
            self._draw_segment(painter, at, rect)
        painter.setClipping(False)
        self._draw_outline(painter, outline)

    def _draw_segment(self, painter: QPainter, at: int, rect: QRect) -> None:
        now, here = colours(), at == self._at
        if here or at == self._hover:
            painter.fillRect(rect, QColor(now.soft if here else now.raised))
        if at:
            painter.fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), QColor(now.strong))
        words, font = self._options[at][1], body_font(bold=here)
        ink = QColor(now.muted if not self.isEnabled() else now.accent if here else now.text)
        painter.setFont(font)
        painter.setPen(ink)
        content = rect.adjusted(_PAD, 0, 0, 0)
        painter.drawText(content, Qt.AlignmentFlag.AlignVCenter, words)
        if self._numbers:
            painter.setFont(body_font(SMALL))
            painter.setPen(ink if here else QColor(now.muted))
            gap = _GAP if self._letters else _CAP_GAP
            used = QFontMetrics(font).horizontalAdvance(words) + gap
            self._draw_key(painter, content.adjusted(used, 0, 0, 0), self._key(at))

    def _draw_key(self, painter: QPainter, room: QRect, key: str) -> None:
        """A number lies in a key's outline: 7天内 2 would be read as two of them."""
        if self._letters:
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, key)
            return
        top = room.top() + (room.height() - _CAP_HIGH) // 2
        cap = QRect(room.left(), top, _CAP_WIDE, _CAP_HIGH)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        painter.setPen(QColor(colours().strong))
        painter.drawRoundedRect(cap.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _draw_outline(self, painter: QPainter, outline: QPainterPath) -> None:
        now = colours()
        bad = bool(self.property("bad"))
        ink = now.accent if self.hasFocus() else now.bad if bad else now.strong
        painter.setPen(QPen(QColor(ink), 2 if self.hasFocus() else 1))
        if self.hasFocus():
            outline = QPainterPath()
            outline.addRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 6, 6)
        painter.drawPath(outline)

    def _widths(self) -> list[int]:
        bold, small = QFontMetrics(body_font(bold=True)), QFontMetrics(body_font(SMALL))
        widths = [bold.horizontalAdvance(words) + 2 * _PAD for _value, words in self._options]
        if self._letters:
            keys = (small.horizontalAdvance(self._key(at)) + _GAP for at in range(len(widths)))
            widths = [width + key for width, key in zip(widths, keys, strict=True)]
        elif self._numbers:
            widths = [width - _PAD + _CAP_GAP + _CAP_WIDE + _CAP_END for width in widths]
        return widths

    def _key(self, at: int) -> str:
        return self._letters[at] if at < len(self._letters) else str(at + 1)

    def _rects(self) -> list[QRect]:
        rects, x = [], 0
        for width in self._widths():
            rects.append(QRect(x, 0, width, self.height()))
            x += width
        return rects

    def _at_point(self, point: QPoint) -> int:
        return next((at for at, rect in enumerate(self._rects()) if rect.contains(point)), -1)

    def _set_hover(self, at: int) -> None:
        if at != self._hover:
            self._hover = at
            self.update()

    def _choose_at(self, at: int) -> None:
        if at == self._at:
            return
        self._at = at
        self._tell()
        self.update()
        self.chosen.emit(self.value)

    def _tell(self) -> None:
        # A painted choice is invisible to a screen reader unless it is said.
        words = self._options[self._at][1] if self._at >= 0 else self.tr("未选")
        self.setAccessibleDescription(self.tr("{0}，共 {1} 项").format(words, len(self._options)))

    def _add_alt_keys(self) -> None:
        for at in range(min(9, len(self._options))):
            action = QAction(self)
            action.setShortcut(QKeySequence(f"Alt+{self._key(at)}"))
            action.setData(at)
            action.triggered.connect(self._alt_key)
            self.addAction(action)

    @Slot()
    def _alt_key(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and action.data() < len(self._options):
            self._take(action.data())

    def _take(self, at: int) -> None:
        """By the operator's hand: what only was suggested is his now, so it is told all the same."""
        if at == self._at:
            self.chosen.emit(self.value)
        self._choose_at(at)
