"""The people of the demo city's offices, by what they do and where they sit."""

from dataclasses import dataclass
from random import Random

from console.domain.case import UnitRef
from console.domain.roles import Operator, Role
from db.demo.city import City


@dataclass(frozen=True)
class Office:
    """Who may act: operators by role, and by role and unit code."""

    people: dict[Role, tuple[Operator, ...]]
    in_unit: dict[tuple[Role, str], tuple[Operator, ...]]
    units: dict[str, UnitRef]

    def any(self, rng: Random, role: Role) -> Operator:
        return rng.choice(self.people[role])

    def at(self, rng: Random, role: Role, unit_code: str) -> Operator:
        return rng.choice(self.in_unit[role, unit_code])


def open_office(city: City) -> Office:
    """Ids are positions in the city's lists, as the loader writes them."""
    ids = {unit.code: place for place, unit in enumerate(city.units, 1)}
    refs = {
        unit.code: UnitRef(ids[unit.code], unit.code, unit.name, ids.get(unit.parent_code))
        for unit in city.units
    }
    people: dict[Role, list[Operator]] = {}
    in_unit: dict[tuple[Role, str], list[Operator]] = {}
    for place, account in enumerate(city.accounts, 1):
        unit = refs[account.unit_code]
        person = Operator(
            place, account.login, account.name, account.role, unit.id, unit.name, unit.code
        )
        people.setdefault(account.role, []).append(person)
        in_unit.setdefault((account.role, unit.code), []).append(person)
    return Office(
        {role: tuple(found) for role, found in people.items()},
        {key: tuple(found) for key, found in in_unit.items()},
        refs,
    )
