"""Urging and supervision as rows: what the notice says, beside the move that the log keeps (field-facts 9.5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console.domain.states import SupervisionLevel
from console.domain.worktime import civil_date
from console.ledger.seat import Seat
from db.models import NumberLease, Supervision, Ticket, Urging

# Any number that nothing else locks; see `numbers`.
_NUMBERING = 12345_02
_SERIES = "notice"


def next_document_no(session: Session, seat: Seat) -> str:
    """`×政热督〔2026〕12号`: one series a year, no number twice; a gap is left where the notice is not issued."""
    now = seat.now(session)
    year = civil_date(now).year
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_NUMBERING)))
    this_year = (NumberLease.kind == _SERIES, NumberLease.day == str(year))
    serial = (session.scalar(select(func.max(NumberLease.high)).where(*this_year)) or 0) + 1
    word = f"{seat.rules.pack.forms.document_word}〔{year}〕"
    # Notices brought in from elsewhere carry numbers that nobody leased here.
    while session.scalar(_bears(f"{word}{serial}号")) is not None:
        serial += 1
    session.add(
        NumberLease(
            kind=_SERIES, day=str(year), channel="", workstation=seat.workstation,
            low=serial, high=serial, leased_at=now,
        )
    )  # fmt: skip
    session.flush()
    return f"{word}{serial}号"


def _bears(document_no: str) -> Select[int]:
    return select(Supervision.id).where(Supervision.document_no == document_no).limit(1)


def open_supervision(
    session: Session,
    seat: Seat,
    ticket: Ticket,
    level: SupervisionLevel,
    reason: str,
    **fields: Any,
) -> Supervision:
    """The notice of one supervision, numbered. The move that raises the level is the caller's."""
    penalty = seat.rules.pack.supervision.penalties.get(level, 0)
    given = {
        "unit_id": ticket.holder_unit_id, "lead_unit": ticket.holder_name, "co_units": ticket.co_unit_names,
        "penalty": penalty,
    }  # fmt: skip
    row = Supervision(
        ticket_id=ticket.id,
        level=int(level),
        document_no=next_document_no(session, seat),
        reason=reason[:200],
        issued_at=seat.now(session),
        issued_by=seat.operator.signature,
        **{**given, **fields},
    )
    session.add(row)
    return row


def write_urging(
    session: Session, seat: Seat, ticket: Ticket, reason: str, **fields: Any
) -> Urging:
    """One urging of the unit that holds the work order. The move is the caller's."""
    row = Urging(
        **{
            "ticket_id": ticket.id,
            "unit_name": ticket.holder_name,
            "reason": reason[:500],
            "at": seat.now(session),
            "by": seat.operator.signature,
            **fields,
        }
    )
    session.add(row)
    return row


def lift_all(session: Session, ticket: Ticket, at: datetime, by: str, reason: str) -> None:
    """Nobody supervises this work order any more."""
    query = select(Supervision).where(
        Supervision.ticket_id == ticket.id, Supervision.lifted_at.is_(None)
    )
    for row in session.scalars(query):
        row.lifted_at, row.lifted_by, row.lift_reason = at, by, reason[:300]
