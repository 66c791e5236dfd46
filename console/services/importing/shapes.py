"""Shapes of grids: closed, sound, not over their neighbours (GB/T 30428: no gaps asked, no overlaps allowed)."""

import json
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from db.models import Grid

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Boundaries drawn twice never fit to the millimetre.
SLACK = 0.01
_METRES = 111_320.0


@dataclass(frozen=True, slots=True)
class Shape:
    document: dict[str, Any]
    x: float
    y: float
    area_m2: float


class Shapes:
    """The shapes of the register except those the file draws anew, and those of the file as they come."""

    def __init__(self, session: Session, redrawn: list[str]) -> None:
        # Slow to load; only grids have shapes.
        from shapely import STRtree
        from shapely.geometry import shape

        anew = set(redrawn)
        self._all: list[tuple[str, BaseGeometry]] = []
        for code, document in session.execute(select(Grid.code, Grid.boundary)):
            if document and code not in anew:
                self._all.append((code, shape(document)))
        self._tree = STRtree([drawn for _code, drawn in self._all])
        self._new: list[tuple[str, BaseGeometry]] = []

    def take(self, code: str, document: dict[str, Any]) -> Shape:
        """Raises Invalid for what is no sound area, or lies over another grid."""
        drawn = _drawn(document)
        from shapely.geometry import mapping

        near = [self._all[at] for at in self._tree.query(drawn)]
        for other, theirs in (*near, *self._new):
            if other == code or not drawn.intersects(theirs):
                continue
            over = drawn.intersection(theirs).area
            if over > SLACK * min(drawn.area, theirs.area):
                share = over / min(drawn.area, theirs.area)
                raise Invalid(
                    f"边界与网格 {other} 重叠 {share:.0%}", "请改好边界后再导入", "boundary"
                )
        self._new.append((code, drawn))
        centre = drawn.representative_point()
        # As it comes back from the database: lists, not tuples.
        document = json.loads(json.dumps(mapping(drawn)))
        return Shape(document, centre.x, centre.y, round(_area(drawn), 1))


class GridAreas:
    """Which grid a point lies in, by the boundaries of the register."""

    def __init__(self, session: Session) -> None:
        from shapely import STRtree
        from shapely.geometry import shape

        rows = session.execute(select(Grid.unit_id, Grid.boundary)).all()
        drawn = [(id_, shape(document)) for id_, document in rows if document]
        self._ids = [id_ for id_, _area in drawn]
        self._tree = STRtree([area for _id, area in drawn])

    def at(self, x: float, y: float) -> tuple[int, ...]:
        """None outside every boundary; several on a boundary."""
        from shapely.geometry import Point

        found = self._tree.query(Point(x, y), predicate="intersects")
        return tuple(sorted(self._ids[at] for at in found))


def _drawn(document: dict[str, Any]) -> "BaseGeometry":
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    try:
        drawn = shape(document)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise Invalid("边界不是合格的 GeoJSON 图形", "请重新导出", "boundary") from None
    if drawn.geom_type not in ("Polygon", "MultiPolygon") or drawn.is_empty:
        raise Invalid("网格边界应为面（Polygon）", "点和线不能作边界", "boundary")
    if not drawn.is_valid:
        words = "自相交" if "intersection" in explain_validity(drawn) else "不闭合或有多余的环"
        raise Invalid(f"边界{words}", "请在制图软件里改好后再导出", "boundary")
    return drawn


def _area(drawn: "BaseGeometry") -> float:
    """Square metres; degrees are taken for what they are at that latitude, a local frame for metres."""
    west, south, east, north = drawn.bounds
    if max(map(abs, (west, east))) > 180 or max(map(abs, (south, north))) > 90:
        return float(drawn.area)
    return float(drawn.area) * _METRES * _METRES * cos(radians((south + north) / 2))
