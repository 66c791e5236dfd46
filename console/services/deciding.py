"""What the centre decides about a work order that a unit asked for: returns and extensions (field-facts 3.3)."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.moves import MOVE_NAMES, Move
from console.ledger import Entry, Ledger, Seat
from db.models import ExtensionRequest, ReturnRequest, Ticket

GRANTS = frozenset({Move.GRANT_RETURN, Move.GRANT_EXTENSION})
Request = TypeVar("Request", ReturnRequest, ExtensionRequest)
RETURNS = frozenset({Move.GRANT_RETURN, Move.REFUSE_RETURN})


class Deciding:
    """Grant or refuse; the unit's request row keeps who decided, when and why."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def decide(self, ticket_id: int, move: Move, opinion: str, version: int) -> Changed:
        """Grant or refuse a return or an extension. A refusal needs an opinion; Invalid names `opinion`."""
        said = opinion.strip()[:500]
        note = f"{MOVE_NAMES[move]}：{said}" if said else MOVE_NAMES[move]
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(
                session, ticket_id, Entry(move, {"opinion": said}, note, version)
            )
            self._settle(session, ticket, move, said)
            return self._ledger.changed(ticket)

    def _settle(self, session: Session, ticket: Ticket, move: Move, said: str) -> None:
        request: ReturnRequest | ExtensionRequest | None
        if move in RETURNS:
            request = _undecided(session, ReturnRequest, ticket.id)
        else:
            request = _undecided(session, ExtensionRequest, ticket.id)
        if request is None:
            return
        request.granted, request.opinion = move in GRANTS, said
        request.decided_at = self._seat.now(session)
        request.decided_by = self._seat.operator.signature
        if isinstance(request, ExtensionRequest) and move in GRANTS:
            request.new_due = ticket.finish_due


def _undecided(session: Session, table: type[Request], ticket_id: int) -> Request | None:
    query = select(table).where(table.ticket_id == ticket_id, table.decided_at.is_(None))
    return session.scalars(query.order_by(table.id.desc()).limit(1)).first()
