"""The flow log, newest first, as a list that can be read with the keyboard and by a screen reader."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.directions import DIRECTION_NAMES, direction_of
from console.domain.records import EventLine
from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.parts.clock import short_time
from console.views.parts.wrapped import draw_wrapped, wrapped_height

_TIME, _DOT, _TEXT, _GAP = 74, 84, 98, 10
_TONES = {
    "return": Tone.WARN, "return_asked": Tone.WARN, "return_approved": Tone.WARN, "redo": Tone.BAD, "urge": Tone.WARN,
    "urged": Tone.WARN, "supervise": Tone.VIOLET, "supervised": Tone.VIOLET, "close": Tone.OK, "closed": Tone.OK,
    "archive": Tone.OK, "reveal": Tone.VIOLET,
}  # fmt: skip


class Timeline(QWidget):
    """`show_events(case.events)`. Times are shown in the clock's zone; `tone_of` may colour an action's dot."""

    def __init__(
        self, tone_of: Callable[[EventLine], Tone] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._events: tuple[EventLine, ...] = ()
        self._tone_of = tone_of or _default_tone
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_events(self, events: Sequence[EventLine], newest_first: bool = True) -> None:
        self._events = tuple(sorted(events, key=_when, reverse=newest_first))
        self.setAccessibleName(self.tr("经过，共 {0} 条").format(len(events)))
        self.setAccessibleDescription(
            "；".join(f"{short_time(e.at)} {_who(e)} {_said(e)}" for e in self._events[:20])
        )
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(self._height(event, width) for event in self._events) or 1

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(max(self.width(), 360)))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 1)

    def paintEvent(self, event) -> None:
        painter, y = QPainter(self), 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, line in enumerate(self._events):
            height = self._height(line, self.width())
            if y + height >= event.rect().top() and y <= event.rect().bottom():
                self._draw(painter, line, y, height, at == len(self._events) - 1)
            y += height

    def _height(self, line: EventLine, width: int) -> int:
        words = wrapped_height(_what(line), body_font(), width - _TEXT)
        return 18 + words + _GAP

    def _draw(self, painter: QPainter, line: EventLine, y: int, height: int, last: bool) -> None:
        now = colours()
        if not last:
            painter.setPen(QPen(QColor(now.line), 2))
            painter.drawLine(_DOT, y + 16, _DOT, y + height + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._tone_of(line)))
        painter.drawEllipse(QPoint(_DOT, y + 9), 4, 4)
        painter.setFont(body_font(SMALL))
        painter.setPen(QColor(now.muted))
        painter.drawText(
            QRect(0, y, _TIME, 18),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            short_time(line.at),
        )
        painter.drawText(
            QRect(_TEXT, y, self.width() - _TEXT, 18), Qt.AlignmentFlag.AlignVCenter, _who(line)
        )
        painter.setPen(QColor(now.text))
        draw_wrapped(
            painter, QRect(_TEXT, y + 18, self.width() - _TEXT, height), _what(line), body_font()
        )


def _when(line: EventLine) -> tuple[datetime, int]:
    return line.at, line.id


def _who(line: EventLine) -> str:
    return " · ".join(part for part in (line.actor, line.unit) if part)


def _said(line: EventLine) -> str:
    """For a screen reader, which skips arrows: the way in words."""
    way = direction_of(line.action)
    return f"{DIRECTION_NAMES[way]} {_what(line).removeprefix(way.value).strip()}".strip()


def _what(line: EventLine) -> str:
    """What was done, with the way it went between the levels: ↓ 下派给清风社区 (field-facts Y4)."""
    details = "　".join(f"{name} {value}" for name, value in line.details)
    # A note that says the act itself ("派给清河街道主办" does not, "申请退单（…）" does) stands alone.
    name = "" if line.action_name in line.note else line.action_name
    words = "　".join(part for part in (name, line.note, details) if part)
    return f"{direction_of(line.action).value} {words}".strip()


def _default_tone(line: EventLine) -> Tone:
    return _TONES.get(line.action, Tone.ACCENT)
