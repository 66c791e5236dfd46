"""归档: number, last move and seal, the same for the clerk and for the keeper (field-facts 3.3, 10.10)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.moves import Move
from console.domain.numbering import archive_number
from console.domain.worktime import civil_date
from console.ledger.audit import record
from console.ledger.seat import Seat
from console.ledger.writing import Entry, Ledger
from db.manifests import SEALED, seal
from db.models import Ticket

FONDS, RETENTION = "12345", "D10"


def archive_ticket(
    session: Session, seat: Seat, ticket_id: int, version: int | None = None, words: str = "归档"
) -> Ticket:
    """Close the file for good under the next number of the year; its manifest's digest goes into the audit chain.

    Raises what the move raises, and IntegrityError when somebody else took the number a moment before.
    """
    number = _next_number(session, seat)
    entry = Entry(Move.ARCHIVE, {"archive_no": number}, f"{words}，档号 {number}")
    ledger = Ledger(seat)
    # In one statement with the state: PostgreSQL lets nobody touch an archived work order again.
    with session.no_autoflush:
        ledger.lock(session, ticket_id, version).archive_no = number
        ticket = ledger.move(session, ticket_id, entry)
    digest = seal(session, [ticket], seat.now(session), seat.operator.signature)[ticket.id]
    details = {"digest": digest, "archive_no": number}
    record(session, seat, SEALED, ("ticket", ticket.number), details=details)
    return ticket


def _next_number(session: Session, seat: Seat) -> str:
    year = civil_date(seat.now(session)).year
    prefix = archive_number(FONDS, year, RETENTION, 1)[:-6]
    # Numbers brought in from elsewhere may look alike; only those of our own shape count.
    taken = select(func.max(Ticket.archive_no)).where(
        Ticket.archive_no.between(prefix, prefix + "999999"),
        func.length(Ticket.archive_no) == len(prefix) + 6,
    )
    last = session.scalar(taken)
    return archive_number(FONDS, year, RETENTION, int(last[-6:]) + 1 if last else 1)
