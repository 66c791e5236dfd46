"""How areas, names and pins are painted. Paths are made once per city, in metres, and painted through the view."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from console.domain.city_map import Box, MapLevel, Pin, Shape, Spot
from console.domain.states import Light, SupervisionLevel
from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.map.labels import SPOTS_FROM, label_font, place_labels
from console.views.map.view_box import ViewBox
from console.views.parts.light_label import Mark, draw_shape, mark_of
from console.views.parts.light_label import Shape as MarkShape

PIN_SIDE, PIN_ROOM = 10.0, 16
HEAP_SIDE, HEAP_FROM = 34.0, 4
_WIDTHS = {MapLevel.STREET: 2.6, MapLevel.COMMUNITY: 1.0, MapLevel.GRID: 0.7}
# What is late is painted last, over what is in time.
_ORDER = {
    Light.NONE: 0, Light.ON_TIME: 0, Light.LATE: 1, Light.GREY: 1, Light.GREEN: 2, Light.YELLOW: 3,
    Light.RED: 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outline:
    """A shape with its path in metres."""

    shape: Shape
    path: QPainterPath


def outline(shape: Shape) -> Outline:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in shape.rings:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
        path.closeSubpath()
    return Outline(shape, path)


def meets(box: Box, seen: Box) -> bool:
    return box[0] <= seen[2] and box[2] >= seen[0] and box[1] <= seen[3] and box[3] >= seen[1]


def paint_areas(
    painter: QPainter, outlines: Sequence[Outline], view: ViewBox, own: str, chosen: int | None
) -> None:
    """Grids filled, then every level's lines, wider for larger areas. `own` is the operator's code prefix."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setTransform(view.transform, True)
    seen = view.seen
    shown = [each for each in outlines if meets(each.shape.box, seen)]
    _fill(painter, shown, own, chosen)
    for level in (MapLevel.GRID, MapLevel.COMMUNITY, MapLevel.STREET):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(level))
        for each in shown:
            if each.shape.level is level:
                painter.drawPath(each.path)
    for each in shown:
        if each.shape.unit_id == chosen:
            pen = QPen(colour(Tone.ACCENT), 2.4)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(each.path)
    painter.resetTransform()


def _fill(painter: QPainter, shown: Iterable[Outline], own: str, chosen: int | None) -> None:
    now = colours()
    painter.setPen(Qt.PenStyle.NoPen)
    for each in shown:
        shape = each.shape
        if shape.level is MapLevel.GRID or shape.unit_id == chosen:
            ground = now.hover if shape.special else now.surface
            if not shape.code.startswith(own):
                ground = now.bg
            painter.setBrush(QColor(now.soft if shape.unit_id == chosen else ground))
            painter.drawPath(each.path)


def _pen(level: MapLevel) -> QPen:
    now = colours()
    ink = {MapLevel.STREET: now.muted, MapLevel.COMMUNITY: now.muted, MapLevel.GRID: now.strong}
    pen = QPen(QColor(ink[level]), _WIDTHS[level])
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def paint_labels(
    painter: QPainter, shapes: Sequence[Shape], spots: Sequence[Spot], view: ViewBox
) -> int:
    """The names that fit, each on a halo of the paper's colour; how many there were."""
    now = colours()
    labels = place_labels(shapes, spots, view)
    ink = {MapLevel.STREET: now.text, MapLevel.COMMUNITY: now.text, MapLevel.GRID: now.muted}
    for label in labels:
        painter.setFont(label_font(label.level))
        painter.setPen(QColor(now.surface))
        for across, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            moved = label.rect.translated(across, down)
            painter.drawText(moved, Qt.AlignmentFlag.AlignCenter, label.name)
        painter.setPen(QColor(ink[label.level] if label.level else now.muted))
        painter.drawText(label.rect, Qt.AlignmentFlag.AlignCenter, label.name)
    return len(labels)


def paint_spots(painter: QPainter, spots: Sequence[Spot], view: ViewBox) -> None:
    """A dot for each estate, from near enough to read its name."""
    if view.scale < SPOTS_FROM:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours().strong))
    left, low, right, high = view.seen
    for spot in spots:
        if left <= spot.x <= right and low <= spot.y <= high:
            painter.drawEllipse(view.to_pixels(spot.x, spot.y), 2.5, 2.5)


def in_order(pins: Iterable[Pin]) -> list[Pin]:
    """As they are painted: what burns lies on top."""
    return sorted(pins, key=lambda pin: (bool(pin.supervision), _ORDER[pin.light.light]))


@dataclass(frozen=True, slots=True)
class Heap:
    """Pins too near to one another to be told apart; `pin` is the one that burns most."""

    pin: Pin
    x: float
    y: float
    count: int


def heaped(pins: Sequence[Pin], scale: float) -> tuple[list[Pin], list[Heap]]:
    """Single pins in painting order, and heaps: cells of `HEAP_SIDE` pixels that hold `HEAP_FROM` or more.

    Cells lie fixed in the city, so that moving the paper changes nothing.
    """
    side = HEAP_SIDE / scale
    cells: defaultdict[tuple[int, int], list[Pin]] = defaultdict(list)
    for pin in pins:
        cells[floor(pin.x / side), floor(pin.y / side)].append(pin)
    heaps = []
    crowded: set[int] = set()
    for each in cells.values():
        if len(each) >= HEAP_FROM:
            crowded.update(map(id, each))
            x, y = (
                sum(values) / len(each) for values in ([p.x for p in each], [p.y for p in each])
            )
            heaps.append(Heap(each[-1], x, y, len(each)))
    return [pin for pin in pins if id(pin) not in crowded], heaps


def paint_heap(painter: QPainter, heap: Heap, at: QPointF) -> None:
    """A disc with the number, its ring in the colour of the worst."""
    mark, now = pin_mark(heap.pin), colours()
    radius = heap_radius(heap.count)
    painter.setPen(QPen(colour(mark.tone), 2.5))
    painter.setBrush(QColor(now.surface))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(colour(mark.tone))
    painter.setFont(body_font(SMALL, True))
    box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(heap.count))


def heap_radius(count: int) -> float:
    return 11.0 if count < 100 else 14.0 if count < 1000 else 18.0


def pin_mark(pin: Pin) -> Mark:
    """Colour and shape of a pin: ▲ while it is supervised, else its light's."""
    if pin.supervision:
        return Mark(MarkShape.TRIANGLE, Tone.VIOLET, "")
    return mark_of(pin.light)


class PinPictures:
    """Each kind of pin drawn once: five thousand of them are five thousand copies."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[Light, SupervisionLevel, bool, str, float], QPixmap] = {}

    def picture(self, pin: Pin, ratio: float) -> QPixmap:
        key = (pin.light.light, pin.supervision, pin.exact, colours().name, ratio)
        if key not in self._drawn:
            self._drawn[key] = _draw_pin(pin, ratio)
        return self._drawn[key]


def _draw_pin(pin: Pin, ratio: float) -> QPixmap:
    picture = QPixmap(round(PIN_ROOM * ratio), round(PIN_ROOM * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = QRectF(0.5, 0.5, PIN_ROOM - 1, PIN_ROOM - 1)
    mark, now = pin_mark(pin), colours()
    edge = QPen(colour(mark.tone), 1)
    if not pin.exact:
        edge.setStyle(Qt.PenStyle.DotLine)
    painter.setPen(edge)
    painter.setBrush(QColor(now.surface))
    painter.drawEllipse(room)
    inset = (PIN_ROOM - PIN_SIDE + 2) / 2
    draw_shape(painter, room.adjusted(inset, inset, -inset, -inset), mark.shape, colour(mark.tone))
    painter.end()
    return picture
