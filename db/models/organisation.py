"""Units, staff and their posts (field-facts 2, 5, 6.8)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Key, Name, Phone
from db.models.private import private


class Unit(Base):
    """Centre, district, street, town, community, village, grid or department.

    `code` is the division or grid code as text (6, 9, 12 or 15 digits; departments `D` + number); a
    unit's data scope is the prefix `code`.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("code"), Index(None, "parent_id"), Index(None, "initials"))
    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[Name]
    short_name: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(20))
    nature: Mapped[str] = mapped_column(String(20), default="政府")
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    is_command_level: Mapped[bool] = mapped_column(default=False)
    initials: Mapped[str] = mapped_column(String(60), default="")
    duties: Mapped[str] = mapped_column(String(400), default="")
    leader: Mapped[str] = mapped_column(String(40), default="")
    leader_phone: Mapped[Phone]
    liaison: Mapped[str] = mapped_column(String(40), default="")
    liaison_phone: Mapped[Phone]
    deputy_liaison: Mapped[str] = mapped_column(String(40), default="")
    deputy_liaison_phone: Mapped[Phone]
    working_hours: Mapped[str] = mapped_column(String(60), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Grid(Base):
    """A unit grid (单元网格): its shape and what it holds. `unit_id` is the grid's own unit."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("code"),)
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), primary_key=True)
    code: Mapped[Code]
    grid_type: Mapped[str] = mapped_column(String(10))
    special_kind: Mapped[str] = mapped_column(String(20), default="")
    boundary: Mapped[dict[str, Any]]
    boundary_text: Mapped[str] = mapped_column(String(300), default="")
    centre_x: Mapped[float]
    centre_y: Mapped[float]
    area_m2: Mapped[float]
    households: Mapped[int] = mapped_column(default=0)
    population: Mapped[int] = mapped_column(default=0)
    police: Mapped[str] = mapped_column(String(40), default="")
    party_branch: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[str] = mapped_column(String(12), default="active")
    version: Mapped[int] = mapped_column(default=1)


class Staff(Base):
    """Grid leaders, instructors, workers, part-timers, inspectors, liaisons and the centre's own people."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("staff_no"), Index(None, "unit_id"), Index(None, "initials"))
    id: Mapped[Key]
    staff_no: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    initials: Mapped[str] = mapped_column(String(40), default="")
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    post: Mapped[str] = mapped_column(String(24))
    full_time: Mapped[bool] = mapped_column(default=True)
    phone: Mapped[Phone]
    duty_state: Mapped[str] = mapped_column(String(12), default="on_duty")
    training_state: Mapped[str] = mapped_column(String(20), default="")
    cadre_rank: Mapped[str] = mapped_column(String(20), default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class GridStaff(Base):
    """One worker serves many grids (field-facts H9); `post` is what he is there: 1+1+1+N."""

    __tablename__ = "grid_staff"
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"), primary_key=True)
    post: Mapped[str] = mapped_column(String(24), primary_key=True)


class PostHistory(Base):
    """Which post somebody held where, from when to when (field-facts X12)."""

    __tablename__ = "post_history"
    __table_args__ = (Index(None, "staff_id"),)
    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    post: Mapped[str] = mapped_column(String(40))
    unit_name: Mapped[Name]
    grids: Mapped[str] = mapped_column(String(300), default="")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class DutyRoster(Base):
    """Who answers for a unit on a day (field-facts H12)."""

    __tablename__ = "duty_roster"
    __table_args__ = (Index(None, "unit_id", "on_day"),)
    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    on_day: Mapped[date]
    shift: Mapped[str] = mapped_column(String(8), default="全天")
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[Phone]
    rank: Mapped[str] = mapped_column(String(20), default="")
    # 带班领导: who decides; the others on duty do what he says.
    leads: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Account(Base):
    """A person who may sign in. On PostgreSQL the password is the database login's and stays there."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("login"), UniqueConstraint("agent_no"))
    id: Mapped[Key]
    login: Mapped[str] = mapped_column(String(40))
    agent_no: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    password_hash: Mapped[str] = private(String(200), default="")
    failures: Mapped[int] = mapped_column(default=0, deferred=True, deferred_group="private")
    locked_until: Mapped[datetime | None] = mapped_column(deferred=True, deferred_group="private")
    disabled_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    may_view_sensitive: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="zh_CN")
    demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Attendance(Base):
    """Signing in and out, seat states: what agent figures are made of (field-facts 8)."""

    __tablename__ = "attendance"
    __table_args__ = (Index(None, "account_id", "started_at"),)
    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    workstation: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
