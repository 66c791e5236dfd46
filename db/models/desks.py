"""What desks keep beside the work orders: campaigns, presence, leased numbers, filters, search pieces."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key


class Campaign(Base):
    """专项活动, two levels (field-facts K14)."""

    __tablename__ = "campaign"
    id: Mapped[Key]
    code: Mapped[str | None] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("campaign.id"))
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]


class TicketCampaign(Base):
    """A ticket may stand in many campaigns, so sums over campaigns differ from totals."""

    __tablename__ = "ticket_campaign"
    __table_args__ = (Index(None, "campaign_id"),)
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
    account_id: Mapped[int | None] = mapped_column(BigId)
    low: Mapped[int]
    high: Mapped[int]
    leased_at: Mapped[datetime]


class WriteMark(Base):
    """The last thing a connection saved, told by itself in the same transaction (db.line). PostgreSQL only."""

    __tablename__ = "write_mark"
    holder: Mapped[str] = mapped_column(String(32), primary_key=True)
    serial: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]


class KeeperLease(Base):
    """Which running program keeps: on SQLite the lock itself, on PostgreSQL what it says (docs/decisions/009)."""

    __tablename__ = "keeper_lease"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32))
    workstation: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


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
