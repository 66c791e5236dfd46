"""The linkage desk's queues and the hand-overs of one matter."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from console.domain.desks import Queue, Wait
from console.domain.linkage import Pile, Result, TransferLine
from console.domain.masking import mask_text
from console.domain.states import Channel, TicketState
from console.ledger import Seat, police, row_columns, ticket_row, visible
from console.ledger.withheld import withhold_titles
from db.models import PoliceTransfer, Ticket

MOST = 500
WAITING = (Pile.INCOMING, Pile.RETURNED)
T = PoliceTransfer


def queue(session: Session, seat: Seat, pile: Pile) -> Queue:
    """What waits for us, longest first; what we gave, newest first. One statement; one more
    when it is cut, one more where confidential ones lie in it.
    """
    now, given = seat.now(session), pile is Pile.GIVEN
    query = select(*row_columns(), T.at, T.settled_at).join(T, T.id == _newest(pile))
    query = query.where(*_conditions(seat, pile))
    query = query.order_by(T.at.desc() if given else T.at, Ticket.id).limit(MOST)
    found: list[Any] = list(session.execute(query))
    rows = withhold_titles(session, seat, [ticket_row(row, now, seat.rules) for row in found])
    back = pile is Pile.RETURNED
    waits = tuple(Wait(row.id, row.settled_at if back else row.at) for row in found)
    return Queue(rows, len(rows) if len(rows) < MOST else count(session, seat, pile), waits)


def count(session: Session, seat: Seat, pile: Pile) -> int:
    query = select(func.count()).select_from(Ticket).join(T, T.id == _newest(pile))
    return session.scalar(query.where(*_conditions(seat, pile))) or 0


def _newest(pile: Pile) -> Any:
    direction = police.IN if pile is Pile.INCOMING else police.OUT
    query = select(func.max(T.id)).where(T.ticket_id == Ticket.id, T.direction == direction)
    return query.correlate(Ticket).scalar_subquery()


def _conditions(seat: Seat, pile: Pile) -> tuple[ColumnElement[bool], ...]:
    mine = {
        Pile.INCOMING: (
            Ticket.state == TicketState.PENDING_ACCEPT,
            Ticket.channel == Channel.POLICE_110,
        ),
        Pile.GIVEN: (
            Ticket.state == TicketState.ANSWERED,
            T.result == Result.ACCEPTED,
            T.service == "110",
        ),
        Pile.RETURNED: (
            Ticket.state == TicketState.PENDING_DISPATCH,
            T.result == Result.REFUSED,
        ),
    }[pile]
    return (*mine, visible(seat.operator))


def line(row: PoliceTransfer) -> TransferLine:
    """A hand-over for people to read; phone numbers typed into its reasons are masked."""
    return TransferLine(
        id=row.id,
        outgoing=row.direction == police.OUT,
        service=row.service,
        at=row.at,
        handed_by=row.handed_by,
        receiver_no=row.receiver_no,
        three_way=row.three_way,
        first=row.got_it_first,
        reason=mask_text(row.reason),
        result=Result(row.result),
        refusal=mask_text(row.refusal),
        police_no=row.police_no,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        receiver_back=row.receiver_back,
        agreed=row.agreed,
    )
