"""Sheets about many work orders at once: the hand-over of a shift, ledgers and lists (field-facts 9.9).

Whoever fills them has masked names and numbers already. Times are aware UTC. Standard library only.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from console.domain.records import LightText
from console.domain.states import SupervisionLevel
from console.domain.supervision import Blame


class SheetKind(StrEnum):
    """What can be printed about many work orders."""

    SHIFT_HANDOVER = "shift_handover"
    SUPERVISION_LEDGER = "supervision_ledger"
    RETURN_STATISTICS = "return_statistics"
    ACCOUNTABILITY_LIST = "accountability_list"


SHEET_NAMES: dict[SheetKind, str] = {
    SheetKind.SHIFT_HANDOVER: "交接班表",
    SheetKind.SUPERVISION_LEDGER: "督办台账",
    SheetKind.RETURN_STATISTICS: "退单统计表",
    SheetKind.ACCOUNTABILITY_LIST: "问责清单",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rows are of, so that anybody can count them again (peers 6.14).

    `period` and `filter` are words; `code` re-runs the same question and is printed as a barcode (ASCII).
    """

    period: str = ""
    filter: str = ""
    as_of: datetime | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class PromiseDue:
    """A time promised to a citizen that the next shift must keep (peers 6.10)."""

    number: str
    title: str
    what: str
    due: datetime
    made_by: str = ""
    unit: str = ""
    light: LightText | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class LitOrder:
    """A work order that is yellow or red, or will be within the next shift."""

    number: str
    title: str
    unit: str
    light: LightText
    state: str = ""
    finish_due: datetime | None = None
    note: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A caller still to be answered or rung back; the number is masked."""

    at: datetime
    phone: str = ""
    queue: str = ""
    waited: timedelta | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ToResume:
    """A suspended work order whose day has come or comes within the next shift."""

    number: str
    title: str
    unit: str
    reason: str = ""
    resume_on: date | None = None
    by: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class ShiftHandover:
    """交接班表. `figures` are captions and values of the shift, such as 接听 and 312."""

    shift: str = ""
    since: datetime | None = None
    until: datetime | None = None
    handed_by: str = ""
    taken_by: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    promises: tuple[PromiseDue, ...] = ()
    orders: tuple[LitOrder, ...] = ()
    waiting: tuple[WaitingCall, ...] = ()
    suspended: tuple[ToResume, ...] = ()
    notes: str = ""
    heading: str = ""
    basis: Basis = Basis()


@dataclass(frozen=True, slots=True)
class SupervisionEntry:
    """One supervision notice in the ledger; `points` is what it costs the unit."""

    document_no: str
    number: str
    title: str
    level: SupervisionLevel
    reason: str
    unit: str
    issued_at: datetime
    due: datetime | None = None
    leader: str = ""
    feedback: str = ""
    feedback_at: datetime | None = None
    lifted_at: datetime | None = None
    points: int = 0
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class SupervisionLedger:
    """督办台账."""

    rows: tuple[SupervisionEntry, ...] = ()
    heading: str = ""
    basis: Basis = Basis()


@dataclass(frozen=True, slots=True)
class ReturnTally:
    """Returns of one unit in one category; `by_reason` follows the order of the statistics' reasons."""

    unit: str
    category: str = ""
    dispatched: int = 0
    asked: int = 0
    by_reason: tuple[int, ...] = ()
    granted: int = 0
    refused: int = 0
    pending: int = 0
    designated: int = 0


@dataclass(frozen=True, slots=True)
class ReturnStatistics:
    """退单统计表: unit × category (peers 6.6)."""

    reasons: tuple[str, ...] = ("属地不符", "职责不符", "权属不清", "内容不清", "重复")
    rows: tuple[ReturnTally, ...] = ()
    heading: str = ""
    basis: Basis = Basis()


@dataclass(frozen=True, slots=True)
class AccountabilityEntry:
    """What one unit and person are to answer for, and what became of it."""

    unit: str
    person: str
    number: str
    title: str
    matter: str
    level: str = ""
    late: timedelta | None = None
    urged: int = 0
    points: int = 0
    opinion: str = ""
    settled_at: datetime | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class AccountabilityList:
    """问责清单 (product.md 督办): units and persons as the supervision desk counts them, and single matters.

    A part without lines is left out; with no line at all the sheet says so.
    """

    units: tuple[Blame, ...] = ()
    persons: tuple[Blame, ...] = ()
    rows: tuple[AccountabilityEntry, ...] = ()
    heading: str = ""
    basis: Basis = Basis()


SheetRecord = ShiftHandover | SupervisionLedger | ReturnStatistics | AccountabilityList
RECORD_OF: dict[SheetKind, type] = {
    SheetKind.SHIFT_HANDOVER: ShiftHandover,
    SheetKind.SUPERVISION_LEDGER: SupervisionLedger,
    SheetKind.RETURN_STATISTICS: ReturnStatistics,
    SheetKind.ACCOUNTABILITY_LIST: AccountabilityList,
}


# The kinds that are a count over days, as their codes begin.
_CODES = {
    SheetKind.SUPERVISION_LEDGER: "DB",
    SheetKind.RETURN_STATISTICS: "TD",
    SheetKind.ACCOUNTABILITY_LIST: "WZ",
}
PERIODICAL = tuple(_CODES)


def sheet_code(kind: SheetKind, since: date, until: date) -> str:
    """`DB-20260301-20260308`: what to type to have the same count made again (peers 6.14)."""
    return f"{_CODES[kind]}-{since:%Y%m%d}-{until:%Y%m%d}"


def read_sheet_code(code: str) -> tuple[SheetKind, date, date]:
    """Which sheet and which days, both included; ValueError when it is no such code."""
    start, _, days = code.strip().upper().partition("-")
    first, _, last = days.partition("-")
    kind = next((kind for kind, letters in _CODES.items() if letters == start), None)
    if kind is None or len(first) != 8 or len(last) != 8:
        raise ValueError(code)
    since, until = date.fromisoformat(first), date.fromisoformat(last)
    if since > until:
        raise ValueError(code)
    return kind, since, until
