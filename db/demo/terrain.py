"""One mesh of shared vertices from which every outline of the demo city is cut.

Grids, communities and streets are rectangles of mesh cells. Two neighbours walk the same vertices along their
common edge, so the map has no gap and no overlap however the mesh is bent, and no geometry library is needed to
make it. The mesh is fine in the town and coarse in the townships.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from random import Random

Point = tuple[float, float]

TOWN_COLUMNS, TOWN_ROWS = 48, 40
COLUMNS, ROWS = 62, 54
TOWN_STEP, COUNTRY_STEP = 95.0, 330.0

# In the Yellow Sea, far from any island: no address of the demo city falls on somebody's house.
ORIGIN_LONGITUDE, ORIGIN_LATITUDE = 122.9, 34.3
_METRES_PER_LATITUDE = 110_940.0
_METRES_PER_LONGITUDE = 111_320.0 * cos(radians(ORIGIN_LATITUDE))


def to_lonlat(point: Point) -> Point:
    """Longitude and latitude of a point of the local metre frame, to about a centimetre."""
    return (
        round(ORIGIN_LONGITUDE + point[0] / _METRES_PER_LONGITUDE, 7),
        round(ORIGIN_LATITUDE + point[1] / _METRES_PER_LATITUDE, 7),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells: columns `left` to `right`, rows `low` to `high`, ends not included."""

    left: int
    right: int
    low: int
    high: int

    def cells(self) -> list[tuple[int, int]]:
        return [(c, r) for r in range(self.low, self.high) for c in range(self.left, self.right)]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Cut:
    """A mesh line that divided a block; every cut becomes a road. Upright cuts run along a column line."""

    upright: bool
    at: int
    start: int
    stop: int
    rank: int

    def edges(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """For each mesh edge in turn: the cell on its left and the cell on its right, walking forward."""
        if self.upright:
            return [((self.at - 1, r), (self.at, r)) for r in range(self.start, self.stop)]
        return [((c, self.at), (c, self.at - 1)) for c in range(self.start, self.stop)]


class Mesh:
    """Vertices of the bent mesh, in metres, and the ways to find a point in it."""

    def __init__(self, rng: Random) -> None:
        self._x = _steps(COLUMNS, TOWN_COLUMNS)
        self._y = _steps(ROWS, TOWN_ROWS)
        self._vertices = {
            (c, r): self._bent(c, r, rng) for r in range(ROWS + 1) for c in range(COLUMNS + 1)
        }

    def _bent(self, column: int, row: int, rng: Random) -> Point:
        x, y = self._x[column], self._y[row]
        x += rng.uniform(-9, 9)
        y += rng.uniform(-9, 9)
        bent_x = x + 260 * sin(y / 2700) + 0.09 * y
        bent_y = y + 210 * sin(x / 2300) - 0.07 * x
        return round(bent_x, 2), round(bent_y, 2)

    def vertex(self, column: int, row: int) -> Point:
        return self._vertices[column, row]

    def outline(self, block: Block) -> tuple[Point, ...]:
        """The ring of a block, anticlockwise, first vertex not repeated."""
        low = [(c, block.low) for c in range(block.left, block.right)]
        right = [(block.right, r) for r in range(block.low, block.high)]
        high = [(c, block.high) for c in range(block.right, block.left, -1)]
        left = [(block.left, r) for r in range(block.high, block.low, -1)]
        return tuple(self._vertices[at] for at in low + right + high + left)

    def inside(self, cell: tuple[int, int], u: float, v: float) -> Point:
        """A point of a cell, `u` across and `v` up, both 0 to 1; cells are convex, so it is inside."""
        column, row = cell
        a, b = self._vertices[column, row], self._vertices[column + 1, row]
        d, c = self._vertices[column, row + 1], self._vertices[column + 1, row + 1]
        return (
            round((a[0] * (1 - u) + b[0] * u) * (1 - v) + (d[0] * (1 - u) + c[0] * u) * v, 2),
            round((a[1] * (1 - u) + b[1] * u) * (1 - v) + (d[1] * (1 - u) + c[1] * u) * v, 2),
        )

    def line(self, cut: Cut) -> tuple[Point, ...]:
        span = range(cut.start, cut.stop + 1)
        if cut.upright:
            return tuple(self._vertices[cut.at, r] for r in span)
        return tuple(self._vertices[c, cut.at] for c in span)

    def span(self, block: Block) -> Point:
        """Width and height of a block in metres before bending."""
        return (
            self._x[block.right] - self._x[block.left],
            self._y[block.high] - self._y[block.low],
        )


def _steps(count: int, fine: int) -> list[float]:
    return [min(i, fine) * TOWN_STEP + max(0, i - fine) * COUNTRY_STEP for i in range(count + 1)]


def divide(
    mesh: Mesh, block: Block, shares: Sequence[int], rank: int, cuts: list[Cut]
) -> list[Block]:
    """Cut a block into one block per share, sizes about in proportion; the cuts made are added to `cuts`."""
    if len(shares) == 1:
        return [block]
    half = _balanced(shares)
    part = sum(shares[:half]) / sum(shares)
    width, height = mesh.span(block)
    upright = block.width > 2 and (width >= height or block.height <= 3)
    first, second, cut = (
        _cut_upright(block, part, rank) if upright else _cut_level(block, part, rank)
    )
    cuts.append(cut)
    return divide(mesh, first, shares[:half], rank, cuts) + divide(
        mesh, second, shares[half:], rank, cuts
    )


def _balanced(shares: Sequence[int]) -> int:
    """How many leading shares come nearest to half of all."""
    total = sum(shares)
    return min(range(1, len(shares)), key=lambda n: abs(2 * sum(shares[:n]) - total))


def _cut_upright(block: Block, part: float, rank: int) -> tuple[Block, Block, Cut]:
    at = block.left + _place(block.width, part)
    return (
        Block(block.left, at, block.low, block.high),
        Block(at, block.right, block.low, block.high),
        Cut(True, at, block.low, block.high, rank),
    )


def _cut_level(block: Block, part: float, rank: int) -> tuple[Block, Block, Cut]:
    at = block.low + _place(block.height, part)
    return (
        Block(block.left, block.right, block.low, at),
        Block(block.left, block.right, at, block.high),
        Cut(False, at, block.left, block.right, rank),
    )


def _place(cells: int, part: float) -> int:
    if cells < 2:
        raise ValueError("the mesh is too coarse for so many grids")
    return min(max(round(cells * part), 1), cells - 1)


def area(outline: Sequence[Point]) -> float:
    """Square metres inside a ring."""
    ring = list(outline)
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def centre(outline: Sequence[Point]) -> Point:
    """Mean of the vertices, which lies inside our nearly rectangular blocks."""
    return (
        round(sum(p[0] for p in outline) / len(outline), 2),
        round(sum(p[1] for p in outline) / len(outline), 2),
    )
