"""Rows, cards and forms of the registers; masked unless a name begins with `full_`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from console.domain.importing.fields import Field
from console.domain.registers.freshness import Checked, Freshness, FreshReport
from console.domain.registers.inspections import InspectionLine
from console.domain.registers.kinds import Register
from console.domain.registers.life import LifeKind, LifeLine
from console.domain.registers.visits import Visited, VisitLine

PAGE = 200


@dataclass(frozen=True, slots=True)
class Query:
    """What the list shall show; `words` as typed in the one box."""

    register: Register
    words: str = ""
    grid_id: int | None = None
    freshness: Freshness | None = None
    gone: bool = False
    after: int = 0
    # As many as were in sight before, when a list is read again.
    most: int = PAGE
    # Stands above all others whether or not it fits the words: what was saved last.
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list. `overdue` counts visits that should have been."""

    id: int
    title: str
    detail: str = ""
    place: str = ""
    grid: str = ""
    tag: str = ""
    checked: Checked | None = None
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows and how many there are in all; `meant` says what the typed words were taken for."""

    register: Register
    rows: tuple[Row, ...]
    total: int
    meant: str = ""
    report: FreshReport | None = None
    asked: int = PAGE

    @property
    def more(self) -> bool:
        return bool(self.rows) and len(self.rows) >= self.asked


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a card. A private one is shown as its mask and can be asked for in full."""

    name: str
    title: str
    shown: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the same household, or a household of the same house."""

    register: Register
    id: int
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a row's history."""

    at: datetime
    by: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post somebody held, from when to when; `ended_on` None is the one he holds."""

    post: str
    unit: str
    grids: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class RegisterCard:
    """Everything about one row that may be seen without asking."""

    register: Register
    id: int
    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    version: int
    checked: Checked | None = None
    state: str = ""
    relatives: tuple[Relative, ...] = ()
    members: tuple[VisitLine, ...] = ()
    visits: tuple[Visited, ...] = ()
    life: tuple[LifeLine, ...] = ()
    offered: tuple[LifeKind, ...] = ()
    history: tuple[Change, ...] = ()
    building_id: int | None = None
    may_edit: bool = False
    may_reveal: bool = False
    inspections: tuple[InspectionLine, ...] = ()
    posts: tuple[PostLine, ...] = ()
    may_correct: bool = False
    # The grid it is of; of a grid or unit, itself: what the map shows.
    area_id: int | None = None

    @property
    def private(self) -> tuple[str, ...]:
        return tuple(fact.name for fact in self.facts if fact.private)


@dataclass(frozen=True, slots=True)
class FormField:
    """An input. `shown` is the mask of a private value that stays unless something is typed over it.

    `label` is how the value reads where that differs (a grid's name for its code); `why` says who proposed it.
    """

    field: Field
    value: str = ""
    shown: str = ""
    fixed: bool = False
    label: str = ""
    why: str = ""

    @property
    def is_private(self) -> bool:
        return bool(self.shown)


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A form to fill: `id` None is a new row."""

    register: Register
    id: int | None
    version: int
    fields: tuple[FormField, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back from a form: field name → text; fields that are not there stay as they are."""

    register: Register
    id: int | None
    version: int
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Match:
    """Something on the register already that a new row may be (比对): `why` says by what."""

    register: Register
    id: int
    title: str
    why: str
    certain: bool = False
    # Of a household at the address typed: its number, for who joins it.
    household: str = ""
