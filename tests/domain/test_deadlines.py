"""Due times and their arithmetic in words (field-facts 4.2)."""

import time as clock
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.deadlines import (
    callback_due,
    due_time,
    explain,
    extend,
    length_words,
    plan,
    redo_due,
    redo_limit,
    shift_for_suspension,
    three_clocks,
)
from console.domain.policy import default_pack
from console.domain.policy_tables import Limits
from console.domain.states import Nature, Urgency
from console.domain.worktime import CIVIL, Limit, civil_date

PACK = default_pack()
CALENDAR = PACK.calendar()
FIRST = datetime(2014, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=4600)).map(lambda after: FIRST + after)
LIMIT_TEXTS = [
    "15分钟",
    "30分钟",
    "2小时",
    "24小时",
    "4工作时",
    "当日",
    "1工作日",
    "5工作日",
    "15工作日",
    "7天",
]
LIMITS = st.sampled_from([Limit.parse(text) for text in LIMIT_TEXTS])
PLANS = st.builds(Limits, LIMITS, LIMITS, LIMITS, LIMITS)


def at(text: str) -> datetime:
    """A moment given in civil time."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL).astimezone(UTC)


def limit(text: str) -> Limit:
    return Limit.parse(text)


FRIDAY = at("2026-11-20T10:00")


@given(MOMENTS, PLANS)
def test_nothing_is_due_before_it_starts_or_after_finishing(
    start: datetime, limits: Limits
) -> None:
    made = plan(limits, CALENDAR, start)
    assert start <= made.sign_due <= made.finish_due
    assert start <= made.response_due <= made.finish_due
    assert made.total_due == made.finish_due


@given(MOMENTS, PLANS, MOMENTS)
def test_a_child_is_never_due_after_its_parent(
    start: datetime, limits: Limits, parent: datetime
) -> None:
    made = plan(limits, CALENDAR, start, parent)
    assert max(made.sign_due, made.response_due, made.finish_due) <= parent
    assert made.finish_due == min(parent, plan(limits, CALENDAR, start).finish_due)


@given(MOMENTS, MOMENTS, LIMITS)
def test_a_later_start_is_never_due_earlier(a: datetime, b: datetime, one: Limit) -> None:
    a, b = sorted((a, b))
    assert due_time(one, CALENDAR, a) <= due_time(one, CALENDAR, b)


@given(MOMENTS, LIMITS.filter(lambda one: one.working))
def test_a_working_limit_is_due_within_office_hours(start: datetime, one: Limit) -> None:
    due = due_time(one, CALENDAR, start)
    assert any(opens <= due <= closes for opens, closes in CALENDAR.spans(civil_date(due)))


def test_calendar_limits_run_through_holidays() -> None:
    eve = at("2026-09-30T20:00")
    assert due_time(limit("24小时"), CALENDAR, eve) == at("2026-10-01T20:00")
    assert due_time(limit("7天"), CALENDAR, eve) == at("2026-10-07T20:00")
    assert due_time(limit("1工作日"), CALENDAR, eve) == at("2026-10-08T17:30")


def test_the_arithmetic_of_working_days_is_told_day_by_day() -> None:
    assert explain(limit("3工作日"), CALENDAR, at("2026-11-20T17:45")) == (
        "办结时限：3工作日",
        "2026-11-20（周五）17:45 派单，已下班，从下一工作日起算",
        "跳过 11月21日（周六，休息）",
        "跳过 11月22日（周日，休息）",
        "第1个工作日：11月23日（周一）",
        "第2个工作日：11月24日（周二）",
        "第3个工作日：11月25日（周三）",
        "应于 11月25日（周三）17:30 前办结",
    )


def test_holidays_and_makeup_days_are_named() -> None:
    lines = explain(limit("3工作日"), CALENDAR, at("2026-09-30T09:00"))
    assert "2026-09-30（周三）09:00 派单，当日不计，从次日起算" in lines
    assert "跳过 10月1日（周四，国庆节放假）" in lines
    assert "第3个工作日：10月10日（周六，调休上班）" in lines
    assert lines[-1] == "应于 10月10日（周六）17:30 前办结"


def test_the_arithmetic_of_working_hours_is_told_stretch_by_stretch() -> None:
    lines = explain(limit("4工作时"), CALENDAR, at("2026-11-20T11:00"))
    assert lines[2] == "11月20日（周五）11:00至12:00，计 1小时，还余 3小时"
    assert lines[3] == "11月20日（周五）14:30至17:30，计 3小时，还余 0分"
    assert lines[-1] == "应于 11月20日（周五）17:30 前办结"


def test_the_arithmetic_of_calendar_time_says_it_never_stops() -> None:
    lines = explain(limit("2小时"), CALENDAR, at("2026-11-21T23:00"))
    assert lines[1] == "2026-11-21（周六）23:00 派单，按自然时间计，不分昼夜和节假日"
    assert lines[2] == "11月21日（周六）23:00 加 2小时，为 11月22日（周日）01:00"


def test_the_same_day_and_a_day_off_are_told() -> None:
    assert "当日下班前" in explain(limit("当日"), CALENDAR, FRIDAY)[1]
    assert (
        "非工作日，从下一工作日起算" in explain(limit("当日"), CALENDAR, at("2026-11-21T10:00"))[1]
    )


def test_a_strict_city_says_which_day_counts_as_receipt() -> None:
    strict = type(CALENDAR)(CALENDAR.days, CALENDAR.seasons, late_receipt_moves=True)
    lines = explain(limit("1工作日"), strict, at("2026-11-20T18:00"))
    assert "2026-11-20（周五）18:00 派单，已下班，视为 11月23日（周一）收到，该日不计" in lines
    assert lines[-1] == "应于 11月24日（周二）17:30 前办结"
    assert not any("跳过 11月23日" in line for line in lines)


def test_a_parent_limit_is_told() -> None:
    lines = explain(limit("5工作日"), CALENDAR, FRIDAY, at("2026-11-24T17:30"))
    assert lines[-2] == "本级时限不得晚于上级，以上级时限为准"
    assert lines[-1] == "应于 11月24日（周二）17:30 前办结"


@given(MOMENTS, PLANS, st.none() | MOMENTS)
def test_every_plan_explains_its_own_due_time(
    start: datetime, limits: Limits, parent: datetime | None
) -> None:
    made = plan(limits, CALENDAR, start, parent)
    lines = explain(limits.finish, CALENDAR, start, parent)
    assert made.explanation[: len(lines)] == lines
    days = [line for line in lines if line.startswith("第")]
    assert len(days) == (limits.finish.amount if str(limits.finish).endswith("工作日") else 0)


def test_a_redispatch_keeps_the_total_and_says_so() -> None:
    limits = PACK.limits(Urgency.NORMAL, Nature.HELP)
    first = plan(limits, CALENDAR, FRIDAY)
    again = plan(limits, CALENDAR, at("2026-11-23T10:00"), total_due=first.total_due)
    assert again.total_due == first.finish_due < again.finish_due
    assert (
        "改派重新起算承办时限；对诉求人的总时限不变，为 11月25日（周三）17:30" in again.explanation
    )


def test_a_year_without_notice_is_flagged() -> None:
    limits = PACK.limits(Urgency.NORMAL, Nature.COMPLAINT)
    made = plan(limits, CALENDAR, at("2026-12-30T10:00"))
    assert made.finish_due == at("2027-01-06T17:30")
    assert len(made.warnings) == 1
    assert made.explanation[-1] == made.warnings[0]
    assert plan(limits, CALENDAR, FRIDAY).warnings == ()


@given(MOMENTS, st.integers(0, 15))
def test_an_extension_adds_working_days(start: datetime, days: int) -> None:
    due = CALENDAR.add_workdays(start, 3)
    longer = extend(due, days, CALENDAR)
    assert longer == CALENDAR.add_workdays(start, 3 + days)
    assert extend(due, days, CALENDAR, due) == due


def test_an_extension_of_a_due_time_in_the_night_is_not_a_late_receipt() -> None:
    strict = type(CALENDAR)(CALENDAR.days, CALENDAR.seasons, late_receipt_moves=True)
    assert extend(at("2026-11-20T22:00"), 1, strict) == at("2026-11-23T17:30")
    assert extend(at("2026-11-20T22:00"), 0, strict) == at("2026-11-20T22:00")


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=20)), LIMITS)
def test_a_suspension_leaves_what_was_left(start: datetime, pause: timedelta, one: Limit) -> None:
    due = due_time(one, CALENDAR, start)
    resumed = start + pause
    later = shift_for_suspension(due, start, resumed, CALENDAR, one.working)
    assert later >= due
    if one.working:
        left = CALENDAR.worktime_between(start, due)
        assert CALENDAR.worktime_between(resumed, later) == left or later == due
    else:
        assert later - resumed == due - start


def test_a_suspension_overnight_or_after_the_due_time_moves_nothing() -> None:
    due = at("2026-11-25T17:30")
    night, morning = at("2026-11-20T18:00"), at("2026-11-23T08:00")
    assert shift_for_suspension(due, night, morning, CALENDAR, True) == due
    late = at("2026-11-26T09:00")
    assert shift_for_suspension(due, late, late + timedelta(days=3), CALENDAR, True) == due
    assert shift_for_suspension(due, morning, morning, CALENDAR, False) == due


def test_a_suspension_of_one_working_day_moves_the_due_time_by_one() -> None:
    due = at("2026-11-25T17:30")
    moved = shift_for_suspension(
        due, at("2026-11-23T08:30"), at("2026-11-24T08:30"), CALENDAR, True
    )
    assert moved == at("2026-11-26T17:30")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("5工作日", "3工作日"),
        ("1工作日", "1工作日"),
        ("15工作日", "8工作日"),
        ("2小时", "1小时"),
        ("当日", "1工作日"),
    ],
)
def test_a_redo_gets_half_but_a_working_day_at_least(first: str, second: str) -> None:
    assert str(redo_limit(limit(first))) == second


def test_redo_and_callback_are_due_by_their_own_limits() -> None:
    limits = PACK.limits(Urgency.NORMAL, Nature.COMPLAINT)
    assert redo_due(limits, CALENDAR, FRIDAY) == at("2026-11-25T17:30")
    assert redo_due(limits, CALENDAR, FRIDAY, percent=20) == at("2026-11-23T17:30")
    assert callback_due(limits, CALENDAR, FRIDAY) == at("2026-11-21T10:00")


def test_three_clocks_measure_response_unit_and_total() -> None:
    clocks = three_clocks(
        CALENDAR,
        at("2026-11-27T10:00"),
        accepted_at=at("2026-11-19T09:30"),
        dispatched_at=FRIDAY,
        responded_at=at("2026-11-20T10:16"),
        replied_at=at("2026-11-25T10:00"),
        suspensions=[(at("2026-11-23T10:00"), at("2026-11-24T10:00"))],
    )
    assert clocks.response is not None
    assert clocks.response.elapsed == timedelta(minutes=16)
    assert clocks.unit is not None
    assert clocks.unit.workdays == 2
    assert clocks.unit.worktime == timedelta(hours=13)
    assert clocks.unit.elapsed == timedelta(days=4)
    assert clocks.total is not None
    assert clocks.total.running
    assert clocks.total.workdays == 6


def test_clocks_that_have_not_started_are_none() -> None:
    clocks = three_clocks(CALENDAR, FRIDAY, accepted_at=None, dispatched_at=None)
    assert (clocks.response, clocks.unit, clocks.total) == (None, None, None)


def test_lengths_in_words() -> None:
    assert length_words(timedelta(minutes=90)) == "1小时30分"
    assert length_words(timedelta(hours=2)) == "2小时"
    assert length_words(timedelta(seconds=59)) == "0分"


def test_planning_is_fast() -> None:
    limits = PACK.limits(Urgency.NORMAL, Nature.COMPLAINT)
    plan(limits, CALENDAR, FRIDAY)
    begun = clock.perf_counter()
    for _ in range(1000):
        plan(limits, CALENDAR, FRIDAY)
    # 7 µs when measured; the bar leaves room for a busy machine.
    assert clock.perf_counter() - begun < 0.2
