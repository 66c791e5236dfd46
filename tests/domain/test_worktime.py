"""Working time: the shipped calendar, counting days and hours, years without notice (field-facts 4.2)."""

from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.worktime import (
    CIVIL,
    OFFICE_HOURS,
    KnownDays,
    Limit,
    MonthDay,
    Period,
    Season,
    TimeUnit,
    WorkCalendar,
    china_days,
    civil,
    civil_date,
    load_days,
    moment_words,
)

SUMMER = Season(
    "夏季",
    MonthDay(6, 1),
    MonthDay(9, 30),
    (Period(time(8, 30), time(12)), Period(time(15), time(18))),
)
WINTER = Season("冬季", MonthDay(10, 1), MonthDay(5, 31), OFFICE_HOURS[0].periods)
CALENDAR = WorkCalendar(china_days(), (SUMMER, WINTER))
STRICT = WorkCalendar(china_days(), (SUMMER, WINTER), late_receipt_moves=True)
FIRST = datetime(2013, 1, 10, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=5000)).map(lambda after: FIRST + after)
AMOUNTS = st.timedeltas(timedelta(), timedelta(hours=120))


def at(text: str) -> datetime:
    """A moment given in civil time."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL).astimezone(UTC)


def every_day(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=step) for step in range((date(last + 1, 1, 1) - start).days)]


def test_the_shipped_calendar_agrees_with_the_holidays_package_on_every_day() -> None:
    china = holidays.country_holidays("CN", years=range(2013, 2027))
    days = every_day(2013, 2026)
    wrong = [day for day in days if CALENDAR.is_workday(day) != china.is_working_day(day)]
    assert len(days) == 5113
    assert wrong == []


# From the State Council's notices themselves, not from the package.
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2017-01-22", True),  # Sunday before Spring Festival
        ("2018-12-29", True),  # Saturday, for 2018-12-31
        ("2018-12-31", False),
        ("2019-05-05", True),
        ("2019-05-02", False),  # the four-day May holiday announced late
        ("2020-01-31", False),  # Spring Festival prolonged because of the epidemic
        ("2020-06-28", True),
        ("2021-09-18", True),
        ("2022-10-08", True),
        ("2023-06-25", True),
        ("2024-02-09", True),  # New Year's Eve 2024 was not a holiday
        ("2024-02-18", True),
        ("2025-01-26", True),
        ("2025-10-08", False),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-10-07", False),
    ],
)
def test_known_days(day: str, worked: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is worked


def test_days_are_named() -> None:
    assert CALENDAR.day_name(date(2026, 10, 1)) == "国庆节放假"
    assert CALENDAR.day_name(date(2026, 10, 10)) == "调休上班"
    assert CALENDAR.day_name(date(2026, 10, 11)) == "休息"
    assert CALENDAR.day_name(date(2026, 10, 12)) == ""


@pytest.mark.parametrize("count", [1, 3, 5, 10, 15])
def test_working_days_from_every_day_of_ten_years_agree_with_counting(count: int) -> None:
    worked = [day for day in every_day(2017, 2027) if CALENDAR.is_workday(day)]
    position = 0
    for day in every_day(2017, 2026):
        while worked[position] <= day:
            position += 1
        due = CALENDAR.add_workdays(datetime.combine(day, time(10), CIVIL), count)
        assert civil_date(due) == worked[position + count - 1]
        assert due == CALENDAR.closing(civil_date(due))


def test_a_receipt_after_hours_counts_from_the_next_working_day() -> None:
    friday_evening = at("2026-11-20T17:45")
    assert CALENDAR.add_workdays(friday_evening, 3) == at("2026-11-25T17:30")
    assert STRICT.add_workdays(friday_evening, 3) == at("2026-11-26T17:30")
    assert STRICT.add_workdays(at("2026-11-20T17:30"), 3) == at("2026-11-25T17:30")


def test_the_same_day_ends_at_closing_time_or_on_the_next_working_day() -> None:
    assert CALENDAR.add_workdays(at("2026-11-20T09:00"), 0) == at("2026-11-20T17:30")
    assert CALENDAR.add_workdays(at("2026-11-20T18:00"), 0) == at("2026-11-23T17:30")
    assert CALENDAR.add_workdays(at("2026-11-21T09:00"), 0) == at("2026-11-23T17:30")
    assert STRICT.add_workdays(at("2026-11-20T18:00"), 0) == at("2026-11-23T17:30")


def test_seasons_change_closing_time_and_pass_the_new_year() -> None:
    assert civil(CALENDAR.closing(date(2026, 9, 30))).time() == time(18)
    assert civil(CALENDAR.closing(date(2026, 10, 8))).time() == time(17, 30)
    assert civil(CALENDAR.closing(date(2026, 1, 5))).time() == time(17, 30)
    assert CALENDAR.day_length(date(2026, 1, 5)) == timedelta(hours=6, minutes=30)
    assert CALENDAR.day_length(date(2026, 1, 3)) == timedelta()


def test_closing_of_a_day_off_is_refused() -> None:
    with pytest.raises(ValueError, match="not a working day"):
        CALENDAR.closing(date(2026, 10, 1))


def test_working_hours_skip_lunch_nights_and_holidays() -> None:
    assert CALENDAR.add_worktime(at("2026-11-20T11:00"), timedelta(hours=2)) == at(
        "2026-11-20T15:30"
    )
    assert CALENDAR.add_worktime(at("2026-09-30T17:00"), timedelta(hours=2)) == at(
        "2026-10-08T09:30"
    )
    assert CALENDAR.add_worktime(at("2026-11-21T10:00"), timedelta()) == at("2026-11-23T08:30")


@given(MOMENTS, AMOUNTS)
def test_worktime_added_is_worktime_between(start: datetime, amount: timedelta) -> None:
    end = CALENDAR.add_worktime(start, amount)
    assert CALENDAR.worktime_between(start, end) == amount
    assert CALENDAR.worktime_between(end, start) == -amount
    assert any(opens <= end <= closes for opens, closes in CALENDAR.spans(civil_date(end)))


@given(MOMENTS, AMOUNTS)
def test_worktime_subtracted_leaves_that_much(end: datetime, amount: timedelta) -> None:
    start = CALENDAR.subtract_worktime(end, amount)
    assert CALENDAR.worktime_between(start, end) == amount
    just_before = start - timedelta(microseconds=1)
    assert CALENDAR.worktime_between(just_before, end) > amount


@given(MOMENTS, MOMENTS, MOMENTS)
def test_worktime_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    whole = CALENDAR.worktime_between(a, c)
    assert whole == CALENDAR.worktime_between(a, b) + CALENDAR.worktime_between(b, c)
    days = CALENDAR.workdays_between(a, b) + CALENDAR.workdays_between(b, c)
    assert CALENDAR.workdays_between(a, c) == days == -CALENDAR.workdays_between(c, a)


@given(MOMENTS, MOMENTS, st.integers(0, 30), st.booleans())
def test_a_later_receipt_is_never_due_earlier(
    a: datetime, b: datetime, count: int, strict: bool
) -> None:
    calendar = STRICT if strict else CALENDAR
    a, b = sorted((a, b))
    assert calendar.add_workdays(a, count) <= calendar.add_workdays(b, count)
    assert calendar.add_workdays(a, count + 1) < calendar.add_workdays(a, count + 2)
    assert CALENDAR.add_workdays(a, count) <= STRICT.add_workdays(a, count)


@given(MOMENTS, st.integers(1, 30))
def test_workdays_added_are_workdays_between(start: datetime, count: int) -> None:
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, count)) == count


def test_a_year_without_notice_warns() -> None:
    assert CALENDAR.warning(date(2026, 12, 31)) == ""
    assert "没有2027年的放假安排数据" in CALENDAR.warning(date(2027, 1, 1))
    assert CALENDAR.is_workday(date(2027, 1, 1))


def test_an_entered_year_replaces_what_was_there_and_stops_the_warning() -> None:
    days = china_days().with_year(2027, {date(2027, 1, 1): "元旦"}, frozenset({date(2027, 1, 3)}))
    calendar = WorkCalendar(days)
    assert calendar.warning(date(2027, 6, 1)) == ""
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 3))
    again = WorkCalendar(days.with_year(2027, {}, frozenset()))
    assert again.is_workday(date(2027, 1, 1))
    assert not again.is_workday(date(2026, 10, 1))


def test_days_load_from_text_and_bytes() -> None:
    text = '[years.2030]\nmakeup = [2030-01-05]\noff."元旦" = [2030-01-01]\n'
    expected = KnownDays(
        frozenset({2030}), {date(2030, 1, 1): "元旦"}, frozenset({date(2030, 1, 5)})
    )
    assert load_days(text) == expected
    assert load_days(text.encode()) == expected


@pytest.mark.parametrize("text", ["15分钟", "2小时", "4工作时", "3工作日", "7天", "当日"])
def test_limits_read_and_write_the_same(text: str) -> None:
    assert str(Limit.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "abc", "0天", "3 工作日", "-1天", "3", "工作日", "1.5小时", "３天"]
)
def test_other_limits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        Limit.parse(text)


def test_a_limit_knows_its_clock() -> None:
    assert Limit(3, TimeUnit.WORKDAYS).working
    assert Limit(4, TimeUnit.WORKHOURS).working
    assert not Limit(7, TimeUnit.DAYS).working
    assert Limit(7, TimeUnit.DAYS).length == timedelta(days=7)
    with pytest.raises(ValueError, match="3工作日"):
        _ = Limit(3, TimeUnit.WORKDAYS).length


@pytest.mark.parametrize("text", ["12:00-08:30", "8:30-12:00", "08:30", "25:00-26:00"])
def test_wrong_periods_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Period.parse(text)


def test_negative_worktime_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_worktime(at("2026-11-20T11:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.subtract_worktime(at("2026-11-20T11:00"), timedelta(seconds=-1))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        civil(datetime(2026, 1, 1))  # noqa: DTZ001


def test_moments_are_shown_in_civil_time() -> None:
    assert moment_words(datetime(2026, 11, 22, 16, 5, tzinfo=UTC)) == "11月23日（周一）00:05"
