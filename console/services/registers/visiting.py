"""Visits: who is due, what was seen, when next (field-facts 6.4, X9)."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import NotAllowed
from console.domain.masking import mask_text
from console.domain.registers.kinds import Register
from console.domain.registers.visits import (
    AHEAD_DAYS,
    SOON_DAYS,
    Due,
    Reminder,
    VisitForm,
    VisitLine,
    check_visit,
    due_words,
    next_visit,
)
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import in_branch
from console.services.registers.inspecting import waiting as hazards_waiting
from console.services.registers.rights import (
    members_seen,
    named,
    refuse_reading,
    refuse_writing,
)
from console.services.registers.visit_lines import lines_of
from console.services.registers.visit_plans import plan_of
from console.services.registers.writing import locked, note
from db.models import DailyTask, GridStaff, Household, Person, SpecialGroupMember, Visit


class Visiting:
    """Visit plans of one seat's grids."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def due(self, which: Due | None = None, grid_id: int | None = None) -> tuple[VisitLine, ...]:
        """Who is to be visited, the longest overdue first; only classes this person may know of."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            conditions = [SpecialGroupMember.state == "active", Person.state == "active"]
            if grid_id:
                conditions.append(Person.grid_id == grid_id)
            on = SpecialGroupMember.next_visit_on
            soon, ahead = today + timedelta(days=SOON_DAYS), today + timedelta(days=AHEAD_DAYS)
            if which is Due.OVERDUE:
                conditions.append(or_(on.is_(None), on < today))
            elif which is Due.SOON:
                conditions.append(on.between(today, soon))
            elif which is Due.AHEAD:
                conditions.append(on.between(soon + timedelta(days=1), ahead))
            elif which is Due.LATER:
                conditions.append(on > ahead)
            condition = conditions[0]
            for one in conditions[1:]:
                condition = condition & one
            return lines_of(session, self._seat, today, condition)

    def reminder(self) -> Reminder:
        """What waits in this person's own grids: for the worker at the desk and for who leads them."""
        refuse_reading(self._seat)
        member = SpecialGroupMember
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            on = member.next_visit_on
            late = func.count().filter(or_(on.is_(None), on < today))
            soon = func.count().filter(on.between(today, today + timedelta(days=SOON_DAYS)))
            ahead = func.count().filter(
                on > today + timedelta(days=SOON_DAYS), on <= today + timedelta(days=AHEAD_DAYS)
            )
            query = (
                select(late, soon, ahead)
                .select_from(member)
                .join(Person, Person.id == member.person_id)
            )
            query = query.where(
                member.state == "active", Person.state == "active",
                in_branch(self._seat.operator, Person.grid_id), members_seen(session, self._seat),
            )  # fmt: skip
            counts = session.execute(query).one()
            staff = select(GridStaff.staff_id).where(
                in_branch(self._seat.operator, GridStaff.grid_id)
            )
            tasks = select(func.count()).select_from(DailyTask).where(
                DailyTask.on_day == today, DailyTask.done_at.is_(None), DailyTask.staff_id.in_(staff)
            )  # fmt: skip
            hazards = hazards_waiting(session, self._seat, today)
            return Reminder(*counts, session.scalar(tasks) or 0, *hazards)

    def visited(self, form: VisitForm) -> Changed:
        """Write a visit down; the next one follows from class and risk. Raises Invalid, Conflict, NotAllowed."""
        refuse_writing(self._seat, Register.MEMBERS)
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            at = check_visit(form, now)
            member = locked(session, self._seat, Register.MEMBERS, form.member_id, form.version)
            if member.restricted and not named(session, self._seat):
                raise NotAllowed("这一类人员只由指定人员走访登记", "请联系包案人")
            if member.state != "active":
                raise NotAllowed("已解除管理，不再登记走访", "需要恢复时请修改登记")
            session.add(
                Visit(
                    member_id=member.id, at=at, visitor=(form.visitor.strip() or self._seat.operator.name)[:60],
                    met=form.met, condition=mask_text(form.condition.strip()), wants=mask_text(form.wants.strip()),
                )
            )  # fmt: skip
            plan = plan_of(session, member.group_class, member.risk_level)
            before = member.next_visit_on
            member.visit_interval_days = plan.interval_days
            member.next_visit_on = next_visit(plan, civil_date(at), form.met, before)
            member.planned_visit_on = member.next_visit_on
            member.version += 1
            session.flush()
            after = member.next_visit_on.isoformat()
            line = ("next_visit_on", before.isoformat() if before else "", after)
            note(session, self._seat, Register.MEMBERS, member.id, [line], now)
            if form.met:
                self._seen_at_home(session, member, at)
            waits = due_words(member.next_visit_on, civil_date(now))
            words = (
                f"已登记走访，下次走访 {after}"
                if form.met
                else f"没见到本人，仍在走访名单上（{waits}）"
            )
            return Changed(
                frozenset({Topic.PEOPLE}), (member.id,), note=words, version=member.version
            )

    def _seen_at_home(self, session: Session, member: SpecialGroupMember, at: datetime) -> None:
        """The household was seen too, and the person is where the register says."""
        person = session.get_one(Person, member.person_id)
        day = civil_date(at)
        lines = [
            (
                "verified_on",
                person.verified_on.isoformat() if person.verified_on else "",
                day.isoformat(),
            )
        ]
        if person.verified_on is None or person.verified_on < day:
            person.verified_on = day
            person.version += 1
            session.flush()
            note(session, self._seat, Register.PERSONS, person.id, lines, self._seat.now(session))
        home = session.get(Household, person.household_id) if person.household_id else None
        if home is not None and (home.last_visit_on is None or home.last_visit_on < day):
            line = (
                "last_visit_on",
                home.last_visit_on.isoformat() if home.last_visit_on else "",
                day.isoformat(),
            )
            home.last_visit_on = day
            home.version += 1
            session.flush()
            note(session, self._seat, Register.HOUSEHOLDS, home.id, [line], self._seat.now(session))
