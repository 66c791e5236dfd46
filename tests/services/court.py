"""Work orders that units sent back, for the tests of the return court."""

from typing import Any

from sqlalchemy import select

from console.domain.moves import Move
from console.domain.roles import Role
from console.ledger import Entry, Ledger
from console.services.deciding import Deciding
from db.engine import Database
from db.models import Assignment, ReturnRequest, Ticket
from tests.journeys import DEPARTMENT, STREET, dispatch, open_ticket, version_of
from tests.world import seat_for

ROLES = {STREET: Role.STREET_DESK, 11: Role.STREET_DESK, DEPARTMENT: Role.LIAISON}
NAMES = {STREET: "清河街道办事处", 11: "明月街道办事处", DEPARTMENT: "城市管理局"}


def ask_return(
    db: Database,
    ticket_id: int,
    unit_id: int,
    basis: str = "三定方案第五条",
    suggested: str = "城市管理局",
) -> None:
    """The unit that has it asks to give it back, as its desk writes it down."""
    seat = seat_for(db, ROLES[unit_id], unit_id)
    inputs = {"reason": "2", "basis": basis, "suggested_unit": suggested}
    with db.writing.begin() as session:
        ticket = Ledger(seat).move(
            session, ticket_id, Entry(Move.ASK_RETURN, inputs, "申请退单（职责不符）")
        )
        query = select(Assignment.seq).where(
            Assignment.ticket_id == ticket_id, Assignment.unit_id == unit_id
        )
        session.add(
            ReturnRequest(
                ticket_id=ticket_id,
                share_seq=session.scalars(query.order_by(Assignment.seq.desc())).first(),
                hop=ticket.return_count + 1,
                unit_name=NAMES[unit_id],
                reason="职责不符",
                basis=basis,
                suggested_unit=suggested,
                asked_at=seat.now(session),
                asked_by=seat.operator.signature,
            )
        )


def returned(db: Database, unit_id: int = STREET, **columns: Any) -> int:
    """Sent to a unit that asks to give it back; not decided."""
    ticket_id = open_ticket(db, **columns)
    dispatch(db, ticket_id, unit_id)
    ask_return(db, ticket_id, unit_id)
    return ticket_id


def grant(db: Database, ticket_id: int, opinion: str = ""):
    desk = Deciding(seat_for(db, Role.DISPATCHER))
    return desk.decide(ticket_id, Move.GRANT_RETURN, opinion, version_of(db, ticket_id))


def refuse(db: Database, ticket_id: int, opinion: str = "属你单位职责") -> None:
    desk = Deciding(seat_for(db, Role.DISPATCHER))
    desk.decide(ticket_id, Move.REFUSE_RETURN, opinion, version_of(db, ticket_id))


def sent_round(db: Database, *unit_ids: int, ticket_id: int | None = None) -> int:
    """Every one of these units got it and gave it back with the centre's consent."""
    made = open_ticket(db) if ticket_id is None else ticket_id
    for unit_id in unit_ids:
        dispatch(db, made, unit_id)
        ask_return(db, made, unit_id)
        grant(db, made)
    return made


def ticket_of(db: Database, ticket_id: int) -> Ticket:
    with db.reading() as session:
        return session.get_one(Ticket, ticket_id)
