"""Whose grid a spoken address lies in, from the database's own roads, estates and buildings (peers 6.2)."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.address import AddressParts, parse_address
from console.domain.address_book import (
    AddressBook,
    BookGrid,
    Building,
    Community,
    Estate,
    Landmark,
    RoadRange,
    landmarks_holding,
    named_like,
)
from console.domain.gazetteer import NameKind
from console.domain.intake import Choice, PlaceAnswer
from console.domain.ownership import AnswerKind, OwnerAnswer, OwnerCandidate, find_spoken
from console.domain.records import GridOwner
from console.ledger.places import grid_owner
from console.services.intake.city import City
from console.services.intake.matching import MOST_OFFERED, offers
from db import models
from db.search import fold, normalise

MOST_CANDIDATES = 9
_BUILDING_TYPED = re.compile(r"^(?P<estate>.*?[^0-9])(?P<number>[0-9]+)(?:号楼|栋|幢|座)?$")


class DatabaseAddressBook(AddressBook):
    """The city's address book, from memory but for the buildings of one estate and the shops of one name."""

    def __init__(self, city: City, session: Session) -> None:
        self._city, self._session = city, session

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]:
        return self._city.ranges.get(road_name, ())

    def highway(self, key: str) -> Sequence[RoadRange]:
        return self._city.highways.get(key, ())

    def estates(self, name: str) -> Sequence[Estate]:
        return named_like(self._city.estates, name)

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

    def landmarks(self, name: str) -> Sequence[Landmark]:
        exact = self._city.landmarks.get(name)
        every = (one for each in self._city.landmarks.values() for one in each)
        return exact or landmarks_holding(name, every) or self._shops(name)

    def _shops(self, name: str) -> Sequence[Landmark]:
        """Shops and firms whose name holds these words; none when it would be any shop. One statement."""
        if len(name) < 3:
            return ()
        row = models.Enterprise
        query = select(row.name, row.grid_id, row.address)
        query = query.where(row.name.contains(name, autoescape=True)).limit(MOST_CANDIDATES)
        rows, grids = self._session.execute(query).all(), self._city.grids
        if len(rows) == MOST_CANDIDATES:
            return ()
        return [Landmark(said, grids[g], "商户", at) for said, g, at in rows if g in grids]

    def homophones(self, name: str) -> Sequence[tuple[NameKind, str]]:
        return self._city.sounds.like(name)

    def called(self, name: str) -> Sequence[tuple[NameKind, str]]:
        return self._city.other_names.get(name, ())

    def knows_unit(self, name: str) -> bool:
        return name in self._city.known

    @property
    def city_names(self) -> Collection[str]:
        return self._city.own_names


def read_address(city: City, sentence: str) -> AddressParts:
    """The parts of a sentence, registered names first."""
    return parse_address(sentence, fold, (), city.gazetteer)


def owner_of(session: Session, city: City, sentence: str) -> OwnerAnswer:
    """The rule that decides and the grids it names. One statement per estate or shop not yet asked for."""
    return find_spoken(sentence, partial(read_address, city), DatabaseAddressBook(city, session))


def place(session: Session, city: City, sentence: str, duty_on: date | None = None) -> PlaceAnswer:
    """Whose grid the sentence means, or what to ask. Two statements, and one per estate or shop not yet asked for."""
    answer = owner_of(session, city, sentence)
    if answer.kind is AnswerKind.OUTSIDE:
        # What the road does have is told, not offered: none of it is where the caller said.
        return PlaceAnswer(
            rule=answer.rule,
            ask=answer.question,
            recognised=answer.recognised,
            neighbour=answer.registered,
        )
    neighbour = _listed(answer.neighbours)
    if answer.grid is None:
        candidates = tuple(_brief(city, one) for one in answer.candidates[:MOST_CANDIDATES])
        return PlaceAnswer(
            None, candidates, answer.rule, answer.question, neighbour, recognised=answer.recognised
        )
    owner = grid_owner(session, answer.grid.id, answer.rule, duty_on)
    words = answer.rule.split("：")[0] + ("·近邻界" if neighbour else "")
    return PlaceAnswer(owner, (), answer.rule, answer.question, neighbour, words, answer.recognised)


def answered(
    session: Session, city: City, sentence: str, person_id: int | None, today: date
) -> PlaceAnswer:
    """By the sentence, without one by the caller's home; with who is on duty there today."""
    if sentence.strip():
        return place(session, city, sentence, today)
    return home(session, person_id, today) if person_id is not None else PlaceAnswer()


def _listed(candidates: Sequence[OwnerCandidate]) -> str:
    shown = candidates[:MOST_CANDIDATES]
    return "；".join(f"{near.grid.name}（{near.rule}）" for near in shown)


def home(session: Session, person_id: int, duty_on: date | None = None) -> PlaceAnswer:
    """The grid of the caller's registered home. 3 statements."""
    query = select(models.Person.grid_id, models.Person.home)
    found = session.execute(query.where(models.Person.id == person_id)).first()
    if found is None:
        return PlaceAnswer(ask="请问在哪条路多少号，或哪个小区几栋？")
    rule = f"按登记住址：{found.home}"
    owner = grid_owner(session, found.grid_id, rule, duty_on)
    return PlaceAnswer(owner, rule=rule, confidence="按住址")


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
