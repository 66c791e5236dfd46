"""Who is visited how often, and what is due (field-facts 6.4, X9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from console.domain.errors import Invalid
from console.domain.registers.kinds import RISKS
from console.domain.worktime import civil_date

# Nothing in the city's rules: the intervals of field-facts 6.4.
_DEFAULT_DAYS = {"high": 7, "medium": 30, "normal": 90}
# What the rules of a city may call a class of the register.
_ALIASES = {
    "残疾": ("残疾人",), "高龄": ("高龄老人", "高龄独居老人"), "独居老人": ("高龄独居老人",),
    "退役军人": ("优抚对象",), "特困": ("特困供养",), "失独": ("失独家庭",),
}  # fmt: skip
# Only the dangerous end of a class that two classes make together.
_HIGH_ONLY = frozenset({"高龄独居老人"})
SOON_DAYS, AHEAD_DAYS = 7, 30
CONDITION_MOST = 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of `visit_policy`."""

    group_class: str
    risk: str
    interval_days: int
    first_within_hours: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How often, how soon for the first time, and where that is written."""

    interval_days: int
    first_within_hours: int
    basis: str


class Due(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    AHEAD = "ahead"
    LATER = "later"


DUE_NAMES = {
    Due.OVERDUE: "已逾期",
    Due.SOON: "7天内",
    Due.AHEAD: "30天内",
    Due.LATER: "以后",
}


def plan_for(rules: Iterable[Rule], group_class: str, risk: str) -> Plan:
    """The city's rule for this class and risk; without one, a week, a month or a quarter by risk."""
    names = (group_class, *_ALIASES.get(group_class, ()))
    known = {(rule.group_class, rule.risk): rule for rule in rules}
    wanted = (RISKS.get(risk, risk), risk) if risk != "medium" else ("中", "medium", "一般")
    for name in names:
        if name in _HIGH_ONLY and risk != "high":
            continue
        for word in wanted:
            rule = known.get((name, word))
            if rule is not None:
                basis = f"走访规则：{rule.group_class}（{rule.risk}）每 {rule.interval_days} 天"
                return Plan(rule.interval_days, rule.first_within_hours, basis)
    days = _DEFAULT_DAYS.get(risk, _DEFAULT_DAYS["normal"])
    hours = 24 if risk == "high" else 7 * 24
    return Plan(days, hours, f"规则包没有这一类，按{RISKS.get(risk, risk)}风险每 {days} 天")


def first_visit(plan: Plan, since: date) -> date:
    """By when somebody who is newly on the list must be seen."""
    return since + timedelta(days=max(1, -(-plan.first_within_hours // 24)))


def next_visit(plan: Plan, visited: date, met: bool, due: date | None) -> date:
    """After a visit. Nobody met is no visit: what was due stays due, and the next try is tomorrow at the latest."""
    if met:
        return visited + timedelta(days=plan.interval_days)
    again = visited + timedelta(days=1)
    return min(due, again) if due else again


def due_of(next_on: date | None, today: date) -> Due:
    """No day at all is the most overdue of all."""
    if next_on is None or next_on < today:
        return Due.OVERDUE
    days = (next_on - today).days
    return Due.SOON if days <= SOON_DAYS else Due.AHEAD if days <= AHEAD_DAYS else Due.LATER


def due_words(next_on: date | None, today: date) -> str:
    if next_on is None:
        return "从未安排"
    days = (next_on - today).days
    if days < 0:
        return f"逾期{-days}天"
    return "今天" if not days else f"还有{days}天"


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What a visitor writes down."""

    member_id: int
    version: int
    at: datetime | None
    met: bool = True
    condition: str = ""
    wants: str = ""
    visitor: str = ""


def check_visit(form: VisitForm, now: datetime) -> datetime:
    """When it was. Raises Invalid for one that has not been, is too long ago, or says nothing."""
    at = form.at or now
    if at > now + timedelta(minutes=5):
        raise Invalid("走访时间还没到", "请填实际走访的时间", "at")
    if civil_date(at) < civil_date(now) - timedelta(days=60):
        raise Invalid("走访时间超过 60 天", "太久以前的走访不再补录", "at")
    if form.met and not form.condition.strip():
        raise Invalid("请填写走访看到的情况", field="condition")
    for words, field in ((form.condition, "condition"), (form.wants, "wants")):
        if len(words) > CONDITION_MOST:
            raise Invalid(f"最多 {CONDITION_MOST} 字", "请写要点", field)
    return at


@dataclass(frozen=True, slots=True)
class VisitLine:
    """Somebody to visit, masked."""

    id: int
    person_id: int
    name: str
    group_class: str
    risk: str
    restricted: bool
    grid_id: int
    grid: str
    worker: str
    home: str
    interval_days: int
    next_on: date | None
    last_on: date | None
    due: Due
    words: str
    version: int


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit as it was written down."""

    id: int
    at: datetime
    visitor: str
    met: bool
    condition: str
    wants: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """What waits in somebody's own grids (field-facts 6.4: ≤30, ≤7 days, overdue)."""

    overdue: int = 0
    soon: int = 0
    ahead: int = 0
    tasks: int = 0
    # Hazards of enterprises that shall be put right (field-facts 6.7).
    hazards_overdue: int = 0
    hazards_soon: int = 0
    hazards_ahead: int = 0

    @property
    def is_empty(self) -> bool:
        return not (
            self.overdue or self.soon or self.tasks or self.hazards_overdue or self.hazards_soon
        )

    @property
    def is_late(self) -> bool:
        return bool(self.overdue or self.hazards_overdue)

    @property
    def words(self) -> str:
        told = [
            f"{n} {words}"
            for n, words in (
                (self.overdue, "人走访已逾期"),
                (self.soon, "人 7 天内应走访"),
                (self.hazards_overdue, "处隐患整改已逾期"),
                (self.hazards_soon, "处隐患 7 天内应整改"),
                (self.tasks, "项今日任务未完成"),
            )
            if n
        ]
        return "，".join(told)
