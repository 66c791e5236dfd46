"""Numbers whose every look is worth a second one: kept as keys, so that the list itself tells nobody's number."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key


class WatchedNumber(Base):
    """`key` is what the audit finds lines by (`console.ledger.contacts.key_of`); `shown` is the mask."""

    __tablename__ = "watched_number"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64))
    shown: Mapped[str] = mapped_column(String(24))
    why: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
