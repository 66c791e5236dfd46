"""Hand-overs between 110 and 12345 as rows: what intake and the linkage desk both write (field-facts 10.12, Y9)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.linkage import Result, Side
from console.domain.states import Channel
from console.domain.wording import clean
from console.ledger.seat import Seat
from db.models import Call, PoliceTransfer, Ticket

NO_RECEIVER = "未报工号"
OUT, IN = "out", "in"


def receiver_of(typed: str) -> str:
    """The 工号 of whoever took it over there; not being told it never holds an emergency up."""
    return clean(typed).text.strip()[:20] or NO_RECEIVER


def given(
    session: Session, seat: Seat, ticket: Ticket, service: str, receiver_no: str,
    three_way: bool, reason: str = "", call: Call | None = None,
) -> PoliceTransfer:  # fmt: skip
    """We hand a matter to 110, 119, 120 or 122: when, to whom, who had it first."""
    if call is not None:
        call.transfer_target = service
    row = PoliceTransfer(
        direction=OUT,
        service=service,
        ticket_id=ticket.id,
        call_id=call.id if call else None,
        at=seat.now(session),
        handed_by=seat.operator.signature,
        receiver_no=receiver_no,
        three_way=three_way,
        got_it_first=first_of(session, ticket).value,
        reason=(reason or ticket.title)[:300],
        result=Result.ACCEPTED,
    )
    session.add(row)
    return row


def came(
    session: Session, seat: Seat, ticket: Ticket, handed_by: str = "", police_no: str = "",
    three_way: bool = False, accepted: bool = False,
) -> PoliceTransfer:  # fmt: skip
    """110 hands a matter to us; judged at once when it was registered as accepted."""
    now = seat.now(session)
    row = PoliceTransfer(
        direction=IN,
        ticket_id=ticket.id,
        at=now,
        handed_by=handed_by[:60],
        receiver_no=seat.operator.agent_no,
        three_way=three_way,
        got_it_first=Side.POLICE.value,
        reason=ticket.title[:300],
        result=Result.ACCEPTED if accepted else Result.PENDING,
        police_no=police_no[:40],
        settled_at=now if accepted else None,
        settled_by=seat.operator.signature if accepted else "",
    )
    session.add(row)
    return row


def note_arrival(session: Session, seat: Seat, ticket: Ticket) -> None:
    """A matter taken in at the intake desk with the channel 110: its hand-over is counted, once."""
    if ticket.channel is Channel.POLICE_110 and last_transfer(session, ticket.id, IN) is None:
        came(session, seat, ticket, accepted=True)


def last_transfer(session: Session, ticket_id: int, direction: str) -> PoliceTransfer | None:
    """The newest hand-over of a work order that way."""
    query = select(PoliceTransfer).where(
        PoliceTransfer.ticket_id == ticket_id, PoliceTransfer.direction == direction
    )
    return session.scalars(query.order_by(PoliceTransfer.id.desc()).limit(1)).first()


def first_of(session: Session, ticket: Ticket) -> Side:
    """Who got the matter first: as noted at its first hand-over, else by the channel it came through."""
    query = select(PoliceTransfer.got_it_first).where(PoliceTransfer.ticket_id == ticket.id)
    noted = session.scalar(query.order_by(PoliceTransfer.id).limit(1))
    if noted:
        return Side(noted)
    return Side.POLICE if ticket.channel is Channel.POLICE_110 else Side.HOTLINE
