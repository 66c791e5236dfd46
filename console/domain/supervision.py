"""Records of the supervision desk: two-colour board, notices, overrides, accountability list (product.md 督办)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from console.domain.records import TicketRow
from console.domain.states import SupervisionLevel


class Watch(StrEnum):
    """What an overseer watches; each is a counter and a list (field-facts K15, X3, H12, 4.3)."""

    EVERY = "every"
    INSTRUCTED = "instructed"
    RED = "red"
    YELLOW = "yellow"
    UNSIGNED = "unsigned"
    LEVEL = "level"
    PROMISE = "promise"
    SUPERVISED = "supervised"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    PROBLEM = "problem"
    UNHAPPY = "unhappy"


WATCH_NAMES: dict[Watch, str] = {
    Watch.EVERY: "全部",
    Watch.INSTRUCTED: "领导批示",
    Watch.RED: "红灯",
    Watch.YELLOW: "黄灯",
    Watch.UNSIGNED: "超时未签",
    Watch.LEVEL: "本级超时",
    Watch.PROMISE: "承诺逾期",
    Watch.SUPERVISED: "督办中",
    Watch.SUSPENDED: "挂起",
    Watch.RETURNED: "多次退单",
    Watch.PROBLEM: "问题工单",
    Watch.UNHAPPY: "未满意",
}
# From how many returns, and from how many returns and redos together (field-facts 3.3, 7.3).
RETURNED_FROM, PROBLEM_FROM = 2, 3
UNHAPPY_DAYS = 30
WATCH_TIPS: dict[Watch, str] = {
    Watch.EVERY: "需要督办员过问的全部在办工单",
    Watch.INSTRUCTED: "有领导批示的在办工单，排在最前",
    Watch.RED: "已过办结时限，应督办",
    Watch.YELLOW: "临近办结时限，应催办",
    Watch.UNSIGNED: "派出后超过签收时限还没有签收",
    Watch.LEVEL: "本级在规定时间内既没有办结，也没有上报或下派",
    Watch.PROMISE: "向诉求人承诺的时间已过，还没有兑现",
    Watch.SUPERVISED: "正在普通、黄牌或红牌督办中",
    Watch.SUSPENDED: "停表的工单；恢复日期已到的排在最前",
    Watch.RETURNED: f"退单 {RETURNED_FROM} 次及以上",
    Watch.PROBLEM: f"退单与重办合计 {PROBLEM_FROM} 次及以上",
    Watch.UNHAPPY: f"回访评价为不满意，含近 {UNHAPPY_DAYS} 天办结的",
}
# 督办原因 as on the notice, in the order of its boxes (field-facts 9.5).
REASONS = ("超期未签收", "超期未办结", "群众不满意", "多次退单", "领导批示", "其他")
_REASON_OF: dict[Watch, str] = {
    Watch.INSTRUCTED: "领导批示",
    Watch.UNSIGNED: "超期未签收",
    Watch.RETURNED: "多次退单",
    Watch.UNHAPPY: "群众不满意",
}
CARDS = (SupervisionLevel.NORMAL, SupervisionLevel.YELLOW, SupervisionLevel.RED)


@dataclass(frozen=True, slots=True)
class WatchCriteria:
    """Which list: what is watched, of which unit (None every), at which supervision level (None any)."""

    watch: Watch = Watch.EVERY
    unit_code: str | None = None
    unit_name: str = ""
    level: SupervisionLevel | None = None


Numbers = Mapping[Watch, int]
Cards = Mapping[SupervisionLevel, int]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's line of the board; the empty code stands for work no unit holds."""

    code: str
    name: str
    numbers: Numbers
    cards: Cards

    @property
    def id(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the counters say, by unit; read in one statement. `resume_due`: suspensions whose day has come."""

    units: tuple[UnitLine, ...] = ()
    resume_due: int = 0

    def number(self, watch: Watch, unit_code: str | None = None) -> int:
        return sum(unit.numbers.get(watch, 0) for unit in self._of(unit_code))

    def cards(self, level: SupervisionLevel, unit_code: str | None = None) -> int:
        return sum(unit.cards.get(level, 0) for unit in self._of(unit_code))

    def _of(self, unit_code: str | None) -> Sequence[UnitLine]:
        if unit_code is None:
            return self.units
        return [unit for unit in self.units if unit.code == unit_code]


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A row of the list, with what brought it here."""

    row: TicketRow
    instructed: bool = False
    urged: int = 0
    returned: int = 0
    redone: int = 0
    sign_due: datetime | None = None
    level_due: datetime | None = None
    promise_due: datetime | None = None
    resume_on: date | None = None
    ladder: str = ""
    next_step: str = ""

    @property
    def id(self) -> int:
        return self.row.id


@dataclass(frozen=True, slots=True)
class WatchList:
    """The first rows of a list; the board says how many there are."""

    rows: tuple[WatchRow, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A supervision on record: 督办单."""

    id: int
    level: SupervisionLevel
    document_no: str
    reason: str
    demands: str
    lead_unit: str
    co_units: str
    copied_to: str
    due: datetime | None
    feedback_every_days: int
    feedback: str
    penalty: int
    issued_at: datetime
    issued_by: str
    automatic: bool
    lifted_at: datetime | None
    lift_reason: str
    # When the unit should have answered and has not; None while nothing is late.
    answer_late_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Urged:
    """An urging on record; a `warning` reminded somebody and counts as no urging."""

    id: int
    document_no: str
    reason: str
    at: datetime
    by: str
    automatic: bool
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the overseer reads beside the case: instructions first, then the ladder, cards, urgings, suspension."""

    ticket_id: int
    instructions: tuple[tuple[datetime, str, str], ...] = ()
    ladder: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    urgings: tuple[Urged, ...] = ()
    suspended: str = ""
    resume_due: bool = False
    reason: str = REASONS[1]
    level: SupervisionLevel = SupervisionLevel.NORMAL
    levels: tuple[SupervisionLevel, ...] = CARDS
    unit_id: int | None = None
    unit: str = ""
    co_units: str = ""
    copies: tuple[tuple[SupervisionLevel, str], ...] = ()
    points: tuple[tuple[SupervisionLevel, int], ...] = ()
    demands: str = ""
    due: datetime | None = None
    contact: str = ""
    suspend_reasons: tuple[tuple[str, str], ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UrgeForm:
    """One reason for one or many work orders."""

    ticket_ids: tuple[int, ...]
    reason: str
    copied_to: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SuperviseForm:
    """A supervision notice (field-facts 9.5). `feedback_every_days` 0 is one-off."""

    ticket_id: int
    version: int
    level: SupervisionLevel | None
    reason: str
    demands: str = ""
    lead_unit_id: int | None = None
    co_unit_ids: tuple[int, ...] = ()
    copied_to: str = ""
    due: datetime | None = None
    feedback_every_days: int = 0
    contact: str = ""
    contact_phone: str = ""
    lead_leader: str = ""
    co_leader: str = ""


@dataclass(frozen=True, slots=True)
class SuspendForm:
    """Why the clock stops, and until when it is expected to."""

    ticket_id: int
    version: int
    reason_code: str
    reason: str
    resume_on: date | None


@dataclass(frozen=True, slots=True)
class Override:
    """A reply that was sent against the record; `judged` is empty while nobody has looked (peers 6.9)."""

    id: int
    ticket_id: int
    number: str
    title: str
    unit: str
    finding: str
    explanation: str
    at: datetime
    by: str
    judged: str = ""


@dataclass(frozen=True, slots=True)
class Blame:
    """One line of the accountability list (问责清单): a unit or a person of it in a period."""

    unit: str
    person: str = ""
    handled: int = 0
    overdue: int = 0
    unsigned: int = 0
    returned: int = 0
    wrongly_returned: int = 0
    redone: int = 0
    unhappy: int = 0
    overrides: int = 0
    urged: int = 0
    cards: Cards = field(default_factory=dict)
    points: int = 0

    @property
    def id(self) -> tuple[str, str]:
        return (self.unit, self.person)

    @property
    def name(self) -> str:
        return self.person or self.unit


@dataclass(frozen=True, slots=True)
class Accountability:
    """The list of a period, both days included; worst first."""

    since: date
    until: date
    units: tuple[Blame, ...]
    persons: tuple[Blame, ...]


def reason_of(watch: Watch) -> str:
    """The reason on the notice that a list suggests."""
    return _REASON_OF.get(watch, REASONS[1])


def answer_due(
    issued_at: datetime, due: datetime | None, every_days: int, answered_at: datetime | None
) -> datetime | None:
    """When the unit's next answer to a notice is due: every so many days, or once (反馈周期, field-facts 9.5)."""
    if every_days:
        return (answered_at or issued_at) + timedelta(days=every_days)
    return None if answered_at is not None else due
