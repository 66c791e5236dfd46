"""Everyone a work order speaks for: joined on merging by a row of their own, taken out again (peers 6.4)."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from console.domain.corrections import GATHERED
from console.domain.moves import Move
from console.ledger.contacts import copy_caller, part_caller
from console.ledger.seat import Seat
from db.models import Appellant, Callback, Ticket, TicketEvent

_COPIED = ("person_id", "call_id", "said", "called_back_at")


def appellants(session: Session, ticket_id: int) -> int:
    """How many people a work order speaks for."""
    query = select(func.count(Appellant.id)).where(Appellant.ticket_id == ticket_id)
    return session.scalar(query) or 0


def join(session: Session, seat: Seat, ticket: Ticket, main: Ticket) -> None:
    """Everyone of `ticket` stands on `main` too; their rows on `ticket` are not touched."""
    now = seat.now(session)
    query = select(Appellant).where(Appellant.ticket_id == ticket.id).order_by(Appellant.id)
    known = {row.phone_key for row in _of(session, main.id) if row.phone_key}
    for row in session.scalars(query):
        if row.phone_key and row.phone_key in known:
            # The same person on both is called back once.
            continue
        copied = {name: getattr(row, name) for name in _COPIED}
        copied["said"] = row.said or ticket.content
        joined = Appellant(
            ticket_id=main.id, main=False, joined_at=now, merged_from_id=ticket.id, **copied
        )
        session.add(joined)
        copy_caller(session, seat, row, joined)


def part(session: Session, seat: Seat, ticket: Ticket, main: Ticket) -> None:
    """Whoever came to `main` with `ticket` stands on it no longer; calls made to them stay with their own row."""
    own = {row.phone_key: row for row in reversed(_of(session, ticket.id))}
    for row in _of(session, main.id):
        if row.merged_from_id != ticket.id:
            continue
        mine = own.get(row.phone_key) or next(iter(own.values()), None)
        if mine is not None and row.called_back_at is not None:
            mine.called_back_at = row.called_back_at
        calls = select(Callback.id).where(Callback.appellant_id == row.id).limit(1)
        if session.scalar(calls) is not None:
            if mine is None:
                continue
            moved = update(Callback).where(Callback.appellant_id == row.id)
            session.execute(moved.values(appellant_id=mine.id))
        part_caller(session, seat, row)
    session.flush()


def _of(session: Session, ticket_id: int) -> list[Appellant]:
    query = select(Appellant).where(Appellant.ticket_id == ticket_id).order_by(Appellant.id)
    return list(session.scalars(query))


def gather(session: Session, seat: Seat, main: Ticket) -> tuple[int, bool]:
    """How many people now, and whether this made it 集中反映 (field-facts 3.7)."""
    count = appellants(session, main.id)
    tags = [tag for tag in main.special_tags.split("、") if tag]
    if count < seat.rules.pack.duplicates.gathered_from or GATHERED in tags:
        return count, False
    main.special_tags = "、".join((*tags, GATHERED))[:200]
    return count, True


def scatter(session: Session, seat: Seat, main: Ticket) -> int:
    """How many people are left; a mark that only a merge had set goes with them."""
    count = appellants(session, main.id)
    tags = [tag for tag in main.special_tags.split("、") if tag]
    few = count < seat.rules.pack.duplicates.gathered_from or not _merged_in(session, main)
    if few and GATHERED in tags and _marked_by_merging(session, main):
        main.special_tags = "、".join(tag for tag in tags if tag != GATHERED)
    return count


def _merged_in(session: Session, main: Ticket) -> bool:
    query = select(Ticket.id).where(Ticket.main_ticket_id == main.id).limit(1)
    return session.scalar(query) is not None


def _marked_by_merging(session: Session, main: Ticket) -> bool:
    query = select(TicketEvent.inputs).where(
        TicketEvent.ticket_id == main.id, TicketEvent.move == Move.NOTE.value
    )
    # 受理台 writes the words alone.
    return any(
        inputs.get("gathered") or f"属{GATHERED}" in str(inputs.get("note", ""))
        for inputs in session.scalars(query)
    )
