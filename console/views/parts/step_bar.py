"""The steps of a work order, with a tick for those behind it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.parts.light_label import Shape, draw_shape

_Y, _RADIUS = 13.0, 7.0


class StepBar(QWidget):
    """`show_steps(case.steps, case.step_at)`; `tone` colours the step at hand (BAD when it is overdue)."""

    def __init__(
        self, steps: Sequence[str] = (), at: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._steps: tuple[str, ...] = ()
        self._at, self._tone = 0, Tone.ACCENT
        self._marks: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_steps(steps, at)

    def show_steps(
        self,
        steps: Sequence[str],
        at: int,
        tone: Tone = Tone.ACCENT,
        marks: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`marks`: for each step who did it and when, both empty while nobody has."""
        self._steps, self._at, self._tone = tuple(steps), at, tone
        # What lies ahead has not happened in this round, whatever an earlier round left there.
        self._marks = tuple(marks)[: at + 1]
        here = self._steps[at] if 0 <= at < len(self._steps) else self.tr("全部完成")
        self.setAccessibleName(
            self.tr("步骤：{0}，第 {1} 步，共 {2} 步").format(
                here, min(at + 1, len(steps)), len(steps)
            )
        )
        done = zip(self._steps, self._marks, strict=False)
        words = (f"{step} {who} {when}" for step, (who, when) in done if who or when)
        self.setAccessibleDescription("；".join(words))
        self.updateGeometry()
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._steps:
            at = int(event.pos().x() * len(self._steps) / max(1, self.width()))
            who, when = self._marks[at] if at < len(self._marks) else ("", "")
            QToolTip.showText(
                event.globalPos(), "\n".join(filter(None, (self._steps[at], who, when)))
            )
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(body_font(SMALL, True))
        return QSize(
            sum(metrics.horizontalAdvance(step) + 16 for step in self._steps), self._height
        )

    @property
    def _height(self) -> int:
        return 60 if any(who or when for who, when in self._marks) else 44

    def paintEvent(self, _event) -> None:
        if not self._steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / len(self._steps)
        for at in range(len(self._steps)):
            self._draw_step(painter, at, width)

    def _draw_step(self, painter: QPainter, at: int, width: float) -> None:
        now, x = colours(), width * (at + 0.5)
        behind, here = at < self._at, at == self._at
        if at < len(self._steps) - 1:
            painter.setPen(QPen(QColor(now.accent if behind else now.line), 2))
            painter.drawLine(QPointF(x + _RADIUS + 3, _Y), QPointF(x + width - _RADIUS - 3, _Y))
        ink = QColor(now.accent) if behind else colour(self._tone) if here else QColor(now.strong)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(ink if behind else QColor(now.surface))
        painter.drawEllipse(QPointF(x, _Y), _RADIUS, _RADIUS)
        if behind:
            draw_shape(painter, QRectF(x - 4, _Y - 4.5, 8, 8), Shape.TICK, QColor(now.on_accent))
        elif here:
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(x, _Y), 2.5, 2.5)
        painter.setFont(body_font(SMALL, here))
        painter.setPen(colour(self._tone) if here else QColor(now.text if behind else now.muted))
        painter.drawText(
            QRectF(width * at, 25, width, 18), Qt.AlignmentFlag.AlignCenter, self._steps[at]
        )
        if at < len(self._marks):
            self._draw_mark(painter, QRectF(width * at + 2, 42, width - 4, 16), self._marks[at])

    @staticmethod
    def _draw_mark(painter: QPainter, area: QRectF, mark: tuple[str, str]) -> None:
        """Who and when as far as there is room; the tooltip has all of it."""
        metrics, (who, when) = QFontMetrics(body_font(SMALL)), mark
        offers = (" ".join(filter(None, mark)), when, who, "")
        words = next(one for one in offers if metrics.horizontalAdvance(one) <= area.width())
        painter.setFont(body_font(SMALL))
        painter.setPen(QColor(colours().muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
