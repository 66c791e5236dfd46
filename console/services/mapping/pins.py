"""Work orders as pins: in the operator's scope, masked, coloured by their light."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time
from math import cos, sin, sqrt
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import Session

from console.domain.city_map import Pin, Pins, PinSet
from console.domain.masking import mask_address
from console.domain.records import TicketRow
from console.domain.states import Light, TicketState
from console.domain.worktime import civil
from console.ledger import Seat, row_columns, ticket_row, visible
from console.ledger.cases import SEES_CONFIDENTIAL
from console.ledger.withheld import withhold_titles
from console.services.mapping.frame import Frame
from db.models import Grid, Ticket
from db.models.tickets import OPEN

MOST_PINS = 5_000
# Pins known to the grid alone stand in a sunflower around its centre: this far apart, in metres.
_APART = 14.0
_GOLDEN = 2.399963
_LIT = frozenset({Light.YELLOW, Light.RED})


def read_pins(session: Session, seat: Seat, which: PinSet, frame: Frame) -> Pins:
    """The newest `MOST_PINS`. Two statements, one more where confidential titles are to be struck."""
    now = seat.now(session)
    columns = (*row_columns(), Ticket.x, Ticket.y, Grid.centre_x, Grid.centre_y, Ticket.grid_id)
    query = select(*columns).outerjoin(Grid, Grid.unit_id == Ticket.grid_id)
    placed = or_(Ticket.x.is_not(None), Ticket.grid_id.is_not(None))
    wanted = (visible(seat.operator), *_wanted(which, now))
    query = query.where(*wanted, placed).order_by(Ticket.id.desc()).limit(MOST_PINS + 1)
    rows: list[Any] = list(session.execute(query))
    unplaced = session.scalar(select(func.count(Ticket.id)).where(*wanted, ~placed)) or 0
    listed = (ticket_row(row, now, seat.rules) for row in rows[:MOST_PINS])
    masked = tuple(replace(row, place=mask_address(row.place)) for row in listed)
    shown = withhold_titles(session, seat, masked)
    pins = _placed(shown, rows, seat, frame)
    if which is PinSet.LIT:
        pins = [pin for pin in pins if pin.light.light in _LIT]
    return Pins(tuple(pins), unplaced, len(rows) > MOST_PINS)


def _wanted(which: PinSet, now: datetime) -> tuple[ColumnElement[bool], ...]:
    if which is not PinSet.TODAY:
        # The very words of the partial indexes, as in the pool.
        return (text(f"ticket.{OPEN.text}"),)  # type: ignore[return-value]
    local = civil(now)
    midnight = datetime.combine(local.date(), time(), local.tzinfo).astimezone(UTC)
    kept = Ticket.state.not_in((TicketState.DRAFT, TicketState.VOID))
    return (and_(Ticket.accepted_at >= midnight, kept),)


def _placed(shown: tuple[TicketRow, ...], rows: list[Any], seat: Seat, frame: Frame) -> list[Pin]:
    in_grid: Counter[int] = Counter()
    pins = []
    for row, raw in zip(shown, rows, strict=False):
        # The very spot of a confidential matter may be its caller's door.
        hidden = row.confidential and seat.operator.role not in SEES_CONFIDENTIAL
        exact = raw.x is not None and raw.y is not None and not hidden
        if not exact and raw.centre_x is None:
            continue
        middle = (raw.x, raw.y) if exact else (raw.centre_x, raw.centre_y)
        x, y = frame.metres(*middle)
        if not exact:
            x, y = _beside(x, y, in_grid[raw.grid_id])
        in_grid[raw.grid_id] += not exact
        pins.append(_pin(row, x, y, exact))
    return pins


def _beside(x: float, y: float, place: int) -> tuple[float, float]:
    far, turn = _APART * sqrt(place), _GOLDEN * place
    return x + far * cos(turn), y + far * sin(turn)


def _pin(row: TicketRow, x: float, y: float, exact: bool) -> Pin:
    return Pin(
        row.id, row.number, row.title, row.place, row.unit, row.state, row.light, row.supervision,
        x, y, exact,
    )  # fmt: skip
