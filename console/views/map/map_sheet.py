"""What does not change from frame to frame: areas below the pins and names above them, kept as two pictures."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform

from console.domain.city_map import CityMap
from console.theme import colours
from console.views.map.layers import Outline, outline, paint_areas, paint_labels, paint_spots
from console.views.map.view_box import ViewBox


class MapSheet:
    """Painted anew when the view, the theme or the lit-up area changes; while somebody is still moving the old
    pictures are shifted and stretched instead, so that no frame waits for four thousand areas."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._city = CityMap()
        self._outlines: Sequence[Outline] = ()
        self._ground, self._names = QPixmap(), QPixmap()
        self._view: ViewBox | None = None
        self._for: tuple | None = None

    def show_map(self, city: CityMap) -> None:
        self._city, self._for = city, None
        self._outlines = [outline(shape) for shape in city.shapes]

    def prepare(
        self, size: QSize, ratio: float, view: ViewBox, chosen: int | None, quick: bool
    ) -> None:
        """Before a frame. `quick`: the view is still on the move."""
        wanted = (view, colours().name, chosen, ratio, size)
        same_but_view = self._for is not None and self._for[1:] == wanted[1:]
        if self._for != wanted and not (quick and same_but_view):
            self._paint(size, ratio, view, chosen)
            self._view, self._for = view, wanted

    def draw_ground(self, painter: QPainter, view: ViewBox) -> None:
        self._draw(painter, self._ground, view)

    def draw_names(self, painter: QPainter, view: ViewBox) -> None:
        self._draw(painter, self._names, view)

    def _draw(self, painter: QPainter, picture: QPixmap, view: ViewBox) -> None:
        if self._view is None:
            return
        painter.save()
        painter.setTransform(_from(self._view, view), True)
        painter.drawPixmap(0, 0, picture)
        painter.restore()

    def _paint(self, size: QSize, ratio: float, view: ViewBox, chosen: int | None) -> None:
        pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
        self._ground, self._names = QPixmap(pixels), QPixmap(pixels)
        for picture, ground in ((self._ground, colours().bg), (self._names, "transparent")):
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(ground))
        painter = QPainter(self._ground)
        paint_areas(painter, self._outlines, view, self._own, chosen)
        paint_spots(painter, self._city.spots, view)
        painter.end()
        painter = QPainter(self._names)
        paint_labels(painter, self._city.shapes, self._city.spots, view)
        painter.end()


def _from(old: ViewBox, new: ViewBox) -> QTransform:
    """Where a picture made for the old view lies in the new one."""
    if old == new:
        return QTransform()
    corner = new.to_pixels(old.seen[0], old.seen[3])
    factor = new.scale / old.scale
    return QTransform(factor, 0, 0, factor, corner.x(), corner.y())
