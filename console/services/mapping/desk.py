"""地图: everything the map panel asks of the program. Reads only; nothing here needs a network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any, ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.city_map import (
    BORDER_METRES,
    CityMap,
    MapLevel,
    MapPlace,
    Pins,
    PinSet,
    PointAnswer,
    Shape,
    Spot,
)
from console.domain.intake import PlaceAnswer
from console.domain.records import GridOwner
from console.ledger import Seat
from console.ledger.kept import Kept
from console.ledger.places import grid_owner
from console.services.mapping import finding, pins
from console.services.mapping.frame import Frame, frame_of
from console.services.mapping.shapes import Area, ShapeIndex, around, drawn, joined, read_boundary
from db.models import Building, Component, Estate, Grid, Unit

NEAREST_METRES = 300.0
_MOST_FAULTS = 20
_STREETS, _COMMUNITIES = ("street", "town"), ("community", "village")


@dataclass(frozen=True)
class Drawn:
    """The map as the service keeps it."""

    shown: CityMap
    by_unit: dict[int, Shape]
    index: ShapeIndex
    frame: Frame


class Mapping:
    """The map of one seat. The city's shapes are read once and kept until places change."""

    HEARD: ClassVar = frozenset({Topic.PLACES})

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._drawn: Kept[Drawn] = Kept(self._read)

    def heard(self, changed: Changed) -> None:
        """What changed here or elsewhere: boundaries are read anew when next asked."""
        if changed.topics & self.HEARD:
            self._drawn.forget()

    def city_map(self) -> CityMap:
        """Streets, communities and grids as shapes. Three statements at first, none afterwards."""
        return self._drawn.get().shown

    def pins(self, which: PinSet = PinSet.TODAY) -> Pins:
        """Work orders in the operator's scope, newest first. At most three statements."""
        frame = self._drawn.get().frame
        with self._seat.db.reading() as session:
            return pins.read_pins(session, self._seat, which, frame)

    def find(self, typed: str) -> tuple[MapPlace, ...]:
        """Places of that name, initials or address."""
        kept = self._drawn.get()
        with self._seat.db.reading() as session:
            return finding.find(session, kept.by_unit, typed, kept.frame)

    def building(self, building_id: int) -> MapPlace | None:
        """Where a building stands, with its grid; None while nobody has said where. One statement."""
        frame = self._drawn.get().frame
        with self._seat.db.reading() as session:
            return finding.building(session, building_id, frame)

    def landmark(self, entry_id: int) -> PlaceAnswer:
        """Whose grid a school, a bus stop, a market lies in, and who answers for it. Raises NotFound."""
        with self._seat.db.reading() as session:
            return finding.landmark(session, entry_id)

    def at(self, x: float, y: float, within: float = BORDER_METRES) -> PointAnswer:
        """Whose grid a point of the map (its metres) lies in, and the nearest known address.

        Nearer than `within` metres to a border both grids are named and asked about; outside every grid that
        is said, never the nearest. At most nine statements.
        """
        kept = self._drawn.get()
        found, stored = kept.index.at(x, y, within), kept.frame.stored(x, y)
        spot = f"图上选点（{kept.frame.words(*stored)}）"
        with self._seat.db.reading() as session:
            nearest, metres = self._nearest(session, found, x, y, kept.frame)
            return PointAnswer(*stored, self._owner(session, found, spot), nearest, metres)

    def _owner(self, session: Session, found: Sequence[int], spot: str) -> PlaceAnswer:
        if not found:
            return PlaceAnswer(rule=f"{spot}不在任何网格内", ask="请在图上另选一点，或问清地址")
        rule = f"按坐标：{spot}"
        owners = [grid_owner(session, id_, rule) for id_ in found[:4]]
        known = tuple(owner for owner in owners if owner is not None)
        if len(known) > 1:
            ask = f"{spot}在{_and(known)}的边界上，请问属哪一边？"
            return PlaceAnswer(None, known, "可能是：" + _and(known), ask)
        if not known:
            return PlaceAnswer(rule=f"{spot}所在的网格已停用", ask="请在图上另选一点，或问清地址")
        return PlaceAnswer(known[0], (), rule, confidence="按坐标")

    def _nearest(
        self, session: Session, grid_ids: Sequence[int], x: float, y: float, frame: Frame
    ) -> tuple[str, int]:
        """The nearest building or component of these grids. Two statements."""
        if not grid_ids:
            return "", 0
        houses = select(Estate.name, Building.number, Building.x, Building.y)
        houses = houses.join(Estate, Estate.id == Building.estate_id)
        houses = houses.where(Building.grid_id.in_(grid_ids))
        things = select(Component.name, Component.place, Component.x, Component.y)
        things = things.where(Component.grid_id.in_(grid_ids))
        known = [(_house(*row[:2]), row.x, row.y) for row in session.execute(houses)]
        known += [(row.place or row.name, row.x, row.y) for row in session.execute(things)]
        at = [(name, *frame.metres(px, py)) for name, px, py in known if px or py]
        placed = [(hypot(px - x, py - y), name) for name, px, py in at]
        metres, name = min(placed, default=(NEAREST_METRES + 1, ""))
        return (name, round(metres)) if metres <= NEAREST_METRES else ("", 0)

    # --- the shapes

    def _read(self) -> Drawn:
        with self._seat.db.reading() as session:
            rows = session.execute(select(Grid.unit_id, Grid.boundary, Grid.grid_type)).all()
            units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.active))}
            raw_spots = _spots(session)
        raw, faults = _grids(rows, units)
        frame = frame_of(around(area.geometry.bounds for area in raw))
        grids = [replace(area, geometry=frame.drawn(area.geometry)) for area in raw]
        spots = tuple(Spot(one.name, *frame.metres(one.x, one.y)) for one in raw_spots)
        communities = _level(grids, units, _COMMUNITIES)
        streets = _level(grids, units, _STREETS)
        shapes = [
            *(drawn(area, MapLevel.STREET) for area in streets),
            *(drawn(area, MapLevel.COMMUNITY) for area in communities),
            *(drawn(area, MapLevel.GRID) for area in grids),
        ]
        shown = CityMap(tuple(shapes), spots, around(shape.box for shape in shapes), faults)
        return Drawn(shown, {shape.unit_id: shape for shape in shapes}, ShapeIndex(grids), frame)


def _spots(session: Session) -> tuple[Spot, ...]:
    """Each estate in the middle of its buildings. One statement."""
    query = select(Estate.name, func.avg(Building.x), func.avg(Building.y))
    query = query.join(Building, Building.estate_id == Estate.id)
    query = query.where((Building.x != 0) | (Building.y != 0)).group_by(Estate.id, Estate.name)
    return tuple(Spot(name, x, y) for name, x, y in session.execute(query))


def _grids(rows: Sequence[Any], units: dict[int, Unit]) -> tuple[list[Area], tuple[str, ...]]:
    areas, faults = [], []
    for row in rows:
        unit = units.get(row.unit_id)
        if unit is None:
            continue
        geometry, fault = read_boundary(row.boundary)
        if geometry is None:
            faults.append(f"{unit.name}：{fault}")
        else:
            name = unit.short_name or unit.name
            special = row.grid_type == "special"
            areas.append(Area(unit.id, unit.code, name, geometry, special, unit.name))
    more = len(faults) - _MOST_FAULTS
    shown = faults[:_MOST_FAULTS] + ([f"另有 {more} 个"] if more > 0 else [])
    return areas, tuple(shown)


def _level(grids: Sequence[Area], units: dict[int, Unit], kinds: Sequence[str]) -> list[Area]:
    """The units of these kinds, each joined of its grids."""
    within: dict[int, list[Area]] = {}
    for area in grids:
        above = units.get(units[area.unit_id].parent_id or 0)
        while above is not None and above.kind not in kinds:
            above = units.get(above.parent_id or 0)
        if above is not None:
            within.setdefault(above.id, []).append(area)
    made = (
        joined(areas, id_, units[id_].code, units[id_].short_name or units[id_].name)
        for id_, areas in within.items()
    )
    return [area for area in made if area is not None]


def _and(owners: Sequence[GridOwner]) -> str:
    return "与".join(f"{owner.community}{owner.grid_name}" for owner in owners)


def _house(estate: str, number: str) -> str:
    return f"{estate} {number}栋" if number[-1:].isdigit() else f"{estate} {number}"
