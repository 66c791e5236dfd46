"""The callback desk on a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.desks import CallbackAnswers
from console.domain.errors import InvalidForm, NotAllowed
from console.domain.roles import Role
from console.domain.states import NotReached, Satisfaction, TicketState
from console.ledger import case_file
from console.services.callbacks import Callbacks
from db.models import Callback, Ticket
from tests.desks import HAPPY, to_call_back, turn_back
from tests.journeys import version_of
from tests.world import seat_for


def desk(world, role: Role = Role.REVISITOR) -> Callbacks:
    return Callbacks(seat_for(world, role))


def ticket_of(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def attempts(world) -> list[Callback]:
    with world.reading() as session:
        return list(session.scalars(select(Callback).order_by(Callback.id)))


def test_the_script_names_title_unit_and_agent(world) -> None:
    ticket_id = to_call_back(world)
    seat = seat_for(world, Role.REVISITOR)
    with world.reading() as session:
        case = case_file(session, seat, ticket_id)
    script = Callbacks(seat).script(case)
    for piece in ("0041", "下水道堵塞，油污外溢", "清河街道办事处"):
        assert piece in script.opening
    assert (script.tries, script.attempts, len(script.questions)) == (3, 0, 4)


def test_answers_are_recorded_and_the_work_order_closed(world) -> None:
    ticket_id = to_call_back(world)
    done = desk(world).close(ticket_id, HAPPY, version_of(world, ticket_id))
    after, (row,) = ticket_of(world, ticket_id), attempts(world)
    assert (after.state, after.satisfaction) == (TicketState.CLOSED, "satisfied")
    assert (row.reached, row.contacted, row.resolution) == (True, True, "resolved")
    assert (row.hotline_satisfaction, row.conclusion) == ("very_satisfied", "结案")
    assert done.undo_seconds == 10


def test_every_missing_answer_is_said_beside_its_question(world) -> None:
    ticket_id = to_call_back(world)
    seen = version_of(world, ticket_id)
    with pytest.raises(InvalidForm) as refused:
        desk(world).close(ticket_id, CallbackAnswers(contacted=True), seen)
    assert [fault.field for fault in refused.value.faults] == ["resolution", "satisfaction"]
    cross = replace(HAPPY, satisfaction=Satisfaction.DISSATISFIED)
    with pytest.raises(InvalidForm) as refused:
        desk(world).close(ticket_id, cross, seen)
    assert refused.value.field == "dissatisfied_reason"
    assert attempts(world) == []


def test_undo_brings_back_the_callback_without_counting_it_twice(world) -> None:
    ticket_id = to_call_back(world)
    desk(world).close(ticket_id, HAPPY, version_of(world, ticket_id))
    with pytest.raises(NotAllowed, match="本人"):
        desk(world, Role.SUPERVISOR).undo_close(ticket_id)
    desk(world).undo_close(ticket_id)
    after = ticket_of(world, ticket_id)
    assert (after.state, after.satisfaction) == (TicketState.PENDING_CALLBACK, "")
    desk(world).close(ticket_id, HAPPY, version_of(world, ticket_id))
    assert [row.attempt for row in attempts(world)] == [1]


def test_after_ten_seconds_a_closing_stays(world) -> None:
    ticket_id = to_call_back(world)
    desk(world).close(ticket_id, HAPPY, version_of(world, ticket_id))
    turn_back(world, ticket_id, closed_at=timedelta(seconds=11))
    with pytest.raises(NotAllowed, match="已超过 10 秒"):
        desk(world).undo_close(ticket_id)


def test_not_reached_three_times_may_be_closed(world) -> None:
    ticket_id = to_call_back(world)
    for why in (NotReached.NO_ANSWER, NotReached.DECLINED):
        desk(world).not_reached(ticket_id, why, version_of(world, ticket_id))
    with pytest.raises(NotAllowed) as refused:
        desk(world).close(ticket_id, CallbackAnswers(), version_of(world, ticket_id))
    assert refused.value.hint == "未接通的，还须再拨 1 次后方可结案"
    desk(world).not_reached(ticket_id, NotReached.NO_ANSWER, version_of(world, ticket_id))
    desk(world).close(ticket_id, CallbackAnswers(), version_of(world, ticket_id))
    after = ticket_of(world, ticket_id)
    assert (after.state, after.satisfaction) == (TicketState.CLOSED, "")
    assert [row.not_reached for row in attempts(world)] == [
        "no_answer",
        "declined",
        "no_answer",
        "",
    ]


def test_redo_needs_a_comment_and_keeps_the_answers(world) -> None:
    ticket_id = to_call_back(world)
    answers = CallbackAnswers(contacted=True, resolution="unresolved")
    with pytest.raises(InvalidForm) as refused:
        desk(world).redo(ticket_id, answers, " ", version_of(world, ticket_id))
    assert refused.value.field == "comment"
    desk(world).redo(ticket_id, answers, "路面仍有积水", version_of(world, ticket_id))
    (row,) = attempts(world)
    assert ticket_of(world, ticket_id).state is TicketState.REDO
    assert (row.resolution, row.conclusion) == ("unresolved", "重办")


def test_the_handler_cannot_call_back(world) -> None:
    ticket_id = to_call_back(world)
    with pytest.raises(NotAllowed):
        Callbacks(seat_for(world, Role.STREET_DESK, 10)).close(
            ticket_id, HAPPY, version_of(world, ticket_id)
        )


def test_the_next_citizen_is_for_one_caller(world) -> None:
    first, second = to_call_back(world), to_call_back(world)
    one, other = desk(world), desk(world, Role.SUPERVISOR)
    assert (one.take_next(), other.take_next()) == (first, second)
    one.hold(first)
    assert other.take_next(leaving=second) is None
    assert other.queue().waits[0].held_by == "何静"
