"""What the report desk looks for, shows and hands out. Pure records; times are aware UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from console.domain.forms import Document, FormKind
from console.domain.records import TicketRow


class Stage(StrEnum):
    """How far a work order is, as the clerk asks for it."""

    CLOSED = "closed"
    ARCHIVED = "archived"
    OPEN = "open"
    ANY = "any"


class Manner(StrEnum):
    """How a copy left: on paper or as a file."""

    PRINT = "print"
    FILE = "file"


# What the desk offers, in this order (field-facts 9.2, 9.3, 9.7, 9.8).
DESK_FORMS = (
    FormKind.TICKET_FORM,
    FormKind.HANDLING_SHEET,
    FormKind.CLOSURE_REPORT,
    FormKind.CALLBACK_RECORD,
    FormKind.REPLY_LETTER,
)
# And behind one key: what is not printed every day.
OTHER_FORMS = tuple(form for form in FormKind if form not in DESK_FORMS)


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which work orders; days are Beijing days, both included.

    Closed and archived ones are asked by the day they were closed, others by the day they came in.
    `text` is part of a number, or words of title, content or address. `form` decides which copies are counted.
    """

    stage: Stage = Stage.CLOSED
    since: date | None = None
    until: date | None = None
    unit_id: int | None = None
    text: str = ""
    form: FormKind = FormKind.CLOSURE_REPORT


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page of a list begins."""

    at: datetime | None
    id: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One work order that can be printed; `at` is the day asked by, `copies` how many of the form are out."""

    ticket: TicketRow
    at: datetime | None
    copies: int

    @property
    def id(self) -> int:
        return self.ticket.id


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list; `more` is None on the last one."""

    rows: tuple[ReportRow, ...]
    more: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview: what would be printed now, and as which copy. `note` says what is still blank in it."""

    ticket_id: int
    number: str
    form: FormKind
    document: Document
    next_copy: int
    mark: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as opaque BGRA pixels, rows without padding."""

    page: int
    dpi: int
    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy that has left: which of its form, and the code on it."""

    ticket_id: int
    number: str
    copy_no: int
    mark: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A document ready for the printer, every copy in it logged; `failed` are left out, each with the reason."""

    document: Document
    form: FormKind
    copies: tuple[Copy, ...]
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Files written whole; `stopped` when the operator ended it before the last one."""

    folder: Path
    form: FormKind
    files: tuple[Path, ...]
    copies: tuple[Copy, ...]
    failed: tuple[tuple[str, str], ...] = ()
    stopped: bool = False
