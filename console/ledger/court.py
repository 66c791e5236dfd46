"""What the return court reads: earlier hops, who accepts what, the catalogue's grounds (peers 6.6)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from console.domain.catalogue import default_catalogue
from console.domain.court import Duty, Hop, Matter, Sheet, UnitRecord, Window, return_window
from console.domain.states import AssignmentKind, AssignmentState
from console.ledger.places import grid_owner
from console.ledger.seat import Seat
from db.models import Assignment, CategoryRow, JointSheet, ReturnRequest, Ticket, Unit

# Long enough to hold every season, short enough that an old quarrel is forgotten.
REMEMBERED = timedelta(days=365)
MOST_REMEMBERED = 2_000


def hops(session: Session, ticket_id: int) -> tuple[Hop, ...]:
    """Every return of a work order that was asked for, oldest first. One statement."""
    query = select(ReturnRequest, Assignment.unit_id).join(
        Assignment,
        and_(
            Assignment.ticket_id == ReturnRequest.ticket_id,
            Assignment.seq == ReturnRequest.share_seq,
        ),
    )
    query = query.where(ReturnRequest.ticket_id == ticket_id).order_by(ReturnRequest.id)
    found = session.execute(query).all()
    return tuple(_hop(row, unit_id, at + 1) for at, (row, unit_id) in enumerate(found))


def _hop(row: ReturnRequest, unit_id: int, number: int) -> Hop:
    return Hop(
        number=number,
        unit_id=unit_id,
        unit=row.unit_name,
        reason=row.reason,
        basis=row.basis,
        suggested=row.suggested_unit,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        granted=row.granted,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        opinion=row.opinion,
    )


def sheet(session: Session, ticket_id: int) -> Sheet | None:
    """The 会商单 of a work order that is not concluded yet."""
    row = open_sheet(session, ticket_id)
    if row is None:
        return None
    return Sheet(row.id, row.opened_at, row.opened_by, row.units, row.conclusion, row.concluded_at)


def open_sheet(session: Session, ticket_id: int) -> JointSheet | None:
    """The row itself, to be concluded or taken back."""
    query = select(JointSheet).where(
        JointSheet.ticket_id == ticket_id, JointSheet.concluded_at.is_(None)
    )
    return session.scalars(query.order_by(JointSheet.id.desc()).limit(1)).first()


def reopen_sheet(session: Session, ticket_id: int, returns: int) -> None:
    """The designation that concluded it was taken back: it is open again."""
    query = select(JointSheet).where(JointSheet.ticket_id == ticket_id)
    row = session.scalars(query.order_by(JointSheet.id.desc()).limit(1)).first()
    if row is not None and row.concluded_at is not None and returns:
        row.conclusion, row.concluded_at = "", None


def unit_records(
    session: Session, seat: Seat, category_code: str, now: datetime
) -> dict[int, UnitRecord]:
    """Unit × category: what each unit was sent of it and what it returned. One statement.

    A dispatch that was recalled never reached anybody and does not count.
    """
    if not category_code:
        return {}
    share, last = _shares(category_code, now - REMEMBERED), aliased(ReturnRequest)
    query = select(share, last.reason, last.basis, last.granted, last.opinion)
    query = query.outerjoin(last, last.id == share.c.last)
    return {
        row.unit_id: UnitRecord(row.sent, row.returned or 0, _refusal(row))
        for row in session.execute(query)
    }


def _shares(category_code: str, since: datetime) -> Any:
    asked = and_(
        ReturnRequest.ticket_id == Assignment.ticket_id, ReturnRequest.share_seq == Assignment.seq
    )
    returned = case((Assignment.state == AssignmentState.RETURNED, 1), else_=0)
    # A share refused and asked for again has two requests: the newest alone stands for it.
    newest = select(func.max(ReturnRequest.id)).where(asked).correlate(Assignment).scalar_subquery()
    query = select(
        Assignment.unit_id,
        func.count().label("sent"),
        func.sum(returned).label("returned"),
        func.max(newest).label("last"),
    )
    # Of a common category the newest tell enough: the whole year's took a second of a million work orders.
    sent = select(Ticket.id).where(
        Ticket.category_code == category_code, Ticket.accepted_at >= since
    )
    query = query.where(
        Assignment.ticket_id.in_(sent.order_by(Ticket.accepted_at.desc()).limit(MOST_REMEMBERED)),
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.parent_seq.is_(None),
        Assignment.state != AssignmentState.WITHDRAWN,
    )
    return query.group_by(Assignment.unit_id).subquery()


def _refusal(row: Any) -> str:
    """The words of the unit's last return of this category, and the centre's when it did not agree."""
    if not row.reason:
        return ""
    said = f"{row.reason}：{row.basis}"
    return f"{said}（不同意：{row.opinion}）" if row.granted is False and row.opinion else said


def window(session: Session, seat: Seat, ticket: Ticket, asked_at: datetime) -> Window | None:
    """The window of the unit that has the work order from the centre now."""
    query = select(Assignment.dispatched_at).where(
        Assignment.ticket_id == ticket.id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.parent_seq.is_(None),
    )
    sent_at = session.scalar(query.order_by(Assignment.seq.desc()).limit(1))
    if sent_at is None:
        return None
    rules = seat.rules
    return return_window(rules.pack.returns, rules.calendar, sent_at, asked_at, ticket.complex)


def matter(session: Session, ticket: Ticket) -> Matter:
    """What the catalogue is asked about."""
    category = session.get(CategoryRow, ticket.category_code) if ticket.category_code else None
    return Matter(
        ticket.category_code,
        ticket.category_path,
        category.default_unit if category else "",
        f"{ticket.title} {ticket.content} {ticket.category_path}",
        ticket.grid_rule,
    )


def duties(session: Session) -> tuple[Duty, ...]:
    """The departments of the catalogue that take work orders here. One statement."""
    query = select(Unit).where(Unit.active, Unit.kind == "department").order_by(Unit.code)
    return tuple(duty(unit) for unit in session.scalars(query))


def duty(unit: Unit) -> Duty:
    """A unit with the words its duties are known by."""
    catalogue = default_catalogue().departments
    known = next((d for d in catalogue if d.name == unit.name or d.short == unit.short_name), None)
    words = tuple(known.words) if known is not None else ()
    return Duty(unit.id, unit.code, unit.name, unit.short_name or unit.name, unit.kind, words)


def street_of(session: Session, ticket: Ticket) -> Duty | None:
    """The street the place belongs to."""
    owner = grid_owner(session, ticket.grid_id, ticket.grid_rule) if ticket.grid_id else None
    unit = session.get(Unit, owner.street_unit_id) if owner is not None else None
    return duty(unit) if unit is not None else None
