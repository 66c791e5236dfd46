"""The map is drawn in metres; a city keeps planar metres or degrees, whichever its boundaries came in.

Degrees become metres around the city's middle (equirectangular): within one city no length is wrong by more than a
hundredth. What is stored stays in the city's own coordinates, so that points, buildings and boundaries agree.
"""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from console.domain.city_map import Box

_PER_LONGITUDE, _PER_LATITUDE = 111_320.0, 110_940.0


@dataclass(frozen=True, slots=True)
class Frame:
    """How stored coordinates become the map's metres and back."""

    x: float = 0.0
    y: float = 0.0
    across: float = 1.0
    up: float = 1.0

    @property
    def in_degrees(self) -> bool:
        return self.across != 1.0

    def metres(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.x) * self.across, (y - self.y) * self.up

    def stored(self, x: float, y: float) -> tuple[float, float]:
        return self.x + x / self.across, self.y + y / self.up

    def words(self, x: float, y: float) -> str:
        """Stored coordinates as a rule says them."""
        return f"{x:.6f}，{y:.6f}" if self.in_degrees else f"{x:.0f}，{y:.0f}"

    def drawn(self, geometry: Any) -> Any:
        """A stored geometry in metres."""
        if not self.in_degrees:
            return geometry
        import shapely

        return shapely.transform(
            geometry, lambda at: (at - (self.x, self.y)) * (self.across, self.up)
        )


def frame_of(box: Box) -> Frame:
    """The frame of a city whose boundaries fill this box: all within ±180 and ±90 are degrees, as on import."""
    west, south, east, north = box
    empty = west == east
    if empty or max(map(abs, (west, east))) > 180 or max(map(abs, (south, north))) > 90:
        return Frame()
    middle = (south + north) / 2
    return Frame((west + east) / 2, middle, _PER_LONGITUDE * cos(radians(middle)), _PER_LATITUDE)
