"""Counts both centres compare: every figure of three windows in one statement (field-facts 8, Y9, Y16)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from console.domain.linkage import Figures, Result, Span, Statement, Window, windows
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.police import IN, OUT
from db.models import PoliceTransfer, Ticket

T = PoliceTransfer
_GIVEN, _CAME = and_(T.direction == OUT, T.service == "110"), T.direction == IN
_FIGURES: tuple[ColumnElement[bool], ...] = (
    _GIVEN,
    and_(_GIVEN, T.result != Result.REFUSED),
    and_(_GIVEN, T.result == Result.REFUSED),
    _CAME,
    and_(_CAME, T.result == Result.ACCEPTED),
    and_(_CAME, T.result == Result.REFUSED),
    and_(T.direction == OUT, T.service != "110"),
)


def statement(session: Session, seat: Seat, span: Span) -> Statement:
    """The six counts, the others and everything registered: this period, the one before, a year ago."""
    spans = windows(span, civil_date(seat.now(session)))
    sums = [_sum(figure, window) for window in spans for figure in _FIGURES]
    registered = [_registered(window) for window in spans]
    within = or_(*(_in(window) for window in spans))
    row: Any = session.execute(select(*sums, *registered).select_from(T).where(within)).one()
    size = len(_FIGURES)
    figures = [
        _figures(row[at * size : (at + 1) * size], row[size * len(spans) + at])
        for at in range(len(spans))
    ]
    return Statement(span, spans[0], figures[0], figures[1], figures[2])


def _figures(counts: Sequence[int], registered: int) -> Figures:
    given, kept, back, came, accepted, refused, others = counts
    return Figures(given, kept, back, came, accepted, refused, others, registered)


def _in(window: Window) -> ColumnElement[bool]:
    return and_(T.at >= window.start, T.at < window.end)


def _sum(figure: ColumnElement[bool], window: Window) -> Any:
    return func.coalesce(func.sum(case((and_(figure, _in(window)), 1), else_=0)), 0)


def _registered(window: Window) -> Any:
    query = select(func.count()).select_from(Ticket)
    query = query.where(Ticket.accepted_at >= window.start, Ticket.accepted_at < window.end)
    return query.scalar_subquery()
