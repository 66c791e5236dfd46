"""值班表: each unit's month, entered, changed, copied from the week before (field-facts H12, 6.8)."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.codes import code_range
from console.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from console.domain.registers.duty import (
    DUTY_KEEPERS,
    Candidate,
    DutyForm,
    DutyLine,
    DutyUnit,
    Roster,
    check_duty,
    copied,
    monday_of,
    month_of,
    refuse_closed,
    rows_of,
)
from console.domain.registers.kinds import Register
from console.domain.roles import ROLE_NAMES, Scope
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.duty import on_duty
from console.services.registers.rights import refuse_reading
from console.services.registers.writing import note
from db.models import DutyRoster, Staff, Unit

WEEK = timedelta(days=7)
MOST_UNITS, MOST_PEOPLE = 500, 100
_PLACES = frozenset({Topic.PLACES})


class Duties:
    """Rosters of one seat's units."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def units(self) -> tuple[DutyUnit, ...]:
        """Units of the branch with who is on duty today; those that kept a roster lately first, then by code."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            days = func.count(DutyRoster.on_day.distinct())
            ahead = DutyRoster.on_day.between(today, today + timedelta(days=6))
            arranged = (
                select(DutyRoster.unit_id, days.filter(ahead).label("ahead"), days.label("days"))
                .where(DutyRoster.on_day >= today - timedelta(days=60))
                .group_by(DutyRoster.unit_id)
                .subquery()
            )
            query = (
                select(Unit, arranged.c.ahead, arranged.c.days)
                .outerjoin(arranged, arranged.c.unit_id == Unit.id)
                .where(Unit.active, Unit.kind != "grid", self._ours(Unit.code))
                .order_by(arranged.c.days.is_(None), Unit.code)
            )
            rows = session.execute(query.limit(MOST_UNITS)).all()
            told = on_duty(session, [row[0].id for row in rows], today)
        return tuple(
            DutyUnit(row[0].id, row[0].name, row[0].kind, row[0].initials, told.get(row[0].id, ""), 7 - (row[1] or 0))
            for row in rows
        )  # fmt: skip

    def month(self, unit_id: int, day: date | None = None) -> Roster:
        """The month a day lies in, this one without a day. Raises NotFound outside the branch."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            unit = self._unit(session, unit_id)
            first, last = month_of(day or today)
            lines = self._lines(session, unit_id, first, last)
            rows = rows_of(first, last, lines, today)
            may = self._seat.operator.role in DUTY_KEEPERS
            return Roster(unit.id, unit.name, first, rows, may)

    def candidates(self, unit_id: int) -> tuple[Candidate, ...]:
        """The unit's head, then its staff."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            unit = self._unit(session, unit_id)
            query = select(Staff).where(Staff.unit_id == unit_id, Staff.duty_state != "left")
            rows = session.scalars(query.order_by(Staff.cadre_rank == "", Staff.id))
            people = [
                Candidate(one.id, one.name, one.post, one.phone, one.cadre_rank)
                for one in rows.fetchmany(MOST_PEOPLE)
            ]
            if unit.leader and unit.leader not in {one.name for one in people}:
                head = Candidate(None, unit.leader, "负责人", unit.leader_phone, "负责人")
                people.insert(0, head)
            return tuple(people)

    def put(self, form: DutyForm) -> Changed:
        """A new entry or a changed one. Raises Invalid beside the field, Conflict, NotAllowed, NotFound."""
        self._refuse()
        with self._seat.db.writing.begin() as session:
            today = civil_date(self._seat.now(session))
            kept = check_duty(form, today)
            unit = self._unit(session, kept.unit_id)
            self._refuse_twice(session, kept)
            before = ""
            if kept.id is None:
                row = self._new(kept)
                session.add(row)
            else:
                row = self._row(session, kept.id, kept.version)
                refuse_closed(row.on_day, today)
                before = _told(row)
                self._change(row, kept)
            session.flush()
            self._note(session, unit.id, [(before, _told(row))])
            return Changed(_PLACES, (row.id,), unit.name, version=row.version)

    def remove(self, duty_id: int, version: int) -> Changed:
        """Take an entry off. Raises Invalid for a day that is over, Conflict, NotAllowed, NotFound."""
        self._refuse()
        with self._seat.db.writing.begin() as session:
            row = self._row(session, duty_id, version)
            refuse_closed(row.on_day, civil_date(self._seat.now(session)))
            unit_id, before = row.unit_id, _told(row)
            session.delete(row)
            session.flush()
            self._note(session, unit_id, [(before, "")])
            return Changed(_PLACES, (duty_id,))

    def copy_week(self, unit_id: int, day: date) -> Changed:
        """The week before onto the week this day lies in; days that have somebody stay. Raises Invalid, NotAllowed."""
        self._refuse()
        with self._seat.db.writing.begin() as session:
            today = civil_date(self._seat.now(session))
            unit, monday = self._unit(session, unit_id), monday_of(day)
            before = self._lines(session, unit_id, monday - WEEK, monday - timedelta(days=1))
            there = self._lines(session, unit_id, monday, monday + timedelta(days=6))
            if not before:
                raise Invalid(f"{unit.name}上一周没有排班", "请先排一周，以后每周可照抄")
            forms = copied(before, {line.on_day for line in there}, unit_id, today)
            if not forms:
                raise Invalid("这一周能排的日子都已有人", "要换人请逐日修改")
            rows = [self._new(form) for form in forms]
            session.add_all(rows)
            session.flush()
            self._note(session, unit_id, [("", _told(row)) for row in rows])
            days = len({row.on_day for row in rows})
            return Changed(_PLACES, tuple(row.id for row in rows), note=f"照抄上周，排了 {days} 天")

    # --- parts

    def _ours(self, code: Any) -> Any:
        operator = self._seat.operator
        if operator.scope is Scope.ALL:
            return literal(True)
        low, high = code_range(operator.unit_code)
        return and_(code >= low, code < high)

    def _unit(self, session: Session, unit_id: int) -> Unit:
        found = session.scalar(select(Unit).where(Unit.id == unit_id, self._ours(Unit.code)))
        if found is None:
            raise NotFound("没有找到这个单位，或不在您的管辖范围内")
        return found

    def _row(self, session: Session, duty_id: int, version: int) -> DutyRoster:
        row = session.get(DutyRoster, duty_id, with_for_update=True)
        if row is None:
            raise NotFound("这一班已被他人撤下", "请刷新后再看")
        self._unit(session, row.unit_id)
        if row.version != version:
            raise Conflict("这一班刚被他人改过", "已为您刷新，请核对后再保存")
        return row

    @staticmethod
    def _lines(session: Session, unit_id: int, first: date, last: date) -> tuple[DutyLine, ...]:
        query = select(DutyRoster).where(
            DutyRoster.unit_id == unit_id, DutyRoster.on_day.between(first, last)
        )
        return tuple(
            DutyLine(r.id, r.on_day, r.shift, r.name, r.phone, r.rank, r.leads, r.staff_id, r.version)
            for r in session.scalars(query.order_by(DutyRoster.on_day, DutyRoster.id))
        )  # fmt: skip

    @staticmethod
    def _refuse_twice(session: Session, form: DutyForm) -> None:
        same = select(DutyRoster.shift).where(
            DutyRoster.unit_id == form.unit_id, DutyRoster.on_day == form.on_day,
            DutyRoster.name == form.name, or_(DutyRoster.shift == form.shift, literal(form.shift == "全天")),
        )  # fmt: skip
        if form.id is not None:
            same = same.where(DutyRoster.id != form.id)
        shift = session.scalar(same.limit(1))
        if shift is not None:
            raise Invalid(f"{form.name}这天已排{shift}", "请选别人，或改那一班", "name")

    @staticmethod
    def _new(form: DutyForm) -> DutyRoster:
        return DutyRoster(
            unit_id=form.unit_id, on_day=form.on_day, shift=form.shift, staff_id=form.staff_id, name=form.name,
            phone=form.phone, rank=form.rank, leads=form.leads,
        )  # fmt: skip

    @staticmethod
    def _change(row: DutyRoster, form: DutyForm) -> None:
        if row.unit_id != form.unit_id:
            raise Invalid("值班不能改到别的单位", "请撤下后在那个单位重新排")
        row.on_day, row.shift, row.staff_id = form.on_day, form.shift, form.staff_id
        row.name, row.phone, row.rank, row.leads = form.name, form.phone, form.rank, form.leads
        row.version += 1

    def _note(self, session: Session, unit_id: int, lines: list[tuple[str, str]]) -> None:
        at = self._seat.now(session)
        note(session, self._seat, Register.UNITS, unit_id, [("duty", *line) for line in lines], at)

    def _refuse(self) -> None:
        if self._seat.operator.role not in DUTY_KEEPERS:
            role = ROLE_NAMES[self._seat.operator.role]
            names = "、".join(ROLE_NAMES[one] for one in sorted(DUTY_KEEPERS))
            raise NotAllowed(f"{role}不能排值班", f"由{names}排")


def _told(row: DutyRoster) -> str:
    """Who and when, for the history; the number is not part of it."""
    shift = "" if row.shift == "全天" else f" {row.shift}"
    return f"{row.on_day}{shift} {row.name}"
