"""The time light: computed from start and due time, never stored (field-facts 4.3, product.md Decided 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.deadlines import length_words
from console.domain.policy_tables import LightAction, LightRule, LightRules
from console.domain.records import LightText
from console.domain.states import Light, Urgency
from console.domain.worktime import (
    Limit,
    TimeUnit,
    WorkCalendar,
    civil,
    civil_date,
    moment_words,
)

NO_LIGHT = LightText(Light.NONE, "")
NOTHING = timedelta()
ACTION_NAMES = {
    LightAction.NONE: "",
    LightAction.WARN: "（预警）",
    LightAction.URGE: "（催办）",
    LightAction.SUPERVISE: "（督办）",
}


@dataclass(frozen=True, slots=True)
class Timed:
    """A running or finished limit. `working` is its clock; `paused` the time it was suspended before, by that clock."""

    start: datetime
    due: datetime | None
    working: bool
    urgency: Urgency = Urgency.NORMAL
    suspended_at: datetime | None = None
    closed_at: datetime | None = None
    paused: timedelta = NOTHING


def light(timed: Timed, now: datetime, rules: LightRules, calendar: WorkCalendar) -> LightText:
    """The light at `now`, in colour and words: `黄 剩2小时`; frozen at closing, grey while suspended."""
    if timed.due is None:
        return NO_LIGHT
    if timed.closed_at is not None:
        done = Light.ON_TIME if timed.closed_at <= timed.due else Light.LATE
        return LightText(done, rules.words[done])
    if timed.suspended_at is not None:
        return LightText(Light.GREY, f"{rules.words[Light.GREY]} 挂起")
    colour = _colour(timed, timed.due, now, rules, calendar)
    return LightText(colour, f"{rules.words[colour]} {remaining_words(now, timed.due)}")


def _colour(
    timed: Timed, due: datetime, now: datetime, rules: LightRules, calendar: WorkCalendar
) -> Light:
    if now > due:
        return Light.RED
    yellow = yellow_at(timed, rules, calendar)
    return Light.YELLOW if yellow is not None and now >= yellow else Light.GREEN


def yellow_at(timed: Timed, rules: LightRules, calendar: WorkCalendar) -> datetime | None:
    """The moment the light turns yellow; None without a due time. Never before the start, never after the due time."""
    if timed.due is None:
        return None
    if timed.due <= timed.start:
        return timed.due
    warned = _warned(timed, timed.due, rules.rule(timed.urgency), calendar)
    if not timed.working:
        return timed.due - warned
    return max(timed.start, calendar.subtract_worktime(timed.due, warned))


def _warned(timed: Timed, due: datetime, rule: LightRule, calendar: WorkCalendar) -> timedelta:
    """How long before the due time the light is yellow, by the limit's own clock."""
    total = _total(timed, due, calendar)
    fixed = _fixed(rule.remaining, timed.working, due, calendar)
    return max(total * rule.percent / 100, min(fixed, total * rule.cap_percent / 100))


def _total(timed: Timed, due: datetime, calendar: WorkCalendar) -> timedelta:
    whole = calendar.worktime_between(timed.start, due) if timed.working else due - timed.start
    return max(whole - timed.paused, NOTHING)


def _fixed(limit: Limit, working: bool, due: datetime, calendar: WorkCalendar) -> timedelta:
    """The fixed threshold by the limit's clock: a working day is that day's office hours, or 24 hours."""
    if limit.unit is not TimeUnit.WORKDAYS:
        return limit.length
    if not working:
        return timedelta(days=limit.amount)
    day = civil_date(due)
    hours = calendar.day_length(day) or calendar.day_length(calendar.next_workday(day))
    return limit.amount * hours


def remaining_words(now: datetime, due: datetime) -> str:
    """`剩3天`, `剩2小时`, `超15分钟`: calendar time in its largest whole unit, at least one minute."""
    word = "剩" if now <= due else "超"
    minutes = max(1, int(abs(due - now).total_seconds()) // 60)
    if minutes >= 24 * 60:
        return f"{word}{minutes // (24 * 60)}天"
    return f"{word}{minutes // 60}小时" if minutes >= 60 else f"{word}{minutes}分钟"


def explain_light(
    timed: Timed, now: datetime, rules: LightRules, calendar: WorkCalendar
) -> tuple[str, ...]:
    """Why the light is what it is: limit, thresholds, when it turns yellow and red (product.md, peers 6.7)."""
    return tuple(_light_lines(timed, now, rules, calendar))


def _light_lines(
    timed: Timed, now: datetime, rules: LightRules, calendar: WorkCalendar
) -> Iterator[str]:
    if timed.due is None:
        yield "没有时限，不亮灯"
        return
    total = length_words(_total(timed, timed.due, calendar))
    kind = "工作时间" if timed.working else "自然时间"
    yield f"{_full(timed.start)} 起算，应于 {_full(timed.due)} 前完成，共 {total}（{kind}）"
    if timed.paused:
        yield f"此前挂起的 {length_words(timed.paused)} 不计"
    yield from _threshold_lines(timed, timed.due, rules, calendar)
    if timed.closed_at is not None:
        yield f"{_full(timed.closed_at)} 办结，灯不再变化"
    elif timed.suspended_at is not None:
        yield f"{_full(timed.suspended_at)} 挂起，停表；恢复后时限顺延"
    yield f"现在 {_full(now)}：{light(timed, now, rules, calendar).words}"


def _threshold_lines(
    timed: Timed, due: datetime, rules: LightRules, calendar: WorkCalendar
) -> Iterator[str]:
    rule = rules.rule(timed.urgency)
    warned = length_words(_warned(timed, due, rule, calendar))
    yield (
        f"剩余不超过时限的 {rule.percent}%，或不超过 {rule.remaining}"
        f"（至多占时限的 {rule.cap_percent}%）时变黄，即剩 {warned} 时"
    )
    turns = moment_words(yellow_at(timed, rules, calendar) or due)
    yield f"{turns} 变黄{ACTION_NAMES[rules.on_yellow]}"
    yield f"过了 {moment_words(due)} 变红{ACTION_NAMES[rules.on_red]}"


def _full(moment: datetime) -> str:
    return f"{civil(moment):%Y-%m-%d %H:%M}"
