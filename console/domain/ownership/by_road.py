"""By door number, crossing, whole road or one side of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from console.domain.address import AddressParts
from console.domain.address_book import AddressBook, RoadRange, Side
from console.domain.ownership.answer import (
    AnswerKind,
    OwnerAnswer,
    OwnerCandidate,
    agrees,
    ask,
    candidates_of,
    checked,
    count,
    only_near,
    outside,
    place_count,
    spans,
)
from console.domain.ownership.named import ranges_named

# A door this near to the end of a grid's range makes the grid next to it worth naming. Even, so
# that widening a range of doors keeps its side of the road.
NEAR_DOORS = 4
_SIDE_WORDS = {"odd": "单号侧", "even": "双号侧", "": ""}


def by_number(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    lane = re.fullmatch(r"(.+?)([0-9]{1,5})弄", parts.road)
    if lane and not book.road_ranges(parts.road):
        # 长宁路1238弄15号: the lane is the door of the road, the number behind it a building.
        door = int(lane[2])
        parts = replace(parts, road=lane[1], number_low=door, number_high=None)
    if parts.number_low is None:
        return None
    ranges = _ranges(parts, book)
    low, high = parts.number_low, parts.number_high or parts.number_low
    hits = [r for r in ranges if r.meets(low, high, parts.side)]
    if not hits:
        # Not in the street that was said: then elsewhere, and that is asked about.
        ranges = _ranges(replace(parts, district="", street="", community="", grid=""), book)
        hits = [r for r in ranges if r.meets(low, high, parts.side)]
    if not hits:
        return None
    candidates = candidates_of([(r.grid, f"按地址：{r.words}") for r in hits])
    near = _neighbours(ranges, hits, low, high)
    what = f"{hits[0].road} {parts.numbers} 号{_SIDE_WORDS[parts.side]}"
    word = parts.near_to("doors")
    # 123号和125号之间 are the doors from one to the other.
    if word and not (word == "之间" and parts.number_high):
        # 对面 has the other parity: doors of both sides nearby.
        around = [r for r in ranges if r.meets(low - NEAR_DOORS - 1, high + NEAR_DOORS)]
        others = [(r.grid, f"附近：{r.words}") for r in around]
        return only_near(
            what, word, candidates_of([*((c.grid, c.rule) for c in candidates), *others])
        )
    if len(candidates) == 1:
        found = OwnerAnswer(AnswerKind.FOUND, candidates[0].rule, candidates, neighbours=near)
        other = _one_of(parts, book, candidates) or _other_estate(parts, book, candidates, what)
        return other or checked(found, parts, book, what)
    if parts.number_high is None:
        return ask(f"{place_count(what, candidates)}，请问在哪个街道或社区？", candidates)
    return ask(f"{spans(what, candidates)}，请问具体门牌号？", candidates)


def _registered(ranges: Sequence[RoadRange]) -> str:
    """The doors of a road in short, side by side: 单号 1–399 号，双号 2–418 号."""
    said = []
    for side, name in ((Side.ODD, "单号 "), (Side.EVEN, "双号 "), (Side.BOTH, "")):
        runs: list[list[int]] = []
        for one in sorted((r for r in ranges if r.side is side), key=lambda r: r.low):
            if runs and one.low <= runs[-1][1] + 2:
                runs[-1][1] = max(runs[-1][1], one.high)
            else:
                runs.append([one.low, one.high])
        said += [f"{name}{low}–{high} 号" for low, high in runs]
    return "，".join(said)


def _one_of(
    parts: AddressParts, book: AddressBook, first: tuple[OwnerCandidate, ...]
) -> OwnerAnswer | None:
    """A question when a second address was said that lies in another grid."""
    others = [
        (r.grid, f"按地址：{r.words}")
        for road, low, high in parts.also_doors
        for r in book.road_ranges(road)
        if r.meets(low, high)
    ]
    every = candidates_of([*((c.grid, c.rule) for c in first), *others])
    return ask("说了不止一处门牌，请问事发在哪一处？", every) if len(every) > 1 else None


def _other_estate(
    parts: AddressParts, book: AddressBook, door: tuple[OwnerCandidate, ...], what: str
) -> OwnerAnswer | None:
    """A question when the estate said behind the door lies in other grids altogether."""
    estates = [e for e in book.estates(parts.estate) if e.name == parts.estate and not parts.near]
    there = candidates_of([(g, f"按小区：{e.name}") for e in estates for g in e.grids])
    if not there or {c.grid.id for c in there} & {c.grid.id for c in door}:
        return None
    question = f"{what}和“{parts.estate}”不在同一个网格，请问事发在哪一处？"
    return ask(question, (*door, *there))


def _neighbours(
    ranges: Sequence[RoadRange], hits: Sequence[RoadRange], low: int, high: int
) -> tuple[OwnerCandidate, ...]:
    own = {r.grid.id for r in hits}
    near = [
        r for r in ranges if r.grid.id not in own and r.meets(low - NEAR_DOORS, high + NEAR_DOORS)
    ]
    return candidates_of([(r.grid, f"邻界：{r.words}") for r in near])


def by_crossing(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    """Two roads: a corner of a crossing may be anybody's, so it is asked unless all of both is one grid's."""
    pair = parts.crossing or (() if parts.road else parts.stretch)
    sides = [ranges_named(name, book) for name in pair]
    if not pair or not any(sides):
        return None
    what = ("至" if parts.stretch else "与").join(pair)
    missing = [name for name, ranges in zip(pair, sides, strict=True) if not ranges]
    common = set.intersection(*({r.grid.id for r in ranges} for ranges in sides if ranges))
    every = [r for ranges in sides for r in ranges]
    grids = {r.grid.id for r in every}
    chosen = [r for r in every if not common or r.grid.id in common]
    found = candidates_of([(r.grid, f"按路口：{r.words}") for r in chosen])
    if len(grids) == 1 and not missing:
        rule = f"按路口：{what}（两条路全在一个网格）"
        return OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(found[0].grid, rule),))
    return ask(_crossing_words(parts, what, missing, bool(common), len(found)), found)


def _crossing_words(
    parts: AddressParts, what: str, missing: list[str], meet: bool, grids: int
) -> str:
    if not meet:
        return f"登记的{what}没有共同的网格，请核对路名，问清靠近哪条路几号"
    told = f"没有登记“{missing[0]}”，" if missing else ""
    kind, more = (
        ("路段", "请问靠近哪条路几号？") if parts.stretch else ("路口", "请问在哪一角、靠近几号？")
    )
    return f"{told}{what}{kind}可能属{count(grids)}个网格，{more}"


def by_road(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    ranges = _ranges(parts, book)
    if not ranges:
        return None
    road = ranges[0].road
    candidates = candidates_of(
        [(r.grid, f"按地址：{r.words}") for r in ranges if r.on_side(parts.side)]
    )
    if parts.number_low is not None:
        words = f"{road} {parts.numbers} 号{_SIDE_WORDS[parts.side]}不在登记的门牌范围内，该地址不在任何网格内"
        return replace(outside(words, candidates), registered=_registered(ranges))
    what = f"{road}{_SIDE_WORDS[parts.side]}"
    if not candidates:
        return outside(f"{what}没有登记门牌，该地址不在任何网格内")
    if word := parts.near_to("road"):
        return only_near(what, word, candidates)
    if len(candidates) > 1:
        number = "多少公里处（桩号）" if any(r.by_stakes for r in ranges) else "门牌号"
        return ask(f"{spans(what, candidates)}，请问{number}？", candidates)
    rule = f"按道路：{what}（全{'侧' if parts.side else '路'}在一个网格）"
    found = OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(candidates[0].grid, rule),))
    return checked(found, parts, book, road)


def _ranges(parts: AddressParts, book: AddressBook) -> tuple[RoadRange, ...]:
    """The ranges of the road meant, narrowed by the district, street or community said."""
    for name in _road_names(parts, book):
        ranges = ranges_named(name, book)
        if ranges:
            return tuple(r for r in ranges if agrees(r.grid, parts)) or ranges
    return ()


def _road_names(parts: AddressParts, book: AddressBook) -> list[str]:
    """Names to try: as cut, without leading words (路口保利西街), then every road the book sees in it."""
    cuts = [m.end() for m in re.finditer(r"[路街巷道弄](?:口|边|段)?", parts.road)][:-1]
    tails = [parts.road[cut:] for cut in cuts if re.search(r"[路街巷道弄]$", parts.road[cut:])]
    names = [parts.road, *tails] if parts.road else []
    if parts.doubtful or parts.crossing or parts.stretch or _is_lane(parts.road, book):
        return names[:1]
    seen = sorted(book.roads_like(parts.text), key=len, reverse=True) if parts.text else []
    return names + [name for name in seen if name in parts.text and _stands_alone(name, parts.text)]


def _is_lane(road: str, book: AddressBook) -> bool:
    """建设路北一巷 is a lane, not the end 北一巷 nor the beginning 建设路 of something."""
    return bool(re.search(r"(?:巷|弄|里|胡同|支路|横街|横路)$", road)) and not book.road_ranges(
        road
    )


def _stands_alone(name: str, text: str) -> bool:
    """A short name inside a longer word is not that road: 西街 in 保利西街."""
    before = text[: text.find(name)]
    return len(name) > 3 or not before or before[-1] in ",的在到至与和住是路街巷道区县镇乡村社"
