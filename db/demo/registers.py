"""The invented city into its tables: units, staff, places, people, knowledge, categories."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from console.domain.catalogue import Catalogue
from console.domain.roles import Role
from console.domain.worktime import KnownDays
from db.demo import words
from db.demo.city import City
from db.demo.duty import duty_rows
from db.demo.geography import Grid as CityGrid
from db.demo.inspections import inspection_rows, post_rows
from db.demo.landmarks import landmark_rows
from db.demo.names import OTHER_NAMES
from db.demo.people import Resident
from db.demo.rounds import life_rows, patrol_rows, task_rows, verified_on
from db.demo.staff import Staff as CityStaff
from db.founding import category_rows, day_rows, put
from db.models import (
    Account,
    AddressBookEntry,
    Building,
    CalendarDay,
    CategoryRow,
    DailyTask,
    DutyRoster,
    Enterprise,
    Estate,
    Grid,
    GridStaff,
    House,
    Household,
    Inspection,
    KnowledgeEntry,
    LifeEvent,
    Patrol,
    Person,
    PostHistory,
    Road,
    RoadRange,
    SpecialGroupMember,
    Staff,
    Unit,
    Visit,
)
from db.pinyin import initials_column
from db.search import name_pieces, piece_text

Row = dict[str, Any]
SENSITIVE_ROLES = frozenset({Role.GRID_LEADER, Role.SUPERVISOR})
# An answer that is whichever street's names no one department.
_STREETS = {"street": "所在街道"}


def load_registers(session: Session, city: City, catalogue: Catalogue, days: KnownDays) -> None:
    """Write everything but work orders. Ids are positions in the city's lists, from 1."""
    units = {unit.code: place for place, unit in enumerate(city.units, 1)}
    put(session, Unit, _units(city, units))
    put(session, Grid, _grids(city, units))
    put(session, Staff, _staff(city, units))
    put(session, GridStaff, _grid_staff(city, units))
    put(session, PostHistory, post_rows(city))
    put(session, Account, _accounts(city, units))
    put(session, DutyRoster, duty_rows(city, units, city.today))
    _load_places(session, city, units)
    _load_people(session, city, units)
    put(session, CategoryRow, category_rows(catalogue))
    put(session, CalendarDay, day_rows(days))
    put(session, KnowledgeEntry, _knowledge(city, catalogue))


def _units(city: City, units: dict[str, int]) -> Iterator[Row]:
    duties = {"street_desk": "辖区综合事务", "community": "社区事务"}
    for unit in city.units:
        kind = unit.kind
        if kind == "street_desk":
            # 001 to 099 are streets, 100 to 399 towns and townships (field-facts 5.2).
            kind = "street" if unit.code[6:9] < "100" else "town"
        yield {
            "id": units[unit.code], "code": unit.code, "name": unit.name, "short_name": unit.short_name,
            "kind": kind, "parent_id": units.get(unit.parent_code), "initials": initials_column(unit.name),
            "duties": duties.get(unit.kind, ""), "liaison_phone": unit.phone, "working_hours": unit.working_hours,
            "is_command_level": unit.kind in ("centre", "district", "street_desk"), "version": 1,
        }  # fmt: skip


def _grids(city: City, units: dict[str, int]) -> Iterator[Row]:
    people, homes = (
        _count(p.grid_code for p in city.residents),
        _count(h.grid_code for h in city.households),
    )
    for grid in city.grids:
        yield {
            "unit_id": units[grid.code], "code": grid.code, "grid_type": grid.kind,
            "special_kind": words.GRID_SPECIAL.get(grid.special_kind, ""), "boundary": _boundary(grid),
            "boundary_text": grid.bounds_text[:300], "centre_x": grid.x, "centre_y": grid.y,
            "area_m2": grid.area_m2, "households": homes.get(grid.code, 0),
            "population": people.get(grid.code, 0), "version": 1,
        }  # fmt: skip


def _boundary(grid: CityGrid) -> Row:
    ring = [list(point) for point in (*grid.outline, grid.outline[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def _count(codes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in codes:
        found[code] = found.get(code, 0) + 1
    return found


def _staff(city: City, units: dict[str, int]) -> Iterator[Row]:
    for person in city.staff:
        yield {
            "id": person.id, "staff_no": person.staff_number, "name": person.name,
            "initials": initials_column(person.name), "unit_id": units[person.unit_code],
            "post": words.POSTS[person.post], "full_time": person.full_time, "phone": person.phone,
            "duty_state": person.duty_state, "training_state": "已培训" if person.trained else "待培训",
            "cadre_rank": person.cadre_rank, "started_on": person.started, "version": 1,
        }  # fmt: skip


def _grid_staff(city: City, units: dict[str, int]) -> Iterator[Row]:
    for person in city.staff:
        for code in dict.fromkeys(person.grid_codes):
            yield {"grid_id": units[code], "staff_id": person.id, "post": words.POSTS[person.post]}


def _accounts(city: City, units: dict[str, int]) -> Iterator[Row]:
    for place, account in enumerate(city.accounts, 1):
        yield {
            "id": place, "login": account.login, "agent_no": account.login, "name": account.name,
            "role": account.role.value, "unit_id": units[account.unit_code], "staff_id": account.staff_id,
            "demo": True, "may_view_sensitive": account.role in SENSITIVE_ROLES, "version": 1,
        }  # fmt: skip


def _load_places(session: Session, city: City, units: dict[str, int]) -> None:
    roads = {road.name: place for place, road in enumerate(city.roads, 1)}
    put(
        session,
        Road,
        (
            {
                "id": n,
                "name": name,
                "initials": initials_column(name),
                "other_names": OTHER_NAMES.get(name, ""),
            }
            for name, n in roads.items()
        ),
    )
    put(
        session,
        RoadRange,
        (
            {
                "road_id": roads[r.road],
                "grid_id": units[r.grid_code],
                "low": r.low,
                "high": r.high,
                "side": r.side,
            }
            for r in city.road_ranges
        ),
    )
    put(session, Estate, _estates(city, units))
    put(session, Building, _buildings(city, units))
    put(session, House, _houses(city, units))
    put(session, Enterprise, _enterprises(city, units))
    put(session, Inspection, inspection_rows(city))
    put(session, AddressBookEntry, landmark_rows(city, units))


def _estates(city: City, units: dict[str, int]) -> Iterator[Row]:
    for estate in city.estates:
        yield {
            "id": estate.id, "name": estate.name, "initials": initials_column(estate.name),
            "other_names": OTHER_NAMES.get(estate.name, ""),
            "grid_id": units[estate.grid_codes[0]], "kind": words.ESTATE[estate.kind],
            "property_company": estate.management_company, "property_phone": estate.management_phone,
        }  # fmt: skip


def _buildings(city: City, units: dict[str, int]) -> Iterator[Row]:
    for building in city.buildings:
        yield {
            "id": building.id, "estate_id": building.estate_id, "grid_id": units[building.grid_code],
            "number": building.name if building.kind == "farmhouse" else str(building.number), "kind": words.BUILDING[building.kind],
            "floors_above": building.floors, "floors_below": building.underground_floors, "units": building.units,
            "rooms_per_floor": building.rooms_per_floor, "hazard": building.hazard, "x": building.x,
            "y": building.y, "version": 1,
        }  # fmt: skip


def _houses(city: City, units: dict[str, int]) -> Iterator[Row]:
    people = {person.id: person for person in city.residents}
    for house in city.houses:
        owner = people.get(house.owner_id or 0)
        yield {
            "id": house.id, "building_id": house.building_id, "grid_id": units[house.grid_code],
            "unit_no": house.unit, "floor": house.floor, "room": house.room, "address": house.address,
            "usage": words.USAGE.get(house.usage, house.usage), "area_m2": house.area_m2,
            "owner": owner.name if owner else "", "owner_phone": owner.phone if owner else "",
            "rented_from": house.rental_from, "rented_to": house.rental_to,
            "verified_on": verified_on("house", house.id, city.today), "version": 1,
        }  # fmt: skip


def _enterprises(city: City, units: dict[str, int]) -> Iterator[Row]:
    for one in city.enterprises:
        yield {
            "id": one.id, "name": one.name, "initials": initials_column(one.name, 60), "uscc": one.credit_code,
            "kind": words.ENTERPRISE[one.kind], "industry": one.industry, "legal_person": one.legal_person,
            "manager": one.legal_person, "phone": one.phone, "address": one.address, "shop_front": one.door_text,
            "grid_id": units[one.grid_code], "employees": one.employees,
            "operating_state": words.OPERATING[one.state], "licence_until": one.licence_expires,
            "safety_officer": one.safety_person, "hazardous_goods": "有" if one.hazardous else "",
            "beds": one.beds, "fire_station": one.micro_fire_station,
            "verified_on": verified_on("enterprise", one.id, city.today), "version": 1,
        }  # fmt: skip


def _load_people(session: Session, city: City, units: dict[str, int]) -> None:
    put(session, Household, _households(city, units))
    put(session, Person, (_person(person, units, city) for person in city.residents))
    put(session, SpecialGroupMember, _members(city))
    put(session, Visit, _visits(city))
    put(session, LifeEvent, life_rows(city))
    put(session, Patrol, patrol_rows(city, units))
    put(session, DailyTask, task_rows(city))


def _households(city: City, units: dict[str, int]) -> Iterator[Row]:
    people = {person.id: person for person in city.residents}
    for home in city.households:
        head = people[home.head_id]
        yield {
            "id": home.id, "number": home.number, "house_id": home.house_id, "grid_id": units[home.grid_code],
            "kind": words.HOUSEHOLD[home.kind], "address": head.address, "income_source": home.income_source,
            "difficulties": home.difficulty, "last_visit_on": home.last_visit, "version": 1,
        }  # fmt: skip


def _person(one: Resident, units: dict[str, int], city: City) -> Row:
    return {
        "id": one.id, "name": one.name, "former_name": one.former_name, "initials": initials_column(one.name, 80),
        "name_pieces": name_pieces(one.name), "id_number": one.id_number, "sex": words.SEX[one.sex],
        "born_on": one.birth_date, "ethnicity": one.ethnicity, "native_place": one.native_place,
        "marital_state": one.marital_status, "political_status": one.political_status, "education": one.education,
        "religion": one.religion, "occupation": one.occupation, "workplace": one.workplace, "phone": one.phone,
        "registered_address": one.registered_address, "home_address": one.address,
        "house_id": one.house_id, "grid_id": units[one.grid_code], "household_id": one.household_id,
        "relation": one.relation, "residence_kind": words.RESIDENCE[one.residence_kind],
        "special_attributes": "", "class_details": {}, "emergency_contact": one.emergency_contact,
        "emergency_phone": one.emergency_phone, "verified_on": verified_on("person", one.id, city.today), "version": 1,
    }  # fmt: skip


def _members(city: City) -> Iterator[Row]:
    for record in city.care_records:
        yield {
            "id": record.id, "person_id": record.resident_id, "group_class": words.CARE[record.care_class],
            "restricted": record.care_class not in words.OPEN_CARE, "risk_level": words.RISK[record.risk],
            "details": dict(record.details), "guardian": record.guardian, "guardian_post": record.guardian_post,
            "guardian_phone": record.guardian_phone, "registered_by": record.registered_by,
            "registered_on": record.registered_on, "state": record.state,
            "visit_interval_days": record.interval_days, "planned_visit_on": record.planned_visit_date,
            "next_visit_on": record.next_visit_date, "version": 1,
        }  # fmt: skip


def _visits(city: City) -> Iterator[Row]:
    for record in city.care_records:
        at = datetime.combine(record.last_visit_date, time(2), UTC)
        yield {
            "member_id": record.id,
            "at": at,
            "visitor": record.registered_by,
            "met": True,
            "condition": "情况正常",
        }


def _knowledge(city: City, catalogue: Catalogue) -> Iterator[Row]:
    codes = {one.path: one.code for one in catalogue.categories}
    at = datetime.combine(city.today, time(1), UTC)
    for entry in city.knowledge:
        yield {
            "id": entry.id, "title": entry.question, "initials": initials_column(entry.question, 120),
            "category_code": codes.get(entry.category, ""), "question_variants": "\n".join(entry.variants),
            "short_answer": entry.short_answer, "long_answer": entry.long_answer, "basis": entry.basis,
            "responsible_unit": _STREETS.get(entry.unit_short, entry.unit_short), "effective_on": city.today, "updated_at": at,
            "review_every_days": entry.review_months * 30, "reviewed_on": city.today,
            "pieces": piece_text(entry.question, *entry.variants, entry.short_answer),
            "version": 1, "hit_count": 0,
        }  # fmt: skip


__all__ = ["CityStaff", "load_registers", "put"]
