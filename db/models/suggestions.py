"""What was learned from the city's closed work orders (docs/memory.md)."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key


class SuggestionModel(Base):
    """The newest row counts. `content` is read by `console.memory.storing` alone; it holds no contact data."""

    __tablename__ = "suggestion_model"
    id: Mapped[Key]
    learned_at: Mapped[datetime]
    messages: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
