"""By the stakes of a highway: G107 K1520+300."""

from collections.abc import Sequence
from dataclasses import replace

from console.domain.address import AddressParts
from console.domain.address_book import AddressBook, BookGrid, RoadRange
from console.domain.highways import METRES, stretch_words
from console.domain.ownership.answer import (
    AnswerKind,
    OwnerAnswer,
    OwnerCandidate,
    ask,
    candidates_of,
    checked,
    only_near,
    outside,
    spans,
)
from console.domain.ownership.by_name import by_estate
from console.domain.ownership.named import ranges_named

# So near to the end of a grid's stretch the grid next to it is worth naming.
_NEAR_METRES = 100


def by_stake(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    """Every grid one of the metres said lies in; a kilometre that lies in two is asked about."""
    if parts.stakes is None:
        return None
    low, high = parts.stakes
    ranges = [r for r in ranges_named(parts.road, book) if r.by_stakes]
    if not ranges:
        return None
    road = ranges[0].road
    what = f"{road} {stretch_words(low, high)}"
    hits = [r for r in ranges if r.reaches(low, high)]
    if not hits:
        return outside(
            f"{what} 不在登记的桩号范围内，该地址不在任何网格内", candidates_of(_pairs(ranges))
        )
    candidates = candidates_of(_pairs(hits))
    if word := parts.near_to("doors"):
        around = [r for r in ranges if r.reaches(low - METRES, high + METRES)]
        return only_near(what, word, candidates_of(_pairs(around)))
    if len(candidates) > 1:
        exactly = "请问是哪一段？" if high - low >= METRES else "请问是多少米（桩号加号后面的数）？"
        return ask(f"{spans(what, candidates)}，{exactly}", candidates)
    rule = f"按桩号：{hits[0].words}"
    near = [r for r in ranges if r.grid.id != hits[0].grid.id]
    near = [r for r in near if r.reaches(low - _NEAR_METRES, high + _NEAR_METRES)]
    found = OwnerAnswer(
        AnswerKind.FOUND,
        rule,
        (OwnerCandidate(candidates[0].grid, rule),),
        neighbours=candidates_of([(r.grid, f"邻界：{r.words}") for r in near]),
    )
    return _elsewhere(found, parts, book, what) or checked(found, parts, book, what)


def _elsewhere(
    found: OwnerAnswer, parts: AddressParts, book: AddressBook, what: str
) -> OwnerAnswer | None:
    """A question when a village or a landmark was named as well that lies in other grids."""
    other = by_estate(replace(parts, road="", stakes=None, near=()), book)
    if other is None or found.grid in {one.grid for one in other.candidates}:
        return None
    names = "”“".join(filter(None, (parts.estate or parts.community, *parts.landmarks)))
    question = f"{what} 与“{names}”不在同一个网格，请问事发在哪一处？"
    return ask(question, (*found.candidates, *other.candidates))


def _pairs(ranges: Sequence[RoadRange]) -> list[tuple[BookGrid, str]]:
    return [(r.grid, f"按桩号：{r.words}") for r in ranges]
