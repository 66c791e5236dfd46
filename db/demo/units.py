"""The tree of units that can hold a work order: centre, district, street desks, communities, grids, departments."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from db.demo.codes import CITY_CODE, DISTRICT_CODE, PhoneBook
from db.demo.geography import CITY_NAME, DISTRICT_NAME, Geography

DEPARTMENTS_FILE = (
    Path(__file__).parents[2] / "resources" / "policy" / "default" / "departments.toml"
)


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the responsibility catalogue; stories and categories name it by its short name."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; `code` is 4, 6, 9, 12 or 15 digits, or D and a number for departments.

    `kind` is centre, district, street_desk, community, grid or department.
    """

    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str
    phone: str
    working_hours: str


def departments_of_pack(path: Path = DEPARTMENTS_FILE) -> tuple[Department, ...]:
    """The departments of the default policy pack, in its order."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["departments"]
    return tuple(Department(row["code"], row["name"], row["short"]) for row in rows)


def unit_tree(
    geography: Geography, phones: PhoneBook, departments: Sequence[Department]
) -> tuple[Unit, ...]:
    """Parents before children."""
    return tuple(_units(geography, phones, departments))


def _units(
    geography: Geography, phones: PhoneBook, departments: Sequence[Department]
) -> Iterator[Unit]:
    office, always = "工作日 8:30-12:00 14:30-18:00", "全天"
    centre = f"{CITY_NAME}12345政务服务便民热线中心"
    yield Unit(CITY_CODE, centre, "热线中心", "centre", "", phones.landline(), always)
    district = f"{DISTRICT_NAME}社会治理综合指挥中心"
    yield Unit(
        DISTRICT_CODE, district, "区指挥中心", "district", CITY_CODE, phones.landline(), always
    )
    for d in geography.divisions:
        if d.kind in ("street", "township"):
            yield Unit(
                d.code, f"{d.name}12345热线办", d.name, "street_desk", d.parent_code, phones.landline(), office
            )  # fmt: skip
    for d in geography.divisions:
        if d.kind in ("community", "village"):
            yield Unit(
                d.code, f"{d.name}网格中心", d.name, "community", d.parent_code, phones.landline(), office
            )  # fmt: skip
    for g in geography.grids:
        yield Unit(g.code, f"{g.community}{g.name}", g.name, "grid", g.community_code, "", always)
    for department in departments:
        yield Unit(
            department.code,
            department.name,
            department.short_name,
            "department",
            CITY_CODE,
            phones.landline(),
            office,
        )


def on_duty(rng: Random) -> str:
    """on_duty, patrol, leave, training or off_duty."""
    states = ("on_duty", "patrol", "leave", "training", "off_duty")
    return rng.choices(states, (62, 20, 5, 3, 10))[0]
