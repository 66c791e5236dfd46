"""Rows that must follow a move whichever desk made it: open requests end with what they were about."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.case import Case, Step
from console.domain.moves import MOVE_NAMES, Move
from console.domain.states import SupervisionLevel, TicketState
from console.ledger.seat import Seat
from console.ledger.supervision import lift_all, open_supervision
from db.models import ExtensionRequest, ReturnRequest, Suspension, Ticket

Request = TypeVar("Request", ReturnRequest, ExtensionRequest)
ORDERED_AGAIN = frozenset({Move.REDO, Move.FAIL_REVIEW, Move.FAIL_VERIFY, Move.REOPEN})
DECIDES_EXTENSION = frozenset({Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION})


def follow(
    session: Session, seat: Seat, ticket: Ticket, step: Step, before: Case, after: Case
) -> None:
    """Bring the side tables in line with what the step changed in the case."""
    name = MOVE_NAMES[step.move]
    if step.move is Move.MERGE:
        # Un-merged months later, what was asked for and what stood still is as it was (peers 6.4).
        return
    if before.supervision and not after.supervision:
        lift_all(session, ticket, step.at, step.actor.signature, step.text("reason") or name)
    if step.move in ORDERED_AGAIN and after.supervision > before.supervision:
        open_supervision(
            session, seat, ticket, SupervisionLevel(after.supervision), "群众不满意",
            demands=f"已重办 {before.redo_count} 次仍未办结到位，请查明原因、限期办结。", automatic=True,
        )  # fmt: skip
    if before.extension_asked and not after.extension_asked and step.move not in DECIDES_EXTENSION:
        _drop(session, ExtensionRequest, ticket, step, f"{name}，不再审批")
    if step.move is Move.UNDO_RETURN:
        _drop(session, ReturnRequest, ticket, step, "承办单位撤回申请")
    if step.move is Move.UNDO_GRANT:
        _reopen_return(session, ticket)
    if before.state is TicketState.SUSPENDED and after.state is not TicketState.SUSPENDED:
        _resume(session, ticket, step.at)
    if before.merged_into and not after.merged_into:
        ticket.main_ticket_id = None


def _drop(
    session: Session,
    table: type[Request],
    ticket: Ticket,
    step: Step,
    why: str,
) -> None:
    """A request nobody will decide any more says so itself."""
    query = select(table).where(table.ticket_id == ticket.id, table.decided_at.is_(None))
    for row in session.scalars(query):
        row.decided_at, row.decided_by, row.opinion = step.at, step.actor.signature, why


def _reopen_return(session: Session, ticket: Ticket) -> None:
    """The decision taken back a moment later: the request waits again."""
    query = select(ReturnRequest).where(
        ReturnRequest.ticket_id == ticket.id, ReturnRequest.granted.is_(True)
    )
    row = session.scalars(query.order_by(ReturnRequest.id.desc()).limit(1)).first()
    if row is not None:
        row.decided_at, row.decided_by, row.granted, row.opinion = None, "", None, ""


def _resume(session: Session, ticket: Ticket, at: datetime) -> None:
    query = select(Suspension).where(
        Suspension.ticket_id == ticket.id, Suspension.resumed_at.is_(None)
    )
    for row in session.scalars(query):
        row.resumed_at = at
