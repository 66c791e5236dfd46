"""A time promised to a citizen: read from one line, with a light of its own (peers 6.10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.due_time import take_due
from console.domain.errors import Invalid
from console.domain.lights import remaining_words
from console.domain.records import LightText
from console.domain.states import Light, TicketState
from console.domain.wording import check_line
from console.domain.worktime import WorkCalendar, civil, day_words, moment_words

LONGEST = 300
# Yellow for the last fifth of the time, and for at least half an hour of it where there is an hour or more.
LAST_PART, WARNED = 5, timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised, and by when (aware UTC)."""

    what: str
    due: datetime

    @property
    def words(self) -> str:
        """Shown back to whoever typed it: 11月23日（周一）17:00 前：回电."""
        return f"{moment_words(self.due)} 前：{self.what}"


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise with the work order it belongs to; `light` is its own clock's."""

    id: int
    ticket_id: int
    number: str
    title: str
    state: TicketState
    unit: str
    what: str
    due: datetime
    made_at: datetime
    made_by: str
    light: LightText
    kept_at: datetime | None = None
    kept_by: str = ""
    confidential: bool = False

    @property
    def open(self) -> bool:
        return self.kept_at is None


@dataclass(frozen=True, slots=True)
class PromiseCounts:
    """Open promises in somebody's scope: all, those soon due, those overdue."""

    open: int = 0
    yellow: int = 0
    overdue: int = 0

    @property
    def light(self) -> Light:
        """The worst of them: what the lamp at the foot of the window shows."""
        if self.overdue:
            return Light.RED
        return Light.YELLOW if self.yellow else Light.GREEN if self.open else Light.NONE

    @property
    def words(self) -> str:
        """承诺 3 件未兑现，超时 1 件; empty when nothing is open."""
        if not self.open:
            return ""
        parts = [f"承诺 {self.open} 件未兑现"]
        if self.overdue:
            parts.append(f"超时 {self.overdue} 件")
        if self.yellow:
            parts.append(f"将到时 {self.yellow} 件")
        return "，".join(parts)


def read_promise(sentence: str, now: datetime, calendar: WorkCalendar | None = None) -> Promised:
    """今天下午五点前回电 → what and when. Raises Invalid, field `promise`, saying what is missing."""
    if not sentence.strip():
        raise Invalid("请写答应了什么、什么时候前", "例如：今天下午五点前回电", "promise")
    due, rest = take_due(sentence, now, "promise", calendar)
    if not rest:
        raise Invalid(f"{moment_words(due)} 前做什么？", "请写上答应的事，例如：回电", "promise")
    return Promised(check_line(rest, "承诺内容", LONGEST, "promise"), due)


def yellow_from(made_at: datetime, due: datetime) -> datetime:
    """When the light of a promise turns yellow."""
    whole = max(due - made_at, timedelta())
    return due - max(whole / LAST_PART, min(WARNED, whole / 2))


def promise_light(
    made_at: datetime, due: datetime, kept_at: datetime | None, now: datetime
) -> LightText:
    """By its own clock, whatever the work order's says: green, yellow near the time, red past it."""
    if kept_at is not None:
        on_time = kept_at <= due
        return LightText(
            Light.ON_TIME if on_time else Light.LATE, "已兑现" if on_time else "超时兑现"
        )
    left = remaining_words(now, due)
    if now > due:
        return LightText(Light.RED, f"红 {left}")
    if now >= yellow_from(made_at, due):
        return LightText(Light.YELLOW, f"黄 {left}")
    return LightText(Light.GREEN, f"绿 {left}")


def due_words(due: datetime, now: datetime) -> str:
    """今天 17:00, 明天 09:00, 昨天 17:00, 11月25日（周三）17:30."""
    local, today = civil(due), civil(now).date()
    near = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}.get((local.date() - today).days)
    return f"{near or day_words(local.date())} {local:%H:%M}"
