"""What was imported: which file, by whom, how many rows of which sort (field-facts 10.8)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key


class ImportBatch(Base):
    """One file taken in. It is written in the same transaction as its rows: a batch here is a whole one."""

    __tablename__ = "import_batch"
    __table_args__ = (Index(None, "at"),)
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(60))
    workstation: Mapped[str] = mapped_column(String(80), default="")
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    rows_same: Mapped[int] = mapped_column(default=0)
    rows_failed: Mapped[int] = mapped_column(default=0)
    trace: Mapped[str] = mapped_column(String(24), default="")
