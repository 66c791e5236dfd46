"""Who has the work order: every unit's share in tree order, with lines, state, light and times."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.domain.records import AssignmentLine
from console.domain.states import (
    ASSIGNMENT_NAMES,
    LIVE_ASSIGNMENTS,
    AssignmentKind,
    AssignmentState,
)
from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.parts.clock import long_time, short_time
from console.views.parts.light_label import GAP, SIDE, draw_shape, mark_of

_INDENT, _ROW = 18, 44
_TONES = {
    AssignmentState.PENDING_SIGN: Tone.WARN,
    AssignmentState.IN_PROGRESS: Tone.ACCENT,
    AssignmentState.PASSED_DOWN: Tone.ACCENT,
    AssignmentState.RETURN_REVIEW: Tone.WARN,
    AssignmentState.REPLIED: Tone.OK,
    AssignmentState.DONE: Tone.OK,
}


class AssignmentTree(QWidget):
    """`show_lines(case.assignments)`; arrows move, `opened(line)` on Enter or double click."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[AssignmentLine, ...] = ()
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[AssignmentLine]) -> None:
        self._lines, self._at = tuple(lines), -1
        self.setAccessibleName(self.tr("承办，共 {0} 家").format(len(lines)))
        self.setAccessibleDescription("；".join(self._said(line) for line in lines))
        self.updateGeometry()
        self.update()

    @property
    def current(self) -> AssignmentLine | None:
        return self._lines[self._at] if 0 <= self._at < len(self._lines) else None

    def sizeHint(self) -> QSize:
        return QSize(320, max(1, len(self._lines)) * _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, len(self._lines) * _ROW)

    def keyPressEvent(self, event) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self._lines:
            self._at = max(0, min(self._at + step, len(self._lines) - 1))
            self.setAccessibleDescription(self._said(self._lines[self._at]))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event) -> None:
        self._at = int(event.position().y()) // _ROW
        self.update()

    def mouseDoubleClickEvent(self, event) -> None:
        if self.current is not None:
            self.opened.emit(self.current)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            at = event.pos().y() // _ROW
            QToolTip.showText(
                event.globalPos(),
                self._tip(self._lines[at]) if 0 <= at < len(self._lines) else "",
                self,
            )
            return True
        return super().event(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._lines:
            painter.setPen(QColor(colours().muted))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignVCenter, self.tr("还没有派给任何单位")
            )
        for at, line in enumerate(self._lines):
            self._draw(painter, at, line)

    def _draw(self, painter: QPainter, at: int, line: AssignmentLine) -> None:
        rect = QRect(0, at * _ROW, self.width(), _ROW)
        if at == self._at:
            self._draw_current(painter, rect)
        self._draw_branch(painter, at, line)
        x = 6 + line.depth * _INDENT
        first, second = rect.adjusted(x, 4, -6, -22), rect.adjusted(x, 22, -6, -4)
        right = self._draw_light(painter, first, line)
        self._draw_unit(painter, first.adjusted(0, 0, -right, 0), line)
        painter.setFont(body_font(SMALL))
        painter.setPen(colour(_TONES.get(line.state, Tone.MUTED)))
        state = ASSIGNMENT_NAMES[line.state]
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, state)
        painter.setPen(QColor(colours().muted))
        used = QFontMetrics(painter.font()).horizontalAdvance(state) + 8
        words = QFontMetrics(painter.font()).elidedText(
            _times(line), Qt.TextElideMode.ElideRight, second.width() - used
        )
        painter.drawText(second.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_current(self, painter: QPainter, rect: QRect) -> None:
        now = colours()
        painter.setPen(QPen(QColor(now.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.selected))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)

    def _draw_branch(self, painter: QPainter, at: int, line: AssignmentLine) -> None:
        if not line.depth:
            return
        parent = max(
            (i for i in range(at) if self._lines[i].depth == line.depth - 1), default=at - 1
        )
        x, top, here = 6 + (line.depth - 1) * _INDENT + 6, parent * _ROW + 24, at * _ROW + 14
        painter.setPen(QPen(QColor(colours().strong), 1.2))
        painter.drawLine(x, top + 18 if top + 18 < here else top, x, here)
        painter.drawLine(x, here, x + _INDENT - 9, here)

    def _draw_unit(self, painter: QPainter, area: QRect, line: AssignmentLine) -> None:
        font = body_font(bold=line.depth == 0)
        kind = (
            self.tr("（协办）")
            if line.kind is AssignmentKind.CO
            else self.tr("（主办）")
            if line.depth == 0
            else ""
        )
        painter.setFont(font)
        painter.setPen(
            QColor(colours().text if line.state in LIVE_ASSIGNMENTS else colours().muted)
        )
        words = QFontMetrics(font).elidedText(
            line.unit + kind, Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)

    @staticmethod
    def _draw_light(painter: QPainter, area: QRect, line: AssignmentLine) -> int:
        mark = mark_of(line.light)
        if not mark.words:
            return 0
        font = body_font(SMALL, True)
        width = QFontMetrics(font).horizontalAdvance(mark.words)
        draw_shape(
            painter,
            QRectF(
                area.right() - width - SIDE - GAP, area.center().y() - SIDE / 2 + 0.5, SIDE, SIDE
            ),
            mark.shape,
            colour(mark.tone),
        )
        painter.setFont(font)
        painter.setPen(colour(mark.tone))
        painter.drawText(
            area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, mark.words
        )
        return width + SIDE + GAP + 10

    def _said(self, line: AssignmentLine) -> str:
        return f"{line.unit} {ASSIGNMENT_NAMES[line.state]} {line.light.words}".strip()

    def _tip(self, line: AssignmentLine) -> str:
        rows = (
            (self.tr("派出"), line.dispatched_at),
            (self.tr("签收时限"), line.sign_due),
            (self.tr("签收"), line.signed_at),
            (self.tr("响应"), line.responded_at),
            (self.tr("办结时限"), line.finish_due),
            (self.tr("回复"), line.replied_at),
        )
        times = [f"{name} {long_time(at)}" for name, at in rows if at is not None]
        return "\n".join([line.unit, *times, line.opinion]).strip()


def _times(line: AssignmentLine) -> str:
    if line.replied_at is not None:
        return f"{short_time(line.replied_at)} 回复"
    if line.signed_at is not None:
        due = f"　{short_time(line.finish_due)} 前办结" if line.finish_due else ""
        return f"{short_time(line.signed_at)} {line.signer} 签收{due}"
    if line.state is AssignmentState.PENDING_SIGN and line.sign_due is not None:
        return f"{short_time(line.sign_due)} 前签收"
    return f"{short_time(line.dispatched_at)} 派出"
