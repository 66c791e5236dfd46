"""Knowledge base (field-facts 10.13)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key

OPEN_VERSION = text("root_id is not null and state in ('draft', 'review')")


class KnowledgeEntry(Base):
    """One version. `root_id` is the first of its line (none: itself), `previous_id` the one before.

    A published version's words never change: work orders cite it (docs/decisions/021).
    """

    __tablename__ = "knowledge_entry"
    __table_args__ = (
        Index(None, "state", "category_code"),
        Index(None, "initials"),
        Index(None, "root_id"),
        # Two editors must not write two next versions side by side.
        Index(
            "uq_knowledge_entry_open_version",
            "root_id",
            unique=True,
            sqlite_where=OPEN_VERSION,
            postgresql_where=OPEN_VERSION,
        ),
    )
    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(120))
    initials: Mapped[str] = mapped_column(String(120), default="")
    category_code: Mapped[str] = mapped_column(String(12), default="")
    question_variants: Mapped[str] = mapped_column(Text, default="")
    short_answer: Mapped[str] = mapped_column(String(500))
    long_answer: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(String(300), default="")
    responsible_unit: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(60), default="全市")
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    review_every_days: Mapped[int] = mapped_column(default=180)
    reviewed_on: Mapped[date | None]
    reviewer: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(12), default="published")
    version: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("knowledge_entry.id"))
    root_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("knowledge_entry.id"))
    hit_count: Mapped[int] = mapped_column(default=0)
    author: Mapped[str] = mapped_column(String(60), default="")
    author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    # Whoever changed the words last; empty while they are the author's own.
    editor: Mapped[str] = mapped_column(String(60), default="")
    editor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    # Why it was sent back, withdrawn or written anew.
    note: Mapped[str] = mapped_column(String(300), default="")
    published_at: Mapped[datetime | None]
    proposed_from: Mapped[str] = mapped_column(String(20), default="")
    updated_at: Mapped[datetime]
    pieces: Mapped[str] = mapped_column(Text, default="")


class KnowledgeFeedback(Base):
    __tablename__ = "knowledge_feedback"
    __table_args__ = (Index(None, "entry_id"),)
    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("knowledge_entry.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(500), default="")
    settled_at: Mapped[datetime | None]


class Snippet(Base):
    """Phrases put in by initials after `::`."""

    __tablename__ = "snippet"
    __table_args__ = (Index(None, "account_id"),)
    id: Mapped[Key]
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    initials: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(1000))


class Bulletin(Base):
    """What call-takers must know today."""

    __tablename__ = "bulletin"
    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(1000))
    posted_at: Mapped[datetime]
    posted_by: Mapped[str] = mapped_column(String(60))
    expires_at: Mapped[datetime | None]
