"""Work orders brought to the centre's desks: to review, to call back, closed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from console.domain.desks import CallbackAnswers
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Satisfaction
from console.ledger import Entry, Ledger
from console.services.callbacks import Callbacks
from console.services.reviewing import Reviewing
from db.engine import Database
from db.models import Contact, HandlingResult, Ticket
from tests.journeys import STREET, dispatched, version_of
from tests.world import seat_for

HAPPY = CallbackAnswers(True, "resolved", Satisfaction.SATISFIED, Satisfaction.VERY_SATISFIED)
NOTE = "经查，油污来自123号和126号两家餐饮的隔油池，已责令清掏并疏通支管，恢复排水。"
ANSWER = "您反映的下水道堵塞已疏通，路面已冲洗干净；两家餐饮的隔油池已清掏，社区每周巡查一次。"


def move(
    db: Database, ticket_id: int, role: Role, entry: Entry, unit_id: int | None = None
) -> None:
    seat = seat_for(db, role, unit_id)
    with db.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, entry)


def replied(db: Database, **changes: Any) -> int:
    """Handled by the street and waiting for the centre's check."""
    ticket_id = dispatched(db, **changes)
    for entry in (
        Entry(Move.SIGN, note="签收"),
        Entry(Move.CONTACT, {"contacted": True}, "已联系来电人，约定下午到场"),
        Entry(
            Move.REPLY,
            {"result": NOTE, "public_reply": ANSWER, "resolution": "resolved", "photos": 2},
            "回复办结",
        ),
    ):
        move(db, ticket_id, Role.STREET_DESK, entry, STREET)
    with db.writing.begin() as session:
        now = seat_for(db, Role.STREET_DESK, STREET).now(session)
        session.add(Contact(
            ticket_id=ticket_id, share_seq=1, at=now, phone_masked="199****1234", contacted_by="王街 S101",
        ))  # fmt: skip
        session.add(HandlingResult(
            ticket_id=ticket_id, share_seq=1, unit_name="清河街道办事处", handler_id=7, handler_name="王街",
            true_appeal=True, resolution="resolved", internal_note=NOTE, public_reply=ANSWER, replied_at=now,
        ))  # fmt: skip
    return ticket_id


def to_call_back(db: Database, **changes: Any) -> int:
    """Checked by the centre and waiting for the call."""
    ticket_id = replied(db, **changes)
    seat = seat_for(db, Role.DISPATCHER)
    Reviewing(seat).pass_reply(ticket_id, version_of(db, ticket_id))
    return ticket_id


def closed(db: Database, **changes: Any) -> int:
    """Called back and closed."""
    ticket_id = to_call_back(db, **changes)
    Callbacks(seat_for(db, Role.REVISITOR)).close(ticket_id, HAPPY, version_of(db, ticket_id))
    return ticket_id


def turn_back(db: Database, ticket_id: int, **columns: timedelta) -> None:
    """Make moments of a ticket lie that much earlier."""
    with db.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        values = {name: getattr(ticket, name) - by for name, by in columns.items()}
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(values))
