"""110联动: who keeps what, what 110 hands over, and the counts both centres compare (field-facts 10.12, 8, Y9)."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from console.domain.states import Urgency
from console.domain.worktime import CIVIL

NONE = "—"


class Side(StrEnum):
    """The two centres, as stored in `got_it_first`."""

    HOTLINE = "12345"
    POLICE = "110"


class Pile(StrEnum):
    """Queues of the linkage desk."""

    INCOMING = "incoming"
    GIVEN = "given"
    RETURNED = "returned"


PILE_NAMES = {Pile.INCOMING: "110转来", Pile.GIVEN: "已移交110", Pile.RETURNED: "110退回"}


class Result(StrEnum):
    """What became of one hand-over; pending only while we have not judged what 110 gave us."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Basis(StrEnum):
    """Why a matter goes to 110."""

    DANGER = "danger"
    DUTY = "duty"
    AGREED = "agreed"


BASIS_NAMES = {
    Basis.DANGER: "危及人身财产安全",
    Basis.DUTY: "属110职责",
    Basis.AGREED: "三方通话商定",
}
# The boundary as both centres agreed on it; read out while deciding (field-facts 10.12).
BOUNDARY: tuple[tuple[str, str], ...] = (
    ("立即转110", "正在危及人身、财产安全的，先转接、后登记，来电人保持通话"),
    ("归110", "刑事、治安、交通事故、群体性事件，家庭暴力、人员走失"),
    ("归12345", "非紧急的咨询、求助、投诉、建议：市政设施、物业、噪声、消费、社保、邻里等"),
    ("职责清楚", "一键转交，记下时间、接警员工号和结果"),
    ("职责不清", "三方通话，两个中心商定；商定不了，谁先接到谁受理"),
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which centre the rule gives a matter to, and whether doing otherwise needs both centres' consent."""

    first: Side
    exception: bool
    words: str


def ruling(first: Side, taken_by: Side) -> Ruling:
    """谁先接到谁受理: `taken_by` is the centre that is about to end up with it."""
    if first is taken_by:
        return Ruling(first, False, f"{first} 先接到，按首接规则由 {first} 受理")
    return Ruling(
        first,
        True,
        f"{first} 先接到，按首接规则应由 {first} 受理；改由 {taken_by} 受理须两个中心都同意",
    )


# --- what 110 hands over


@dataclass(frozen=True, slots=True)
class Incoming:
    """The short form for what 110 hands over. `key` makes sending idempotent."""

    key: str = ""
    police_no: str = ""
    occurred: str = ""
    address: str = ""
    name: str = ""
    full_phone: str = ""
    content: str = ""
    handed_by: str = ""
    three_way: bool = False
    urgency: Urgency = Urgency.NORMAL


_LABELS: tuple[tuple[str, str], ...] = (
    ("police_no", r"警情编号|接警单编号|接警编号|警单编号|警单号|案件编号|事件编号|编号"),
    ("occurred", r"报警时间|接警时间|发生时间|案发时间|时间"),
    ("address", r"案发地点|案发地址|报警地点|事发地点|事发地址|发生地点|地点|地址"),
    ("name", r"报警人姓名|报警人|来电人|姓名"),
    ("full_phone", r"报警人电话|报警电话|联系电话|联系方式|来电号码|电话|手机"),
    ("content", r"简要警情|简要案情|警情内容|报警内容|警情描述|主要内容|内容|诉求"),
    ("handed_by", r"接警员工号|接警员|移交人|移交民警|值班民警|经办人"),
)
_LABEL = re.compile(
    "|".join(rf"(?P<{name}>(?<![一-龥])(?:{words}))\s*[:：]" for name, words in _LABELS)
)
_PHONE = re.compile(r"(?<![0-9])(?:1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9])")


def read_hand_over(text: str) -> Incoming:
    """A pasted sheet of 110 → the form: labelled lines in any order; unlabelled text is the content."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    found = list(_LABEL.finditer(plain))
    values: dict[str, str] = {}
    for at, hit in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(plain)
        value = re.sub(r"^[\s,;，；、]+|[\s,;，；、]+$", "", plain[hit.end() : end])
        name = hit.lastgroup or ""
        if value and name not in values:
            values[name] = value if name == "content" else _one_line(value)
    if not found:
        values["content"] = plain
    if "full_phone" not in values and (number := _PHONE.search(plain)):
        values["full_phone"] = number.group()
    return Incoming(**values)  # type: ignore[arg-type]


def _one_line(value: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value))


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One hand-over between the centres, as shown beside the case."""

    id: int
    outgoing: bool
    service: str
    at: datetime
    handed_by: str
    receiver_no: str
    three_way: bool
    first: str
    reason: str
    result: Result
    refusal: str = ""
    police_no: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    receiver_back: str = ""
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the desk needs to decide on one matter: its hand-overs, who had it first, danger in its words."""

    ticket_id: int
    transfers: tuple[TransferLine, ...] = ()
    first: Side = Side.HOTLINE
    danger: str = ""


# --- counts


class Span(StrEnum):
    """Periods the counts are asked for; each up to today."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


SPAN_NAMES = {Span.DAY: "今日", Span.WEEK: "本周", Span.MONTH: "本月", Span.YEAR: "今年"}


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` up to but not including `end`, aware UTC."""

    start: datetime
    end: datetime


def windows(span: Span, today: date) -> tuple[Window, Window, Window]:
    """This period so far, as many days of the one before (环比), the same days a year ago (同比)."""
    first, before, year = {
        Span.DAY: (today, today - timedelta(days=1), _years_back(today)),
        # Weeks are compared weekday by weekday.
        Span.WEEK: (
            _monday(today),
            _monday(today) - timedelta(days=7),
            _monday(today) - timedelta(days=364),
        ),
        Span.MONTH: (today.replace(day=1), _month_back(today), _years_back(today.replace(day=1))),
        Span.YEAR: (
            today.replace(month=1, day=1),
            date(today.year - 1, 1, 1),
            date(today.year - 1, 1, 1),
        ),
    }[span]
    days = (today - first).days + 1
    ends = [_last(span, start, days, today) for start in (first, before, year)]
    now, earlier, ago = (
        _window(start, end) for start, end in zip((first, before, year), ends, strict=True)
    )
    return now, earlier, ago


def _last(span: Span, start: date, days: int, today: date) -> date:
    """The day after the last one counted: the same day of the month, which a shorter month may not have."""
    if span in (Span.DAY, Span.WEEK):
        return start + timedelta(days=days)
    month = today.month if span is Span.YEAR else start.month
    following = (date(start.year, month, 1) + timedelta(days=32)).replace(day=1)
    try:
        return min(date(start.year, month, today.day) + timedelta(days=1), following)
    except ValueError:
        return following


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_back(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _years_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _window(start: date, end: date) -> Window:
    return Window(*(datetime.combine(day, time(), CIVIL).astimezone(UTC) for day in (start, end)))


@dataclass(frozen=True, slots=True)
class Figures:
    """One window's counts. `others` went to 119, 120 or 122; `registered` is everything accepted then."""

    given: int = 0
    kept: int = 0
    given_back: int = 0
    came: int = 0
    accepted: int = 0
    sent_back: int = 0
    others: int = 0
    registered: int = 0


FIGURE_NAMES: tuple[tuple[str, str], ...] = (
    ("given", "移交110"), ("kept", "110接收"), ("given_back", "110退回"),
    ("came", "110转来"), ("accepted", "我方受理"), ("sent_back", "我方退回"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """Counts of a period with 环比 and 同比, and the diverted share with its formula printed (field-facts 8)."""

    span: Span
    window: Window
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)
    year_ago: Figures = field(default_factory=Figures)

    def number(self, name: str) -> int:
        return int(getattr(self.now, name))

    def change(self, name: str) -> str:
        """环比: `+12.50%`; — when there was nothing before."""
        return change(self.number(name), int(getattr(self.before, name)))

    def yearly(self, name: str) -> str:
        """同比."""
        return change(self.number(name), int(getattr(self.year_ago, name)))

    @property
    def share(self) -> str:
        """非警务分流率: what 110 passed on and we took, of all it passed on."""
        return rate(self.now.accepted, self.now.came)

    @property
    def formula(self) -> str:
        return f"非警务分流率 = 我方受理 ÷ 110转来 = {self.now.accepted} ÷ {self.now.came} = {self.share}"

    @property
    def share_of_all(self) -> str:
        part, whole = self.now.accepted, self.now.registered
        return f"占同期受理 = 我方受理 ÷ 全部受理 = {part} ÷ {whole} = {rate(part, whole)}"


def rate(part: int, whole: int) -> str:
    """Two decimals, half up; nothing to divide by is —, never 100 % (field-facts 8)."""
    return f"{_rounded(Decimal(part) * 100 / whole)}%" if whole else NONE


def change(now: int, before: int) -> str:
    """By how much it grew or fell, with its sign."""
    if not before:
        return NONE
    grown = _rounded(Decimal(now - before) * 100 / before)
    return f"{grown:+}%" if grown else "持平"


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
