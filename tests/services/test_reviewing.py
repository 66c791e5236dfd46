"""The centre's check of replies on a real database."""

import pytest

from console.domain.errors import Conflict, InvalidForm, NotAllowed
from console.domain.roles import Role
from console.domain.states import TicketState
from console.services.reviewing import Reviewing
from db.models import Snippet, Ticket
from tests.desks import replied
from tests.journeys import version_of
from tests.world import seat_for


def desk(world, role: Role = Role.DISPATCHER) -> Reviewing:
    return Reviewing(seat_for(world, role))


def ticket_of(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def test_a_passed_reply_goes_to_callback_with_the_reviewers_name(world) -> None:
    ticket_id = replied(world)
    desk(world).pass_reply(ticket_id, version_of(world, ticket_id), " 答复到位 ")
    after = ticket_of(world, ticket_id)
    assert after.state is TicketState.PENDING_CALLBACK
    assert (after.review_comment, after.reviewer_name) == ("答复到位", "孙岚 0031")


def test_verification_needs_a_grid(world) -> None:
    ticket_id, nowhere = replied(world), replied(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, nowhere)
        ticket.grid_id, ticket.grid_code = None, ""
    desk(world).pass_reply(ticket_id, version_of(world, ticket_id), verify=True)
    assert ticket_of(world, ticket_id).state is TicketState.PENDING_VERIFY
    with pytest.raises(NotAllowed, match="没有网格归属"):
        desk(world).pass_reply(nowhere, version_of(world, nowhere), verify=True)


def test_sending_back_needs_a_comment(world) -> None:
    ticket_id = replied(world)
    with pytest.raises(InvalidForm) as refused:
        desk(world).send_back(ticket_id, version_of(world, ticket_id), "  ")
    assert refused.value.field == "comment"
    desk(world).send_back(ticket_id, version_of(world, ticket_id), "未答复何时巡查")
    assert ticket_of(world, ticket_id).state is TicketState.REDO


def test_two_reviewers_cannot_both_decide(world) -> None:
    ticket_id = replied(world)
    seen = version_of(world, ticket_id)
    desk(world).pass_reply(ticket_id, seen)
    with pytest.raises(Conflict):
        desk(world, Role.SUPERVISOR).send_back(ticket_id, seen, "不同意")


def test_phrases_are_at_hand(world) -> None:
    with world.writing.begin() as session:
        session.add(Snippet(initials="wdf", title="未答复", text="未逐项答复诉求"))
        session.add(Snippet(initials="wdf", title="我的", text="请逐项答复", account_id=3))
    assert desk(world).snippets() == (("wdf", "请逐项答复"),)


def test_a_dispute_goes_to_the_grid_unasked(world) -> None:
    """field-facts X4: the city wants every dispute seen on site; the log says where it went."""
    ticket_id = replied(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).dispute = True
    changed = desk(world).pass_reply(ticket_id, version_of(world, ticket_id))
    assert ticket_of(world, ticket_id).state is TicketState.PENDING_VERIFY
    assert changed.note == "审核通过，已转现场核查"
