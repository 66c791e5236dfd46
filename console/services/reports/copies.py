"""Copy numbers: each copy of a form of a work order has its own, is logged, and none is given twice (product.md 8)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.domain.forms import FormKind
from console.domain.reports import Copy, Manner
from console.ledger import Seat, visible
from db.models import PrintLog, Ticket

# A mark is kept in a column of this length; a long agent number is cut, never the minute.
MARK_LENGTH = 24


class Taken(Exception):
    """Somebody else's copy got the number meanwhile; draw again with the next one."""


def last_copies(session: Session, ticket_ids: Sequence[int], form: FormKind) -> dict[int, int]:
    """The number of the last copy of each; a work order without one is not in it."""
    query = select(PrintLog.ticket_id, func.max(PrintLog.copy_no))
    query = query.where(PrintLog.ticket_id.in_(ticket_ids), PrintLog.form == form.value)
    found = session.execute(query.group_by(PrintLog.ticket_id))
    return {ticket_id: last for ticket_id, last in found if ticket_id is not None}


def log_copies(
    session: Session,
    seat: Seat,
    form: FormKind,
    manner: Manner,
    copies: Sequence[Copy],
    pages: Sequence[int],
) -> None:
    """Write down copies about to leave, in the caller's transaction.

    Raises Taken when one of their numbers is gone, NotFound when a work order left the operator's scope.
    """
    ids = [copy.ticket_id for copy in copies]
    locked = select(Ticket.id).where(Ticket.id.in_(ids), visible(seat.operator))
    found = session.scalars(locked.order_by(Ticket.id).with_for_update(of=Ticket)).all()
    if len(found) < len(set(ids)):
        raise NotFound("没有找到这张工单，或不在您的查看范围内")
    last = last_copies(session, ids, form)
    if any(copy.copy_no != last.get(copy.ticket_id, 0) + 1 for copy in copies):
        raise Taken
    now = seat.now(session)
    session.add_all(
        _line(seat, form, manner, copy, length, now)
        for copy, length in zip(copies, pages, strict=True)
    )


def _line(
    seat: Seat, form: FormKind, manner: Manner, copy: Copy, pages: int, at: datetime
) -> PrintLog:
    return PrintLog(
        ticket_id=copy.ticket_id,
        form=form.value,
        copy_no=copy.copy_no,
        manner=manner.value,
        pages=pages,
        at=at,
        account_id=seat.operator.account_id,
        by=seat.operator.signature,
        workstation=seat.workstation,
        mark=copy.mark,
    )
