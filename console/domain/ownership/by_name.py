"""By estate and building, village group, landmark, community."""

from collections.abc import Sequence
from dataclasses import replace

from console.domain.address import AddressParts
from console.domain.address_book import (
    AddressBook,
    BookGrid,
    Estate,
    Landmark,
    building_words,
    plain_building,
)
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
    place_count,
    spans,
)
from console.domain.ownership.named import ranges_named


def by_building(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    """A registered building is surer than the door its estate's gate has: the gate may lie in another grid."""
    if not parts.building or not parts.estate or parts.near:
        return None
    estates = tuple(e for e in book.estates(parts.estate) if e.name == parts.estate)
    built = _buildings(parts, estates, book)
    if parts.others:
        built = _all_of_them(parts, estates, book)
        if len(built) > 1:
            return ask(f"说了{parts.estate}不止一栋，请问事发在哪一栋？", built)
    if len(built) != 1:
        return None
    answer = OwnerAnswer(AnswerKind.FOUND, built[0].rule, built)
    return checked(answer, parts, book, parts.estate)


def _all_of_them(
    parts: AddressParts, estates: tuple[Estate, ...], book: AddressBook
) -> tuple[OwnerCandidate, ...]:
    """The grids of every building, or group, that was said."""
    groups = bool(parts.group) or not parts.building
    others = (
        replace(parts, group=other) if groups else replace(parts, building=other)
        for other in parts.others
    )
    each = (parts, *others)
    return candidates_of([(c.grid, c.rule) for one in each for c in _buildings(one, estates, book)])


def by_estate(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    village = parts.community if parts.group and not parts.estate else ""
    if parts.also and not parts.building and parts.estate:
        return _several(parts, (parts.estate, *parts.also), book)
    registered = [name for name in parts.landmarks if book.landmarks(name)]
    if len(registered) > 1 and not parts.estate:
        return _several(parts, registered, book)
    if registered and parts.near_to("estate") and not parts.building:
        # 锦江苑对面的好又多超市: the shop is the place.
        return _of_landmarks(parts, tuple(book.landmarks(registered[0])), book)
    for name in filter(None, (parts.estate, village, *parts.landmarks)):
        estates = tuple(book.estates(name))
        if estates:
            narrowed = tuple(e for e in estates if any(agrees(g, parts) for g in e.grids))
            return _of_estates(name, parts, narrowed or estates, book)
        if landmarks := tuple(book.landmarks(name)):
            return _of_landmarks(parts, landmarks, book)
    return None


def _several(parts: AddressParts, names: Sequence[str], book: AddressBook) -> OwnerAnswer:
    """幸福花园和望台小学之间: every place that was named, unless all lie in one grid."""
    pairs = [
        (g, f"按小区：{e.name}") for name in names for e in book.estates(name) for g in e.grids
    ]
    pairs += [
        (one.grid, f"按{one.kind}：{one.name}") for name in names for one in book.landmarks(name)
    ]
    found = candidates_of(pairs)
    what = "”“".join(names)
    if len(found) == 1 and not parts.near:
        rule = f"按地标：{'、'.join(names)}（都在一个网格）"
        return OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(found[0].grid, rule),))
    return ask(f"说了“{what}”，请问事发在哪一处？", found)


def _of_estates(
    said: str, parts: AddressParts, estates: tuple[Estate, ...], book: AddressBook
) -> OwnerAnswer:
    name = estates[0].name
    answer = checked(_in_estates(parts, estates, book), parts, book, name)
    if word := parts.near_to("estate"):
        what = f"{name} {parts.building} 栋" if parts.building.isdigit() else name
        every = _all_of_them(parts, estates, book) if parts.others else answer.candidates
        return only_near(what, word, (*every, *_on_road(parts, book)))
    if answer.kind is AnswerKind.FOUND and said != name:
        return ask(f"登记的是“{name}”，请问“{said}”就是这里吗？", answer.candidates)
    return answer


def _on_road(parts: AddressParts, book: AddressBook) -> tuple[OwnerCandidate, ...]:
    """码头新村附近的石塔巷: the lane is as likely meant."""
    ranges = ranges_named(parts.road, book) if parts.road else ()
    return candidates_of([(r.grid, f"按地址：{r.words}") for r in ranges])


def _in_estates(parts: AddressParts, estates: tuple[Estate, ...], book: AddressBook) -> OwnerAnswer:
    name = estates[0].name
    built = _all_of_them(parts, estates, book) if parts.others else _buildings(parts, estates, book)
    if len(built) == 1:
        return OwnerAnswer(AnswerKind.FOUND, built[0].rule, built)
    if built and parts.others:
        return ask(f"说了{name}不止一处，请问事发在哪一处？", built)
    if built and (parts.building or len(estates) > 1):
        return ask(f"{place_count(name, built)}，请问在哪个街道或社区？", built)
    if built:
        return ask(f"{name} {parts.group} 组跨{count(len(built))}个网格，请问几号？", built)
    whole = candidates_of([(g, _part_words(e, g, book)) for e in estates for g in e.grids])
    if len(whole) == 1:
        rule = f"按小区：{name}（整个小区在一个网格）"
        return OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(whole[0].grid, rule),))
    if len(estates) > 1:
        return ask(f"{place_count(name, whole)}，请问在哪个街道或社区？", whole)
    missing = f"没有登记 {parts.building} 栋，" if parts.building else ""
    which = "几组" if any("组" in c.rule for c in whole) else "几栋"
    return ask(f"{spans(name, whole)}，{missing}请问{which}？", whole)


def _part_words(estate: Estate, grid: BookGrid, book: AddressBook) -> str:
    """Which buildings of an estate lie in one of its grids: what the caller can tell apart."""
    if len(estate.grids) < 2:
        return f"按小区：{estate.name}"
    numbers = [one.number for one in book.buildings(estate) if one.grid.id == grid.id]
    return f"按小区：{estate.name}{' ' + building_words(numbers) if numbers else ''}"


def _buildings(
    parts: AddressParts, estates: tuple[Estate, ...], book: AddressBook
) -> tuple[OwnerCandidate, ...]:
    """The grids of the building said, or of a whole village group."""
    asked, group = plain_building(parts.building), f"{parts.group}组"
    every = [(estate, one) for estate in estates for one in book.buildings(estate)]
    if asked:
        pairs = [
            (one.grid, _building_rule(estate.name, plain_building(one.number)))
            for estate, one in every
            if plain_building(one.number) == asked
        ]
    else:
        pairs = [
            (one.grid, f"按村组：{estate.name} {parts.group} 组")
            for estate, one in every
            if parts.group and one.number.startswith(group)
        ]
    return candidates_of(pairs)


def _building_rule(estate: str, number: str) -> str:
    return f"按楼栋：{estate} {number} {'号' if '组' in number else '栋'}"


def _of_landmarks(
    parts: AddressParts, landmarks: tuple[Landmark, ...], book: AddressBook
) -> OwnerAnswer:
    name = landmarks[0].name
    narrowed = [one for one in landmarks if agrees(one.grid, parts)] or landmarks
    found = candidates_of(
        [
            (one.grid, f"按{one.kind}：{one.name}{f'（{one.address}）' if one.address else ''}")
            for one in narrowed
        ]
    )
    if word := parts.near_to("place"):
        return only_near(name, word, found)
    if name not in parts.landmarks:
        said = next((word for word in parts.landmarks if word in name), name)
        return ask(f"登记的有“{name}”，请问“{said}”就是这里吗？", found)
    if len(found) > 1:
        return ask(f"{place_count(name, found)}，请问在哪个街道或社区？", found)
    answer = OwnerAnswer(AnswerKind.FOUND, found[0].rule, found)
    return checked(answer, parts, book, name)


def by_community(parts: AddressParts, book: AddressBook) -> OwnerAnswer | None:
    found = tuple(book.communities(parts.community)) if parts.community else ()
    narrowed = [g for c in found for g in c.grids if agrees(g, parts)]
    grids = narrowed or [g for c in found for g in c.grids]
    if not grids or parts.road or parts.estate or parts.landmarks or parts.crossing:
        # Something more exact was said and is not registered: the community's only grid would be a guess.
        return _less_than_said(parts, grids)
    candidates = candidates_of([(g, _community_words(parts.community, g)) for g in grids])
    if len(candidates) == 1:
        rule = f"按社区：{parts.community}"
        return OwnerAnswer(AnswerKind.FOUND, rule, (OwnerCandidate(grids[0], rule),))
    question = f"{parts.community}有{count(len(candidates))}个网格，请问在哪条路或哪个小区？"
    return ask(question, candidates)


def _community_words(community: str, grid: BookGrid) -> str:
    return f"按社区：{community}{f'（{grid.bounds}）' if grid.bounds else ''}"


def _less_than_said(parts: AddressParts, grids: Sequence[BookGrid]) -> OwnerAnswer | None:
    if not grids:
        return None
    candidates = candidates_of([(g, _community_words(parts.community, g)) for g in grids])
    unknown = next(filter(None, (parts.road, *parts.crossing, parts.estate, *parts.landmarks)))
    return ask(f"{parts.community}里没有登记“{unknown}”，请问属哪个网格？", candidates)
