"""The printed forms: which there are, what each asks for beyond the case file, and what comes back.

Standard library only, so that a view can offer the list of forms without loading the PDF engine.
Every field of the small records has a default: a form whose data is missing prints blanks to write in.
Times are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from console.domain.form_records import (
    ArchiveIndex as ArchiveIndex,
)
from console.domain.form_records import (
    CheckNote as CheckNote,
)
from console.domain.form_records import (
    ContactNote as ContactNote,
)
from console.domain.form_records import (
    CopyNotice as CopyNotice,
)
from console.domain.form_records import (
    CoReply as CoReply,
)
from console.domain.form_records import (
    HandlingFacts as HandlingFacts,
)
from console.domain.form_records import (
    IndexLine as IndexLine,
)
from console.domain.form_records import (
    JointSheet as JointSheet,
)
from console.domain.form_records import (
    PoliceHandover as PoliceHandover,
)
from console.domain.form_records import (
    Refusal as Refusal,
)
from console.domain.form_records import (
    Told as Told,
)
from console.domain.form_records import (
    Verification as Verification,
)
from console.domain.mark import Mark
from console.domain.states import SupervisionLevel


class FormKind(StrEnum):
    """One document about one work order (field-facts 9.2 to 9.8)."""

    TICKET_FORM = "ticket_form"
    HANDLING_SHEET = "handling_sheet"
    CLOSURE_REPORT = "closure_report"
    GRID_TASK = "grid_task"
    URGING_NOTICE = "urging_notice"
    SUPERVISION_NOTICE = "supervision_notice"
    RETURN_REQUEST = "return_request"
    EXTENSION_REQUEST = "extension_request"
    REJECTION_NOTICE = "rejection_notice"
    DESIGNATION_NOTICE = "designation_notice"
    CALLBACK_RECORD = "callback_record"
    REPLY_LETTER = "reply_letter"
    VERIFICATION = "verification"
    JOINT_SHEET = "joint_sheet"
    COPY_NOTICE = "copy_notice"
    POLICE_HANDOVER = "police_handover"
    ARCHIVE_INDEX = "archive_index"


FORM_NAMES: dict[FormKind, str] = {
    FormKind.TICKET_FORM: "受理单",
    FormKind.HANDLING_SHEET: "承办单",
    FormKind.CLOSURE_REPORT: "办结报告",
    FormKind.GRID_TASK: "网格任务单",
    FormKind.URGING_NOTICE: "催办通知书",
    FormKind.SUPERVISION_NOTICE: "督办单",
    FormKind.RETURN_REQUEST: "退单申请单",
    FormKind.EXTENSION_REQUEST: "延期申请表",
    FormKind.REJECTION_NOTICE: "不予受理告知单",
    FormKind.DESIGNATION_NOTICE: "指定承办通知",
    FormKind.CALLBACK_RECORD: "回访记录单",
    FormKind.REPLY_LETTER: "答复函",
    FormKind.VERIFICATION: "核查单",
    FormKind.JOINT_SHEET: "会商单",
    FormKind.COPY_NOTICE: "抄告单",
    FormKind.POLICE_HANDOVER: "110联动交接单",
    FormKind.ARCHIVE_INDEX: "卷内目录",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who prints, when, and which copy: on the foot of every page (product.md 8).

    `heading` is the organisation's name over the form; empty takes the case file's own. `mark` is what the ground
    of the paper says to `main.py trace`.
    """

    printed_by: str
    printed_at: datetime
    copy_no: str
    training: bool = False
    heading: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A finished PDF; `missing` lists characters no font could draw, printed as 〓.

    `parts` says how many pages each case takes, in order.
    """

    pdf: bytes
    pages: int
    missing: tuple[str, ...]
    title: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GridTask:
    """网格任务单 (field-facts 9.4). `kind` is 响应, 核实, 走访 or 核查."""

    task_no: str = ""
    kind: str = ""
    grid: str = ""
    worker: str = ""
    task: str = ""
    issued_at: datetime | None = None
    due: datetime | None = None
    limit: str = ""
    arrived_at: datetime | None = None
    situation: str = ""
    photos: str = ""


@dataclass(frozen=True, slots=True)
class UrgingNotice:
    """催办通知书 (field-facts 9.5)."""

    document_no: str = ""
    to_unit: str = ""
    due: datetime | None = None
    overdue: timedelta | None = None
    finish_before: datetime | None = None
    copy_to: str = ""
    reason: str = ""
    times: int = 0
    requirement: str = ""
    contact: str = ""
    contact_phone: str = ""
    signed_by: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SupervisionNotice:
    """督办单 (field-facts 9.5).

    `feedback_days`: None leaves the choice open, 0 is one-off, n is every n days.
    `reasons` are words of the form's own list; any other word goes on the 其他 line.
    """

    document_no: str = ""
    level: SupervisionLevel = SupervisionLevel.NONE
    matter: str = ""
    to_unit: str = ""
    co_units: tuple[str, ...] = ()
    copy_to: str = ""
    leader: str = ""
    instruction: str = ""
    lead_leader: str = ""
    co_leader: str = ""
    reasons: tuple[str, ...] = ()
    requirement: str = ""
    due: datetime | None = None
    feedback_days: int | None = None
    contact: str = ""
    contact_phone: str = ""
    feedback: str = ""
    attachments: str = ""
    signed_by: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """退单申请单 (field-facts 9.6). The times are those of the unit's own share."""

    unit: str = ""
    reasons: tuple[str, ...] = ()
    explanation: str = ""
    basis: str = ""
    suggested_unit: str = ""
    times: int = 0
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    return_due: datetime | None = None
    handler: str = ""
    reviewer: str = ""
    asked_at: datetime | None = None
    approved: bool | None = None
    opinion: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """延期申请表 (field-facts 9.6). The times are those of the unit's own share."""

    unit: str = ""
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    original_due: datetime | None = None
    extend_to: datetime | None = None
    days: int | None = None
    reason: str = ""
    legal_basis: str = ""
    told_citizen: bool | None = None
    handler: str = ""
    reviewer: str = ""
    asked_at: datetime | None = None
    approved: bool | None = None
    opinion: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RejectionNotice:
    """不予受理告知单 (field-facts 3.6, 9.6)."""

    reason: str = ""
    explanation: str = ""
    advice: str = ""
    told_how: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DesignationNotice:
    """指定承办通知 (field-facts 3.3, 9.6): the unit may not return the work order again."""

    document_no: str = ""
    unit: str = ""
    co_units: tuple[str, ...] = ()
    dispatches: int = 0
    reason: str = ""
    basis: str = ""
    requirement: str = ""
    finish_due: datetime | None = None
    signed_by: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplyLetter:
    """答复函 (field-facts 9.8): carries the public reply and nothing internal."""

    document_no: str = ""
    salutation: str = ""
    unit: str = ""
    contact_phone: str = ""
    issued_at: datetime | None = None


FormDetails = (
    HandlingFacts
    | GridTask
    | UrgingNotice
    | SupervisionNotice
    | ReturnRequest
    | ExtensionRequest
    | RejectionNotice
    | DesignationNotice
    | ReplyLetter
    | Verification
    | JointSheet
    | CopyNotice
    | PoliceHandover
    | ArchiveIndex
)
DETAILS_OF: dict[FormKind, type] = {
    FormKind.HANDLING_SHEET: HandlingFacts,
    FormKind.GRID_TASK: GridTask,
    FormKind.URGING_NOTICE: UrgingNotice,
    FormKind.SUPERVISION_NOTICE: SupervisionNotice,
    FormKind.RETURN_REQUEST: ReturnRequest,
    FormKind.EXTENSION_REQUEST: ExtensionRequest,
    FormKind.REJECTION_NOTICE: RejectionNotice,
    FormKind.DESIGNATION_NOTICE: DesignationNotice,
    FormKind.REPLY_LETTER: ReplyLetter,
    FormKind.VERIFICATION: Verification,
    FormKind.JOINT_SHEET: JointSheet,
    FormKind.COPY_NOTICE: CopyNotice,
    FormKind.POLICE_HANDOVER: PoliceHandover,
    FormKind.ARCHIVE_INDEX: ArchiveIndex,
}
