"""Whose grid a spoken address lies in, from the database's own roads, estates and buildings (peers 6.2)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.address import AddressParts, parse_address
from console.domain.address_book import (
    AnswerKind,
    BookGrid,
    Building,
    Community,
    Estate,
    OwnerAnswer,
    OwnerCandidate,
    RoadRange,
    find_owner,
)
from console.domain.intake import Choice, PlaceAnswer
from console.domain.records import GridOwner
from console.ledger.places import grid_owner
from console.services.intake.city import City
from console.services.intake.matching import MOST_OFFERED, offers
from db import models
from db.search import normalise, simplify

MOST_CANDIDATES = 9
_BUILDING_TYPED = re.compile(r"^(?P<estate>.*?[^0-9])(?P<number>[0-9]+)(?:号楼|栋|幢|座)?$")

_BUILDING_BEHIND = re.compile(
    r"(?P<number>[0-9]{1,4}|[A-Z][0-9]?)(?:号楼|号|栋|幢|座|楼|#)?(?![0-9])"
)


class DatabaseAddressBook:
    """The address book of `console.domain.address_book`, from memory but for the buildings of one estate."""

    def __init__(self, city: City, session: Session) -> None:
        self._city, self._session = city, session

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]:
        return self._city.ranges.get(road_name, ())

    def roads_like(self, text: str) -> Sequence[str]:
        return [name for name in self._city.ranges if name in text]

    def estates(self, name: str) -> Sequence[Estate]:
        """Estates of that name; failing that, those whose name begins with it or which it ends with."""
        exact = [estate for estate in self._city.estates if estate.name == name]
        if exact or len(name) < 2:
            return exact
        return [e for e in self._city.estates if e.name.startswith(name) or name.endswith(e.name)]

    def buildings(self, estate: Estate) -> Sequence[Building]:
        kept = self._city.building_lists
        if estate.id not in kept:
            row = models.Building
            query = select(row.number, row.grid_id).where(row.estate_id == estate.id)
            rows = self._session.execute(query).all()
            grids = self._city.grids
            kept[estate.id] = tuple(Building(number, grids[g]) for number, g in rows if g in grids)
        return kept[estate.id]

    def communities(self, name: str) -> Sequence[Community]:
        found = self._city.communities.get(name)
        return (found,) if found else ()


def read_address(city: City, sentence: str) -> AddressParts:
    return parse_address(sentence, simplify, city.known)


def owner_of(session: Session, city: City, sentence: str) -> OwnerAnswer:
    """The rule that decides and the grids it names.

    When the parts alone do not decide, a registered estate or village group that stands in the sentence
    word for word does: 前窑村3组32号 and 和园公寓1栋 are cut wrongly by guessing.
    """
    parts, book = read_address(city, sentence), DatabaseAddressBook(city, session)
    answer = find_owner(parts, book)
    if answer.kind is AnswerKind.FOUND:
        return answer
    named = _registered(city, parts, book)
    found = find_owner(named, book) if named else answer
    return found if found.kind is not AnswerKind.OUTSIDE else answer


def _registered(city: City, parts: AddressParts, book: DatabaseAddressBook) -> AddressParts | None:
    """The parts again by the longest registered estate in the sentence and its building named right behind."""
    named = [
        estate for estate in city.estates if len(estate.name) > 2 and estate.name in parts.text
    ]
    if not named:
        return None
    name = max((estate.name for estate in named), key=len)
    behind = parts.text.split(name, 1)[1]
    numbers = (
        _bare(one.number)
        for estate in named
        if estate.name == name
        for one in book.buildings(estate)
    )
    begun = [
        number
        for number in numbers
        if behind.startswith(number) and not behind[len(number) :][:1].isdigit()
    ]
    number = max(begun, key=len, default="")
    return replace(parts, road="", number_low=None, number_high=None, estate=name, building=number)


def _bare(number: str) -> str:
    """A registered building as `find_owner` compares it: 3栋 → 3, 3组32号 → 3组32."""
    return re.sub(r"^0+(?=[0-9])|(?:号楼|号栋|栋|幢|座|楼|号|#)+$", "", number.strip().upper())


def place(session: Session, city: City, sentence: str) -> PlaceAnswer:
    """Whose grid the sentence means, or what to ask. At most 3 statements."""
    answer = owner_of(session, city, sentence)
    neighbour = "；".join(f"{near.grid.name}（{near.rule}）" for near in answer.neighbours)
    if answer.grid is None:
        candidates = tuple(_brief(city, one) for one in answer.candidates[:MOST_CANDIDATES])
        return PlaceAnswer(None, candidates, answer.rule, answer.question, neighbour)
    owner = grid_owner(session, answer.grid.id, answer.rule)
    words = answer.rule.split("：")[0] + ("·近邻界" if neighbour else "")
    return PlaceAnswer(owner, (), answer.rule, answer.question, neighbour, words)


def home(session: Session, person_id: int) -> PlaceAnswer:
    """The grid of the caller's registered home. 3 statements."""
    query = select(models.Person.grid_id, models.Person.home)
    found = session.execute(query.where(models.Person.id == person_id)).first()
    if found is None:
        return PlaceAnswer(ask="请问在哪条路多少号，或哪个小区几栋？")
    rule = f"按登记住址：{found.home}"
    return PlaceAnswer(grid_owner(session, found.grid_id, rule), rule=rule, confidence="按住址")


def _brief(city: City, candidate: OwnerCandidate) -> GridOwner:
    """A candidate without its staff: those are read when it is chosen."""
    grid: BookGrid = candidate.grid
    street, community = city.street_of(grid.id), city.above(grid.id, ("community", "village"))
    return GridOwner(
        grid_id=grid.id,
        grid_code=grid.code,
        grid_name=city.units[grid.id].short or grid.name,
        community=community.label if community else grid.community,
        street=street.label if street else grid.street,
        rule=candidate.rule,
        street_unit_id=street.id if street else 0,
        community_unit_id=community.id if community else 0,
    )


def addresses(session: Session, city: City, typed: str) -> tuple[Choice, ...]:
    """Roads and estates by piece or initials; behind an estate's name its buildings."""
    built = _BUILDING_TYPED.match(normalise(typed))
    if built:
        book = DatabaseAddressBook(city, session)
        exact = [e for e in city.estates if normalise(e.name) == built["estate"]]
        return tuple(_buildings(book, exact, built["number"]))[:MOST_OFFERED]
    return offers(city.address_lines, typed) if typed.strip() else ()


def _buildings(book: DatabaseAddressBook, estates: Sequence[Estate], number: str) -> list[Choice]:
    return [
        Choice(
            f"building:{estate.id}:{built.number}",
            f"{estate.name}{_named(built.number)}",
            "楼栋",
            built.grid.name,
        )
        for estate in estates
        for built in book.buildings(estate)
        if built.number.startswith(number)
    ]


def _named(number: str) -> str:
    return number if number[-1] in "栋幢座楼" else f"{number}栋"
