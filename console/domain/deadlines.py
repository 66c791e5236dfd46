"""When a work order is due, and the arithmetic that says so line by line (field-facts 4.2, product.md Decided 4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from console.domain.policy_tables import Limits
from console.domain.worktime import (
    ONE_DAY,
    WEEKDAYS,
    Limit,
    TimeUnit,
    WorkCalendar,
    civil,
    civil_date,
    day_words,
    moment_words,
)

ONE_WORKDAY = Limit(1, TimeUnit.WORKDAYS)
Explanation = tuple[str, ...]
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Deadlines:
    """The due times of one dispatch. `total_due` is the citizen-facing one, which a redispatch keeps."""

    start: datetime
    sign_due: datetime
    response_due: datetime
    finish_due: datetime
    total_due: datetime
    limits: Limits
    parent_due: datetime | None
    calendar: WorkCalendar = field(repr=False, compare=False)

    @cached_property
    def explanation(self) -> Explanation:
        """The arithmetic in Chinese, step by step; made only when somebody asks."""
        return tuple(_plan_lines(self))

    @cached_property
    def warnings(self) -> Explanation:
        """A sentence for every year these limits touch that has no State Council notice."""
        return year_warnings(self.calendar, self.start, max(self.finish_due, self.total_due))


def plan(
    limits: Limits,
    calendar: WorkCalendar,
    start: datetime,
    parent_due: datetime | None = None,
    total_due: datetime | None = None,
) -> Deadlines:
    """The due times of a dispatch at `start`; none is later than `parent_due` (field-facts 4.2 rule 5).

    On a redispatch give the first dispatch's `total_due`: the unit's clocks start anew, that one does not.
    """
    finish = _no_later(due_time(limits.finish, calendar, start), parent_due)
    sign = min(due_time(limits.sign, calendar, start), finish)
    response = min(due_time(limits.response, calendar, start), finish)
    return Deadlines(
        start, sign, response, finish, total_due or finish, limits, parent_due, calendar
    )


def due_time(limit: Limit, calendar: WorkCalendar, start: datetime) -> datetime:
    """When a limit that starts at `start` ends (field-facts 4.2 rules 1 to 3)."""
    if limit.unit is TimeUnit.WORKDAYS:
        return calendar.add_workdays(start, limit.amount)
    if limit.unit is TimeUnit.WORKHOURS:
        return calendar.add_worktime(start, limit.length)
    return start + limit.length


def extend(
    due: datetime, workdays: int, calendar: WorkCalendar, parent_due: datetime | None = None
) -> datetime:
    """The due time `workdays` working days later, at the end of that day (field-facts 4.2 rule 4)."""
    day = civil_date(due)
    for _ in range(workdays):
        day = calendar.next_workday(day)
    # A due time in the night must not lose the hours it already had when nothing is added.
    return _no_later(calendar.closing(day) if workdays else due, parent_due)


def shift_for_suspension(
    due: datetime,
    suspended_at: datetime,
    resumed_at: datetime,
    calendar: WorkCalendar,
    working: bool,
) -> datetime:
    """The due time after a suspension: what was left then is left again on resuming (field-facts 4.2 rule 4).

    An order already overdue when suspended stays as overdue as it was; `working` is its limit's clock.
    """
    if suspended_at >= due or resumed_at <= suspended_at:
        return due
    if not working:
        return due + (resumed_at - suspended_at)
    left = calendar.worktime_between(suspended_at, due)
    # Suspended and resumed outside office hours, no working time has passed and nothing moves.
    return max(due, calendar.add_worktime(resumed_at, left))


def redo_limit(limit: Limit, percent: int = 50, minimum: Limit = ONE_WORKDAY) -> Limit:
    """A redo's limit: a share of the first one, rounded up (field-facts 4.2 rule 4).

    `minimum` holds for working-day limits only: half of two hours is one hour, not one working day.
    """
    amount = max(1, -(-limit.amount * percent // 100))
    if limit.unit is TimeUnit.WORKDAYS and minimum.unit is TimeUnit.WORKDAYS:
        amount = max(amount, minimum.amount)
    return Limit(amount, limit.unit)


def redo_due(
    limits: Limits,
    calendar: WorkCalendar,
    start: datetime,
    percent: int = 50,
    minimum: Limit = ONE_WORKDAY,
    parent_due: datetime | None = None,
) -> datetime:
    """When a redo ordered at `start` is due."""
    limit = redo_limit(limits.finish, percent, minimum)
    return _no_later(due_time(limit, calendar, start), parent_due)


def callback_due(limits: Limits, calendar: WorkCalendar, replied_at: datetime) -> datetime:
    """When the citizen must have been called back after the unit's reply (field-facts 4.1)."""
    return due_time(limits.callback, calendar, replied_at)


@dataclass(frozen=True, slots=True)
class Measured:
    """How long something took, or has taken so far."""

    elapsed: timedelta
    worktime: timedelta
    workdays: int
    running: bool


@dataclass(frozen=True, slots=True)
class ThreeClocks:
    """Response, unit and citizen-facing total time; None for a clock that has not started."""

    response: Measured | None
    unit: Measured | None
    total: Measured | None


def three_clocks(
    calendar: WorkCalendar,
    now: datetime,
    accepted_at: datetime | None,
    dispatched_at: datetime | None,
    responded_at: datetime | None = None,
    replied_at: datetime | None = None,
    closed_at: datetime | None = None,
    suspensions: Iterable[Stretch] = (),
) -> ThreeClocks:
    """The three measured times (field-facts 4.2 rule 4).

    `dispatched_at` is the latest dispatch. Suspensions stop the unit's clock, never the citizen's.
    """
    stops = tuple(suspensions)
    return ThreeClocks(
        _measure(calendar, now, dispatched_at, responded_at, ()),
        _measure(calendar, now, dispatched_at, replied_at, stops),
        _measure(calendar, now, accepted_at, closed_at, ()),
    )


def _measure(
    calendar: WorkCalendar,
    now: datetime,
    start: datetime | None,
    end: datetime | None,
    stops: tuple[Stretch, ...],
) -> Measured | None:
    if start is None:
        return None
    until = end or now
    inside = [
        (max(start, stop), min(until, go)) for stop, go in stops if stop < until and go > start
    ]
    elapsed, worktime = until - start, calendar.worktime_between(start, until)
    workdays = calendar.workdays_between(start, until)
    for stop, go in inside:
        elapsed -= go - stop
        worktime -= calendar.worktime_between(stop, go)
        workdays -= calendar.workdays_between(stop, go)
    return Measured(elapsed, worktime, workdays, end is None)


def explain(
    limit: Limit,
    calendar: WorkCalendar,
    start: datetime,
    parent_due: datetime | None = None,
    started: str = "派单",
    ended: str = "办结",
) -> Explanation:
    """The arithmetic of one limit: from what was done (`started`) to what is due (`ended`)."""
    lines = [f"{ended}时限：{limit}", *_limit_lines(limit, calendar, start, started)]
    due = due_time(limit, calendar, start)
    if parent_due is not None and parent_due < due:
        lines.append(f"按本级时限应为 {moment_words(due)}，但上级时限为 {moment_words(parent_due)}")
        lines.append("本级时限不得晚于上级，以上级时限为准")
    lines.append(f"应于 {moment_words(_no_later(due, parent_due))} 前{ended}")
    return tuple(lines)


def year_warnings(calendar: WorkCalendar, start: datetime, due: datetime) -> Explanation:
    """A sentence for every year from `start` to `due` that has no State Council notice."""
    years = range(civil_date(start).year, civil_date(due).year + 1)
    warnings = (calendar.warning(date(year, 1, 1)) for year in years)
    return tuple(warning for warning in warnings if warning)


def _no_later(due: datetime, parent_due: datetime | None) -> datetime:
    return due if parent_due is None else min(due, parent_due)


def _plan_lines(made: Deadlines) -> Iterator[str]:
    limits, calendar, start = made.limits, made.calendar, made.start
    yield from explain(limits.finish, calendar, start, made.parent_due)
    yield f"签收时限：{limits.sign}，应于 {moment_words(made.sign_due)} 前签收"
    yield f"联系群众时限：{limits.response}，应于 {moment_words(made.response_due)} 前联系诉求人"
    if made.total_due != made.finish_due:
        yield f"改派重新起算承办时限；对诉求人的总时限不变，为 {moment_words(made.total_due)}"
    yield from made.warnings


def _limit_lines(
    limit: Limit, calendar: WorkCalendar, start: datetime, started: str
) -> Iterator[str]:
    if not limit.working:
        yield f"{_start_words(start)} {started}，按自然时间计，不分昼夜和节假日"
        yield f"{moment_words(start)} 加 {limit}，为 {moment_words(start + limit.length)}"
    elif limit.unit is TimeUnit.WORKHOURS:
        yield f"{_start_words(start)} {started}，只计工作时间"
        yield from _workhour_lines(limit, calendar, start)
    else:
        yield f"{_start_words(start)} {started}，{_receipt_words(limit, calendar, start)}"
        yield from _workday_lines(limit, calendar, start)


def _receipt_words(limit: Limit, calendar: WorkCalendar, start: datetime) -> str:
    day = civil_date(start)
    if not calendar.is_workday(day):
        reason = "非工作日"
    elif calendar.after_hours(start):
        reason = "已下班"
    else:
        return "当日下班前" if limit.amount == 0 else "当日不计，从次日起算"
    moved = calendar.receipt_day(start)
    if moved != day:
        return f"{reason}，视为 {day_words(moved)}收到，该日不计"
    return f"{reason}，从下一工作日起算"


def _workday_lines(limit: Limit, calendar: WorkCalendar, start: datetime) -> Iterator[str]:
    counted = calendar.counted_days(start, limit.amount)
    number = {day: at for at, day in enumerate(counted, 1)}
    received = calendar.receipt_day(start)
    day = civil_date(start) + ONE_DAY
    while limit.amount and day <= counted[-1]:
        if day in number:
            yield f"第{number[day]}个工作日：{_named_day(calendar, day)}"
        elif day != received:
            yield f"跳过 {_named_day(calendar, day)}"
        day += ONE_DAY


def _workhour_lines(limit: Limit, calendar: WorkCalendar, start: datetime) -> Iterator[str]:
    left, day = limit.length, civil_date(start)
    while left:
        for opens, closes in calendar.spans(day):
            begin = max(opens, start)
            used = min(closes - begin, left)
            if used > timedelta():
                left -= used
                hours = f"{civil(begin):%H:%M}至{civil(begin + used):%H:%M}"
                yield f"{day_words(day)}{hours}，计 {length_words(used)}，还余 {length_words(left)}"
        day += ONE_DAY


def _named_day(calendar: WorkCalendar, day: date) -> str:
    name = calendar.day_name(day)
    return f"{day_words(day)[:-1]}，{name}）" if name else day_words(day)


def _start_words(start: datetime) -> str:
    local = civil(start)
    return f"{local:%Y-%m-%d}（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def length_words(length: timedelta) -> str:
    """`1小时30分`, `0分`; whole minutes, rounded down."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    text = f"{hours}小时" if hours else ""
    return f"{text}{minutes}分" if minutes or not hours else text
