"""The return court (peers 6.6): window, grounds, hops, joint sheet, and what the next dispatcher is told."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from console.domain.court import UnitRecord, return_window
from console.domain.desks import DispatchForm
from console.domain.errors import NotAllowed
from console.domain.moves import Move
from console.domain.policy import default_pack
from console.domain.roles import Role
from console.domain.states import AssignmentState, TicketState
from console.domain.worktime import moment_words
from console.ledger import Entry, case_file
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from db.models import Assignment, JointSheet, ReturnRequest, Ticket, TicketEvent, Unit
from tests.desks import move
from tests.journeys import DEPARTMENT, STREET, dispatch, dispatched, open_ticket, version_of
from tests.services.court import ask_return, grant, refuse, returned, sent_round, ticket_of
from tests.world import engine_of, seat_for

OTHER_STREET = 11


@contextmanager
def statements(db):
    seen: list[str] = []

    def note(_c, _k, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine_of(db), "before_cursor_execute", note)
    yield seen
    event.remove(engine_of(db), "before_cursor_execute", note)


def deciding(world, role: Role = Role.DISPATCHER, unit_id: int | None = None) -> Deciding:
    return Deciding(seat_for(world, role, unit_id))


def dispatching(world) -> Dispatching:
    return Dispatching(seat_for(world, Role.DISPATCHER))


# --- the window


def test_the_window_is_one_working_day_and_shows_its_arithmetic() -> None:
    pack = default_pack()
    calendar = pack.calendar()
    sent = calendar.closing(calendar.next_workday(calendar_day())) - timedelta(hours=3)
    inside = return_window(pack.returns, calendar, sent, sent + timedelta(hours=1), False)
    assert inside.is_open
    assert inside.lines[0] == "退单时限：1工作日"
    assert inside.words == f"{moment_words(inside.due)} 前可退单，逾期未退视为接受（首接负责）"
    late = replace(inside, asked_at=inside.due + timedelta(seconds=1))
    assert not late.is_open
    assert late.words.endswith("已过，视为接受承办（首接负责）")
    hard = return_window(pack.returns, calendar, sent, sent, True)
    assert hard.due > inside.due


def calendar_day():
    from datetime import date

    return date(2026, 11, 18)


def test_after_the_window_silence_has_accepted_it(world, monkeypatch) -> None:
    """A unit that says nothing for its working day keeps the work order (首接负责)."""
    ticket_id = dispatched(world)
    with world.reading() as session:
        sent = session.scalars(select(Assignment.dispatched_at)).one()
    asked = deciding(world, Role.STREET_DESK, STREET).bases(ticket_id).window
    assert asked.is_open
    clock = {"now": asked.due - timedelta(seconds=1)}
    monkeypatch.setattr("console.ledger.seat.Seat.now", lambda _seat, _session: clock["now"])
    ask_return(world, ticket_id, STREET)
    refuse(world, ticket_id)
    clock["now"] = asked.due + timedelta(seconds=1)
    with pytest.raises(NotAllowed, match="视为接受承办"):
        ask_return(world, ticket_id, STREET)
    assert sent < asked.due


# --- the grounds


def test_a_street_is_offered_the_place_the_category_and_the_duties(world) -> None:
    with world.writing.begin() as session:
        session.execute(
            update(Unit).where(Unit.id == DEPARTMENT)
            .values(name="城市管理和综合执法局", short_name="城管局")
        )  # fmt: skip
        session.execute(update(Unit).where(Unit.id == 41).values(short_name="供水集团"))
    ticket_id = open_ticket(world, content="宝丽西街123号门面占道经营，油烟扰民，希望处理。")
    dispatch(world, ticket_id, OTHER_STREET)
    found = deciding(world, Role.STREET_DESK, OTHER_STREET).bases(ticket_id).bases
    told = [(b.reason, b.text, b.unit) for b in found]
    place = "网格归属：事发地属清河街道办事处（按路段门牌：宝丽西街单号101至199号）"
    assert told[0] == ("属地不符", place, "清河街道办事处")
    duty = "承办单位职责目录 D001 城市管理和综合执法局：占道、油烟"
    assert ("职责不符", duty, "城市管理和综合执法局") in told
    assert told[-1][0] == "权属不清"
    assert all(b.text for b in found)


def test_a_department_is_told_whose_the_category_is(world) -> None:
    ticket_id = open_ticket(world)
    dispatch(world, ticket_id, DEPARTMENT)
    found = deciding(world, Role.LIAISON, DEPARTMENT).bases(ticket_id).bases
    assert found[0].text == (
        "诉求分类目录 010304 城市管理 › 市政设施 › 下水道堵塞：由属地清河街道办事处办理"
    )
    assert found[0].unit_id == STREET


def test_what_was_picked_is_told_from_what_was_written(world) -> None:
    ticket_id = returned(world)
    assert not deciding(world).returning(ticket_id).asked.from_catalogue
    picked = open_ticket(world)
    dispatch(world, picked, STREET)
    ask_return(world, picked, STREET, "承办单位职责目录 D001 城市管理局：占道")
    assert deciding(world).returning(picked).asked.from_catalogue


# --- hops, the sheet, designation


def test_earlier_hops_stand_side_by_side(world) -> None:
    ticket_id = sent_round(world, STREET)
    dispatch(world, ticket_id, DEPARTMENT)
    ask_return(world, ticket_id, DEPARTMENT, "非市政管网", "供水集团")
    heard = deciding(world).returning(ticket_id)
    assert [(h.number, h.unit, h.granted, h.suggested) for h in heard.hops] == [
        (1, "清河街道办事处", True, "城市管理局"),
        (2, "城市管理局", None, "供水集团"),
    ]
    assert heard.asked is heard.hops[1]
    assert (heard.granted, heard.most, heard.opens_sheet) == (1, 3, False)
    assert heard.window.is_open


def test_the_third_hop_opens_the_sheet_in_the_same_transaction(world) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT)
    dispatch(world, ticket_id, OTHER_STREET)
    ask_return(world, ticket_id, OTHER_STREET)
    assert deciding(world).returning(ticket_id).opens_sheet
    done = grant(world, ticket_id, "三家均称不属本单位")
    assert done.words == "已同意退单，已退 3 次，转会商"
    shown = dispatching(world).help(ticket_id)
    assert shown.must_designate
    assert shown.sheet.units == "清河街道办事处、城市管理局、明月街道办事处"
    assert [hop.sentence for hop in shown.hops] == ["职责不符：三定方案第五条"] * 3


def test_a_sheet_is_not_opened_when_the_grant_fails(world) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT)
    dispatch(world, ticket_id, OTHER_STREET)
    ask_return(world, ticket_id, OTHER_STREET)
    seen = version_of(world, ticket_id)
    move(world, ticket_id, Role.AGENT, Entry(Move.NOTE, {"note": "补充"}))
    with pytest.raises(Exception, match="修改"):
        deciding(world).decide(ticket_id, Move.GRANT_RETURN, "", seen)
    with world.reading() as session:
        assert session.scalars(select(JointSheet)).all() == []


def test_designation_closes_the_sheet_and_ends_the_returns(world) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT, OTHER_STREET)
    form = DispatchForm(ticket_id, version_of(world, ticket_id), STREET)
    with pytest.raises(NotAllowed, match="已退回 3 次"):
        dispatching(world).dispatch(form)
    dispatching(world).designate(replace(form, opinion="会商定由属地街道牵头"))
    with world.reading() as session:
        sheet = session.scalars(select(JointSheet)).one()
    assert sheet.conclusion == "指定清河街道办事处承办：会商定由属地街道牵头"
    assert sheet.concluded_at is not None
    with pytest.raises(NotAllowed, match="指定承办，不能再退单"):
        ask_return(world, ticket_id, STREET)
    dispatching(world).undo(ticket_id)
    assert dispatching(world).help(ticket_id).sheet is not None


def test_a_recalled_designation_leaves_the_sheet_open(world) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT, OTHER_STREET)
    form = DispatchForm(ticket_id, version_of(world, ticket_id), STREET, (), "街道牵头")
    dispatching(world).designate(form)
    dispatching(world).recall(ticket_id, "领导改定牵头单位")
    assert dispatching(world).help(ticket_id).sheet.conclusion == ""


# --- statistics that feed the next dispatch


def test_the_suggestion_shows_rate_and_last_refusal(world) -> None:
    for _ in range(2):
        dispatched(world, STREET)
    grant(world, returned(world, STREET))
    refuse(world, returned(world, STREET), "属地管理，由街道牵头")
    shown = dispatching(world).help(open_ticket(world)).units[0]
    assert (shown.id, shown.record.sent, shown.record.returned) == (STREET, 4, 1)
    assert shown.record.rate == "75%"
    assert shown.record.words == "同类承接率 75%（4 件退 1 件）"
    assert shown.record.last_refusal == ("职责不符：三定方案第五条（不同意：属地管理，由街道牵头）")


def test_other_categories_and_recalled_dispatches_do_not_count(world) -> None:
    other = dispatched(world, STREET)
    with world.writing.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == other).values(category_code="010101"))
    taken_back = dispatched(world, STREET)
    dispatching(world).recall(taken_back, "派错")
    assert dispatching(world).help(open_ticket(world)).units[0].record == UnitRecord()


def test_who_sent_this_one_back_comes_last_and_says_why(world) -> None:
    ticket_id = sent_round(world, STREET)
    units = dispatching(world).help(ticket_id).units
    assert [unit.id for unit in units] == [DEPARTMENT, STREET]
    assert units[0].reason == "清河街道办事处退单时建议"
    assert units[1].record.returned_this == "职责不符：三定方案第五条"
    typed = dispatching(world).units("qhjd", ticket_id)
    assert typed[0].record.returned_this == "职责不符：三定方案第五条"


def test_who_takes_such_matters_is_suggested(world) -> None:
    for _ in range(3):
        dispatched(world, 41)
    assert [(u.id, u.reason) for u in dispatching(world).help(open_ticket(world)).units] == [
        (STREET, "按路段门牌：宝丽西街单号101至199号"),
        (41, "同类工单多由其承办"),
    ]


def test_the_statistics_take_one_statement_however_much_there_is(world) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT)

    def count() -> int:
        with statements(world) as seen:
            dispatching(world).help(ticket_id)
        assert sum("return_request" in s and "GROUP BY" in s for s in seen) == 1
        return len(seen)

    # What was learned is read once in ten minutes, by whoever asks first.
    dispatching(world).help(ticket_id)
    few = count()
    for _ in range(6):
        grant(world, returned(world, OTHER_STREET))
    assert count() == few


def test_piles_take_one_statement_to_count_and_two_to_list(world) -> None:
    from console.domain.piles import Pile

    returned(world)
    open_ticket(world)
    desk = dispatching(world)
    with statements(world) as seen:
        counts = desk.counts()
    assert len(seen) == 1
    assert {pile: number for pile, number in counts.items() if number} == {
        Pile.DISPATCH: 1,
        Pile.RETURNS: 1,
    }
    for pile in Pile:
        with statements(world) as seen:
            desk.queue(pile)
        assert len(seen) <= 2


def test_an_extension_lies_on_its_pile_with_the_arithmetic(world) -> None:
    from console.domain.piles import Pile

    ticket_id = dispatched(world)
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    asked = {"days": 3, "reason": "会商", "basis": "办法"}
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.ASK_EXTENSION, asked), STREET)
    desk = dispatching(world)
    assert [row.id for row in desk.queue(Pile.EXTENSIONS).rows] == [ticket_id]
    assert desk.take_next(pile=Pile.EXTENSIONS) == ticket_id
    heard = deciding(world).extending(ticket_id)
    assert heard.days == 3
    assert heard.new_due > heard.old_due
    assert len(heard.lines) == 5
    assert heard.lines[-1] == "累计延期 3 个工作日，最多 10 个"
    assert heard.lines[-2].endswith(moment_words(heard.new_due))


def test_the_log_says_what_was_decided(world) -> None:
    ticket_id = returned(world)
    grant(world, ticket_id, "确不属街道职责")
    assert ticket_of(world, ticket_id).state is TicketState.PENDING_DISPATCH
    with world.reading() as session:
        note = session.scalars(select(TicketEvent.note).order_by(TicketEvent.id.desc())).first()
        assert session.scalars(select(ReturnRequest.granted)).one() is True
    assert note == "同意退单：确不属街道职责"


# --- ten seconds


def test_a_granted_return_can_be_taken_back_within_ten_seconds(world) -> None:
    ticket_id = sent_round(world, STREET)
    dispatch(world, ticket_id, DEPARTMENT)
    ask_return(world, ticket_id, DEPARTMENT)
    done = grant(world, ticket_id, "同意改派")
    assert done.undo_seconds == 10
    deciding(world).undo_grant(ticket_id)
    after = ticket_of(world, ticket_id)
    assert (after.state, after.return_count) == (TicketState.RETURN_REVIEW, 1)
    heard = deciding(world).returning(ticket_id)
    assert [hop.granted for hop in heard.hops] == [True, None]
    assert heard.asked.opinion == ""
    grant(world, ticket_id)


def test_taking_back_the_third_takes_its_sheet_away(world) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT, OTHER_STREET)
    deciding(world).undo_grant(ticket_id)
    with world.reading() as session:
        assert session.scalars(select(JointSheet)).all() == []
    with pytest.raises(NotAllowed):
        deciding(world, Role.SUPERVISOR).undo_grant(ticket_id)


def test_after_ten_seconds_it_stays_granted(world, monkeypatch) -> None:
    ticket_id = sent_round(world, STREET)
    now = ticket_of(world, ticket_id).moved_at + timedelta(seconds=11)
    monkeypatch.setattr("console.ledger.seat.Seat.now", lambda _seat, _session: now)
    with pytest.raises(NotAllowed, match="10 秒"):
        deciding(world).undo_grant(ticket_id)


def test_a_return_the_unit_took_back_is_not_to_be_decided(world) -> None:
    ticket_id = returned(world)
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.UNDO_RETURN), STREET)
    heard = deciding(world).returning(ticket_id)
    assert heard.asked is None
    assert heard.granted == 0


def test_a_share_given_back_carries_no_light(world) -> None:
    """It was neither in time nor late; a tick beside 已退单 would say the unit had done its work."""
    ticket_id = returned(world)
    grant(world, ticket_id)
    seat = seat_for(world, Role.DISPATCHER)
    with world.reading() as session:
        (line,) = case_file(session, seat, ticket_id).assignments
    assert (line.state, line.light.words) == (AssignmentState.RETURNED, "")
