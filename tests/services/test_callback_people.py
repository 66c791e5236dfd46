"""Every appellant is called back: the caller, whoever joined, and whoever's own was merged (peers 6.3)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from console.domain.desks import CallbackAnswers
from console.domain.errors import Conflict, NotAllowed, NotFound
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import NotReached, Satisfaction, TicketState
from console.ledger import Entry
from console.ledger.cases import callback_lines
from console.services.callbacks import Callbacks
from console.services.intake import Intake
from db.models import Appellant, AuditEntry, Callback, Ticket, TicketEvent
from tests.desks import HAPPY, move, to_call_back
from tests.journeys import open_ticket, version_of
from tests.services.intake_desk import form
from tests.world import seat_for

CROSS = CallbackAnswers(
    False, "unresolved", Satisfaction.DISSATISFIED, Satisfaction.SATISFIED, "结果", "仍有异味"
)
NOBODY = CallbackAnswers()


def desk(world, role: Role = Role.REVISITOR) -> Callbacks:
    return Callbacks(seat_for(world, role))


def with_caller(world, ticket_id: int, **values: Any) -> int:
    """The caller's own row, as intake writes it."""
    return add(world, ticket_id, "叶长青", "19900001234", main=True, **values)


def add(world, ticket_id: int, name: str, phone: str, main: bool = False, **values: Any) -> int:
    with world.writing.begin() as session:
        row = Appellant(
            ticket_id=ticket_id, name=name, phone=phone, main=main,
            joined_at=datetime.now(UTC), **values,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def three(world) -> tuple[int, int, int, int]:
    """A work order with its caller and two who joined."""
    ticket_id = to_call_back(world)
    caller = with_caller(world, ticket_id)
    one = add(world, ticket_id, "王小梅", "19900002222", said="我家门口也堵了")
    two = add(world, ticket_id, "李大海", "19900003333")
    return ticket_id, caller, one, two


def hear(world, ticket_id: int, callee: int, answers: CallbackAnswers = HAPPY) -> None:
    desk(world).hear(ticket_id, callee, answers, version_of(world, ticket_id))


def close(world, ticket_id: int, answers: CallbackAnswers = NOBODY, callee: int = 0):
    return desk(world).close(ticket_id, answers, version_of(world, ticket_id), callee)


def row_of(world, kind, key: int):
    with world.reading() as session:
        return session.get_one(kind, key)


def test_each_is_called_and_the_queue_says_how_far_it_is(world) -> None:
    ticket_id, caller, one, two = three(world)
    assert desk(world).queue().waits[0].note == "3 位诉求人，已回访 0"
    hear(world, ticket_id, one)
    assert desk(world).queue().waits[0].note == "3 位诉求人，已回访 1"
    with pytest.raises(NotAllowed, match="还有 1 位诉求人没有回访"):
        close(world, ticket_id, HAPPY, caller)
    assert row_of(world, Ticket, ticket_id).state is TicketState.PENDING_CALLBACK
    hear(world, ticket_id, two, CROSS)
    assert [c.settled for c in desk(world).round(ticket_id).callees] == [False, True, True]
    close(world, ticket_id, HAPPY, caller)
    with world.reading() as session:
        rows = list(session.scalars(select(Callback).order_by(Callback.id)))
        event = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc())).first()
    assert [(r.appellant_id, r.satisfaction, r.attempt) for r in rows] == [
        (one, "satisfied", 1), (two, "dissatisfied", 1), (caller, "satisfied", 1),
    ]  # fmt: skip
    assert {r.conclusion for r in rows} == {"结案"}
    assert event.note == "回访结案，3 位诉求人，接通 3 位，不满意"
    assert row_of(world, Ticket, ticket_id).satisfaction == "satisfied"
    assert row_of(world, Appellant, two).called_back_at is not None


def test_tries_are_counted_for_each_apart(world) -> None:
    ticket_id, caller, one, two = three(world)
    for _ in range(3):
        desk(world).not_reached(
            ticket_id, NotReached.NO_ANSWER, version_of(world, ticket_id), one, "家属约定"
        )
    found = {c.id: c for c in desk(world).round(ticket_id).callees}
    assert (found[one].tries, found[one].enough) == (3, True)
    assert (found[caller].tries, found[two].tries) == (0, 0)
    assert row_of(world, Ticket, ticket_id).ring_back_count == 0
    hear(world, ticket_id, two)
    close(world, ticket_id, HAPPY, caller)
    assert row_of(world, Ticket, ticket_id).state is TicketState.CLOSED


def test_who_joins_during_the_call_is_not_forgotten(world) -> None:
    ticket_id = to_call_back(world)
    with_caller(world, ticket_id)
    seen = version_of(world, ticket_id)
    intake = Intake(seat_for(world, Role.AGENT))
    intake.join(form(full_phone="19900004444", name="赵新"), ticket_id)
    with pytest.raises(Conflict):
        desk(world).close(ticket_id, HAPPY, seen)
    with pytest.raises(NotAllowed, match="还有 1 位"):
        close(world, ticket_id, HAPPY)
    (_caller, joined) = desk(world).round(ticket_id).callees
    assert (joined.name, joined.phone) == ("赵*", "199****4444")
    hear(world, ticket_id, joined.id)
    close(world, ticket_id, HAPPY)


def test_without_a_number_or_a_wish_nobody_is_called_and_it_is_said(world) -> None:
    ticket_id = to_call_back(world)
    with_caller(world, ticket_id)
    mute = add(world, ticket_id, "钱无号", "")
    found = desk(world).round(ticket_id).callees
    assert [(c.id == mute, c.excused) for c in found] == [(False, ""), (True, "未留号码")]
    close(world, ticket_id, HAPPY)
    silent = to_call_back(world, reply_wanted=False)
    assert desk(world).round(silent).callees[0].excused == "不要求回复"
    close(world, silent)
    assert row_of(world, Ticket, silent).state is TicketState.CLOSED


def test_a_merged_work_orders_caller_is_called_and_out_of_the_merge_no_longer(world) -> None:
    other = open_ticket(world, title="污水外溢")
    his = add(world, other, "孙并单", "19900005555", main=True)
    ticket_id = to_call_back(world)
    with_caller(world, ticket_id)
    number = row_of(world, Ticket, ticket_id).number
    move(world, other, Role.DISPATCHER, Entry(Move.MERGE, {"main_number": number}))
    with world.writing.begin() as session:
        session.get_one(Ticket, other).main_ticket_id = ticket_id
    found = desk(world).round(ticket_id).callees
    assert [c.id for c in found][1:] == [his]
    assert found[1].number == row_of(world, Ticket, other).number
    with pytest.raises(NotAllowed, match="还有 1 位"):
        close(world, ticket_id, HAPPY)
    move(world, other, Role.DISPATCHER, Entry(Move.UNMERGE, {"reason": "并错了"}))
    assert len(desk(world).round(ticket_id).callees) == 1
    close(world, ticket_id, HAPPY)


def test_merged_twice_over_everyone_still_belongs_to_the_last(world) -> None:
    first, second = open_ticket(world), open_ticket(world)
    one = add(world, first, "甲一", "19900006661", main=True)
    two = add(world, second, "乙二", "19900006662", main=True)
    # As intake joins: the first's caller stands on the second too.
    copy = add(world, second, "甲一", "19900006661", merged_from_id=first)
    ticket_id = to_call_back(world)
    with world.writing.begin() as session:
        for key, main in ((first, second), (second, ticket_id)):
            row = session.get_one(Ticket, key)
            row.state, row.main_ticket_id = TicketState.MERGED, main
    ids = [c.id for c in desk(world).round(ticket_id).callees]
    assert ids == [0, two, copy]
    assert one not in ids


def test_after_a_redo_everyone_is_asked_again_and_earlier_answers_are_in_sight(world) -> None:
    ticket_id, caller, one, two = three(world)
    hear(world, ticket_id, one)
    desk(world).redo(ticket_id, CROSS, "异味未除", version_of(world, ticket_id), two)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).state = TicketState.PENDING_REVIEW
    move(world, ticket_id, Role.DISPATCHER, Entry(Move.PASS_REVIEW, {}))
    found = {c.id: c for c in desk(world).round(ticket_id).callees}
    assert not any(c.settled for c in found.values())
    assert "不满意" in found[two].earlier[0]
    assert found[two].earlier[0].endswith("重办")
    assert found[caller].earlier == ()


def test_undo_takes_back_the_last_call_only(world) -> None:
    ticket_id, caller, one, two = three(world)
    for key in (one, two):
        hear(world, ticket_id, key)
    close(world, ticket_id, HAPPY, caller)
    desk(world).undo_close(ticket_id)
    found = desk(world).round(ticket_id).callees
    assert [c.heard is not None for c in found] == [False, True, True]
    close(world, ticket_id, HAPPY, caller)


def test_said_again_replaces_what_was_noted(world) -> None:
    ticket_id, _caller, one, _two = three(world)
    hear(world, ticket_id, one, CROSS)
    hear(world, ticket_id, one, HAPPY)
    with world.reading() as session:
        (row,) = session.scalars(select(Callback))
    assert (row.satisfaction, row.dissatisfied_reason) == ("satisfied", "")


def test_a_joined_citizens_unsolved_matter_is_not_closed_over(world) -> None:
    ticket_id, caller, one, two = three(world)
    hear(world, ticket_id, one, replace(CROSS, comment=""))
    hear(world, ticket_id, two)
    with pytest.raises(Exception, match="王\\*\\*表示未解决"):
        close(world, ticket_id, HAPPY, caller)


def test_each_number_is_revealed_on_its_own_and_logged(world) -> None:
    ticket_id, _caller, one, _two = three(world)
    assert desk(world).reveal(ticket_id, one, "回访核实") == "19900002222"
    with world.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.details["appellant"]) == ("reveal", one)
    with pytest.raises(NotFound):
        desk(world).reveal(ticket_id, 9999, "回访核实")


def test_the_case_and_the_record_say_who_was_called(world) -> None:
    ticket_id, caller, one, _two = three(world)
    hear(world, ticket_id, caller)
    hear(world, ticket_id, one)
    with world.reading() as session:
        lines = callback_lines(session, ticket_id)
    assert [(line.who, line.attempt) for line in lines] == [("", 1), ("王**", 1)]
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).confidential = True
    with world.reading() as session:
        assert callback_lines(session, ticket_id)[1].who == "联名诉求人"
