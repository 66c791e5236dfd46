"""Records of the work-order pool: what to list, a page of it, the counters, one opened case (product.md 工单池)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from console.domain.records import CaseFile, TicketRow
from console.domain.states import Channel, Nature, Platform, TicketState


class Whose(StrEnum):
    """Whose work orders within what the operator may see at all."""

    ALL = "all"
    MINE = "mine"
    UNIT = "unit"


class Stage(StrEnum):
    """The counters of the pool, each a filter (field-facts Z5)."""

    OPEN = "open"
    TO_DISPATCH = "to_dispatch"
    TO_SIGN = "to_sign"
    IN_HAND = "in_hand"
    TO_REVIEW = "to_review"
    TO_CALL_BACK = "to_call_back"
    YELLOW = "yellow"
    RED = "red"
    LIT = "lit"
    CLOSED = "closed"
    EVERY = "every"
    DRAFTS = "drafts"


STAGE_NAMES: dict[Stage, str] = {
    Stage.OPEN: "在办",
    Stage.TO_DISPATCH: "待派单",
    Stage.TO_SIGN: "待签收",
    Stage.IN_HAND: "处理中",
    Stage.TO_REVIEW: "待审核",
    Stage.TO_CALL_BACK: "待回访",
    Stage.YELLOW: "黄灯",
    Stage.RED: "红灯",
    Stage.LIT: "黄灯与红灯",
    Stage.CLOSED: "已办结",
    Stage.EVERY: "工单总数",
    Stage.DRAFTS: "我的草稿",
}
S = TicketState
STAGE_STATES: dict[Stage, tuple[TicketState, ...]] = {
    Stage.TO_DISPATCH: (S.PENDING_ACCEPT, S.PENDING_DISPATCH),
    Stage.TO_SIGN: (S.PENDING_SIGN,),
    Stage.IN_HAND: (S.IN_PROGRESS, S.REDO, S.SUSPENDED, S.RETURN_REVIEW),
    Stage.TO_REVIEW: (S.PENDING_REVIEW, S.PENDING_VERIFY),
    Stage.TO_CALL_BACK: (S.PENDING_CALLBACK,),
}
# What "done" counts: closed for the citizen, whether or not it lies in the archive already.
CLOSED_STATES = (S.CLOSED, S.ARCHIVED, S.ANSWERED)
LIGHT_STAGES = frozenset({Stage.YELLOW, Stage.RED, Stage.LIT})


class Period(StrEnum):
    """When it was accepted, by the calendar of Asia/Shanghai; a week begins on Monday.

    NOW is the board in the hall: all open work however old, and what was closed today. ALL is the whole
    history, which is listed but never counted: no counter may grow dearer with the years.
    """

    NOW = ""
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


PERIOD_NAMES = {
    Period.NOW: "在办与今日办结",
    Period.TODAY: "今天受理",
    Period.WEEK: "本周受理",
    Period.MONTH: "本月受理",
    Period.ALL: "全部历史",
}


class Sort(StrEnum):
    """Due first, newest first, lowest number first. Finished work has no due time left: it comes newest first."""

    DUE = "due"
    NEWEST = "newest"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the pool lists. Everything empty is all open work in scope, due first."""

    whose: Whose = Whose.ALL
    stage: Stage = Stage.OPEN
    period: Period = Period.NOW
    natures: tuple[Nature, ...] = ()
    channels: tuple[Channel, ...] = ()
    category: str = ""
    category_name: str = ""
    unit_code: str = ""
    unit_name: str = ""
    text: str = ""
    sort: Sort = Sort.DUE
    reverse: bool = False
    platforms: tuple[Platform, ...] = ()
    # A campaign of the pack, with everything below it (field-facts K14).
    campaign: str = ""
    campaign_name: str = ""

    @property
    def open_only(self) -> bool:
        return self.stage not in (Stage.CLOSED, Stage.EVERY, Stage.DRAFTS)

    @property
    def order(self) -> Sort:
        """The order that can be had: without open work there is no due time to go by."""
        return Sort.NEWEST if self.sort is Sort.DUE and not self.open_only else self.sort

    @property
    def filters(self) -> int:
        """How many conditions beside stage and order are set."""
        plain = Criteria()
        kept = ("stage", "sort", "reverse", "category_name", "unit_name", "campaign_name")
        names = [f.name for f in fields(self) if f.name not in kept]
        return sum(getattr(self, name) != getattr(plain, name) for name in names)

    def as_data(self) -> dict[str, Any]:
        """As kept with a saved filter; only what differs from nothing."""
        plain = Criteria()
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {
            name: list(map(str, value)) if isinstance(value, tuple) else _plain(value)
            for name, value in values
            if value != getattr(plain, name)
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Criteria":
        """Read back; what a newer program wrote and this one does not know is left out."""
        made = cls()
        for name, read in _READERS.items():
            try:
                made = replace(made, **{name: read(data[name])}) if name in data else made
            except ValueError:
                continue
        return made


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, StrEnum) else value


def _natures(value: Any) -> tuple[Nature, ...]:
    return tuple(Nature(v) for v in value)


def _channels(value: Any) -> tuple[Channel, ...]:
    return tuple(Channel(v) for v in value)


def _platforms(value: Any) -> tuple[Platform, ...]:
    return tuple(Platform(v) for v in value)


_READERS: dict[str, Any] = {
    "whose": Whose, "stage": Stage, "period": Period, "natures": _natures, "channels": _channels,
    "platforms": _platforms, "campaign": str, "campaign_name": str,
    "category": str, "category_name": str, "unit_code": str, "unit_name": str, "text": str,
    "sort": Sort, "reverse": bool,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the page before ended: its last row's sort value and id. Never an offset: rows move while one reads."""

    value: str | None
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 200 rows; `next` None at the end. `cut`: the words are so common that only the newest were searched."""

    rows: tuple[TicketRow, ...]
    next: Cursor | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """Open work by stage and light, what was closed, and the sum; None for what is not counted (`Period.ALL`)."""

    numbers: Mapping[Stage, int | None]

    def __getitem__(self, stage: Stage) -> int | None:
        return self.numbers.get(stage, 0)


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as one person sees it. `reveals`: what may be shown in full; `trace`: the code on the screen.

    `watchers` are colleagues who have it open now; `may_audit`: may ask who saw this number.
    """

    case: CaseFile
    trace: str = ""
    reveals: tuple[str, ...] = ()
    may_audit: bool = False
    watchers: tuple[str, ...] = ()
    # How many people it speaks for, the number it was split from, those merged into it.
    appellants: int = 1
    split_from: str = ""
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """A saved filter; `mine` tells whether the operator may change it."""

    id: int
    name: str
    criteria: Criteria
    shared: bool
    mine: bool


REVEAL_NAMES = {"phone": "号码", "name": "姓名", "address": "地址", "content": "原文"}
# A short list: a reason must cost one key, or people invent one.
REVEAL_REASONS = (
    "联系诉求人办理",
    "回访核实",
    "核对身份与地址",
    "紧急情况处置",
    "督办核查",
)


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit or a category to filter by: its code is the prefix of all below it."""

    code: str
    name: str
    detail: str = ""
