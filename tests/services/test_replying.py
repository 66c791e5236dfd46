"""A unit's reply: every fault at once, claims held against the record, one promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.errors import (
    InvalidForm,
)
from console.domain.inbox import ReplyForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Resolution
from console.ledger import Entry, Ledger
from db.models import (
    Contact,
    GateOverride,
    HandlingResult,
    Promise,
    TicketEvent,
)
from tests.journeys import COMMUNITY
from tests.units import JPEG, REPLY, community, faults_of, now, picture, rows, signed, street
from tests.world import seat_for


def test_a_reply_names_every_fault_at_once(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(InvalidForm) as refused:
        street(world).reply(
            ticket_id, ReplyForm(promise="三天内装好隔油池", resolution=Resolution.PARTLY)
        )
    assert faults_of(refused.value) == {
        "true_appeal", "result", "public_reply", "contacted", "unresolved_reason", "promise_due", "explanation",
    }  # fmt: skip
    assert not rows(world, HandlingResult)


def test_contact_given_with_the_reply_is_recorded_with_it(world) -> None:
    ticket_id = signed(world)
    street(world).reply(
        ticket_id, replace(REPLY, contacted=True, contact_at=now(), contact_manner="上门")
    )
    assert [c.manner for c in rows(world, Contact)] == ["上门"]
    moves = [e.move for e in rows(world, TicketEvent)]
    assert moves[-2:] == ["contact", "reply"]


def test_a_site_matter_needs_a_photo_whatever_the_form_says(world, tmp_path) -> None:
    ticket_id = signed(world, needs_site_proof=True)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).attach(ticket_id, "before", picture(tmp_path, "before.jpg", JPEG + b"0"))
    with pytest.raises(InvalidForm) as refused:
        street(world).reply(ticket_id, REPLY)
    assert faults_of(refused.value) == {"photos"}
    street(world).attach(ticket_id, "after", picture(tmp_path))
    street(world).reply(ticket_id, REPLY)
    assert rows(world, TicketEvent)[-1].inputs["photos"] == 1


def test_the_reply_in_the_log_is_masked(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).reply(ticket_id, replace(REPLY, result=REPLY.result + "来电人19900001234"))
    event_ = rows(world, TicketEvent)[-1]
    assert "19900001234" not in str(event_.inputs)
    assert event_.note.startswith("回复办结：已解决")


def test_a_promise_is_one_promise_though_two_levels_reply(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).sub_dispatch(ticket_id, COMMUNITY, "请办理")
    community(world).sign(ticket_id)
    due = now() + timedelta(days=3)
    community(world).reply(ticket_id, replace(REPLY, promise="装好隔油池", promise_due=due))
    offered = street(world).child_result(ticket_id)
    street(world).reply(ticket_id, offered)
    assert [(p.what, p.due) for p in rows(world, Promise)] == [("装好隔油池", due)]


def test_a_reply_seconds_after_signing_must_be_explained_and_is_listed(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    with pytest.raises(InvalidForm, match="签收不到10分钟"):
        street(world).reply(ticket_id, replace(REPLY, explanation=""))
    street(world).reply(ticket_id, REPLY)
    (listed,) = rows(world, GateOverride)
    assert (listed.finding, listed.by) == ("签收不到10分钟就回复", "王街 S101")


def test_a_copied_answer_and_a_reused_photo_are_noticed(world, tmp_path) -> None:
    for _ in range(2):
        ticket_id = signed(world)
        street(world).contact(ticket_id, now(), "电话", "")
        street(world).attach(ticket_id, "after", picture(tmp_path))
        street(world).reply(ticket_id, REPLY)
    assert len(rows(world, GateOverride)) == 4
    assert {g.finding for g in rows(world, GateOverride)} == {
        "签收不到10分钟就回复", "处置后照片在其他工单用过", "公开答复与另一张工单完全相同",
    }  # fmt: skip


def test_an_anonymous_appellant_without_a_number_need_not_be_contacted(world) -> None:
    ticket_id = signed(world, anonymous=True, phone_masked="", reachable=False)
    street(world).reply(ticket_id, REPLY)


def test_after_a_redo_the_own_last_reply_is_offered(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).reply(ticket_id, REPLY)
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, Entry(Move.FAIL_REVIEW, {"comment": "原因不清"}))
    desk = street(world).open(ticket_id)
    assert desk.own.redo_count == 1
    assert desk.prefill.public_reply == REPLY.public_reply
    assert "上次回复" in desk.prefill_from
