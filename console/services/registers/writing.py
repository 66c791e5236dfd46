"""Every change of a register row leaves a line: field, before, after, who, when (field-facts X11)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Conflict, NotFound
from console.domain.registers.kinds import KINDS, Register
from console.ledger import Seat
from console.ledger.registers import TABLES, in_branch
from db.models import Person, RegisterChange

# As the database tells other workstations (db/security/80_changes.sql).
TOPICS = {
    Register.PERSONS: Topic.PEOPLE, Register.HOUSEHOLDS: Topic.PEOPLE, Register.MEMBERS: Topic.PEOPLE,
    Register.HOUSES: Topic.PEOPLE, Register.ENTERPRISES: Topic.PEOPLE, Register.STAFF: Topic.ACCOUNTS,
}  # fmt: skip
Line = tuple[str, str, str]


def changed(register: Register, row_id: int, version: int | None = None) -> Changed:
    topic = TOPICS.get(register, Topic.PLACES)
    return Changed(frozenset({topic}), (row_id,), KINDS[register].title, version=version)


def note(
    session: Session, seat: Seat, register: Register, row_id: int, lines: Iterable[Line], at: datetime
) -> None:  # fmt: skip
    """Add to the row's history; `lines` are field, before, after, masked already."""
    for name, before, after in lines:
        session.add(
            RegisterChange(
                register=TABLES[register].__tablename__, row_id=row_id, field=name[:40],
                before=before[:500], after=after[:500], at=at, changed_by=seat.operator.signature,
            )
        )  # fmt: skip
    session.flush()


def locked(session: Session, seat: Seat, register: Register, row_id: int, version: int) -> Any:
    """The row, ours until the end. Raises NotFound outside the branch, Conflict when it has changed since."""
    table = TABLES[register]
    row: Any = session.get(table, row_id, with_for_update=True)
    if row is None or not _ours(session, seat, register, row):
        raise NotFound(f"没有找到这条{KINDS[register].title}登记，或不在您的管辖范围内")
    if row.version != version:
        error = Conflict("这条登记刚被他人修改", "已为您刷新，您输入的内容还在，请核对后再保存")
        error.version = row.version
        raise error
    return row


def _ours(session: Session, seat: Seat, register: Register, row: Any) -> bool:
    """People and places by their grid; the skeleton by who keeps it, which is asked before."""
    if register in (Register.STAFF, Register.UNITS, Register.GRIDS):
        return True
    grid = row.grid_id if register is not Register.MEMBERS else None
    if register is Register.MEMBERS:
        grid = session.scalar(select(Person.grid_id).where(Person.id == row.person_id))
    return bool(session.scalar(select(in_branch(seat.operator, literal(grid)))))
