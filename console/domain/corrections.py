"""Records of what is put right after intake: merged, split, amended (peers 6.3, 6.4, field-facts 3.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.domain.intake import DuplicateCard
from console.domain.states import Nature, TicketState, Urgency

# From the pack's number of callers on a matter is 集中反映 (field-facts 3.7).
GATHERED = "集中反映"
_END = re.compile(r"(?<=[。！？!?；;\n])")


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


class Half(StrEnum):
    """Where a sentence of a split work order goes."""

    KEPT = "kept"
    NEW = "new"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class SplitView:
    """A work order about to be split: its sentences in order, masked like everywhere on screen."""

    ticket_id: int
    version: int
    title: str
    sentences: tuple[str, ...]
    category_code: str
    category_path: str


@dataclass(frozen=True, slots=True)
class SplitForm:
    """Where each sentence goes, and both titles; the second half becomes a work order of its own.

    The sentences themselves are not sent back: what is divided is what is stored, masked or not.
    """

    ticket_id: int
    version: int
    kept_title: str
    title: str
    halves: tuple[Half, ...]
    category_code: str = ""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a content with all that stands between them: put together they are the content."""
    pieces: list[str] = []
    for part in _END.split(text):
        if pieces and not part.strip():
            pieces[-1] += part
        elif part:
            pieces.append(part)
    return tuple(pieces)


def divided(text: str, halves: Sequence[Half]) -> tuple[str, str]:
    """The content of both work orders. Every sentence stands in at least one: nothing said gets lost."""
    told = list(zip(sentences(text), halves, strict=True))
    kept = "".join(piece for piece, half in told if half is not Half.NEW)
    new = "".join(piece for piece, half in told if half is not Half.KEPT)
    return kept.strip(), new.strip()


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
    legacy_issue: bool = False
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
