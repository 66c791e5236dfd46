"""The work order, its shares, its log and what people filled in along the way (field-facts 3, 6.2)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Channel,
    Nature,
    TicketState,
    Urgency,
)
from db.models.base import Base, BigId, Code, Key, Phone, words

# Partial indexes over open work: their size, and so the pool's cost, does not grow with history.
OPEN = text("state not in ('closed','archived','void','merged','rejected','answered','draft')")
ARCHIVED = text("archive_no <> ''")


class Ticket(Base):
    """工单: what the citizen asked for; one number for life. Contact data lies in `appellant`."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("form_key"),
        Index("ix_ticket_open_due", "finish_due", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_ticket_open_state", "state", "holder_code", sqlite_where=OPEN, postgresql_where=OPEN
        ),
        Index(None, "state", "accepted_at"),
        Index(None, "holder_code", "accepted_at"),
        Index(None, "category_code", "accepted_at"),
        Index(None, "grid_id", "accepted_at"),
        Index(None, "accepted_at"),
        Index(None, "closed_at"),
        Index(
            "uq_ticket_archive_no",
            "archive_no",
            unique=True,
            sqlite_where=ARCHIVED,
            postgresql_where=ARCHIVED,
        ),
        Index(None, "main_ticket_id"),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20))
    form_key: Mapped[str | None] = mapped_column(String(36))
    lookup_code: Mapped[str] = mapped_column(String(6))
    state: Mapped[TicketState] = mapped_column(words(TicketState))
    nature: Mapped[Nature] = mapped_column(words(Nature))
    urgency: Mapped[Urgency] = mapped_column(words(Urgency))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    sub_hotline: Mapped[str] = mapped_column(String(12), default="")
    platform: Mapped[str] = mapped_column(String(16), default="service")
    scale: Mapped[str] = mapped_column(String(8), default="")

    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(String(500), default="")
    occurred_text: Mapped[str] = mapped_column(String(60), default="")
    occurred_at: Mapped[datetime | None]
    category_code: Mapped[str] = mapped_column(String(12), default="")
    category_path: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    grid_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    grid_code: Mapped[str] = mapped_column(String(20), default="")
    grid_rule: Mapped[str] = mapped_column(String(200), default="")
    x: Mapped[float | None]
    y: Mapped[float | None]
    respondent: Mapped[str] = mapped_column(String(120), default="")
    respondent_unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))

    appellant_masked: Mapped[str] = mapped_column(String(60), default="")
    phone_masked: Mapped[str] = mapped_column(String(24), default="")
    caller_kind: Mapped[str] = mapped_column(String(20), default="首次")
    confidential: Mapped[bool] = mapped_column(default=False)
    confidential_reason: Mapped[str] = mapped_column(String(200), default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    reply_wanted: Mapped[bool] = mapped_column(default=True)
    needs_site_proof: Mapped[bool] = mapped_column(default=False)
    repeat_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    main_ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    merged_into: Mapped[str] = mapped_column(String(20), default="")
    legacy_issue: Mapped[bool] = mapped_column(default=False)
    dispute: Mapped[bool] = mapped_column(default=False)
    leader_instructed: Mapped[bool] = mapped_column(default=False)
    special_tags: Mapped[str] = mapped_column(String(200), default="")
    training: Mapped[bool] = mapped_column(default=False)

    holder_unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    holder_code: Mapped[Code] = mapped_column(default="")
    holder_name: Mapped[str] = mapped_column(String(120), default="")
    co_unit_names: Mapped[str] = mapped_column(String(300), default="")
    first_receiver_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    creator_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    creator_name: Mapped[str] = mapped_column(String(60), default="")
    dispatcher_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    dispatcher_name: Mapped[str] = mapped_column(String(60), default="")
    closer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    dispatch_opinion: Mapped[str] = mapped_column(String(500), default="")
    review_comment: Mapped[str] = mapped_column(String(500), default="")
    reviewer_name: Mapped[str] = mapped_column(String(60), default="")
    direct_answer: Mapped[str] = mapped_column(Text, default="")
    knowledge_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("knowledge_entry.id"))
    archive_no: Mapped[str] = mapped_column(String(40), default="")

    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    sign_due: Mapped[datetime | None]
    finish_due: Mapped[datetime | None]
    total_due: Mapped[datetime | None]
    # When the light turns yellow: kept so that lists can count lights in SQL; recomputed when a pack changes.
    yellow_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    # Touched by every move, so that every move raises the version.
    moved_at: Mapped[datetime | None]

    supervision: Mapped[int] = mapped_column(default=0)
    urge_count: Mapped[int] = mapped_column(default=0)
    dispatch_count: Mapped[int] = mapped_column(default=0)
    return_count: Mapped[int] = mapped_column(default=0)
    redo_count: Mapped[int] = mapped_column(default=0)
    ring_back_count: Mapped[int] = mapped_column(default=0)
    extension_days: Mapped[int] = mapped_column(default=0)
    extension_asked: Mapped[int] = mapped_column(default=0)
    satisfaction: Mapped[str] = mapped_column(String(20), default="")
    resolution: Mapped[str] = mapped_column(String(12), default="")
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class Appellant(Base):
    """诉求人 in full: the caller and everyone who later joined; each has a callback of their own.

    Kept apart from the ticket so that the database can refuse it to whoever may not see contacts.
    """

    __tablename__ = "appellant"
    __table_args__ = (
        Index(None, "ticket_id"),
        Index(None, "phone", "joined_at"),
        Index(None, "phone_tail"),
        Index(None, "person_id"),
    )
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    call_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("call.id"))
    name: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[Phone]
    phone_tail: Mapped[Phone]
    wechat: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    main: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(Text, default="")
    merged_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    called_back_at: Mapped[datetime | None]


class Assignment(Base):
    """承办: one unit's share. `seq` numbers the shares inside a ticket, as the rules count them."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        Index(None, "unit_id", "state"),
        Index(None, "unit_code", "state"),
    )
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    seq: Mapped[int]
    parent_seq: Mapped[int | None]
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    unit_code: Mapped[Code]
    unit_name: Mapped[str] = mapped_column(String(120))
    unit_parent_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[AssignmentKind] = mapped_column(words(AssignmentKind, 8))
    state: Mapped[AssignmentState] = mapped_column(words(AssignmentState))
    designated: Mapped[bool] = mapped_column(default=False)
    opinion: Mapped[str] = mapped_column(String(500), default="")
    signer_name: Mapped[str] = mapped_column(String(60), default="")
    handler_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    dispatched_at: Mapped[datetime]
    sign_due: Mapped[datetime | None]
    response_due: Mapped[datetime | None]
    finish_due: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class TicketEvent(Base):
    """The append-only flow log. `inputs` replay the move; `note` is the sentence a person reads."""

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(None, "at"),
        Index(None, "actor_id", "at"),
    )
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    at: Mapped[datetime]
    move: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(60))
    actor_role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    share_seq: Mapped[int | None]
    state_after: Mapped[TicketState] = mapped_column(words(TicketState))
    note: Mapped[str] = mapped_column(String(1000), default="")
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    workstation: Mapped[str] = mapped_column(String(80), default="")


class HandlingResult(Base):
    """What a unit filled in on replying; internal note and public reply apart (field-facts 3.5)."""

    __tablename__ = "handling_result"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int]
    handler_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    handler_name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(120))
    true_appeal: Mapped[bool | None]
    beyond_duty: Mapped[bool] = mapped_column(default=False)
    beyond_duty_kind: Mapped[str] = mapped_column(String(60), default="")
    resolution: Mapped[str] = mapped_column(String(12))
    unresolved_reason: Mapped[str] = mapped_column(String(300), default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    internal_note: Mapped[str] = mapped_column(Text, default="")
    public_reply: Mapped[str] = mapped_column(Text, default="")
    law_basis: Mapped[str] = mapped_column(String(300), default="")
    signed_off_by: Mapped[str] = mapped_column(String(60), default="")
    replied_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Contact(Base):
    """联系群众: by whom, when, on which number (masked), how."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int]
    at: Mapped[datetime]
    phone_masked: Mapped[str] = mapped_column(String(24), default="")
    manner: Mapped[str] = mapped_column(String(20), default="电话")
    contacted_by: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(500), default="")


class Attachment(Base):
    """A file stored once under its hash; `kind`: before, after, identity, contact, handling, recording, other."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "sha256"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(60))


class StoredFile(Base):
    """File contents in pieces, once per hash, so that every workstation can read them."""

    __tablename__ = "stored_file"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    piece: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class ReturnRequest(Base):
    __tablename__ = "return_request"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int]
    hop: Mapped[int]
    unit_name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(500))
    suggested_unit: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(60), default="")
    granted: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(String(500), default="")


class ExtensionRequest(Base):
    __tablename__ = "extension_request"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int]
    days: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    basis: Mapped[str] = mapped_column(String(300), default="")
    citizen_told: Mapped[bool] = mapped_column(default=False)
    old_due: Mapped[datetime | None]
    new_due: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(60), default="")
    granted: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(String(500), default="")


class Suspension(Base):
    __tablename__ = "suspension"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    reason_kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500), default="")
    since: Mapped[datetime]
    resume_on: Mapped[date]
    resumed_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(60))


class Urging(Base):
    """催办: by a person or, on turning yellow, once by the keeper (`light_key` is unique)."""

    __tablename__ = "urging"
    __table_args__ = (UniqueConstraint("light_key"), Index(None, "ticket_id"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    light_key: Mapped[str | None] = mapped_column(String(60))
    automatic: Mapped[bool] = mapped_column(default=False)
    rung: Mapped[int] = mapped_column(default=1)
    document_no: Mapped[str] = mapped_column(String(40), default="")
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(500))
    copied_to: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))


class Supervision(Base):
    """督办: normal, yellow card, red card; with the notice's fields (field-facts 9.5)."""

    __tablename__ = "supervision"
    __table_args__ = (UniqueConstraint("light_key"), Index(None, "ticket_id"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    light_key: Mapped[str | None] = mapped_column(String(60))
    automatic: Mapped[bool] = mapped_column(default=False)
    level: Mapped[int]
    document_no: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(200))
    demands: Mapped[str] = mapped_column(Text, default="")
    lead_unit: Mapped[str] = mapped_column(String(120), default="")
    co_units: Mapped[str] = mapped_column(String(300), default="")
    copied_to: Mapped[str] = mapped_column(String(200), default="")
    instructing_leader: Mapped[str] = mapped_column(String(60), default="")
    lead_leader: Mapped[str] = mapped_column(String(60), default="")
    due: Mapped[datetime | None]
    feedback_every_days: Mapped[int] = mapped_column(default=0)
    contact: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[Phone]
    penalty: Mapped[int] = mapped_column(default=0)
    feedback: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(60))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(String(60), default="")
    lift_reason: Mapped[str] = mapped_column(String(300), default="")


class Callback(Base):
    """One attempt to call one appellant back (field-facts 9.7)."""

    __tablename__ = "callback"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "at"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    appellant_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("appellant.id"))
    attempt: Mapped[int]
    at: Mapped[datetime]
    revisitor_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    revisitor_name: Mapped[str] = mapped_column(String(60))
    reached: Mapped[bool]
    not_reached: Mapped[str] = mapped_column(String(16), default="")
    contacted: Mapped[bool | None]
    resolution: Mapped[str] = mapped_column(String(12), default="")
    satisfaction: Mapped[str] = mapped_column(String(20), default="")
    dissatisfied_reason: Mapped[str] = mapped_column(String(40), default="")
    hotline_satisfaction: Mapped[str] = mapped_column(String(20), default="")
    comment: Mapped[str] = mapped_column(String(1000), default="")
    conclusion: Mapped[str] = mapped_column(String(12), default="")


class Verification(Base):
    """核查 on site by the grid's own worker, never the handler."""

    __tablename__ = "verification"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    verifier_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    verifier_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    passed: Mapped[bool]
    result: Mapped[str] = mapped_column(String(1000))
    signed_off: Mapped[bool] = mapped_column(default=False)


class MediationRound(Base):
    __tablename__ = "mediation_round"
    __table_args__ = (UniqueConstraint("ticket_id", "round"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    round: Mapped[int]
    on_day: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="")
    participants: Mapped[str] = mapped_column(String(300))
    chaired_by: Mapped[str] = mapped_column(String(60))
    result: Mapped[str] = mapped_column(String(1000))
    agreed: Mapped[bool] = mapped_column(default=False)


class WhistleCall(Base):
    """吹哨: who was called to the scene, who came, when (field-facts K2)."""

    __tablename__ = "whistle_call"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    called_unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    called_unit: Mapped[str] = mapped_column(String(120))
    called_at: Mapped[datetime]
    called_by: Mapped[str] = mapped_column(String(60))
    request: Mapped[str] = mapped_column(String(500))
    person: Mapped[str] = mapped_column(String(60), default="")
    arrived_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(500), default="")


class Promise(Base):
    """A time promised to a citizen: its own clock (peers 6.10)."""

    __tablename__ = "promise"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "due"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    what: Mapped[str] = mapped_column(String(300))
    due: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))
    kept_at: Mapped[datetime | None]
    kept_by: Mapped[str] = mapped_column(String(60), default="")


class JointSheet(Base):
    """会商 after the third hop: all refusals side by side (peers 6.6)."""

    __tablename__ = "joint_sheet"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(60))
    units: Mapped[str] = mapped_column(String(500))
    conclusion: Mapped[str] = mapped_column(String(1000), default="")
    concluded_at: Mapped[datetime | None]


class GateOverride(Base):
    """Closing against the record, and who answered for it (peers 6.9)."""

    __tablename__ = "gate_override"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    finding: Mapped[str] = mapped_column(String(60))
    explanation: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))


class NotifyCopy(Base):
    """抄告: a parallel reading step only that unit may mark read (field-facts 3.4 rule 7)."""

    __tablename__ = "notify_copy"
    __table_args__ = (Index(None, "unit_id", "read_at"), Index(None, "ticket_id"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str] = mapped_column(String(60), default="")


class Campaign(Base):
    """专项活动, two levels (field-facts K14)."""

    __tablename__ = "campaign"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("campaign.id"))
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]


class TicketCampaign(Base):
    """A ticket may stand in many campaigns, so sums over campaigns differ from totals."""

    __tablename__ = "ticket_campaign"
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(BigId, ForeignKey("campaign.id"), primary_key=True)


class Presence(Base):
    """Who has which ticket open; rows older than a minute are stale."""

    __tablename__ = "presence"
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), primary_key=True)
    editing: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]


class NumberLease(Base):
    """Blocks of the day's sequence a workstation may use even while cut off (peers 6.13)."""

    __tablename__ = "number_lease"
    __table_args__ = (UniqueConstraint("kind", "day", "channel", "low"),)
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(12))
    day: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(2), default="")
    workstation: Mapped[str] = mapped_column(String(80))
    low: Mapped[int]
    high: Mapped[int]
    leased_at: Mapped[datetime]


class SavedFilter(Base):
    __tablename__ = "saved_filter"
    __table_args__ = (Index(None, "account_id"),)
    id: Mapped[Key]
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(60))
    shared: Mapped[bool] = mapped_column(default=False)
    criteria: Mapped[dict[str, Any]] = mapped_column(default=dict)


class TicketText(Base):
    """Two-character pieces of title, content and address, the same on both databases (`db/search.py`)."""

    __tablename__ = "ticket_text"
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"), primary_key=True)
    pieces: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR, "postgresql"))
