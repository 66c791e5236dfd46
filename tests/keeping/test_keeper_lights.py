"""Lights, ladder and levels: what is written, once, and by which pack, on both databases."""

from dataclasses import asdict, replace
from datetime import timedelta

from console.domain.lifecycle import RULES
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import SupervisionLevel, Urgency
from console.ledger import Entry, Ledger
from db.models import Supervision
from tests.desks import move, replied
from tests.journeys import COMMUNITY, GRID, STREET, dispatched, open_ticket
from tests.keeper_city import (
    moves,
    shares_of,
    signed,
    supervisions,
    sweep,
    ticket_of,
    to_red,
    to_yellow,
    urgings,
)
from tests.world import seat_for

NORMAL, YELLOW, RED = SupervisionLevel.NORMAL, SupervisionLevel.YELLOW, SupervisionLevel.RED


# --- yellow and red


def test_yellow_urges_once(city, clock) -> None:
    ticket_id = signed(city)
    assert not urgings(city, ticket_id)
    sweep(city)
    assert not urgings(city, ticket_id)
    to_yellow(city, clock, ticket_id)
    for _ in range(3):
        sweep(city)
    (row,) = urgings(city, ticket_id, "yellow")
    (said,) = moves(city, ticket_id, Move.URGE)
    assert (row.unit_name, row.automatic, row.by) == ("清河街道办事处", True, "系统 自动值守")
    assert (said.actor_role, said.inputs["light_key"]) == ("keeper", row.light_key)
    assert ticket_of(city, ticket_id).urge_count == 1


def test_red_supervises_once_with_a_number_and_points(city, clock) -> None:
    ticket_id = signed(city)
    to_red(city, clock, ticket_id)
    for _ in range(3):
        sweep(city)
    (row,) = supervisions(city, ticket_id)
    (said,) = moves(city, ticket_id, Move.SUPERVISE)
    assert (row.level, row.penalty, row.reason) == (NORMAL, 1, "超期未办结")
    assert row.document_no == "示政热督〔2026〕1号"
    assert (row.lead_unit, row.unit_id, row.lifted_at) == ("清河街道办事处", STREET, None)
    assert said.inputs["document_no"] == row.document_no
    assert ticket_of(city, ticket_id).supervision == NORMAL
    assert not urgings(city, ticket_id, "yellow")


def test_an_extended_work_order_may_turn_yellow_again(city, clock) -> None:
    ticket_id = signed(city)
    to_yellow(city, clock, ticket_id)
    sweep(city)
    asked = Entry(
        Move.ASK_EXTENSION, {"days": 3, "reason": "须开挖", "basis": "规定", "told": True}
    )
    move(city, ticket_id, Role.STREET_DESK, asked, STREET)
    move(city, ticket_id, Role.DISPATCHER, Entry(Move.GRANT_EXTENSION))
    sweep(city)
    assert len(urgings(city, ticket_id, "yellow")) == 1
    to_yellow(city, clock, ticket_id)
    sweep(city)
    sweep(city)
    first, second = urgings(city, ticket_id, "yellow")
    assert first.light_key != second.light_key


def test_a_suspended_work_order_is_left_alone(city, clock) -> None:
    ticket_id = signed(city)
    stop = Entry(Move.SUSPEND, {"reason": "等待补充材料", "resume_on": "2026-12-01"})
    move(city, ticket_id, Role.OVERSEER, stop)
    to_red(city, clock, ticket_id)
    sweep(city)
    assert not urgings(city, ticket_id)
    assert not supervisions(city, ticket_id)


def test_what_the_centre_lets_lie_is_put_to_the_centre(city, clock) -> None:
    ticket_id = replied(city)
    to_red(city, clock, ticket_id)
    sweep(city)
    (row,) = supervisions(city, ticket_id)
    assert (row.lead_unit, row.unit_id) == ("示范市12345热线中心", 1)


def test_a_work_order_not_dispatched_is_watched_by_its_total_limit(city, clock) -> None:
    ticket_id = open_ticket(city)
    to_yellow(city, clock, ticket_id)
    sweep(city)
    assert urgings(city, ticket_id)[0].unit_name == "示范市12345热线中心"


# --- the ladder


def test_the_ladder_is_climbed_rung_by_rung_and_the_level_only_rises(city, clock) -> None:
    """Default pack: 催办通知书 after one working day, 黄牌 after three, 红牌 after five."""
    ticket_id = signed(city)
    to_red(city, clock, ticket_id)
    seen = []
    for _ in range(9):
        sweep(city)
        sweep(city)
        seen.append(ticket_of(city, ticket_id).supervision)
        clock.go(days=1)
    assert seen == sorted(seen)
    assert seen[-1] == RED
    (letter,) = urgings(city, ticket_id, "ladder")
    assert letter.reason.startswith("催办通知书：")
    assert letter.copied_to == "分管负责人、督查组"
    rows = supervisions(city, ticket_id)
    assert [row.level for row in rows] == [NORMAL, YELLOW, RED]
    assert [row.copied_to for row in rows] == [
        "",
        "主要负责人、督查组",
        "主要负责人、督察局、纪委监委",
    ]
    assert [row.lifted_at is None for row in rows] == [False, False, True]
    assert rows[0].lift_reason == "升为黄牌督办"
    assert len({row.document_no for row in rows}) == 3


def test_a_keeper_that_stood_still_sends_only_the_gravest(city, clock) -> None:
    ticket_id = signed(city)
    clock.set(12, 30)
    sweep(city)
    sweep(city)
    (row,) = supervisions(city, ticket_id)
    assert (row.level, row.penalty) == (RED, 10)
    assert not urgings(city, ticket_id, "yellow")
    assert not urgings(city, ticket_id, "ladder")


def test_what_the_overseer_gave_by_hand_is_not_counted_twice(city, clock) -> None:
    ticket_id = signed(city)
    to_red(city, clock, ticket_id)
    by_hand = Entry(Move.SUPERVISE, {"level": YELLOW.value, "reason": "超期未办结"})
    move(city, ticket_id, Role.OVERSEER, by_hand)
    with city.writing.begin() as session:
        session.add(
            Supervision(
                ticket_id=ticket_id, level=YELLOW, reason="超期未办结", lead_unit="清河街道办事处",
                penalty=5, issued_at=clock.now, issued_by="郑督 0051",
            )
        )  # fmt: skip
    clock.go(days=5)
    sweep(city)
    by_system = [row for row in supervisions(city, ticket_id) if row.automatic]
    assert [(row.level, row.penalty) for row in by_system] == [(YELLOW, 0)]
    assert by_system[0].lift_reason == "已在黄牌督办中"
    assert len(moves(city, ticket_id, Move.SUPERVISE)) == 1
    assert ticket_of(city, ticket_id).supervision == YELLOW


# --- the unit's own clocks


def test_unsigned_and_unanswered_are_urged_once_each(city, clock) -> None:
    ticket_id = dispatched(city)
    (share,) = shares_of(city, ticket_id)
    clock.now = share.response_due + timedelta(minutes=1)
    for _ in range(3):
        sweep(city)
    assert len(urgings(city, ticket_id, "sign")) == 1
    assert len(urgings(city, ticket_id, "response")) == 1
    assert not urgings(city, ticket_id, "sign")[0].share_seq


def test_who_answers_in_time_is_not_urged(city, clock) -> None:
    ticket_id = signed(city, urgency=Urgency.URGENT)
    clock.go(hours=3)
    sweep(city)
    assert not urgings(city, ticket_id)


def test_who_passed_it_down_has_answered_when_the_one_below_has(city, clock) -> None:
    """Two levels down; and both are urged while nobody has answered."""
    heard, silent = signed_only(city), signed_only(city)
    for ticket_id in (heard, silent):
        pass_down(city, ticket_id, Role.STREET_DESK, STREET, COMMUNITY)
        move(city, ticket_id, Role.GRID_LEADER, Entry(Move.SIGN), COMMUNITY)
        pass_down(city, ticket_id, Role.GRID_LEADER, COMMUNITY, GRID)
        move(city, ticket_id, Role.GRID_WORKER, Entry(Move.SIGN), GRID)
    move(city, heard, Role.GRID_WORKER, Entry(Move.CONTACT, {"contacted": True}), GRID)
    clock.go(days=2)
    sweep(city)
    sweep(city)
    assert not urgings(city, heard, "response")
    assert [row.unit_name for row in urgings(city, silent, "response")] == [
        "清风社区第一网格", "清河街道办事处", "清风社区",
    ]  # fmt: skip


def signed_only(db) -> int:
    ticket_id = dispatched(db)
    move(db, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    return ticket_id


def pass_down(db, ticket_id: int, role: Role, own: int, to: int) -> None:
    seat = seat_for(db, role, own)
    with db.writing.begin() as session:
        ledger = Ledger(seat)
        inputs = {"unit": asdict(ledger.unit(session, to)), "opinion": "请核实办理"}
        ledger.move(session, ticket_id, Entry(Move.SUB_DISPATCH, inputs))


def test_a_level_that_neither_solves_nor_passes_on_is_put_on_its_superiors_list(
    city, clock
) -> None:
    """Default pack: a warning, which is no urging of the unit (field-facts X3)."""
    ticket_id = signed(city)
    (share,) = shares_of(city, ticket_id)
    clock.now = share.level_due + timedelta(minutes=1)
    sweep(city)
    sweep(city)
    (row,) = urgings(city, ticket_id, "level")
    assert (row.share_seq, row.copied_to, row.rung) == (1, "楼台区", 0)
    assert row.reason.startswith("预警：")
    assert ticket_of(city, ticket_id).urge_count == 0


def test_a_warning_is_a_line_in_the_log_where_the_rules_let_the_system_write_one(
    city, clock, monkeypatch
) -> None:
    rule = RULES[Move.NOTE]
    monkeypatch.setitem(RULES, Move.NOTE, replace(rule, roles=rule.roles | {Role.KEEPER}))
    ticket_id = signed(city)
    (share,) = shares_of(city, ticket_id)
    clock.now = share.level_due + timedelta(minutes=1)
    sweep(city)
    (row,) = urgings(city, ticket_id, "level")
    (said,) = moves(city, ticket_id, Move.NOTE)
    assert (said.note, said.inputs["light_key"]) == (row.reason, row.light_key)


# --- packs


def test_longting_has_two_lights(city, clock, pack) -> None:
    """黄灯催办、红灯督办; the red notice goes to 督察局 and is the first rung (field-facts K15)."""
    pack("longting-two-lights")
    ticket_id = signed(city)
    to_yellow(city, clock, ticket_id)
    sweep(city)
    assert len(urgings(city, ticket_id, "yellow")) == 1
    to_red(city, clock, ticket_id)
    sweep(city)
    sweep(city)
    (row,) = supervisions(city, ticket_id)
    assert (row.level, row.copied_to) == (NORMAL, "督察局")
    assert "红灯督办单" in moves(city, ticket_id, Move.SUPERVISE)[0].note
    clock.go(days=2)
    sweep(city)
    assert [row.level for row in supervisions(city, ticket_id)] == [NORMAL, YELLOW]


def test_xiangyang_warns_on_yellow_and_supervises_a_level_that_sleeps(city, clock, pack) -> None:
    pack("xiangyang-five-level")
    ticket_id = signed(city)
    to_yellow(city, clock, ticket_id)
    sweep(city)
    (row,) = urgings(city, ticket_id, "yellow")
    assert row.reason.startswith("预警：")
    assert (row.rung, ticket_of(city, ticket_id).urge_count) == (0, 0)
    (share,) = shares_of(city, ticket_id)
    clock.now = max(clock.now, share.level_due + timedelta(minutes=1))
    sweep(city)
    sweep(city)
    (line,) = urgings(city, ticket_id, "level")
    assert (line.share_seq, line.copied_to) == (1, "楼台区")
    (notice,) = [r for r in supervisions(city, ticket_id) if r.light_key == line.light_key]
    assert (notice.lead_unit, notice.copied_to) == ("清河街道办事处", "楼台区")
    assert notice.document_no.startswith("社管督〔2026〕")
    assert ticket_of(city, ticket_id).supervision == NORMAL


def test_haikou_urges_a_grid_that_has_not_answered_in_half_an_hour(city, clock, pack) -> None:
    pack("haikou-30min")
    ticket_id = dispatched(city, GRID)
    move(city, ticket_id, Role.GRID_WORKER, Entry(Move.SIGN), GRID)
    clock.go(minutes=29)
    sweep(city)
    assert not urgings(city, ticket_id)
    clock.go(minutes=2)
    sweep(city)
    sweep(city)
    (row,) = urgings(city, ticket_id)
    assert row.light_key.startswith("response")
    assert row.unit_name == "清风社区第一网格"
