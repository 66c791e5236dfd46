"""The work order, who asked, its shares and its log (field-facts 3, 6.2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Channel,
    Nature,
    TicketState,
    Urgency,
)
from db.models.base import Base, BigId, Code, Key, words
from db.models.private import (
    key,
    masked_address,
    masked_name,
    masked_phone,
    number_end,
    private,
    spellings,
    twin,
)
from db.search import piece_vector

# Partial indexes over open work: their size, and so the pool's cost, does not grow with history.
OPEN = text("state not in ('closed','archived','void','merged','rejected','answered','draft')")
LIVE = text("ended_at is null")
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
        # What one has taken oneself, in any scope (console/ledger/scope.py, db/security/73_finding.sql).
        Index(None, "creator_id", "accepted_at"),
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
    address: Mapped[str] = private(String(200), default="")
    # The address down to the building: what lists, forms and searches show.
    place: Mapped[str] = masked_address("address")
    grid_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    grid_code: Mapped[str] = mapped_column(String(20), default="")
    grid_rule: Mapped[str] = mapped_column(String(200), default="")
    x: Mapped[float | None]
    y: Mapped[float | None]
    respondent: Mapped[str] = mapped_column(String(120), default="")
    respondent_unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    respondent_code: Mapped[Code] = mapped_column(default="")

    appellant_masked: Mapped[str] = mapped_column(String(60), default="")
    phone_masked: Mapped[str] = mapped_column(String(24), default="")
    caller_kind: Mapped[str] = mapped_column(String(20), default="首次")
    confidential: Mapped[bool] = mapped_column(default=False)
    confidential_reason: Mapped[str] = mapped_column(String(200), default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    reply_wanted: Mapped[bool] = mapped_column(default=True)
    # False where no number was given: nobody can be called.
    reachable: Mapped[bool] = mapped_column(default=True)
    needs_site_proof: Mapped[bool] = mapped_column(default=False)
    complex: Mapped[bool] = mapped_column(default=False)
    # The category's own finish limit as it stood at registration.
    own_limit: Mapped[str] = mapped_column(String(12), default="")
    handler_ids: Mapped[tuple[int, ...]] = mapped_column(default=())
    repeat_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    main_ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    split_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    merged_into: Mapped[str] = mapped_column(String(20), default="")
    legacy_issue: Mapped[bool] = mapped_column(default=False)
    dispute: Mapped[bool] = mapped_column(default=False)
    leader_instructed: Mapped[bool] = mapped_column(default=False)
    signed_off: Mapped[bool] = mapped_column(default=False)
    verify_waived: Mapped[bool] = mapped_column(default=False)
    with_police: Mapped[bool] = mapped_column(default=False)
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
    suspended_from: Mapped[TicketState | None] = mapped_column(words(TicketState))
    paused_minutes: Mapped[int] = mapped_column(default=0)
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
    extension_count: Mapped[int] = mapped_column(default=0)
    open_promises: Mapped[int] = mapped_column(default=0)
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
        Index(None, "phone_key", "joined_at"),
        Index(None, "phone_end"),
        Index(None, "person_id"),
    )
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    call_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("call.id"))
    name: Mapped[str] = private(String(60), default="")
    name_masked: Mapped[str] = masked_name()
    phone: Mapped[str] = private(String(24), default="")
    phone_masked: Mapped[str] = masked_phone()
    phone_key: Mapped[str] = key("phone")
    phone_end: Mapped[str] = number_end("phone")
    # How the name is found by words; the server joins it to the work order's own.
    name_pieces: Mapped[str] = twin(Text, piece_vector, "name", deferred=True)
    wechat: Mapped[str] = private(String(60), default="")
    address: Mapped[str] = private(String(200), default="")
    spellings: Mapped[str] = twin(Text, spellings, "name", "phone", deferred=True)
    main: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(Text, default="")
    merged_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    called_back_at: Mapped[datetime | None]


class OriginalText(Base):
    """A text about a work order as it was typed, before the numbers in it were masked (db/spoken.py)."""

    __tablename__ = "original_text"
    __table_args__ = (Index(None, "table_name", "row_id"),)
    id: Mapped[Key]
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(BigId)
    column_name: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = private(Text)


class Assignment(Base):
    """承办: one unit's share. `seq` numbers the shares inside a ticket, as the rules count them."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        Index(None, "unit_id", "state"),
        # What a unit has lately replied, without all that it ever did.
        Index("ix_assignment_unit_replied", "unit_id", "replied_at"),
        Index(None, "unit_code", "state"),
        Index(
            "ix_assignment_live_due",
            "state",
            "sign_due",
            "level_due",
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
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
    level_due: Mapped[datetime | None]
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
        Index(None, "move", "at"),
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
