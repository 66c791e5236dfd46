"""Who saw, printed, exported and did what. Append-only, chained by hash (field-facts 10)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key


class AuditEntry(Base):
    """`digest` covers this row and the one before, so that a row altered behind our back shows."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "account_id", "at"),
        Index(None, "subject_kind", "subject_key"),
        Index(None, "phone_digest"),
    )
    id: Mapped[Key]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(60))
    workstation: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(24))
    subject_kind: Mapped[str] = mapped_column(String(20), default="")
    subject_key: Mapped[str] = mapped_column(String(60), default="")
    phone_digest: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))


class PrintLog(Base):
    """Every copy on paper or in a file: who, when, which copy of what."""

    __tablename__ = "print_log"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "at"))
    id: Mapped[Key]
    ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    form: Mapped[str] = mapped_column(String(40))
    copy_no: Mapped[int]
    manner: Mapped[str] = mapped_column(String(12))
    pages: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(60))
    workstation: Mapped[str] = mapped_column(String(80), default="")
    mark: Mapped[str] = mapped_column(String(24), default="")


class QualityCheck(Base):
    __tablename__ = "quality_check"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "agent_id"))
    id: Mapped[Key]
    ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    call_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("call.id"))
    agent_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    inspector: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int]
    fatal: Mapped[bool] = mapped_column(default=False)
    coaching: Mapped[str] = mapped_column(String(1000), default="")
    appeal: Mapped[str] = mapped_column(String(1000), default="")
