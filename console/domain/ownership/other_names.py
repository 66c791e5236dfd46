"""A road, an estate or a place said by an old or a second name: read by today's, and told so.

A name that several bear, or that is today's name of something else, is asked about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from console.domain.address import AddressParts
from console.domain.address_book import AddressBook
from console.domain.gazetteer import NameKind
from console.domain.ownership.answer import (
    AnswerKind,
    OwnerAnswer,
    OwnerCandidate,
    ask,
    candidates_of,
)

Find = Callable[[AddressParts, AddressBook], OwnerAnswer]
Named = tuple[NameKind, str]
_KIND_WORDS = {
    NameKind.ROAD: "道路", NameKind.ESTATE: "小区", NameKind.PLACE: "地点", NameKind.COMMUNITY: "社区",
    NameKind.STREET: "街道", NameKind.DISTRICT: "区县",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A name of the sentence, the part it stands in, and what bears it today."""

    kind: NameKind
    name: str
    bearers: Sequence[Named]

    @property
    def sure(self) -> bool:
        return len(self.bearers) == 1 and self.bearers[0][0] is self.kind

    def words(self, bearer: Named) -> str:
        """解放路现名宝丽西街; what people call a place or an estate may be no old name. Empty for today's name."""
        kind, now = bearer
        if now == self.name:
            return ""
        if kind is NameKind.ROAD:
            return f"按旧称：{self.name}现名{now}"
        return f"按别称：{self.name}即{now}"


def by_other_names(parts: AddressParts, book: AddressBook, find: Find) -> OwnerAnswer | None:
    """None where every name is today's. Otherwise `find`'s answer for today's names, or which is meant."""
    said = [Said(*named, bearers) for named in _names(parts) if (bearers := book.called(named[1]))]
    if not said:
        return None
    doubtful = next((one for one in said if not one.sure), None)
    if doubtful is not None:
        return _which(doubtful, parts, book, find)
    today = {(one.kind, one.name): one.bearers[0][1] for one in said}
    answer = find(_renamed(parts, today), book)
    told = "；".join(one.words(one.bearers[0]) for one in said)
    if answer.kind is AnswerKind.AMBIGUOUS:
        # Whichever is chosen, the order shall say how the caller's words led there.
        return ask(f"{told}。{answer.question}", _told(told, answer.candidates))
    return replace(answer, rule=f"{told}；{answer.rule}")


def with_name(parts: AddressParts, kind: NameKind, name: str) -> AddressParts:
    """The same address with this registered name in place of what was said."""
    bare = replace(parts, doubtful=(), text="")
    if kind is NameKind.ROAD:
        return replace(bare, road=name, crossing=(), stretch=(), estate="", landmarks=())
    plain = replace(bare, road="", number_low=None, number_high=None, crossing=(), stretch=())
    if kind is NameKind.ESTATE:
        return replace(plain, estate=name, landmarks=())
    if kind is NameKind.PLACE:
        return replace(plain, estate="", landmarks=(name,))
    return replace(plain, estate="", landmarks=(), community=name)


def _told(words: str, candidates: Sequence[OwnerCandidate]) -> tuple[OwnerCandidate, ...]:
    """Candidates whose line of the book begins with the name that led to them."""
    begin = f"{words}；" if words else ""
    return tuple(OwnerCandidate(one.grid, f"{begin}{one.rule}") for one in candidates)


def _names(parts: AddressParts) -> tuple[Named, ...]:
    roads = (parts.road, *parts.crossing, *parts.stretch, *(door[0] for door in parts.also_doors))
    named = [(NameKind.ROAD, road) for road in roads]
    named += [(NameKind.ESTATE, name) for name in (parts.estate, *parts.also)]
    named += [(NameKind.PLACE, name) for name in parts.landmarks]
    named += [(NameKind.COMMUNITY, parts.community)]
    return tuple(dict.fromkeys((kind, name) for kind, name in named if name))


def _renamed(parts: AddressParts, today: dict[Named, str]) -> AddressParts:
    def now(kind: NameKind, name: str) -> str:
        return today.get((kind, name), name)

    road, estate = NameKind.ROAD, NameKind.ESTATE
    return replace(
        parts,
        # 解放路 of the text is no road of today's any more.
        text="",
        road=now(road, parts.road),
        crossing=tuple(now(road, name) for name in parts.crossing),
        stretch=tuple(now(road, name) for name in parts.stretch),
        also_doors=tuple((now(road, name), low, high) for name, low, high in parts.also_doors),
        estate=now(estate, parts.estate),
        also=tuple(now(estate, name) for name in parts.also),
        landmarks=tuple(now(NameKind.PLACE, name) for name in parts.landmarks),
    )


def _which(said: Said, parts: AddressParts, book: AddressBook, find: Find) -> OwnerAnswer:
    """解放路 is a road of today and what another was called."""
    others = [
        f"{name}（{_KIND_WORDS[kind]}，又称{said.name}）" if name != said.name
        else f"今天的{name}（{_KIND_WORDS[kind]}）"
        for kind, name in said.bearers
    ]  # fmt: skip
    tried = [(bearer, find(with_name(parts, *bearer), book)) for bearer in said.bearers]
    candidates = candidates_of(
        [
            (one.grid, one.rule)
            for bearer, answer in tried
            for one in _told(said.words(bearer), answer.candidates)
        ]
    )
    return ask(f"“{said.name}”不止一处，请问是{'，还是'.join(others)}？", candidates)
