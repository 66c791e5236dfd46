"""Telephone calls and numbers that may not call (field-facts 6.1, 3.7)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key, Phone
from db.models.private import key, masked_phone, private


class Call(Base):
    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("call_no"),
        Index(None, "caller_key", "ring_at"),
        Index(None, "ring_at"),
        Index(None, "ticket_id"),
    )
    id: Mapped[Key]
    call_no: Mapped[str] = mapped_column(String(40))
    direction: Mapped[str] = mapped_column(String(12), default="inbound")
    caller_no: Mapped[str] = private(String(24), default="")
    caller_masked: Mapped[str] = masked_phone("caller_no")
    caller_key: Mapped[str] = key("caller_no")
    called_no: Mapped[Phone]
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    queue: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(12), default="普通话")
    ring_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wait_s: Mapped[int] = mapped_column(default=0)
    talk_s: Mapped[int] = mapped_column(default=0)
    hold_s: Mapped[int] = mapped_column(default=0)
    wrap_s: Mapped[int] = mapped_column(default=0)
    hangup_side: Mapped[str] = mapped_column(String(12), default="")
    result: Mapped[str] = mapped_column(String(20), default="ringing")
    transfer_target: Mapped[str] = mapped_column(String(40), default="")
    recording_ref: Mapped[str] = mapped_column(String(200), default="")
    recording_sha256: Mapped[str] = mapped_column(String(64), default="")
    key_rating: Mapped[str] = mapped_column(String(12), default="")
    ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    is_repeat: Mapped[bool] = mapped_column(default=False)
    training: Mapped[bool] = mapped_column(default=False)


class BlockedNumber(Base):
    """Harassing numbers: approved by a supervisor, with reason and expiry; never blocks the urgent path."""

    __tablename__ = "blocked_number"
    __table_args__ = (Index(None, "phone_key"),)
    id: Mapped[Key]
    phone: Mapped[str] = private(String(24), default="")
    phone_masked: Mapped[str] = masked_phone()
    phone_key: Mapped[str] = key("phone")
    degree: Mapped[str] = mapped_column(String(12), default="persuade")
    reason: Mapped[str] = mapped_column(String(300))
    requested_by: Mapped[str] = mapped_column(String(60))
    approved_by: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class PoliceTransfer(Base):
    """Between 110 and 12345, both ways: when, who received it, what came of it (field-facts 10.12, Y9)."""

    __tablename__ = "police_transfer"
    __table_args__ = (Index(None, "at"), Index(None, "ticket_id"))
    id: Mapped[Key]
    direction: Mapped[str] = mapped_column(String(8))
    service: Mapped[str] = mapped_column(String(4), default="110")
    ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    call_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("call.id"))
    at: Mapped[datetime]
    handed_by: Mapped[str] = mapped_column(String(60))
    receiver_no: Mapped[str] = mapped_column(String(20), default="")
    three_way: Mapped[bool] = mapped_column(default=False)
    got_it_first: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    # pending (theirs, not yet judged by us), accepted, refused.
    result: Mapped[str] = mapped_column(String(12), default="accepted")
    refusal: Mapped[str] = mapped_column(String(300), default="")
    police_no: Mapped[str] = mapped_column(String(40), default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(60), default="")
    # Who took it back on the other side.
    receiver_back: Mapped[str] = mapped_column(String(20), default="")
    # Names of both centres' people who agreed to an exception from "first come" (field-facts 10.12).
    agreed: Mapped[str] = mapped_column(String(120), default="")
