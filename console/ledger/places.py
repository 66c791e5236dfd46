"""A grid with the people who answer for it; who lives at a door."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from console.domain.address import AddressParts
from console.domain.masking import mask_name, mask_phone
from console.domain.records import GridOwner
from console.domain.registers.duty import duty_words
from db.models import (
    Building,
    DutyRoster,
    Estate,
    GridStaff,
    House,
    Household,
    Person,
    Staff,
    Unit,
)

LEADER, INSTRUCTOR, WORKER = "网格长", "网格指导员", "全科网格员"


def grid_owner(
    session: Session, grid_id: int, rule: str = "", duty_on: date | None = None
) -> GridOwner | None:
    """Grid, community, street and staff of a grid, with who is on duty for both on that day; names and phones masked.

    Two statements.
    """
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
    names = {far.id: far.short_name or far.name, near.id: near.short_name or near.name}
    people = _people(session, grid_id, tuple(names), duty_on)
    return GridOwner(
        grid_id=grid.id,
        grid_code=grid.code,
        grid_name=grid.short_name or grid.name,
        community=names[near.id],
        street=names[far.id],
        rule=rule,
        street_unit_id=far.id,
        community_unit_id=near.id,
        roster=_roster([row for row in people if row.unit_id], names),
        **_team([row for row in people if not row.unit_id]),
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


def _people(
    session: Session, grid_id: int, units: Sequence[int], duty_on: date | None
) -> Sequence[Any]:
    """The staff of the grid, whose `unit_id` is 0, and the roster of these units. One statement."""
    team = select(
        GridStaff.post, Staff.name, Staff.phone, Staff.duty_state.label("state"),
        literal(0).label("unit_id"), literal(0).label("turn"), Staff.id,
    )  # fmt: skip
    team = team.join(Staff, Staff.id == GridStaff.staff_id).where(GridStaff.grid_id == grid_id)
    row = DutyRoster
    turn = case((row.leads, 0), else_=1)
    duty = select(row.rank, row.name, row.phone, row.shift, row.unit_id, turn, row.id)
    duty = duty.where(row.unit_id.in_(units), row.on_day == duty_on)
    found = session.execute(team if duty_on is None else union_all(team, duty)).all()
    return sorted(found, key=lambda one: (one.turn, one.state if one.unit_id else "", one.id))


def _team(people: Sequence[Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"on_duty": any(row.state == "on_duty" for row in people)}
    names = {LEADER: "leader", WORKER: "worker", INSTRUCTOR: "instructor"}
    for row in people:
        key = names.get(row.post)
        if key and key not in shown:
            shown[key], shown[f"{key}_phone"] = mask_name(row.name), mask_phone(row.phone)
    return shown


def _roster(people: Sequence[Any], names: dict[int, str]) -> str:
    """A line for each unit that has one: 望台街道 带班 何**（副主任） 199****0001."""
    told: dict[int, list[str]] = {}
    for row in people:
        who, number = mask_name(row.name), mask_phone(row.phone)
        words = duty_words(who, row.post, row.state, number, leads=row.turn == 0)
        told.setdefault(row.unit_id, []).append(words)
    return "\n".join(f"{names[unit]} {'；'.join(told[unit])}" for unit in names if unit in told)
