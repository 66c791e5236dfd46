"""How a call ends other than by registering: answered, refused, joined, handed on, promised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from console.domain.errors import Invalid, InvalidForm, NotAllowed, NotFound
from console.domain.intake import IntakeForm
from console.domain.roles import Role
from console.domain.states import Channel, Light, Nature, TicketState
from console.services.promises import Promises
from db.models import (
    Appellant,
    Call,
    KnowledgeEntry,
    PoliceTransfer,
    Promise,
    Ticket,
    TicketCampaign,
    TicketEvent,
)
from tests.services.intake_desk import PHONE, desk, form, rows, ticket
from tests.world import engine_of, seat_for

# answered, refused


def test_a_direct_answer_closes_and_counts_the_knowledge(world) -> None:
    intake = desk(world)
    asked = form(nature=Nature.INQUIRY, unit_id=None, address="", grid_id=None, category_code="")
    done = intake.answer(asked, "", 1)
    row = ticket(world, done.ticket_id)
    assert (row.state, row.knowledge_id) == (TicketState.ANSWERED, 1)
    assert row.direct_answer == "公共管道由市政疏通；户内由产权人负责。"
    assert row.closed_at is not None
    assert intake.answer(asked, "", 1).already
    assert rows(world, KnowledgeEntry)[0].hit_count == 1


def test_an_answer_needs_words_and_a_nature_that_may_be_answered(world) -> None:
    intake = desk(world)
    with pytest.raises(InvalidForm) as refused:
        intake.answer(form(nature=None), " ")
    assert {fault.field for fault in refused.value.faults} == {"nature", "answer"}
    with pytest.raises(NotAllowed, match="不能直接答复"):
        intake.answer(form(nature=Nature.COMPLAINT), "已经告知您了")
    assert rows(world, Ticket) == []
    assert intake.answer(form(nature=Nature.HELP), "按知识答复", 1).state is TicketState.ANSWERED


def test_a_refusal_needs_a_reason_words_and_a_supervisor(world) -> None:
    intake = desk(world)
    wrong = (
        ("1", "", 2, "told"), ("77", "告知", 2, "reason_code"), ("1", "告知", 3, "confirmed_by"),
        ("1", "告知", None, "confirmed_by"), ("1", "告知", 999, "confirmed_by"),
    )  # fmt: skip
    for reason, told, by, field in wrong:
        with pytest.raises(Invalid) as refused:
            intake.reject(form(), reason, told, by)
        assert refused.value.field == field
    done = intake.reject(form(unit_id=None, category_code="", nature=None), "4", "请向法院起诉", 2)
    row = ticket(world, done.ticket_id)
    assert (row.state, row.direct_answer) == (TicketState.REJECTED, "请向法院起诉")
    assert "周正确认" in rows(world, TicketEvent)[0].note
    alone = desk(world, Role.SUPERVISOR).reject(form(), "1", "不归本市管", None)
    assert alone.state is TicketState.REJECTED
    assert [c.id for c in intake.supervisors()] == [2]
    assert [c.key for c in intake.rejection_reasons()] == list("123456789")


# joined


def test_joining_keeps_the_callers_own_number_callback_and_words(world) -> None:
    intake = desk(world)
    main = intake.submit(form(), True)
    second = form(
        full_phone="13800000009",
        name="陈大文",
        person_id=None,
        content="我也是，隔壁店也堵了",
        unit_id=None,
    )
    joined = intake.join(second, main.ticket_id)
    row = ticket(world, joined.ticket_id)
    assert (row.state, row.merged_into, row.main_ticket_id) == (
        TicketState.MERGED,
        main.number,
        main.ticket_id,
    )
    own, on_main = [a for a in rows(world, Appellant) if a.phone == "13800000009"]
    assert (own.ticket_id, own.main) == (joined.ticket_id, True)
    assert (on_main.ticket_id, on_main.main, on_main.merged_from_id) == (
        main.ticket_id,
        False,
        joined.ticket_id,
    )
    assert on_main.said == "我也是，隔壁店也堵了"
    assert ticket(world, main.ticket_id).special_tags == ""
    assert intake.join(second, main.ticket_id).already
    assert intake.duplicates(form(full_phone="13800000007"))[0].appellants == 2


def test_three_callers_are_a_gathered_matter(world) -> None:
    intake = desk(world)
    main = intake.submit(form(), True)
    for at in (7, 8):
        intake.join(
            IntakeForm(key=f"k{at}", name="陈大文", full_phone=f"1380000000{at}"), main.ticket_id
        )
    row = ticket(world, main.ticket_id)
    assert row.special_tags == "集中反映"
    assert (
        "共 3 人，属集中反映"
        in [e.note for e in rows(world, TicketEvent) if e.ticket_id == row.id][-1]
    )
    copied = rows(world, Ticket)[1]
    assert (copied.category_code, copied.grid_id, copied.content) == (
        "010304",
        30,
        "反映同一事项：下水道堵塞，油污外溢",
    )


def test_the_same_caller_again_is_noted_not_doubled(world) -> None:
    intake = desk(world)
    main = intake.submit(form(), True)
    call_id = intake.ring(PHONE).call_id
    again = intake.join(form(call_id=call_id), main.ticket_id)
    assert (again.already, again.number) == (True, main.number)
    assert len(rows(world, Ticket)) == len(rows(world, Appellant)) == 1
    with world.reading() as session:
        assert session.get(Call, call_id).ticket_id == main.ticket_id


def test_joining_a_merged_one_joins_its_main_and_a_finished_one_is_refused(world) -> None:
    intake = desk(world)
    main = intake.submit(form(), True)
    joined = intake.join(form(full_phone="13800000009"), main.ticket_id)
    third = intake.join(form(full_phone="13800000008"), joined.ticket_id)
    assert ticket(world, third.ticket_id).main_ticket_id == main.ticket_id
    done = intake.answer(form(nature=Nature.INQUIRY), "已答复您了")
    with pytest.raises(NotAllowed, match="直接答复，不能再并入"):
        intake.join(form(), done.ticket_id)
    with pytest.raises(NotFound):
        intake.join(form(), 999)


def test_a_confidential_caller_joins_no_plain_matter(world) -> None:
    intake = desk(world)
    main = intake.submit(form(), True)
    secret = form(full_phone="13800000009", name="陈大文", confidential=True)
    for asked in (secret, replace(secret, confidential=False, nature=Nature.REPORT)):
        with pytest.raises(NotAllowed, match="保密件只能并入保密件"):
            intake.join(asked, main.ticket_id)
    # Nor by calling once more about a matter that is already in hand without the wish.
    with pytest.raises(NotAllowed, match="保密件只能并入保密件"):
        intake.join(form(confidential=True), main.ticket_id)
    assert [a.name for a in rows(world, Appellant)] == ["叶长青"]


def test_who_joins_a_confidential_matter_does_not_carry_its_caller_into_a_plain_one(world) -> None:
    main = desk(world).submit(form(title="叶长青反映下水道堵塞", confidential=True), True)
    other = desk(world, Role.SUPERVISOR)
    joined = other.join(
        form(full_phone="13800000009", name="陈大文", person_id=None, title="", content=""),
        main.ticket_id,
    )
    row = ticket(world, joined.ticket_id)
    assert (row.confidential, row.confidential_reason) == (True, "并入保密件")
    assert "叶长青" not in row.title + row.content
    assert row.content == "反映同一事项：（保密）反映下水道堵塞"


# handed on


@pytest.mark.parametrize(
    "typed",
    [
        IntakeForm(key="e"),
        form(),
        form(name="😀", content="堵" * 12_000, address="路" * 400, nature=None),
    ],
)
def test_danger_is_handed_on_whatever_is_typed(world, typed: IntakeForm) -> None:
    intake = desk(world)
    call_id = intake.ring("未知").call_id
    done = intake.hand_to_police(replace(typed, call_id=call_id), "119", "", True)
    transfer = rows(world, PoliceTransfer)[0]
    assert (transfer.service, transfer.three_way, transfer.ticket_id) == (
        "119",
        True,
        done.ticket_id,
    )
    assert (transfer.receiver_no, transfer.call_id) == ("未报工号", call_id)
    assert ticket(world, done.ticket_id).state is TicketState.ANSWERED
    with world.reading() as session:
        assert session.get(Call, call_id).transfer_target == "119"
    assert intake.hand_to_police(replace(typed, call_id=call_id), "119", "", True).already
    assert len(rows(world, PoliceTransfer)) == 1


def test_only_emergency_lines_can_be_handed_to(world) -> None:
    with pytest.raises(Invalid, match="110、119"):
        desk(world).hand_to_police(form(), "114", "1", False)


# promises


def promised(hours: int, what: str = "回电") -> tuple[tuple[str, str], ...]:
    return ((what, (datetime.now(UTC) + timedelta(hours=hours)).isoformat()),)


def test_a_promise_is_written_with_the_record_and_only_once(world) -> None:
    intake = desk(world)
    said = promised(3, "下午五点前回电")
    draft = form(promises=said)
    intake.save_draft(draft)
    intake.submit(draft, True)
    intake.submit(draft, True)
    kept = rows(world, Promise)
    assert [(p.what, p.made_by) for p in kept] == [("下午五点前回电", "李敏 0017")]
    assert any("下午五点前回电" in e.note for e in rows(world, TicketEvent))


def test_no_way_out_loses_a_promise(world) -> None:
    """Answered, refused, handed to 110, joined, or so late that it is over: it is on the list."""
    intake = desk(world)
    main = intake.submit(form(), True).ticket_id
    said = promised(3)
    intake.answer(form(nature=Nature.INQUIRY, promises=said), "请到社区办理。")
    intake.reject(form(promises=said), "4", "已告知向法院反映。", 2)
    intake.hand_to_police(form(promises=said), "110", "0231", False)
    intake.join(form(promises=said), main)
    intake.submit(form(promises=promised(-3)), False)
    listed = Promises(seat_for(world, Role.SUPERVISOR)).open()
    assert len(listed) == 5
    assert sum(line.light.light is Light.RED for line in listed) == 1


def test_campaigns_are_suggested_by_words_or_chosen(world) -> None:
    intake = desk(world)
    assert [c.code for c in intake.campaigns("餐馆里有人吸烟") if c.chosen] == ["smoke"]
    content = "餐馆里有人吸烟，服务员不劝阻，希望加强控烟检查。"
    for chosen, names in ((None, "控烟"), ((), ""), (("hot", "smoke"), "每月一题、控烟")):
        done = intake.submit(form(content=content, campaigns=chosen), False)
        with world.reading() as session:
            assert session.get_one(Ticket, done.ticket_id).special_tags == names
            query = select(TicketCampaign).where(TicketCampaign.ticket_id == done.ticket_id)
            assert len(session.scalars(query).all()) == len(names.split("、")) * bool(names)


def test_every_channel_has_numbers_of_its_own(world) -> None:
    intake = desk(world)
    numbers = {
        c: intake.submit(form(channel=c), False).number
        for c in (Channel.PHONE, Channel.WEB, Channel.MEDIA)
    }
    assert all(number[8:10] == channel.value for channel, number in numbers.items())


def test_reading_and_writing_use_their_own_sessions(world) -> None:
    """A reader that became a writer would fail at once on SQLite."""
    written: list[str] = []
    event.listen(engine_of(world), "before_cursor_execute", lambda *a: written.append(a[2]))
    intake = desk(world)
    intake.warm()
    intake.submit(form(), True)
    assert not [s for s in written if s.split()[0] in ("INSERT", "UPDATE", "DELETE")]
