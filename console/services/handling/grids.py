"""The grids somebody may report from, and which of them a spoken place lies in."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from console.domain.address import parse_address, plain
from console.domain.address_book import (
    AddressBook,
    BookGrid,
    Building,
    Community,
    Estate,
    RoadRange,
    Side,
)
from console.domain.codes import code_range
from console.domain.gazetteer import Gazetteer, NameKind
from console.domain.highways import highway_keys
from console.domain.ownership import AnswerKind, find_spoken
from console.domain.reporting import GridChoice
from console.domain.roles import Operator
from console.ledger.places import grid_owner
from db import models
from db.models import Account, GridStaff, Unit
from db.search import fold

MOST_CANDIDATES = 9


def own_grids(session: Session, operator: Operator) -> dict[int, BookGrid]:
    """Grids at or below the operator's unit, and those he or she is posted to (field-facts H9). One statement."""
    low, high = code_range(operator.unit_code)
    posted = (
        select(GridStaff.grid_id)
        .join(Account, Account.staff_id == GridStaff.staff_id)
        .where(Account.id == operator.account_id)
    )
    mine = or_(and_(Unit.code >= low, Unit.code < high), Unit.id.in_(posted))
    query = select(Unit).where(Unit.kind == "grid", Unit.active, mine).order_by(Unit.code)
    return {unit.id: BookGrid(unit.id, unit.code, unit.name) for unit in session.scalars(query)}


def choices(
    session: Session, grids: dict[int, BookGrid], own_id: int = 0
) -> tuple[GridChoice, ...]:
    """The grids as a list to choose from. One statement."""
    community = select(Unit.id, Unit.name, Unit.short_name).subquery()
    query = (
        select(Unit, community.c.name, community.c.short_name)
        .join(community, community.c.id == Unit.parent_id)
        .where(Unit.id.in_(grids))
        .order_by(Unit.code)
    )
    return tuple(
        GridChoice(
            unit.id, unit.short_name or unit.name, f"{short or name} › {unit.short_name or unit.name}",
            unit.initials, own=unit.id == own_id,
        )
        for unit, name, short in session.execute(query)
    )  # fmt: skip


def grids_of(session: Session, operator: Operator, sentence: str) -> tuple[GridChoice, ...]:
    """Which of the own grids a place lies in, each with the rule; none when the book does not say."""
    grids = own_grids(session, operator)
    book = OwnBook(session, grids)
    names = book.gazetteer
    answer = find_spoken(sentence, lambda said: parse_address(said, fold, (), names), book)
    if answer.kind is AnswerKind.OUTSIDE:
        return ()
    found = []
    for candidate in answer.candidates[:MOST_CANDIDATES]:
        owner = grid_owner(session, candidate.grid.id)
        path = f"{owner.community} › {owner.grid_name}" if owner else candidate.grid.name
        name = owner.grid_name if owner else candidate.grid.name
        rule = answer.rule if answer.kind is AnswerKind.FOUND else candidate.rule
        found.append(GridChoice(candidate.grid.id, name, path, "", rule))
    return tuple(found)


def _spelling(name: str) -> str:
    return plain(name, fold)


class OwnBook(AddressBook):
    """The address book of `console.domain.address_book`, of a few grids only."""

    def __init__(self, session: Session, grids: dict[int, BookGrid]) -> None:
        self._session, self._grids = session, grids
        estate, range_ = models.Estate, models.RoadRange
        rows = session.execute(select(estate.id, estate.name).where(estate.grid_id.in_(grids)))
        self._estates = tuple((id_, name) for id_, name in rows)
        roads = select(models.Road.name).join(range_, range_.road_id == models.Road.id)
        query = roads.where(range_.grid_id.in_(grids)).distinct()
        self._roads = tuple(session.scalars(query))

    @property
    def gazetteer(self) -> Gazetteer:
        """The own roads and estates; what lies elsewhere is not known here."""
        names = [(NameKind.ROAD, name) for name in self._roads]
        names += [(NameKind.ESTATE, name) for _id, name in self._estates]
        return Gazetteer(names, _spelling)

    def road_ranges(self, road_name: str) -> Sequence[RoadRange]:
        row = models.RoadRange
        query = select(row).join(models.Road, models.Road.id == row.road_id)
        query = query.where(models.Road.name == road_name, row.grid_id.in_(self._grids))
        return [
            RoadRange(road_name, r.low, r.high, Side(r.side), self._grids[r.grid_id])
            for r in self._session.scalars(query)
        ]

    def highway(self, key: str) -> Sequence[RoadRange]:
        names = [name for name in self._roads if key in highway_keys(name)]
        return [one for name in names for one in self.road_ranges(name)]

    def roads_like(self, text: str) -> Sequence[str]:
        return [name for name in self._roads if name in text]

    def estates(self, name: str) -> Sequence[Estate]:
        exact = [one for one in self._estates if one[1] == name]
        if not exact and len(name) > 1:
            exact = [one for one in self._estates if one[1].startswith(name)]
        return [Estate(id_, words, self._grids_of_estate(id_)) for id_, words in exact]

    def _grids_of_estate(self, estate_id: int) -> tuple[BookGrid, ...]:
        row = models.Building
        query = select(row.grid_id).where(row.estate_id == estate_id).distinct()
        found = [id_ for id_ in self._session.scalars(query) if id_ in self._grids]
        home = select(models.Estate.grid_id).where(models.Estate.id == estate_id)
        ids = found or [id_ for id_ in self._session.scalars(home) if id_ in self._grids]
        return tuple(self._grids[id_] for id_ in ids)

    def buildings(self, estate: Estate) -> Sequence[Building]:
        row = models.Building
        query = select(row.number, row.grid_id).where(row.estate_id == estate.id)
        rows = self._session.execute(query)
        return [Building(number, self._grids[g]) for number, g in rows if g in self._grids]

    def communities(self, name: str) -> Sequence[Community]:
        return ()
