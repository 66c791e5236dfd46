"""Returns and extensions: what the centre decides, and what stays of it."""

import pytest
from sqlalchemy import select

from console.domain.errors import InvalidForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import TicketState
from console.ledger import Entry
from console.services.deciding import Deciding
from console.services.handling import Handling
from db.models import ExtensionRequest, ReturnRequest, Ticket
from tests.services.test_ledger import STREET, move, open_ticket, version_of
from tests.world import seat_for


@pytest.fixture
def returned(world) -> int:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    handling = Handling(seat_for(world, Role.STREET_DESK, 10))
    handling.ask_return(
        ticket_id, "2", "三定方案第五条", "城市管理局", version_of(world, ticket_id)
    )
    return ticket_id


def test_a_granted_return_is_to_be_dispatched_again(world, returned: int) -> None:
    desk = Deciding(seat_for(world, Role.DISPATCHER))
    desk.decide(returned, Move.GRANT_RETURN, "", version_of(world, returned))
    with world.reading() as session:
        assert session.get(Ticket, returned).state is TicketState.PENDING_DISPATCH
        request = session.scalars(select(ReturnRequest)).one()
    assert (request.granted, request.decided_by) == (True, "孙岚 0031")


def test_a_refusal_needs_an_opinion_and_gives_the_matter_back(world, returned: int) -> None:
    desk = Deciding(seat_for(world, Role.DISPATCHER))
    with pytest.raises(InvalidForm) as missing:
        desk.decide(returned, Move.REFUSE_RETURN, " ", version_of(world, returned))
    assert missing.value.field == "opinion"
    desk.decide(returned, Move.REFUSE_RETURN, "属你单位职责", version_of(world, returned))
    with world.reading() as session:
        assert session.get(Ticket, returned).state is TicketState.IN_PROGRESS
        assert session.scalars(select(ReturnRequest.opinion)).one() == "属你单位职责"


def test_a_granted_extension_keeps_the_new_due_time(world) -> None:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN))
    asked = {"days": 3, "reason": "会商", "basis": "办法"}
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.ASK_EXTENSION, asked))
    with world.writing.begin() as session:
        ticket = session.get(Ticket, ticket_id)
        old = ticket.finish_due
        session.add(
            ExtensionRequest(
                ticket_id=ticket_id, share_seq=1, days=3, reason="会商", asked_at=old, asked_by="王街"
            )
        )  # fmt: skip
    Deciding(seat_for(world, Role.DISPATCHER)).decide(
        ticket_id, Move.GRANT_EXTENSION, "", version_of(world, ticket_id)
    )
    with world.reading() as session:
        request = session.scalars(select(ExtensionRequest)).one()
        assert request.new_due == session.get(Ticket, ticket_id).finish_due > old
