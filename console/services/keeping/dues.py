"""Promises gone by, suspensions that should end, files that may close: once each (peers 6.10, field-facts 3.3)."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import String, cast, delete, literal, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from console.domain.keeping import Duty
from console.domain.states import TicketState
from console.domain.worktime import civil_date, day_words, moment_words
from console.ledger import Seat
from console.ledger.archiving import archive_ticket
from console.ledger.uploads import sweep
from console.services.keeping.records import Addressee, Records, is_written
from console.services.keeping.work import Work
from db.models import Assignment, KeeperLease, Presence, Promise, Suspension, Ticket, Urging

A_DAY = timedelta(days=1)
# So that the first sweep over years of closed work does not hold the lane for an hour.
ARCHIVED_A_SWEEP = 500
ENDED = (TicketState.ARCHIVED, TicketState.MERGED)


def find(session: Session, seat: Seat) -> Iterator[Work]:
    """One statement each."""
    yield from _promises(session, seat)
    yield from _suspensions(session, seat)
    yield from _archives(session, seat)


def _unwritten(duty: Duty, *parts: Any) -> Any:
    """No record of these numbers and days; both databases write a day as `2026-11-22`."""
    key: Any = literal(f"{duty}")
    for part in parts:
        key = key + ":" + cast(part, String)
    return ~select(Urging.id).where(Urging.light_key == key).exists()


def _promises(session: Session, seat: Seat) -> Iterator[Work]:
    query = (
        select(Promise.ticket_id, Promise.id)
        .join(Ticket, Ticket.id == Promise.ticket_id)
        .where(
            Promise.kept_at.is_(None), Promise.due < seat.now(session),
            Ticket.state.not_in((*ENDED, TicketState.DRAFT)), _unwritten(Duty.PROMISE, Promise.id),
        )
        .order_by(Promise.due)
    )  # fmt: skip
    for ticket_id, promise_id in session.execute(query):
        yield Work(ticket_id, partial(promise_is_late, promise_id))


def promise_is_late(
    promise_id: int, session: Session, records: Records, ticket: Ticket
) -> Counter[Duty]:
    """A time promised to a citizen has gone by; what was promised is the citizen's matter and stays out of it."""
    promise, key = session.get_one(Promise, promise_id), f"{Duty.PROMISE}:{promise_id}"
    if promise.kept_at is not None or is_written(session, key):
        return Counter()
    words = f"承诺超时：答应群众 {moment_words(promise.due)} 前办的事没有登记兑现（{promise.made_by}承诺）"
    records.remind(session, ticket, key, words, records.addressee(ticket))
    return Counter({Duty.PROMISE: 1})


def _suspensions(session: Session, seat: Seat) -> Iterator[Work]:
    today = civil_date(seat.now(session))
    query = (
        select(Suspension.ticket_id, Suspension.id)
        .join(Ticket, Ticket.id == Suspension.ticket_id)
        .where(
            Suspension.resumed_at.is_(None), Suspension.resume_on <= today,
            Ticket.state == TicketState.SUSPENDED, _unwritten(Duty.RESUME, Suspension.id, Suspension.resume_on),
        )
    )  # fmt: skip
    for ticket_id, suspension_id in session.execute(query):
        yield Work(ticket_id, partial(suspension_is_over, suspension_id))


def suspension_is_over(
    suspension_id: int, session: Session, records: Records, ticket: Ticket
) -> Counter[Duty]:
    """The day has come: the overseer decides, the system starts no clock. Another day, another reminder."""
    row = session.get_one(Suspension, suspension_id)
    key = f"{Duty.RESUME}:{suspension_id}:{row.resume_on.isoformat()}"
    if row.resumed_at is not None or is_written(session, key):
        return Counter()
    words = f"挂起到期：预计 {day_words(row.resume_on)} 恢复，请督办员恢复办理或另定日期"
    centre = records.seat.operator
    records.remind(session, ticket, key, words, Addressee(centre.unit_id, centre.unit_name))
    return Counter({Duty.RESUME: 1})


def _archives(session: Session, seat: Seat) -> Iterator[Work]:
    """What a guard would refuse is not even asked for, sweep after sweep."""
    waited = seat.now(session) - timedelta(days=seat.rules.pack.desk.archive_days)
    live = select(Assignment.id).where(
        Assignment.ticket_id == Ticket.id, Assignment.ended_at.is_(None)
    )
    query = select(Ticket.id).where(
        Ticket.state == TicketState.CLOSED, Ticket.closed_at <= waited, Ticket.supervision == 0,
        Ticket.open_promises == 0, ~_unsigned_dispute(seat), ~live.exists(),
    )  # fmt: skip
    # In the order of the index over state: the one over the day of closing holds the whole history.
    for ticket_id in session.scalars(query.order_by(Ticket.accepted_at).limit(ARCHIVED_A_SWEEP)):
        yield Work(ticket_id, archive)


def _unsigned_dispute(seat: Seat) -> Any:
    if not seat.rules.pack.verify.disputes:
        return Ticket.id.is_(None)
    signed = Ticket.signed_off | Ticket.verify_waived
    return Ticket.dispute & ~signed & (Ticket.grid_code != "")


def archive(session: Session, records: Records, ticket: Ticket) -> Counter[Duty]:
    """Read-only from now on, under its archive number; the rules have the last word."""
    if ticket.state is not TicketState.CLOSED:
        return Counter()
    archive_ticket(session, records.seat, ticket.id, words="办结期满自动归档")
    return Counter({Duty.ARCHIVE: 1})


def tidy(session: Session, seat: Seat) -> int:
    """Presence and leases of programs that are long gone, uploads nobody came back to; how many."""
    old = seat.now(session) - A_DAY
    gone = 0
    for table in (Presence, KeeperLease):
        done = session.execute(delete(table).where(table.seen_at < old))
        gone += done.rowcount if isinstance(done, CursorResult) else 0
    return gone + sweep(session, seat)
