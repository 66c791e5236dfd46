"""The pool: one's own drafts, titles of confidential matters, and the loop of each city's pack."""

from dataclasses import replace

import pytest

from console.domain.errors import NotFound
from console.domain.loops import STEP_NAMES, step_marks
from console.domain.moves import Move
from console.domain.orders import Criteria, Stage
from console.domain.policy import PACKS, load_pack
from console.domain.policy_tables import StepView
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.states import Channel, Nature, TicketState, Urgency
from console.ledger import Entry, Ledger
from console.services.dispatching import Dispatching
from console.services.orders import Orders
from db.models import Ticket
from tests.desks import closed
from tests.journeys import open_ticket
from tests.services.test_court import statements
from tests.services.test_merging import caller
from tests.world import operator, seat_for


def orders(world, role: Role = Role.DISPATCHER) -> Orders:
    return Orders(seat_for(world, role))


def draft(world) -> int:
    """A call put aside unfinished by the agent."""
    seat = seat_for(world, Role.AGENT)
    with world.writing.begin() as session:
        now = seat.now(session)
        ticket = Ticket(
            number=seat.numbers.next_number(session, now, Channel.PHONE), lookup_code="123456",
            creator_id=seat.operator.account_id, creator_name=seat.operator.signature, created_at=now,
            nature=Nature.HELP, urgency=Urgency.NORMAL, channel=Channel.PHONE, title="暂存的来电", content="没说完",
        )  # fmt: skip
        Ledger(seat).open(session, ticket, Entry(Move.SAVE))
        return ticket.id


def test_a_draft_is_listed_for_its_writer_only_and_can_be_discarded(world) -> None:
    ticket_id = draft(world)
    own = orders(world, Role.AGENT)
    assert own.counters(Criteria())[Stage.DRAFTS] == 1
    assert [row.id for row in own.page(Criteria(stage=Stage.DRAFTS)).rows] == [ticket_id]
    other = orders(world)
    assert other.counters(Criteria())[Stage.DRAFTS] == 0
    assert other.page(Criteria(stage=Stage.DRAFTS)).rows == ()
    own.discard(ticket_id)
    assert own.counters(Criteria())[Stage.DRAFTS] == 0
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.VOID


def test_nobody_discards_a_colleagues_draft(world) -> None:
    ticket_id = draft(world)
    seat = seat_for(world, Role.AGENT)
    seat.sit(replace(operator(Role.AGENT), account_id=14))
    with pytest.raises(NotFound):
        Orders(seat).discard(ticket_id)


def test_confidential_titles_are_struck_in_one_statement_more(world) -> None:
    told = {"title": "叶长青反映邻居叶女士报复，电话19900001234", "confidential": True}
    ids = [open_ticket(world, **told) for _ in range(4)]
    for ticket_id in ids:
        caller(world, ticket_id, "19900001234", "叶长青")
    with statements(world) as seen:
        rows = orders(world).page(Criteria()).rows
    assert len(seen) == 2
    assert {row.title for row in rows} == {"（保密）反映邻居（保密）报复，电话（保密）"}
    assert {row.title for row in Dispatching(seat_for(world, Role.DISPATCHER)).queue().rows} == {
        "（保密）反映邻居（保密）报复，电话（保密）"
    }
    assert "叶长青" in orders(world, Role.AGENT).page(Criteria()).rows[0].title
    assert "叶长青" in orders(world, Role.OVERSEER).page(Criteria()).rows[0].title


@pytest.mark.parametrize(
    ("pack", "view"),
    [
        ("default", StepView.SIX),
        ("xiangyang-five-level", StepView.EIGHT),
        ("haikou-30min", StepView.THREE),
    ],
)
def test_each_city_shows_its_own_loop_of_the_same_log(world, pack: str, view: StepView) -> None:
    ticket_id = closed(world)
    seat = seat_for(world, Role.SUPERVISOR)
    loaded = load_pack(PACKS / pack)
    seat.rules = Rules(loaded, loaded.calendar())
    case = Orders(seat).case(ticket_id)
    assert case.steps == STEP_NAMES[view]
    assert case.step_at == len(case.steps) - 1
    marks = step_marks(case.steps, case.events)
    done = {name: mark.actor for name, mark in zip(case.steps, marks, strict=True) if mark}
    assert done["受理"] == "李敏 0017"
    assert done[case.steps[-1]] == "何静 0041"
    assert len(done) == len(case.steps) - (2 if view is StepView.EIGHT else 0)


def test_the_case_tells_how_many_people_it_speaks_for(world) -> None:
    ticket_id = open_ticket(world)
    for at in range(3):
        caller(world, ticket_id, f"1990000100{at}", main=at == 0)
    assert orders(world).open(ticket_id).appellants == 3
