"""Whose grid an address lies in, by which rule, and what to ask when that is not clear (peers 6.2)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from console.domain.address import AddressParts

# A door this near to the end of a grid's range makes the grid next to it worth naming. Even, so
# that widening a range of doors keeps its side of the road.
NEAR_DOORS = 4
_COUNT_WORDS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


class Side(StrEnum):
    """Which side of a road a range of door numbers means; the value is what the database stores."""

    ODD = "odd"
    EVEN = "even"
    BOTH = "both"


SIDE_WORDS: dict[Side, str] = {Side.ODD: "单号侧", Side.EVEN: "双号侧", Side.BOTH: ""}


@dataclass(frozen=True, slots=True)
class BookGrid:
    """A grid as the address book knows it; names are for narrowing and for telling."""

    id: int
    code: str
    name: str
    community: str = ""
    street: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class RoadRange:
    """Door numbers `low` to `high` of a road, both included, that lie in one grid."""

    road: str
    low: int
    high: int
    side: Side
    grid: BookGrid

    @property
    def words(self) -> str:
        return f"{self.road} {self.low}–{self.high} 号{SIDE_WORDS[self.side]}"

    @property
    def _parities(self) -> frozenset[int]:
        return {Side.ODD: frozenset({1}), Side.EVEN: frozenset({0})}.get(
            self.side, frozenset({0, 1})
        )

    def meets(self, low: int, high: int) -> bool:
        """Whether any door asked for lies in this range; ends of one parity mean one side of the road."""
        first, last = max(low, self.low), min(high, self.high)
        wanted = self._parities & ({low % 2} if low % 2 == high % 2 else {0, 1})
        return any(first + (first % 2 != parity) <= last for parity in wanted)


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


class AddressBook(Protocol):
    """What the database must be able to look up; every method answers from an index."""

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]: ...
    def estates(self, name: str) -> Sequence[Estate]: ...
    def buildings(self, estate: Estate) -> Sequence[Building]: ...
    def communities(self, name: str) -> Sequence[Community]: ...

    def roads_like(self, text: str) -> Sequence[str]:
        """Names of registered roads that occur in `text`, for sentences the parser cuts wrongly."""
        ...


class AnswerKind(StrEnum):
    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class OwnerCandidate:
    """A grid it may be, and the line of the book that says so."""

    grid: BookGrid
    rule: str


@dataclass(frozen=True, slots=True)
class OwnerAnswer:
    """Whose grid it is.

    FOUND: one candidate; `rule` goes into the dispatch order as evidence. AMBIGUOUS: `question` is what
    the agent asks the caller. OUTSIDE: `rule` says so; candidates are the nearest there are.
    """

    kind: AnswerKind
    rule: str
    candidates: tuple[OwnerCandidate, ...] = ()
    question: str = ""
    neighbours: tuple[OwnerCandidate, ...] = ()

    @property
    def grid(self) -> BookGrid | None:
        return self.candidates[0].grid if self.kind is AnswerKind.FOUND else None


def find_owner(parts: AddressParts, book: AddressBook) -> OwnerAnswer:
    """The grid of an address: by door number, then estate and building, whole road, community."""
    rules: tuple[Callable[[AddressParts, AddressBook], OwnerAnswer | None], ...] = (
        _by_number,
        _by_estate,
        _by_road,
        _by_community,
    )
    answers = (rule(parts, book) for rule in rules)
    return next((answer for answer in answers if answer), _outside("该地址不在任何网格内"))


def _outside(words: str, candidates: tuple[OwnerCandidate, ...] = ()) -> OwnerAnswer:
    question = "请问在哪条路多少号，或哪个小区几栋？"
    return OwnerAnswer(AnswerKind.OUTSIDE, words, candidates, question)


def _ranges(parts: AddressParts, book: AddressBook) -> tuple[RoadRange, ...]:
    """The ranges of the road meant, narrowed by the district, street or community said."""
    for name in _road_names(parts, book):
        ranges = tuple(book.road_ranges(name))
        if ranges:
            return tuple(r for r in ranges if _agrees(r.grid, parts)) or ranges
    return ()


def _road_names(parts: AddressParts, book: AddressBook) -> list[str]:
    """Names to try: as cut, without leading words (路口保利西街), then every road the book sees in it."""
    cuts = [m.end() for m in re.finditer(r"[路街巷道弄](?:口|边|段)?", parts.road)][:-1]
    names = [parts.road, *(parts.road[cut:] for cut in cuts)] if parts.road else []
    seen = sorted(book.roads_like(parts.text), key=len, reverse=True) if parts.text else []
    return [name for name in names if name] + [name for name in seen if name in parts.text]


def _agrees(grid: BookGrid, parts: AddressParts) -> bool:
    said = (
        (parts.district, grid.district),
        (parts.street, grid.street),
        (parts.community, grid.community),
        (parts.grid, grid.name),
    )
    return all(not words or not name or words in name or name in words for words, name in said)


def _by_number(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    if parts.number_low is None:
        return None
    ranges = _ranges(parts, book)
    low, high = parts.number_low, parts.number_high or parts.number_low
    hits = [r for r in ranges if r.meets(low, high)]
    if not hits:
        return None
    candidates = _candidates([(r.grid, f"按地址：{r.words}") for r in hits])
    if len(candidates) == 1:
        near = _neighbours(ranges, hits, low, high)
        return OwnerAnswer(AnswerKind.FOUND, candidates[0].rule, candidates, neighbours=near)
    what = f"{hits[0].road} {parts.numbers} 号"
    if parts.number_high is None:
        return _ask(f"{_place_count(what, candidates)}，请问在哪个街道或社区？", candidates)
    return _ask(f"{_spans(what, candidates)}，请问具体门牌号？", candidates)


def _candidates(pairs: list[tuple[BookGrid, str]]) -> tuple[OwnerCandidate, ...]:
    first: dict[int, OwnerCandidate] = {}
    for grid, rule in pairs:
        first.setdefault(grid.id, OwnerCandidate(grid, rule))
    return tuple(first.values())


def _neighbours(
    ranges: Sequence[RoadRange], hits: Sequence[RoadRange], low: int, high: int
) -> tuple[OwnerCandidate, ...]:
    own = {r.grid.id for r in hits}
    near = [
        r for r in ranges if r.grid.id not in own and r.meets(low - NEAR_DOORS, high + NEAR_DOORS)
    ]
    return _candidates([(r.grid, f"邻界：{r.words}") for r in near])


def _count(number: int) -> str:
    return _COUNT_WORDS[number] if number <= 10 else f" {number} "


def _spans(what: str, candidates: Sequence[OwnerCandidate]) -> str:
    return f"{what}跨{_count(len(candidates))}个网格"


def _place_count(what: str, candidates: Sequence[OwnerCandidate]) -> str:
    return f"有{_count(len(candidates))}处“{what}”"


def _ask(question: str, candidates: tuple[OwnerCandidate, ...]) -> OwnerAnswer:
    rule = "可能是：" + "；".join(f"{c.grid.name}（{c.rule}）" for c in candidates)
    return OwnerAnswer(AnswerKind.AMBIGUOUS, rule, candidates, question)


def _by_estate(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    for name in (parts.estate, *parts.landmarks):
        estates = tuple(book.estates(name)) if name else ()
        if estates:
            narrowed = tuple(e for e in estates if any(_agrees(g, parts) for g in e.grids))
            return _of_estates(parts, narrowed or estates, book)
    return None


def _of_estates(parts: AddressParts, estates: tuple[Estate, ...], book: AddressBook) -> OwnerAnswer:
    name = estates[0].name
    built = _buildings(parts, estates, book)
    if len(built) == 1:
        return OwnerAnswer(AnswerKind.FOUND, built[0].rule, built)
    if built:
        return _ask(f"{_place_count(name, built)}，请问在哪个街道或社区？", built)
    whole = _candidates([(g, f"按小区：{e.name}") for e in estates for g in e.grids])
    if len(whole) == 1:
        rule = f"按小区：{name}（整个小区在一个网格）"
        return OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(whole[0].grid, rule),))
    if len(estates) > 1:
        return _ask(f"{_place_count(name, whole)}，请问在哪个街道或社区？", whole)
    missing = f"没有登记 {parts.building} 栋，" if parts.building else ""
    return _ask(f"{_spans(name, whole)}，{missing}请问几栋？", whole)


def _buildings(
    parts: AddressParts, estates: tuple[Estate, ...], book: AddressBook
) -> tuple[OwnerCandidate, ...]:
    if not parts.building:
        return ()
    pairs = [
        (building.grid, f"按楼栋：{estate.name} {_plain_building(building.number)} 栋")
        for estate in estates
        for building in book.buildings(estate)
        if _plain_building(building.number) == parts.building
    ]
    return _candidates(pairs)


def _plain_building(number: str) -> str:
    return re.sub(r"^0+(?=[0-9])|(?:号楼|号栋|栋|幢|座|楼|号|#)+$", "", number.strip().upper())


def _by_road(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    ranges = _ranges(parts, book)
    if not ranges:
        return None
    road = ranges[0].road
    candidates = _candidates([(r.grid, f"按地址：{r.words}") for r in ranges])
    if parts.number_low is not None:
        words = f"{road} {parts.numbers} 号不在登记的门牌范围内，该地址不在任何网格内"
        return _outside(words, candidates)
    if len(candidates) > 1:
        return _ask(f"{_spans(road, candidates)}，请问门牌号？", candidates)
    rule = f"按道路：{road}（全路在一个网格）"
    return OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(candidates[0].grid, rule),))


def _by_community(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    found = tuple(book.communities(parts.community)) if parts.community else ()
    narrowed = [g for c in found for g in c.grids if _agrees(g, parts)]
    grids = narrowed or [g for c in found for g in c.grids]
    candidates = _candidates([(g, f"按社区：{parts.community}") for g in grids])
    if not candidates:
        return None
    if len(candidates) == 1:
        return OwnerAnswer(AnswerKind.FOUND, candidates[0].rule, candidates)
    question = f"{parts.community}有{_count(len(candidates))}个网格，请问在哪条路或哪个小区？"
    return _ask(question, candidates)


@dataclass(slots=True)
class InMemoryAddressBook:
    """A small address book for tests and training; fill the lists, then ask."""

    ranges: list[RoadRange] = field(default_factory=list)
    estate_list: list[Estate] = field(default_factory=list)
    building_lists: dict[int, list[Building]] = field(default_factory=dict)
    community_list: list[Community] = field(default_factory=list)

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]:
        return [r for r in self.ranges if r.road == road_name]

    def estates(self, name: str) -> Sequence[Estate]:
        return [e for e in self.estate_list if e.name == name]

    def buildings(self, estate: Estate) -> Sequence[Building]:
        return self.building_lists.get(estate.id, [])

    def communities(self, name: str) -> Sequence[Community]:
        return [c for c in self.community_list if c.name == name]

    def roads_like(self, text: str) -> Sequence[str]:
        return sorted({r.road for r in self.ranges if r.road in text})
