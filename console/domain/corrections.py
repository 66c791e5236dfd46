"""Records of what is put right after intake: merged, split, amended (peers 6.3, 6.4, field-facts 3.3)."""

import re
from dataclasses import dataclass
from datetime import datetime

from console.domain.intake import DuplicateCard
from console.domain.states import Nature, TicketState, Urgency

# From the pack's number of callers on a matter is 集中反映 (field-facts 3.7).
GATHERED = "集中反映"
_END = re.compile(r"(?<=[。！？!?；;\n])")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class MainTicket:
    """The work order another one is to be merged into, as facts to judge sameness by."""

    id: int
    number: str
    title: str
    state: TicketState
    unit: str
    place: str
    content: str
    at: datetime
    appellants: int
    confidential: bool


@dataclass(frozen=True, slots=True)
class MergeOffer:
    """What the merge form offers: likely main work orders, likeliest first."""

    ticket_id: int
    likely: tuple[DuplicateCard, ...]
    gathered_from: int


@dataclass(frozen=True, slots=True)
class SplitView:
    """A work order about to be split."""

    ticket_id: int
    version: int
    title: str
    content: str
    wanted: str
    category_code: str
    category_path: str


@dataclass(frozen=True, slots=True)
class SplitForm:
    """Both halves as the dispatcher divided them; the second becomes a work order of its own."""

    ticket_id: int
    version: int
    kept_title: str
    kept: str
    title: str
    content: str
    category_code: str = ""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a content, without the blanks around them."""
    return tuple(part.strip() for part in _END.split(text) if part.strip())


def left_out(original: str, *halves: str) -> tuple[str, ...]:
    """Sentences of the original that stand in neither half: nothing a citizen said may get lost."""
    told = [_BLANKS.sub("", half) for half in halves]
    plain = ((one, _BLANKS.sub("", one).rstrip("。！？!?；;")) for one in sentences(original))
    return tuple(one for one, bare in plain if bare and not any(bare in half for half in told))


@dataclass(frozen=True, slots=True)
class AmendForm:
    """A work order's facts as they should be; what differs from what is stored is the correction."""

    ticket_id: int
    version: int
    title: str
    nature: Nature
    urgency: Urgency
    category_code: str
    address: str
    grid_id: int | None
    complex: bool
    dispute: bool
    confidential: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Amendable:
    """The form with the names people read; `editable` are the fields this person may change."""

    form: AmendForm
    category_path: str
    grid_name: str
    editable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One corrected fact: caption, before, after."""

    caption: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.caption}：{self.before or '无'} → {self.after or '无'}"


@dataclass(frozen=True, slots=True)
class AmendPreview:
    """What a correction changes, and what becomes of the limit, before it is saved."""

    changes: tuple[Change, ...]
    due_before: datetime | None = None
    due_after: datetime | None = None
    limit: str = ""
    lines: tuple[str, ...] = ()

    @property
    def moves_limit(self) -> bool:
        return self.due_before != self.due_after
