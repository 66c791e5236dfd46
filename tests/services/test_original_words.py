"""A number typed into a content is masked when it is stored; the words as typed are told with a reason, on record."""

import pytest

from console.domain.auditing import Question
from console.domain.errors import NotAllowed, NotFound
from console.domain.roles import Role
from console.services.auditing import Auditing
from console.services.orders import Orders
from console.services.paper import preview
from tests.journeys import STREET, dispatched, open_ticket
from tests.services.test_orders import give_contact
from tests.world import seat_for

SAID = "楼上漏水，请打19900005555找我姐姐"


def orders(db, role: Role = Role.AGENT, unit: int | None = None) -> Orders:
    return Orders(seat_for(db, role, unit))


def test_the_words_as_typed_take_a_reason_and_leave_a_line(world) -> None:
    ticket_id = open_ticket(world, content=SAID)
    give_contact(world, ticket_id)
    opened = orders(world).open(ticket_id)
    assert "19900005555" not in repr(opened)
    assert opened.reveals == ("phone", "name", "address", "content")
    assert orders(world).reveal(ticket_id, "content", "联系诉求人办理") == SAID
    seen = Auditing(seat_for(world, Role.SUPERVISOR), preview).search(Question()).seen
    assert [(one.what, one.reason) for one in seen if one.action == "reveal"] == [
        ("原文", "联系诉求人办理")
    ]


def test_it_is_offered_only_where_something_is_hidden(world) -> None:
    ticket_id = open_ticket(world)
    assert "content" not in orders(world).open(ticket_id).reveals
    with pytest.raises(NotFound, match="原文"):
        orders(world).reveal(ticket_id, "content", "联系诉求人办理")


def test_a_confidential_one_is_not_told_to_the_unit(world) -> None:
    ticket_id = dispatched(world, STREET, content=SAID, confidential=True)
    give_contact(world, ticket_id)
    street = orders(world, Role.STREET_DESK, STREET)
    assert street.open(ticket_id).reveals == ()
    with pytest.raises(NotAllowed):
        street.reveal(ticket_id, "content", "联系诉求人办理")
