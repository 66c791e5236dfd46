"""A resident who asked for confidence is not found out by way of the register, by whichever door and database."""

import pytest
from sqlalchemy import select

from console.domain.auditing import Question
from console.domain.errors import NotAllowed
from console.domain.registers.kinds import Register
from console.domain.roles import Role
from console.ledger.contacts import Wanted, disclose
from console.services.auditing import Auditing
from console.services.paper import preview
from console.services.registers import Registers
from db.models import Appellant, AuditEntry, Person, Ticket
from tests.journeys import STREET, dispatched
from tests.registers.city import furnish
from tests.world import operator, seat_for

RESIDENT, OTHER = 11, 12
KEEPERS = (Role.STREET_DESK, Role.GRID_LEADER)


@pytest.fixture(params=["linked", "same number"])
def secret(world, request) -> None:
    """A confidential matter of resident 11, by the link or by the number alone; taken down by the supervisor."""
    furnish(world)
    ticket_id = dispatched(world, STREET, confidential=True)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).creator_id = operator(Role.SUPERVISOR).account_id
        phone = session.scalar(select(Person.phone).where(Person.id == RESIDENT))
        now = seat_for(world, Role.SUPERVISOR).now(session)
        linked = request.param == "linked"
        session.add(Appellant(
            ticket_id=ticket_id, main=True, name="郑远", phone="" if linked else phone,
            person_id=RESIDENT if linked else None, joined_at=now,
        ))  # fmt: skip


def keeper(world, role: Role) -> Registers:
    return Registers(seat_for(world, role))


@pytest.mark.parametrize("role", KEEPERS)
def test_whoever_keeps_the_register_is_refused(world, secret, role: Role) -> None:
    with pytest.raises(NotAllowed, match="不能查看"):
        keeper(world, role).reveal(Register.PERSONS, RESIDENT, "核对登记")
    with world.reading() as session:
        assert not list(session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal")))


def test_the_intake_desk_is_refused_unless_he_is_on_the_line(world, secret) -> None:
    with pytest.raises(NotAllowed, match="不能查看"):
        disclose(seat_for(world, Role.AGENT), Wanted("person", RESIDENT, ("name",)), "核对身份")


def test_the_supervisor_sees_it_and_the_auditor_finds_it_by_the_number(world, secret) -> None:
    seen = keeper(world, Role.SUPERVISOR).reveal(Register.PERSONS, RESIDENT, "核对登记")
    assert seen["name"] == "郑远"
    found = Auditing(seat_for(world, Role.INSPECTOR), preview).search(
        Question(citizen="19900000011")
    )
    assert [one.who for one in found.seen if one.action == "reveal"] == ["周正 0002"]


def test_everybody_else_of_the_register_is_seen_as_before(world) -> None:
    furnish(world)
    seen = keeper(world, Role.GRID_LEADER).reveal(Register.PERSONS, RESIDENT, "核对登记")
    assert seen["phone"] == "19900000011"
