"""The return court (退单, peers 6.6): on what ground, inside which window, how often already, and who accepts what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.domain.deadlines import due_time, explain
from console.domain.policy_tables import ReturnRules
from console.domain.worktime import WorkCalendar, moment_words

CATEGORY_HEAD = "诉求分类目录"
DUTY_HEAD = "承办单位职责目录"
PLACE_HEAD = "网格归属"
RULE_HEAD = "网格事项责任规则"
_HEADS = (CATEGORY_HEAD, DUTY_HEAD, PLACE_HEAD, RULE_HEAD)
WRONG_PLACE, WRONG_DUTY, UNCLEAR = "属地不符", "职责不符", "权属不清"
MOST_NAMED = 3
_STREETS = frozenset({"street", "town"})


@dataclass(frozen=True, slots=True)
class Basis:
    """One ground of the responsibility catalogue: what it says, which reason it supports, who should have it."""

    code: str
    reason: str
    text: str
    unit: str = ""
    unit_id: int | None = None


def from_catalogue(basis: str) -> bool:
    """Whether a ground is one of the catalogue's and not the unit's own words."""
    return basis.startswith(_HEADS)


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a unit may return what it was sent, with the arithmetic; afterwards silence has accepted it."""

    due: datetime
    asked_at: datetime
    lines: tuple[str, ...]
    silence_accepts: bool

    @property
    def is_open(self) -> bool:
        return self.asked_at <= self.due

    @property
    def words(self) -> str:
        """`今天 16:30 前可退单，逾期未退视为接受（首接负责）`."""
        until = moment_words(self.due)
        if not self.is_open:
            return f"退单时限 {until} 已过，视为接受承办（首接负责）"
        silent = "，逾期未退视为接受（首接负责）" if self.silence_accepts else ""
        return f"{until} 前可退单{silent}"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the unit's return form offers: grounds to pick from, and its window."""

    bases: tuple[Basis, ...]
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One return of one work order, asked and (`granted` not None) decided."""

    number: int
    unit_id: int
    unit: str
    reason: str
    basis: str
    suggested: str
    asked_at: datetime
    asked_by: str
    granted: bool | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    opinion: str = ""

    @property
    def is_open(self) -> bool:
        """Still to be decided; a unit may also have taken its request back."""
        return self.granted is None and self.decided_at is None

    @property
    def from_catalogue(self) -> bool:
        """Whether the ground was picked from the catalogue, not written by the unit itself."""
        return from_catalogue(self.basis)

    @property
    def sentence(self) -> str:
        """`职责不符：承办单位职责目录 D017 …`, for the next dispatcher."""
        return f"{self.reason}：{self.basis}" if self.basis else self.reason


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """What a unit did with this category during the last year, and with this very work order."""

    sent: int = 0
    returned: int = 0
    last_refusal: str = ""
    returned_this: str = ""

    @property
    def rate(self) -> str:
        """Accepted of what was sent, half up, without decimals: `92%`; `—` when nothing was sent (field-facts 8)."""
        return f"{int((self.sent - self.returned) * 100 / self.sent + 0.5)}%" if self.sent else "—"

    @property
    def words(self) -> str:
        """`同类承接率 92%（24 件退 2 件）`."""
        if not self.sent:
            return "一年内没有承办过同类工单"
        told = f"{self.sent} 件退 {self.returned} 件" if self.returned else f"{self.sent} 件未退"
        return f"同类承接率 {self.rate}（{told}）"


@dataclass(frozen=True, slots=True)
class Sheet:
    """会商单: every refusal side by side, closed by the designation (peers 6.6)."""

    id: int
    opened_at: datetime
    opened_by: str
    units: str
    conclusion: str = ""
    concluded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnHearing:
    """What the dispatcher decides a return by. `hops` oldest first, the last is the one to be decided."""

    ticket_id: int
    hops: tuple[Hop, ...]
    most: int
    window: Window | None
    record: UnitRecord
    snippets: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> Hop | None:
        return self.hops[-1] if self.hops and self.hops[-1].is_open else None

    @property
    def granted(self) -> int:
        return sum(bool(hop.granted) for hop in self.hops)

    @property
    def opens_sheet(self) -> bool:
        """Whether granting this one takes the work order out of the ping-pong."""
        return self.granted + 1 >= self.most


@dataclass(frozen=True, slots=True)
class ExtensionHearing:
    """What an extension is decided by: old and new limit with the arithmetic (field-facts 3.3, 9.6)."""

    ticket_id: int
    days: int
    reason: str
    basis: str
    told: bool
    asked_by: str
    asked_at: datetime | None
    old_due: datetime | None
    new_due: datetime | None
    lines: tuple[str, ...] = ()
    granted_days: int = 0
    unit: str = ""
    snippets: tuple[tuple[str, str], ...] = ()


def return_window(
    rules: ReturnRules, calendar: WorkCalendar, sent_at: datetime, asked_at: datetime, hard: bool
) -> Window:
    """The window that began when the unit was sent the work order; a hard one (疑难) has the longer limit."""
    limit = rules.complex_limit if hard else rules.limit
    lines = explain(limit, calendar, sent_at, ended="退单")
    return Window(due_time(limit, calendar, sent_at), asked_at, lines, rules.silence_accepts)


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit as the catalogue knows it: what its short name is and which words stand for its duties."""

    id: int
    code: str
    name: str
    short: str
    kind: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What the catalogue is asked about."""

    category_code: str
    category_path: str
    default_unit: str
    text: str
    place_rule: str = ""


def bases(
    matter: Matter, own: Duty, units: Sequence[Duty], street: Duty | None
) -> tuple[Basis, ...]:
    """The grounds the catalogue gives `own` for returning this matter, the strongest first."""
    named = _named(matter.text, own, units)
    found: list[Basis] = []
    found += _by_category(matter, own, units, street)
    found += _by_place(matter, own, street)
    found += named
    if own.words and not _hits(matter.text, own):
        duties = "、".join(own.words)
        text = f"{DUTY_HEAD} {own.code} {own.name}：职责为{duties}，不含本事项"
        found.append(Basis(own.code, WRONG_DUTY, text))
    rule = f"{RULE_HEAD}：部件先属主后属地，事件先属地后属主"
    found.append(Basis("R1", UNCLEAR, rule))
    return tuple(found)


def _by_category(
    matter: Matter, own: Duty, units: Iterable[Duty], street: Duty | None
) -> list[Basis]:
    head = f"{CATEGORY_HEAD} {matter.category_code} {matter.category_path}".strip()
    code = matter.category_code
    if not code:
        return []
    if matter.default_unit == "street":
        if street is None or own.kind in _STREETS:
            return []
        return [Basis(code, WRONG_DUTY, f"{head}：由属地{street.name}办理", street.name, street.id)]
    owner = next((one for one in units if matter.default_unit in (one.short, one.name)), None)
    if owner is None or owner.id == own.id:
        return []
    return [Basis(code, WRONG_DUTY, f"{head}：责任单位为{owner.name}", owner.name, owner.id)]


def _by_place(matter: Matter, own: Duty, street: Duty | None) -> list[Basis]:
    if street is None or own.kind not in _STREETS or street.id == own.id:
        return []
    rule = f"（{matter.place_rule}）" if matter.place_rule else ""
    text = f"{PLACE_HEAD}：事发地属{street.name}{rule}"
    return [Basis("P1", WRONG_PLACE, text, street.name, street.id)]


def _named(text: str, own: Duty, units: Iterable[Duty]) -> list[Basis]:
    """Units whose duties stand in what was said, most words first."""
    hits = [(one, _hits(text, one)) for one in units if one.id != own.id]
    told = sorted((pair for pair in hits if pair[1]), key=lambda pair: -len(pair[1]))
    return [
        Basis(
            one.code,
            WRONG_DUTY,
            f"{DUTY_HEAD} {one.code} {one.name}：{'、'.join(words)}",
            one.name,
            one.id,
        )
        for one, words in told[:MOST_NAMED]
    ]


def _hits(text: str, unit: Duty) -> tuple[str, ...]:
    return tuple(word for word in unit.words if word in text)
