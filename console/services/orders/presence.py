"""Who has a work order open: a notice, never a lock (peers 6.5)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.ledger import Seat
from console.ledger.queues import STALE
from db.models import Account, Presence


def look(session: Session, seat: Seat, ticket_id: int) -> None:
    """Say that we have it open. A claim held at a desk is the desk's own and is left alone."""
    account_id, now = seat.operator.account_id, seat.now(session)
    mine = session.get(Presence, (ticket_id, account_id))
    if mine is None:
        session.add(Presence(ticket_id=ticket_id, account_id=account_id, seen_at=now))
    elif not mine.editing or mine.seen_at < now - STALE:
        mine.editing, mine.seen_at = False, now


def turn_away(session: Session, seat: Seat, ticket_id: int) -> None:
    mine = session.get(Presence, (ticket_id, seat.operator.account_id))
    if mine is not None and not mine.editing:
        session.delete(mine)


def watchers(session: Session, seat: Seat, ticket_id: int) -> tuple[str, ...]:
    """Colleagues who have it open, whoever works on it first; nobody seen for a minute. One statement."""
    query = select(Account.name, Presence.editing).join(Account, Account.id == Presence.account_id)
    query = query.where(
        Presence.ticket_id == ticket_id,
        Presence.account_id != seat.operator.account_id,
        Presence.seen_at > seat.now(session) - STALE,
    ).order_by(Presence.editing.desc(), Account.id)
    words = {True: "正在办理", False: "正在查看"}
    return tuple(f"{name} {words[editing]}" for name, editing in session.execute(query))
