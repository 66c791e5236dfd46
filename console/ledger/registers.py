"""Private columns of the registers in full, for whoever keeps them: asked for with a reason, logged, then told.

The same two steps as `console.ledger.contacts.disclose` (docs/decisions/012); on PostgreSQL the functions of
`db/security/72_registers.sql` answer and check again.
"""

import json
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, undefer_group

from console.domain.codes import code_range
from console.domain.errors import NotFound
from console.domain.registers.kinds import Register
from console.domain.roles import Operator, Role, Scope
from console.ledger import contacts
from console.ledger.audit import REVEAL, allow_reveal, need_reason, record
from console.ledger.contacts import _said_plainly as said_plainly
from console.ledger.seat import Seat
from db.models import (
    Base,
    Building,
    Enterprise,
    Grid,
    House,
    Household,
    Person,
    SpecialGroupMember,
    Staff,
    Unit,
)

TABLES: dict[Register, type[Base]] = {
    Register.PERSONS: Person,
    Register.HOUSEHOLDS: Household,
    Register.BUILDINGS: Building,
    Register.HOUSES: House,
    Register.ENTERPRISES: Enterprise,
    Register.MEMBERS: SpecialGroupMember,
    Register.GRIDS: Grid,
    Register.STAFF: Staff,
    Register.UNITS: Unit,
}


def private_columns(table: type[Base]) -> tuple[str, ...]:
    """Columns that are never read with their row, in the order of the table (db/models/private.py)."""
    deferred = {a.key for a in table.__mapper__.column_attrs if a.deferred}
    return tuple(column.key for column in table.__table__.columns if column.key in deferred)


def disclose(
    seat: Seat, register: Register, row_id: int, columns: tuple[str, ...], reason: str
) -> dict[str, str]:
    """The values of private columns, after the line in the audit is there for good. The caller has checked the scope.

    Raises Invalid without a reason, NotAllowed beyond the hour's cap or the rights, NotFound.
    """
    need_reason(reason)
    table = TABLES[register].__tablename__
    with seat.db.writing.begin() as session:
        line = _ask(session, seat, table, row_id, columns, reason)
    with seat.db.reading() as session:
        told = _tell(session, seat, register, row_id, columns, line)
    return dict(zip(columns, told, strict=True))


def _ask(
    session: Session, seat: Seat, table: str, row_id: int, columns: tuple[str, ...], reason: str
) -> int:
    if seat.db.guarded:
        asked = func.hotline.ask_register(table, row_id, list(columns), reason, seat.workstation)
        with said_plainly():
            return int(session.scalar(select(asked)) or 0)
    key = ""
    if table == Person.__tablename__:
        key = contacts.key_of_person(session, row_id)
        contacts.refuse_withheld(session, seat, row_id, key)
    allow_reveal(session, seat, reason)
    details = {"fields": list(columns), table: row_id}
    return record(session, seat, REVEAL, (table[:20], str(row_id)), reason, key, details)


def _tell(
    session: Session, seat: Seat, register: Register, row_id: int, columns: tuple[str, ...], line: int
) -> tuple[str, ...]:  # fmt: skip
    if seat.db.guarded:
        with said_plainly():
            told = session.scalar(select(func.hotline.tell_register(line))) or ()
        return tuple(str(value or "") for value in told)
    row = session.get(TABLES[register], row_id, options=[undefer_group("private")])
    if row is None:
        raise NotFound("没有找到这条登记")
    return tuple(_as_text(getattr(row, name)) for name in columns)


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def merge_details(
    session: Session, seat: Seat, row: Person | SpecialGroupMember, column: str, new: dict[str, Any]
) -> None:
    """Keys of a private document over those there; on PostgreSQL unread. An empty value takes its key out."""
    session.flush()
    if seat.db.guarded:
        merged = func.hotline.merge_details(
            row.__tablename__, row.id, json.dumps(new, ensure_ascii=False)
        )
        with said_plainly():
            session.execute(select(merged))
        return
    before = getattr(row, column) or {}
    setattr(row, column, {k: v for k, v in {**before, **new}.items() if v})


def filled(
    session: Session, seat: Seat, register: Register, row_id: int, names: tuple[str, ...]
) -> frozenset[str] | None:
    """Which of these private columns hold something, `class_details.x` for a key of one; None for who keeps it not.

    No value is told, so nothing is logged. What marks a resident out is left to the caller to leave out.
    """
    table = TABLES[register]
    if seat.db.guarded:
        asked = func.hotline.filled_columns(table.__tablename__, row_id, list(names))
        told = session.scalar(select(asked))
        return None if told is None else frozenset(told)
    row = session.get(table, row_id, options=[undefer_group("private")], populate_existing=True)
    return frozenset(name for name in names if _cell(row, name))


def _cell(row: Any, name: str) -> Any:
    column, _dot, key = name.partition(".")
    value = getattr(row, column, None)
    return (value or {}).get(key) if key else value


def last_household(session: Session, seat: Seat, grid_id: int, prefix: str, digits: int) -> str:
    """The last number given to a household of this community, in whoever's grid; nothing when there is none."""
    if seat.db.guarded:
        return session.scalar(select(func.hotline.last_household(grid_id, prefix, digits))) or ""
    low, high = prefix + "0" * digits, prefix + "9" * digits
    query = select(Household.number).where(
        Household.number.between(low, high), func.length(Household.number) == len(low)
    )
    given = session.scalars(query.order_by(Household.number.desc()).limit(50))
    return next((one for one in given if one.isdecimal()), "")


def grids_of(operator: Operator) -> Any:
    """Unit ids of the grids an operator answers for, as a subquery; None for the whole city."""
    if operator.scope is Scope.ALL or operator.role is Role.ADMIN:
        return None
    low, high = code_range(operator.unit_code)
    return select(Grid.unit_id).where(Grid.code >= low, Grid.code < high)


def in_branch(operator: Operator, column: Any) -> Any:
    """A condition: this grid is one of the operator's."""
    grids = grids_of(operator)
    return true() if grids is None else column.in_(grids)
