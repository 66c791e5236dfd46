"""Piles without a share of one's own: work orders copied to the unit (抄告), and those one has reported."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.domain.inbox import Copied, Desk, Duty, InboxRow, InboxTab
from console.domain.moves import Move
from console.ledger import Seat, case_file
from console.ledger.desk_rows import desk_columns, desk_row
from console.ledger.withheld import withhold_titles
from db.models import NotifyCopy, Ticket, TicketEvent, Unit

# How long a report stays on the desk, and how many rows a pile shows at most.
KEPT = timedelta(days=30)
MOST = 500


def rows_of(session: Session, seat: Seat, tab: InboxTab) -> tuple[InboxRow, ...]:
    """One of the two piles, the newest on top. One statement, one more where confidential ones lie in it."""
    now = seat.now(session)
    if tab is InboxTab.COPIES:
        query = select(*desk_columns(), NotifyCopy.told_at).join(
            NotifyCopy, NotifyCopy.ticket_id == Ticket.id
        )
        found = session.execute(
            query.where(*_unread(seat)).order_by(NotifyCopy.told_at.desc()).limit(MOST)
        )
        read = [desk_row(row, now, seat.rules, Duty.READ, row.told_at) for row in found]
        return withhold_titles(session, seat, read)
    query = select(*desk_columns(), Ticket.created_at.label("told_at"))
    found = session.execute(
        query.where(_reported(seat, now)).order_by(Ticket.id.desc()).limit(MOST)
    )
    rows = [desk_row(row, now, seat.rules, Duty.NONE, row.told_at) for row in found]
    return withhold_titles(session, seat, rows)


def counting(seat: Seat, now: datetime) -> dict[InboxTab, Any]:
    """How many lie in each of the two, as columns of a statement; each over an index."""
    copies = select(func.count(NotifyCopy.id)).where(*_unread(seat))
    reported = select(func.count(Ticket.id)).where(_reported(seat, now))
    return {
        InboxTab.COPIES: copies.scalar_subquery(),
        InboxTab.REPORTED: reported.scalar_subquery(),
    }


def _unread(seat: Seat) -> tuple[ColumnElement[bool], ...]:
    return (NotifyCopy.unit_id == seat.operator.unit_id, NotifyCopy.read_at.is_(None))


def _reported(seat: Seat, now: datetime) -> ColumnElement[bool]:
    """By the log, which is indexed by who acted; the ticket is not."""
    events = select(TicketEvent.ticket_id).where(
        TicketEvent.actor_id == seat.operator.account_id,
        TicketEvent.at >= now - KEPT,
        TicketEvent.move.in_((Move.RECEIVE.value, Move.SETTLE_ON_SITE.value)),
    )
    return Ticket.id.in_(events)


def open_other(session: Session, seat: Seat, ticket_id: int) -> Desk:
    """A case the unit has no share in: to be read, with whom it was copied to. Raises NotFound."""
    case = case_file(session, seat, ticket_id)
    ticket = session.get_one(Ticket, ticket_id)
    copy = unread_copy(session, seat, ticket_id)
    duty = Duty.READ if copy is not None else Duty.NONE
    since = copy.told_at if copy is not None else ticket.created_at
    row = desk_row(ticket, seat.now(session), seat.rules, duty, since)
    (row,) = withhold_titles(session, seat, (row,))
    return Desk(case=case, own=row, copied=copied_units(session, ticket_id))


def unread_copy(session: Session, seat: Seat, ticket_id: int) -> NotifyCopy | None:
    query = select(NotifyCopy).where(NotifyCopy.ticket_id == ticket_id, *_unread(seat))
    return session.scalars(query.order_by(NotifyCopy.id).limit(1)).first()


def mark_read(session: Session, seat: Seat, ticket_id: int) -> tuple[int, ...]:
    """The copies of this work order that are read now. Raises NotFound when there is nothing unread."""
    now = seat.now(session)
    query = select(NotifyCopy).where(NotifyCopy.ticket_id == ticket_id, *_unread(seat))
    rows = tuple(session.scalars(query))
    if not rows:
        raise NotFound("没有抄告给本单位，或已阅知", "已为您刷新")
    for row in rows:
        row.read_at, row.read_by = now, seat.operator.signature
    return tuple(row.id for row in rows)


def copied_units(session: Session, ticket_id: int) -> tuple[Copied, ...]:
    query = select(NotifyCopy, Unit.name).join(Unit, Unit.id == NotifyCopy.unit_id)
    query = query.where(NotifyCopy.ticket_id == ticket_id).order_by(NotifyCopy.id)
    return tuple(
        Copied(name, copy.told_at, copy.read_at, copy.read_by)
        for copy, name in session.execute(query)
    )
