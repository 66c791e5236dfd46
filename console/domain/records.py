"""Frozen records that leave the services: what a list row, a case and a printed form show.

Names, phones and addresses in here are masked unless the field's name says `full_`. Times are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Channel,
    Light,
    Nature,
    Satisfaction,
    SupervisionLevel,
    TicketState,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class LightText:
    """A light as colour, shape and words: `● 黄 剩2小时`."""

    light: Light
    words: str

    @property
    def shape(self) -> str:
        return {
            Light.GREEN: "○",
            Light.YELLOW: "●",
            Light.RED: "■",
            Light.GREY: "‖",
            Light.ON_TIME: "✓",
            Light.LATE: "■",
            Light.NONE: "—",
        }[self.light]

    def __str__(self) -> str:
        return f"{self.shape} {self.words}".strip() if self.words else self.shape


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One row of a work-order list."""

    id: int
    number: str
    title: str
    state: TicketState
    nature: Nature
    urgency: Urgency
    channel: Channel
    unit: str
    category: str
    place: str
    light: LightText
    supervision: SupervisionLevel
    accepted_at: datetime | None
    finish_due: datetime | None
    version: int
    confidential: bool = False
    repeat: bool = False
    training: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One unit's share of a work order, in tree order; depth 0 is what the centre dispatched."""

    id: int
    depth: int
    unit_id: int
    unit: str
    kind: AssignmentKind
    state: AssignmentState
    signer: str
    dispatched_at: datetime
    sign_due: datetime | None
    signed_at: datetime | None
    response_due: datetime | None
    responded_at: datetime | None
    finish_due: datetime | None
    replied_at: datetime | None
    opinion: str
    light: LightText
    parent_id: int | None = None
    designated: bool = False


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the flow log."""

    id: int
    at: datetime
    action: str
    action_name: str
    actor: str
    unit: str
    state: TicketState
    note: str
    details: tuple[tuple[str, str], ...] = ()
    took: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A stored file; `kind` is one of before, after, contact, identity, handling, recording, other."""

    id: int
    name: str
    kind: str
    kind_name: str
    size: int
    sha256: str
    media_type: str
    added_at: datetime
    added_by: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class HandlingResult:
    """What the lead unit filled in on replying (field-facts 3.5)."""

    unit: str
    handler: str
    true_appeal: bool | None
    beyond_duty: bool
    contacted: bool
    contact_number: str
    contacted_at: datetime | None
    resolution: str
    unresolved_reason: str
    internal_note: str
    public_reply: str
    cause: str
    measures: str
    promise: str
    promise_due: datetime | None
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class CallbackLine:
    """One attempt to call the citizen back (field-facts 9.7)."""

    attempt: int
    at: datetime
    revisitor: str
    reached: bool
    not_reached: str
    contacted: bool | None
    resolution: str
    satisfaction: Satisfaction | None
    dissatisfied_reason: str
    hotline_satisfaction: Satisfaction | None
    comment: str
    conclusion: str
    # Who was called, masked; empty for the caller of the work order.
    who: str = ""


@dataclass(frozen=True, slots=True)
class GridOwner:
    """Whose grid a place belongs to, and by which rule that was found (product.md 7, peers 6.2)."""

    grid_id: int
    grid_code: str
    grid_name: str
    community: str
    street: str
    rule: str
    street_unit_id: int
    community_unit_id: int
    leader: str = ""
    leader_phone: str = ""
    worker: str = ""
    worker_phone: str = ""
    instructor: str = ""
    instructor_phone: str = ""
    on_duty: bool = True
    # Who answers for street and community today, by the roster (field-facts H12).
    roster: str = ""

    @property
    def path(self) -> str:
        return f"{self.street} › {self.community} › {self.grid_name}"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything one work order shows on screen and on paper."""

    row: TicketRow
    content: str
    appellant: str
    phone: str
    phone_hidden: bool
    caller_kind: str
    occurred: str
    address: str
    grid: GridOwner | None
    wanted: str
    category_path: tuple[str, ...]
    reply_wanted: bool
    anonymous: bool
    confidential_reason: str
    lookup_code: str
    agent: str
    created_at: datetime
    dispatcher: str
    dispatch_opinion: str
    dispatched_at: datetime | None
    sign_due: datetime | None
    finish_due: datetime | None
    total_due: datetime | None
    closed_at: datetime | None
    archived_at: datetime | None
    archive_no: str
    lead_unit: str
    co_units: tuple[str, ...]
    assignments: tuple[AssignmentLine, ...]
    events: tuple[EventLine, ...]
    attachments: tuple[AttachmentLine, ...]
    result: HandlingResult | None
    callbacks: tuple[CallbackLine, ...]
    review_comment: str
    reviewer: str
    steps: tuple[str, ...]
    step_at: int
    tags: tuple[str, ...] = ()
    heading: str = "12345政务服务便民热线"
    permitted: frozenset[str] = field(default=frozenset())
    repeat_of: str = ""
    merged_into: str = ""
    verify_result: str = ""
    # What the caller was told on the phone: a direct answer, or why the appeal was not accepted.
    direct_answer: str = ""
