"""Birth, death, moving in and out, each with its day and reason (field-facts X8)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.errors import Invalid
from console.domain.masking import mask_text
from console.domain.registers.kinds import Register
from console.domain.registers.life import (
    AFTER,
    HEAD,
    LIFE_NAMES,
    REASON_MOST,
    STATE_NAMES,
    Birth,
    LifeForm,
    LifeKind,
    PersonState,
    check_event,
)
from console.domain.registers.records import Typed
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.services.registers.columns import Columns
from console.services.registers.rights import grid_named, refuse_writing
from console.services.registers.saving import Saving
from console.services.registers.writing import Line, changed, locked, note
from db.models import Household, LifeEvent, Person, SpecialGroupMember, Unit


class Lives:
    """What happens to people on the register."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._saving = seat, Saving(seat)

    def born(self, birth: Birth) -> Changed:
        """A new person in the household, with the event. Raises InvalidForm, Invalid, Conflict, NotAllowed."""
        if not birth.household.strip():
            raise Invalid("请填写户号", field="household_id")
        typed = {
            "name": birth.name, "id_number": birth.paper, "sex": birth.sex, "household_id": birth.household,
            "born_on": birth.born_on.isoformat() if birth.born_on else "", "relation": birth.relation,
            "residence_kind": "户籍",
        }  # fmt: skip
        made = self._saving.save(
            Typed(Register.PERSONS, None, 0, {k: v for k, v in typed.items() if v})
        )
        with self._seat.db.writing.begin() as session:
            person = session.get_one(Person, made.ids[0])
            self._record(session, person.id, LifeKind.BIRTH, person.born_on, "")
        return made

    def happened(self, form: LifeForm) -> Changed:
        """Death, move in, move out. Raises Invalid beside the field, Conflict, NotAllowed, NotFound."""
        refuse_writing(self._seat, Register.PERSONS)
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            person = locked(session, self._seat, Register.PERSONS, form.person_id, form.version)
            others = self._others(session, person)
            self._happens(session, person, form, now)
            together = form.together and form.kind is LifeKind.MOVE_OUT
            for one in others if together else ():
                self._happens(session, one, form, now)
            said = _said(person, form.kind, len(others), together)
            return replace(changed(Register.PERSONS, person.id, person.version), note=said)

    def _others(self, session: Session, person: Person) -> list[Person]:
        """Who lives in the same household, locked with him."""
        if person.household_id is None:
            return []
        query = select(Person).where(
            Person.household_id == person.household_id, Person.id != person.id, Person.state == PersonState.ACTIVE
        )  # fmt: skip
        return list(session.scalars(query.order_by(Person.id).with_for_update()))

    def _happens(self, session: Session, person: Person, form: LifeForm, now: datetime) -> None:
        day = check_event(form, PersonState(person.state), person.born_on, civil_date(now))
        lines = self._move(session, person, form)
        person.version += 1
        session.flush()
        self._record(session, person.id, form.kind, day, form.reason)
        note(session, self._seat, Register.PERSONS, person.id, lines, now)
        self._let_go(session, person, now)

    def _record(
        self, session: Session, person_id: int, kind: LifeKind, day: date, reason: str
    ) -> None:
        session.add(
            LifeEvent(
                person_id=person_id, kind=kind.value, on_day=day, reason=mask_text(reason.strip())[:REASON_MOST],
                recorded_at=self._seat.now(session), recorded_by=self._seat.operator.signature,
            )
        )  # fmt: skip
        session.flush()

    def _move(self, session: Session, person: Person, form: LifeForm) -> list[Line]:
        """The row after the event; what of it moved."""
        lines: list[Line] = []
        after = AFTER[form.kind]
        if person.state != after:
            before = STATE_NAMES[PersonState(person.state)]
            lines.append(("state", before, STATE_NAMES[after]))
            person.state = after.value
        if form.kind is LifeKind.MOVE_OUT and person.household_id is not None:
            lines.append(("household_id", _number(session, person.household_id), ""))
            person.household_id = person.house_id = None
        if form.kind is LifeKind.MOVE_IN:
            lines += self._settle(session, person, form)
        lines.append(("life", "", LIFE_NAMES[form.kind]))
        return lines

    def _settle(self, session: Session, person: Person, form: LifeForm) -> list[Line]:
        """Where somebody lives from now on: a household, else a grid and an address."""
        if not (form.household.strip() or form.grid.strip()):
            raise Invalid("请填写迁入的户号或网格", field="household")
        columns = Columns(session, self._seat, civil_date(self._seat.now(session)))
        old_home, old_grid = person.household_id, person.grid_id
        if form.household.strip():
            home = columns.household(form.household.strip(), "household")
            person.household_id, person.house_id, person.grid_id = (
                home.id,
                home.house_id,
                home.grid_id,
            )
        else:
            person.household_id = person.house_id = None
            person.grid_id = grid_named(session, self._seat, form.grid, "grid").unit_id
        lines: list[Line] = []
        if form.home_address.strip():
            lines.append(("home_address", person.home, "***"))
            person.home_address = form.home_address.strip()[:200]
        if old_home != person.household_id:
            lines.append(
                ("household_id", _number(session, old_home), _number(session, person.household_id))
            )
        if old_grid != person.grid_id:
            lines.append(("grid_id", _unit(session, old_grid), _unit(session, person.grid_id)))
        return lines

    def _let_go(self, session: Session, person: Person, now: datetime) -> None:
        """Nobody is sent to visit who has died or moved away."""
        if person.state == PersonState.ACTIVE:
            return
        query = select(SpecialGroupMember).where(
            SpecialGroupMember.person_id == person.id, SpecialGroupMember.state == "active"
        )
        for member in session.scalars(query):
            member.state = "closed"
            member.version += 1
            session.flush()
            line = ("state", "在管", f"已解除（{STATE_NAMES[PersonState(person.state)]}）")
            note(session, self._seat, Register.MEMBERS, member.id, [line], now)


def _said(person: Person, kind: LifeKind, others: int, together: bool) -> str:
    """Who and what, and what is left to do at home."""
    words = f"已登记 {person.name_masked} {LIFE_NAMES[kind]}"
    if together and others:
        return f"{words}，同户 {others} 人一并{LIFE_NAMES[kind]}"
    if others and person.relation == HEAD and kind is not LifeKind.MOVE_IN:
        return f"{words}；原户还有 {others} 人，没有户主了，请改其中一人的“与户主关系”"
    return words


def _number(session: Session, household_id: Any) -> str:
    if not household_id:
        return ""
    return session.scalar(select(Household.number).where(Household.id == household_id)) or ""


def _unit(session: Session, unit_id: int) -> str:
    return session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""
