"""值班表: who answers for a unit on a day, its leaders in turn (field-facts H12, 6.8)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from console.domain.errors import Invalid
from console.domain.phones import parse_phone
from console.domain.roles import Role

SHIFTS = ("全天", "白班", "夜班")
# Whose people they are: the centre everywhere, streets and communities in their own branch.
DUTY_KEEPERS = frozenset({Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER})
NAME_MOST, RANK_MOST = 40, 20
# A swap is written down next morning at the latest; who was on duty before that stays on record.
BACK_DAYS, AHEAD_DAYS = 1, 366
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DutyForm:
    """Somebody on duty; `id` None is a new entry."""

    unit_id: int
    on_day: date
    name: str
    phone: str
    shift: str = SHIFTS[0]
    rank: str = ""
    leads: bool = True
    staff_id: int | None = None
    id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class DutyLine:
    """An entry of the roster; `phone` is the office's to see."""

    id: int
    on_day: date
    shift: str
    name: str
    phone: str
    rank: str
    leads: bool
    staff_id: int | None
    version: int

    @property
    def words(self) -> str:
        """As it is read out: who leads, as what, at which number."""
        return duty_words(self.name, self.rank, self.shift, self.phone, self.leads)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A day with one entry of it, or with none. `id` is the day and the place in it."""

    id: str
    on_day: date
    line: DutyLine | None
    open: bool

    @property
    def weekday(self) -> str:
        return f"周{WEEKDAYS[self.on_day.weekday()]}"


@dataclass(frozen=True, slots=True)
class Roster:
    """A unit's month."""

    unit_id: int
    unit: str
    first: date
    rows: tuple[RosterRow, ...]
    may_edit: bool

    @property
    def empty_days(self) -> int:
        return sum(row.line is None and row.open for row in self.rows)


@dataclass(frozen=True, slots=True)
class DutyUnit:
    """A unit with who is on duty today and how many of the next seven days have nobody."""

    id: int
    name: str
    kind: str
    initials: str
    today: str
    missing: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the unit who may be put on the roster."""

    staff_id: int | None
    name: str
    post: str
    phone: str
    rank: str


def duty_words(name: str, rank: str, shift: str, phone: str, leads: bool) -> str:
    told = "、".join(filter(None, (rank, "" if shift == SHIFTS[0] else shift)))
    who = f"{'带班' if leads else '值班'} {name}{f'（{told}）' if told else ''}"
    return f"{who} {phone}".strip()


def is_open(on_day: date, today: date) -> bool:
    """Whether this day's entries may still change."""
    return on_day >= today - timedelta(days=BACK_DAYS)


def refuse_closed(on_day: date, today: date) -> None:
    """Raises Invalid for a day whose roster is history."""
    if not is_open(on_day, today):
        raise Invalid("前天及以前的值班不能再改", "谁值过班要留底；换班最迟第二天登记", "on_day")


def check_duty(form: DutyForm, today: date) -> DutyForm:
    """The form as it is kept. Raises Invalid beside the field."""
    refuse_closed(form.on_day, today)
    if form.on_day > today + timedelta(days=AHEAD_DAYS):
        raise Invalid("最多排一年", field="on_day")
    if form.shift not in SHIFTS:
        raise Invalid("请选择班次", field="shift")
    name, rank = form.name.strip(), form.rank.strip()
    if not name:
        raise Invalid("请填写值班人", field="name")
    if len(name) > NAME_MOST or len(rank) > RANK_MOST:
        field = "name" if len(name) > NAME_MOST else "rank"
        raise Invalid("写得太长", f"姓名最多 {NAME_MOST} 字，职务最多 {RANK_MOST} 字", field)
    if not form.phone.strip():
        raise Invalid("请填写值班电话", "值班时打得通的号码", "phone")
    digits = parse_phone(form.phone).digits
    return DutyForm(
        form.unit_id, form.on_day, name, digits, form.shift, rank, form.leads, form.staff_id, form.id, form.version
    )  # fmt: skip


def month_of(day: date) -> tuple[date, date]:
    """The month's first and last day."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def rows_of(
    first: date, last: date, lines: Iterable[DutyLine], today: date
) -> tuple[RosterRow, ...]:
    """Every day of a month in order, those with nobody too."""
    by_day: dict[date, list[DutyLine]] = {}
    for line in lines:
        by_day.setdefault(line.on_day, []).append(line)
    rows: list[RosterRow] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        own = sorted(by_day.get(day, ()), key=lambda one: (not one.leads, SHIFTS.index(one.shift)))
        entries: list[DutyLine | None] = [*own] or [None]
        rows += [
            RosterRow(f"{day}/{at}", day, one, is_open(day, today))
            for at, one in enumerate(entries)
        ]
    return tuple(rows)


def copied(
    before: Iterable[DutyLine], taken: Iterable[date], unit_id: int, today: date
) -> tuple[DutyForm, ...]:
    """Last week's entries a week later, on days that are not history and have nobody yet."""
    there, week = set(taken), timedelta(days=7)
    return tuple(
        DutyForm(unit_id, one.on_day + week, one.name, one.phone, one.shift, one.rank, one.leads, one.staff_id)
        for one in before
        if one.on_day + week >= today and one.on_day + week not in there
    )  # fmt: skip
