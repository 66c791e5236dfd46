"""A building's doors with who lives behind them, for the matrix (field-facts X7)."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.domain.registers.building_sheet import building_words
from console.domain.registers.life import PersonState
from console.domain.registers.matrix import Matrix, Room, lay_out
from console.ledger import Seat
from console.ledger.registers import in_branch
from console.services.registers.rights import members_seen, refuse_reading
from db.models import Building, Estate, House, Person, SpecialGroupMember


class Housing:
    """Buildings of one seat's grids."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def matrix(self, building_id: int) -> Matrix:
        """Units × floors with households and people, masked. Raises NotFound outside the branch. Three statements."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            query = (
                select(Building, Estate.name)
                .join(Estate, Estate.id == Building.estate_id)
                .where(Building.id == building_id, in_branch(self._seat.operator, Building.grid_id))
            )
            found = session.execute(query).first()
            if found is None:
                raise NotFound("没有找到这栋楼，或不在您的管辖范围内")
            building: Building = found[0]
            houses = list(session.scalars(select(House).where(House.building_id == building_id)))
            people = self._people(session, building, [house.id for house in houses])
        number = building_words(building.number)
        rooms = [_room(house, people.get(house.id)) for house in houses]
        return lay_out(
            building.id, f"{found[1]}{number}", rooms, building.units, building.floors_above
        )

    def _people(self, session: Session, building: Building, houses: list[int]) -> dict[int, Any]:
        """Who lives behind each door. Asked by grid, which has an index; a house's people are of its grid."""
        cared = (
            select(func.count())
            .select_from(SpecialGroupMember)
            .where(SpecialGroupMember.person_id == Person.id, SpecialGroupMember.state == "active")
            .where(members_seen(session, self._seat))
            .correlate(Person)
            .scalar_subquery()
        )
        head = func.min(case((Person.relation == "户主", Person.name_masked)))
        query = select(
            Person.house_id, func.count().label("people"), head.label("head"),
            func.count(Person.household_id.distinct()).label("homes"), func.sum(cared).label("care"),
        )  # fmt: skip
        query = query.where(
            Person.grid_id == building.grid_id,
            Person.house_id.in_(houses),
            Person.state == PersonState.ACTIVE,
        )
        return {row.house_id: row for row in session.execute(query.group_by(Person.house_id))}


def _room(house: House, lives: Any) -> Room:
    if lives is None:
        return Room(
            house.id, house.unit_no, house.floor, house.room, house.usage, hazard=house.hazard
        )
    return Room(
        house.id, house.unit_no, house.floor, house.room, house.usage, lives.people, lives.homes, lives.head or "",
        int(lives.care or 0), house.hazard,
    )  # fmt: skip
