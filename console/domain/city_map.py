"""What the map shows: shapes of streets, communities and grids, work orders as pins, and what lies at a point.

A city keeps one system of coordinates for boundaries, buildings and work orders: planar metres (x east, y north) as
the demo city does, or the degrees its boundary file came in. Everything on the map itself is in metres
(services/mapping/frame); what is stored stays in the city's own coordinates. Nothing here turns WGS84 into the shifted
GCJ-02 of public maps or back: a file in another system is to be turned into the city's before it is imported.
"""

from dataclasses import dataclass
from enum import StrEnum

from console.domain.intake import PlaceAnswer
from console.domain.records import LightText
from console.domain.states import SupervisionLevel, TicketState

Point = tuple[float, float]
Ring = tuple[Point, ...]
Box = tuple[float, float, float, float]
# A point this near to a border, in metres, may lie on either side of it.
BORDER_METRES = 1.0


class MapLevel(StrEnum):
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Shape:
    """An area: outer rings and holes, to be filled by the odd-even rule. `at` is a point inside, for the label."""

    unit_id: int
    code: str
    name: str
    level: MapLevel
    rings: tuple[Ring, ...]
    at: Point
    box: Box
    special: bool = False
    full: str = ""
    """The name with what stands above it, where there is room: every community has a 第一网格."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An estate's name where it lies."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CityMap:
    """All shapes, larger levels first; `faults` names grids whose boundary cannot be used, and why."""

    shapes: tuple[Shape, ...] = ()
    spots: tuple[Spot, ...] = ()
    box: Box = (0.0, 0.0, 0.0, 0.0)
    faults: tuple[str, ...] = ()


class PinSet(StrEnum):
    """Which work orders are pinned."""

    TODAY = "today"
    OPEN = "open"
    LIT = "lit"


PIN_SET_NAMES: dict[PinSet, str] = {
    PinSet.TODAY: "今日受理",
    PinSet.OPEN: "在办",
    PinSet.LIT: "黄灯红灯",
}


@dataclass(frozen=True, slots=True)
class Pin:
    """A work order on the map, masked. Not `exact`: only its grid is known, and it stands somewhere in it."""

    ticket_id: int
    number: str
    title: str
    place: str
    unit: str
    state: TicketState
    light: LightText
    supervision: SupervisionLevel
    x: float
    y: float
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Pins:
    """The pins in the operator's scope; `unplaced` have neither point nor grid, `cut`: there are more than shown."""

    pins: tuple[Pin, ...] = ()
    unplaced: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """What lies at a point: whose grid, and the nearest address known there. `x`, `y` as the city stores them."""

    x: float
    y: float
    place: PlaceAnswer
    nearest: str = ""
    metres: int = 0

    @property
    def words(self) -> str:
        """`宝丽小区 3 栋附近（约 35 米）`; empty where no address is near."""
        if not self.nearest:
            return ""
        return f"{self.nearest}（约 {self.metres} 米）" if self.metres else self.nearest


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A line of the map's search: go to `box`; `unit_id` when it is an area of the map."""

    text: str
    hint: str
    box: Box
    unit_id: int | None = None
