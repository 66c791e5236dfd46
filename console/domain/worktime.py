"""Two clocks: calendar time, and working time with holidays and make-up working days (field-facts 4.2).

Every datetime that enters or leaves is aware UTC; days and hours of the day are civil time in China.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

# A fixed offset, not zoneinfo: Windows has no zone database, and China has had one zone without
# summer time since 1991-09-15, which is before any work order.
CIVIL = timezone(timedelta(hours=8), "Asia/Shanghai")
CALENDAR_FILE = Path(__file__).resolve().parents[2] / "resources" / "calendar" / "china.toml"
WEEKDAYS = "一二三四五六日"
ONE_DAY = timedelta(days=1)


class TimeUnit(StrEnum):
    """What a limit is counted in; the value is how packs and people write it."""

    MINUTES = "分钟"
    HOURS = "小时"
    WORKHOURS = "工作时"
    WORKDAYS = "工作日"
    DAYS = "天"


_LENGTHS = {
    TimeUnit.MINUTES: timedelta(minutes=1),
    TimeUnit.HOURS: timedelta(hours=1),
    TimeUnit.WORKHOURS: timedelta(hours=1),
    TimeUnit.DAYS: ONE_DAY,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time in one of the two clocks; `当日` is the end of the day of receipt, 0 working days."""

    amount: int
    unit: TimeUnit

    EXPECTED: ClassVar[str] = "“3工作日”这样的时限（分钟、小时、工作时、工作日、天，或“当日”）"

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `15分钟`, `2小时`, `4工作时`, `3工作日`, `7天` or `当日`; ValueError for anything else."""
        if text == "当日":
            return cls(0, TimeUnit.WORKDAYS)
        found = re.fullmatch(r"([1-9][0-9]{0,3})(分钟|小时|工作时|工作日|天)", text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]), TimeUnit(found[2]))

    @property
    def working(self) -> bool:
        """Whether the working clock measures it; the calendar clock runs day and night (field-facts 4.2 rule 1)."""
        return self.unit in (TimeUnit.WORKHOURS, TimeUnit.WORKDAYS)

    @property
    def length(self) -> timedelta:
        """The time it stands for; ValueError for working days, whose length depends on the calendar."""
        if self.unit is TimeUnit.WORKDAYS:
            raise ValueError(str(self))
        return self.amount * _LENGTHS[self.unit]

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}" if self.amount else "当日"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of any year, `06-01`."""

    month: int
    day: int

    EXPECTED: ClassVar[str] = "“06-01”这样的月日"

    @classmethod
    def parse(cls, text: str) -> "MonthDay":
        """Read `MM-DD`; ValueError for anything else."""
        if re.fullmatch(r"\d\d-\d\d", text) is None:
            raise ValueError(text)
        day = date.fromisoformat(f"2024-{text}")
        return cls(day.month, day.day)


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of office hours, `08:30-12:00`."""

    opens: time
    closes: time

    EXPECTED: ClassVar[str] = "“08:30-12:00”这样的时段"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `HH:MM-HH:MM`; ValueError for anything else or if it does not go forward."""
        found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
        if found is None:
            raise ValueError(text)
        period = cls(time.fromisoformat(found[1]), time.fromisoformat(found[2]))
        if period.opens >= period.closes:
            raise ValueError(text)
        return period


@dataclass(frozen=True, slots=True)
class Season:
    """Office hours from one day of the year to another, both included; may pass the new year."""

    name: str
    first: MonthDay
    last: MonthDay
    periods: tuple[Period, ...]

    def holds(self, day: date) -> bool:
        """Whether these hours are kept on that day of the year."""
        first, last = (self.first.month, self.first.day), (self.last.month, self.last.day)
        inside, on = first <= last, (day.month, day.day)
        return first <= on <= last if inside else on >= first or on <= last


# field-facts 4.2 rule 2 (g); packs bring their own.
OFFICE_HOURS = (
    Season(
        "全年",
        MonthDay(1, 1),
        MonthDay(12, 31),
        (Period(time(8, 30), time(12)), Period(time(14, 30), time(17, 30))),
    ),
)


@dataclass(frozen=True, slots=True)
class KnownDays:
    """What the State Council notices say: weekdays off with the holiday's name, and weekend days worked.

    `years` are the years for which there is a notice; a day of any other year is a guess.
    """

    years: frozenset[int] = frozenset()
    off: Mapping[date, str] = field(default_factory=dict)
    makeup: frozenset[date] = frozenset()

    def with_year(self, year: int, off: Mapping[date, str], makeup: frozenset[date]) -> "KnownDays":
        """The same days with one year put in or replaced, as an administrator enters a new notice."""
        kept = {day: name for day, name in self.off.items() if day.year != year}
        worked = frozenset(day for day in self.makeup if day.year != year)
        return KnownDays(self.years | {year}, {**kept, **off}, worked | makeup)


def load_days(source: Path | str | bytes = CALENDAR_FILE) -> KnownDays:
    """Holidays and make-up working days from a calendar file, its text or its bytes.

    The form is `[years.2026]`, `makeup = [dates]` and `off."春节" = [dates]` (tools/make_calendar.py writes it).
    """
    raw = source.read_bytes() if isinstance(source, Path) else source
    text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    years = tomllib.loads(text)["years"]
    off = {day: name for one in years.values() for name, days in one["off"].items() for day in days}
    makeup = frozenset(day for one in years.values() for day in one["makeup"])
    return KnownDays(frozenset(int(year) for year in years), off, makeup)


@cache
def china_days() -> KnownDays:
    """The days shipped with the console, read once."""
    return load_days()


def civil(moment: datetime) -> datetime:
    """The same moment on the wall clock; ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone")
    return moment.astimezone(CIVIL)


def civil_date(moment: datetime) -> date:
    """The day it is in China at that moment."""
    return civil(moment).date()


def day_words(day: date) -> str:
    """`11月23日（周一）`."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def moment_words(moment: datetime) -> str:
    """`11月23日（周一）17:30`."""
    local = civil(moment)
    return f"{day_words(local.date())}{local:%H:%M}"


Spans = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class WorkCalendar:
    """When the city's offices work.

    `late_receipt_moves`: a work order received after hours counts as received on the next working
    day, which is then not counted either; otherwise the next working day is the first one counted.
    """

    days: KnownDays
    seasons: tuple[Season, ...] = OFFICE_HOURS
    late_receipt_moves: bool = False
    _spans: dict[date, Spans] = field(default_factory=dict, repr=False, compare=False)

    def is_workday(self, day: date) -> bool:
        """Whether offices work that day; in a year without notice simply Monday to Friday (see `warning`)."""
        return day not in self.days.off if day.weekday() < 5 else day in self.days.makeup

    def warning(self, day: date) -> str:
        """A sentence when the day's year has no State Council notice here, else empty (field-facts 4.2 rule 2)."""
        if day.year in self.days.years:
            return ""
        return (
            f"没有{day.year}年的放假安排数据，该年工作日只按周一至周五推算，未计节假日和调休，时限可能不准；"
            "请管理员在“管理—日历”中录入国务院通知。"
        )

    def day_name(self, day: date) -> str:
        """Why the day is not worked, or that a weekend day is: `春节放假`, `休息`, `调休上班`, or empty."""
        if day.weekday() < 5:
            name = self.days.off.get(day, "")
            return f"{name}放假" if name else ""
        return "调休上班" if day in self.days.makeup else "休息"

    def spans(self, day: date) -> Spans:
        """The day's office hours as UTC moments, in order; empty when it is not worked."""
        found = self._spans.get(day)
        if found is None:
            found = self._spans[day] = self._make_spans(day)
        return found

    def _make_spans(self, day: date) -> Spans:
        if not self.is_workday(day):
            return ()
        season = next(season for season in self.seasons if season.holds(day))
        return tuple(
            (_utc(day, period.opens), _utc(day, period.closes)) for period in season.periods
        )

    def day_length(self, day: date) -> timedelta:
        """Working time in that day."""
        return sum((closes - opens for opens, closes in self.spans(day)), timedelta())

    def closing(self, day: date) -> datetime:
        """The end of a working day; ValueError when it is not worked."""
        spans = self.spans(day)
        if not spans:
            raise ValueError(f"{day} is not a working day")
        return spans[-1][1]

    def after_hours(self, moment: datetime) -> bool:
        """Whether that day's work is over, or there was none."""
        spans = self.spans(civil_date(moment))
        return not spans or moment > spans[-1][1]

    def next_workday(self, day: date) -> date:
        """The first working day after the given one."""
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def receipt_day(self, start: datetime) -> date:
        """The day that is not counted: the day of receipt (field-facts 4.2 rule 3)."""
        day = civil_date(start)
        moved = self.late_receipt_moves and self.after_hours(start)
        return self.next_workday(day) if moved else day

    def counted_days(self, start: datetime, count: int) -> tuple[date, ...]:
        """The working days that count towards a limit received at `start`; for 0 the working day of receipt."""
        day = self.receipt_day(start)
        if count == 0:
            over = self.after_hours(start) and day == civil_date(start)
            return (self.next_workday(day) if over else day,)
        counted = []
        for _ in range(count):
            day = self.next_workday(day)
            counted.append(day)
        return tuple(counted)

    def add_workdays(self, start: datetime, count: int) -> datetime:
        """The end of working time on the `count`-th working day after receipt (field-facts 4.2 rule 3)."""
        return self.closing(self.counted_days(start, count)[-1])

    def add_worktime(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment by which `amount` of working time has passed since `start`."""
        if amount < timedelta():
            raise ValueError("working time cannot be negative")
        for opens, closes in self._forward(start):
            begin = max(opens, start)
            if amount <= closes - begin:
                return begin + amount
            amount -= closes - begin
        raise OverflowError(start)

    def subtract_worktime(self, end: datetime, amount: timedelta) -> datetime:
        """The first moment from which no more than `amount` of working time is left until `end`."""
        if amount < timedelta():
            raise ValueError("working time cannot be negative")
        for opens, closes in self._backward(end):
            finish = min(closes, end)
            if amount < finish - opens:
                return finish - amount
            amount -= finish - opens
        raise OverflowError(end)

    def worktime_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` is the earlier."""
        if end < start:
            return -self.worktime_between(end, start)
        total = timedelta()
        for opens, closes in self._forward(start):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def workdays_between(self, start: datetime, end: datetime) -> int:
        """Working days from `start` to `end`, the first day not counted, the last counted; negative backwards."""
        first, last = civil_date(start), civil_date(end)
        if last < first:
            return -self.workdays_between(end, start)
        days = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
        return sum(map(self.is_workday, days))

    def _forward(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = civil_date(start)
        while True:
            for span in self.spans(day):
                if span[1] > start:
                    yield span
            day += ONE_DAY

    def _backward(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = civil_date(end)
        while True:
            for span in reversed(self.spans(day)):
                if span[0] < end:
                    yield span
            day -= ONE_DAY


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CIVIL).astimezone(UTC)
