"""Lights and states as colour, shape and words: readable in greyscale and by the colour-blind."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.records import LightText
from console.domain.states import SUPERVISION_NAMES, Light, SupervisionLevel
from console.theme import BODY, Tone, body_font, colour, colours

SIDE, GAP = 10, 6


class Shape(StrEnum):
    RING = "ring"
    DISC = "disc"
    SQUARE = "square"
    TRIANGLE = "triangle"
    PAUSE = "pause"
    TICK = "tick"
    DASH = "dash"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What to draw: shape, tone and words together, never one alone."""

    shape: Shape
    tone: Tone
    words: str

    def __str__(self) -> str:
        return self.words


_LOOK: dict[Light, tuple[Shape, Tone]] = {
    Light.GREEN: (Shape.RING, Tone.OK),
    Light.YELLOW: (Shape.DISC, Tone.WARN),
    Light.RED: (Shape.SQUARE, Tone.BAD),
    Light.GREY: (Shape.PAUSE, Tone.MUTED),
    Light.ON_TIME: (Shape.TICK, Tone.MUTED),
    Light.LATE: (Shape.SQUARE, Tone.MUTED),
    Light.NONE: (Shape.DASH, Tone.MUTED),
}


def mark_of(light: LightText) -> Mark:
    shape, tone = _LOOK[light.light]
    return Mark(shape, tone, light.words)


def supervision_mark(level: SupervisionLevel) -> Mark | None:
    """▲ for a supervised ticket; None when it is not."""
    return Mark(Shape.TRIANGLE, Tone.VIOLET, SUPERVISION_NAMES[level]) if level else None


def draw_shape(painter: QPainter, box: QRectF, shape: Shape, ink: QColor) -> None:
    """Draw the shape into a square box in one colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    _SHAPES[shape](painter, box, ink)
    painter.restore()


def _ring(painter: QPainter, box: QRectF, ink: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.8))
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))


def _disc(painter: QPainter, box: QRectF, _ink: QColor) -> None:
    painter.drawEllipse(box)


def _square(painter: QPainter, box: QRectF, _ink: QColor) -> None:
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 1, 1)


def _triangle(painter: QPainter, box: QRectF, _ink: QColor) -> None:
    top = QPointF(box.center().x(), box.top())
    painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))


def _pause(painter: QPainter, box: QRectF, _ink: QColor) -> None:
    bar = box.width() * 0.28
    painter.drawRect(QRectF(box.left() + 1, box.top(), bar, box.height()))
    painter.drawRect(QRectF(box.right() - bar - 1, box.top(), bar, box.height()))


def _tick(painter: QPainter, box: QRectF, ink: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    x, y, side = box.left(), box.top(), box.width()
    painter.drawPolyline(
        [
            QPointF(x + 1, y + side * 0.55),
            QPointF(x + side * 0.4, y + side * 0.85),
            QPointF(x + side - 1, y + 2),
        ]
    )


def _dash(painter: QPainter, box: QRectF, _ink: QColor) -> None:
    painter.drawRect(QRectF(box.left(), box.center().y() - 0.75, box.width(), 1.5))


def _nothing(_painter: QPainter, _box: QRectF, _ink: QColor) -> None:
    return


_SHAPES = {
    Shape.RING: _ring, Shape.DISC: _disc, Shape.SQUARE: _square, Shape.TRIANGLE: _triangle,
    Shape.PAUSE: _pause, Shape.TICK: _tick, Shape.DASH: _dash, Shape.NONE: _nothing,
}  # fmt: skip


class LightLabel(QWidget):
    """A light on a form: `show_light(ticket.light)`. With a wash it looks like a chip."""

    def __init__(
        self,
        light: LightText | Mark | None = None,
        wash: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mark, self._wash = Mark(Shape.NONE, Tone.MUTED, ""), wash
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_light(light)

    @property
    def mark(self) -> Mark:
        return self._mark

    def show_light(self, light: LightText | Mark | None) -> None:
        """None hides it."""
        if light is None or self.parent() is not None:
            # Shown before it lies in a form it would flash up as a window of its own.
            self.setVisible(light is not None)
        if light is None:
            return
        self._mark = light if isinstance(light, Mark) else mark_of(light)
        self.setAccessibleName(self._mark.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(body_font(BODY - 1, True)).horizontalAdvance(self._mark.words)
        shape = SIDE + GAP if self._mark.shape else 0
        return QSize(words + shape + (14 if self._wash else 2), 22)

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, x = colour(self._mark.tone), 0
        if self._wash:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours().wash(self._mark.tone)))
            painter.drawRoundedRect(self.rect(), 4, 4)
            x = 7
        if self._mark.shape:
            draw_shape(
                painter, QRectF(x, (self.height() - SIDE) / 2, SIDE, SIDE), self._mark.shape, ink
            )
            x += SIDE + GAP
        painter.setPen(ink)
        painter.setFont(body_font(BODY - 1, True))
        painter.drawText(
            QRectF(x, 0, self.width() - x, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self._mark.words,
        )
