"""What a handling unit's desk shows and fills in: plain records between the 承办 window and its service.

Names and phones are masked. Times are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.domain.changes import Changed
from console.domain.records import AttachmentLine, CaseFile, LightText
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Nature,
    Resolution,
    SupervisionLevel,
    TicketState,
    Urgency,
)


class InboxTab(StrEnum):
    """The piles on a unit's desk, in the order work goes through them."""

    TO_SIGN = "to_sign"
    IN_HAND = "in_hand"
    PASSED_DOWN = "passed_down"
    TO_REVIEW = "to_review"
    REPLIED = "replied"


TAB_NAMES: dict[InboxTab, str] = {
    InboxTab.TO_SIGN: "待签收",
    InboxTab.IN_HAND: "办理中",
    InboxTab.PASSED_DOWN: "已下派",
    InboxTab.TO_REVIEW: "待我审核下级回复",
    InboxTab.REPLIED: "已回复",
}


class Duty(StrEnum):
    """What the unit owes next; each has a clock of its own (field-facts 4.2 rule 4)."""

    SIGN = "sign"
    CONTACT = "contact"
    FINISH = "finish"
    NONE = ""


DUTY_NAMES: dict[Duty, str] = {
    Duty.SIGN: "签收",
    Duty.CONTACT: "联系",
    Duty.FINISH: "办结",
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


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One unit's own share of a work order; its own clocks, not the ticket's.

    `light` is that of the next duty. `below` is the unit it was last passed down to.
    """

    id: int
    number: str
    title: str
    state: TicketState
    share_state: AssignmentState
    kind: AssignmentKind
    nature: Nature
    urgency: Urgency
    category: str
    place: str
    duty: Duty
    due: datetime | None
    light: LightText
    finish_light: LightText
    dispatched_at: datetime
    sign_due: datetime | None
    response_due: datetime | None
    finish_due: datetime | None
    signed_at: datetime | None
    responded_at: datetime | None
    arrived_at: datetime | None
    replied_at: datetime | None
    opinion: str
    below: str
    below_state: AssignmentState | None
    supervision: SupervisionLevel
    designated: bool
    confidential: bool
    redo_count: int
    extension_asked: int
    version: int


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
    contacts: tuple[ContactLine, ...]
    photos: tuple[AttachmentLine, ...]
    needs_photo: bool
    contact_waived: bool
    escalates_to: str
    return_until: datetime | None
    extension_left: int
    passes_down: bool
    top_lead: bool = False
    prefill: ReplyForm | None = None
    prefill_from: str = ""
    called: tuple["CalledUnit", ...] = ()
    rounds: tuple["Round", ...] = ()


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
