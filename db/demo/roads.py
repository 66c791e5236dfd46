"""Roads along the edges of the grids, and whose grid each door number belongs to.

Odd numbers stand on the left walking up the numbers, even ones on the right. The two sides are numbered apart, so
123 and 124 may face each other and still lie in different grids; that is what the address rules must get right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import dist
from random import Random

from db.demo.names import ROAD_WORDS
from db.demo.terrain import TOWN_ROWS, Cut, Mesh, Point, to_lonlat

# Planted for tests and training: odd 101-199 lie in one grid, so 95-105 spans two grids and
# 123-130 (the shop numbers of field-facts Y8) has its odd and its even doors in different grids.
BAOLI_WEST = "宝丽西街"
_BAOLI_DOORS = 50
_TOWN_DOOR_METRES, _COUNTRY_DOOR_METRES = 9.0, 45.0

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Road:
    """A named road; `points` in local metres from the lowest number to the highest."""

    name: str
    kind: str
    points: tuple[Point, ...]
    length_m: int

    @property
    def points_lonlat(self) -> tuple[Point, ...]:
        return tuple(to_lonlat(point) for point in self.points)


@dataclass(frozen=True, slots=True)
class RoadRange:
    """Door numbers of one side of a road that belong to one grid; `side` is odd or even, ends included.

    `frontage` is a line a little inside the grid, along which the doors stand.
    """

    road: str
    low: int
    high: int
    side: str
    grid_code: str
    frontage: tuple[Point, ...]

    @property
    def doors(self) -> range:
        return range(self.low, self.high + 1, 2)

    def point_of(self, number: int) -> Point:
        """Where a door number stands."""
        share = ((number - self.low) / 2 + 0.5) / len(self.doors)
        lengths = [dist(a, b) for a, b in zip(self.frontage, self.frontage[1:], strict=False)]
        left = share * sum(lengths)
        for (a, b), length in zip(
            zip(self.frontage, self.frontage[1:], strict=False), lengths, strict=True
        ):
            if left <= length:
                part = left / length
                return round(a[0] + (b[0] - a[0]) * part, 2), round(a[1] + (b[1] - a[1]) * part, 2)
            left -= length
        return self.frontage[-1]


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive edges of a cut with one grid on the chosen side."""

    grid_code: str
    frontage: tuple[Point, ...]
    metres: float
    country: bool

    @property
    def doors(self) -> int:
        return max(
            4, round(self.metres / (_COUNTRY_DOOR_METRES if self.country else _TOWN_DOOR_METRES))
        )


def lay_roads(
    rng: Random, mesh: Mesh, cuts: list[Cut], owner: dict[Cell, str]
) -> tuple[tuple[Road, ...], tuple[RoadRange, ...]]:
    """Name every cut, and number both its sides."""
    baoli = max(cuts, key=lambda cut: _fitness(mesh, cut, owner))
    names = _road_names(rng, mesh, cuts, baoli)
    roads = tuple(_road(mesh, cut, name) for cut, name in zip(cuts, names, strict=True))
    ranges = tuple(
        road_range
        for cut, name in zip(cuts, names, strict=True)
        for side in ("odd", "even")
        for road_range in _numbered(name, side, list(_runs(mesh, cut, owner, side)), cut is baoli)
    )
    return roads, ranges


def _fitness(mesh: Mesh, cut: Cut, owner: dict[Cell, str]) -> tuple[bool, int]:
    """A street of the town running east and west with at least three grids on its odd side, not too long."""
    town = not cut.upright and cut.rank == 1 and cut.at < TOWN_ROWS
    odd = len(list(_runs(mesh, cut, owner, "odd")))
    even = len(list(_runs(mesh, cut, owner, "even")))
    return town and odd >= 3 and even >= 2, -abs(odd - 4) - abs(even - 3)


def _runs(mesh: Mesh, cut: Cut, owner: dict[Cell, str], side: str) -> Iterator[_Run]:
    cells = [pair[0] if side == "odd" else pair[1] for pair in cut.edges()]
    for grid_code, group in groupby(cells, key=owner.__getitem__):
        frontage = tuple(p for cell in group for p in _front(mesh, cut, cell, side))
        metres = sum(dist(a, b) for a, b in pairwise(frontage))
        yield _Run(grid_code, frontage, metres, cut.at > TOWN_ROWS or cells[0][1] > TOWN_ROWS)


def _front(mesh: Mesh, cut: Cut, cell: Cell, side: str) -> tuple[Point, Point]:
    """Both ends of a cell's frontage, a little back from the kerb and from the corners."""
    left = side == "odd"
    if cut.upright:
        u = 0.88 if left else 0.12
        return mesh.inside(cell, u, 0.06), mesh.inside(cell, u, 0.94)
    v = 0.12 if left else 0.88
    return mesh.inside(cell, 0.06, v), mesh.inside(cell, 0.94, v)


def _numbered(name: str, side: str, runs: list[_Run], baoli: bool) -> Iterator[RoadRange]:
    low = 1 if side == "odd" else 2
    for index, run in enumerate(runs):
        count = _baoli_doors(side, index) if baoli else run.doors
        yield RoadRange(name, low, low + 2 * (count - 1), side, run.grid_code, run.frontage)
        low += 2 * count


def _baoli_doors(side: str, index: int) -> int:
    """Fifty odd doors to a grid; the even side breaks elsewhere, at 118/120."""
    return _BAOLI_DOORS if side == "odd" or index else _BAOLI_DOORS + 9


def _road_names(rng: Random, mesh: Mesh, cuts: list[Cut], baoli: Cut) -> list[str]:
    words = list(ROAD_WORDS)
    rng.shuffle(words)
    east = _other_street(mesh, cuts, baoli)
    names = []
    for cut in cuts:
        if cut is baoli:
            names.append(BAOLI_WEST)
        elif cut is east:
            names.append("宝丽东街")
        else:
            names.append(words.pop() + _suffix(mesh, cut))
    return names


def _other_street(mesh: Mesh, cuts: list[Cut], baoli: Cut) -> Cut:
    """The nearest other east-west street of the town: a name one character away from the planted one."""
    middle = mesh.vertex((baoli.start + baoli.stop) // 2, baoli.at)
    others = [c for c in cuts if not c.upright and c is not baoli and c.rank > 0]
    return min(others, key=lambda c: dist(middle, mesh.vertex((c.start + c.stop) // 2, c.at)))


def _suffix(mesh: Mesh, cut: Cut) -> str:
    length = _length(mesh.line(cut))
    if length > 2000:
        return "大道"
    if length > 700:
        return "路"
    if length > 380:
        return "街"
    return "巷" if cut.rank == 2 else "街"


def _road(mesh: Mesh, cut: Cut, name: str) -> Road:
    points = mesh.line(cut)
    kind = "avenue" if cut.rank == 0 else "street" if cut.rank == 1 else "lane"
    return Road(name, kind, points, round(_length(points)))


def _length(points: tuple[Point, ...]) -> float:
    return sum(dist(a, b) for a, b in pairwise(points))
