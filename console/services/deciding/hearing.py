"""What a return or an extension is decided by, read in a handful of statements."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain import court as rules_of
from console.domain.court import Duty, ExtensionHearing, Grounds, ReturnHearing, UnitRecord
from console.domain.deadlines import extend
from console.domain.worktime import moment_words
from console.ledger import Seat, court
from console.ledger.queues import phrases
from db.models import ExtensionRequest, Ticket, Unit


def grounds(session: Session, seat: Seat, ticket: Ticket) -> Grounds:
    """What the unit at this seat may say; a unit outside the catalogue still has place and rule."""
    unit = session.get(Unit, seat.operator.unit_id)
    own = court.duty(unit) if unit is not None else Duty(0, "", "", "", "")
    found = rules_of.bases(
        court.matter(session, ticket), own, court.duties(session), court.street_of(session, ticket)
    )
    return Grounds(found, court.window(session, seat, ticket, seat.now(session)))


def returning(session: Session, seat: Seat, ticket: Ticket) -> ReturnHearing:
    """Hops, window at the moment it was asked, the asking unit's record."""
    hops, now = court.hops(session, ticket.id), seat.now(session)
    asked_at = hops[-1].asked_at if hops else now
    records = court.unit_records(session, seat, ticket.category_code, now)
    record = records.get(hops[-1].unit_id, UnitRecord()) if hops else UnitRecord()
    return ReturnHearing(
        ticket.id,
        hops,
        seat.rules.pack.returns.dispatches,
        court.window(session, seat, ticket, asked_at),
        record,
        phrases(session, seat),
    )


def extending(session: Session, seat: Seat, ticket: Ticket) -> ExtensionHearing:
    """The request with the limit before and after, step by step."""
    query = select(ExtensionRequest).where(
        ExtensionRequest.ticket_id == ticket.id, ExtensionRequest.decided_at.is_(None)
    )
    row = session.scalars(query.order_by(ExtensionRequest.id.desc()).limit(1)).first()
    days, old = ticket.extension_asked, ticket.finish_due
    new = extend(old, days, seat.rules.calendar) if old is not None and days else None
    return ExtensionHearing(
        ticket_id=ticket.id,
        days=days,
        reason=row.reason if row else "",
        basis=row.basis if row else "",
        told=bool(row and row.citizen_told),
        asked_by=row.asked_by if row else "",
        asked_at=row.asked_at if row else None,
        old_due=old,
        new_due=new,
        lines=_lines(seat, ticket, days),
        granted_days=ticket.extension_days,
        unit=ticket.holder_name,
        snippets=phrases(session, seat),
    )


def _lines(seat: Seat, ticket: Ticket, days: int) -> tuple[str, ...]:
    """Day by day, so that a holiday in between is seen."""
    if ticket.finish_due is None or not days:
        return ()
    due, calendar = ticket.finish_due, seat.rules.calendar
    steps = [f"原办结时限 {moment_words(due)}"]
    steps += [
        f"延 {day} 个工作日：{moment_words(extend(due, day, calendar))}"
        for day in range(1, days + 1)
    ]
    rule = seat.rules.pack.extension
    steps.append(f"累计延期 {ticket.extension_days + days} 个工作日，最多 {rule.workdays} 个")
    return tuple(steps)
