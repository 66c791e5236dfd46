"""The one way a work order changes: lock, check version and scope, apply the table, write rows and one event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.case import SHARE_TIMES, STORED_AS_IS, Case, Share, Step, UnitRef
from console.domain.changes import Changed, Topic
from console.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from console.domain.lifecycle import RULES, advance
from console.domain.moves import MOVE_NAMES, Move
from console.domain.states import AssignmentKind
from console.domain.undo import KEPT, TAKES_BACK, with_kept
from console.ledger.consequences import follow
from console.ledger.rows import turns_yellow
from console.ledger.scope import visible
from console.ledger.seat import Seat
from db.models import Assignment, Ticket, TicketEvent, Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """A move to be made. `note` is the log's sentence; `signer`, `opinion` go onto the share it touches."""

    move: Move
    inputs: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    version: int | None = None
    opinion: str = ""


class Ledger:
    """Moves work orders for whoever sits at this seat. Every method runs inside the caller's transaction."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def lock(self, session: Session, ticket_id: int, version: int | None = None) -> Ticket:
        """The ticket row, locked and in scope. Raises NotFound, or Conflict when `version` is not the row's."""
        query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
        ticket = session.scalar(query.with_for_update(of=Ticket))
        if ticket is None:
            raise NotFound("没有找到这张工单，或不在您的查看范围内")
        if version is not None and ticket.version != version:
            raise self.conflict(session, ticket)
        return ticket

    def conflict(self, session: Session, ticket: Ticket) -> Conflict:
        """Who changed it last and how, for whoever wrote against an older version."""
        query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
        last = session.scalars(query.order_by(TicketEvent.id.desc()).limit(1)).first()
        words, by = "这张工单刚被他人修改", "他人"
        if last is not None:
            own = last.actor_id == self._seat.operator.account_id
            by = "您本人" if own else last.actor_name
            words = "这张工单刚有变动" if own else words
            words += f"：{by} {MOVE_NAMES[Move(last.move)]}"
        error = Conflict(words, "已为您刷新，您输入的内容还在，请核对后再提交")
        error.version, error.by = ticket.version, by
        return error

    def open(self, session: Session, ticket: Ticket, entry: Entry) -> Ticket:
        """Make a new ticket's first move. The caller has filled the row in; the rules fill in the rest."""
        return self._apply(session, ticket, (), entry)

    def move(self, session: Session, ticket_id: int, entry: Entry) -> Ticket:
        """Make one move. Raises NotFound, Conflict, NotAllowed, Invalid; nothing is written then."""
        ticket = self.lock(session, ticket_id, entry.version)
        return self._apply(session, ticket, self._shares(session, ticket), entry)

    def case(self, session: Session, ticket: Ticket) -> Case:
        """The work order as the rules see it."""
        return case_of(ticket, self._shares(session, ticket))

    def unit(self, session: Session, unit_id: int) -> UnitRef:
        """A unit for the inputs of a move. Raises Invalid when there is none or it is closed."""
        unit = session.get(Unit, unit_id)
        if unit is None or not unit.active:
            raise Invalid("请选择承办单位", field="unit")
        return UnitRef(unit.id, unit.code, unit.name, unit.parent_id)

    def changed(self, ticket: Ticket, note: str = "") -> Changed:
        return Changed(frozenset({Topic.TICKETS}), (ticket.id,), ticket.number, note)

    def _shares(self, session: Session, ticket: Ticket) -> tuple[Assignment, ...]:
        query = select(Assignment).where(Assignment.ticket_id == ticket.id)
        return tuple(session.scalars(query.order_by(Assignment.seq).with_for_update()))

    def _apply(
        self, session: Session, ticket: Ticket, rows: tuple[Assignment, ...], entry: Entry
    ) -> Ticket:
        operator, at = self._seat.operator, self._seat.now(session)
        before = case_of(ticket, rows)
        own = before.share_of(operator.unit_id) if RULES[entry.move].share is not None else None
        inputs = {**entry.inputs, **self._undoing(session, ticket, entry.move)}
        step = Step(entry.move, operator, at, own.id if own else None, inputs)
        after = advance(before, step, self._seat.rules)
        step = with_kept(step, before, after)
        ticket.moved_at = at
        write_case(session, ticket, rows, after)
        ticket.yellow_at = turns_yellow(ticket, self._seat.rules)
        self._sign(session, ticket, step, before, after, entry)
        follow(session, self._seat, ticket, step, before, after)
        session.flush()
        session.add(self._event(ticket, step, entry))
        return ticket

    def _undoing(self, session: Session, ticket: Ticket, move: Move) -> dict[str, Any]:
        """What the log kept of the step that this one takes back; never what a caller says it was."""
        if move not in TAKES_BACK:
            return {}
        query = select(TicketEvent).where(
            TicketEvent.ticket_id == ticket.id, TicketEvent.move == TAKES_BACK[move].value
        )
        done = session.scalars(query.order_by(TicketEvent.id.desc()).limit(1)).first()
        if done is None or KEPT not in done.inputs:
            raise NotAllowed("找不到可以撤销的记录", "请刷新后再试")
        return {KEPT: done.inputs[KEPT], "done_by": done.actor_id, "done_at": done.at.isoformat()}

    def _sign(
        self, session: Session, ticket: Ticket, step: Step, before: Case, after: Case, entry: Entry
    ) -> None:
        """Names that people read beside the rules' own fields."""
        name = step.actor.signature
        if after.dispatcher_id != before.dispatcher_id:
            ticket.dispatcher_name = name if after.dispatcher_id else ""
        _name_units(ticket, after)
        new_ids = {s.id for s in after.shares} - {s.id for s in before.shares}
        for row in session.new:
            if isinstance(row, Assignment) and row.seq in new_ids:
                row.opinion = entry.opinion
        if step.share_id is not None and step.move is Move.SIGN:
            own = _row(session, ticket, step.share_id)
            own.signer_name, own.handler_id = name, step.actor.account_id

    def _event(self, ticket: Ticket, step: Step, entry: Entry) -> TicketEvent:
        actor = step.actor
        return TicketEvent(
            ticket_id=ticket.id,
            at=step.at,
            move=step.move.value,
            actor_id=actor.account_id,
            actor_name=actor.signature,
            actor_role=actor.role.value,
            unit_id=actor.unit_id,
            unit_name=actor.unit_name,
            share_seq=step.share_id,
            state_after=ticket.state,
            note=(entry.note or MOVE_NAMES[step.move])[:1000],
            inputs=dict(step.inputs),
            workstation=self._seat.workstation,
        )


def _row(session: Session, ticket: Ticket, seq: int) -> Assignment:
    query = select(Assignment).where(Assignment.ticket_id == ticket.id, Assignment.seq == seq)
    return session.scalars(query).one()


def case_of(ticket: Ticket, rows: tuple[Assignment, ...]) -> Case:
    """Rows → what the rules see. A ticket that has no number in the database yet has no state either."""
    values = {name: getattr(ticket, name) for name in STORED_AS_IS}
    return Case(
        number=ticket.number,
        creator_id=ticket.creator_id,
        created_at=ticket.created_at,
        shares=tuple(_share(row) for row in rows),
        **{name: value for name, value in values.items() if value is not None},
    )


def _share(row: Assignment) -> Share:
    unit = UnitRef(row.unit_id, row.unit_code, row.unit_name, row.unit_parent_id)
    times: dict[str, datetime | None] = {name: getattr(row, name) for name in SHARE_TIMES}
    return Share(
        id=row.seq,
        unit=unit,
        kind=row.kind,
        state=row.state,
        dispatched_at=row.dispatched_at,
        parent_id=row.parent_seq,
        designated=bool(row.designated),
        **times,
    )


def write_case(session: Session, ticket: Ticket, rows: tuple[Assignment, ...], case: Case) -> None:
    """What the rules decided → rows."""
    for name in STORED_AS_IS:
        value = getattr(case, name)
        if getattr(ticket, name) != value:
            setattr(ticket, name, value)
    if ticket not in session:
        session.add(ticket)
        session.flush()
    by_seq = {row.seq: row for row in rows}
    for share in case.shares:
        row = by_seq.get(share.id) or _new_row(session, ticket, share)
        row.state = share.state
        for name in SHARE_TIMES:
            setattr(row, name, getattr(share, name))


def _new_row(session: Session, ticket: Ticket, share: Share) -> Assignment:
    row = Assignment(
        ticket_id=ticket.id,
        seq=share.id,
        parent_seq=share.parent_id,
        unit_id=share.unit.id,
        unit_code=share.unit.code,
        unit_name=share.unit.name,
        unit_parent_id=share.unit.parent_id,
        kind=share.kind,
        state=share.state,
        designated=share.designated,
        dispatched_at=share.dispatched_at,
    )
    session.add(row)
    return row


def _name_units(ticket: Ticket, case: Case) -> None:
    """The unit that had it in hand stays named on an ended work order; sent back or unsigned, it has none."""
    lead, leads = case.lead(), case.top_leads()
    if lead is None and case.closed_at is not None and leads and leads[-1].signed_at:
        return
    ticket.holder_unit_id = lead.unit.id if lead else None
    ticket.holder_code = lead.unit.code if lead else ""
    ticket.holder_name = lead.unit.name if lead else ""
    # A dispatch taken back never happened: its unit was not the first to be asked (field-facts H12).
    first = ticket.first_receiver_id or ticket.holder_unit_id
    ticket.first_receiver_id = first if case.dispatch_count else None
    co = [s.unit.name for s in case.shares if s.kind is AssignmentKind.CO and s.live]
    ticket.co_unit_names = "、".join(dict.fromkeys(co))[:300]
