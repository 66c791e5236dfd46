"""The clerk's archive: closed work orders become read-only under an archive number (field-facts 3.3)."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.desks import BulkResult, Queue
from console.domain.errors import Conflict, UserError
from console.domain.moves import Move
from console.domain.numbering import archive_number
from console.domain.states import TicketState
from console.domain.worktime import civil_date
from console.ledger import Entry, Ledger, Seat
from console.ledger.queues import waiting
from db.models import Ticket

FONDS, RETENTION = "12345", "D10"
_TRIES = 8


class Archiving:
    """Archive one or many; each succeeds or says why not."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def queue(self) -> Queue:
        """Closed work orders not yet archived."""
        with self._seat.db.reading() as session:
            return waiting(session, self._seat, TicketState.CLOSED)

    def archive(self, ticket_id: int, version: int | None = None) -> Changed:
        """Give the archive number and close the file for good. Raises NotAllowed while supervision is open."""
        for left in reversed(range(_TRIES)):
            try:
                return self._archive(ticket_id, version)
            except IntegrityError as error:
                # Another clerk took the same number a moment before; the next one is free.
                if not left:
                    raise Conflict("别处正在归档", "请稍等几秒再试") from error
        raise AssertionError("unreachable")

    def _archive(self, ticket_id: int, version: int | None) -> Changed:
        with self._seat.db.writing.begin() as session:
            number = self._next_number(session)
            entry = Entry(Move.ARCHIVE, {"archive_no": number}, f"归档，档号 {number}", version)
            ticket = self._ledger.move(session, ticket_id, entry)
            ticket.archive_no = number
            return self._ledger.changed(ticket)

    def archive_many(self, ticket_ids: tuple[int, ...]) -> BulkResult:
        """Archive several; a refusal stops none of the others."""
        done, failed, ids = [], [], []
        for ticket_id in ticket_ids:
            try:
                done.append(self.archive(ticket_id).number)
                ids.append(ticket_id)
            except UserError as error:
                failed.append((self._number(ticket_id), error.text))
        return BulkResult(
            Changed(frozenset({Topic.TICKETS}), tuple(ids)), tuple(done), tuple(failed)
        )

    def _number(self, ticket_id: int) -> str:
        with self._seat.db.reading() as session:
            return session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or "—"

    def _next_number(self, session: Session) -> str:
        year = civil_date(self._seat.now(session)).year
        prefix = archive_number(FONDS, year, RETENTION, 1)[:-6]
        last = session.scalar(
            select(func.max(Ticket.archive_no)).where(
                Ticket.archive_no.between(prefix, prefix + "999999")
            )
        )
        return archive_number(FONDS, year, RETENTION, int(last[-6:]) + 1 if last else 1)
