"""A call rings: who it is, where it belongs, what it may be about. All in memory or few statements."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.changes import Topic
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.identity import identity_check
from console.domain.roles import Role
from console.domain.states import Nature
from console.ledger.audit import broken_links
from console.services.intake import Intake
from db.models import (
    AuditEntry,
    BlockedNumber,
    Call,
    Enterprise,
    Person,
    SpecialGroupMember,
)
from tests.services.intake_desk import PHONE, desk, form, statements
from tests.world import seat_for

STRANGE = (
    "",
    "   ",
    "12",
    "abc",
    "未知",
    "+",
    "1" * 60,
    "138123456789012",
    "０１２３",
    "☎️",
    "'; drop table call; --",
    "\x00\x01",
)


# ringing


def test_a_ring_shows_residents_and_writes_a_call(world) -> None:
    card = desk(world).ring("+86 199-0000-1234")
    assert (card.phone, card.full_phone, card.kind) == ("199****1234", PHONE, "手机")
    assert [(r.name, r.relation, r.home) for r in card.residents] == [
        ("叶**", "户主", "宝丽小区3栋***"), ("王*", "配偶", "宝丽小区3栋***"),
    ]  # fmt: skip
    assert card.fault is None
    with world.reading() as session:
        call = session.get(Call, card.call_id)
        assert (call.caller_no, call.result, call.account_id) == (PHONE, "ringing", 1)


@pytest.mark.parametrize("number", STRANGE)
def test_a_malformed_number_still_rings_and_everything_else_works(world, number: str) -> None:
    intake = desk(world)
    card = intake.ring(number)
    assert card.call_id
    assert card.fault is not None
    assert card.fault.field == "full_phone"
    intake.answer_call(card.call_id)
    submitted = intake.submit(
        form(call_id=card.call_id, full_phone=number, contact_phone="13812345678"), True
    )
    assert submitted.number


def test_who_calls_takes_at_most_six_statements(world) -> None:
    intake = desk(world)
    intake.submit(form(), True)
    intake.warm()
    with statements(world) as seen:
        intake.ring(PHONE)
    assert len(seen) <= 6, seen
    with statements(world) as seen:
        intake.caller(PHONE)
    assert len(seen) <= 5, seen


def test_the_last_one_in_contact_stands_first_and_earlier_matters_open_ones_first(world) -> None:
    intake = desk(world)
    answered = intake.answer(
        form(nature=Nature.INQUIRY, person_id=2, name="王㛃"), "按规定办理即可。"
    )
    registered = intake.submit(form(person_id=2, name="王㛃"), True)
    newest = intake.answer(
        form(nature=Nature.INQUIRY, person_id=2, name="王㛃"), "按规定办理即可。"
    )
    card = intake.caller(PHONE)
    assert [r.person_id for r in card.residents] == [2, 1]
    assert card.residents[0].last_contact is not None
    assert [m.ticket_id for m in card.matters] == [
        registered.ticket_id,
        newest.ticket_id,
        answered.ticket_id,
    ]
    assert (card.matters[0].open, card.matters[0].outcome) == (True, "清河街道办事处")


def test_the_number_called_from_is_known_again_though_another_was_left(world) -> None:
    intake = desk(world)
    card = intake.ring("13900000001")
    intake.submit(
        form(call_id=card.call_id, full_phone="13900000001", contact_phone="0990-8888888"), False
    )
    assert len(intake.caller("13900000001").matters) == 1
    assert len(intake.caller("09908888888").matters) == 1


def test_calls_are_counted_and_repeats_marked(world) -> None:
    intake = desk(world)
    first = intake.ring(PHONE)
    second = intake.ring(PHONE)
    assert (first.calls_before, second.calls_before, second.calls_today) == (0, 1, 1)
    assert intake.caller(PHONE, second.call_id).calls_before == 1
    with world.reading() as session:
        assert session.get(Call, second.call_id).is_repeat


def test_answering_and_ending_stamp_the_call_once(world) -> None:
    intake = desk(world)
    call_id = intake.ring(PHONE).call_id
    assert intake.answer_call(call_id).topics == {Topic.CALLS}
    with world.reading() as session:
        answered = session.get(Call, call_id).answered_at
    intake.answer_call(call_id)
    intake.end_call(call_id)
    intake.end_call(call_id, "abandoned")
    with world.reading() as session:
        call = session.get(Call, call_id)
    assert (call.answered_at, call.result, call.talk_s) == (answered, "answered", 0)
    assert call.ended_at >= answered
    with pytest.raises(NotFound):
        intake.answer_call(999)


def test_an_enterprise_and_care_words_are_shown_and_convictions_are_not(world) -> None:
    with world.writing.begin() as session:
        session.add(
            Enterprise(
                name="宝丽餐馆",
                uscc="91350100M000100Y43",
                phone=PHONE,
                address="宝丽西街123号",
                grid_id=30,
            )
        )
        for group, restricted in (("lives_alone", False), ("released", False), ("hiv", True)):
            session.add(SpecialGroupMember(person_id=1, group_class=group, restricted=restricted))
    card = desk(world).caller(PHONE)
    assert card.enterprise == "宝丽餐馆"
    assert card.residents[0].care == ("独居老人",)


# harassment


def test_harassment_asks_for_a_block_by_degree_and_never_stops_a_call(world) -> None:
    intake = desk(world)
    ids = [intake.ring(PHONE).call_id for _ in range(3)]
    for call_id in ids:
        intake.harassment(call_id, "反复拨打骚扰")
        intake.harassment(call_id, "又点了一次")
    with world.reading() as session:
        rows = session.scalars(select(BlockedNumber).order_by(BlockedNumber.id)).all()
    assert [(row.degree, row.approved_by) for row in rows] == [
        ("persuade", ""),
        ("persuade", ""),
        ("refuse", ""),
    ]
    assert rows[0].expires_at - rows[0].created_at == timedelta(days=7)
    card = intake.ring(PHONE)
    assert "限制呼入，待值班长批准" in card.warning
    assert intake.submit(form(call_id=card.call_id), True).number
    intake.end_call(ids[0])
    with world.reading() as session:
        assert session.get(Call, ids[0]).result == "harassment"


def test_harassment_needs_a_reason_and_a_number(world) -> None:
    intake = desk(world)
    call_id = intake.ring(PHONE).call_id
    with pytest.raises(Invalid) as fault:
        intake.harassment(call_id, " ")
    assert fault.value.field == "reason"
    with pytest.raises(Invalid, match="未显示"):
        intake.harassment(intake.ring("未知").call_id, "骚扰")


def test_a_supervisors_own_request_is_approved(world) -> None:
    intake = desk(world, Role.SUPERVISOR)
    intake.harassment(intake.ring(PHONE).call_id, "反复骚扰")
    with world.reading() as session:
        assert session.scalars(select(BlockedNumber)).one().approved_by == "周正 0002"


# residents


@pytest.mark.parametrize(
    ("typed", "found"),
    [("叶长青", [1]), ("叶长", [1]), ("ycq", [1]), ("1234", [1, 2]), ("199 0000 1234", [1, 2]), (PHONE, [1, 2]),
     ("宝丽小区3栋2单元501", [1, 2]), ("宝丽小区3栋", [1, 2]), ("宝丽小区4栋", []), ("火星", []), ("叶", [1]), ("", []),
     ("%", []), ("_" * 5, []), ("'--", [])],
)  # fmt: skip
def test_residents_are_found_by_anything_a_caller_says(world, typed: str, found: list[int]) -> None:
    residents = desk(world).residents(typed)
    assert [r.person_id for r in residents] == found
    assert all("长青" not in r.name and "501" not in r.home for r in residents)


def test_an_identity_number_finds_its_person_and_a_wrong_one_is_named(world) -> None:
    first = "99010119600101001"
    right = first + identity_check(first)
    with world.writing.begin() as session:
        session.get(Person, 1).id_number = right
    intake = desk(world)
    assert [r.person_id for r in intake.residents(right)] == [1]
    wrong = first + ("0" if right[-1] != "0" else "1")
    with pytest.raises(Invalid, match="校验码") as fault:
        intake.residents(wrong)
    assert fault.value.field == "residents"
    assert wrong not in fault.value.text


def test_a_full_name_is_given_with_a_reason_and_logged(world) -> None:
    intake = desk(world)
    assert intake.full_person(1, "受理来电") == ("叶长青", "宝丽小区3栋2单元501")
    with pytest.raises(Invalid, match="理由"):
        intake.full_person(1, " ")
    with pytest.raises(NotFound):
        intake.full_person(999, "受理来电")
    with world.reading() as session:
        line = session.scalars(select(AuditEntry)).one()
        assert (line.action, line.subject_kind, line.subject_key, line.reason) == (
            "reveal",
            "person",
            "1",
            "受理来电",
        )
        assert PHONE not in f"{line.phone_digest}{line.details}"
        assert "长青" not in f"{line.reason}{line.details}"


def test_ones_own_caller_costs_nothing_of_the_hours_reveals(world) -> None:
    intake = desk(world)
    card = intake.ring(PHONE)
    for _ in range(20):
        intake.full_person(1, "受理来电")
    with pytest.raises(NotAllowed, match="20 次"):
        intake.full_person(1, "还在响铃，没有接听")
    intake.answer_call(card.call_id)
    for person in (1, 2):
        assert intake.full_person(person, "受理来电")
    with pytest.raises(Invalid, match="理由"):
        intake.full_person(1, " ")
    with world.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [line.action for line in lines[20:]] == ["reveal_caller"] * 2
        assert broken_links(session) == []


def test_a_call_of_yesterday_or_of_a_colleague_is_nobodys_own(world) -> None:
    colleague, intake = Intake(seat_for(world, Role.SUPERVISOR)), desk(world)
    colleague.answer_call(colleague.ring(PHONE).call_id)
    mine = intake.ring(PHONE)
    intake.answer_call(mine.call_id)
    with world.writing.begin() as session:
        session.get_one(Call, mine.call_id).answered_at -= timedelta(hours=2)
    intake.full_person(1, "受理来电")
    with world.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["reveal"]


def test_a_number_nobody_is_registered_on_is_revealed_for_a_reason_too(world) -> None:
    intake = desk(world)
    card = intake.ring("13800000099")
    intake.answer_call(card.call_id)
    with pytest.raises(Invalid, match="理由"):
        intake.reveal_number(card.call_id, "")
    assert intake.reveal_number(card.call_id, "需要回拨") == "13800000099"
    with pytest.raises(NotFound):
        intake.reveal_number(999, "需要回拨")
    with world.reading() as session:
        line = session.scalars(select(AuditEntry)).one()
        assert (line.subject_kind, line.subject_key) == ("call", str(card.call_id))
        assert (line.action, line.reason) == ("reveal_caller", "需要回拨")
        assert line.phone_digest
        assert "13800000099" not in f"{line.phone_digest}{line.details}"


def test_the_number_of_a_call_that_is_not_ones_own_counts(world) -> None:
    colleague = Intake(seat_for(world, Role.SUPERVISOR))
    card = colleague.ring(PHONE)
    colleague.answer_call(card.call_id)
    desk(world).reveal_number(card.call_id, "代为回拨")
    with world.reading() as session:
        assert session.scalars(select(AuditEntry.action)).one() == "reveal"


@pytest.mark.unguarded
def test_reveals_are_capped_and_their_log_is_a_chain(world) -> None:
    intake = desk(world)
    for _ in range(20):
        intake.full_person(1, "受理来电")
    with pytest.raises(NotAllowed, match="20 次"):
        intake.full_person(1, "受理来电")
    with world.reading() as session:
        assert broken_links(session) == []
    with world.writing.begin() as session:
        session.get(AuditEntry, 7).reason = "改过"
    with world.reading() as session:
        assert broken_links(session) == [7]
