"""Which names fit on the map: larger areas first, none over another, none wider than its area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from console.domain.city_map import MapLevel, Shape, Spot
from console.theme import BODY, SMALL, TITLE, body_font
from console.views.map.view_box import ViewBox

_GAP = 4.0
# Pixels a metre from which estates are named; before that they would be a crowd.
SPOTS_FROM = 0.35
_FULL = 0.7
_SIZES = {
    MapLevel.STREET: (TITLE, True),
    MapLevel.COMMUNITY: (BODY, True),
    MapLevel.GRID: (SMALL, False),
}
# A name may reach this far beyond its area's sides before it is left out.
_BEYOND = {MapLevel.STREET: 1.6, MapLevel.COMMUNITY: 1.25, MapLevel.GRID: 1.0}
_LEAST_HEIGHT = {MapLevel.STREET: 24.0, MapLevel.COMMUNITY: 22.0, MapLevel.GRID: 20.0}


@dataclass(frozen=True, slots=True)
class Label:
    """A name and where it stands, in pixels."""

    name: str
    level: MapLevel | None
    rect: QRectF


def label_font(level: MapLevel | None) -> QFont:
    """The face of an area's name; None: an estate's."""
    return body_font(*_SIZES[level]) if level else body_font(SMALL)


def place_labels(shapes: Sequence[Shape], spots: Sequence[Spot], view: ViewBox) -> list[Label]:
    """The names that fit in this view: streets, communities, grids, larger ones first; estates when near enough."""
    taken, sheet = _Taken(), QRectF(0, 0, view.width, view.height)
    placed = []
    for name, level, rect in _of_areas(shapes, view):
        if sheet.contains(rect) and taken.take(rect.adjusted(-_GAP, -_GAP, _GAP, _GAP)):
            placed.append(Label(name, level, rect))
    for name, level, at in _of_spots(spots, view):
        # Below its dot, or above where something stands below.
        for rect in (at.translated(0, at.height() * 0.8), at.translated(0, -at.height() * 0.8)):
            if sheet.contains(rect) and taken.take(rect.adjusted(-_GAP, -_GAP, _GAP, _GAP)):
                placed.append(Label(name, level, rect))
                break
    return placed


def _of_areas(
    shapes: Sequence[Shape], view: ViewBox
) -> Iterable[tuple[str, MapLevel | None, QRectF]]:
    metrics = {level: QFontMetricsF(label_font(level)) for level in MapLevel}
    sheet = QRectF(0, 0, view.width, view.height)
    for shape in _in_order(shapes):
        area = view.rect_of(shape.box)
        if not area.intersects(sheet) or area.height() < _LEAST_HEIGHT[shape.level]:
            continue
        for name in dict.fromkeys((shape.full or shape.name, shape.name)):
            rect = _rect(metrics[shape.level], name, view.to_pixels(*shape.at))
            room = _FULL if name != shape.name else _BEYOND[shape.level]
            if rect.width() <= area.width() * room:
                yield name, shape.level, rect
                break


def _of_spots(
    spots: Sequence[Spot], view: ViewBox
) -> Iterable[tuple[str, MapLevel | None, QRectF]]:
    if view.scale < SPOTS_FROM:
        return
    metrics = QFontMetricsF(label_font(None))
    left, low, right, high = view.seen
    for spot in spots:
        if left <= spot.x <= right and low <= spot.y <= high:
            rect = _rect(metrics, spot.name, view.to_pixels(spot.x, spot.y))
            yield spot.name, None, rect


def _in_order(shapes: Sequence[Shape]) -> Iterable[Shape]:
    order = list(MapLevel)

    def rank(shape: Shape) -> tuple[int, float]:
        left, low, right, high = shape.box
        return order.index(shape.level), -(right - left) * (high - low)

    return sorted(shapes, key=rank)


def _rect(metrics: QFontMetricsF, name: str, at: QPointF) -> QRectF:
    width, height = metrics.horizontalAdvance(name) + 2, metrics.height()
    return QRectF(at - QPointF(width / 2, height / 2), at + QPointF(width / 2, height / 2))


class _Taken:
    """Rectangles already used, in cells of 64 pixels so that a thousand names cost little."""

    CELL = 64

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[QRectF]] = {}

    def take(self, rect: QRectF) -> bool:
        """Use the rectangle unless something is there."""
        cells = list(self._around(rect))
        if any(rect.intersects(other) for cell in cells for other in self._cells.get(cell, ())):
            return False
        for cell in cells:
            self._cells.setdefault(cell, []).append(rect)
        return True

    def _around(self, rect: QRectF) -> Iterable[tuple[int, int]]:
        for column in range(int(rect.left()) // self.CELL, int(rect.right()) // self.CELL + 1):
            for row in range(int(rect.top()) // self.CELL, int(rect.bottom()) // self.CELL + 1):
                yield column, row
