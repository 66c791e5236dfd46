"""A short list to pick from with one key: residents, past matters, candidates, duplicates, answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.parts.card import Card, row

_SIDE, _TOP, _FIRST, _SECOND, _KEY_GAP = 8, 3, 20, 18, 8


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `text` and what stands at its right; `detail` quietly below; `key` drawn as a key."""

    text: str
    value: Any = None
    detail: str = ""
    note: str = ""
    tone: Tone = Tone.MUTED
    key: str = ""
    strong: bool = False


class PickList(QWidget):
    """Arrows move, Enter, Space or a digit picks, a click picks. Takes no room when it is empty.

    `marks_current` for a list whose current line is explained elsewhere: it stays marked without the focus.
    """

    picked = Signal(object)
    moved = Signal(object)
    left = Signal()

    def __init__(
        self, name: str = "", picks_on_click: bool = True, marks_current: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._name, self._picks_on_click = name, picks_on_click
        self._marks_current = marks_current
        self._lines: tuple[Line, ...] = ()
        self._at, self._hover = -1, -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.show_lines(())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Replace the rows; the current one stays current if it is still there."""
        before = self.current.value if self.current else None
        self._lines = tuple(lines)
        values = [line.value for line in self._lines]
        self._at = (
            values.index(before)
            if before is not None and before in values
            else (0 if self._lines else -1)
        )
        self._hover = -1
        # Without rows it is no stop on the way of Tab.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._lines else Qt.FocusPolicy.NoFocus)
        self.setVisible(bool(self._lines))
        self._tell()
        self.updateGeometry()
        self.update()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    @property
    def current(self) -> Line | None:
        return self._lines[self._at] if 0 <= self._at < len(self._lines) else None

    def pick(self, at: int) -> bool:
        """Pick a row by its number; False when there is none."""
        if not 0 <= at < len(self._lines):
            return False
        self._move(at)
        self.picked.emit(self._lines[at].value)
        return True

    def sizeHint(self) -> QSize:
        return QSize(200, sum(map(_height, self._lines)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        digit = event.key() - Qt.Key.Key_1
        if step is not None and self._lines:
            self._move(max(0, min(self._at + step, len(self._lines) - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pick(self._at)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif not (0 <= digit < 9 and not event.modifiers() and self.pick(digit)):
            super().keyPressEvent(event)

    def mousePressEvent(self, event) -> None:
        at = self._row_at(event.position().y())
        if at >= 0:
            self._move(at)
            if self._picks_on_click:
                self.picked.emit(self._lines[at].value)

    def mouseMoveEvent(self, event) -> None:
        self._set_hover(self._row_at(event.position().y()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._set_hover(-1)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self._tell()
        self.update()
        if self.current is not None:
            self.moved.emit(self.current.value)

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            at = self._row_at(event.pos().y())
            line = self._lines[at] if at >= 0 else None
            words = "\n".join(filter(None, (line.text, line.detail, line.note))) if line else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, rect in enumerate(self._rects()):
            self._draw(painter, at, rect)

    def _draw(self, painter: QPainter, at: int, rect: QRect) -> None:
        line, now = self._lines[at], colours()
        here = at == self._at and self.hasFocus()
        marked = here or (at == self._at and self._marks_current)
        if marked or at == self._hover:
            painter.setPen(QPen(QColor(now.accent), 2) if here else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.selected if marked else now.hover))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        area = rect.adjusted(_SIDE, _TOP, -_SIDE, 0)
        if line.key:
            area.setLeft(area.left() + self._draw_key(painter, area, line.key) + _KEY_GAP)
        first = QRect(area.left(), area.top(), area.width(), _FIRST)
        right = _write(
            painter,
            first,
            line.note,
            body_font(SMALL, True),
            colour(line.tone),
            Qt.AlignmentFlag.AlignRight,
        )
        words = first.adjusted(0, 0, -(right + 8 if right else 0), 0)
        _write(
            painter,
            words,
            line.text,
            body_font(bold=line.strong),
            QColor(now.text),
            Qt.AlignmentFlag.AlignLeft,
        )
        second = QRect(area.left(), area.top() + _FIRST, area.width(), _SECOND)
        _write(
            painter,
            second,
            line.detail,
            body_font(SMALL),
            QColor(now.muted),
            Qt.AlignmentFlag.AlignLeft,
        )

    def _draw_key(self, painter: QPainter, area: QRect, key: str) -> int:
        font, now = body_font(SMALL), colours()
        width = max(18, QFontMetrics(font).horizontalAdvance(key) + 10)
        box = QRect(area.left(), area.top() + 1, width, 18)
        painter.setPen(QPen(QColor(now.strong), 1))
        painter.setBrush(QColor(now.surface))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(now.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        return width

    def _rects(self) -> list[QRect]:
        rects, y = [], 0
        for line in self._lines:
            rects.append(QRect(0, y, self.width(), _height(line)))
            y += _height(line)
        return rects

    def _row_at(self, y: float) -> int:
        return next(
            (
                at
                for at, rect in enumerate(self._rects())
                if rect.top() <= y < rect.top() + rect.height()
            ),
            -1,
        )

    def _set_hover(self, at: int) -> None:
        if at != self._hover:
            self._hover = at
            self.update()

    def _move(self, at: int) -> None:
        if at == self._at:
            return
        self._at = at
        self._tell()
        self.update()
        if self.current is not None:
            self.moved.emit(self.current.value)

    def _tell(self) -> None:
        line = self.current
        said = (
            " ".join(filter(None, (line.text, line.note, line.detail)))
            if line
            else self.tr("没有内容")
        )
        self.setAccessibleDescription(self.tr("共 {0} 项，{1}").format(len(self._lines), said))


def _height(line: Line) -> int:
    return _TOP * 2 + _FIRST + (_SECOND if line.detail else 0)


def _write(
    painter: QPainter, area: QRect, words: str, font, ink: QColor, side: Qt.AlignmentFlag
) -> int:
    """Draws one line, elided; the width it took."""
    if not words:
        return 0
    metrics = QFontMetrics(font)
    room = area.width() if side == Qt.AlignmentFlag.AlignLeft else area.width() * 3 // 5
    short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, short)
    return metrics.horizontalAdvance(short)


class ListCard(Card):
    """A card with lists in it: their words line up with the title, their highlight reaches beyond."""

    def __init__(
        self,
        title: str = "",
        right: QWidget | None = None,
        spacing: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, right, 12, spacing, parent)
        self.body.setContentsMargins(12 - _SIDE, 10, 12 - _SIDE, 10)
        self.head.setContentsMargins(_SIDE, 0, _SIDE, 2)

    def pad(self, *widgets: QWidget) -> None:
        """Add something that is not a list."""
        for widget in widgets:
            if isinstance(widget, QLabel) or widget.layout() is not None:
                widget.setContentsMargins(_SIDE, 0, _SIDE, 0)
                self.body.addWidget(widget)
            else:
                line = row(widget)
                line.setContentsMargins(_SIDE, 0, _SIDE, 0)
                self.body.addWidget(line)
