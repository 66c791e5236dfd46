"""Which work orders can be printed, newest first, a page at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.domain.codes import code_range
from console.domain.forms import FormKind
from console.domain.numbering import SEQUENCE_LENGTH, numbers_ending
from console.domain.reports import Criteria, Cursor, Found, ReportRow, Stage
from console.domain.states import OPEN_STATES, TicketState
from console.domain.worktime import CIVIL
from console.ledger import Seat, row_columns, ticket_row, visible
from console.ledger.contacts import tickets_saying
from console.ledger.withheld import withhold_titles
from db.models import PrintLog, Ticket, Unit

# Enough hits of a full-text search to fill several pages after the other conditions.
_MOST_HITS = 2000
_SHORTEST_NUMBER = 4
_LATELY = timedelta(days=45)
_YEARS = timedelta(days=730)
_STATES: dict[Stage, frozenset[TicketState]] = {
    Stage.CLOSED: frozenset({TicketState.CLOSED}),
    Stage.ARCHIVED: frozenset({TicketState.ARCHIVED}),
    Stage.OPEN: OPEN_STATES,
}


def find(
    session: Session, seat: Seat, criteria: Criteria, after: Cursor | None, limit: int
) -> Found:
    """One statement for the rows; one more for words or a unit, one where confidential ones are found."""
    query = _rows(criteria.form).where(
        visible(seat.operator), *_conditions(session, seat, criteria)
    )
    day = _day(criteria.stage)
    if after is not None:
        query = query.where(_beyond(day, after))
    order = (day.desc(), Ticket.id.desc()) if day is Ticket.closed_at else (Ticket.id.desc(),)
    found = session.execute(query.order_by(*order).limit(limit + 1)).all()
    now = seat.now(session)
    rows = _unnamed(session, seat, [_row(row, seat, now, criteria.stage) for row in found[:limit]])
    more = Cursor(rows[-1].at, rows[-1].id) if len(found) > limit else None
    return Found(rows, more)


def find_one(session: Session, seat: Seat, ticket_id: int, form: FormKind) -> ReportRow | None:
    """The row of one work order, None when it is out of scope."""
    query = _rows(form).where(visible(seat.operator), Ticket.id == ticket_id)
    row = session.execute(query).first()
    if row is None:
        return None
    return _unnamed(session, seat, [_row(row, seat, seat.now(session), Stage.ANY)])[0]


def _unnamed(session: Session, seat: Seat, rows: list[ReportRow]) -> tuple[ReportRow, ...]:
    """Confidential titles without their callers."""
    seen = withhold_titles(session, seat, [row.ticket for row in rows])
    return tuple(replace(row, ticket=shown) for row, shown in zip(rows, seen, strict=True))


def _rows(form: FormKind) -> Select[Any]:
    copies = select(func.coalesce(func.max(PrintLog.copy_no), 0)).where(
        PrintLog.ticket_id == Ticket.id, PrintLog.form == form.value
    )
    return select(*row_columns(), copies.scalar_subquery().label("copies"))


def _row(row: Any, seat: Seat, now: datetime, stage: Stage) -> ReportRow:
    ended = stage in (Stage.CLOSED, Stage.ARCHIVED)
    at = row.closed_at if ended else row.accepted_at or row.created_at
    return ReportRow(ticket_row(row, now, seat.rules), at, row.copies)


def _day(stage: Stage) -> InstrumentedAttribute[datetime | None]:
    return Ticket.closed_at if stage in (Stage.CLOSED, Stage.ARCHIVED) else Ticket.accepted_at


def _beyond(day: InstrumentedAttribute[datetime | None], after: Cursor) -> ColumnElement[bool]:
    """What comes after the last row of the page before."""
    if day is not Ticket.closed_at or after.at is None:
        return Ticket.id < after.id
    return or_(day < after.at, and_(day == after.at, Ticket.id < after.id))


def _conditions(session: Session, seat: Seat, criteria: Criteria) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if criteria.stage in _STATES:
        wanted.append(Ticket.state.in_(sorted(_STATES[criteria.stage])))
    if criteria.stage is Stage.ANY:
        wanted.append(Ticket.state != TicketState.DRAFT)
    if _day(criteria.stage) is Ticket.closed_at:
        wanted.append(Ticket.closed_at.is_not(None))
    wanted += _within(criteria)
    if criteria.unit_id is not None:
        wanted.append(_held_below(session, criteria.unit_id))
    if criteria.text.strip():
        wanted.append(_says(session, seat, criteria.text.strip()))
    return wanted


def _within(criteria: Criteria) -> list[ColumnElement[bool]]:
    day = _day(criteria.stage)
    wanted: list[ColumnElement[bool]] = []
    if criteria.since is not None:
        wanted.append(day >= midnight(criteria.since))
    if criteria.until is not None:
        wanted.append(day < midnight(criteria.until + timedelta(days=1)))
    return wanted


def midnight(day: date) -> datetime:
    """Where a Beijing day begins."""
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)


def _held_below(session: Session, unit_id: int) -> ColumnElement[bool]:
    """Held by the unit or one below it, by code range."""
    low, high = code_range(session.get_one(Unit, unit_id).code)
    return and_(Ticket.holder_code >= low, Ticket.holder_code < high)


def _says(session: Session, seat: Seat, text: str) -> ColumnElement[bool]:
    """Digits are part of a number; anything else is looked up in the full-text index."""
    if text.isdecimal() and text.isascii() and len(text) >= _SHORTEST_NUMBER:
        return Ticket.id.in_(_numbered(text, seat.now(session)))
    return Ticket.id.in_(tickets_saying(session, seat, text, _MOST_HITS))


def _numbered(text: str, now: datetime) -> Any:
    """Ids by the beginning of a number or by its end: seven digits of the last years, fewer of the last weeks.

    Each by its own index: neither an OR nor a LIKE would use one under row policies.
    """
    begins = and_(Ticket.number >= text, Ticket.number < text[:-1] + chr(ord(text[-1]) + 1))
    ends: ColumnElement[bool]
    if len(text) > SEQUENCE_LENGTH:
        ends = Ticket.number.in_(numbers_ending(text, now.astimezone(CIVIL).date(), _YEARS))
    else:
        ends = and_(Ticket.accepted_at >= now - _LATELY, Ticket.number.endswith(text))
    return union(*(select(Ticket.id).where(way) for way in (begins, ends)))
