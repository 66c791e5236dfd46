"""The small city for the keeper's tests: on SQLite and on a real PostgreSQL, with a clock the test holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from console.domain.case import Case, Step
from console.domain.keeping import Sweep
from console.domain.lifecycle import replay
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.worktime import CIVIL
from console.ledger import Entry
from console.ledger.writing import case_of
from console.services.keeping import Keeping
from db.engine import Database, lone_connection
from db.models import Assignment, Supervision, Ticket, TicketEvent, Urging
from tests.desks import move
from tests.journeys import STREET, dispatched
from tests.world import seat_for

# A Monday morning in the office; no holiday near.
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=CIVIL).astimezone(UTC)
TEMPLATE = "keeper_template"


@dataclass
class Clock:
    """Time as the test wants it; every seat in this process reads it."""

    now: datetime

    def set(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        self.now = datetime(2026, month, day, hour, minute, tzinfo=CIVIL).astimezone(UTC)

    def go(self, **length: float) -> None:
        self.now += timedelta(**length)


def named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_and_make(url: str, name: str, template: str = "template0") -> None:
    with lone_connection(url) as connection:
        connection.execute(text(f"drop database if exists {name} with (force)"))
        connection.execute(text(f"create database {name} template {template}"))


def keeping(db: Database) -> Keeping:
    return Keeping(seat_for(db))


def sweep(db: Database) -> Sweep:
    return keeping(db).sweep()


def signed(db: Database, **changes: Any) -> int:
    """In the street's hands, answered at once: only the finishing clock runs."""
    ticket_id = dispatched(db, **changes)
    for entry in (Entry(Move.SIGN), Entry(Move.CONTACT, {"contacted": True})):
        move(db, ticket_id, Role.STREET_DESK, entry, STREET)
    return ticket_id


def to_yellow(db: Database, clock: Clock, ticket_id: int) -> None:
    clock.now = (ticket_of(db, ticket_id).yellow_at or clock.now) + timedelta(minutes=1)


def to_red(db: Database, clock: Clock, ticket_id: int) -> None:
    clock.now = (ticket_of(db, ticket_id).finish_due or clock.now) + timedelta(minutes=1)


@contextmanager
def changed(db: Database, ticket_id: int) -> Iterator[Ticket]:
    with db.writing.begin() as session:
        yield session.get_one(Ticket, ticket_id)


def ticket_of(db: Database, ticket_id: int) -> Ticket:
    with db.reading() as session:
        return session.get_one(Ticket, ticket_id)


def shares_of(db: Database, ticket_id: int) -> list[Assignment]:
    with db.reading() as session:
        query = select(Assignment).where(Assignment.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(Assignment.seq)))


def urgings(db: Database, ticket_id: int, kind: str = "") -> list[Urging]:
    with db.reading() as session:
        query = select(Urging).where(Urging.ticket_id == ticket_id).order_by(Urging.id)
        return [row for row in session.scalars(query) if (row.light_key or "").startswith(kind)]


def supervisions(db: Database, ticket_id: int) -> list[Supervision]:
    with db.reading() as session:
        query = select(Supervision).where(Supervision.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(Supervision.id)))


def moves(db: Database, ticket_id: int, move: Move) -> list[TicketEvent]:
    with db.reading() as session:
        query = select(TicketEvent).where(
            TicketEvent.ticket_id == ticket_id, TicketEvent.move == move.value
        )
        return list(session.scalars(query.order_by(TicketEvent.id)))


def stored_and_replayed(db: Database, ticket_id: int) -> tuple[Case, Case]:
    """The case as the rows have it, and as its log tells it."""
    rules = seat_for(db).rules
    with db.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        rows = select(Assignment).where(Assignment.ticket_id == ticket_id)
        stored = case_of(ticket, tuple(session.scalars(rows.order_by(Assignment.seq))))
        log = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
        case = replace(
            Case(
                stored.number, stored.nature, stored.urgency, stored.channel, stored.created_at,
                stored.creator_id,
            ),
            grid_code=stored.grid_code,
        )  # fmt: skip
        for event in session.scalars(log.order_by(TicketEvent.id)):
            role = Role(event.actor_role)
            actor = Operator(event.actor_id or 0, "", "", role, event.unit_id or 0, "", "")
            step = Step(Move(event.move), actor, event.at, event.share_seq, event.inputs)
            case = replay(case, step, rules)
    return stored, case
