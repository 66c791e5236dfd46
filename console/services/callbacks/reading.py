"""What the callback desk reads: its queue, one round of calls, what a redo would mean."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain import archiving
from console.domain.callback import (
    Callee,
    CallRound,
    Outlook,
    progress,
    ring_again,
    said_by_when,
)
from console.domain.case import Case, Step
from console.domain.deadlines import callback_due, redo_limit
from console.domain.desks import Queue
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.lifecycle import replay
from console.domain.moves import Move
from console.domain.states import TicketState
from console.ledger import Ledger, Seat
from console.ledger.contacts import Wanted
from console.ledger.promises import promises_of
from console.ledger.queues import take_next as take
from console.ledger.queues import waiting
from console.services.callbacks import people as persons
from db.models import Appellant, Assignment, Callback, HandlingResult, Ticket, TicketEvent


def queue(session: Session, seat: Seat) -> Queue:
    """Work orders waiting for their calls, each with how far it is and until when it should be done."""
    found = waiting(session, seat, TicketState.PENDING_CALLBACK)
    ids = [row.id for row in found.rows]
    called, due = _all_callees(session, seat, ids), _due(session, seat, found)
    now = seat.now(session)
    waits = tuple(
        replace(
            wait,
            note=said_by_when(
                progress(called.get(wait.ticket_id, ()), now), due.get(wait.ticket_id), now
            ),
        )
        for wait in found.waits
    )
    return replace(found, waits=waits)


def _due(session: Session, seat: Seat, found: Queue) -> dict[int, datetime]:
    """Until when each citizen is to be called, from the unit's reply on (`callback` of the limits). One statement."""
    rows = {row.id: row for row in found.rows}
    query = select(Assignment.ticket_id, func.max(Assignment.replied_at))
    query = query.where(Assignment.ticket_id.in_(rows), Assignment.parent_seq.is_(None))
    pack, calendar = seat.rules.pack, seat.rules.calendar
    return {
        key: callback_due(pack.limits(rows[key].urgency, rows[key].nature), calendar, at)
        for key, at in session.execute(query.group_by(Assignment.ticket_id))
        if at is not None
    }


def take_next(session: Session, seat: Seat, leaving: int | None) -> int | None:
    """Left out are work orders where everyone still owed a call was rung a short while ago."""
    query = select(Ticket.id).where(Ticket.state == TicketState.PENDING_CALLBACK)
    rung = query.where(
        select(Callback.id)
        .where(Callback.ticket_id == Ticket.id, Callback.reached.is_(False))
        .exists()
    )
    now = seat.now(session)
    called = _all_callees(session, seat, list(session.scalars(rung)))
    resting = [key for key, people in called.items() if ring_again(people, now) is not None]
    also = Ticket.id.not_in(resting) if resting else None
    return take(session, seat, TicketState.PENDING_CALLBACK, leaving, also)


def _all_callees(session: Session, seat: Seat, ids: Sequence[int]) -> dict[int, tuple[Callee, ...]]:
    if not ids:
        return {}
    tickets = list(session.scalars(select(Ticket).where(Ticket.id.in_(ids))))
    return persons.callees(session, seat, tickets)


def callees_of(session: Session, seat: Seat, ticket: Ticket) -> tuple[Callee, ...]:
    """Every appellant of one work order, the caller first."""
    session.flush()
    return persons.callees(session, seat, [ticket])[ticket.id]


def find_callee(session: Session, seat: Seat, ticket: Ticket, callee_id: int) -> Callee:
    """The appellant with this id; 0 is the caller. Raises NotFound for one who has left the work order."""
    found = callees_of(session, seat, ticket)
    if not callee_id:
        return found[0]
    callee = next((c for c in found if c.id == callee_id), None)
    if callee is None:
        raise NotFound("这位诉求人已不在本工单上", "已为您刷新，请核对后再操作")
    return callee


def call_round(session: Session, seat: Seat, ticket: Ticket) -> CallRound:
    """Everything beside the case on one screen."""
    result = last_result(session, ticket)
    return CallRound(
        ticket_id=ticket.id,
        version=ticket.version,
        callees=callees_of(session, seat, ticket),
        tries=seat.rules.pack.callback.tries,
        now=seat.now(session),
        promises=promises_of(session, seat, ticket.id),
        obstacles=obstacles(session, seat, ticket),
        outlook=outlook(session, seat, ticket, Move.REDO),
        claimed=result.resolution if result is not None else "",
    )


def obstacles(session: Session, seat: Seat, ticket: Ticket) -> tuple[str, ...]:
    """What will stand against archiving once this work order is closed, said before it is."""
    case = Ledger(seat).case(session, ticket)
    step = Step(Move.CLOSE, seat.operator, seat.now(session), None, {})
    return archiving.obstacles(replay(case, step, seat.rules), step, seat.rules)


def outlook(session: Session, seat: Seat, ticket: Ticket, move: Move) -> Outlook | None:
    """The rules themselves are asked: the case is done again on a copy."""
    case: Case = Ledger(seat).case(session, ticket)
    if not case.top_leads():
        return None
    step = Step(move, seat.operator, seat.now(session), None, {"comment": "…", "reason": "…"})
    after, redo = replay(case, step, seat.rules), seat.rules.pack.redo
    limit = redo_limit(seat.rules.limits(case).finish, redo.percent, redo.minimum)
    lead = after.top_leads()[-1]
    assert after.finish_due is not None
    return Outlook(
        unit=lead.unit.name,
        due=after.finish_due,
        limit=f"{limit}，为原时限的{redo.percent}%"
        + (f"，不少于{redo.minimum}" if limit.working else ""),
        times=case.redo_count,
        supervised=after.supervision > case.supervision,
        allowed=redo.times,
    )


def wanted(session: Session, seat: Seat, ticket: Ticket, callee_id: int) -> Wanted:
    """The number to dial; only while the citizen is to be called or was just called. Raises NotAllowed, Invalid."""
    callee = find_callee(session, seat, ticket, callee_id)
    if callee.excused:
        raise NotAllowed(f"这位诉求人{callee.excused}，不用回访")
    row = session.get(Appellant, callee.id) if callee.id else None
    if row is None or not row.phone_key:
        raise Invalid("这位诉求人没有登记号码", field="phone")
    return Wanted("appellant", row.id, ("phone",), ticket.number)


def heard_row(session: Session, ticket: Ticket, callee: Callee) -> Callback | None:
    """This round's row with the answers of one appellant."""
    query = select(Callback).where(Callback.ticket_id == ticket.id, Callback.reached)
    rows = session.scalars(query.order_by(Callback.id.desc()))
    mine = (
        row
        for row in rows
        if row.appellant_id == (callee.id or None) or (callee.main and row.appellant_id is None)
    )
    return next((row for row in mine if persons.has_answers(row)), None)


def last_calls(session: Session, ticket: Ticket) -> tuple[Callback, ...]:
    """The latest call to each appellant in the round that is on or was just ended."""
    session.flush()
    opened = persons.round_starts(session, [ticket.id]).get(ticket.id)
    query = select(Callback).where(Callback.ticket_id == ticket.id).order_by(Callback.id)
    rows = [row for row in session.scalars(query) if opened is None or row.at >= opened]
    return tuple({row.appellant_id: row for row in rows}.values())


def last_result(session: Session, ticket: Ticket) -> HandlingResult | None:
    """What the lead unit last replied."""
    query = select(HandlingResult).where(HandlingResult.ticket_id == ticket.id)
    return session.scalars(query.order_by(HandlingResult.id.desc()).limit(1)).first()


def recorded_with_close(session: Session, ticket: Ticket) -> int | None:
    """The call that was recorded by the closing itself."""
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.move == Move.CLOSE.value
    )
    event = session.scalars(query.order_by(TicketEvent.id.desc()).limit(1)).first()
    made = event.inputs.get("recorded") if event is not None else None
    return int(made) if made else None
