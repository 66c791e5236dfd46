"""The city's own address book: grids, roads with their door numbers, estates, buildings, landmarks (peers 6.2)."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from console.domain.gazetteer import Gazetteer, NameKind
from console.domain.highways import highway_keys, stake_words

_LEAST_OF_A_NAME, _MOST_ALIKE = 4, 4


class Side(StrEnum):
    """Which side of a road a range of door numbers means; the value is what the database stores."""

    ODD = "odd"
    EVEN = "even"
    BOTH = "both"
    STAKE = "km"
    """No doors at all: metres of a highway, counted by its stakes."""


SIDE_WORDS: dict[Side, str] = {
    Side.ODD: "单号侧",
    Side.EVEN: "双号侧",
    Side.BOTH: "",
    Side.STAKE: "",
}


def range_words(low: int, high: int, side: Side) -> str:
    """123–130 号单号侧, K1520+000–K1525+300."""
    if side is Side.STAKE:
        return f"{stake_words(low)}–{stake_words(high)}"
    return f"{low}–{high} 号{SIDE_WORDS[side]}"


@dataclass(frozen=True, slots=True)
class BookGrid:
    """A grid as the address book knows it; names are for narrowing and for telling."""

    id: int
    code: str
    name: str
    community: str = ""
    street: str = ""
    district: str = ""
    bounds: str = ""
    """四至, to tell grids of one community apart."""


@dataclass(frozen=True, slots=True)
class RoadRange:
    """Door numbers, or stakes, `low` to `high` of a road, both included, that lie in one grid."""

    road: str
    low: int
    high: int
    side: Side
    grid: BookGrid

    @property
    def words(self) -> str:
        return f"{self.road} {range_words(self.low, self.high, self.side)}"

    @property
    def by_stakes(self) -> bool:
        return self.side is Side.STAKE

    @property
    def _parities(self) -> frozenset[int]:
        return {Side.ODD: frozenset({1}), Side.EVEN: frozenset({0})}.get(
            self.side, frozenset({0, 1})
        )

    def meets(self, low: int, high: int, side: str = "") -> bool:
        """Whether any door asked for lies in this range; ends of one parity mean one side of the road.

        `side`: only the odd or the even doors, when that was said.
        """
        if self.by_stakes:
            return False
        first, last = max(low, self.low), min(high, self.high)
        one = {"odd": {1}, "even": {0}}.get(side, {low % 2} if low % 2 == high % 2 else {0, 1})
        return any(first + (first % 2 != parity) <= last for parity in self._parities & one)

    def reaches(self, low: int, high: int) -> bool:
        """Whether any of these metres of a highway lies in this range."""
        return self.by_stakes and low <= self.high and high >= self.low

    def on_side(self, side: str) -> bool:
        """Whether any door of that side lies in this range; every range when no side was said."""
        return not side or self.side is Side.BOTH or self.side == side


@dataclass(frozen=True, slots=True)
class Estate:
    """An estate; `grids` are all grids its buildings lie in."""

    id: int
    name: str
    grids: tuple[BookGrid, ...]


@dataclass(frozen=True, slots=True)
class Building:
    """A building of an estate; `number` as registered: `3`, `3栋`, `A座`."""

    number: str
    grid: BookGrid


@dataclass(frozen=True, slots=True)
class Community:
    """A community or village and its grids."""

    name: str
    grids: tuple[BookGrid, ...]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A school, a bus stop, a market: what citizens name instead of an address. `kind` as the city calls it."""

    name: str
    grid: BookGrid
    kind: str = "地标"
    address: str = ""


class AddressBook(Protocol):
    """What the database must be able to look up; every method answers from an index."""

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]: ...
    def estates(self, name: str) -> Sequence[Estate]: ...
    def buildings(self, estate: Estate) -> Sequence[Building]: ...
    def communities(self, name: str) -> Sequence[Community]: ...

    def roads_like(self, text: str) -> Sequence[str]:
        """Names of registered roads that occur in `text`, for a parser without a gazetteer."""
        return ()

    def highway(self, key: str) -> Sequence[RoadRange]:
        """The ranges of a highway by one of its `highway_keys`: G107, 京港澳高速."""
        return ()

    def landmarks(self, name: str) -> Sequence[Landmark]:
        """Landmarks, shops and offices of that name."""
        return ()

    def homophones(self, name: str) -> Sequence[tuple[NameKind, str]]:
        """Registered names that sound like `name`, or like its end."""
        return ()

    def called(self, name: str) -> Sequence[tuple[NameKind, str]]:
        """What bears `name` as an old or a second name, by today's; with it whatever is called so today."""
        return ()

    def knows_unit(self, name: str) -> bool:
        """Whether a district, street or community of that name is registered."""
        return False

    @property
    def city_names(self) -> Collection[str]:
        """Our own province and city; empty when not known."""
        return ()


@dataclass(slots=True)
class InMemoryAddressBook(AddressBook):
    """A small address book for tests and training; fill the lists, then ask. `sound` gives a name's pinyin."""

    ranges: list[RoadRange] = field(default_factory=list)
    estate_list: list[Estate] = field(default_factory=list)
    building_lists: dict[int, list[Building]] = field(default_factory=dict)
    community_list: list[Community] = field(default_factory=list)
    landmark_list: list[Landmark] = field(default_factory=list)
    sound: Callable[[str], str] | None = None
    own_city: tuple[str, ...] = ()

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]:
        return [r for r in self.ranges if r.road == road_name]

    def estates(self, name: str) -> Sequence[Estate]:
        return named_like(self.estate_list, name)

    def buildings(self, estate: Estate) -> Sequence[Building]:
        return self.building_lists.get(estate.id, [])

    def communities(self, name: str) -> Sequence[Community]:
        return [c for c in self.community_list if c.name == name]

    def roads_like(self, text: str) -> Sequence[str]:
        return sorted({r.road for r in self.ranges if r.road in text})

    def highway(self, key: str) -> Sequence[RoadRange]:
        return [r for r in self.ranges if key in highway_keys(r.road)]

    def landmarks(self, name: str) -> Sequence[Landmark]:
        exact = [one for one in self.landmark_list if one.name == name]
        return exact or landmarks_holding(name, self.landmark_list)

    def homophones(self, name: str) -> Sequence[tuple[NameKind, str]]:
        if self.sound is None:
            return ()
        said = self.sound(name)
        return [(kind, known) for kind, known in self.names if self.sound(known) == said]

    def knows_unit(self, name: str) -> bool:
        units = {u for g in self._grids for u in (g.district, g.street, g.community) if u}
        return any(name in unit or unit in name for unit in units)

    @property
    def city_names(self) -> Collection[str]:
        return self.own_city

    @property
    def names(self) -> tuple[tuple[NameKind, str], ...]:
        """Everything that has a name, for a `Gazetteer`."""
        roads = [(NameKind.ROAD, r.road) for r in self.ranges]
        estates = [(NameKind.ESTATE, e.name) for e in self.estate_list]
        places = [(NameKind.PLACE, one.name) for one in self.landmark_list]
        units = [(NameKind.COMMUNITY, c.name) for c in self.community_list]
        units += [(NameKind.STREET, g.street) for g in self._grids if g.street]
        units += [(NameKind.DISTRICT, g.district) for g in self._grids if g.district]
        return tuple(dict.fromkeys((*places, *estates, *units, *roads)))

    @property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.names)

    @property
    def _grids(self) -> Iterable[BookGrid]:
        yield from (r.grid for r in self.ranges)
        yield from (grid for c in self.community_list for grid in c.grids)


def landmarks_holding(name: str, known: Iterable[Landmark]) -> list[Landmark]:
    """Landmarks with a longer name: 市人民医院 for 人民医院; none of a word that many have."""
    if len(name) < _LEAST_OF_A_NAME:
        return []
    found = [one for one in known if name in one.name]
    return found if len({one.name for one in found}) <= _MOST_ALIKE else []


def named_like(estates: Sequence[Estate], name: str) -> list[Estate]:
    """Estates of that name; failing that, those it begins, ends with, or whose phase it names: 阳光花园二期."""
    exact = [estate for estate in estates if estate.name == name]
    if exact or len(name) < 2:
        return exact
    phase = re.compile(r"[0-9一二三四五六七八九十]+期|[东南西北][区院]")
    return [
        e
        for e in estates
        if e.name.startswith(name)
        or name.endswith(e.name)
        or (name.startswith(e.name) and phase.fullmatch(name[len(e.name) :]))
    ]


def plain_building(number: str) -> str:
    """A registered building as it is compared: 3栋 → 3, 03号楼 → 3, 3组32号 → 3组32, A-3座 → A3."""
    plain = number.strip().upper().replace("-", "")
    return re.sub(r"^0+(?=[0-9])|(?:号楼|号栋|栋|幢|座|楼|号|#)+$", "", plain)


def building_words(numbers: Iterable[str]) -> str:
    """`1–5、8 栋`: building numbers in short, for telling two grids of an estate apart."""
    plain = [plain_building(number) for number in numbers]
    digits = sorted({int(number) for number in plain if number.isdigit()})
    runs: list[list[int]] = []
    for number in digits:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    groups: defaultdict[str, int] = defaultdict(int)
    for other in plain:
        if not other.isdigit():
            group = re.match(r"[0-9]+组", other)
            groups[group[0] if group else other] += 1
    others = "、".join(sorted(groups)[:6])
    return "，".join(filter(None, ("、".join(words[:6]) and f"{'、'.join(words[:6])} 栋", others)))
