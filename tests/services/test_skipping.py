"""Past the superior: in danger, or where the city's rules allow it; never otherwise (field-facts 3.4 rule 3)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.states import Urgency
from console.services.handling import Handling
from db.models import Assignment, TicketEvent
from tests.journeys import COMMUNITY, GRID, STREET, dispatched
from tests.world import seat_for


def at_the_grid(world, urgency: Urgency = Urgency.NORMAL) -> int:
    """Dispatched to the street, passed down twice, signed on the ground."""
    ticket_id = dispatched(world, STREET, urgency=urgency)
    street = Handling(seat_for(world, Role.STREET_DESK, STREET))
    street.sign(ticket_id)
    street.sub_dispatch(ticket_id, COMMUNITY, "请核实")
    community = Handling(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    community.sign(ticket_id)
    community.sub_dispatch(ticket_id, GRID, "请到场")
    Handling(seat_for(world, Role.GRID_WORKER, GRID)).sign(ticket_id)
    return ticket_id


def worker(world, skip: bool = False) -> Handling:
    seat = seat_for(world, Role.GRID_WORKER, GRID)
    if skip:
        pack = seat.rules.pack
        pack = replace(pack, escalation=replace(pack.escalation, skip=True))
        seat.rules = Rules(pack, seat.rules.calendar)
    return Handling(seat)


def names(desk) -> list[str]:
    return [unit.name for unit in desk.escalates_past]


def states(world, ticket_id: int) -> list[str]:
    with world.reading() as session:
        query = select(Assignment.state).where(Assignment.ticket_id == ticket_id)
        return [state.value for state in session.scalars(query.order_by(Assignment.seq))]


def test_a_plain_matter_goes_one_level(world) -> None:
    ticket_id = at_the_grid(world)
    assert names(worker(world).open(ticket_id)) == []
    with pytest.raises(NotAllowed, match="越级"):
        worker(world).escalate(ticket_id, "社区无力处理", past=STREET)


@pytest.mark.parametrize(("urgency", "skip"), [(Urgency.CRITICAL, False), (Urgency.NORMAL, True)])
def test_in_danger_or_by_rule_the_street_has_it_at_once(world, urgency, skip) -> None:
    ticket_id = at_the_grid(world, urgency)
    desk = worker(world, skip).open(ticket_id)
    assert (desk.escalates_to, names(desk)) == ("清风社区", ["清河街道办事处", "楼台区"])
    worker(world, skip).escalate(ticket_id, "燃气泄漏，须街道疏散", past=STREET)
    assert states(world, ticket_id) == ["in_progress", "withdrawn", "escalated"]
    with world.reading() as session:
        query = select(TicketEvent.note).where(TicketEvent.ticket_id == ticket_id)
        last = session.scalars(query.order_by(TicketEvent.id.desc())).first()
    assert last == "越级上报清河街道办事处：燃气泄漏，须街道疏散"
