"""What passes between the intake desk's window and its service: the form being filled in, and what is known.

Names and phones in here are masked unless the field's name says `full_` (product.md 8); the form itself
holds what the caller just said, in full, and lives only in the window, the encrypted draft and the database.
"""

from dataclasses import dataclass, field
from datetime import datetime

from console.domain.changes import Changed
from console.domain.errors import Invalid
from console.domain.records import GridOwner
from console.domain.states import Channel, Nature, TicketState, Urgency

# What the operator writes in 何地 when the caller cannot say where: said, not forgotten (field-facts 3.3).
UNKNOWN_PLACES = ("不详", "不明", "地点不详", "地点不明", "说不清", "未知", "无", "全市")


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """Everything typed at the intake desk. `key` is made when the form opens and makes submitting idempotent."""

    key: str
    call_id: int | None = None
    channel: Channel = Channel.PHONE
    person_id: int | None = None
    name: str = ""
    full_phone: str = ""
    contact_phone: str = ""
    occurred: str = ""
    address: str = ""
    grid_id: int | None = None
    grid_rule: str = ""
    x: float | None = None
    y: float | None = None
    """Where the operator pointed on the map, in the city's own coordinates (console.domain.city_map)."""
    title: str = ""
    content: str = ""
    wanted: str = ""
    nature: Nature | None = None
    category_code: str = ""
    unit_id: int | None = None
    co_unit_ids: tuple[int, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    reply_wanted: bool = True
    confidential: bool = False
    confidential_reason: str = ""
    anonymous: bool = False
    respondent: str = ""
    opinion: str = ""
    tags: tuple[str, ...] = ()
    campaigns: tuple[str, ...] | None = None
    """Codes of 专项活动; None: nobody chose, the words decide."""
    promises: tuple[tuple[str, str], ...] = ()
    """What the caller was promised, and by when (ISO): written with the record, whichever way it ends."""
    repeat_of_id: int | None = None
    ticket_id: int | None = None
    version: int | None = None
    number: str = ""
    """A final number taken for this form beforehand (`Intake.take_number`); empty: given on submitting."""
    screen: tuple[tuple[str, str], ...] = ()
    """What only the window needs to show the form again as it stood: names behind ids, half-typed choices,
    the cursor. Kept in drafts; the service ignores it."""

    @property
    def blank(self) -> bool:
        """Nothing worth keeping has been typed yet."""
        texts = (self.name, self.address, self.content, self.title, self.wanted, self.occurred)
        return not self.promises and not any(text.strip() for text in texts)


@dataclass(frozen=True, slots=True)
class Resident:
    """A registered person on the caller's number, or found by name or address."""

    person_id: int
    name: str
    sex: str
    age: int
    relation: str
    home: str
    grid_id: int
    grid_path: str
    residence_kind: str
    care: tuple[str, ...] = ()
    last_contact: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastMatter:
    """An earlier ticket or direct answer of this number."""

    ticket_id: int
    number: str
    title: str
    state: TicketState
    at: datetime
    outcome: str
    open: bool


@dataclass(frozen=True, slots=True)
class CallerCard:
    """Who is calling: shown the moment the phone rings."""

    call_id: int | None
    phone: str
    full_phone: str
    kind: str
    area: str
    calls_before: int
    calls_today: int
    residents: tuple[Resident, ...] = ()
    matters: tuple[PastMatter, ...] = ()
    enterprise: str = ""
    warning: str = ""
    fault: Invalid | None = None


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Whose grid it is: found, several to choose from, or outside. `ask` is the question to put to the caller."""

    owner: GridOwner | None = None
    candidates: tuple[GridOwner, ...] = ()
    rule: str = ""
    ask: str = ""
    neighbour: str = ""
    confidence: str = ""
    recognised: tuple[str, ...] = ()
    """What was understood of the sentence: 道路 保利西街, 门牌 123–130 号."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a type-ahead list: category, unit, address, resident."""

    key: str
    text: str
    hint: str = ""
    detail: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category and unit the program would choose, with the reason said."""

    category: Choice | None = None
    category_reason: str = ""
    unit: Choice | None = None
    unit_reason: str = ""
    nature: Nature | None = None
    nature_reason: str = ""
    urgency: Urgency | None = None
    emergency_line: str = ""
    others: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicateCard:
    """A likely earlier report of the same matter, with the reasons spelled out."""

    ticket_id: int
    number: str
    title: str
    state: TicketState
    unit: str
    at: datetime
    score: int
    reasons: tuple[str, ...]
    appellants: int = 1
    place: str = ""


@dataclass(frozen=True, slots=True)
class KnowledgeCard:
    id: int
    title: str
    short_answer: str
    long_answer: str
    basis: str
    unit: str
    expires: str = ""


@dataclass(frozen=True, slots=True)
class DeadlinePreview:
    """What the citizen can be told: `签收 今天 16:30 前 · 办结 11月25日 17:30 前（3个工作日）`."""

    words: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """A submitted form. `undo_until` is set when it was dispatched and may still be taken back."""

    ticket_id: int
    number: str
    lookup_code: str
    state: TicketState
    unit: str = ""
    undo_until: datetime | None = None
    finish_due: datetime | None = None
    already: bool = False
    changed: Changed | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A form kept locally, found again after a crash or left for later."""

    key: str
    form: IntakeForm
    saved_at: datetime
    masked_phone: str = ""
    left_by_crash: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submitted form that the server does not have yet; sent in the order of `queued_at`."""

    key: str
    form: IntakeForm
    dispatch: bool
    queued_at: datetime
    masked_phone: str = ""
