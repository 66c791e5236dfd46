"""Everything about one row that may be seen without asking: facts, family, visits, life, history."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.domain.registers.filling import FIRST, in_order
from console.domain.registers.freshness import checked
from console.domain.registers.inspections import InspectionLine
from console.domain.registers.kinds import CLASS_DETAILS, FIXED, KINDS, RISKS, Register
from console.domain.registers.life import STATE_NAMES, LifeKind, LifeLine, PersonState, offered
from console.domain.registers.records import (
    Change,
    Fact,
    FormField,
    RegisterCard,
    RegisterForm,
    Relative,
)
from console.domain.registers.visits import Visited
from console.domain.roles import Role
from console.ledger import Seat
from console.ledger.duty import on_duty
from console.ledger.registers import TABLES, filled, in_branch, private_columns
from console.services.registers.correcting import CIVIL_LENGTH
from console.services.registers.inspection_lines import lines_of as inspection_lines
from console.services.registers.posts import posts_of
from console.services.registers.rights import may_write, members_seen
from console.services.registers.values import HIDDEN, column_of, is_private, masked, shown, text_of
from console.services.registers.visit_lines import lines_of
from db.models import (
    Building,
    Estate,
    Grid,
    GridStaff,
    House,
    Household,
    Inspection,
    LifeEvent,
    Person,
    RegisterChange,
    SpecialGroupMember,
    Unit,
    Visit,
)

MOST_HISTORY, MOST_VISITS = 200, 50
EMPTY = "—"
# Even that there is something would say it: told only with a reason, like what it is.
MARKING = frozenset({"special_attributes", "religion", "class_details.健康状况"})
_SKELETON = frozenset({Register.STAFF, Register.UNITS, Register.GRIDS})


class Cards:
    """One seat's cards and forms."""

    def __init__(self, session: Session, seat: Seat, today: date) -> None:
        self.session, self.seat, self.today = session, seat, today

    def row(self, register: Register, row_id: int) -> Any:
        """The row itself. Raises NotFound outside the branch or for a class not to be known of."""
        table = TABLES[register]
        query = select(table).where(table.__mapper__.primary_key[0] == row_id)
        operator = self.seat.operator
        if register is Register.MEMBERS:
            query = query.join(Person, Person.id == SpecialGroupMember.person_id)
            query = query.where(
                in_branch(operator, Person.grid_id), members_seen(self.session, self.seat)
            )
        elif register is Register.GRIDS:
            query = query.where(in_branch(operator, Grid.unit_id))
        elif register not in _SKELETON:
            query = query.where(in_branch(operator, table.grid_id))  # type: ignore[attr-defined]
        found = self.session.scalar(query)
        if found is None:
            raise NotFound(f"没有找到这条{KINDS[register].title}登记，或不在您的管辖范围内")
        return found

    def card(self, register: Register, row_id: int) -> RegisterCard:
        row = self.row(register, row_id)
        seen = (
            getattr(row, "verified_on", None)
            if register is not Register.HOUSEHOLDS
            else row.last_visit_on
        )
        has_day = hasattr(row, "verified_on") or register is Register.HOUSEHOLDS
        person = row if register is Register.PERSONS else None
        state = PersonState(row.state) if person is not None else None
        writes = may_write(self.seat, register)
        facts = tuple(self._facts(register, row))
        return RegisterCard(
            register, row_id, *self.titles(register, row), facts, row.version,
            checked(seen, self.today, self.seat.rules.pack.registers) if has_day else None,
            STATE_NAMES[state] if state else "",
            tuple(self._relatives(register, row)),
            tuple(self._members(register, row)),
            tuple(self._visits(register, row)),
            tuple(self._life(row.id)) if person is not None else (),
            offered(state) if state and writes else (),
            tuple(self._history(register, row_id)),
            self._building_id(register, row), writes, self._may_reveal(register, facts),
            self._inspections(register, row), posts_of(self.session, row.id) if register is Register.STAFF else (),
            writes and person is not None and len(person.id_masked) == CIVIL_LENGTH, self._area_id(register, row),
        )  # fmt: skip

    def _area_id(self, register: Register, row: Any) -> int | None:
        """The grid it is of, for the map; a grid, a unit and its staff are of the unit itself."""
        if register is Register.MEMBERS:
            return self.session.scalar(select(Person.grid_id).where(Person.id == row.person_id))
        if register is Register.UNITS:
            return int(row.id)
        return getattr(row, "grid_id", None) or getattr(row, "unit_id", None)

    def _inspections(self, register: Register, row: Any) -> tuple[InspectionLine, ...]:
        if register is not Register.ENTERPRISES:
            return ()
        its = Inspection.enterprise_id == row.id
        return inspection_lines(self.session, self.seat, self.today, its, most=MOST_VISITS)

    def _building_id(self, register: Register, row: Any) -> int | None:
        """The building it is, or lies in."""
        if register is Register.BUILDINGS:
            return int(row.id)
        house = getattr(row, "house_id", None)
        if house:
            return self.session.scalar(select(House.building_id).where(House.id == house))
        return getattr(row, "building_id", None)

    def _may_reveal(self, register: Register, facts: tuple[Fact, ...]) -> bool:
        """Whoever keeps it, and the telephone desk for the people it talks to."""
        if not any(fact.private for fact in facts):
            return False
        on_phone = self.seat.operator.role is Role.AGENT and register is Register.PERSONS
        return may_write(self.seat, register) or on_phone

    def form(self, register: Register, row_id: int | None) -> RegisterForm:
        """What can be filled in; of a row there already private fields show their masks."""
        if row_id is None:
            fields = tuple(FormField(field) for field in in_order(register))
            return RegisterForm(register, None, 0, fields)
        row = self.row(register, row_id)
        fixed = self._fixed(register, row)
        fields = tuple(
            self._form_field(register, field, row, fixed) for field in in_order(register)
        )
        return RegisterForm(register, row_id, row.version, fields, self.titles(register, row)[0])

    def _form_field(
        self, register: Register, field: Any, row: Any, fixed: frozenset[str]
    ) -> FormField:
        private = is_private(register, field)
        words = self.shown(register, field, row)
        value = "" if private else words
        label = self._grid(row.grid_id) if field.name == "grid_id" else ""
        return FormField(
            field, value, words or HIDDEN if private else "", field.name in fixed, label
        )

    @staticmethod
    def _fixed(register: Register, row: Any) -> frozenset[str]:
        """A birth certificate's number gives way to the identity number; that one stays, and birth and sex with it."""
        if register is not Register.PERSONS:
            return FIXED[register]
        return FIXED[register] | {"sex", "born_on"} if len(row.id_masked) == 18 else frozenset()

    # --- parts

    def titles(self, register: Register, row: Any) -> tuple[str, str]:
        """What the row is called, and one line about it."""
        match register:
            case Register.PERSONS:
                age = self.today.year - row.born_on.year - (
                    (self.today.month, self.today.day) < (row.born_on.month, row.born_on.day)
                )  # fmt: skip
                return (
                    row.name_masked,
                    f"{row.sex} {age}岁 {row.relation} · {self._grid(row.grid_id)}",
                )
            case Register.HOUSEHOLDS:
                return f"户 {row.number}", f"{row.kind} · {row.place} · {self._grid(row.grid_id)}"
            case Register.BUILDINGS:
                estate = self.session.get_one(Estate, row.estate_id)
                number = f"{row.number}栋" if row.number.isdigit() else row.number
                return f"{estate.name}{number}", f"{row.kind} · {self._grid(row.grid_id)}"
            case Register.HOUSES:
                return row.address, f"{row.usage} · {self._grid(row.grid_id)}"
            case Register.ENTERPRISES:
                return row.name, f"{row.industry or row.kind} · {self._grid(row.grid_id)}"
            case Register.MEMBERS:
                person = self.session.get_one(Person, row.person_id)
                risk = RISKS.get(row.risk_level, row.risk_level)
                return (
                    f"{person.name_masked}（{row.group_class}）",
                    f"{risk}风险 · {self._grid(person.grid_id)}",
                )
            case Register.GRIDS:
                return self._grid(row.unit_id), row.code
            case Register.STAFF:
                return f"{row.name} {row.staff_no}", row.post
        return row.name, row.code

    def _grid(self, unit_id: int) -> str:
        return self.session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""

    def _facts(self, register: Register, row: Any) -> Iterator[Fact]:
        filled = self._filled(register, row)
        for field in in_order(register):
            words = self.shown(register, field, row)
            private = is_private(register, field)
            if field.name == "grid_id":
                words = f"{self._grid(row.grid_id)}（{words}）"
            if private and words == HIDDEN and filled is not None and field.name not in filled:
                words, private = EMPTY, False
            if not words and field.name in FIRST.get(register, ()):
                words = EMPTY
            words = words.removeprefix(f"{field.title}：")
            if words and field.name.endswith("_m2"):
                words += " 平方米"
            if words and not (register is Register.MEMBERS and self._not_of_class(field.name, row)):
                yield Fact(field.name, field.title, words, private)
        if register is Register.UNITS:
            told = on_duty(self.session, (row.id,), self.today).get(row.id, "")
            yield Fact("duty", "今日值班", told or "未排")

    def _filled(self, register: Register, row: Any) -> frozenset[str] | None:
        """Which private fields hold something, so that who keeps the row sees what is missing; what marks a resident
        out is never among the empty ones."""
        if register in _SKELETON or not may_write(self.seat, register):
            return None
        columns = private_columns(TABLES[register])
        names = tuple(f.name for f in KINDS[register].fields if column_of(f.name) in columns)
        told = filled(self.session, self.seat, register, row.id, names)
        return None if told is None else told | MARKING

    @staticmethod
    def _not_of_class(name: str, row: Any) -> bool:
        wanted = CLASS_DETAILS.get(row.group_class, ())
        return name.startswith("details.") and name.partition(".")[2] not in wanted

    def shown(self, register: Register, field: Any, row: Any) -> str:
        """A field's words; those that lie in other tables are looked up."""
        look = _ELSEWHERE.get((register, field.name)) or _ELSEWHERE.get((None, field.name))
        if look is not None:
            return str(look(self, row))
        return shown(register, field, row)

    def _relatives(self, register: Register, row: Any) -> Iterator[Relative]:
        if register is Register.PERSONS and row.household_id:
            yield from self._people(Person.household_id == row.household_id, row.id)
            yield from self._homes(Household.id == row.household_id)
        elif register is Register.HOUSEHOLDS:
            yield from self._people(Person.household_id == row.id)
        elif register is Register.HOUSES:
            yield from self._homes(Household.house_id == row.id)
            yield from self._people(and_(Person.grid_id == row.grid_id, Person.house_id == row.id))
        elif register is Register.MEMBERS:
            yield from self._people(Person.id == row.person_id)

    def _people(self, condition: Any, but: int = 0) -> Iterator[Relative]:
        query = select(Person).where(condition, Person.id != but).limit(60)
        for one in self.session.scalars(query.order_by(Person.relation != "户主", Person.id)):
            gone = STATE_NAMES[PersonState(one.state)] if one.state != PersonState.ACTIVE else ""
            detail = " ".join(filter(None, (one.relation, one.sex, f"{one.born_on:%Y年}生", gone)))
            yield Relative(Register.PERSONS, one.id, one.name_masked, detail)

    def _homes(self, condition: Any) -> Iterator[Relative]:
        query = select(Household).where(condition, in_branch(self.seat.operator, Household.grid_id))
        for home in self.session.scalars(query.limit(20)):
            yield Relative(Register.HOUSEHOLDS, home.id, f"户 {home.number}", home.place)

    def _members(self, register: Register, row: Any) -> Any:
        if register is Register.PERSONS:
            return lines_of(
                self.session, self.seat, self.today, SpecialGroupMember.person_id == row.id
            )
        if register is Register.MEMBERS:
            return lines_of(self.session, self.seat, self.today, SpecialGroupMember.id == row.id)
        return ()

    def _visits(self, register: Register, row: Any) -> Iterator[Visited]:
        if register not in (Register.PERSONS, Register.MEMBERS):
            return
        query = select(Visit).join(SpecialGroupMember, SpecialGroupMember.id == Visit.member_id)
        own = (
            SpecialGroupMember.person_id == row.id
            if register is Register.PERSONS
            else Visit.member_id == row.id
        )
        query = query.where(own, members_seen(self.session, self.seat)).order_by(
            Visit.at.desc(), Visit.id.desc()
        )
        for one in self.session.scalars(query.limit(MOST_VISITS)):
            yield Visited(one.id, one.at, one.visitor, one.met, one.condition, one.wants)

    def _life(self, person_id: int) -> Iterator[LifeLine]:
        query = select(LifeEvent).where(LifeEvent.person_id == person_id)
        for one in self.session.scalars(
            query.order_by(LifeEvent.on_day.desc(), LifeEvent.id.desc())
        ):
            yield LifeLine(one.id, LifeKind(one.kind), one.on_day, one.reason, one.recorded_by)

    def _history(self, register: Register, row_id: int) -> Iterator[Change]:
        table = TABLES[register].__tablename__
        query = select(RegisterChange).where(
            RegisterChange.register == table, RegisterChange.row_id == row_id
        )
        titles = {field.name: field.title for field in KINDS[register].fields}
        for one in self.session.scalars(
            query.order_by(RegisterChange.id.desc()).limit(MOST_HISTORY)
        ):
            title = titles.get(one.field, _OTHER_TITLES.get(one.field, one.field))
            yield Change(one.at, one.changed_by, title, one.before, one.after)

    # --- what lies in another table

    def grid_words(self, row: Any) -> str:
        code = self.session.scalar(select(Unit.code).where(Unit.id == row.grid_id))
        return code or ""

    def household_number(self, row: Any) -> str:
        if not row.household_id:
            return ""
        return (
            self.session.scalar(select(Household.number).where(Household.id == row.household_id))
            or ""
        )

    def building(self, row: Any) -> Any:
        if isinstance(row, Building):
            return row
        return self.session.get(Building, row.building_id) if row.building_id else None

    def estate_name(self, row: Any) -> str:
        estate = self.estate(row)
        return estate.name if estate else ""

    def estate(self, row: Any) -> Any:
        building = self.building(row)
        return self.session.get(Estate, building.estate_id) if building else None

    def building_number(self, row: Any) -> str:
        building = self.building(row)
        return building.number if building else ""

    def unit_code(self, row: Any) -> str:
        return self.session.scalar(select(Unit.code).where(Unit.id == row.unit_id)) or ""

    def staff_grids(self, row: Any) -> str:
        query = select(Grid.code).join(GridStaff, GridStaff.grid_id == Grid.unit_id)
        return "、".join(
            self.session.scalars(query.where(GridStaff.staff_id == row.id).order_by(Grid.code))
        )

    def parent_code(self, row: Any) -> str:
        return self.session.scalar(select(Unit.code).where(Unit.id == row.parent_id)) or ""

    def identity(self, row: Any) -> str:
        return self.session.scalar(select(Person.id_masked).where(Person.id == row.person_id)) or ""

    def grid_name(self, row: Any) -> str:
        return self._grid(row.unit_id)


def _of_estate(name: str, title: str) -> Any:
    def look(cards: Cards, row: Any) -> str:
        estate = cards.estate(row)
        field = KINDS[Register.BUILDINGS].field(title)
        words = text_of(field, getattr(estate, name, "")) if estate else ""
        return masked(field, words) if field.private else words

    return look


_OTHER_TITLES = {
    "*": "登记", "state": "状态", "house_id": "房屋", "life": "生命事件", "next_visit_on": "下次走访",
    "verified_on": "核实日期", "household_id": "户", "grid_id": "网格", "last_visit_on": "最近走访",
    "inspection": "检查", "rectification": "整改", "duty": "值班", "correction": "更正原因",
}  # fmt: skip
_ELSEWHERE: dict[tuple[Register | None, str], Any] = {
    (None, "grid_id"): Cards.grid_words,
    (None, "household_id"): Cards.household_number,
    (None, "estate"): Cards.estate_name,
    (Register.HOUSES, "number"): Cards.building_number,
    (Register.BUILDINGS, "estate_kind"): _of_estate("kind", "estate_kind"),
    (Register.BUILDINGS, "estate_other_names"): _of_estate("other_names", "estate_other_names"),
    (Register.BUILDINGS, "property_company"): _of_estate("property_company", "property_company"),
    (Register.BUILDINGS, "property_contact"): _of_estate("property_contact", "property_contact"),
    (Register.BUILDINGS, "property_phone"): _of_estate("property_phone", "property_phone"),
    (Register.STAFF, "unit_id"): Cards.unit_code,
    (Register.STAFF, "grids"): Cards.staff_grids,
    (Register.UNITS, "parent_code"): Cards.parent_code,
    (Register.MEMBERS, "person_id"): Cards.identity,
    (Register.GRIDS, "name"): Cards.grid_name,
}
