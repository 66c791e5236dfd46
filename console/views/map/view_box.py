"""Which part of the city a window shows: from metres to pixels and back. North is up."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from console.domain.city_map import Box

# A metre is at most this many pixels, so that a single door fills no screen.
MOST_PIXELS = 6.0
_MARGIN = 1.06
_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class ViewBox:
    """Centre in metres, pixels per metre, size in pixels; `whole` bounds how far one can wander and zoom out."""

    width: float = 1.0
    height: float = 1.0
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    whole: Box = (0.0, 0.0, 0.0, 0.0)

    @property
    def transform(self) -> QTransform:
        """Metres to pixels."""
        left, top = self.width / 2 - self.x * self.scale, self.height / 2 + self.y * self.scale
        return QTransform(self.scale, 0, 0, -self.scale, left, top)

    @property
    def seen(self) -> Box:
        """The metres in sight."""
        half_x, half_y = self.width / self.scale / 2, self.height / self.scale / 2
        return (self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)

    def to_metres(self, at: QPointF) -> tuple[float, float]:
        return (
            self.x + (at.x() - self.width / 2) / self.scale,
            self.y - (at.y() - self.height / 2) / self.scale,
        )

    def to_pixels(self, x: float, y: float) -> QPointF:
        return QPointF(
            self.width / 2 + (x - self.x) * self.scale, self.height / 2 - (y - self.y) * self.scale
        )

    def rect_of(self, box: Box) -> QRectF:
        return QRectF(self.to_pixels(box[0], box[3]), self.to_pixels(box[2], box[1]))

    def sized(self, width: float, height: float) -> "ViewBox":
        return self._kept(replace(self, width=max(width, 1.0), height=max(height, 1.0)))

    def moved(self, pixels_x: float, pixels_y: float) -> "ViewBox":
        """The paper moved by so many pixels."""
        return self._kept(
            replace(self, x=self.x - pixels_x / self.scale, y=self.y + pixels_y / self.scale)
        )

    def zoomed(self, factor: float, at: QPointF | None = None) -> "ViewBox":
        """Larger or smaller; what lies under `at` stays there."""
        at = at or QPointF(self.width / 2, self.height / 2)
        x, y = self.to_metres(at)
        larger = self._kept(replace(self, scale=self.scale * factor))
        now = larger.to_pixels(x, y)
        return larger.moved(at.x() - now.x(), at.y() - now.y())

    def fitted(self, box: Box) -> "ViewBox":
        """As large as `box` allows, with a margin."""
        wide, high = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        scale = min(self.width / wide, self.height / high) / _MARGIN
        middle = replace(self, x=(box[0] + box[2]) / 2, y=(box[1] + box[3]) / 2, scale=scale)
        return self._kept(middle)

    def _kept(self, box: "ViewBox") -> "ViewBox":
        left, low, right, high = box.whole
        if right <= left or high <= low:
            return box
        least = min(box.width / (right - left), box.height / (high - low)) / (2 * _MARGIN)
        return replace(
            box,
            scale=max(least, min(box.scale, MOST_PIXELS)),
            x=max(left, min(box.x, right)),
            y=max(low, min(box.y, high)),
        )


def round_length(metres: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ that is not more: what a scale bar shows."""
    power = 1.0
    while power * 10 <= metres:
        power *= 10
    while power > metres:
        power /= 10
    return max(power * step for step in _ROUND if power * step <= metres)
