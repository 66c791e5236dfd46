"""Queues of a desk and the unit type-ahead: read the same way wherever they are shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from console.domain.desks import Queue, UnitChoice, Wait
from console.domain.records import GridOwner
from console.domain.states import TicketState, Urgency
from console.ledger.rows import row_columns, ticket_row
from console.ledger.scope import visible
from console.ledger.seat import Seat
from console.ledger.withheld import withhold_titles
from db.models import Account, Presence, Snippet, Ticket, Unit
from db.pinyin import matches_initials

STALE = timedelta(seconds=60)
MOST = 500
URGENT_FIRST = case(
    (Ticket.urgency == Urgency.CRITICAL, 0), (Ticket.urgency == Urgency.URGENT, 1), else_=2
)


def waiting(
    session: Session,
    seat: Seat,
    *states: TicketState,
    also: ColumnElement[bool] | None = None,
) -> Queue:
    """Tickets in these states within the operator's scope, urgent and early due first. Two statements, one more
    where confidential titles are to be struck.

    `also` narrows the states down further.
    """
    condition = (Ticket.state.in_(states), visible(seat.operator), *_given(also))
    query = select(*row_columns(), Ticket.moved_at).where(*condition)
    query = query.order_by(URGENT_FIRST, Ticket.finish_due, Ticket.id).limit(MOST)
    now = seat.now(session)
    found: list[Any] = list(session.execute(query))
    held = _held(session, seat, now, [row.id for row in found])
    waits = tuple(Wait(row.id, row.moved_at, held.get(row.id, "")) for row in found)
    listed = tuple(ticket_row(row, now, seat.rules) for row in found)
    rows = withhold_titles(session, seat, listed)
    if len(rows) < MOST:
        return Queue(rows, len(rows), waits)
    return Queue(rows, session.scalar(select(func.count()).where(*condition)) or 0, waits)


def _held(session: Session, seat: Seat, now: datetime, ids: Sequence[int]) -> dict[int, str]:
    """Who else is working on these; one statement."""
    query = select(Presence.ticket_id, Account.name).join(
        Account, Account.id == Presence.account_id
    )
    query = query.where(Presence.ticket_id.in_(ids), *_others(seat, now - STALE))
    return {row[0]: row[1] for row in session.execute(query)} if ids else {}


def _given(also: ColumnElement[bool] | None) -> tuple[ColumnElement[bool], ...]:
    return () if also is None else (also,)


def take_next(
    session: Session,
    seat: Seat,
    state: TicketState | Sequence[TicketState],
    leaving: int | None = None,
    also: ColumnElement[bool] | None = None,
) -> int | None:
    """The most urgent ticket nobody else is working on, marked as ours. Never the same one to two people.

    `leaving` is put back first and not given again, so that pressing the key again goes on.
    """
    now = seat.now(session)
    if leaving is not None:
        leave(session, seat, leaving)
    taken = select(Presence.ticket_id).where(
        Presence.ticket_id == Ticket.id, *_others(seat, now - STALE)
    )
    states = (state,) if isinstance(state, TicketState) else tuple(state)
    condition = (Ticket.state.in_(states), visible(seat.operator), *_given(also))
    query = select(Ticket.id).where(*condition, ~taken.exists())
    query = query.where(Ticket.id != (leaving or 0))
    query = query.order_by(URGENT_FIRST, Ticket.finish_due, Ticket.id).limit(1)
    ticket_id = session.scalar(query.with_for_update(skip_locked=True, of=Ticket))
    kept = leaving if ticket_id is None else ticket_id
    if kept is not None:
        # With nothing else to take, what was at hand stays ours.
        hold(session, seat, kept)
    return ticket_id


def hold(session: Session, seat: Seat, ticket_id: int) -> None:
    """Mark a ticket as being worked on by us, for another minute."""
    account_id, now = seat.operator.account_id, seat.now(session)
    session.merge(Presence(ticket_id=ticket_id, account_id=account_id, editing=True, seen_at=now))


def leave(session: Session, seat: Seat, ticket_id: int) -> None:
    """Let others take it."""
    mine = session.get(Presence, (ticket_id, seat.operator.account_id))
    if mine is not None:
        session.delete(mine)


def _others(seat: Seat, since: datetime) -> tuple[ColumnElement[bool], ...]:
    mine = Presence.account_id != seat.operator.account_id
    return (mine, Presence.editing.is_(True), Presence.seen_at > since)


def phrases(session: Session, seat: Seat) -> tuple[tuple[str, str], ...]:
    """Stored phrases by initials; a person's own win over the shared ones."""
    account_id = seat.operator.account_id
    query = select(Snippet).where(
        or_(Snippet.account_id.is_(None), Snippet.account_id == account_id)
    )
    query = query.order_by(Snippet.account_id.is_not(None), Snippet.id)
    return tuple({row.initials: row.text for row in session.scalars(query)}.items())


# What a work order can be dispatched to from the centre.
RECEIVES = ("street", "town", "department", "community", "village", "district")
_KIND_NAMES = {
    "street": "街道", "town": "乡镇", "department": "部门", "community": "社区", "village": "村",
    "district": "区县", "grid": "网格", "centre": "中心",
}  # fmt: skip


def units_like(session: Session, text: str, limit: int = 12) -> tuple[UnitChoice, ...]:
    """Units by name piece, pinyin initials or code; streets and departments before communities."""
    query = select(Unit).where(Unit.active, Unit.kind.in_(RECEIVES))
    typed = text.strip().lower()
    found = [unit for unit in session.scalars(query) if not typed or _matches(unit, typed)]
    found.sort(key=lambda unit: (_rank(unit, typed), RECEIVES.index(unit.kind), unit.code))
    return tuple(unit_choice(unit) for unit in found[:limit])


def _matches(unit: Unit, typed: str) -> bool:
    return (
        typed in unit.name.lower()
        or typed in unit.short_name.lower()
        or unit.code.lower().startswith(typed)
        or matches_initials(typed, unit.name)
        or (bool(unit.short_name) and matches_initials(typed, unit.short_name))
    )


def _rank(unit: Unit, typed: str) -> int:
    return 0 if unit.name.startswith(typed) or unit.short_name.startswith(typed) else 1


def unit_choice(unit: Unit, reason: str = "") -> UnitChoice:
    return UnitChoice(unit.id, unit.name, _KIND_NAMES.get(unit.kind, ""), unit.kind, reason)


def suggested_units(
    session: Session, owner: GridOwner | None, default_unit: str
) -> tuple[UnitChoice, ...]:
    """The street of the place and the department of the category, each with why."""
    choices = []
    if default_unit and default_unit != "street":
        query = select(Unit).where(Unit.kind == "department", Unit.short_name == default_unit)
        unit = session.scalars(query.limit(1)).first()
        if unit is not None:
            choices.append(unit_choice(unit, "按分类"))
    if owner is not None:
        street = session.get(Unit, owner.street_unit_id)
        if street is not None:
            choices.append(unit_choice(street, owner.rule or "按网格归属"))
    return tuple(choices)
