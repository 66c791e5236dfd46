"""The callback desk on a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from console.domain.callback import clock_words
from console.domain.desks import CallbackAnswers
from console.domain.errors import Invalid, InvalidForm, NotAllowed
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import NotReached, Satisfaction, TicketState
from console.ledger import case_file
from console.services.callbacks import Callbacks
from db.models import Callback, GateOverride, Ticket, TicketEvent
from tests.desks import HAPPY, to_call_back, turn_back
from tests.journeys import version_of
from tests.world import seat_for

EARLY = "家属请求马上再拨"


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
        desk(world).not_reached(ticket_id, why, version_of(world, ticket_id), early=EARLY)
    with pytest.raises(NotAllowed) as refused:
        desk(world).close(ticket_id, CallbackAnswers(), version_of(world, ticket_id))
    assert refused.value.hint == "未接通的，还须再拨 1 次后方可结案"
    seen = version_of(world, ticket_id)
    desk(world).not_reached(ticket_id, NotReached.NO_ANSWER, seen, early=EARLY)
    desk(world).close(ticket_id, CallbackAnswers(), version_of(world, ticket_id))
    after = ticket_of(world, ticket_id)
    assert (after.state, after.satisfaction) == (TicketState.CLOSED, "")
    assert [(row.not_reached, row.conclusion) for row in attempts(world)] == [
        ("no_answer", "再拨"), ("declined", "再拨"), ("no_answer", "结案"),
    ]  # fmt: skip
    desk(world).undo_close(ticket_id)
    assert [row.conclusion for row in attempts(world)] == ["再拨"] * 3


def test_rung_again_too_soon_needs_a_reason_and_says_from_when(world) -> None:
    ticket_id = to_call_back(world)
    desk(world).not_reached(ticket_id, NotReached.NO_ANSWER, version_of(world, ticket_id))
    (caller,) = desk(world).round(ticket_id).callees
    seen = version_of(world, ticket_id)
    with pytest.raises(Invalid, match="下次可拨") as refused:
        desk(world).not_reached(ticket_id, NotReached.NO_ANSWER, seen)
    assert refused.value.field == "early"
    assert clock_words(caller.ring_from, datetime.now(UTC)) in refused.value.text
    assert caller.ring_from - attempts(world)[0].at == timedelta(hours=2)
    assert "下次可拨" in desk(world).queue().waits[0].note
    # Nobody is given what cannot be rung yet; by hand it is still there.
    assert desk(world).take_next() is None
    desk(world).not_reached(ticket_id, NotReached.NO_ANSWER, seen, early="来电人约定此时")
    with world.reading() as session:
        note = session.scalars(select(TicketEvent.note).order_by(TicketEvent.id.desc())).first()
    assert note == "回访未接通（无人接），提前拨打：来电人约定此时"


def test_redo_needs_a_comment_and_keeps_the_answers(world) -> None:
    ticket_id = to_call_back(world)
    answers = CallbackAnswers(contacted=True, resolution="unresolved")
    with pytest.raises(InvalidForm) as refused:
        desk(world).redo(ticket_id, answers, " ", version_of(world, ticket_id))
    assert refused.value.field == "comment"
    expected = desk(world).round(ticket_id).outlook
    desk(world).redo(ticket_id, answers, "路面仍有积水", version_of(world, ticket_id))
    # To the second: the outlook was asked for a moment earlier.
    assert abs(ticket_of(world, ticket_id).finish_due - expected.due) < timedelta(seconds=5)
    assert "原时限的50%" in expected.words
    assert not expected.warning
    (row,) = attempts(world)
    assert ticket_of(world, ticket_id).state is TicketState.REDO
    assert (row.resolution, row.conclusion) == ("unresolved", "重办")


def test_closing_against_the_citizens_word_needs_a_sentence_why(world) -> None:
    ticket_id = to_call_back(world)
    unsolved = replace(HAPPY, resolution="unresolved")
    seen = version_of(world, ticket_id)
    with pytest.raises(Invalid, match="仍要结案的请写明理由") as refused:
        desk(world).close(ticket_id, unsolved, seen)
    assert (refused.value.field, attempts(world)) == ("comment", [])
    desk(world).close(ticket_id, replace(unsolved, comment="诉求人要求赔偿，已告知诉讼途径"), seen)
    with world.reading() as session:
        (listed,) = session.scalars(select(GateOverride))
    assert (listed.finding, listed.unit_name) == (
        "承办单位称已解决，诉求人表示未解决", "清河街道办事处",
    )  # fmt: skip


def test_after_the_packs_redos_it_is_supervised_and_that_is_said_before(world) -> None:
    ticket_id = to_call_back(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).redo_count = 2
    warning = desk(world).round(ticket_id).outlook.warning
    assert warning.startswith("已重办 2 次")
    assert "待督办" in warning
    answers = CallbackAnswers(True, "unresolved", Satisfaction.DISSATISFIED, None, "结果")
    changed = desk(world).redo(ticket_id, answers, "仍未解决", version_of(world, ticket_id))
    (row,) = attempts(world)
    assert (row.conclusion, changed.note) == ("督办", "已转为待督办")
    assert ticket_of(world, ticket_id).supervision == 1


def test_what_stands_against_archiving_is_said_before_closing(world) -> None:
    ticket_id = to_call_back(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.dispute, ticket.open_promises, ticket.supervision = True, 1, 100
    said = desk(world).round(ticket_id).obstacles
    assert said == ("督办尚未解除", "还有 1 项承诺没有兑现", "矛盾件尚未签字认可")


def test_a_closed_matter_is_reopened_with_a_reason_in_time(world) -> None:
    ticket_id = to_call_back(world)
    desk(world).close(ticket_id, HAPPY, version_of(world, ticket_id))
    boss = desk(world, Role.SUPERVISOR)
    assert boss.outlook(ticket_id, Move.REOPEN).unit == "清河街道办事处"
    with pytest.raises(Invalid) as refused:
        boss.reopen(ticket_id, "  ", version_of(world, ticket_id))
    assert refused.value.field == "reason"
    with pytest.raises(NotAllowed, match="新工单"):
        desk(world, Role.AGENT).reopen(ticket_id, "又堵了", version_of(world, ticket_id))
    with pytest.raises(NotAllowed, match="回访员不能"):
        desk(world).reopen(ticket_id, "又堵了", version_of(world, ticket_id))
    turn_back(world, ticket_id, closed_at=timedelta(days=29))
    boss.reopen(ticket_id, "同一位置再次堵塞", version_of(world, ticket_id))
    assert ticket_of(world, ticket_id).state is TicketState.REDO


def test_after_the_packs_days_it_is_a_new_matter(world) -> None:
    ticket_id = to_call_back(world)
    desk(world).close(ticket_id, HAPPY, version_of(world, ticket_id))
    turn_back(world, ticket_id, closed_at=timedelta(days=31))
    with pytest.raises(NotAllowed, match="已超过 30 天"):
        desk(world, Role.SUPERVISOR).reopen(ticket_id, "又堵了", version_of(world, ticket_id))


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
