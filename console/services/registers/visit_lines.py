"""Who is to be visited, as lines: with grid, its worker, when last and when next."""

from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from console.domain.registers.staffing import WORKER
from console.domain.registers.visits import VisitLine, due_of, due_words
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import in_branch
from console.services.registers.rights import members_seen
from db.models import GridStaff, Person, SpecialGroupMember, Staff, Unit, Visit


def lines_of(
    session: Session, seat: Seat, today: date, condition: Any, most: int = 500
) -> tuple[VisitLine, ...]:
    """The longest overdue first."""
    member = SpecialGroupMember
    last = select(func.max(Visit.at)).where(Visit.member_id == member.id, Visit.met)
    worker = aliased(Staff)
    its = select(func.min(worker.name)).join(
        GridStaff, and_(GridStaff.staff_id == worker.id, GridStaff.post == WORKER)
    )
    its = its.where(GridStaff.grid_id == Person.grid_id, worker.duty_state != "left")
    query = select(
        member, Person.name_masked, Person.home, Person.grid_id, Unit.name.label("grid"),
        last.correlate(member).scalar_subquery().label("last"),
        its.correlate(Person).scalar_subquery().label("worker"),
    ).join(Person, Person.id == member.person_id).join(Unit, Unit.id == Person.grid_id)  # fmt: skip
    query = query.where(
        condition, in_branch(seat.operator, Person.grid_id), members_seen(session, seat)
    )
    query = query.order_by(member.next_visit_on.is_not(None), member.next_visit_on, member.id)
    return tuple(_line(row, today) for row in session.execute(query.limit(most)))


def _line(row: Any, today: date) -> VisitLine:
    member: SpecialGroupMember = row[0]
    return VisitLine(
        member.id, member.person_id, row.name_masked, member.group_class, member.risk_level, member.restricted,
        row.grid_id, row.grid, row.worker or "", row.home, member.visit_interval_days, member.next_visit_on,
        civil_date(row.last) if row.last else None, due_of(member.next_visit_on, today),
        due_words(member.next_visit_on, today) if member.state == "active" else "已解除", member.version,
    )  # fmt: skip
