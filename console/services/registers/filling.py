"""What helps to fill a form: grids and houses while typing, what follows from what stands there already."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from console.domain.errors import NotFound
from console.domain.registers.filling import (
    COUNT,
    SEEN_TODAY,
    GridChoice,
    HomeChoice,
    HouseChoice,
    Proposed,
    household_prefix,
    next_number,
)
from console.domain.registers.kinds import KINDS, Register
from console.domain.registers.life import PersonState
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import in_branch, last_household
from console.services.registers.rights import refuse_reading
from db.models import Grid, House, Household, Person, Unit

MOST, FEW = 60, 20
HEAD = "户主"
Typed = Mapping[str, str]
Proposals = dict[str, Proposed]


class Filling:
    """One seat's help at the forms; every answer is of its own branch."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def grids(self, words: str = "") -> tuple[GridChoice, ...]:
        """By name, initials or code; the whole branch for nothing."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            return tuple(_choice(row) for row in session.execute(self._grids(words).limit(MOST)))

    def houses(self, words: str) -> tuple[HouseChoice, ...]:
        """Houses whose address has these words, one after the other: 华庭1号楼102."""
        refuse_reading(self._seat)
        pieces = words.split()
        if len("".join(pieces)) < 2:
            return ()
        query = (
            select(House.id, House.address, House.usage, Unit.name)
            .join(Unit, Unit.id == House.grid_id)
            .where(
                in_branch(self._seat.operator, House.grid_id),
                *(House.address.contains(one, autoescape=True) for one in pieces),
            )
        )
        with self._seat.db.reading() as session:
            rows = session.execute(query.order_by(House.address).limit(FEW)).all()
        return tuple(HouseChoice(row.id, row.address, row.name, row.usage) for row in rows)

    def households(self, words: str) -> tuple[HomeChoice, ...]:
        """By pieces of the address of their house, or the end or beginning of their number.

        Never by a name: that is paced (docs/decisions/012), and this is asked at every key.
        """
        refuse_reading(self._seat)
        pieces = words.split()
        if len("".join(pieces)) < 2:
            return ()
        lives = and_(
            Person.household_id == Household.id, Person.relation == HEAD, Person.state == PersonState.ACTIVE
        )  # fmt: skip
        query = (
            select(Household.number, func.min(Person.name_masked).label("head"), func.min(House.address).label("at"))
            .outerjoin(House, House.id == Household.house_id)
            .outerjoin(Person, lives)
            .where(in_branch(self._seat.operator, Household.grid_id), _home_said(pieces))
            .group_by(Household.number)
            .order_by(Household.number)
        )  # fmt: skip
        with self._seat.db.reading() as session:
            rows = session.execute(query.limit(FEW)).all()
        return tuple(HomeChoice(row.number, row.head or "", row.at or "") for row in rows)

    def fill(self, register: Register, typed: Typed) -> Proposals:
        """What empty fields of a new row may be, from those that are filled."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            found: Proposals = {}
            home = self._household(session, typed.get("household_id", ""))
            if register is Register.PERSONS and home is not None:
                found |= self._of_household(session, home)
            address = typed.get("home_address") or typed.get("address", "")
            if "grid_id" not in found:
                found |= self._of_address(session, address) or self._only_grid(session)
            if register is Register.HOUSEHOLDS:
                found |= self._next_number(session, typed.get("grid_id", ""), found)
        names = {field.name for field in KINDS[register].fields}
        return {name: one for name, one in found.items() if name in names}

    def start(
        self, register: Register, of: tuple[Register, int] | None = None, grid_id: int | None = None
    ) -> Proposals:
        """What a new row begins with; `of` is whom it belongs to: a household or a house. Raises NotFound."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session)).isoformat()
            found = {
                field.name: Proposed(today, "今天登记") for field in KINDS[register].fields
                if field.name in SEEN_TODAY
            }  # fmt: skip
            if of is not None:
                return found | self._of_row(session, *of)
            return found | self._filtered(session, grid_id)

    # --- from what

    def _of_row(self, session: Session, register: Register, row_id: int) -> Proposals:
        table: Any = Household if register is Register.HOUSEHOLDS else House
        query = select(table).where(
            table.id == row_id, in_branch(self._seat.operator, table.grid_id)
        )
        row = session.scalar(query)
        if row is None:
            raise NotFound(f"没有找到这条{KINDS[register].title}登记，或不在您的管辖范围内")
        if isinstance(row, Household):
            its = {"household_id": Proposed(row.number, "添加成员")}
            return its | self._of_household(session, row)
        place = {"home_address": Proposed(row.address, "这套房屋")}
        place["address"] = place["home_address"]
        return place | self._grid(session, row.grid_id, "这套房屋")

    def _of_household(self, session: Session, home: Household) -> Proposals:
        found = self._grid(session, home.grid_id, "按户号")
        house = session.scalar(select(House.address).where(House.id == home.house_id))
        if house:
            found["home_address"] = Proposed(house, "按户号")
        query = select(Person.relation, Person.residence_kind).where(
            Person.household_id == home.id, Person.state == PersonState.ACTIVE
        )
        lived = session.execute(query.order_by(Person.relation != HEAD, Person.id)).all()
        if not any(row.relation == HEAD for row in lived):
            found["relation"] = Proposed(HEAD, "这一户还没有户主")
        if lived:
            found["residence_kind"] = Proposed(lived[0].residence_kind, "与同户的人相同")
        return found

    def _household(self, session: Session, number: str) -> Household | None:
        plain = number.strip()
        if not plain:
            return None
        query = select(Household).where(
            Household.number == plain, in_branch(self._seat.operator, Household.grid_id)
        )
        return session.scalar(query)

    def _of_address(self, session: Session, address: str) -> Proposals:
        plain = address.strip()
        if not plain:
            return {}
        query = select(House.grid_id).where(
            House.address == plain, in_branch(self._seat.operator, House.grid_id)
        )
        grids = set(session.scalars(query.limit(FEW)))
        return self._grid(session, grids.pop(), "按住址") if len(grids) == 1 else {}

    def _only_grid(self, session: Session) -> Proposals:
        rows = session.execute(self._grids().limit(2)).all()
        return self._grid(session, rows[0].unit_id, "只有这一个网格") if len(rows) == 1 else {}

    def _filtered(self, session: Session, grid_id: int | None) -> Proposals:
        if grid_id is None:
            return self._only_grid(session)
        return self._grid(session, grid_id, "左边选的网格")

    def _grid(self, session: Session, grid_id: int, why: str) -> Proposals:
        row = session.execute(self._grids().where(Grid.unit_id == grid_id)).first()
        return {"grid_id": Proposed(row.code, why, row.name)} if row is not None else {}

    def _next_number(self, session: Session, typed: str, found: Proposals) -> Proposals:
        code = typed or (found["grid_id"].value if "grid_id" in found else "")
        row = session.execute(self._grids().where(Grid.code == code)).first()
        number = next_household(session, self._seat, row.unit_id, row.code) if row else ""
        return {"number": Proposed(number, "保存时自动编号")} if number else {}

    def _grids(self, words: str = "") -> Any:
        above = aliased(Unit)
        query = (
            select(Grid.unit_id, Grid.code, Unit.name, above.name.label("above"))
            .join(Unit, Unit.id == Grid.unit_id)
            .outerjoin(above, above.id == Unit.parent_id)
            .where(in_branch(self._seat.operator, Grid.unit_id), Unit.active)
            .order_by(Grid.code)
        )
        plain = words.strip()
        if not plain:
            return query
        said = (
            Unit.name.contains(plain, autoescape=True),
            above.name.contains(plain, autoescape=True),
            Unit.initials.startswith(plain.lower(), autoescape=True),
            func.lower(Grid.code).startswith(plain.lower(), autoescape=True),
        )
        return query.where(or_(*said))


def _home_said(pieces: list[str]) -> Any:
    lies = and_(*(House.address.contains(one, autoescape=True) for one in pieces))
    if len(pieces) > 1 or not pieces[0].isalnum() or not pieces[0].isascii():
        return lies
    number = Household.number
    return or_(
        lies, number.startswith(pieces[0], autoescape=True), number.endswith(pieces[0], autoescape=True)
    )  # fmt: skip


def next_household(session: Session, seat: Seat, grid_id: int, code: str) -> str:
    """The next free number of the grid's community."""
    prefix = household_prefix(code)
    return next_number(prefix, last_household(session, seat, grid_id, prefix, COUNT))


def _choice(row: Any) -> GridChoice:
    return GridChoice(row.unit_id, row.code, row.name, row.above or "")
