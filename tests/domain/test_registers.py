"""Freshness, visit plans, staffing and the matrix as rules (field-facts 6.4, K5, X7, X11)."""

# ruff: noqa: E501 - cases as tables

from datetime import date, timedelta

import pytest

from console.domain.importing.kinds import KINDS as IMPORTED
from console.domain.registers.freshness import Freshness, FreshnessRules, FreshReport, checked
from console.domain.registers.kinds import (
    CLASS_DETAILS,
    CLASSES,
    FIXED,
    KINDS,
    Register,
    is_restricted,
)
from console.domain.registers.matrix import Occupancy, Room, lay_out
from console.domain.registers.matters import MATTER_GROUPS
from console.domain.registers.staffing import Post, count_posts, gaps_of
from console.domain.registers.visits import (
    Due,
    Rule,
    due_of,
    due_words,
    first_visit,
    next_visit,
    plan_for,
)

TODAY = date(2026, 11, 22)
FRESHNESS = FreshnessRules(90, 180)
RULES = (
    Rule("高龄独居老人", "高", 7, 24),
    Rule("残疾人", "一般", 90, 168),
    Rule("严重精神障碍", "高", 7, 24),
)


@pytest.mark.parametrize(
    ("days", "freshness"),
    [(0, Freshness.FRESH), (90, Freshness.FRESH), (91, Freshness.AGEING), (180, Freshness.AGEING), (181, Freshness.STALE)],
)  # fmt: skip
def test_a_row_ages_by_quarters(days: int, freshness: Freshness) -> None:
    assert checked(TODAY - timedelta(days=days), TODAY, FRESHNESS).freshness is freshness


def test_never_looked_at_and_a_day_ahead() -> None:
    assert checked(None, TODAY, FRESHNESS).words == "未核实"
    assert checked(TODAY + timedelta(days=3), TODAY, FRESHNESS).words == "今天核实"
    assert FreshReport((), 180).words == "—"


@pytest.mark.parametrize(
    ("group", "risk", "days", "hours"),
    [
        ("高龄", "high", 7, 24), ("独居老人", "high", 7, 24), ("独居老人", "normal", 90, 168), ("残疾", "normal", 90, 168),
        ("残疾", "medium", 90, 168), ("严重精神障碍", "high", 7, 24), ("上访", "medium", 30, 168), ("没有的类", "high", 7, 24),
    ],
)  # fmt: skip
def test_the_citys_rule_or_else_the_risk(group: str, risk: str, days: int, hours: int) -> None:
    plan = plan_for(RULES, group, risk)
    assert (plan.interval_days, plan.first_within_hours) == (days, hours)
    assert plan.basis


def test_the_next_visit_counts_from_the_visit_and_nobody_met_moves_nothing() -> None:
    plan = plan_for(RULES, "高龄", "high")
    assert first_visit(plan, TODAY) == TODAY + timedelta(days=1)
    assert next_visit(plan, TODAY, True, None) == TODAY + timedelta(days=7)
    assert next_visit(plan, TODAY, False, TODAY - timedelta(days=2)) == TODAY - timedelta(days=2)
    assert next_visit(plan, TODAY, False, TODAY + timedelta(days=9)) == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("ahead", "due", "words"),
    [(None, Due.OVERDUE, "从未安排"), (-1, Due.OVERDUE, "逾期1天"), (0, Due.SOON, "今天"), (7, Due.SOON, "还有7天"),
     (8, Due.AHEAD, "还有8天"), (30, Due.AHEAD, "还有30天"), (31, Due.LATER, "还有31天")],
)  # fmt: skip
def test_when_a_visit_is_due(ahead: int | None, due: Due, words: str) -> None:
    day = None if ahead is None else TODAY + timedelta(days=ahead)
    assert (due_of(day, TODAY), due_words(day, TODAY)) == (due, words)


@pytest.mark.parametrize(
    ("counts", "special", "gaps"),
    [
        ((1, 1, 1, 6), False, ()), ((0, 1, 1, 6), False, ("缺网格长",)), ((2, 2, 1, 1), False, ("网格长多1人", "指导员多1人")),
        ((1, 0, 1, 2), True, ()), ((1, 0, 0, 0), False, ("缺指导员", "缺全科网格员", "缺兼职网格员")),
    ],
)  # fmt: skip
def test_one_one_one_and_n(counts, special: bool, gaps: tuple[str, ...]) -> None:
    assert gaps_of(counts, special) == gaps


def test_who_left_serves_no_grid() -> None:
    posts = (
        Post(1, "网格长", "甲"),
        Post(1, "网格长", "乙", serving=False),
        Post(1, "全科网格员", "丙"),
    )
    assert count_posts(posts) == {1: (1, 0, 1, 0)}


def test_a_matrix_has_every_floor_and_unit_and_rooms_in_order() -> None:
    rooms = [
        Room(1, 2, 3, "302", "出租"),
        Room(2, 2, 3, "301", "空置", people=1),
        Room(3, 1, -1, "B1", "仓储"),
    ]
    matrix = lay_out(9, "示范楼", rooms, units=2, floors=3)
    assert (matrix.units, matrix.floors) == ((1, 2), (3, 2, 1, -1))
    assert [room.room for room in matrix.cells[0][1]] == ["301", "302"]
    assert matrix.cells[1] == ((), ())
    assert [room.occupancy for room in matrix.rooms] == [
        Occupancy.OWNER,
        Occupancy.RENTED,
        Occupancy.BUSINESS,
    ]


def test_unknown_classes_are_kept_as_the_closest() -> None:
    assert is_restricted("艾滋")
    assert is_restricted("没有的类")
    assert not is_restricted("独居老人")
    assert set(CLASS_DETAILS) <= set(CLASSES)


def test_forms_have_the_fields_of_the_import_and_the_list_about_a_hundred_matters() -> None:
    typed, brought = KINDS[Register.PERSONS].fields, IMPORTED["persons"].fields
    assert [field.name for field in typed] == [field.name for field in brought]
    for register, names in FIXED.items():
        assert names <= {field.name for field in KINDS[register].fields}
    assert 95 <= len(MATTER_GROUPS) <= 110
