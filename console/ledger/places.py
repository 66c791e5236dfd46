"""A grid with the people who answer for it; who lives at a door."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from console.domain.address import AddressParts
from console.domain.masking import mask_name, mask_phone
from console.domain.records import GridOwner
from db.models import Building, Estate, GridStaff, House, Household, Person, Staff, Unit

LEADER, INSTRUCTOR, WORKER = "网格长", "网格指导员", "全科网格员"


def grid_owner(session: Session, grid_id: int, rule: str = "") -> GridOwner | None:
    """Grid, community, street and staff of a grid; names and phones masked. Two statements."""
    community, street = aliased(Unit), aliased(Unit)
    found = session.execute(
        select(Unit, community, street)
        .join(community, community.id == Unit.parent_id)
        .join(street, street.id == community.parent_id)
        .where(Unit.id == grid_id)
    ).first()
    if found is None:
        return None
    grid, near, far = found
    return GridOwner(
        grid_id=grid.id,
        grid_code=grid.code,
        grid_name=grid.short_name or grid.name,
        community=near.short_name or near.name,
        street=far.short_name or far.name,
        rule=rule,
        street_unit_id=far.id,
        community_unit_id=near.id,
        **_people(session, grid_id),
    )


def at_door(estates: ColumnElement[bool], parts: AddressParts) -> ColumnElement[bool]:
    """People whose household lives in those estates, at that building and room as far as they are named."""
    houses = select(House.id).join(Building, Building.id == House.building_id)
    houses = houses.join(Estate, Estate.id == Building.estate_id).where(estates)
    if parts.building:
        numbers = (parts.building, *(f"{parts.building}{end}" for end in "栋幢座"))
        houses = houses.where(Building.number.in_(numbers))
    if parts.room:
        houses = houses.where(House.room == parts.room)
    families = select(Household.id).where(Household.house_id.in_(houses))
    return Person.household_id.in_(families)


def _people(session: Session, grid_id: int) -> dict[str, Any]:
    query = (
        select(GridStaff.post, Staff.name, Staff.phone, Staff.duty_state)
        .join(Staff, Staff.id == GridStaff.staff_id)
        .where(GridStaff.grid_id == grid_id)
        .order_by(Staff.id)
    )
    shown: dict[str, Any] = {"on_duty": False}
    names = {LEADER: "leader", WORKER: "worker", INSTRUCTOR: "instructor"}
    for post, name, phone, duty in session.execute(query):
        key = names.get(post)
        if key and key not in shown:
            shown[key], shown[f"{key}_phone"] = mask_name(name), mask_phone(phone)
        if duty == "on_duty":
            shown["on_duty"] = True
    return shown
