"""What the keeper owes a work order: decided from due times, the pack and what stands on record (product.md 5).

Pure. One record at a time: what a keeper that stood still has missed is not sent after the fact, only the gravest
document that is due now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.domain.changes import Changed
from console.domain.ladder import Rung, rung_key, rungs, rungs_in
from console.domain.policy_tables import LightAction
from console.domain.rules import Rules
from console.domain.states import SupervisionLevel
from console.domain.worktime import moment_words


class Duty(StrEnum):
    """What a sweep does, in its order."""

    YELLOW = "yellow"
    RED = "red"
    LADDER = "ladder"
    SIGN = "sign"
    RESPONSE = "response"
    LEVEL = "level"
    PROMISE = "promise"
    RESUME = "resume"
    ARCHIVE = "archive"


DUTY_NAMES: dict[Duty, str] = {
    Duty.YELLOW: "黄灯",
    Duty.RED: "红灯",
    Duty.LADDER: "逾期阶梯",
    Duty.SIGN: "未签收",
    Duty.RESPONSE: "未响应",
    Duty.LEVEL: "本级超时",
    Duty.PROMISE: "承诺超时",
    Duty.RESUME: "挂起到期",
    Duty.ARCHIVE: "归档",
}
LATE = "超期未办结"


def light_key(duty: Duty, number: str, due: datetime, seq: int | None = None) -> str:
    """What makes a record unique: the work order, its due time and the colour; a share by its own number too.

    An extended work order has another due time, and so may turn yellow once more.
    """
    share = "" if seq is None else f":{seq}"
    return f"{duty}:{number}{share}:{due:%Y%m%d%H%M}"


@dataclass(frozen=True, slots=True)
class Lit:
    """A running work order as the keeper sees it; `keys` are those of the records that stand already."""

    ticket_id: int
    number: str
    due: datetime
    yellow_at: datetime | None
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Owed:
    """One record to write. `level` is what a supervision raises to; `rung` where the ladder asks for it."""

    duty: Duty
    key: str
    action: LightAction
    words: str
    level: SupervisionLevel = SupervisionLevel.NORMAL
    rung: Rung | None = None


def lights_owed(lit: Lit, now: datetime, rules: Rules) -> tuple[Owed, ...]:
    """What the light and the overdue ladder ask for now (field-facts K15, 4.3); empty when all of it stands."""
    if now <= lit.due:
        return _yellow(lit, now, rules)
    steps = rungs(lit.due, rules.pack.supervision.ladder, rules.calendar)
    done = max(rungs_in(lit.keys, lit.ticket_id, lit.due), default=0)
    reached = [rung for rung in steps if rung.at <= now and rung.number > done]
    top = reached[-1] if reached else None
    return (*_red(lit, rules, steps, done, top), *((_rung(lit, top),) if top else ()))


def _yellow(lit: Lit, now: datetime, rules: Rules) -> tuple[Owed, ...]:
    key = light_key(Duty.YELLOW, lit.number, lit.due)
    action = rules.pack.lights.on_yellow
    on = lit.yellow_at is not None and lit.yellow_at <= now
    if not on or action is LightAction.NONE or key in lit.keys:
        return ()
    words = f"本件应于 {moment_words(lit.due)} 前办结，请抓紧办理"
    return (Owed(Duty.YELLOW, key, action, words),)


def _red(
    lit: Lit, rules: Rules, steps: tuple[Rung, ...], done: int, top: Rung | None
) -> tuple[Owed, ...]:
    """Turning red. A ladder that begins with a supervision begins with this one; a graver one makes it needless."""
    action, key = rules.pack.lights.on_red, light_key(Duty.RED, lit.number, lit.due)
    words = f"本件已于 {moment_words(lit.due)} 到期，请立即办理"
    first = steps[0] if steps else None
    supervised = any(not rung.urges and rung.number <= done for rung in steps)
    if action is LightAction.NONE or key in lit.keys:
        return ()
    if action is not LightAction.SUPERVISE:
        return () if done or top else (Owed(Duty.RED, key, action, words),)
    if supervised or (top is not None and not top.urges):
        return ()
    if first is None or first.urges:
        return (Owed(Duty.RED, key, action, words, first_level(first)),)
    key = rung_key(lit.ticket_id, lit.due, first.number)
    return (Owed(Duty.RED, key, action, words, first_level(first), first),)


def first_level(first: Rung | None) -> SupervisionLevel:
    """Red means supervised at the level where the ladder begins, at the least 普通."""
    return max(first.step.level, SupervisionLevel.NORMAL) if first else SupervisionLevel.NORMAL


def _rung(lit: Lit, rung: Rung) -> Owed:
    action = LightAction.URGE if rung.urges else LightAction.SUPERVISE
    words = f"本件已于 {moment_words(lit.due)} 到期，逾期{rung.step.after}仍未办结，请立即办理"
    key = rung_key(lit.ticket_id, lit.due, rung.number)
    return Owed(Duty.LADDER, key, action, words, rung.step.level, rung)


def answered_below(seq: int, shares: Iterable[tuple[int, int | None, bool]]) -> bool:
    """Whether anybody whom the share was passed down to has answered; `shares`: number, parent, answered."""
    everyone = tuple(shares)
    children = tuple((own, answered) for own, parent, answered in everyone if parent == seq)
    return any(answered or answered_below(own, everyone) for own, answered in children)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one sweep did. `left`: work orders somebody else had in hand; they come round again."""

    done: Mapping[Duty, int]
    left: int
    tidied: int
    seconds: float
    at: datetime
    # None when nothing was written: no panel need look again.
    changed: Changed | None = field(default=None, compare=False)
    stopped: bool = False

    @property
    def total(self) -> int:
        return sum(self.done.values())

    @property
    def words(self) -> str:
        """One line of counts; never a work order, never a citizen."""
        counts = "，".join(f"{DUTY_NAMES[duty]} {n}" for duty, n in self.done.items() if n)
        parts = [
            counts or "没有到时的事项",
            f"留待下次 {self.left}" if self.left else "",
            f"清理 {self.tidied}" if self.tidied else "",
            "中途停止" if self.stopped else "",
            f"用时 {self.seconds:.1f} 秒",
        ]
        return f"{moment_words(self.at)} 值守：" + "，".join(part for part in parts if part)
