"""The desk of the registers: looking up, opening, revealing, comparing; what is written has a class of its own."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from console.domain.errors import NotAllowed, Unavailable
from console.domain.registers.filling import Proposed
from console.domain.registers.kinds import KINDS, Register
from console.domain.registers.records import (
    FormField,
    Listing,
    Match,
    Query,
    RegisterCard,
    RegisterForm,
)
from console.domain.roles import ROLE_NAMES
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import TABLES, disclose, in_branch, private_columns
from console.services.registers.cards import Cards
from console.services.registers.comparing import compare
from console.services.registers.correcting import Correcting
from console.services.registers.duties import Duties
from console.services.registers.filling import Filling
from console.services.registers.housing import Housing
from console.services.registers.inspecting import Inspecting
from console.services.registers.lists import Lists
from console.services.registers.lives import Lives
from console.services.registers.rights import may_write, refuse_reading, refuse_writing
from console.services.registers.rounds import Rounds
from console.services.registers.saving import Saving
from console.services.registers.sheets import BuildingSheets, Draw, Pixels
from console.services.registers.staffing import Staffing
from console.services.registers.values import column_of, is_private
from console.services.registers.visiting import Visiting
from db.models import Estate, Grid, SpecialGroupMember, Unit

MOST_GRIDS = 1000


class Registers:
    """One seat at the registers. Every method raises NotAllowed for a role that has nothing to do with residents."""

    def __init__(self, seat: Seat, draw: Draw | None = None, pixels: Pixels | None = None) -> None:
        """`draw` and `pixels` make paper; without them nothing is printed."""
        self._seat, self._draw, self._pixels = seat, draw, pixels

    @cached_property
    def saving(self) -> Saving:
        return Saving(self._seat)

    @cached_property
    def lives(self) -> Lives:
        return Lives(self._seat)

    @cached_property
    def visiting(self) -> Visiting:
        return Visiting(self._seat)

    @cached_property
    def staffing(self) -> Staffing:
        return Staffing(self._seat)

    @cached_property
    def rounds(self) -> Rounds:
        return Rounds(self._seat)

    @cached_property
    def inspecting(self) -> Inspecting:
        return Inspecting(self._seat)

    @cached_property
    def duties(self) -> Duties:
        return Duties(self._seat)

    @cached_property
    def correcting(self) -> Correcting:
        return Correcting(self._seat)

    @cached_property
    def filling(self) -> Filling:
        return Filling(self._seat)

    @cached_property
    def housing(self) -> Housing:
        return Housing(self._seat)

    @cached_property
    def sheets(self) -> BuildingSheets:
        if self._draw is None or self._pixels is None:
            raise Unavailable("这台工作站不能打印")
        return BuildingSheets(self._seat, self.housing, self._draw, self._pixels)

    def may_write(self, register: Register) -> bool:
        return may_write(self._seat, register)

    def find(self, query: Query) -> Listing:
        """A page of a register by whatever was typed."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            return Lists(session, self._seat, civil_date(self._seat.now(session))).find(query)

    def open(self, register: Register, row_id: int) -> RegisterCard:
        """Raises NotFound outside the branch."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            return self._cards(session).card(register, row_id)

    def form(
        self,
        register: Register,
        row_id: int | None = None,
        of: tuple[Register, int] | None = None,
        grid_id: int | None = None,
    ) -> RegisterForm:
        """A form of a row there, or an empty one that begins with what follows from whom it is `of` and the grid.

        Raises NotAllowed for whoever does not keep it, NotFound.
        """
        refuse_writing(self._seat, register)
        with self._seat.db.reading() as session:
            form = self._cards(session).form(register, row_id)
        if row_id is not None:
            return form
        known = self.filling.start(register, of, grid_id)
        fields = tuple(_proposed(one, known.get(one.field.name)) for one in form.fields)
        return replace(form, fields=fields)

    def compare(
        self, register: Register, typed: Mapping[str, str], but: int | None = None
    ) -> tuple[Match, ...]:
        """比对 while typing."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            return compare(session, self._seat, register, typed, but)

    def reveal(self, register: Register, row_id: int, reason: str) -> dict[str, str]:
        """Every private field of a row in full, by field name, after the viewing is on record.

        Raises Invalid without a reason, NotAllowed beyond the hour's cap, NotFound.
        """
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            cards = self._cards(session)
            row = cards.row(register, row_id)
            card = cards.card(register, row_id)
            if not card.may_reveal:
                role = ROLE_NAMES[self._seat.operator.role]
                raise NotAllowed(
                    f"{role}不能查看{KINDS[register].title}的完整信息", "请联系所属网格"
                )
            other = self._estate_facts(session, register, row)
            person = row.person_id if isinstance(row, SpecialGroupMember) else None
        fields = {column_of(field.name) for field in KINDS[register].fields}
        columns = tuple(one for one in private_columns(TABLES[register]) if one in fields)
        told = disclose(self._seat, register, row_id, columns, reason) if columns else {}
        found = other | _unpacked(register, told)
        if person is not None:
            found |= {
                "person_id": disclose(self._seat, Register.PERSONS, person, ("id_number",), reason)[
                    "id_number"
                ]
            }
        plain = {
            field.name: str(getattr(row, field.name, "") or "")
            for field in KINDS[register].fields
            if is_private(register, field) and field.name not in found and "." not in field.name
        }
        return plain | found

    @staticmethod
    def _estate_facts(session: Session, register: Register, row: Any) -> dict[str, str]:
        if register is not Register.BUILDINGS:
            return {}
        estate = session.get_one(Estate, row.estate_id)
        return {
            "property_contact": estate.property_contact,
            "property_phone": estate.property_phone,
        }

    def grids(self, words: str = "") -> tuple[tuple[int, str, str], ...]:
        """Grids of the branch, all or by name, initials or code: id, name, community."""
        refuse_reading(self._seat)
        above = aliased(Unit)
        query = (
            select(Grid.unit_id, Unit.name, above.name.label("above"))
            .join(Unit, Unit.id == Grid.unit_id)
            .outerjoin(above, above.id == Unit.parent_id)
            .where(in_branch(self._seat.operator, Grid.unit_id), Unit.active)
        )
        plain = words.strip()
        if plain:
            named = Unit.name.contains(plain, autoescape=True) | above.name.contains(
                plain, autoescape=True
            )
            letters = Unit.initials.startswith(plain.lower(), autoescape=True)
            query = query.where(or_(named, letters, Grid.code.startswith(plain, autoescape=True)))
        with self._seat.db.reading() as session:
            rows = session.execute(query.order_by(Grid.code).limit(MOST_GRIDS)).all()
            return tuple((row.unit_id, row.name, row.above or "") for row in rows)

    def _cards(self, session: Session) -> Cards:
        return Cards(session, self._seat, civil_date(self._seat.now(session)))


def _proposed(one: FormField, known: Proposed | None) -> FormField:
    if known is None:
        return one
    return replace(one, value=known.value, label=known.label, why=known.why)


def _unpacked(register: Register, told: Mapping[str, str]) -> dict[str, str]:
    """Columns as fields: a document is taken apart; what has no field is left out."""
    found: dict[str, str] = {}
    for field in KINDS[register].fields:
        column, _dot, key = field.name.partition(".")
        if column_of(field.name) not in told:
            continue
        words = told[column]
        if key:
            words = str((json.loads(words) if words else {}).get(key, ""))
        found[field.name] = words
    return found
