"""Yellow, red and the overdue ladder: which work orders they concern, and what is written (field-facts K15, 4.3)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from console.domain.keeping import Duty, Lit, lights_owed
from console.domain.policy_tables import LightAction
from console.ledger import Seat
from console.services.keeping.records import Records, keys_of
from console.services.keeping.work import Work
from db.models import Supervision, Ticket, Urging
from db.models.tickets import OPEN

DUE = func.coalesce(Ticket.finish_due, Ticket.total_due, type_=Ticket.finish_due.type)


def find(session: Session, seat: Seat) -> Iterator[Work]:
    """Work orders whose light or ladder asks for a record; two statements, over open work only."""
    now = seat.now(session)
    yield from _yellow(session, seat, now)
    yield from _overdue(session, seat, now)


def _open_and_running() -> tuple[ColumnElement[bool], ...]:
    # The very words of the partial index: a bound parameter would not let SQLite use it.
    is_open: ColumnElement[bool] = text(f"ticket.{OPEN.text}")  # type: ignore[assignment]
    return (is_open, Ticket.suspended_at.is_(None))


def _yellow(session: Session, seat: Seat, now: datetime) -> Iterator[Work]:
    if seat.rules.pack.lights.on_yellow is LightAction.NONE:
        return
    written = _since(Urging, Urging.at, Duty.YELLOW, Ticket.yellow_at)
    supervised = _since(Supervision, Supervision.issued_at, Duty.YELLOW, Ticket.yellow_at)
    query = select(Ticket.id).where(
        *_open_and_running(), Ticket.yellow_at <= now, now <= DUE, written.is_(None), supervised.is_(None)
    )  # fmt: skip
    for ticket_id in session.scalars(query.order_by(DUE)):
        yield Work(ticket_id, settle)


def _since(table: Any, at: Any, duty: str, since: Any) -> Any:
    """The newest key of this kind written since then: an earlier one belongs to an earlier due time."""
    query = select(func.max(table.light_key)).where(
        table.ticket_id == Ticket.id, table.light_key.like(f"{duty}:%"), at >= since
    )
    return query.correlate(Ticket).scalar_subquery()


def _overdue(session: Session, seat: Seat, now: datetime) -> Iterator[Work]:
    """Whether a rung is due the calendar knows, not the database: every overdue work order is looked at."""
    keys = [
        _since(table, at, duty, DUE)
        for table, at in ((Urging, Urging.at), (Supervision, Supervision.issued_at))
        for duty in (Duty.RED, Duty.LADDER)
    ]
    columns = (Ticket.id, Ticket.number, DUE, Ticket.yellow_at, *keys)
    query = select(*columns).where(*_open_and_running(), now > DUE).order_by(DUE)
    for ticket_id, number, due, yellow_at, *found in session.execute(query):
        lit = Lit(ticket_id, number, due, yellow_at, frozenset(key for key in found if key))
        if lights_owed(lit, now, seat.rules):
            yield Work(ticket_id, settle)


def settle(session: Session, records: Records, ticket: Ticket) -> Counter[Duty]:
    """Look again, the work order locked, and write what is owed."""
    due = ticket.finish_due or ticket.total_due
    done: Counter[Duty] = Counter()
    if due is None or ticket.suspended_at is not None or ticket.closed_at is not None:
        return done
    lit = Lit(ticket.id, ticket.number, due, ticket.yellow_at, keys_of(session, ticket.id))
    to = records.addressee(ticket)
    for owed in lights_owed(lit, records.seat.now(session), records.seat.rules):
        copies = "、".join(owed.rung.step.copy_to) if owed.rung else ""
        records.write(session, ticket, owed, to, copies)
        done[owed.duty] += 1
    return done
