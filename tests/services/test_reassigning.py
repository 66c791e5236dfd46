"""Reassigning at shift change: recalled and dispatched in one transaction, or told why not."""

import pytest
from sqlalchemy import select

from console.domain.errors import Invalid, NotAllowed
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import TicketState
from console.ledger import Entry
from console.services.dispatching import Dispatching
from db.models import Assignment, NotifyCopy, Ticket, TicketEvent
from tests.desks import move
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket, version_of
from tests.services.court import sent_round
from tests.world import seat_for


def desk(world, role: Role = Role.SUPERVISOR) -> Dispatching:
    return Dispatching(seat_for(world, role))


def ticket_of(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def test_an_unsigned_one_is_recalled_and_sent_on_in_one_transaction(world) -> None:
    ticket_id = dispatched(world)
    desk(world).reassign(ticket_id, DEPARTMENT, "交接班改派")
    after = ticket_of(world, ticket_id)
    assert (after.state, after.holder_unit_id) == (TicketState.PENDING_SIGN, DEPARTMENT)
    assert after.dispatch_count == 1
    with world.reading() as session:
        moves = session.scalars(select(TicketEvent.move).order_by(TicketEvent.id)).all()
        states = session.scalars(select(Assignment.state).order_by(Assignment.seq)).all()
    assert moves == ["register", "dispatch", "recall", "dispatch"]
    assert [state.value for state in states] == ["withdrawn", "pending_sign"]


def test_one_that_waits_is_simply_dispatched(world) -> None:
    ticket_id = open_ticket(world)
    desk(world).reassign(ticket_id, DEPARTMENT, "交接班改派")
    assert ticket_of(world, ticket_id).holder_unit_id == DEPARTMENT


def test_a_signed_one_says_who_has_it(world) -> None:
    ticket_id = dispatched(world)
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    with pytest.raises(NotAllowed, match="清河街道办事处已签收，现为“处理中”") as refused:
        desk(world).reassign(ticket_id, DEPARTMENT, "交接班改派")
    assert "退单" in refused.value.hint


def test_nothing_is_recalled_when_the_new_unit_cannot_have_it(world) -> None:
    """Half done would be worse than not done: it would lie with nobody."""
    secret = dispatched(world, confidential=True, respondent_unit_id=DEPARTMENT)
    before = version_of(world, secret)
    with pytest.raises(NotAllowed, match="被反映的单位"):
        desk(world).reassign(secret, DEPARTMENT, "交接班改派")
    assert version_of(world, secret) == before
    assert ticket_of(world, secret).state is TicketState.PENDING_SIGN
    often = sent_round(world, STREET, DEPARTMENT, 11)
    with pytest.raises(NotAllowed, match="已退回 3 次"):
        desk(world).reassign(often, 41, "交接班改派")


def test_reason_and_unit_are_asked_for(world) -> None:
    ticket_id = dispatched(world)
    with pytest.raises(Invalid) as no_reason:
        desk(world).reassign(ticket_id, DEPARTMENT, " ")
    with pytest.raises(Invalid) as no_unit:
        desk(world).reassign(ticket_id, None, "交接班")
    assert (no_reason.value.field, no_unit.value.field) == ("reason", "unit")
    with pytest.raises(NotAllowed, match="已派给清河街道办事处"):
        desk(world).reassign(ticket_id, STREET, "交接班")
    with pytest.raises(NotAllowed):
        desk(world, Role.AGENT).reassign(ticket_id, DEPARTMENT, "交接班")


# --- beside the lead unit


def test_a_co_unit_is_added_and_dismissed_with_a_reason(world) -> None:
    ticket_id = dispatched(world)
    dispatcher = desk(world, Role.DISPATCHER)
    dispatcher.add_co_unit(ticket_id, 41, "配合查明管线", version_of(world, ticket_id))
    assert ticket_of(world, ticket_id).co_unit_names == "供水集团"
    with pytest.raises(Invalid, match="已在承办"):
        dispatcher.add_co_unit(ticket_id, 41, "", version_of(world, ticket_id))
    with pytest.raises(Invalid) as none:
        dispatcher.dismiss_co_unit(ticket_id, 41, "", version_of(world, ticket_id))
    assert none.value.field == "reason"
    dispatcher.dismiss_co_unit(ticket_id, 41, "与该单位无关", version_of(world, ticket_id))
    assert ticket_of(world, ticket_id).co_unit_names == ""


def test_a_copy_is_told_once_until_it_is_read(world) -> None:
    ticket_id = dispatched(world)
    dispatcher = desk(world, Role.DISPATCHER)
    dispatcher.notify(ticket_id, DEPARTMENT)
    with pytest.raises(Invalid, match="尚未阅知"):
        dispatcher.notify(ticket_id, DEPARTMENT)
    with world.reading() as session:
        assert session.scalars(select(NotifyCopy.unit_id)).all() == [DEPARTMENT]
        note = session.scalars(select(TicketEvent.note).order_by(TicketEvent.id.desc())).first()
    assert note == "抄告城市管理局"
