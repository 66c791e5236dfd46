"""Who may see and write which register, and which grids are theirs."""

from typing import Any

from sqlalchemy import and_, literal, not_, or_, select, true
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed
from console.domain.registers.kinds import KINDS, Register, keepers_of
from console.domain.roles import ROLE_NAMES, Role
from console.ledger import Seat
from console.ledger.registers import in_branch
from db.models import Account, Grid, SpecialGroupMember, Unit

# Whose work is with residents (the same as the policies on `person`, db/security/40_policies.sql).
READERS = frozenset(
    {
        Role.AGENT, Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER, Role.GRID_WORKER,
    }
)  # fmt: skip


def may_write(seat: Seat, register: Register) -> bool:
    return seat.operator.role in keepers_of(register)


def refuse_writing(seat: Seat, register: Register) -> None:
    """Raises NotAllowed for whoever does not keep this register."""
    if not may_write(seat, register):
        names = "、".join(ROLE_NAMES[role] for role in sorted(keepers_of(register)))
        role = ROLE_NAMES[seat.operator.role]
        raise NotAllowed(f"{role}不能修改{KINDS[register].title}登记", f"由{names}登记")


def refuse_reading(seat: Seat) -> None:
    """Raises NotAllowed for whoever has nothing to do with residents."""
    if seat.operator.role not in READERS:
        raise NotAllowed(
            f"{ROLE_NAMES[seat.operator.role]}不能查看居民与网格登记", "请联系所属网格"
        )


def named(session: Session, seat: Seat) -> bool:
    """Whether this person is one of the named staff who may see restricted classes (field-facts 10.5)."""
    query = select(Account.may_view_sensitive).where(Account.id == seat.operator.account_id)
    return bool(session.scalar(query)) and seat.operator.role is not Role.AGENT


def members_seen(session: Session, seat: Seat) -> Any:
    """A condition on SpecialGroupMember: classes this person may know of."""
    return true() if named(session, seat) else not_(SpecialGroupMember.restricted)


def grid_named(session: Session, seat: Seat, text: str, field: str = "grid_id") -> Any:
    """A grid of the operator's by code, name or initials. Raises Invalid; never guesses between two of one name."""
    plain = text.strip()
    query = select(Grid.unit_id, Grid.code, Unit.name).join(Unit, Unit.id == Grid.unit_id)
    last = plain.replace("／", "/").split("/")[-1].split(" ")[0]
    named_ = or_(
        Grid.code == plain, Unit.name == plain, Unit.initials.startswith(plain.lower(), autoescape=True),
        and_(Unit.name == last, literal("/" in plain)),
    )  # fmt: skip
    found = session.execute(
        query.where(named_, in_branch(seat.operator, Grid.unit_id)).limit(4)
    ).all()
    if not found:
        raise Invalid(
            f"没有“{plain[:30]}”这个网格，或不在您的管辖范围内", "请填网格名称、首字母或编码", field
        )
    if len(found) > 1:
        some = "、".join(row.code for row in found[:3])
        raise Invalid(f"有几个网格名为“{plain[:30]}”", f"请改填编码：{some}", field)
    return found[0]
