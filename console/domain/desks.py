"""Records of the dispatch, review, callback and archive desks."""

from dataclasses import dataclass
from datetime import datetime

from console.domain.changes import Changed
from console.domain.court import Hop, Sheet, UnitRecord
from console.domain.records import TicketRow
from console.domain.states import Satisfaction


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that may be given a work order."""

    id: int
    name: str
    hint: str
    kind: str
    reason: str = ""
    record: UnitRecord | None = None


@dataclass(frozen=True, slots=True)
class DispatchForm:
    """What the dispatcher decides (field-facts 3.3)."""

    ticket_id: int
    version: int
    unit_id: int | None = None
    co_unit_ids: tuple[int, ...] = ()
    opinion: str = ""
    # 疑难; None leaves the mark as it is.
    complex: bool | None = None


@dataclass(frozen=True, slots=True)
class CallbackAnswers:
    """The three questions, unit and hotline satisfaction apart (field-facts 9.7)."""

    contacted: bool | None = None
    resolution: str = ""
    satisfaction: Satisfaction | None = None
    hotline_satisfaction: Satisfaction | None = None
    dissatisfied_reason: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CallbackScript:
    """What to say: the opening with the names filled in, then the questions of the pack."""

    opening: str
    questions: tuple[tuple[str, str], ...]
    satisfaction: tuple[tuple[Satisfaction, str], ...]
    dissatisfied_reasons: tuple[tuple[str, str], ...]
    tries: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Done:
    """A write that can be taken back for a while."""

    changed: Changed
    number: str
    words: str
    undo_until: datetime | None = None
    ticket_id: int = 0
    undo_seconds: int = 0


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of each ticket of a bulk action: number and, where it failed, the sentence."""

    changed: Changed
    done: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Since when a work order waits at this desk, and who else has taken it; empty when nobody has."""

    ticket_id: int
    since: datetime | None
    held_by: str = ""
    # How far it is, where that is worth a line: 3 位诉求人，已回访 1.
    note: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits at a desk, most urgent first; `total` may be more than the rows shown."""

    rows: tuple[TicketRow, ...]
    total: int
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class DispatchHelp:
    """What the form offers for one work order: units with the reason, the limits if sent now, phrases."""

    ticket_id: int
    units: tuple[UnitChoice, ...]
    deadlines: str
    warnings: tuple[str, ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()
    must_designate: bool = False
    hops: tuple[Hop, ...] = ()
    sheet: Sheet | None = None
    complex: bool = False
    # The limits under the other answer to 疑难.
    deadlines_otherwise: str = ""
