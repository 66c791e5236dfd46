"""The whole invented city, the same for the same seed and day on every machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from random import Random

from db.demo.care import CareRecord, register_care
from db.demo.codes import PhoneBook
from db.demo.enterprises import Enterprise, register_enterprises
from db.demo.geography import Division, Geography, Grid, lay_out
from db.demo.housing import Building, Estate, House, Place, build_housing
from db.demo.knowledge import KnowledgeEntry, knowledge_base
from db.demo.people import Household, Resident, settle_people
from db.demo.roads import Road, RoadRange
from db.demo.staff import Account, Staff, staff_city
from db.demo.units import Department, Unit, departments_of_pack, unit_tree

DEMO_TODAY = date(2026, 6, 1)


@dataclass(frozen=True)
class City:
    """Everything about the demo city except its work orders."""

    seed: int
    today: date
    geography: Geography
    estates: tuple[Estate, ...]
    buildings: tuple[Building, ...]
    houses: tuple[House, ...]
    places: tuple[Place, ...]
    residents: tuple[Resident, ...]
    households: tuple[Household, ...]
    enterprises: tuple[Enterprise, ...]
    units: tuple[Unit, ...]
    staff: tuple[Staff, ...]
    accounts: tuple[Account, ...]
    care_records: tuple[CareRecord, ...]
    knowledge: tuple[KnowledgeEntry, ...]

    @property
    def divisions(self) -> tuple[Division, ...]:
        return self.geography.divisions

    @property
    def grids(self) -> tuple[Grid, ...]:
        return self.geography.grids

    @property
    def roads(self) -> tuple[Road, ...]:
        return self.geography.roads

    @property
    def road_ranges(self) -> tuple[RoadRange, ...]:
        return self.geography.road_ranges

    @cached_property
    def grid_by_code(self) -> dict[str, Grid]:
        return {grid.code: grid for grid in self.grids}

    def digest(self) -> str:
        """SHA-256 over every record; equal digests mean equal cities."""
        parts = (
            self.divisions, self.grids, self.roads, self.road_ranges, self.estates, self.buildings,
            self.houses, self.places, self.residents, self.households, self.enterprises, self.units,
            self.staff, self.accounts, self.care_records, self.knowledge,
        )  # fmt: skip
        digest = sha256()
        for part in parts:
            for record in part:
                digest.update(repr(record).encode())
        return digest.hexdigest()


def build_city(
    seed: int = 12345, today: date = DEMO_TODAY, departments: Sequence[Department] | None = None
) -> City:
    """Build the city as it stands on `today`; `departments` replaces those of the default policy pack.

    Each part draws from its own generator, so a change in one leaves the others as they were.
    """
    phones = PhoneBook(Random(f"{seed}/phones"))
    geography = lay_out(Random(f"{seed}/geography"))
    housing = build_housing(Random(f"{seed}/housing"), geography, phones)
    population = settle_people(Random(f"{seed}/people"), housing, phones, today)
    enterprises = register_enterprises(
        Random(f"{seed}/enterprises"), geography, population.residents, phones, today
    )
    units = unit_tree(geography, phones, departments or departments_of_pack())
    staff, accounts = staff_city(Random(f"{seed}/staff"), geography, units, phones, today)
    care = register_care(Random(f"{seed}/care"), population, staff, phones, today)
    return City(
        seed, today, geography, housing.estates, housing.buildings, population.houses, housing.places,
        population.residents, population.households, enterprises, units, staff, accounts, care,
        knowledge_base(),
    )  # fmt: skip
