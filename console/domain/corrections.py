"""Records of what is put right after intake: merged, split, amended (peers 6.3, 6.4, field-facts 3.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from console.domain.errors import Conflict
from console.domain.intake import DuplicateCard
from console.domain.states import Nature, TicketState, Urgency

# From the pack's number of callers on a matter is 集中反映 (field-facts 3.7).
GATHERED = "集中反映"
# The facts a correction may change, as they are called.
CAPTIONS: dict[str, str] = {
    "title": "标题",
    "nature": "性质",
    "urgency": "紧急程度",
    "category_code": "分类",
    "address": "地点",
    "grid_id": "网格",
    "complex": "疑难",
    "dispute": "矛盾件",
    "confidential": "保密",
    "legacy_issue": "历史遗留",
}
_NO_FACTS = frozenset({"ticket_id", "version", "reason"})
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
class Clash:
    """A fact two people changed at once, each otherwise: what stands now, in words."""

    name: str
    caption: str
    theirs: str


class Clashing(Conflict):
    """Both changed the same facts. What only one of them changed is no reason for it."""

    def __init__(self, by: str, clashes: tuple[Clash, ...]) -> None:
        told = "、".join(clash.caption for clash in clashes)
        super().__init__(f"{by}刚改了您也在改的{told}", "请逐项选定，其余都已合在一起")
        self.by, self.clashes = by, clashes


def merged(
    base: AmendForm, mine: AmendForm, theirs: AmendForm
) -> tuple[AmendForm, tuple[str, ...]]:
    """Both corrections of `base` together, field by field, against what stands now; and where they clash.

    At a clash it holds mine. Both having put the same is none.
    """
    names = [field.name for field in fields(AmendForm) if field.name not in _NO_FACTS]
    changed = [name for name in names if getattr(mine, name) != getattr(base, name)]
    together = replace(theirs, reason=mine.reason, **{n: getattr(mine, n) for n in changed})
    clashing = tuple(
        name
        for name in changed
        if getattr(theirs, name) not in (getattr(base, name), getattr(mine, name))
    )
    return together, clashing


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
