"""Schools, bus stops, markets: what citizens name instead of an address (field-facts K11)."""

import json
import re
from collections.abc import Sequence
from typing import Any

from console.domain.errors import Invalid
from console.domain.other_names import joined
from console.services.importing.lookups import within
from console.services.importing.registers import Known, Register, Row
from console.services.importing.shapes import GridAreas
from db.models import AddressBookEntry, Base
from db.pinyin import initials_column

_PAIR = re.compile(r"\(?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*[,，;；\s]\s*(-?[0-9]+(?:\.[0-9]+)?)\s*\)?")
Point = tuple[float, float]


class Landmarks(Register):
    """地标: a name and a kind in one grid, which is written or follows from the point."""

    table: type[Base] = AddressBookEntry
    _areas: GridAreas | None = None

    def complete(self, values: Row) -> Row:
        row = dict(values)
        point = _point(row.pop("point", None)) or _point_of(row)
        row["grid_id"] = self._grid(row.get("grid_id"), point)
        row["x"], row["y"] = point or (None, None)
        row["initials"] = initials_column(row["name"])
        if row.get("other_names"):
            row["other_names"] = joined(row["other_names"], row["name"]) or None
        return row

    def _grid(self, written: str | None, point: Point | None) -> int:
        """By what is written, by the point, and refused where the two contradict each other. Raises Invalid."""
        if written is None and point is None:
            raise Invalid("没有网格，也没有坐标", "请填网格编码，或经度和纬度", "grid_id")
        within_ids = self._areas_at(point) if point else ()
        if written is not None:
            told = self.places.grid(written)
            if within_ids and told.id not in within_ids:
                there = self.places.by_id[within_ids[0]]
                raise Invalid(
                    f"坐标在网格 {there.code} 里，填的是 {told.code}", "请核对", "grid_id"
                )
            return told.id
        if len(within_ids) != 1:
            where = "不在任何网格的边界里" if not within_ids else "在几个网格的边界上"
            raise Invalid(f"坐标{where}", "请核对坐标（经度在前），或填网格编码", "point")
        return self.places.grid(self.places.by_id[within_ids[0]].code).id

    def _areas_at(self, point: Point) -> tuple[int, ...]:
        if self._areas is None:
            self._areas = GridAreas(self.session)
        return tuple(id_ for id_ in self._areas.at(*point) if id_ in self.places.by_id)

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        keys = {self.key(row) for row in rows}
        names = [row["name"] for row in rows]
        found: dict[tuple[Any, ...], Known] = {}
        for row in within(self.session, self.every(), AddressBookEntry.name, names):
            key = (row.name, row.kind, row.grid_id)
            if key in keys:
                found.setdefault(key, Known(row.id, None, row._asdict()))
        return found

    def notes(self, rows: Sequence[Row]) -> tuple[str, ...]:
        there: dict[tuple[str, str], set[int]] = {}
        found = within(self.session, self.every(), AddressBookEntry.name, [r["name"] for r in rows])
        for row in found:
            there.setdefault((row.name, row.kind), set()).add(row.grid_id)
        known = [(there.get((row["name"], row["kind"]), set()), row["grid_id"]) for row in rows]
        moved = sum(1 for grids, grid in known if grids and grid not in grids)
        words = f"其中 {moved:,} 处在别的网格有同名的地标，将另外登记，市民只说名称时要问是哪一处"
        return (words,) if moved else ()

    def columns(self, values: Any, whole: bool = True) -> Row:
        row = super().columns(values, whole)
        return {"place": ""} | row if whole else row


def _point_of(row: Row) -> Point | None:
    x, y = row.get("x"), row.get("y")
    if (x is None) != (y is None):
        raise Invalid("经度和纬度要一起填", "请补上另一个，或都留空", "x" if x is None else "y")
    return None if x is None or y is None else (x, y)


def _point(words: str | None) -> Point | None:
    """经度,纬度 or a GeoJSON point. Raises Invalid."""
    if not words:
        return None
    pair = _PAIR.fullmatch(words)
    if pair:
        return float(pair[1]), float(pair[2])
    try:
        shape = json.loads(words)
        x, y = shape["coordinates"][:2]
        if shape["type"] == "Point":
            return float(x), float(y)
    except (ValueError, TypeError, KeyError):
        pass
    raise Invalid("坐标认不出", "请写成“经度,纬度”，GeoJSON 里应为点（Point）", "point")


__all__ = ["Landmarks"]
