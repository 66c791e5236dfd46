"""What the centre decides and oversees: returns, extensions, suspensions, urging, supervision, callbacks."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key, Phone

RUNNING = text("resumed_at is null")
NUMBERED = text("document_no <> ''")


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
    concluded_by: Mapped[str] = mapped_column(String(60), default="")


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
    __table_args__ = (
        Index(None, "ticket_id"),
        Index("ix_suspension_running", "resume_on", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )
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
    __table_args__ = (UniqueConstraint("light_key"), Index(None, "ticket_id"), Index(None, "at"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    light_key: Mapped[str | None] = mapped_column(String(60))
    automatic: Mapped[bool] = mapped_column(default=False)
    rung: Mapped[int] = mapped_column(default=1)
    # Set where one level let its own timer pass (field-facts X3).
    share_seq: Mapped[int | None]
    document_no: Mapped[str] = mapped_column(String(40), default="")
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(500))
    copied_to: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))


class Supervision(Base):
    """督办: normal, yellow card, red card; with the notice's fields (field-facts 9.5)."""

    __tablename__ = "supervision"
    __table_args__ = (
        UniqueConstraint("light_key"),
        Index(None, "ticket_id"),
        Index(None, "issued_at"),
        Index(
            "uq_supervision_document_no",
            "document_no",
            unique=True,
            sqlite_where=NUMBERED,
            postgresql_where=NUMBERED,
        ),
    )
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
    co_leader: Mapped[str] = mapped_column(String(60), default="")
    unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    due: Mapped[datetime | None]
    feedback_every_days: Mapped[int] = mapped_column(default=0)
    contact: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[Phone]
    penalty: Mapped[int] = mapped_column(default=0)
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedback_at: Mapped[datetime | None]
    feedback_by: Mapped[str] = mapped_column(String(60), default="")
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
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    # The supervisor's look at it: None until then; False sends the work order back.
    accepted: Mapped[bool | None]
    judged_at: Mapped[datetime | None]
    judged_by: Mapped[str] = mapped_column(String(60), default="")
    judgement: Mapped[str] = mapped_column(String(300), default="")
