"""Training: scenarios, attempts and their scores (peers 6.15)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key


class Scenario(Base):
    __tablename__ = "scenario"
    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(120))
    level: Mapped[int] = mapped_column(default=1)
    caller_phone: Mapped[str] = mapped_column(String(24))
    script: Mapped[dict[str, Any]]
    model_ticket: Mapped[dict[str, Any]]
    made_by: Mapped[str] = mapped_column(String(60), default="")
    notes: Mapped[str] = mapped_column(Text, default="")


class Attempt(Base):
    __tablename__ = "attempt"
    __table_args__ = (Index(None, "scenario_id"), Index(None, "account_id"))
    id: Mapped[Key]
    scenario_id: Mapped[int] = mapped_column(BigId, ForeignKey("scenario.id"))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    keys: Mapped[int] = mapped_column(default=0)
    clicks: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int] = mapped_column(default=0)
