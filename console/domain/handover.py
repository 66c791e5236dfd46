"""交接班: what the next shift must know, on screen; the paper is made from it (peers 6.10, console.domain.sheets)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from console.domain.promises import PromiseCounts, PromiseLine
from console.domain.records import TicketRow
from console.domain.worktime import civil

LONGEST_NOTE = 1000
# A shift nobody handed over before is taken to have begun at these hours.
_STARTS = ((0, "夜班"), (8, "早班"), (16, "中班"))
# Whoever hands over a little after the hour hands over the shift before.
_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Missed:
    """A caller nobody answered and nobody rang back; the number is masked."""

    id: int
    at: datetime
    phone: str
    queue: str
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Held:
    """A suspended work order whose day has come, or comes tomorrow."""

    ticket_id: int
    number: str
    title: str
    unit: str
    reason: str
    resume_on: date
    by: str
    confidential: bool = False

    @property
    def id(self) -> int:
        return self.ticket_id


@dataclass(frozen=True, slots=True)
class ShiftNote:
    """What one shift leaves for the next."""

    id: int
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything handed over: every open promise, what is lit, what is to resume, who was missed, notes."""

    name: str
    since: datetime
    until: datetime
    handed_by: str
    figures: tuple[tuple[str, str], ...] = ()
    promises: tuple[PromiseLine, ...] = ()
    counts: PromiseCounts = field(default_factory=PromiseCounts)
    lit: tuple[TicketRow, ...] = ()
    reds: int = 0
    yellows: int = 0
    held: tuple[Held, ...] = ()
    missed: tuple[Missed, ...] = ()
    notes: tuple[ShiftNote, ...] = ()


def lit_words(shift: Shift) -> str:
    """红灯 2、黄灯 1: of all of them, also when the list is cut."""
    return f"红 {shift.reds}、黄 {shift.yellows}"


def shift_name(at: datetime) -> str:
    """早班, 中班 or 夜班: whose hand-over falls at this hour."""
    hour = civil(at - _LATE).hour
    return next(name for first, name in reversed(_STARTS) if hour >= first)


def shift_start(at: datetime) -> datetime:
    """When the shift handed over at this hour began."""
    local = civil(at - _LATE)
    hour = max(first for first, _name in _STARTS if local.hour >= first)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)
