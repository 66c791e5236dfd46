"""The city as the intake desk knows it by heart: units, grids, roads, ranges, estates, communities."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.address import plain
from console.domain.address_book import (
    BookGrid,
    Building,
    Community,
    Estate,
    Landmark,
    RoadRange,
    Side,
)
from console.domain.gazetteer import Gazetteer, NameKind
from console.domain.highways import highway_keys
from console.domain.intake import Choice
from console.domain.other_names import split
from console.ledger.queues import RECEIVES
from console.services.intake.matching import Line
from console.services.intake.sounds import Sounds
from db import models
from db.search import fold, initials, normalise

Named = tuple[NameKind, str]
KIND_NAMES = {
    "street": "街道", "town": "乡镇", "department": "部门", "community": "社区", "village": "村",
    "district": "区县", "grid": "网格", "centre": "中心",
}  # fmt: skip
TAKES_ORDERS = (*RECEIVES, "grid")
_LEVELS = ("street", "town")
_COMMUNITIES = ("community", "village")
_OFFICE = "办事处"
SPECIAL_END = "专属网格"
_DISTRICT = re.compile(r".{1,7}?[区县旗]")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit in force."""

    id: int
    code: str
    name: str
    short: str
    kind: str
    parent_id: int | None
    initials: str

    @property
    def label(self) -> str:
        """What people call it. Only grids need their whole name: every community has a 第一网格."""
        return self.name if self.kind == "grid" else self.short or self.name


@dataclass(frozen=True)
class City:
    """Read once; `building_lists` fills up as estates are asked for."""

    units: dict[int, KnownUnit]
    grids: dict[int, BookGrid]
    ranges: dict[str, tuple[RoadRange, ...]]
    estates: tuple[Estate, ...]
    communities: dict[str, Community]
    unit_lines: tuple[Line, ...]
    address_lines: tuple[Line, ...]
    known: tuple[str, ...]
    landmarks: dict[str, tuple[Landmark, ...]]
    gazetteer: Gazetteer
    sounds: Sounds
    own_names: tuple[str, ...] = ()
    building_lists: dict[int, tuple[Building, ...]] = field(default_factory=dict)
    highways: dict[str, tuple[RoadRange, ...]] = field(default_factory=dict)
    other_names: dict[str, tuple[Named, ...]] = field(default_factory=dict)

    def above(self, unit_id: int | None, kinds: Sequence[str]) -> KnownUnit | None:
        """The nearest unit of one of these kinds from `unit_id` upward."""
        unit = self.units.get(unit_id or 0)
        while unit is not None and unit.kind not in kinds:
            unit = self.units.get(unit.parent_id or 0)
        return unit

    def path(self, grid_id: int | None) -> str:
        """`望台街道 › 钟鼓社区 › 第二网格`, by the short names."""
        chain = (self.above(grid_id, kinds) for kinds in (_LEVELS, _COMMUNITIES, ("grid",)))
        return " › ".join(unit.short or unit.name for unit in chain if unit)

    def street_of(self, grid_id: int | None) -> KnownUnit | None:
        return self.above(grid_id, _LEVELS)

    def department(self, name: str) -> KnownUnit | None:
        """A department by its short name or its whole name."""
        departments = [unit for unit in self.units.values() if unit.kind == "department"]
        return next((u for u in departments if name and name in (u.short, u.name)), None)

    def named_in(self, text: str) -> KnownUnit | None:
        """The unit whose name or short name stands in `text`, the longest name if several."""
        named = [
            (name, unit)
            for unit in self.units.values()
            for name in (unit.name, unit.short)
            if len(name) > 2 and name in text
        ]
        return max(named, key=lambda pair: len(pair[0]))[1] if named else None


def read_city(session: Session, usage: dict[int, int]) -> City:
    """Eight statements. `usage`: how often each unit was given work lately."""
    units = {unit.id: unit for unit in _units(session)}
    bounds = _bounds(session)
    grids = {u.id: _grid(u, units, bounds) for u in units.values() if u.kind == "grid"}
    ranges = _ranges(session, grids)
    estate = models.Estate
    rows = session.execute(
        select(estate.id, estate.name, estate.initials, estate.other_names, estate.grid_id)
    ).all()
    estates = _estates(session, rows, grids)
    road = models.Road
    roads = session.execute(select(road.id, road.name, road.initials, road.other_names)).all()
    entries = _entries(session)
    landmarks = _landmarks(entries, grids)
    names = tuple(_names(units, ranges, estates, landmarks))
    others = _other_names(names, roads, rows, entries)
    second = {row.name: row.other_names for row in entries if row.other_names}
    names += tuple((kind, other) for other, each in others.items() for kind, _name in each)
    return City(
        units=units,
        grids=grids,
        ranges=ranges,
        estates=estates,
        communities=_communities(units, grids),
        unit_lines=tuple(_unit_lines(units, usage)),
        address_lines=(
            *_address_lines(roads, rows, units),
            *_landmark_lines(landmarks, second, units),
        ),
        known=tuple(_spoken_names(units)),
        landmarks=landmarks,
        gazetteer=Gazetteer(names, spelling),
        sounds=Sounds(names),
        own_names=tuple(session.scalars(select(models.City.name))),
        highways=_highways(ranges),
        other_names=others,
    )


def spelling(name: str) -> str:
    """A registered name as sentences are compared with it."""
    return plain(name, fold)


def _names(
    units: dict[int, KnownUnit],
    ranges: dict[str, tuple[RoadRange, ...]],
    estates: tuple[Estate, ...],
    landmarks: dict[str, tuple[Landmark, ...]],
) -> Iterator[tuple[NameKind, str]]:
    kinds = {"district": NameKind.DISTRICT} | dict.fromkeys(_LEVELS, NameKind.STREET)
    kinds |= dict.fromkeys(_COMMUNITIES, NameKind.COMMUNITY)
    for unit in units.values():
        if unit.kind in kinds:
            yield from ((kinds[unit.kind], form) for form in _forms(unit))
    yield from ((NameKind.ROAD, name) for name in ranges)
    yield from ((NameKind.ESTATE, estate.name) for estate in estates)
    yield from ((NameKind.PLACE, name) for name in landmarks)


def _bounds(session: Session) -> dict[int, str]:
    grid = models.Grid
    query = select(grid.unit_id, grid.boundary_text).where(grid.boundary_text != "")
    return {row.unit_id: row.boundary_text for row in session.execute(query)}


def _entries(session: Session) -> Sequence[Any]:
    row = models.AddressBookEntry
    columns = (row.name, row.kind, row.place, row.grid_id, row.other_names)
    return session.execute(select(*columns)).all()


def _landmarks(
    entries: Sequence[Any], grids: dict[int, BookGrid]
) -> dict[str, tuple[Landmark, ...]]:
    """What special grids are made for, and the places of the address book (field-facts K4, K11)."""
    found: defaultdict[str, list[Landmark]] = defaultdict(list)
    for grid in grids.values():
        if grid.name.endswith(SPECIAL_END):
            name = grid.name.removeprefix(grid.community).removesuffix(SPECIAL_END)
            found[name].append(Landmark(name, grid, "专属网格"))
    for row in entries:
        if row.grid_id in grids:
            kind = row.kind or "地标"
            found[row.name].append(Landmark(row.name, grids[row.grid_id], kind, row.place))
    return {name: tuple(each) for name, each in found.items() if len(name) > 1}


def _other_names(
    names: Sequence[Named], roads: Sequence[Any], estates: Sequence[Any], entries: Sequence[Any]
) -> dict[str, tuple[Named, ...]]:
    """Old and second names with what bears them; what bears one as today's name stands behind it."""
    today: defaultdict[str, list[Named]] = defaultdict(list)
    for named in names:
        today[named[1]].append(named)
    bearers: defaultdict[str, dict[Named, None]] = defaultdict(dict)
    kinds = ((NameKind.ROAD, roads), (NameKind.ESTATE, estates), (NameKind.PLACE, entries))
    for kind, rows in kinds:
        for row in rows:
            for name in split(row.other_names):
                # What lies in no grid is not known by today's name either.
                if len(name) > 1 and (kind, row.name) in today[row.name]:
                    bearers[name][kind, row.name] = None
    return {name: tuple(each | dict.fromkeys(today[name])) for name, each in bearers.items()}


def _units(session: Session) -> Iterator[KnownUnit]:
    unit = models.Unit
    columns = (
        unit.id,
        unit.code,
        unit.name,
        unit.short_name,
        unit.kind,
        unit.parent_id,
        unit.initials,
    )
    for row in session.execute(select(*columns).where(unit.active).order_by(unit.code)):
        yield KnownUnit(*row)


def _grid(unit: KnownUnit, units: dict[int, KnownUnit], bounds: dict[int, str]) -> BookGrid:
    names: dict[str, str] = {}
    above = units.get(unit.parent_id or 0)
    while above is not None:
        names[above.kind] = above.name if above.kind == "district" else above.label
        above = units.get(above.parent_id or 0)
    return BookGrid(
        unit.id,
        unit.code,
        unit.name,
        names.get("community") or names.get("village", ""),
        names.get("street") or names.get("town", ""),
        names.get("district", ""),
        bounds.get(unit.id, ""),
    )


def _ranges(session: Session, grids: dict[int, BookGrid]) -> dict[str, tuple[RoadRange, ...]]:
    row = models.RoadRange
    query = select(models.Road.name, row.low, row.high, row.side, row.grid_id)
    query = query.join(models.Road, models.Road.id == row.road_id).order_by(row.road_id, row.low)
    found: defaultdict[str, list[RoadRange]] = defaultdict(list)
    for name, low, high, side, grid_id in session.execute(query):
        if grid_id in grids:
            found[name].append(RoadRange(name, low, high, Side(side), grids[grid_id]))
    return {name: tuple(each) for name, each in found.items()}


def _highways(ranges: dict[str, tuple[RoadRange, ...]]) -> dict[str, tuple[RoadRange, ...]]:
    """By everything a highway is called: G107, 国道107线 and 107国道 are one."""
    found: defaultdict[str, list[RoadRange]] = defaultdict(list)
    for name, each in ranges.items():
        for key in highway_keys(name):
            found[key] += each
    return {key: tuple(each) for key, each in found.items()}


def _estates(
    session: Session, rows: Sequence[Any], grids: dict[int, BookGrid]
) -> tuple[Estate, ...]:
    """An estate lies in every grid one of its buildings lies in."""
    within: defaultdict[int, dict[int, BookGrid]] = defaultdict(dict)
    query = select(models.Building.estate_id, models.Building.grid_id).distinct()
    for estate_id, grid_id in session.execute(query):
        if grid_id in grids:
            within[estate_id][grid_id] = grids[grid_id]
    for row in rows:
        if row.grid_id in grids:
            within[row.id].setdefault(row.grid_id, grids[row.grid_id])
    return tuple(Estate(row.id, row.name, tuple(within[row.id].values())) for row in rows)


def _communities(units: dict[int, KnownUnit], grids: dict[int, BookGrid]) -> dict[str, Community]:
    """By every form of the name; communities of one name in several streets count as one with all their grids."""
    within: defaultdict[int | None, list[BookGrid]] = defaultdict(list)
    for grid in grids.values():
        within[units[grid.id].parent_id].append(grid)
    found: defaultdict[str, list[BookGrid]] = defaultdict(list)
    for unit in units.values():
        if unit.kind in _COMMUNITIES:
            for form in _forms(unit):
                found[form] += within[unit.id]
    return {name: Community(name, tuple(each)) for name, each in found.items()}


def _forms(unit: KnownUnit) -> tuple[str, ...]:
    """What people call a unit: 清河街道办事处, 清河街道; 清风社区居委会, 清风社区."""
    plain = (
        unit.name.removesuffix(_OFFICE)
        .removesuffix("居民委员会")
        .removesuffix("居委会")
        .removesuffix("村民委员会")
    )
    # 楼台区 is what the district of 楼台区社会治理综合指挥中心 is called.
    district = _DISTRICT.match(unit.name) if unit.kind == "district" else None
    names = (unit.name, plain, unit.short, district[0] if district else "")
    return tuple(dict.fromkeys(name for name in names if name))


def _spoken_names(units: dict[int, KnownUnit]) -> Iterator[str]:
    for unit in units.values():
        if unit.kind in ("district", *_LEVELS, "community", "village"):
            yield from _forms(unit)


def _unit_lines(units: dict[int, KnownUnit], usage: dict[int, int]) -> Iterator[Line]:
    for unit in units.values():
        if unit.kind in TAKES_ORDERS:
            words = tuple(normalise(name) for name in _forms(unit)[1:])
            short = initials(unit.short) if unit.short else ()
            choice = Choice(
                unit.code,
                unit.label,
                KIND_NAMES.get(unit.kind, ""),
                _told_apart(unit, units),
                unit.id,
            )
            known = (*unit.initials.split(), unit.code.lower())
            order = TAKES_ORDERS.index(unit.kind)
            yield Line(
                choice, normalise(unit.name), words, known, short, usage.get(unit.id, 0), order
            )


def _told_apart(unit: KnownUnit, units: dict[int, KnownUnit]) -> str:
    """The whole name behind a short one; for communities and grids what stands above them as well."""
    above = units.get(unit.parent_id or 0)
    parent = above.label if above and unit.kind in (*_COMMUNITIES, "grid") else ""
    return " · ".join(filter(None, (unit.name if unit.name != unit.label else "", parent)))


def _address_lines(
    roads: Sequence[Any], estates: Sequence[Any], units: dict[int, KnownUnit]
) -> Iterator[Line]:
    for row in roads:
        choice = Choice(f"road:{row.id}", row.name, "道路", "", row.id)
        yield Line(choice, normalise(row.name), *_spoken(row.other_names, row.initials))
    for row in estates:
        choice = Choice(f"estate:{row.id}", row.name, "小区", _place(row.grid_id, units), row.id)
        yield Line(choice, normalise(row.name), *_spoken(row.other_names, row.initials), order=1)


def _spoken(other: str, letters: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The words of a line, its own initials, and those of its words."""
    names = split(other)
    return (
        tuple(normalise(name) for name in names),
        tuple(letters.split()),
        tuple(short for name in names for short in initials(name)),
    )


def _landmark_lines(
    landmarks: dict[str, tuple[Landmark, ...]], others: dict[str, str], units: dict[int, KnownUnit]
) -> Iterator[Line]:
    for name, each in landmarks.items():
        one = each[-1]
        where = one.address or _place(one.grid.id, units)
        choice = Choice(f"place:{name}", name, one.kind, where)
        words, letters, more = _spoken(others.get(name, ""), " ".join(initials(name)))
        yield Line(choice, normalise(name), words, letters, more, order=2)


def _place(grid_id: int | None, units: dict[int, KnownUnit]) -> str:
    """Street and community of a grid, by their short names."""
    community = units.get(units[grid_id].parent_id or 0) if grid_id in units else None
    street = units.get(community.parent_id or 0) if community else None
    return " › ".join(unit.label for unit in (street, community) if unit)
