"""The dispatch desk on a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.desks import DispatchForm
from console.domain.errors import Conflict, Invalid, NotAllowed
from console.domain.moves import Move
from console.domain.piles import Pile
from console.domain.roles import Role
from console.domain.states import Nature, TicketState, Urgency
from console.ledger import Entry
from console.services.dispatching import Dispatching
from db.models import Account, Assignment, Presence, Snippet, Ticket, TicketEvent
from tests.desks import move, turn_back
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket, version_of
from tests.world import operator, seat_for, seat_of


def desk(world, role: Role = Role.DISPATCHER) -> Dispatching:
    return Dispatching(seat_for(world, role))


def second_desk(world) -> Dispatching:
    """Another dispatcher at another workstation."""
    with world.writing.begin() as session:
        session.add(
            Account(id=90, login="0032", agent_no="0032", name="钱进", role="dispatcher", unit_id=1)
        )
    who = replace(operator(Role.DISPATCHER), account_id=90, agent_no="0032", name="钱进")
    return Dispatching(seat_of(world, who))


def form(world, ticket_id: int, **changes) -> DispatchForm:
    return DispatchForm(ticket_id, version_of(world, ticket_id), STREET, **changes)


def state_of(world, ticket_id: int) -> TicketState:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_a_dispatch_writes_shares_opinion_and_can_be_undone(world) -> None:
    ticket_id = open_ticket(world)
    sent = form(world, ticket_id, co_unit_ids=(DEPARTMENT,), opinion=" 请现场核实 ")
    done = desk(world).dispatch(sent)
    assert (done.words, done.undo_seconds) == ("已派给清河街道办事处", 10)
    with world.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        shares = session.scalars(select(Assignment).order_by(Assignment.seq)).all()
        note = session.scalars(select(TicketEvent.note).order_by(TicketEvent.id.desc())).first()
        assert (ticket.state, ticket.dispatch_opinion) == (TicketState.PENDING_SIGN, "请现场核实")
        assert [share.unit_name for share in shares] == ["清河街道办事处", "城市管理局"]
        assert note == "派给清河街道办事处主办，城市管理局协办"
    desk(world).undo(ticket_id)
    assert state_of(world, ticket_id) is TicketState.PENDING_DISPATCH


def test_undo_is_for_ones_own_dispatch_only(world) -> None:
    ticket_id = open_ticket(world)
    desk(world).dispatch(form(world, ticket_id))
    with pytest.raises(NotAllowed, match="本人"):
        second_desk(world).undo(ticket_id)
    assert state_of(world, ticket_id) is TicketState.PENDING_SIGN


def test_after_ten_seconds_a_dispatch_is_recalled_not_undone(world) -> None:
    ticket_id = open_ticket(world)
    desk(world).dispatch(form(world, ticket_id))
    turn_back(world, ticket_id, dispatched_at=timedelta(seconds=11))
    with pytest.raises(NotAllowed, match="已超过 10 秒") as refused:
        desk(world).undo(ticket_id)
    assert refused.value.hint == "请由派单员撤回"
    desk(world).recall(ticket_id, "派错单位")
    assert state_of(world, ticket_id) is TicketState.PENDING_DISPATCH


def test_what_is_missing_is_said_beside_its_field(world) -> None:
    ticket_id = open_ticket(world)
    with pytest.raises(Invalid) as none_chosen:
        desk(world).dispatch(replace(form(world, ticket_id), unit_id=None))
    with pytest.raises(Invalid) as both:
        desk(world).dispatch(form(world, ticket_id, co_unit_ids=(STREET,)))
    with pytest.raises(Invalid) as no_reason:
        desk(world).designate(form(world, ticket_id))
    fields = [error.value.field for error in (none_chosen, both, no_reason)]
    assert fields == ["unit", "co_units", "opinion"]


def test_a_stale_form_is_a_conflict(world) -> None:
    ticket_id = open_ticket(world)
    seen = form(world, ticket_id)
    move(world, ticket_id, Role.AGENT, Entry(Move.NOTE, {"note": "补充"}))
    with pytest.raises(Conflict):
        desk(world).dispatch(seen)


def test_the_unit_a_confidential_report_is_about_does_not_get_it(world) -> None:
    about = {"confidential": True, "respondent_unit_id": STREET, "nature": Nature.REPORT}
    ticket_id = open_ticket(world, **about)
    with pytest.raises(NotAllowed, match="被反映的单位"):
        desk(world).dispatch(form(world, ticket_id))
    open_one = open_ticket(world, **(about | {"confidential": False}))
    desk(world).dispatch(form(world, open_one))


def test_two_seats_never_take_the_same(world) -> None:
    calm = open_ticket(world)
    urgent = open_ticket(world, urgency=Urgency.CRITICAL)
    one, other = desk(world), second_desk(world)
    assert one.take_next() == urgent
    assert other.take_next() == calm
    assert other.take_next(leaving=calm) is None
    assert one.take_next() == urgent


def test_taking_again_puts_back_what_was_taken(world) -> None:
    first, second = open_ticket(world), open_ticket(world)
    one, other = desk(world), second_desk(world)
    assert one.take_next() == first
    assert one.take_next(leaving=first) == second
    assert other.take_next() == first


def test_a_claim_given_up_is_free_at_once_and_a_last_one_is_kept(world) -> None:
    ticket_id = open_ticket(world)
    one, other = desk(world), second_desk(world)
    assert one.take_next() == ticket_id
    assert one.take_next(leaving=ticket_id) is None
    assert other.take_next() is None
    one.leave(ticket_id)
    assert other.take_next() == ticket_id


def test_a_claim_lasts_a_minute_unless_held(world) -> None:
    ticket_id = open_ticket(world)
    one, other = desk(world), second_desk(world)
    assert one.take_next() == ticket_id
    _grow_old(world, 61)
    one.hold(ticket_id)
    assert other.take_next() is None
    _grow_old(world, 61)
    assert other.take_next() == ticket_id


def _grow_old(world, seconds: int) -> None:
    with world.writing.begin() as session:
        for row in session.scalars(select(Presence)):
            row.seen_at -= timedelta(seconds=seconds)


def test_the_queue_is_urgent_first_and_names_who_has_what(world) -> None:
    calm = open_ticket(world)
    urgent = open_ticket(world, urgency=Urgency.URGENT)
    second_desk(world).hold(calm)
    queue = desk(world).queue()
    assert [row.id for row in queue.rows] == [urgent, calm]
    assert queue.rows[0].place == "宝丽西街123-***"
    assert [(wait.held_by, wait.since is not None) for wait in queue.waits] == [
        ("", True),
        ("钱进", True),
    ]


def test_units_are_found_by_name_initials_and_code(world) -> None:
    found = [[unit.id for unit in desk(world).units(text)] for text in ("qhjd", "城市管", "D002")]
    assert found == [[10], [40], [41]]


def test_the_form_is_helped_by_unit_reason_limits_and_phrases(world) -> None:
    ticket_id = open_ticket(world)
    with world.writing.begin() as session:
        session.add(Snippet(initials="xchs", title="现场核实", text="请现场核实并答复来电人"))
    shown = desk(world).help(ticket_id)
    assert [(unit.id, unit.reason) for unit in shown.units] == [
        (STREET, "按路段门牌：宝丽西街单号101至199号")
    ]
    assert "前签收 · " in shown.deadlines
    assert shown.snippets == (("xchs", "请现场核实并答复来电人"),)
    assert not shown.must_designate
    assert desk(world).help(99).units == ()


def test_after_three_returns_only_designation_is_left(world) -> None:
    ticket_id = open_ticket(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).return_count = 3
    assert desk(world).help(ticket_id).must_designate
    with pytest.raises(NotAllowed, match="已退回 3 次"):
        desk(world).dispatch(form(world, ticket_id))
    desk(world).designate(form(world, ticket_id, opinion="属地管理，由街道牵头"))
    with world.reading() as session:
        assert session.scalars(select(Assignment.designated)).all() == [True]


def test_accepting_brings_an_outside_report_to_dispatch(world) -> None:
    ticket_id = open_ticket(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).state = TicketState.PENDING_ACCEPT
    assert [row.id for row in desk(world).queue(Pile.ACCEPT).rows] == [ticket_id]
    desk(world).accept(ticket_id, version_of(world, ticket_id))
    assert [row.id for row in desk(world).queue().rows] == [ticket_id]


def test_of_many_each_succeeds_or_fails_by_itself(world) -> None:
    good, gone = open_ticket(world), dispatched(world)
    result = desk(world).dispatch_many((form(world, good), form(world, gone)))
    with world.reading() as session:
        numbers = [session.get_one(Ticket, key).number for key in (good, gone)]
    assert result.done == (numbers[0],)
    assert result.failed[0][0] == numbers[1]
    assert "待签收" in result.failed[0][1]
    assert result.changed.ids == (good,)
