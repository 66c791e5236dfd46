"""How a call ends: registered and dispatched in one transaction, never twice; undone, kept aside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from console.domain.errors import Conflict, InvalidForm, NotAllowed, NotFound, Unavailable
from console.domain.intake import IntakeForm
from console.domain.moves import Move
from console.domain.numbering import is_ticket_number
from console.domain.roles import Role
from console.domain.states import Nature, TicketState, Urgency
from console.ledger import Entry, Ledger, case_file
from console.ledger.numbers import BLOCK
from console.services.intake import Intake
from db.models import (
    Appellant,
    Assignment,
    Call,
    NumberLease,
    Ticket,
    TicketEvent,
)
from db.search import find_tickets
from tests.services.intake_desk import (
    CONTENT,
    PHONE,
    RULE,
    desk,
    form,
    moves,
    rows,
    statements,
    ticket,
)
from tests.world import seat_for

# registering and dispatching


@pytest.mark.unguarded
def test_one_transaction_registers_and_dispatches_with_the_rule_as_evidence(world) -> None:
    intake = desk(world)
    call_id = intake.ring(PHONE).call_id
    commits: list[int] = []
    event.listen(world.writing.kw["bind"], "commit", lambda _c: commits.append(1))
    done = intake.submit(form(call_id=call_id, opinion="请尽快到场"), True)
    assert len(commits) == 2, "one for the numbers leased in advance, one for everything else"
    row = ticket(world, done.ticket_id)
    assert (row.state, row.holder_name, row.number) == (
        TicketState.PENDING_SIGN,
        "清河街道办事处",
        done.number,
    )
    assert is_ticket_number(done.number)
    assert len(done.lookup_code) == 6
    assert (row.grid_rule, row.grid_code) == (RULE, "990101001001001")
    assert row.dispatch_opinion == f"请尽快到场\n【属地依据】{RULE}"
    assert rows(world, Assignment)[0].opinion == row.dispatch_opinion
    assert row.needs_site_proof
    assert moves(world, done.ticket_id) == ["register", "dispatch"]
    assert rows(world, TicketEvent)[1].inputs["grid_rule"] == RULE
    assert done.undo_until == row.dispatched_at + timedelta(seconds=10)
    assert done.changed is not None
    assert done.changed.ids == (done.ticket_id,)
    with world.reading() as session:
        assert session.get(Call, call_id).ticket_id == done.ticket_id


def test_the_ticket_is_masked_and_the_appellant_is_whole(world) -> None:
    done = desk(world).submit(form(contact_phone="+86 138-0000-0008"), True)
    row, person = ticket(world, done.ticket_id), rows(world, Appellant)[0]
    assert (row.appellant_masked, row.phone_masked) == ("叶**", "138****0008")
    assert (person.name, person.phone, person.phone_end) == ("叶长青", "13800000008", "0008")
    assert (person.name_masked, person.phone_masked) == ("叶**", "138****0008")
    assert (person.person_id, person.main) == (1, True)
    with world.reading() as session:
        case = case_file(session, seat_for(world, Role.STREET_DESK, 10), done.ticket_id)
    assert "长青" not in repr(case)
    assert "13800000008" not in repr(case)


def test_it_is_found_by_content_place_and_name_but_a_confidential_name_is_not(world) -> None:
    intake = desk(world)
    plain = intake.submit(form(), True)
    secret = intake.submit(form(nature=Nature.REPORT), True)
    with world.reading() as session:
        for words in ("油污外溢", "宝丽西街", "123号门面"):
            assert set(find_tickets(session, words)) == {plain.ticket_id, secret.ticket_id}
        assert find_tickets(session, "叶长青") == [plain.ticket_id]


def test_a_report_is_confidential_by_default(world) -> None:
    row = ticket(world, desk(world).submit(form(nature=Nature.REPORT), True).ticket_id)
    assert (row.confidential, row.confidential_reason) == (True, "举报件默认保密")
    asked = ticket(
        world,
        desk(world).submit(form(confidential=True, confidential_reason="怕报复"), True).ticket_id,
    )
    assert (asked.confidential, asked.confidential_reason) == (True, "怕报复")


def test_a_confidential_report_never_goes_to_whom_it_is_about(world) -> None:
    about = form(nature=Nature.REPORT, respondent="清河街道办事处")
    assert [fault.field for fault in desk(world).check(about, True)] == ["unit_id"]
    done = desk(world).submit(replace(about, unit_id=40), True)
    assert ticket(world, done.ticket_id).respondent_unit_id == 10


def test_an_anonymous_caller_leaves_no_name_anywhere(world) -> None:
    done = desk(world).submit(form(anonymous=True), True)
    row, person = ticket(world, done.ticket_id), rows(world, Appellant)[0]
    assert (row.appellant_masked, row.phone_masked, row.anonymous) == ("匿名", "", True)
    assert (person.name, person.person_id, person.phone) == ("匿名", None, PHONE)


def test_text_is_cleaned_but_never_cut(world) -> None:
    typed = f"  {CONTENT}\x00\u200b\r\n㛃𬭎😀 _x000D_第二行 "
    row = ticket(
        world, desk(world).submit(form(content=typed, title=" 下水道\n堵塞 "), True).ticket_id
    )
    assert row.content == f"{CONTENT}\n㛃𬭎😀 第二行"
    assert row.title == "下水道 堵塞"
    long = ticket(world, desk(world).submit(form(content="堵" * 10_000, title=""), True).ticket_id)
    assert (len(long.content), long.title) == (10_000, "堵" * 25)


def test_co_units_get_their_shares(world) -> None:
    done = desk(world).submit(form(co_unit_ids=(40, 41)), True)
    assert [(a.unit_id, a.kind.value) for a in rows(world, Assignment)] == [
        (10, "lead"),
        (40, "co"),
        (41, "co"),
    ]
    assert ticket(world, done.ticket_id).co_unit_names == "城市管理局、供水集团"


def test_submitted_before_the_grid_was_found_the_place_is_looked_up(world) -> None:
    row = ticket(world, desk(world).submit(form(grid_id=None, grid_rule=""), True).ticket_id)
    assert (row.grid_id, row.grid_rule) == (30, RULE)
    unknown = ticket(
        world, desk(world).submit(form(grid_id=None, grid_rule="", address="不详"), True).ticket_id
    )
    assert unknown.grid_id is None


def test_a_second_call_about_the_same_is_a_repeat_of_the_first(world) -> None:
    intake = desk(world)
    first = intake.submit(form(), True)
    second = ticket(world, intake.submit(form(), True).ticket_id)
    third = ticket(world, intake.submit(form(), True).ticket_id)
    assert ticket(world, first.ticket_id).caller_kind == "首次"
    assert (second.caller_kind, second.repeat_of_id) == ("重复（第2次）", first.ticket_id)
    assert (third.caller_kind, third.repeat_of_id) == ("重复（第3次）", second.id)
    other = ticket(world, intake.submit(form(full_phone="13800000009"), True).ticket_id)
    assert (other.caller_kind, other.repeat_of_id) == ("首次", None)


def test_an_agent_may_not_dispatch_where_dispatchers_do_and_nothing_is_written(world) -> None:
    intake = desk(world)
    seat = intake._seat
    strict = replace(seat.rules.pack, desk=replace(seat.rules.pack.desk, agent_may_dispatch=False))
    seat.rules = replace(seat.rules, pack=strict)
    with pytest.raises(NotAllowed, match="派单员派单"):
        intake.submit(form(), True)
    assert rows(world, Ticket) == rows(world, Appellant) == rows(world, TicketEvent) == []
    assert intake.submit(form(), False).state is TicketState.PENDING_DISPATCH


def test_ids_that_are_gone_do_not_lose_the_call(world) -> None:
    done = desk(world).submit(form(person_id=999, call_id=999, repeat_of_id=999), True)
    assert ticket(world, done.ticket_id).repeat_of_id is None
    assert rows(world, Appellant)[0].person_id is None


def test_creating_and_dispatching_takes_few_statements(world) -> None:
    intake = desk(world)
    intake.submit(form(), True)
    with statements(world) as seen:
        intake.submit(form(full_phone="13800000009"), True)
    assert len(seen) <= 26, len(seen)


# never twice


def together(work: Callable[[Intake], object], desks: list[Intake]) -> list[object]:
    """The same at the same moment from several workstations."""
    gate = Barrier(len(desks))

    def run(intake: Intake) -> object:
        gate.wait()
        return work(intake)

    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(run, desks))


def test_the_same_form_again_is_the_same_ticket(world) -> None:
    intake, same = desk(world), form()
    first = intake.submit(same, True)
    again = intake.submit(same, True)
    assert (again.ticket_id, again.number, again.already) == (first.ticket_id, first.number, True)
    assert again.undo_until == first.undo_until
    assert len(rows(world, Ticket)) == len(rows(world, Assignment)) == 1
    assert moves(world, first.ticket_id) == ["register", "dispatch"]


@pytest.mark.parametrize("shared", [True, False])
def test_the_same_form_at_the_same_moment_makes_one_ticket(world, shared: bool) -> None:
    one = desk(world)
    desks = [one] * 4 if shared else [one, *(desk(world) for _ in range(3))]
    same = form()
    done = together(lambda intake: intake.submit(same, True), desks)
    assert len({d.number for d in done}) == 1
    assert sorted(d.already for d in done) == [False, True, True, True]
    assert (
        len(rows(world, Ticket)) == len(rows(world, Appellant)) == len(rows(world, Assignment)) == 1
    )


def test_many_at_once_get_numbers_of_their_own(world) -> None:
    desks = [desk(world) for _ in range(6)]
    together(lambda intake: [intake.submit(form(), True) for _ in range(5)], desks)
    numbers = [row.number for row in rows(world, Ticket)]
    assert len(numbers) == len(set(numbers)) == 30


@pytest.mark.unguarded
def test_a_number_taken_beforehand_is_the_tickets_even_without_a_database(world) -> None:
    intake = desk(world)
    first = intake.take_number()

    def away(*_a: object) -> None:
        raise OperationalError("x", {}, OSError("gone"))

    writer = world.writing.kw["bind"]
    event.listen(writer, "before_cursor_execute", away)
    taken = [intake.take_number() for _ in range(BLOCK - 1)]
    with pytest.raises((OperationalError, Unavailable)):
        intake.take_number()
    event.remove(writer, "before_cursor_execute", away)
    assert len({first, *taken}) == len(taken) + 1
    assert intake.submit(form(number=taken[0]), True).number == taken[0]
    assert intake.submit(form(number=taken[0]), True).number != taken[0], (
        "never the same number twice"
    )
    assert is_ticket_number(intake.submit(form(number="123"), True).number)


def test_a_failed_ticket_does_not_give_back_the_leased_numbers(world) -> None:
    """A lease rolled back with the ticket would be leased again by another workstation."""
    one, other = desk(world), desk(world)
    seat = one._seat
    strict = replace(seat.rules.pack, desk=replace(seat.rules.pack.desk, agent_may_dispatch=False))
    seat.rules = replace(seat.rules, pack=strict)
    with pytest.raises(NotAllowed):
        one.submit(form(), True)
    numbers = {
        one.submit(form(), False).number,
        other.submit(form(), True).number,
        one.submit(form(), False).number,
    }
    assert len(numbers) == 3
    leases = rows(world, NumberLease)
    # From nine in the evening each of the two also holds tomorrow's.
    days = {lease.day for lease in leases}
    assert len(leases) == 2 * len(days)
    assert len(days) <= 2


# undo, drafts


def test_an_undone_dispatch_is_mended_and_dispatched_again(world) -> None:
    intake, first = desk(world), form()
    done = intake.submit(first, True)
    assert intake.undo_dispatch(done.ticket_id).ids == (done.ticket_id,)
    assert ticket(world, done.ticket_id).state is TicketState.PENDING_DISPATCH
    again = intake.submit(
        replace(first, ticket_id=done.ticket_id, unit_id=40, urgency=Urgency.URGENT), True
    )
    row = ticket(world, done.ticket_id)
    assert (again.number, again.already, again.unit) == (done.number, False, "城市管理局")
    assert row.urgency is Urgency.URGENT
    assert (
        row.total_due
        == intake._seat.rules.deadlines(Urgency.URGENT, row.nature, row.accepted_at).finish_due
    )
    assert len(rows(world, Ticket)) == len(rows(world, Appellant)) == 1
    assert moves(world, row.id) == ["register", "dispatch", "undo_dispatch", "note", "dispatch"]


def test_sent_again_after_a_lost_answer_a_mended_one_is_not_written_twice(world) -> None:
    intake, first = desk(world), form()
    done = intake.submit(first, True)
    intake.undo_dispatch(done.ticket_id)
    mended = replace(intake.reopen(done.ticket_id), content=CONTENT + "又来一次。", unit_id=10)
    one, two = intake.submit(mended, True), intake.submit(mended, True)
    assert (one.already, two.already) == (False, True)
    with pytest.raises(Conflict, match="待签收"):
        intake.submit(replace(mended, content=CONTENT + "再补一句话。"), True)


def test_a_stale_version_is_a_conflict(world) -> None:
    intake = desk(world)
    done = intake.submit(form(), False)
    mine = intake.reopen(done.ticket_id)
    other = replace(mine, content=CONTENT + "先保存的。")
    intake.submit(other, False)
    with pytest.raises(Conflict):
        intake.submit(replace(mine, content=CONTENT + "后保存的。"), False)
    assert ticket(world, done.ticket_id).content.endswith("先保存的。")


def test_an_undone_dispatch_comes_back_with_its_version(world) -> None:
    """Changed by a colleague between undo and dispatching again, it is not silently written over."""
    intake, first = desk(world), form()
    done = intake.submit(first, True)
    undone = intake.undo_dispatch(done.ticket_id)
    assert undone.version == ticket(world, done.ticket_id).version
    back = replace(first, ticket_id=done.ticket_id, version=undone.version)
    with world.writing.begin() as session:
        Ledger(seat_for(world, Role.DISPATCHER)).move(
            session, done.ticket_id, Entry(Move.NOTE, {"note": "x"}, "派单员已与来电人核实地址")
        )
    for stale in (back, replace(back, content=CONTENT + "改过。")):
        with pytest.raises(Conflict, match="他人修改"):
            intake.submit(stale, True)
    assert ticket(world, done.ticket_id).state is TicketState.PENDING_DISPATCH


def test_an_undone_dispatch_nobody_touched_goes_out_again(world) -> None:
    intake, first = desk(world), form()
    done = intake.submit(first, True)
    version = intake.undo_dispatch(done.ticket_id).version
    again = intake.submit(replace(first, ticket_id=done.ticket_id, version=version), True)
    assert (again.state, again.already) == (TicketState.PENDING_SIGN, False)


def test_undo_is_for_ones_own_and_for_seconds(world) -> None:
    done = desk(world).submit(form(), True)
    with pytest.raises(NotAllowed, match="本人"):
        desk(world, Role.SUPERVISOR).undo_dispatch(done.ticket_id)
    with world.writing.begin() as session:
        earlier = datetime.now(UTC) - timedelta(seconds=11)
        session.execute(update(Ticket).values(dispatched_at=earlier))
    with pytest.raises(NotAllowed, match="10 秒"):
        desk(world).undo_dispatch(done.ticket_id)


def test_a_draft_is_its_writers_and_becomes_the_ticket(world) -> None:
    intake = desk(world)
    half = IntakeForm(key="half", name="张", content="听不清", full_phone=PHONE)
    kept = intake.save_draft(half)
    assert kept.state is TicketState.DRAFT
    intake.save_draft(replace(half, content="听不清，好像是"))
    assert intake.reopen(kept.ticket_id).content == "听不清，好像是"
    assert intake.reopen(kept.ticket_id).nature is None
    with pytest.raises((NotFound, NotAllowed)):
        Intake(seat_for(world, Role.SUPERVISOR)).reopen(kept.ticket_id)
    done = intake.submit(form(key="half"), True)
    assert (done.ticket_id, done.number, done.state) == (
        kept.ticket_id,
        kept.number,
        TicketState.PENDING_SIGN,
    )
    assert rows(world, Appellant)[0].name == "叶长青"
    assert len(rows(world, Ticket)) == 1


def test_even_an_empty_call_can_be_put_aside(world) -> None:
    kept = desk(world).save_draft(IntakeForm(key="empty"))
    assert ticket(world, kept.ticket_id).title == "暂存的来电"
    with pytest.raises(InvalidForm):
        desk(world).save_draft(IntakeForm(key="long", content="堵" * 12_000))
