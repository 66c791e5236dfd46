"""Reading the rows of one work order that a printed form needs."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.moves import Move
from db.models import Assignment, Attachment, Ticket, TicketEvent

_Row = TypeVar("_Row")


def last_row(session: Session, table: type[_Row], ticket: Ticket) -> _Row | None:
    query = select(table).where(table.ticket_id == ticket.id)  # type: ignore[attr-defined]
    return session.scalars(query.order_by(table.id.desc()).limit(1)).first()  # type: ignore[attr-defined]


def rows_of(session: Session, table: type[_Row], ticket: Ticket) -> list[_Row]:
    query = select(table).where(table.ticket_id == ticket.id)  # type: ignore[attr-defined]
    return list(session.scalars(query.order_by(table.id)))  # type: ignore[attr-defined]


def names_in(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.replace("，", "、").split("、") if name)


def last_event(session: Session, ticket: Ticket, *moves: Move) -> TicketEvent | None:
    names = [move.value for move in moves]
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.move.in_(names)
    )
    return session.scalars(query.order_by(TicketEvent.id.desc()).limit(1)).first()


def share_of(session: Session, ticket: Ticket, seq: int) -> Assignment | None:
    return session.scalar(
        select(Assignment).where(Assignment.ticket_id == ticket.id, Assignment.seq == seq)
    )


def numbered(session: Session, ticket: Ticket) -> list[tuple[str, Attachment]]:
    """Attachments with the number the closure report lists them by."""
    return [(f"附件{at}", row) for at, row in enumerate(rows_of(session, Attachment, ticket), 1)]


def photo_numbers(files: Iterable[tuple[str, Attachment]], *kinds: str) -> tuple[str, ...]:
    return tuple(number for number, row in files if row.kind in kinds)
