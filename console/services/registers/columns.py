"""Typed values of a form as columns of the table: other rows looked up, what follows from them filled in."""

import re
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.identity import SEX_NAMES, read_identity_number
from console.domain.other_names import joined
from console.domain.registers.kinds import Register, is_restricted
from console.domain.registers.visits import first_visit
from console.ledger import Seat, contacts
from console.ledger.registers import in_branch
from console.services.registers.filling import next_household
from console.services.registers.rights import grid_named, named
from console.services.registers.visit_plans import plan_of
from db.models import (
    Building,
    Estate,
    Grid,
    House,
    Household,
    Person,
    Unit,
)
from db.pinyin import initials_column
from db.search import name_pieces

Values = dict[str, Any]
ABROAD = "境外"
# 出生医学证明编号: a letter and nine digits; a newborn has nothing else yet.
BIRTH_CERTIFICATE = re.compile(r"[A-Z][0-9]{9}")
_CIVIL_ID = re.compile(r"[0-9]{17}[0-9X]")
_COMMUNITY = 12


class Columns:
    """One form's values made columns. `row` is None for a new one."""

    def __init__(self, session: Session, seat: Seat, today: date) -> None:
        self.session, self.seat, self.today = session, seat, today

    def of(self, register: Register, values: Values, row: Any) -> Values:
        """Raises Invalid beside the field for what does not fit."""
        given = {name: value for name, value in values.items() if "." not in name}
        if "grid_id" in given and given["grid_id"] is not None:
            given["grid_id"] = grid_named(self.session, self.seat, given["grid_id"]).unit_id
        elif given.get("grid_id", 0) is None:
            del given["grid_id"]
        make = getattr(self, register.value, None)
        return make(given, row) if make else given

    def persons(self, given: Values, row: Any) -> Values:
        self._identity(given, row)
        self._home(given, row)
        if given.get("name"):
            given["initials"] = initials_column(given["name"], 80)
            given["name_pieces"] = name_pieces(given["name"])[:200]
        if row is None:
            given.setdefault("class_details", {})
        return given

    def _identity(self, given: Values, row: Any) -> None:
        number = given.get("id_number")
        if number is None:
            return
        if not _CIVIL_ID.fullmatch(number):
            self._other_paper(number, given, row)
            return
        identity = read_identity_number(number, self.today, "id_number")
        if identity.invented and not self.seat.demo:
            raise Invalid("身份证号前两位不是省份代码", "请核对", "id_number")
        sex = SEX_NAMES[identity.sex]
        if given.get("sex") not in (None, sex):
            raise Invalid(f"性别与身份证号不符，身份证号为{sex}", "请核对哪一个写错了", "sex")
        if given.get("born_on") not in (None, identity.born):
            raise Invalid(
                f"出生日期与身份证号不符，身份证号为 {identity.born}", "请核对", "born_on"
            )
        given["sex"], given["born_on"] = sex, identity.born

    @staticmethod
    def _other_paper(number: str, given: Values, row: Any) -> None:
        newborn = BIRTH_CERTIFICATE.fullmatch(number)
        kind = given.get("residence_kind") or getattr(row, "residence_kind", "")
        if not newborn and kind != ABROAD:
            raise Invalid(
                "不是 18 位身份证号",
                "境外人员请把“人员属性”选为境外；新生儿填出生医学证明编号",
                "id_number",
            )
        for name, title in (("sex", "性别"), ("born_on", "出生日期")):
            if not given.get(name) and not getattr(row, name, None):
                raise Invalid(f"没有身份证号的须填写{title}", field=name)

    def _home(self, given: Values, row: Any) -> None:
        """The household by its number, and from it the house and, where nothing else is said, the grid."""
        number = given.pop("household_id", "")
        if number is None:
            given["household_id"] = given["house_id"] = None
        elif number:
            home = self.household(number)
            given["household_id"], given["house_id"] = home.id, home.house_id
            given.setdefault("grid_id", home.grid_id)
            if given["grid_id"] != home.grid_id:
                raise Invalid("网格与户所在的网格不同", "请核对户号，或把网格留空", "grid_id")
        if row is None and "grid_id" not in given:
            raise Invalid("请填写网格", "填编码或名称；有户号的可以不填", "grid_id")

    def household(self, number: str, field: str = "household_id") -> Household:
        """Raises Invalid for a number that is none of the branch."""
        query = select(Household).where(
            Household.number == number, in_branch(self.seat.operator, Household.grid_id)
        )
        home = self.session.scalar(query)
        if home is None:
            raise Invalid(f"没有户号 {number}，或不在您的管辖范围内", "请先登记户，或留空", field)
        return home

    def households(self, given: Values, row: Any) -> Values:
        if row is None and not given.get("number"):
            given["number"] = self._next_number(given["grid_id"])
        address = given.get("address")
        grid = given.get("grid_id") or getattr(row, "grid_id", None)
        if address:
            query = select(House.id).where(House.address == address, House.grid_id == grid).limit(2)
            here = list(self.session.scalars(query))
            if len(here) == 1:
                given["house_id"] = here[0]
        return given

    def _next_number(self, grid_id: int) -> str:
        """Raises Invalid where the community's numbers are used up or of another make."""
        code = self.session.scalar(select(Grid.code).where(Grid.unit_id == grid_id)) or ""
        number = next_household(self.session, self.seat, grid_id, code)
        if not number:
            raise Invalid("户号没能自动编出来", "请自己填写户号", "number")
        return number

    def enterprises(self, given: Values, row: Any) -> Values:
        if given.get("name"):
            given["initials"] = initials_column(given["name"], 60)
        return given

    def buildings(self, given: Values, row: Any) -> Values:
        if not 1 <= (given.get("floors_above") or 1) <= 200:
            raise Invalid("地上层数应在 1 到 200 之间", "请核对", "floors_above")
        if not 1 <= (given.get("units") or 1) <= 60:
            raise Invalid("单元数应在 1 到 60 之间", "请核对", "units")
        estate: str = given.pop("estate", "")
        grid: int = int(given.get("grid_id") or getattr(row, "grid_id", 0) or 0)
        own = {n: given.pop(n) for n in _OF_ESTATE if n in given}
        there = (
            self.session.get(Estate, row.estate_id)
            if row is not None
            else self._estate(estate, grid)
        )
        if there is None:
            there = Estate(name=estate, initials=initials_column(estate), grid_id=grid)
            self.session.add(there)
        if own.get("estate_other_names"):
            names = joined(own["estate_other_names"], there.name, "estate_other_names")
            own["estate_other_names"] = names
        for name, value in own.items():
            setattr(there, _OF_ESTATE[name], value or "")
        self.session.flush()
        given["estate_id"] = there.id
        return given

    def _estate(self, name: str, grid: int) -> Estate | None:
        """The estate of that name in the grid's community: names repeat across a city."""
        code = self.session.scalar(select(Grid.code).where(Grid.unit_id == grid)) or ""
        query = select(Estate).join(Grid, Grid.unit_id == Estate.grid_id)
        low = code[:_COMMUNITY]
        return self.session.scalar(
            query.where(and_(Estate.name == name, Grid.code.startswith(low))).limit(1)
        )

    def houses(self, given: Values, row: Any) -> Values:
        start = given.get("rented_from", getattr(row, "rented_from", None))
        end = given.get("rented_to", getattr(row, "rented_to", None))
        if start and end and end < start:
            raise Invalid("出租止早于出租起", "请核对", "rented_to")
        estate, number = given.pop("estate", ""), given.pop("number", "")
        if row is not None:
            return given
        building = self._building(estate, number, given["grid_id"])
        given["building_id"] = building.id
        if not given.get("address"):
            named_ = f"{number}栋" if number.isdigit() else number
            given["address"] = f"{estate}{named_}{given['unit_no']}单元{given['room']}"
        self._refuse_outside(building, given)
        return given

    def _building(self, estate: str, number: str, grid: int) -> Building:
        there = self._estate(estate, grid)
        query = select(Building).where(Building.number == number)
        found = self.session.scalar(query.where(Building.estate_id == there.id)) if there else None
        if found is None:
            raise Invalid(f"没有{estate} {number}栋", "请先登记楼栋", "number")
        return found

    @staticmethod
    def _refuse_outside(building: Building, given: Values) -> None:
        if given["unit_no"] < 1 or given["unit_no"] > max(1, building.units):
            raise Invalid(
                f"这栋楼只有 {building.units} 个单元", "请核对，或先改楼栋登记", "unit_no"
            )
        if (
            not -building.floors_below <= given["floor"] <= building.floors_above
            or not given["floor"]
        ):
            raise Invalid(
                f"这栋楼地上 {building.floors_above} 层", "请核对，或先改楼栋登记", "floor"
            )

    def members(self, given: Values, row: Any) -> Values:
        number = given.pop("person_id", None)
        if row is None:
            given["person_id"] = self._person(number)
            given["restricted"] = is_restricted(given["group_class"])
            if given["restricted"] and not named(self.session, self.seat):
                raise Invalid(
                    f"“{given['group_class']}”只能由指定人员登记",
                    "请系统管理员为您开通敏感信息权限",
                    "group_class",
                )
            given["registered_by"] = self.seat.operator.name
            given.setdefault("registered_on", self.today)
            given["registered_on"] = given["registered_on"] or self.today
        self._plan(given, row)
        if row is None:
            given.setdefault("details", {})
        return given

    def _person(self, number: str) -> int:
        key = contacts.key_of(self.session, self.seat, number)
        query = select(Person.id).where(
            Person.id_key == key,
            Person.state == "active",
            in_branch(self.seat.operator, Person.grid_id),
        )
        found = self.session.scalar(query)
        if found is None:
            raise Invalid(
                "居民登记里没有这个身份证号，或不在您的管辖范围内", "请先登记居民", "person_id"
            )
        return found

    def _plan(self, given: Values, row: Any) -> None:
        """A new one, or one more dangerous than before, is visited soon (field-facts 6.4)."""
        risk = given.get("risk_level") or (row.risk_level if row is not None else "normal")
        given["risk_level"] = risk
        if row is not None and risk == row.risk_level:
            return
        plan = plan_of(self.session, given.get("group_class") or row.group_class, risk)
        given["visit_interval_days"] = plan.interval_days
        first = first_visit(plan, self.today)
        now_due = row.next_visit_on if row is not None else None
        given["next_visit_on"] = min(first, now_due) if now_due else first
        given["planned_visit_on"] = given["next_visit_on"]

    def grids(self, given: Values, row: Any) -> Values:
        name = given.pop("name", None)
        if name:
            unit = self.session.get_one(Unit, row.unit_id)
            if unit.name != name:
                unit.name, unit.initials = name, initials_column(name, 60)
                unit.version += 1
        return given

    def staff(self, given: Values, row: Any) -> Values:
        code = given.pop("unit_id", None)
        if code:
            given["unit_id"] = self._unit(code)
        given.pop("grids", None)
        if given.get("name"):
            given["initials"] = initials_column(given["name"], 40)
        start, end = given.get("started_on"), given.get("ended_on")
        if start and end and end < start:
            raise Invalid("离任日期早于任职日期", "请核对", "ended_on")
        return given

    def _unit(self, text: str) -> int:
        query = (
            select(Unit.id).where((Unit.code == text) | (Unit.name == text), Unit.active).limit(2)
        )
        found = list(self.session.scalars(query))
        if len(found) != 1:
            raise Invalid(
                f"没有单位“{text[:30]}”" if not found else f"有几个单位名为“{text[:30]}”",
                "请填单位编码",
                "unit_id",
            )
        return found[0]

    def units(self, given: Values, row: Any) -> Values:
        given.pop("parent_code", None)
        if given.get("name"):
            given["initials"] = initials_column(given["name"], 60)
        return given


_OF_ESTATE = {
    "estate_kind": "kind", "property_company": "property_company", "property_contact": "property_contact",
    "property_phone": "property_phone", "estate_other_names": "other_names",
}  # fmt: skip
