"""What a handling unit's desk shows and fills in: plain records between the 承办 window and its service.

Names and phones are masked. Times are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.domain.changes import Changed
from console.domain.lights import NO_LIGHT
from console.domain.records import AssignmentLine, AttachmentLine, CaseFile, LightText
from console.domain.roles import Role
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Nature,
    Resolution,
    SupervisionLevel,
    TicketState,
    Urgency,
)
from console.domain.verifying import CheckLine


class InboxTab(StrEnum):
    """The piles on a unit's desk, in the order work goes through them."""

    TO_SIGN = "to_sign"
    IN_HAND = "in_hand"
    PASSED_DOWN = "passed_down"
    TO_REVIEW = "to_review"
    TO_VERIFY = "to_verify"
    REPLIED = "replied"
    COPIES = "copies"
    REPORTED = "reported"


TAB_NAMES: dict[InboxTab, str] = {
    InboxTab.TO_SIGN: "待签收",
    InboxTab.IN_HAND: "办理中",
    InboxTab.PASSED_DOWN: "已下派",
    InboxTab.TO_REVIEW: "待我审核下级回复",
    InboxTab.TO_VERIFY: "待现场核查",
    InboxTab.REPLIED: "已回复",
    InboxTab.COPIES: "抄告待阅",
    InboxTab.REPORTED: "我上报的",
}
# Piles of work orders in which the unit has no share of its own.
SHARELESS = frozenset({InboxTab.TO_VERIFY, InboxTab.COPIES, InboxTab.REPORTED})
_EVERY_UNIT = (
    InboxTab.TO_SIGN, InboxTab.IN_HAND, InboxTab.PASSED_DOWN, InboxTab.TO_REVIEW, InboxTab.REPLIED,
    InboxTab.COPIES,
)  # fmt: skip
# A grid has nobody below it; only the grid verifies on site (field-facts 2, 3.3).
_TABS: dict[Role, tuple[InboxTab, ...]] = {
    Role.GRID_WORKER: (
        InboxTab.TO_SIGN, InboxTab.IN_HAND, InboxTab.TO_VERIFY, InboxTab.REPLIED, InboxTab.COPIES,
        InboxTab.REPORTED,
    ),
    Role.GRID_LEADER: tuple(InboxTab),
    Role.STREET_DESK: (*_EVERY_UNIT, InboxTab.REPORTED),
}  # fmt: skip


def tabs_of(role: Role) -> tuple[InboxTab, ...]:
    """The piles on the desk of this role."""
    return _TABS.get(role, _EVERY_UNIT)


class Duty(StrEnum):
    """What the unit owes next; each has a clock of its own (field-facts 4.2 rule 4)."""

    SIGN = "sign"
    CONTACT = "contact"
    FINISH = "finish"
    VERIFY = "verify"
    READ = "read"
    NONE = ""


DUTY_NAMES: dict[Duty, str] = {
    Duty.SIGN: "签收",
    Duty.CONTACT: "联系",
    Duty.FINISH: "办结",
    Duty.VERIFY: "核查",
    Duty.READ: "阅知",
    Duty.NONE: "",
}


class Manner(StrEnum):
    """How the citizen was reached. Of a confidential matter only through the centre (field-facts 10.2)."""

    PHONE = "电话"
    VISIT = "上门"
    ON_SITE = "现场"
    WECHAT = "微信"
    CENTRE = "经热线中心"


# (g): no public rule lists them; the Tai'an form gives 超出行政范围类 as its example (field-facts 3.5).
BEYOND_DUTY_KINDS = (
    "超出行政范围类",
    "超出法定职责类",
    "缺乏政策依据类",
    "历史遗留类",
    "诉求不合理类",
)
ATTACHMENT_CHOICES: dict[str, str] = {
    "before": "处置前照片",
    "after": "处置后照片",
    "contact": "联系证据",
    "handling": "办理附件",
    "identity": "证件附件",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One unit's own share of a work order; its own clocks, not the ticket's.

    `light` is that of the next duty, `response_light` that of the 30-minute answer while it is owed
    (field-facts H1). `below` is the unit it was last passed down to, of `below_count` at work.
    Without a share (to be verified, copied to us, reported by us) `share_state` is None.
    """

    id: int
    number: str
    title: str
    state: TicketState
    nature: Nature
    urgency: Urgency
    category: str
    place: str
    duty: Duty
    due: datetime | None
    light: LightText
    finish_light: LightText
    dispatched_at: datetime
    supervision: SupervisionLevel
    confidential: bool
    redo_count: int
    version: int
    seq: int = 0
    share_state: AssignmentState | None = None
    kind: AssignmentKind = AssignmentKind.LEAD
    response_light: LightText = NO_LIGHT
    sign_due: datetime | None = None
    response_due: datetime | None = None
    level_due: datetime | None = None
    finish_due: datetime | None = None
    signed_at: datetime | None = None
    responded_at: datetime | None = None
    arrived_at: datetime | None = None
    replied_at: datetime | None = None
    opinion: str = ""
    below: str = ""
    below_state: AssignmentState | None = None
    below_count: int = 0
    designated: bool = False
    dispute: bool = False
    extension_asked: int = 0
    unit: str = ""

    @property
    def answer_owed(self) -> bool:
        """Whether the response clock still runs (field-facts H1)."""
        return self.response_due is not None and self.response_light is not NO_LIGHT


@dataclass(frozen=True, slots=True)
class ChildUnit:
    """A unit that may be given part of the work; `people` are its leader and worker, masked."""

    id: int
    name: str
    kind: str
    initials: str
    people: str = ""


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One recorded conversation with the citizen."""

    at: datetime
    manner: str
    phone: str
    by: str
    outcome: str


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What the city's policy pack asks of the forms on this desk."""

    length_min: int
    contact_required: bool
    site_photos: bool
    return_reasons: tuple[tuple[str, str], ...]
    extension_days: int
    tell_citizen: bool
    suspicious_within: str = ""
    tabs: tuple[InboxTab, ...] = tuple(InboxTab)
    # Whoever works a grid writes what must be written and nothing else (field-facts Y13).
    brief: bool = False
    reports: bool = False
    undo_seconds: int = 10


@dataclass(frozen=True, slots=True)
class ReplyForm:
    """What a unit fills in on replying (field-facts 3.5). Empty text and None are not answered yet.

    `result` is the internal handling note, `public_reply` what the citizen reads; they never mix.
    """

    true_appeal: bool | None = None
    beyond_duty: bool = False
    beyond_duty_kind: str = ""
    contacted: bool | None = None
    contact_at: datetime | None = None
    contact_manner: str = Manner.PHONE
    contact_outcome: str = ""
    resolution: Resolution | None = None
    unresolved_reason: str = ""
    cause: str = ""
    measures: str = ""
    result: str = ""
    public_reply: str = ""
    law_basis: str = ""
    promise: str = ""
    promise_due: datetime | None = None
    signed_off_by: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """One case as it lies on a unit's desk: the case, the unit's own share, and what the forms need to know."""

    case: CaseFile
    own: InboxRow
    contacts: tuple["ContactLine", ...] = ()
    photos: tuple[AttachmentLine, ...] = ()
    needs_photo: bool = False
    contact_waived: bool = False
    escalates_to: str = ""
    # Those further up, for danger or where the city's rules allow skipping (field-facts 3.4 rule 3).
    escalates_past: tuple[ChildUnit, ...] = ()
    return_until: datetime | None = None
    extension_left: int = 0
    passes_down: bool = False
    top_lead: bool = False
    prefill: ReplyForm | None = None
    prefill_from: str = ""
    called: tuple["CalledUnit", ...] = ()
    rounds: tuple["Round", ...] = ()
    asked_return: "AskedReturn | None" = None
    first_receiver: str = ""
    duty: str = ""
    copied: tuple["Copied", ...] = ()
    checks: tuple[CheckLine, ...] = ()
    notice: "Notice | None" = None

    @property
    def children(self) -> tuple[AssignmentLine, ...]:
        """The shares this unit passed down itself, whatever became of them."""
        lines = self.case.assignments
        return tuple(a for a in lines if a.parent_id == self.own.seq and self.own.seq)


@dataclass(frozen=True, slots=True)
class Notice:
    """督办: the notice in force, and what the unit has answered to it (field-facts 9.5)."""

    level: SupervisionLevel
    document_no: str
    reason: str
    demands: str
    due: datetime | None
    contact: str
    feedback: str


@dataclass(frozen=True, slots=True)
class AskedReturn:
    """A return asked for and not decided yet."""

    reason: str
    basis: str
    suggested_unit: str
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True, slots=True)
class Copied:
    """抄告: which unit was told, and when it was read there (field-facts 3.4 rule 7)."""

    unit: str
    told_at: datetime
    read_at: datetime | None
    read_by: str


@dataclass(frozen=True, slots=True)
class CalledUnit:
    """吹哨: a unit called to the scene (field-facts K2)."""

    id: int
    unit: str
    called_at: datetime
    request: str
    person: str
    arrived_at: datetime | None
    outcome: str
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of mediation (field-facts X5)."""

    number: int
    on_day: str
    participants: str
    result: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class SignOutcome:
    """What became of one of several signatures."""

    ticket_id: int
    number: str
    signed: bool
    words: str


@dataclass(frozen=True, slots=True)
class SignedMany:
    """The result per work order, and what changed."""

    outcomes: tuple[SignOutcome, ...]
    changed: Changed = field(compare=False)

    @property
    def refused(self) -> tuple[SignOutcome, ...]:
        return tuple(o for o in self.outcomes if not o.signed)


@dataclass(frozen=True, slots=True)
class Attached:
    """The attachment as it now stands on the work order; `again` when the same file was there already."""

    line: AttachmentLine
    again: bool
    changed: Changed = field(compare=False)
