"""Boundaries as shapes, and which of them a point lies in. The one adapter of shapely.

A point is an area's own when the area covers it, border included, so that a point on a common border is everybody's
and gets asked about. The index is an STR tree over all grids, built once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from console.domain.city_map import BORDER_METRES, Box, MapLevel, Ring, Shape

_POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class Area:
    """An area on its way from the database to a shape; `geometry` is shapely's."""

    unit_id: int
    code: str
    name: str
    geometry: Any
    special: bool = False
    full: str = ""


class ShapeIndex:
    """Finds areas by point. Build it off the GUI thread; asking is a microsecond's work."""

    def __init__(self, areas: Sequence[Area]) -> None:
        # Slow to load: only where a map is opened or a point is asked for.
        import shapely

        self._shapely = shapely
        self._ids = [area.unit_id for area in areas]
        self._tree = shapely.STRtree([area.geometry for area in areas])

    def at(self, x: float, y: float, border: float = BORDER_METRES) -> tuple[int, ...]:
        """Areas the point lies in or, within `border` metres, may lie in; the surest first. Empty: outside all."""
        point = self._shapely.Point(x, y)
        if not (isfinite(x) and isfinite(y)):
            return ()
        inside = list(self._tree.query(point, predicate="intersects"))
        if not inside:
            return ()
        near = self._tree.query(point, predicate="dwithin", distance=border)
        return tuple(self._ids[at] for at in dict.fromkeys([*sorted(inside), *sorted(near)]))

    def at_many(self, points: Sequence[tuple[float, float]]) -> list[int | None]:
        """The area each point lies in, the first of several; None outside. For imports and recounts."""
        found: list[int | None] = [None] * len(points)
        places, areas = self._tree.query(self._shapely.points(points), predicate="intersects")
        for place, area in zip(places[::-1].tolist(), areas[::-1].tolist(), strict=True):
            found[place] = self._ids[area]
        return found


def read_boundary(boundary: Mapping[str, Any] | None) -> tuple[Any, str]:
    """A GeoJSON Polygon, MultiPolygon or Feature as a geometry; or None and what is wrong with it.

    A boundary that crosses itself is mended to the area it encloses; an empty or endless one is refused.
    """
    import shapely
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    plain = (boundary or {}).get("geometry") or boundary or {}
    if plain.get("type") not in _POLYGONS:
        return None, "没有边界" if not plain else "边界不是多边形"
    try:
        if not _finite(plain["coordinates"]):
            return None, "边界坐标有误"
        made = shape(plain)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None, "边界坐标有误"
    if not made.is_valid:
        made = _areas_only(shapely.make_valid(made))
    return (made, "") if made.area > 0 else (None, "边界没有面积")


def _finite(coordinates: Any) -> bool:
    if isinstance(coordinates, list | tuple):
        return all(map(_finite, coordinates))
    return isfinite(coordinates)


def _areas_only(geometry: Any) -> Any:
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in _POLYGONS]
    return shapely.union_all(parts)


def joined(areas: Iterable[Area], unit_id: int, code: str, name: str) -> Area | None:
    """One area of many: a community of its grids; None of nothing."""
    import shapely

    geometries = [area.geometry for area in areas]
    return Area(unit_id, code, name, shapely.union_all(geometries)) if geometries else None


def drawn(area: Area, level: MapLevel) -> Shape:
    """The area as what a window can paint."""
    geometry = area.geometry
    inside = geometry.representative_point()
    return Shape(
        area.unit_id,
        area.code,
        area.name,
        level,
        tuple(_rings(geometry)),
        (inside.x, inside.y),
        geometry.bounds,
        area.special,
        area.full or area.name,
    )


def _rings(geometry: Any) -> Iterable[Ring]:
    import shapely

    for part in shapely.get_parts(geometry):
        for ring in (part.exterior, *part.interiors):
            yield tuple(map(tuple, shapely.get_coordinates(ring).tolist()))


def around(boxes: Iterable[Box]) -> Box:
    """The box around all boxes; nothing for none."""
    every = list(boxes)
    if not every:
        return (0.0, 0.0, 0.0, 0.0)
    low_x, low_y, high_x, high_y = zip(*every, strict=True)
    return (min(low_x), min(low_y), max(high_x), max(high_y))
