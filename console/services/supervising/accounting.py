"""问责清单: what went wrong in a period, per unit and per person (field-facts H12, X3, Y15). Six statements."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from console.domain.moves import Move
from console.domain.states import AssignmentKind, AssignmentState, SupervisionLevel
from console.domain.supervision import Accountability, Blame
from console.domain.worktime import CIVIL
from console.ledger import Seat, visible
from console.services.supervising.board import UNHAPPY
from db.models import (
    Assignment,
    GateOverride,
    ReturnRequest,
    Supervision,
    Ticket,
    TicketEvent,
    Urging,
)

_REDOES = tuple(move.value for move in (Move.REDO, Move.FAIL_REVIEW, Move.FAIL_VERIFY, Move.REOPEN))
# A share that was taken back, declined or returned was nobody's to be late with.
_NOT_ITS = (AssignmentState.WITHDRAWN, AssignmentState.DECLINED, AssignmentState.RETURNED)


@dataclass
class _Tally:
    """Counts of one unit or person while they are being gathered."""

    counts: Counter[str] = field(default_factory=Counter)
    cards: Counter[SupervisionLevel] = field(default_factory=Counter)


@dataclass
class _Book:
    """Both lists at once: every count goes to the unit, and to the person when one is known."""

    units: dict[str, _Tally] = field(default_factory=dict)
    persons: dict[tuple[str, str], _Tally] = field(default_factory=dict)

    def add(self, unit: str, person: str, **counts: int) -> None:
        for tally in self._tallies(unit, person):
            tally.counts.update(counts)

    def card(self, unit: str, person: str, level: int, points: int) -> None:
        for tally in self._tallies(unit, person):
            tally.cards[SupervisionLevel(level)] += 1
            tally.counts["points"] += points

    def _tallies(self, unit: str, person: str) -> Iterable[_Tally]:
        if unit:
            yield self.units.setdefault(unit, _Tally())
            if person:
                yield self.persons.setdefault((unit, person), _Tally())


def accountability(session: Session, seat: Seat, since: date, until: date) -> Accountability:
    """Shares of work accepted in the period; returns, redos, letters and overrides made in it. Six statements."""
    start, end = _midnight(since), _midnight(until + timedelta(days=1))
    book = _Book()
    _shares(session, seat, book, start, end)
    _returns(session, book, start, end)
    _redoes(session, book, start, end)
    _overrides(session, book, start, end)
    _urgings(session, book, start, end)
    _cards(session, book, start, end)
    units = [_blame(unit, "", tally) for unit, tally in book.units.items()]
    persons = [_blame(unit, person, tally) for (unit, person), tally in book.persons.items()]
    return Accountability(
        since, until, tuple(sorted(units, key=_worst)), tuple(sorted(persons, key=_worst))
    )


def _midnight(day: date) -> datetime:
    """Where a Beijing day begins."""
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)


def _shares(session: Session, seat: Seat, book: _Book, start: datetime, end: datetime) -> None:
    now = seat.now(session)
    finished = func.coalesce(
        Assignment.replied_at, Assignment.ended_at, now, type_=Assignment.finish_due.type
    )
    signed = func.coalesce(Assignment.signed_at, now, type_=Assignment.sign_due.type)
    lead = and_(Assignment.kind == AssignmentKind.LEAD, Assignment.parent_seq.is_(None))
    query = (
        select(
            Assignment.unit_name,
            Assignment.signer_name,
            func.count(),
            _sum(and_(Assignment.finish_due < finished, Ticket.suspended_at.is_(None))),
            _sum(Assignment.sign_due < signed),
            _sum(and_(lead, Ticket.satisfaction.in_(UNHAPPY))),
        )
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(visible(seat.operator), Ticket.accepted_at >= start, Ticket.accepted_at < end)
        .where(Assignment.state.not_in(_NOT_ITS))
        .group_by(Assignment.unit_name, Assignment.signer_name)
    )
    for unit, person, handled, overdue, unsigned, unhappy in session.execute(query):
        book.add(unit, person, handled=handled, overdue=overdue, unsigned=unsigned, unhappy=unhappy)


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _returns(session: Session, book: _Book, start: datetime, end: datetime) -> None:
    wrong = _sum(ReturnRequest.granted.is_(False))
    query = (
        select(ReturnRequest.unit_name, ReturnRequest.asked_by, func.count(), wrong)
        .where(ReturnRequest.asked_at >= start, ReturnRequest.asked_at < end)
        .group_by(ReturnRequest.unit_name, ReturnRequest.asked_by)
    )
    for unit, person, returned, refused in session.execute(query):
        book.add(unit, person, returned=returned, wrongly_returned=refused)


def _handler() -> Any:
    """Who signed for the lead unit that has the ticket now."""
    query = select(func.max(Assignment.signer_name)).where(
        Assignment.ticket_id == Ticket.id,
        Assignment.unit_id == Ticket.holder_unit_id,
        Assignment.kind == AssignmentKind.LEAD,
    )
    return query.correlate(Ticket).scalar_subquery()


def _redoes(session: Session, book: _Book, start: datetime, end: datetime) -> None:
    query = (
        select(Ticket.holder_name, _handler())
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .where(TicketEvent.at >= start, TicketEvent.at < end, TicketEvent.move.in_(_REDOES))
    )
    for unit, person in session.execute(query):
        book.add(unit, person or "", redone=1)


def _overrides(session: Session, book: _Book, start: datetime, end: datetime) -> None:
    query = (
        select(GateOverride.unit_name, Ticket.holder_name, GateOverride.by, func.count())
        .join(GateOverride, GateOverride.ticket_id == Ticket.id)
        .where(GateOverride.at >= start, GateOverride.at < end)
        .group_by(GateOverride.unit_name, Ticket.holder_name, GateOverride.by)
    )
    for unit, holder, person, number in session.execute(query):
        book.add(unit or holder, person, overrides=number)


def _urgings(session: Session, book: _Book, start: datetime, end: datetime) -> None:
    query = (
        select(Urging.unit_name, _handler())
        .join(Ticket, Ticket.id == Urging.ticket_id)
        .where(Urging.at >= start, Urging.at < end, Urging.rung > 0)
    )
    for unit, person in session.execute(query):
        book.add(unit, person or "", urged=1)


def _cards(session: Session, book: _Book, start: datetime, end: datetime) -> None:
    query = (
        select(
            Supervision.lead_unit, Ticket.holder_name, _handler(), Supervision.level, Supervision.penalty
        )
        .join(Ticket, Ticket.id == Supervision.ticket_id)
        .where(Supervision.issued_at >= start, Supervision.issued_at < end)
    )  # fmt: skip
    for unit, holder, person, level, penalty in session.execute(query):
        answers = (person or "") if unit in ("", holder) else ""
        book.card(unit or holder, answers, level, penalty)


def _blame(unit: str, person: str, tally: _Tally) -> Blame:
    return Blame(unit, person, cards=dict(tally.cards), **tally.counts)


def _worst(line: Blame) -> tuple[int, int, int, str, str]:
    return (
        -line.points,
        -line.overdue,
        -line.wrongly_returned - line.redone,
        line.unit,
        line.person,
    )
