"""A list row: the few columns a work-order list needs, in one statement, light included."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from console.domain.lights import Timed, light, yellow_at
from console.domain.records import LightText, TicketRow
from console.domain.rules import Rules
from console.domain.states import SupervisionLevel, TicketState
from db.models import Ticket

ENDED_WITHOUT_LIGHT = frozenset(
    {TicketState.DRAFT, TicketState.MERGED, TicketState.VOID, TicketState.REJECTED}
)
_COLUMNS = (
    Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.nature, Ticket.urgency,
    Ticket.channel, Ticket.holder_name, Ticket.category_path, Ticket.place, Ticket.supervision,
    Ticket.created_at, Ticket.accepted_at, Ticket.dispatched_at, Ticket.finish_due,
    Ticket.total_due, Ticket.suspended_at, Ticket.closed_at, Ticket.confidential,
    Ticket.repeat_of_id, Ticket.training, Ticket.version, Ticket.own_limit, Ticket.complex, Ticket.paused_minutes,
)  # fmt: skip


def row_columns() -> tuple[Any, ...]:
    """What to select for `ticket_row`."""
    return _COLUMNS


def ticket_row(row: Row[Any], now: datetime, rules: Rules) -> TicketRow:
    """One list row from `row_columns`; its place down to the building only (field-facts 10.4)."""
    return TicketRow(
        id=row.id,
        number=row.number,
        title=row.title,
        state=row.state,
        nature=row.nature,
        urgency=row.urgency,
        channel=row.channel,
        unit=row.holder_name,
        category=row.category_path.rsplit(" › ", 1)[-1],
        place=row.place,
        light=ticket_light(row, now, rules),
        supervision=SupervisionLevel(row.supervision),
        accepted_at=row.accepted_at or row.created_at,
        finish_due=row.finish_due or row.total_due,
        version=row.version,
        confidential=row.confidential,
        repeat=row.repeat_of_id is not None,
        training=row.training,
    )


def ticket_timed(row: Any, rules: Rules) -> Timed:
    """The limit a work order's light is computed from; `row` has the ticket's columns."""
    limit = rules.limits(row).finish
    return Timed(
        start=row.dispatched_at or row.accepted_at or row.created_at,
        due=None if row.state in ENDED_WITHOUT_LIGHT else row.finish_due or row.total_due,
        working=limit.working,
        urgency=row.urgency,
        suspended_at=row.suspended_at,
        closed_at=row.closed_at,
        paused=timedelta(minutes=row.paused_minutes or 0),
    )


def ticket_light(row: Any, now: datetime, rules: Rules) -> LightText:
    return light(ticket_timed(row, rules), now, rules.pack.lights, rules.calendar)


def turns_yellow(row: Any, rules: Rules) -> datetime | None:
    """When the light of this work order turns yellow; None for one without a due time."""
    return yellow_at(ticket_timed(row, rules), rules.pack.lights, rules.calendar)
