"""Residents, households, special groups, visits and life events (field-facts 6.3 to 6.5)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key
from db.models.private import (
    key,
    masked_address,
    masked_identity,
    masked_name,
    masked_phone,
    number_end,
    other_initials,
    private,
    sought_by,
    twin,
)


class Household(Base):
    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("number"), Index(None, "house_id"))
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24))
    house_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("house.id"))
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    kind: Mapped[str] = mapped_column(String(20), default="家庭户")
    address: Mapped[str] = private(String(200))
    place: Mapped[str] = masked_address("address")
    door_plate: Mapped[str] = mapped_column(String(60), default="")
    low_income: Mapped[bool] = mapped_column(default=False)
    income_source: Mapped[str] = private(String(60), default="")
    difficulties: Mapped[str] = private(String(500), default="")
    residence_state: Mapped[str] = mapped_column(String(20), default="在住")
    emergency_contact: Mapped[str] = private(String(60), default="")
    emergency_phone: Mapped[str] = private(String(24), default="")
    last_visit_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Person(Base):
    """实有人口 in full; what says who it is has its twins beside it."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("id_number"),
        Index(None, "phone_key"),
        Index(None, "phone_end"),
        Index(None, "id_key"),
        Index(None, "sought"),
        Index(None, "other_initials"),
        Index(None, "initials"),
        Index(None, "household_id"),
        Index(None, "grid_id"),
    )
    id: Mapped[Key]
    name: Mapped[str] = private(String(60))
    name_masked: Mapped[str] = masked_name()
    former_name: Mapped[str] = private(String(60), default="")
    # What a name is looked for by: folded, so that 葉長青 finds 叶长青 and 张 𬭎 finds 张𬭎.
    sought: Mapped[str] = twin(String(60), sought_by, "name", deferred=True)
    initials: Mapped[str] = private(String(80), default="")
    # The second reading of a name that has one: 单 is Shan, and Dan to whoever reads it off.
    other_initials: Mapped[str] = twin(String(40), other_initials, "name", deferred=True)
    name_pieces: Mapped[str] = private(String(200), default="")
    id_number: Mapped[str] = private(String(20))
    id_masked: Mapped[str] = masked_identity()
    id_key: Mapped[str] = key("id_number")
    sex: Mapped[str] = mapped_column(String(4))
    born_on: Mapped[date]
    ethnicity: Mapped[str] = private(String(20), default="汉族")
    native_place: Mapped[str] = private(String(60), default="")
    marital_state: Mapped[str] = private(String(20), default="")
    political_status: Mapped[str] = private(String(20), default="")
    education: Mapped[str] = private(String(20), default="")
    religion: Mapped[str] = private(String(20), default="")
    occupation: Mapped[str] = private(String(60), default="")
    workplace: Mapped[str] = private(String(120), default="")
    phone: Mapped[str] = private(String(24), default="")
    phone_masked: Mapped[str] = masked_phone()
    phone_key: Mapped[str] = key("phone")
    phone_end: Mapped[str] = number_end("phone")
    registered_address: Mapped[str] = private(String(200), default="")
    home_address: Mapped[str] = private(String(200), default="")
    home: Mapped[str] = masked_address("home_address")
    house_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("house.id"))
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    household_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("household.id"))
    relation: Mapped[str] = mapped_column(String(20), default="")
    residence_kind: Mapped[str] = mapped_column(String(20), default="户籍")
    special_attributes: Mapped[str] = private(String(200), default="")
    class_details: Mapped[dict[str, Any]] = mapped_column(
        default=dict, deferred=True, deferred_group="private"
    )
    emergency_contact: Mapped[str] = private(String(60), default="")
    emergency_phone: Mapped[str] = private(String(24), default="")
    state: Mapped[str] = mapped_column(String(12), default="active")
    verified_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class SpecialGroupMember(Base):
    """特殊人群: class, risk, extra fields and the visit plan (field-facts 6.4)."""

    __tablename__ = "special_group_member"
    __table_args__ = (Index(None, "person_id"), Index(None, "next_visit_on"))
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    group_class: Mapped[str] = mapped_column(String(24))
    restricted: Mapped[bool] = mapped_column(default=False)
    risk_level: Mapped[str] = mapped_column(String(12), default="normal")
    details: Mapped[dict[str, Any]] = mapped_column(
        default=dict, deferred=True, deferred_group="private"
    )
    guardian: Mapped[str] = private(String(60), default="")
    guardian_post: Mapped[str] = mapped_column(String(60), default="")
    guardian_phone: Mapped[str] = private(String(24), default="")
    registered_by: Mapped[str] = mapped_column(String(60), default="")
    registered_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), default="active")
    visit_interval_days: Mapped[int] = mapped_column(default=90)
    planned_visit_on: Mapped[date | None]
    next_visit_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Visit(Base):
    __tablename__ = "visit"
    __table_args__ = (Index(None, "member_id", "at"),)
    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("special_group_member.id"))
    at: Mapped[datetime]
    visitor: Mapped[str] = mapped_column(String(60))
    met: Mapped[bool] = mapped_column(default=True)
    condition: Mapped[str] = mapped_column(String(1000), default="")
    wants: Mapped[str] = mapped_column(String(1000), default="")


class VisitPolicy(Base):
    __tablename__ = "visit_policy"
    group_class: Mapped[str] = mapped_column(String(24), primary_key=True)
    risk_level: Mapped[str] = mapped_column(String(12), primary_key=True)
    interval_days: Mapped[int]
    first_within_hours: Mapped[int] = mapped_column(default=0)


class LifeEvent(Base):
    """Birth, death, move in, move out, with date and reason (field-facts X8)."""

    __tablename__ = "life_event"
    __table_args__ = (Index(None, "person_id"),)
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(12))
    on_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(60))


class RegisterChange(Base):
    """Every change of a register row: field, before, after, who, when (field-facts X11)."""

    __tablename__ = "register_change"
    __table_args__ = (Index(None, "register", "row_id"),)
    id: Mapped[Key]
    register: Mapped[str] = mapped_column(String(24))
    row_id: Mapped[int] = mapped_column(BigId)
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(500), default="")
    after: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(60))


class Patrol(Base):
    __tablename__ = "patrol"
    __table_args__ = (Index(None, "grid_id", "started_at"),)
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24))
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    kind: Mapped[str] = mapped_column(String(12), default="例行")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    points_checked: Mapped[int] = mapped_column(default=0)
    events_found: Mapped[int] = mapped_column(default=0)
    distance_m: Mapped[int] = mapped_column(default=0)
    findings: Mapped[str] = mapped_column(String(1000), default="")


class DailyTask(Base):
    """Today's task of a grid worker and the centre's check call about it (field-facts K16)."""

    __tablename__ = "daily_task"
    __table_args__ = (Index(None, "staff_id", "on_day"),)
    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    on_day: Mapped[date]
    task: Mapped[str] = mapped_column(String(300))
    done_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    check_result: Mapped[str] = mapped_column(String(300), default="")
