"""上报事项: what a grid worker found, settled on the spot or pushed to the hotline (field-facts Y5, K10, X2)."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from console.domain.changes import Changed
from console.domain.states import TicketState, Urgency


@dataclass(frozen=True, slots=True)
class ReportForm:
    """Four fields and pictures. `key` is made when the form opens and makes sending idempotent.

    `settled` None is not decided; True needs `result` and, for matters of the site, pictures before and after.
    """

    key: str = ""
    place: str = ""
    grid_id: int | None = None
    category_code: str = ""
    content: str = ""
    urgency: Urgency = Urgency.NORMAL
    settled: bool | None = None
    result: str = ""
    before: tuple[Path, ...] = ()
    after: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class GridChoice:
    """A grid the operator may report from; `rule` says how a place led to it, `own` that it is his or her unit."""

    id: int
    name: str
    path: str
    initials: str
    rule: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """A kind of matter; `site` ones are settled with pictures before and after (field-facts H18)."""

    code: str
    name: str
    path: str
    initials: str
    site: bool = False
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of the report."""

    ticket_id: int
    number: str
    state: TicketState
    at: datetime
    already: bool = False
    changed: Changed = field(default_factory=lambda: Changed(frozenset()), compare=False)
