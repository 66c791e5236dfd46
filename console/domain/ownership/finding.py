"""The rules in their order, and what to propose when none of them decides."""

from collections.abc import Callable
from dataclasses import replace

from console.domain.address import AddressParts
from console.domain.address_book import AddressBook
from console.domain.gazetteer import NameKind
from console.domain.ownership.answer import (
    ASK_PLACE,
    AnswerKind,
    OwnerAnswer,
    ask,
    candidates_of,
    outside,
)
from console.domain.ownership.by_name import by_building, by_community, by_estate
from console.domain.ownership.by_road import by_crossing, by_number, by_road
from console.domain.ownership.by_stake import by_stake
from console.domain.ownership.other_names import by_other_names, with_name

_MOST_NAMES = 4


def find_owner(parts: AddressParts, book: AddressBook) -> OwnerAnswer:
    """The grid of an address: by door number, estate and building, landmark, crossing, whole road, community."""
    told = by_other_names(parts, book, _by_todays_names)
    return replace(told or _by_todays_names(parts, book), recognised=parts.recognised)


def _by_todays_names(parts: AddressParts, book: AddressBook) -> OwnerAnswer:
    answer = _elsewhere(parts, book) or _decide(parts, book)
    if answer is None or answer.kind is AnswerKind.OUTSIDE:
        answer = (
            _proposals(parts, book) or answer or _only_district(parts) or outside(_unknown(parts))
        )
    return answer


def _decide(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    rules: tuple[Callable[[AddressParts, AddressBook], OwnerAnswer | None], ...] = (
        by_stake,
        by_building,
        by_number,
        by_estate,
        by_crossing,
        by_road,
        by_community,
    )
    return next((answer for rule in rules if (answer := rule(parts, book))), None)


def _only_district(parts: AddressParts) -> OwnerAnswer | None:
    named = (parts.road, parts.estate, parts.community, *parts.crossing, *parts.stretch)
    where = parts.street or parts.district
    if any(named) or not where:
        return None
    return OwnerAnswer(AnswerKind.AMBIGUOUS, f"只知道在{where}", (), ASK_PLACE)


def _unknown(parts: AddressParts) -> str:
    named = (
        parts.road,
        *parts.crossing,
        *parts.stretch,
        parts.estate,
        *parts.landmarks,
        parts.community,
    )
    names = [name for name in named if name][:2]
    if not names:
        return "没有认出地址" if parts.text else "还没有地址"
    return f"没有登记“{'”“'.join(names)}”，该地址不在任何网格内"


def _elsewhere(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    """长沙市五一路 is not our 五一路."""
    own = book.city_names
    if not parts.city or not own or any(parts.city in name or name in parts.city for name in own):
        return None
    return OwnerAnswer(
        AnswerKind.OUTSIDE, f"“{parts.city}”不是本市，不在任何网格内", (), "请问是在本市吗？"
    )


def _proposals(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    """Registered names that sound like, or are part of, what was said: proposed and asked, never taken."""
    found = dict.fromkeys(parts.doubtful)
    said = [(NameKind.ROAD, parts.road), *((NameKind.ROAD, road) for road in parts.crossing)]
    said += [(NameKind.ESTATE, parts.estate), (NameKind.COMMUNITY, parts.community)]
    said += [(NameKind.PLACE, name) for name in parts.landmarks]
    wrong = ""
    for _kind, name in said:
        for known in book.homophones(name) if len(name) > 1 else ():
            if known[1] != name:
                found.setdefault(known)
                wrong = wrong or name
    tried = [
        (name if now == name else f"{name}（今{now}）", _decide(with_name(parts, kind, now), book))
        for kind, name in list(found)[:_MOST_NAMES]
        for kind, now in (book.called(name) or ((kind, name),))
    ]
    answers = [(n, a) for n, a in tried if a is not None and a.kind is not AnswerKind.OUTSIDE]
    if not answers:
        return None
    candidates = candidates_of(
        [(c.grid, c.rule) for _name, answer in answers for c in answer.candidates]
    )
    names = "”“".join(dict.fromkeys(name for name, _answer in answers))
    begin = f"没有登记“{wrong}”，" if wrong else ""
    more = f"{answers[0][1].question}" if len(answers) == 1 else ""
    return ask(f"{begin}请问是不是“{names}”？{more}", candidates)
