"""Records of the forms that show what several people did: contacts, checks, refusals, copies, the police.

As in `console.domain.forms`, every field has a default where a blank can be written in. Times are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContactNote:
    """One time a unit spoke to the citizen; the number is masked."""

    at: datetime
    phone: str = ""
    manner: str = ""
    by: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class CheckNote:
    """One verification on the spot. `photos` are numbers in the list of attachments."""

    at: datetime
    by: str = ""
    passed: bool | None = None
    result: str = ""
    signed_off: bool = False
    photos: str = ""


@dataclass(frozen=True, slots=True)
class CoReply:
    """What a co-unit answered the lead unit."""

    unit: str
    by: str = ""
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class HandlingFacts:
    """承办单 (field-facts 9.3): what the case file has no room for."""

    contacts: tuple[ContactNote, ...] = ()
    arrived_at: datetime | None = None
    arrived_by: str = ""
    check: CheckNote | None = None
    co_replies: tuple[CoReply, ...] = ()
    beyond_duty_kind: str = ""
    law_basis: str = ""
    signed_off_by: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """核查单 (field-facts 3.3, 9.1): the grid's own worker, never the handler, sees whether it is done.

    Photographs are named by their numbers in the list of attachments.
    """

    checks: tuple[CheckNote, ...] = ()
    worker: str = ""
    dispute: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """One unit's reasons for not handling it, as laid on the table of a joint sheet."""

    unit: str
    reason: str = ""
    basis: str = ""
    suggested_unit: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    granted: bool | None = None
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class JointSheet:
    """会商单 (peers 6.6): who refused and why, side by side, and what was agreed."""

    opened_at: datetime | None = None
    opened_by: str = ""
    place: str = ""
    units: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    conclusion: str = ""
    lead_unit: str = ""
    co_units: tuple[str, ...] = ()
    concluded_at: datetime | None = None
    chaired_by: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One unit told by copy, and when it read it."""

    unit: str
    told_at: datetime | None = None
    read_by: str = ""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CopyNotice:
    """抄告单 (field-facts 3.4 rule 7): for reading, asks nobody to handle it."""

    document_no: str = ""
    told: tuple[Told, ...] = ()
    matter: str = ""
    reason: str = ""
    contact: str = ""
    contact_phone: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PoliceHandover:
    """110联动交接单 with the record of the three-way call (field-facts 10.12).

    `direction` is `out` (12345 to 110) or `in`; `got_it_first` is `12345` or the other service; `police_no` is
    110's own number; `accepted` None is not answered yet; `agreed` names who of both centres agreed.
    """

    direction: str = ""
    service: str = "110"
    at: datetime | None = None
    handed_by: str = ""
    receiver_no: str = ""
    three_way: bool | None = None
    got_it_first: str = ""
    reason: str = ""
    police_no: str = ""
    accepted: bool | None = None
    refusal: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    receiver_back: str = ""
    call_no: str = ""
    call_began: datetime | None = None
    call_ended: datetime | None = None
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One document of an archived work order. `pages` None: not printed yet; `mark` is a file's digest."""

    title: str
    by: str = ""
    at: datetime | None = None
    number: str = ""
    pages: int | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveIndex:
    """卷内目录 (field-facts 3.3 CLOSED → ARCHIVED, 10.10): what the file holds, and the seal on it.

    `digest` is that of the archive manifest; empty before archiving.
    """

    archive_no: str = ""
    archived_at: datetime | None = None
    archived_by: str = ""
    lines: tuple[IndexLine, ...] = ()
    digest: str = ""
