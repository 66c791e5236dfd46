"""Grant or refuse what a unit asked for, and take a grant back within ten seconds (field-facts 3.3)."""

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.court import ExtensionHearing, Grounds, ReturnHearing
from console.domain.desks import Done
from console.domain.moves import MOVE_NAMES, Move
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.court import open_sheet
from console.services.deciding import hearing
from db.models import ExtensionRequest, JointSheet, ReturnRequest, Ticket

GRANTS = frozenset({Move.GRANT_RETURN, Move.GRANT_EXTENSION})
RETURNS = frozenset({Move.GRANT_RETURN, Move.REFUSE_RETURN})
Request = TypeVar("Request", ReturnRequest, ExtensionRequest)


class Deciding:
    """Returns and extensions; the unit's request row keeps who decided, when and why."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    # --- what it is decided by

    def bases(self, ticket_id: int) -> Grounds:
        """For the unit's return form: the catalogue's grounds for not taking this, and until when it may say so."""
        with self._seat.db.reading() as session:
            ticket = self._ticket(session, ticket_id)
            return hearing.grounds(session, self._seat, ticket) if ticket else Grounds(())

    def returning(self, ticket_id: int) -> ReturnHearing | None:
        """All hops side by side, the window, and how this unit deals with this category."""
        with self._seat.db.reading() as session:
            ticket = self._ticket(session, ticket_id)
            return hearing.returning(session, self._seat, ticket) if ticket else None

    def extending(self, ticket_id: int) -> ExtensionHearing | None:
        """What was asked for, and what the limit would be."""
        with self._seat.db.reading() as session:
            ticket = self._ticket(session, ticket_id)
            return hearing.extending(session, self._seat, ticket) if ticket else None

    def _ticket(self, session: Session, ticket_id: int) -> Ticket | None:
        query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
        return session.scalar(query)

    # --- deciding

    def decide(self, ticket_id: int, move: Move, opinion: str, version: int) -> Done:
        """Grant or refuse a return or an extension. A refusal needs an opinion; Invalid names `opinion`.

        The return that is one too many opens the 会商单 in the same transaction.
        """
        said = opinion.strip()[:500]
        note = f"{MOVE_NAMES[move]}：{said}" if said else MOVE_NAMES[move]
        with self._seat.db.writing.begin() as session:
            entry = Entry(move, {"opinion": said}, note, version)
            ticket = self._ledger.move(session, ticket_id, entry)
            self._settle(session, ticket, move, said)
            words = MOVE_NAMES[move]
            if move is Move.GRANT_RETURN and self._open_sheet(session, ticket):
                words = f"{words}，已退 {ticket.return_count} 次，转会商"
            return self._done(session, ticket, move, words)

    def _done(self, session: Session, ticket: Ticket, move: Move, words: str) -> Done:
        """Only a granted return can be taken back: everything else the unit may have read already."""
        seconds = self._seat.rules.pack.desk.undo_seconds if move is Move.GRANT_RETURN else 0
        until = self._seat.now(session) + timedelta(seconds=seconds) if seconds else None
        changed = self._ledger.changed(ticket)
        return Done(changed, ticket.number, f"已{words}", until, ticket.id, seconds)

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

    def _open_sheet(self, session: Session, ticket: Ticket) -> bool:
        """From the pack's number of hops on units meet instead of sending it round (peers 6.6)."""
        if ticket.return_count < self._seat.rules.pack.returns.dispatches:
            return False
        if open_sheet(session, ticket.id) is None:
            query = select(ReturnRequest.unit_name).where(
                ReturnRequest.ticket_id == ticket.id, ReturnRequest.granted.is_(True)
            )
            units = dict.fromkeys(session.scalars(query.order_by(ReturnRequest.id)))
            session.add(
                JointSheet(
                    ticket_id=ticket.id,
                    opened_at=self._seat.now(session),
                    opened_by=self._seat.operator.signature,
                    units="、".join(units)[:500],
                )
            )
        return True

    # --- taking it back

    def undo_grant(self, ticket_id: int) -> Changed:
        """Take back one's own grant of a moment ago: the return is to be decided again, its sheet never was."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, Entry(Move.UNDO_GRANT))
            opened = open_sheet(session, ticket_id)
            if opened is not None:
                session.delete(opened)
            return self._ledger.changed(ticket)


def _undecided(session: Session, table: type[Request], ticket_id: int) -> Request | None:
    query = select(table).where(table.ticket_id == ticket_id, table.decided_at.is_(None))
    return session.scalars(query.order_by(table.id.desc()).limit(1)).first()
