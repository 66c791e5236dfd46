"""Estates, buildings, houses and landmark places, each inside its own grid (field-facts 6.6)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from db.demo.codes import PhoneBook
from db.demo.geography import Geography, Grid
from db.demo.names import (
    ESTATE_TAILS,
    ESTATE_WORDS,
    FACTORY_YARDS,
    MANAGEMENT_COMPANIES,
)
from db.demo.roads import RoadRange
from db.demo.terrain import Point, to_lonlat

_TOWN_HOUSES, _VILLAGE_HOUSES = 58, 46

# kind → (share, units, floors, rooms per floor); rooms are flats on one landing of one unit.
_ESTATE_KINDS: dict[str, tuple[float, tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = {
    "commodity": (0.42, (1, 2), (6, 11, 11, 17), (2, 2, 3)),
    "old": (0.30, (2, 3, 4), (5, 6, 6), (2,)),
    "work_unit": (0.14, (2, 3), (4, 5, 6), (2, 3)),
    "resettlement": (0.10, (2, 3), (6, 11), (2, 4)),
    "public_rental": (0.04, (1, 2), (11, 17), (4,)),
}
ESTATE_KIND_NAMES = {
    "commodity": "商品房小区",
    "old": "老旧小区",
    "work_unit": "单位家属院",
    "resettlement": "安置小区",
    "public_rental": "公租房小区",
    "village": "自然村",
}


@dataclass(frozen=True, slots=True)
class Estate:
    """A residential estate or a village's natural settlement; it may spread over two grids."""

    id: int
    name: str
    kind: str
    community_code: str
    grid_codes: tuple[str, ...]
    road: str
    number: int
    address: str
    built_year: int
    management_company: str
    management_phone: str


@dataclass(frozen=True, slots=True)
class Building:
    """A block of flats: units × floors × rooms per floor; a village house is 1 × floors × 1."""

    id: int
    estate_id: int
    name: str
    number: int
    kind: str
    units: int
    floors: int
    underground_floors: int
    rooms_per_floor: int
    lifts: int
    built_year: int
    hazard: str
    grid_code: str
    x: float
    y: float

    @property
    def lonlat(self) -> Point:
        return to_lonlat((self.x, self.y))


@dataclass(frozen=True, slots=True)
class House:
    """One dwelling; `usage` is self, rented, vacant; owner fields are filled when people move in."""

    id: int
    building_id: int
    estate_id: int
    unit: int
    floor: int
    room: str
    address: str
    grid_code: str
    area_m2: float
    usage: str
    x: float
    y: float
    owner_id: int | None = None
    rental_from: date | None = None
    rental_to: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A landmark citizens name instead of an address: school, market, hospital, square."""

    id: int
    name: str
    kind: str
    address: str
    grid_code: str
    x: float
    y: float

    @property
    def lonlat(self) -> Point:
        return to_lonlat((self.x, self.y))


@dataclass(frozen=True, slots=True)
class Housing:
    estates: tuple[Estate, ...]
    buildings: tuple[Building, ...]
    houses: tuple[House, ...]
    places: tuple[Place, ...]


class _Builder:
    """Numbers what it builds in the order it builds it."""

    def __init__(self, rng: Random, geography: Geography, phones: PhoneBook) -> None:
        self.rng, self.geography, self.phones = rng, geography, phones
        self.estates: list[Estate] = []
        self.buildings: list[Building] = []
        self.houses: list[House] = []
        self._names: set[str] = set()
        self._ranges: dict[str, list[RoadRange]] = {}
        for road_range in geography.road_ranges:
            self._ranges.setdefault(road_range.grid_code, []).append(road_range)

    def town_community(self, grids: list[Grid]) -> None:
        """One estate in each grid; in every fourth community two grids share one (a real trap for ownership)."""
        shared = int(grids[0].community_code[-1]) % 4 == 1 and len(grids) >= 2
        if shared:
            self.town_estate(grids[:2])
        for grid in grids[2:] if shared else grids:
            self.town_estate([grid])

    def town_estate(self, grids: list[Grid]) -> None:
        kind = self.rng.choices(tuple(_ESTATE_KINDS), [v[0] for v in _ESTATE_KINDS.values()])[0]
        estate = self._found(kind, grids)
        number = 1
        for grid in grids:
            target = len(self.houses) + _TOWN_HOUSES
            while len(self.houses) < target:
                self._tower(estate, number, grid)
                number += 1

    def _found(self, kind: str, grids: list[Grid]) -> Estate:
        rng = self.rng
        front = rng.choice(self._ranges[grids[0].code])
        number = rng.choice(front.doors)
        managed = kind in ("commodity", "resettlement", "public_rental") or rng.random() < 0.4
        first_year = {"old": 1986, "work_unit": 1982}.get(kind, 2002)
        estate = Estate(
            len(self.estates) + 1,
            self._name(kind),
            kind,
            grids[0].community_code,
            tuple(g.code for g in grids),
            front.road,
            number,
            f"{front.road}{number}号",
            rng.randint(first_year, first_year + 18),
            rng.choice(MANAGEMENT_COMPANIES) if managed else "",
            self.phones.landline() if managed else "",
        )
        self.estates.append(estate)
        return estate

    def _name(self, kind: str) -> str:
        while True:
            if kind == "work_unit":
                name = self.rng.choice(FACTORY_YARDS) + self.rng.choice(
                    ("家属院", "东院", "西院", "南院")
                )
            elif kind == "public_rental":
                name = self.rng.choice(("安居", "惠民", "青年", "和园")) + self.rng.choice(
                    ("公寓", "公租房小区")
                )
            else:
                name = self.rng.choice(ESTATE_WORDS) + self.rng.choice(ESTATE_TAILS)
            if name not in self._names:
                self._names.add(name)
                return name

    def _tower(self, estate: Estate, number: int, grid: Grid) -> None:
        rng = self.rng
        _, units, floors, rooms = _ESTATE_KINDS[estate.kind]
        height = rng.choice(floors)
        x, y = self.geography.point_in(rng, grid.code)
        building = Building(
            len(self.buildings) + 1,
            estate.id,
            f"{number}号楼",
            number,
            "high_rise" if height > 7 else "walk_up",
            rng.choice(units),
            height,
            1 if height > 7 else 0,
            rng.choice(rooms),
            height // 8,
            estate.built_year,
            _hazard(rng, estate.built_year),
            grid.code,
            x,
            y,
        )
        self.buildings.append(building)
        self.houses.extend(self._flats(estate, building))

    def _flats(self, estate: Estate, building: Building) -> Iterator[House]:
        first = len(self.houses) + 1
        layouts = [
            self.rng.choice((58.0, 74.5, 89.0, 96.2, 108.6, 125.4))
            for _ in range(building.rooms_per_floor)
        ]
        slots = [
            (unit, floor, room)
            for unit in range(1, building.units + 1)
            for floor in range(1, building.floors + 1)
            for room in range(1, building.rooms_per_floor + 1)
        ]
        for id_, (unit, floor, room) in enumerate(slots, start=first):
            name = f"{floor}{room:02d}"
            address = f"{estate.address}{estate.name}{building.number}号楼{unit}单元{name}室"
            yield House(
                id_, building.id, estate.id, unit, floor, name, address, building.grid_code,
                layouts[room - 1], "vacant", building.x, building.y,
            )  # fmt: skip

    def village(self, grids: list[Grid]) -> None:
        """A village: each grid is one or two villagers' groups of detached houses with door numbers."""
        word = grids[0].community
        estate = Estate(
            len(self.estates) + 1, word, "village", grids[0].community_code,
            tuple(g.code for g in grids), "", 0, grids[0].street + word, 1995, "", "",
        )  # fmt: skip
        self.estates.append(estate)
        for group, grid in enumerate(grids, start=1):
            for door in range(1, _VILLAGE_HOUSES + 1):
                self._farmhouse(estate, grid, group, door)

    def _farmhouse(self, estate: Estate, grid: Grid, group: int, door: int) -> None:
        rng = self.rng
        x, y = self.geography.point_in(rng, grid.code)
        floors = rng.choice((1, 1, 2, 2, 3))
        name = f"{group}组{door}号"
        building = Building(
            len(self.buildings) + 1, estate.id, name, door, "farmhouse", 1, floors, 0, 1, 0,
            rng.randint(1978, 2020), _hazard(rng, 1996), grid.code, x, y,
        )  # fmt: skip
        self.buildings.append(building)
        self.houses.append(
            House(
                len(self.houses) + 1,
                building.id,
                estate.id,
                1,
                1,
                f"{door}号",
                estate.address + name,
                grid.code,
                round(rng.uniform(80, 240), 1),
                "vacant",
                x,
                y,
            )
        )


def _hazard(rng: Random, built_year: int) -> str:
    if rng.random() > (0.10 if built_year < 2000 else 0.02):
        return ""
    return rng.choice(
        ("外墙空鼓", "电线老化", "消防通道占用", "屋面渗漏", "楼道堆物", "地基沉降", "燃气管老化")
    )


def build_housing(rng: Random, geography: Geography, phones: PhoneBook) -> Housing:
    """Estates and houses in the basic grids, one landmark in each special grid and some others."""
    builder = _Builder(rng, geography, phones)
    by_community: dict[str, list[Grid]] = {}
    for grid in geography.grids:
        if grid.kind == "basic":
            by_community.setdefault(grid.community_code, []).append(grid)
    for grids in by_community.values():
        if grids[0].community.endswith("村"):
            builder.village(grids)
        else:
            builder.town_community(grids)
    return Housing(
        tuple(builder.estates),
        tuple(builder.buildings),
        tuple(builder.houses),
        tuple(_places(rng, geography, by_community)),
    )


def _places(
    rng: Random, geography: Geography, by_community: dict[str, list[Grid]]
) -> Iterator[Place]:
    """Special grids' own places, then each community's everyday ones."""
    plans = [(g.place_name, g.special_kind, g) for g in geography.grids if g.kind == "special"]
    for grids in by_community.values():
        word = grids[0].community.removesuffix("社区").removesuffix("村")
        rural = grids[0].community.endswith("村")
        plans.append((f"{grids[0].community}党群服务中心", "community_centre", rng.choice(grids)))
        plans.append((f"{word}文化广场" if rural else f"{word}游园", "square", rng.choice(grids)))
        plans.append((f"{word}幼儿园", "kindergarten", rng.choice(grids)))
        plans.append(
            (f"{word}卫生室" if rural else f"{word}社区卫生服务站", "clinic", rng.choice(grids))
        )
        plans.append((f"{word}公交站", "bus_stop", rng.choice(grids)))
    ranges: dict[str, list[RoadRange]] = {}
    for road_range in geography.road_ranges:
        ranges.setdefault(road_range.grid_code, []).append(road_range)
    for id_, (name, kind, grid) in enumerate(plans, start=1):
        front = rng.choice(ranges[grid.code])
        number = rng.choice(front.doors)
        x, y = front.point_of(number)
        yield Place(id_, name, kind, f"{front.road}{number}号", grid.code, x, y)


def move_in(
    house: House, usage: str, owner_id: int | None, rental: tuple[date, date] | None
) -> House:
    """The same house once somebody lives in it."""
    begins, ends = rental or (None, None)
    return replace(house, usage=usage, owner_id=owner_id, rental_from=begins, rental_to=ends)
