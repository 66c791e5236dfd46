"""Closing against the record: who answered for it, and what the supervisor makes of it (peers 6.9)."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.states import STATE_NAMES, TicketState
from console.domain.supervision import Override
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.withheld import known_of
from db.models import GateOverride, Ticket

# How a reply in each state goes back to the unit, and the input its reason goes into.
_BACK: dict[TicketState, tuple[Move, str]] = {
    TicketState.PENDING_REVIEW: (Move.FAIL_REVIEW, "comment"),
    TicketState.PENDING_CALLBACK: (Move.REDO, "comment"),
    TicketState.CLOSED: (Move.REOPEN, "reason"),
}
MOST = 300


def overrides(session: Session, seat: Seat, judged: bool) -> tuple[Override, ...]:
    """Newest first. One statement, one more where confidential ones are among them."""
    query = (
        select(GateOverride, Ticket.number, Ticket.title, Ticket.holder_name, Ticket.confidential)
        .join(Ticket, Ticket.id == GateOverride.ticket_id)
        .where(visible(seat.operator))
    )
    if not judged:
        query = query.where(GateOverride.judged_at.is_(None))
    found = session.execute(query.order_by(GateOverride.id.desc()).limit(MOST)).all()
    hidden = known_of(session, seat, [row[0].ticket_id for row in found if row.confidential])
    rows = (_override(*row[:4]) for row in found)
    return tuple(
        replace(
            row,
            title=hidden[row.ticket_id].strike(row.title),
            explanation=hidden[row.ticket_id].strike(row.explanation),
        )
        if row.ticket_id in hidden
        else row
        for row in rows
    )


def _override(row: GateOverride, number: str, title: str, unit: str) -> Override:
    verdict = ("已认可" if row.accepted else "已发回") if row.judged_at else ""
    said = "：".join(filter(None, (verdict, row.judgement)))
    return Override(
        row.id, row.ticket_id, number, title, row.unit_name or unit, row.finding,
        mask_text(row.explanation), row.at, row.by, said,
    )  # fmt: skip


def judge(
    session: Session, seat: Seat, ledger: Ledger, override_id: int, accepted: bool, words: str
) -> Changed:
    """Kept with who and why; sent back, the unit has it again as the state allows."""
    row = session.get(GateOverride, override_id)
    if row is None:
        raise NotFound("没有找到这条记录", "请刷新后再试")
    if row.judged_at is not None:
        raise NotAllowed(f"{row.judged_by} 已经复核过", "已为您刷新")
    ticket = ledger.lock(session, row.ticket_id)
    said = words.strip()
    if not accepted:
        if not said:
            raise Invalid("请写明为什么发回", field="words")
        ledger.move(session, ticket.id, _back(ticket, said))
    row.accepted, row.judgement = accepted, said[:300]
    row.judged_at, row.judged_by = seat.now(session), seat.operator.signature
    return ledger.changed(ticket, "已认可" if accepted else "已发回重办")


def _back(ticket: Ticket, said: str) -> Entry:
    found = _BACK.get(ticket.state)
    if found is None:
        raise NotAllowed(
            f"工单当前为“{STATE_NAMES[ticket.state]}”，不能发回", "如需追究，请发督办单"
        )
    move, name = found
    return Entry(move, {name: said}, f"复核发回：{said}")
