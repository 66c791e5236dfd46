"""What an ownership question is answered with, and the words it is said in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.domain.address import AddressParts
from console.domain.address_book import AddressBook, BookGrid

ASK_PLACE = "请问在哪条路多少号，或哪个小区几栋？"
_COUNT_WORDS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


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
    the agent asks the caller, `candidates` what distinguishes the possible grids. OUTSIDE: `rule` says so;
    candidates are the grids of that road, never a proposal. `recognised` is what was understood.
    """

    kind: AnswerKind
    rule: str
    candidates: tuple[OwnerCandidate, ...] = ()
    question: str = ""
    neighbours: tuple[OwnerCandidate, ...] = ()
    recognised: tuple[str, ...] = ()
    registered: str = ""
    """OUTSIDE: what the book does have of that road: 单号 1–399 号，双号 2–418 号."""

    @property
    def grid(self) -> BookGrid | None:
        return self.candidates[0].grid if self.kind is AnswerKind.FOUND else None


def outside(words: str, candidates: tuple[OwnerCandidate, ...] = ()) -> OwnerAnswer:
    return OwnerAnswer(AnswerKind.OUTSIDE, words, candidates, ASK_PLACE)


def candidates_of(pairs: Sequence[tuple[BookGrid, str]]) -> tuple[OwnerCandidate, ...]:
    first: dict[int, OwnerCandidate] = {}
    for grid, rule in pairs:
        first.setdefault(grid.id, OwnerCandidate(grid, rule))
    return tuple(first.values())


def count(number: int) -> str:
    return _COUNT_WORDS[number] if number <= 10 else f" {number} "


def spans(what: str, candidates: Sequence[OwnerCandidate]) -> str:
    return f"{what}跨{count(len(candidates))}个网格"


def place_count(what: str, candidates: Sequence[OwnerCandidate]) -> str:
    return f"有{count(len(candidates))}处“{what}”"


def ask(question: str, candidates: tuple[OwnerCandidate, ...]) -> OwnerAnswer:
    rule = "可能是：" + "；".join(f"{c.grid.name}（{c.rule}）" for c in candidates)
    return OwnerAnswer(AnswerKind.AMBIGUOUS, rule, candidates, question)


def only_near(what: str, word: str, candidates: tuple[OwnerCandidate, ...]) -> OwnerAnswer:
    """对面, 附近: the grid of the thing named is only where to begin asking."""
    named = tuple(OwnerCandidate(c.grid, f"{c.rule}（参照）") for c in candidates)
    return ask(f"只知道在“{what}”{word}，请问事发处是几号、哪个小区几栋？", named)


def agrees(grid: BookGrid, parts: AddressParts) -> bool:
    return not _contradictions(grid, parts)


def _contradictions(grid: BookGrid, parts: AddressParts) -> list[str]:
    said = (
        (parts.district, grid.district),
        (parts.street, grid.street),
        (parts.community, grid.community),
        (parts.grid, grid.name),
    )
    return [
        words for words, name in said if words and name and words not in name and name not in words
    ]


def checked(answer: OwnerAnswer, parts: AddressParts, book: AddressBook, what: str) -> OwnerAnswer:
    """The answer, or a question when every grid found lies elsewhere than the caller said."""
    wrong = [_contradictions(one.grid, parts) for one in answer.candidates]
    if not wrong or not all(wrong):
        return answer
    said = [
        words
        for words in wrong[0]
        if words in (parts.district, parts.grid) or book.knows_unit(words)
    ]
    if not said:
        return answer
    grid = answer.candidates[0].grid
    where = "".join(filter(None, (grid.street, grid.community))) or grid.name
    question = f"登记的“{what}”在{where}，不在“{said[0]}”，请核对地址和街道"
    return ask(question, answer.candidates)
