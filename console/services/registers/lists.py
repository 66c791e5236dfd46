"""A page of a register: masked rows by whatever was typed into the one box, with how fresh they are."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from console.domain.box import INTENT_NAMES, Intent, IntentKind, intents
from console.domain.codes import code_range
from console.domain.errors import Invalid
from console.domain.identity import read_credit_code
from console.domain.registers.freshness import Checked, Freshness, FreshReport, checked
from console.domain.registers.kinds import RISKS, Register
from console.domain.registers.life import STATE_NAMES, PersonState
from console.domain.registers.records import PAGE, Listing, Query, Row
from console.domain.registers.visits import due_words
from console.domain.roles import Scope
from console.ledger import Seat, contacts
from console.ledger.registers import in_branch
from console.services.registers.list_rows import building_row, grid_row, staff_row, unit_row
from console.services.registers.rights import members_seen
from db.models import (
    Building,
    Enterprise,
    Estate,
    Grid,
    House,
    Household,
    Person,
    SpecialGroupMember,
    Staff,
    Unit,
)

MOST_NAMED = 200
# Ten pages: who has scrolled farther begins anew.
MOST_AGAIN = 2000
TAIL = 4
Condition = Any
# A statement, the condition of what was typed, and how a row of it is shown.
Question = tuple[Any, Condition, Callable[[Any], Row]]


class Lists:
    """What one seat may see of the registers, page by page."""

    def __init__(self, session: Session, seat: Seat, today: date) -> None:
        self.session, self.seat, self.today = session, seat, today
        self.freshness = seat.rules.pack.registers

    def find(self, query: Query) -> Listing:
        meant = intents(query.words)
        statement, said, show = _QUESTIONS[query.register](self, query, meant)
        pinned = self._pinned(query)
        statement = statement.where(said)
        table_id = statement.selected_columns[0]
        slim = statement.with_only_columns(table_id, maintain_column_froms=True).order_by(None)
        total = self.session.scalar(select(func.count()).select_from(slim.subquery()))
        most = min(max(query.most, PAGE), MOST_AGAIN)
        page = statement.order_by(table_id).where(table_id > query.after).limit(most)
        rows = tuple(show(row) for row in self.session.execute(page))
        if pinned:
            rows = (*pinned, *(row for row in rows if row.id != query.first))
        # The report counts the whole register of the branch or grid: beside a part of it, it would be that part's.
        report = None if _is_part(query) else self.report(query)
        return Listing(query.register, rows, total or 0, self._meant(query, meant), report, most)

    def _meant(self, query: Query, meant: Sequence[Intent]) -> str:
        """What the words were taken for, where that is not plain."""
        if not meant or meant[0].kind not in _TOLD:
            return ""
        if query.register is Register.HOUSEHOLDS:
            its = select(Household.id).where(Household.number == query.words.strip())
            if self.session.scalar(its.limit(1)) is not None:
                return "户号"
        return INTENT_NAMES[meant[0].kind]

    def _pinned(self, query: Query) -> tuple[Row, ...]:
        """The row that stands on top of the first page, whatever is asked for."""
        if query.first is None or query.after:
            return ()
        every = Query(query.register, gone=True)
        statement, _said, show = _QUESTIONS[query.register](self, every, ())
        its = statement.selected_columns[0] == query.first
        return tuple(show(row) for row in self.session.execute(statement.where(its)))

    def report(self, query: Query) -> FreshReport | None:
        """How fresh this register is, in the branch or the chosen grid. One statement."""
        on = _CHECKED_ON.get(query.register)
        if on is None or query.after:
            return None
        fresh, stale = self._days()
        stage = case(
            (on.is_(None), Freshness.NEVER.value),
            (on >= fresh, Freshness.FRESH.value),
            (on >= stale, Freshness.AGEING.value),
            else_=Freshness.STALE.value,
        )
        table = on.class_
        living = table.state == PersonState.ACTIVE if table is Person else true()
        grouped = select(stage, func.count()).where(self._here(table.grid_id, query), living)
        counts: dict[str, int] = dict(self.session.execute(grouped.group_by(stage)).all())
        numbers = tuple((one, counts.get(one.value, 0)) for one in Freshness)
        return FreshReport(numbers, self.freshness.stale_days)

    # --- conditions

    def _days(self) -> tuple[date, date]:
        rules = self.freshness
        fresh, stale = timedelta(days=rules.fresh_days), timedelta(days=rules.stale_days)
        return self.today - fresh, self.today - stale

    def _checked(self, on: date | None) -> Checked:
        return checked(on, self.today, self.freshness)

    def _here(self, grid: Any, query: Query) -> Condition:
        chosen = grid == query.grid_id if query.grid_id else true()
        return and_(in_branch(self.seat.operator, grid), chosen)

    def _fresh(self, on: Any, query: Query) -> Condition:
        fresh, stale = self._days()
        match query.freshness:
            case Freshness.FRESH:
                return on >= fresh
            case Freshness.AGEING:
                return and_(on < fresh, on >= stale)
            case Freshness.STALE:
                return on < stale
            case Freshness.NEVER:
                return on.is_(None)
        return true()

    def _people(self, meant: Sequence[Intent], words: str) -> Condition:
        """By number, its end, identity number, name, initials, or where they live."""
        if not words.strip():
            return true()
        said = [one for intent in meant if (one := self._person(intent)) is not None]
        houses = select(House.id).where(House.address.contains(words.strip(), autoescape=True))
        places = Person.house_id.in_(houses) if len(words.strip()) > 1 else None
        return or_(*said, *([places] if places is not None else []))

    def _person(self, intent: Intent) -> Condition | None:
        value = intent.value
        match intent.kind:
            case IntentKind.PHONE:
                return Person.phone_key == contacts.key_of(self.session, self.seat, value)
            case IntentKind.PHONE_TAIL if len(value) >= TAIL:
                return Person.phone_end == value[-TAIL:]
            case IntentKind.IDENTITY:
                return Person.id_key == contacts.key_of(self.session, self.seat, value)
            case IntentKind.NAME:
                return Person.id.in_(self._called(value, ""))
            case IntentKind.INITIALS if len(value) > 1:
                return Person.id.in_(self._called("", value.lower()))
        return None

    def _called(self, name: str, letters: str) -> list[int]:
        return contacts.people_called(self.session, self.seat, name, letters, MOST_NAMED)

    # --- questions

    def persons(self, query: Query, meant: Sequence[Intent]) -> Question:
        late = select(func.count()).where(
            SpecialGroupMember.person_id == Person.id,
            SpecialGroupMember.state == "active",
            SpecialGroupMember.next_visit_on < self.today,
            members_seen(self.session, self.seat),
        )
        statement = select(
            Person.id, Person.name_masked, Person.sex, Person.born_on, Person.relation,
            Person.residence_kind, Person.home, Person.verified_on, Person.state, Unit.name,
            late.correlate(Person).scalar_subquery().label("late"),
        ).join(Unit, Unit.id == Person.grid_id)  # fmt: skip
        living = true() if query.gone else Person.state == PersonState.ACTIVE
        here = self._here(Person.grid_id, query)
        statement = statement.where(here, living, self._fresh(Person.verified_on, query))
        return statement, self._people(meant, query.words), self._person_row

    def _person_row(self, row: Any) -> Row:
        detail = " ".join(filter(None, (row.sex, f"{self.age(row.born_on)}岁", row.relation)))
        gone = STATE_NAMES.get(row.state, "") if row.state != PersonState.ACTIVE else ""
        return Row(
            row.id, row.name_masked, detail, row.home, row.name, gone or row.residence_kind,
            self._checked(row.verified_on), row.late,
        )  # fmt: skip

    def age(self, born: date) -> int:
        ahead = (self.today.month, self.today.day) < (born.month, born.day)
        return self.today.year - born.year - ahead

    def households(self, query: Query, meant: Sequence[Intent]) -> Question:
        head = aliased(Person)
        lives = and_(Person.household_id == Household.id, Person.state == PersonState.ACTIVE)
        people = select(func.count()).where(lives).correlate(Household).scalar_subquery()
        statement = select(
            Household.id, Household.number, Household.kind, Household.place, Household.low_income,
            Household.last_visit_on, Unit.name, head.name_masked.label("head"), people.label("people"),
        ).join(Unit, Unit.id == Household.grid_id)  # fmt: skip
        leads = and_(
            head.household_id == Household.id, head.relation == "户主", head.state == "active"
        )
        statement = statement.outerjoin(head, leads).where(
            self._here(Household.grid_id, query), self._fresh(Household.last_visit_on, query)
        )
        words = query.words.strip()
        if not words:
            return statement, true(), self._household_row
        members = select(Person.household_id).where(self._people(meant, words))
        said = or_(Household.number == words, Household.id.in_(members))
        return statement, said, self._household_row

    def _household_row(self, row: Any) -> Row:
        seen = self._checked(row.last_visit_on)
        title = f"{row.head}户" if row.head else f"户 {row.number}"
        return Row(
            row.id, title, f"{row.people}人", row.place, row.name, "低保" if row.low_income else row.kind,
            seen,
        )  # fmt: skip

    def buildings(self, query: Query, meant: Sequence[Intent]) -> Question:
        rooms = select(func.count()).where(House.building_id == Building.id)
        statement = select(
            Building.id, Estate.name.label("estate"), Building.number, Building.kind, Building.units,
            Building.floors_above, Building.hazard, Unit.name,
            rooms.correlate(Building).scalar_subquery().label("rooms"),
        ).join(Estate, Estate.id == Building.estate_id).join(Unit, Unit.id == Building.grid_id)  # fmt: skip
        words = query.words.strip()
        full = Estate.name + Building.number
        said: Condition = true()
        if words:
            plain = words.replace("号楼", "").rstrip("栋幢座")
            letters = Estate.initials.startswith(words.lower(), autoescape=True)
            said = or_(full.contains(plain, autoescape=True), letters)
        return statement.where(self._here(Building.grid_id, query)), said, building_row

    def houses(self, query: Query, meant: Sequence[Intent]) -> Question:
        statement = select(
            House.id, House.address, House.usage, House.owner_masked, House.area_m2, House.hazard,
            House.verified_on, Unit.name,
        ).join(Unit, Unit.id == House.grid_id)  # fmt: skip
        statement = statement.where(
            self._here(House.grid_id, query), self._fresh(House.verified_on, query)
        )
        words = query.words.strip()
        if not words:
            return statement, true(), self._house_row
        lived = select(Person.house_id).where(self._people(meant, words))
        return (
            statement,
            or_(House.address.contains(words, autoescape=True), House.id.in_(lived)),
            self._house_row,
        )

    def _house_row(self, row: Any) -> Row:
        detail = " ".join(
            filter(None, (row.owner_masked, f"{row.area_m2:g}㎡" if row.area_m2 else ""))
        )
        tag = row.usage + (" 有隐患" if row.hazard else "")
        return Row(row.id, row.address, detail, "", row.name, tag, self._checked(row.verified_on))

    def enterprises(self, query: Query, meant: Sequence[Intent]) -> Question:
        statement = select(
            Enterprise.id, Enterprise.name, Enterprise.industry, Enterprise.address, Enterprise.operating_state,
            Enterprise.verified_on, Enterprise.licence_until, Unit.name.label("grid"),
        ).join(Unit, Unit.id == Enterprise.grid_id)  # fmt: skip
        statement = statement.where(
            self._here(Enterprise.grid_id, query), self._fresh(Enterprise.verified_on, query)
        )
        return statement, self._firm(query.words.strip(), meant), self._enterprise_row

    def _firm(self, words: str, meant: Sequence[Intent]) -> Condition:
        if not words:
            return true()
        said = [
            Enterprise.name.contains(words, autoescape=True),
            Enterprise.address.contains(words, autoescape=True),
            Enterprise.initials.startswith(words.lower(), autoescape=True),
        ]
        try:
            said.append(Enterprise.uscc == read_credit_code(words))
        except Invalid:
            pass
        for intent in meant:
            if intent.kind is IntentKind.PHONE:
                key = contacts.key_of(self.session, self.seat, intent.value)
                said.append(Enterprise.phone_key == key)
        return or_(*said)

    def _enterprise_row(self, row: Any) -> Row:
        over = row.licence_until is not None and row.licence_until < self.today
        tag = "证照过期" if over else row.operating_state
        seen = self._checked(row.verified_on)
        return Row(row.id, row.name, row.industry, row.address, row.grid, tag, seen)

    def members(self, query: Query, meant: Sequence[Intent]) -> Question:
        statement = (
            select(
                SpecialGroupMember.id, SpecialGroupMember.group_class, SpecialGroupMember.risk_level,
                SpecialGroupMember.next_visit_on, SpecialGroupMember.state, Person.name_masked, Person.sex,
                Person.born_on, Person.home, Unit.name,
            )
            .join(Person, Person.id == SpecialGroupMember.person_id)
            .join(Unit, Unit.id == Person.grid_id)
        )  # fmt: skip
        kept = true() if query.gone else SpecialGroupMember.state == "active"
        seen = members_seen(self.session, self.seat)
        statement = statement.where(self._here(Person.grid_id, query), seen, kept)
        words = query.words.strip()
        said: Condition = true()
        if words:
            of_class = SpecialGroupMember.group_class.contains(words, autoescape=True)
            said = or_(of_class, self._people(meant, words))
        return statement, said, self._member_row

    def _member_row(self, row: Any) -> Row:
        detail = (
            f"{row.sex} {self.age(row.born_on)}岁 {RISKS.get(row.risk_level, row.risk_level)}风险"
        )
        late = row.state == "active" and (
            row.next_visit_on is None or row.next_visit_on < self.today
        )
        tag = row.group_class if row.state == "active" else f"{row.group_class} 已解除"
        words = due_words(row.next_visit_on, self.today) if row.state == "active" else ""
        place = " · ".join(filter(None, (words, row.home)))
        return Row(row.id, row.name_masked, detail, place, row.name, tag, None, int(late))

    def grids(self, query: Query, meant: Sequence[Intent]) -> Question:
        above = aliased(Unit)
        statement = (
            select(
                Grid.unit_id, Grid.code, Grid.grid_type, Grid.special_kind, Grid.households, Grid.population,
                Unit.name, above.name.label("above"),
            )
            .join(Unit, Unit.id == Grid.unit_id)
            .outerjoin(above, above.id == Unit.parent_id)
            .where(in_branch(self.seat.operator, Grid.unit_id), Unit.active)
        )  # fmt: skip
        return statement, _by_name(query.words, Unit, Grid.code), grid_row

    def staff(self, query: Query, meant: Sequence[Intent]) -> Question:
        statement = select(
            Staff.id, Staff.staff_no, Staff.name, Staff.post, Staff.duty_state, Staff.phone,
            Staff.full_time, Unit.name.label("unit"),
        ).join(Unit, Unit.id == Staff.unit_id).where(self._below(Unit.code))  # fmt: skip
        if not query.gone:
            statement = statement.where(Staff.duty_state != "left")
        return statement, _by_name(query.words, Staff, Staff.staff_no), staff_row

    def units(self, query: Query, meant: Sequence[Intent]) -> Question:
        above = aliased(Unit)
        statement = (
            select(
                Unit.id, Unit.code, Unit.name, Unit.kind, Unit.liaison, Unit.liaison_phone, above.name.label("above")
            )
            .outerjoin(above, above.id == Unit.parent_id)
            .where(Unit.kind != "grid", self._below(Unit.code))
        )  # fmt: skip
        if not query.gone:
            statement = statement.where(Unit.active)
        return statement, _by_name(query.words, Unit, Unit.code), unit_row

    def _below(self, code: Any) -> Condition:
        if self.seat.operator.scope is Scope.ALL:
            return true()
        low, high = code_range(self.seat.operator.unit_code)
        return and_(code >= low, code < high)


def _is_part(query: Query) -> bool:
    return bool(query.words.strip()) or query.freshness is not None or query.gone


def _by_name(words: str, table: Any, code: Any) -> Condition:
    plain = words.strip()
    if not plain:
        return true()
    return or_(
        table.name.contains(plain, autoescape=True),
        table.initials.startswith(plain.lower(), autoescape=True),
        code.startswith(plain.upper(), autoescape=True),
    )


_QUESTIONS: dict[Register, Callable[[Lists, Query, Sequence[Intent]], Question]] = {
    Register.PERSONS: Lists.persons, Register.HOUSEHOLDS: Lists.households,
    Register.BUILDINGS: Lists.buildings, Register.HOUSES: Lists.houses,
    Register.ENTERPRISES: Lists.enterprises, Register.MEMBERS: Lists.members,
    Register.GRIDS: Lists.grids, Register.STAFF: Lists.staff, Register.UNITS: Lists.units,
}  # fmt: skip
_CHECKED_ON: dict[Register, Any] = {
    Register.PERSONS: Person.verified_on, Register.HOUSEHOLDS: Household.last_visit_on,
    Register.HOUSES: House.verified_on, Register.ENTERPRISES: Enterprise.verified_on,
}  # fmt: skip
_TOLD = frozenset(
    {IntentKind.PHONE, IntentKind.PHONE_TAIL, IntentKind.IDENTITY, IntentKind.INITIALS}
)
