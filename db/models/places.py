"""Roads, estates, buildings, houses, enterprises, components: what an address is found by (field-facts 6.6, 6.7)."""

from datetime import date, datetime
from typing import Annotated

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key, Name, Phone
from db.models.private import key, masked_name, masked_phone, private, twin
from db.pinyin import initials_column

# Found and not yet put right: few, whatever the history.
HAZARDOUS = text("hazards <> '' AND recheck <> 'passed'")

# 曾用名 and 别称, several with 、 between them (console/domain/other_names.py).
OtherNames = Annotated[str, mapped_column(String(200), default="")]


class Road(Base):
    __tablename__ = "road"
    __table_args__ = (UniqueConstraint("name"), Index(None, "initials"))
    id: Mapped[Key]
    name: Mapped[Name]
    initials: Mapped[str] = mapped_column(String(40), default="")
    other_names: Mapped[OtherNames]


class RoadRange(Base):
    """House numbers of a road that lie in one grid; `side` is odd, even or both."""

    __tablename__ = "road_range"
    __table_args__ = (Index(None, "road_id", "low"), Index(None, "grid_id"))
    id: Mapped[Key]
    road_id: Mapped[int] = mapped_column(BigId, ForeignKey("road.id"))
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    low: Mapped[int]
    high: Mapped[int]
    side: Mapped[str] = mapped_column(String(4), default="both")


class Estate(Base):
    __tablename__ = "estate"
    __table_args__ = (Index(None, "name"), Index(None, "initials"), Index(None, "grid_id"))
    id: Mapped[Key]
    name: Mapped[Name]
    initials: Mapped[str] = mapped_column(String(40), default="")
    other_names: Mapped[OtherNames]
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    kind: Mapped[str] = mapped_column(String(20), default="")
    property_company: Mapped[str] = mapped_column(String(80), default="")
    property_contact: Mapped[str] = mapped_column(String(40), default="")
    property_phone: Mapped[Phone]
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)


class Building(Base):
    __tablename__ = "building"
    __table_args__ = (UniqueConstraint("estate_id", "number"), Index(None, "grid_id"))
    id: Mapped[Key]
    estate_id: Mapped[int] = mapped_column(BigId, ForeignKey("estate.id"))
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="")
    floors_above: Mapped[int] = mapped_column(default=1)
    floors_below: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=1)
    rooms_per_floor: Mapped[int] = mapped_column(default=2)
    built_area_m2: Mapped[float] = mapped_column(default=0.0)
    hazard: Mapped[str] = mapped_column(String(200), default="")
    building_head: Mapped[str] = mapped_column(String(40), default="")
    building_head_phone: Mapped[str] = private(String(24), default="")
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)
    version: Mapped[int] = mapped_column(default=1)


class House(Base):
    __tablename__ = "house"
    __table_args__ = (Index(None, "building_id", "unit_no", "floor"), Index(None, "grid_id"))
    id: Mapped[Key]
    building_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("building.id"))
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    unit_no: Mapped[int] = mapped_column(default=1)
    floor: Mapped[int] = mapped_column(default=1)
    room: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="")
    usage: Mapped[str] = mapped_column(String(20), default="自住")
    business: Mapped[str] = mapped_column(String(60), default="")
    area_m2: Mapped[float] = mapped_column(default=0.0)
    owner: Mapped[str] = private(String(60), default="")
    owner_masked: Mapped[str] = masked_name("owner")
    owner_phone: Mapped[str] = private(String(24), default="")
    owner_phone_masked: Mapped[str] = masked_phone("owner_phone")
    owner_id_number: Mapped[str] = private(String(20), default="")
    tenant_count: Mapped[int] = mapped_column(default=0)
    rented_from: Mapped[date | None]
    rented_to: Mapped[date | None]
    hazard: Mapped[str] = mapped_column(String(200), default="")
    verified_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Enterprise(Base):
    __tablename__ = "enterprise"
    __table_args__ = (
        UniqueConstraint("uscc"),
        Index(None, "grid_id"),
        Index(None, "initials"),
        Index(None, "phone_key"),
    )
    id: Mapped[Key]
    name: Mapped[Name]
    initials: Mapped[str] = mapped_column(String(60), default="")
    uscc: Mapped[str] = mapped_column(String(18))
    kind: Mapped[str] = mapped_column(String(40), default="")
    industry: Mapped[str] = mapped_column(String(60), default="")
    legal_person: Mapped[str] = private(String(60), default="")
    manager: Mapped[str] = private(String(60), default="")
    phone: Mapped[str] = private(String(24), default="")
    phone_masked: Mapped[str] = masked_phone()
    phone_key: Mapped[str] = key("phone")
    address: Mapped[str] = mapped_column(String(200))
    shop_front: Mapped[str] = mapped_column(String(40), default="")
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    employees: Mapped[int] = mapped_column(default=0)
    operating_state: Mapped[str] = mapped_column(String(20), default="在营")
    licence_until: Mapped[date | None]
    safety_officer: Mapped[str] = mapped_column(String(60), default="")
    hazardous_goods: Mapped[str] = mapped_column(String(120), default="")
    beds: Mapped[int] = mapped_column(default=0)
    fire_station: Mapped[bool] = mapped_column(default=False)
    verified_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Inspection(Base):
    """An enterprise looked at: hazards found, by when they shall be put right, whether they were (field-facts 6.7).

    What was found never changes; what is done about it is the latest try, the earlier ones stand in the history.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        Index(None, "enterprise_id", "at"),
        Index(
            "ix_inspection_open", "rectify_by", sqlite_where=HAZARDOUS, postgresql_where=HAZARDOUS
        ),
    )
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(BigId, ForeignKey("enterprise.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20), default="日常检查")
    inspector: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    points: Mapped[str] = mapped_column(String(1000), default="")
    hazards: Mapped[str] = mapped_column(String(1000), default="")
    rectify_by: Mapped[date | None]
    rectified_at: Mapped[datetime | None]
    rectification: Mapped[str] = mapped_column(String(1000), default="")
    recheck: Mapped[str] = mapped_column(String(12), default="")
    rechecked_by: Mapped[str] = mapped_column(String(60), default="")
    recorded_by: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(default=1)


class Component(Base):
    """部件 with its 16-digit code, owner and maintainer (field-facts 5.2, 6.8)."""

    __tablename__ = "component"
    __table_args__ = (UniqueConstraint("code"), Index(None, "grid_id"))
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    grid_id: Mapped[int] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    owner_unit: Mapped[str] = mapped_column(String(80), default="")
    maintainer: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(20), default="完好")
    place: Mapped[str] = mapped_column(String(200), default="")
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)


class AddressBookEntry(Base):
    """Schools, bus stops, cameras, shelters: things with a place and no more (field-facts K11)."""

    __tablename__ = "address_book_entry"
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    initials: Mapped[str] = twin(String(40), initials_column, "name")
    other_names: Mapped[OtherNames]
    place: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(120), default="")
    grid_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("grid.unit_id"))
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)
