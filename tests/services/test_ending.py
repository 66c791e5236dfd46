"""撤单 and 作废 on a real database (field-facts 3.3)."""

import pytest
from sqlalchemy import select

from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed
from console.domain.roles import Role
from console.domain.states import TicketState, Urgency
from console.services.ending import Ending
from db.models import Appellant, Ticket, TicketEvent
from tests.journeys import dispatched, open_ticket, version_of
from tests.world import seat_for

PHONE = "19900001234"


def desk(world, role: Role = Role.AGENT) -> Ending:
    return Ending(seat_for(world, role))


def ticket_of(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def told_by(world, ticket_id: int, *phones: str) -> int:
    """Who reported it; the first one is the caller."""
    with world.writing.begin() as session:
        now = seat_for(world, Role.AGENT).now(session)
        for at, phone in enumerate(phones):
            session.add(
                Appellant(
                    ticket_id=ticket_id, name="叶长青", phone=phone,
                    main=at == 0, joined_at=now,
                )
            )  # fmt: skip
    return ticket_id


def test_the_same_caller_withdraws_even_what_a_unit_has(world) -> None:
    ticket_id = told_by(world, dispatched(world), PHONE)
    desk(world).withdraw(ticket_id, "199 0000 1234", "物业已自行解决", version_of(world, ticket_id))
    assert ticket_of(world, ticket_id).state is TicketState.VOID
    with world.reading() as session:
        query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
        last = session.scalars(query.order_by(TicketEvent.id.desc())).first()
        assert last.note == "诉求人撤单：物业已自行解决"
        assert PHONE not in str(last.inputs), "the log keeps that it matched, not the number"


def test_another_number_does_not(world) -> None:
    ticket_id = told_by(world, open_ticket(world), PHONE)
    with pytest.raises(NotAllowed, match="原来电号码"):
        desk(world).withdraw(ticket_id, "19900009999", "不用了")
    with pytest.raises(Invalid) as refused:
        desk(world).withdraw(ticket_id, "", "不用了")
    assert refused.value.field == "phone"
    with pytest.raises(Invalid) as refused:
        desk(world).withdraw(ticket_id, PHONE, " ")
    assert refused.value.field == "reason"
    assert ticket_of(world, ticket_id).state is TicketState.PENDING_DISPATCH


@pytest.mark.parametrize(
    "danger",
    [{"urgency": Urgency.CRITICAL}, {"title": "楼道起火", "content": "三楼楼道起火，浓烟很大"}],
)
def test_public_safety_goes_on(world, danger) -> None:
    ticket_id = told_by(world, open_ticket(world, **danger), PHONE)
    with pytest.raises(NotAllowed, match="公共安全"):
        desk(world).withdraw(ticket_id, PHONE, "不用了")


def test_one_of_several_does_not_withdraw_for_all(world) -> None:
    ticket_id = told_by(world, open_ticket(world), PHONE, "19900005678")
    with pytest.raises(NotAllowed, match="共有 2 位诉求人"):
        desk(world).withdraw(ticket_id, PHONE, "不用了")


def test_a_wrong_entry_is_voided_by_the_supervisor_before_anybody_signs(world) -> None:
    ticket_id = open_ticket(world)
    with pytest.raises(NotAllowed, match="话务员不能作废"):
        desk(world).void(ticket_id, "登记错了")
    with pytest.raises(InvalidForm):
        desk(world, Role.SUPERVISOR).void(ticket_id, " ")
    with pytest.raises(Conflict):
        desk(world, Role.SUPERVISOR).void(ticket_id, "登记错了", 99)
    desk(world, Role.SUPERVISOR).void(ticket_id, "登记错了", version_of(world, ticket_id))
    assert ticket_of(world, ticket_id).state is TicketState.VOID
