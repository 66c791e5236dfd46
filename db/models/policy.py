"""The city's rules as data in force: pack, categories, working calendar, templates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key


class City(Base):
    """One row: what this database is. `kind` demo and training databases hold invented people only."""

    __tablename__ = "city"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60))
    division_code: Mapped[str] = mapped_column(String(6))
    heading: Mapped[str] = mapped_column(String(80))
    policy_pack: Mapped[str] = mapped_column(String(60), default="default")
    kind: Mapped[str] = mapped_column(String(12), default="production")
    created_at: Mapped[datetime]


class PolicyPackRow(Base):
    """A pack's text as loaded, with when it came into force; the newest one counts."""

    __tablename__ = "policy_pack"
    __table_args__ = (Index(None, "name", "in_force_from"),)
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[datetime]
    loaded_by: Mapped[str] = mapped_column(String(60))


class CategoryRow(Base):
    __tablename__ = "category"
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    parent_code: Mapped[str] = mapped_column(String(12), default="")
    level: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(120))
    initials: Mapped[str] = mapped_column(String(60), default="")
    synonyms: Mapped[str] = mapped_column(String(500), default="")
    default_unit: Mapped[str] = mapped_column(String(60), default="")
    default_urgency: Mapped[str] = mapped_column(String(12), default="")
    default_nature: Mapped[str] = mapped_column(String(12), default="")
    platform: Mapped[str] = mapped_column(String(16), default="")
    site: Mapped[bool] = mapped_column(default=False)
    # Its own finish limit at normal urgency, such as `4工作时`.
    finish: Mapped[str] = mapped_column(String(12), default="")
    flow_enabled: Mapped[bool] = mapped_column(default=True)
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]


class CalendarDay(Base):
    """Days that differ from the plain week, per State Council notice; `kind` holiday or makeup."""

    __tablename__ = "calendar_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40), default="")


class Template(Base):
    """Call-out texts, letters, messages (field-facts H11)."""

    __tablename__ = "template"
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)


class Preference(Base):
    """Settings of the whole centre, each key declared in code."""

    __tablename__ = "preference"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]
