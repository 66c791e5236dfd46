"""Patrols written down, the day's tasks given out, done and checked by telephone (field-facts 6.8, K16, Z9)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.masking import mask_text
from console.domain.registers.kinds import KEEPERS, Register
from console.domain.registers.rounds import (
    PatrolForm,
    PatrolLine,
    TaskLine,
    Worker,
    check_patrol,
    check_task,
)
from console.domain.registers.staffing import POSTS
from console.domain.roles import ROLE_NAMES, Role
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import in_branch
from console.services.registers.rights import members_seen, refuse_reading, refuse_writing
from db.models import (
    Account,
    DailyTask,
    Grid,
    GridStaff,
    Patrol,
    Person,
    SpecialGroupMember,
    Staff,
    Unit,
)

MOST = 300
CHECK_MOST = 300
_PEOPLE = frozenset({Topic.PEOPLE})
# The centre calls the grid and asks; who did the task does not check it.
CHECKERS = frozenset({Role.AGENT, Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER})
_GIVERS = frozenset({Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER})


class Rounds:
    """Patrols and tasks of one seat's grids."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def workers(self) -> tuple[Worker, ...]:
        """Grid staff of the branch with their grids."""
        refuse_reading(self._seat)
        own = aliased(Unit)
        query = (
            select(
                Staff.id,
                Staff.name,
                Staff.post,
                Unit.name.label("unit"),
                Grid.unit_id,
                own.name.label("grid"),
            )
            .join(GridStaff, GridStaff.staff_id == Staff.id)
            .join(Grid, Grid.unit_id == GridStaff.grid_id)
            .join(Unit, Unit.id == Staff.unit_id)
            .join(own, own.id == Grid.unit_id)
            .where(in_branch(self._seat.operator, Grid.unit_id), Staff.duty_state != "left")
            .where(Staff.post.in_(POSTS))
            .order_by(Staff.id, Grid.code)
        )
        with self._seat.db.reading() as session:
            rows = session.execute(query).all()
            mine = self._mine(session)
        grids: dict[int, list[tuple[int, str]]] = {}
        for row in rows:
            grids.setdefault(row.id, []).append((row.unit_id, row.grid))
        people = {row.id: row for row in rows}
        made = [Worker(r.id, r.name, r.post, r.unit, tuple(grids[r.id])) for r in people.values()]
        return tuple(sorted(made, key=lambda one: one.id != mine))

    def _mine(self, session: Session) -> int | None:
        query = select(Account.staff_id).where(Account.id == self._seat.operator.account_id)
        return session.scalar(query)

    # --- patrols

    def patrols(self, grid_id: int | None = None) -> tuple[PatrolLine, ...]:
        """The latest patrols of the branch."""
        refuse_reading(self._seat)
        query = (
            select(Patrol, Staff.name.label("worker"), Unit.name.label("grid"))
            .join(Staff, Staff.id == Patrol.staff_id)
            .join(Unit, Unit.id == Patrol.grid_id)
            .where(in_branch(self._seat.operator, Patrol.grid_id))
        )
        if grid_id:
            query = query.where(Patrol.grid_id == grid_id)
        with self._seat.db.reading() as session:
            rows = session.execute(query.order_by(Patrol.started_at.desc()).limit(MOST)).all()
            return tuple(_patrol(row) for row in rows)

    def patrolled(self, form: PatrolForm, staff_id: int) -> Changed:
        """Write a patrol down. Raises Invalid beside the field, NotAllowed outside the branch."""
        refuse_writing(self._seat, Register.PERSONS)
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            findings = check_patrol(form, now)
            serves = select(GridStaff.staff_id).where(
                GridStaff.staff_id == staff_id, GridStaff.grid_id == form.grid_id,
                in_branch(self._seat.operator, GridStaff.grid_id),
            )  # fmt: skip
            if session.scalar(serves) is None:
                raise Invalid("这个人不在这个网格任职", "请重新选择网格员或网格", "grid_id")
            day = civil_date(form.started_at)
            row = Patrol(
                number=self._number(session, day, form.grid_id), staff_id=staff_id, grid_id=form.grid_id,
                kind=form.kind, started_at=form.started_at, ended_at=form.ended_at,
                points_checked=form.points_checked, events_found=len(form.matters), distance_m=form.distance_m,
                findings=mask_text(findings),
            )  # fmt: skip
            session.add(row)
            session.flush()
            return Changed(_PEOPLE, (row.id,), row.number)

    @staticmethod
    def _number(session: Session, day: date, grid_id: int) -> str:
        """X + day + grid + which of the day: told on the telephone, so kept short."""
        start = f"X{day:%y%m%d}-{grid_id}-"
        low, high = start, start[:-1] + "."
        query = (
            select(func.count())
            .select_from(Patrol)
            .where(Patrol.number >= low, Patrol.number < high)
        )
        return f"{start}{(session.scalar(query) or 0) + 1}"

    # --- tasks

    def tasks(self, day: date | None = None) -> tuple[TaskLine, ...]:
        """The tasks of a day, today's without one; undone first."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            on = day or civil_date(self._seat.now(session))
            query = (
                select(DailyTask, Staff.name.label("worker"), Unit.name.label("unit"))
                .join(Staff, Staff.id == DailyTask.staff_id)
                .join(Unit, Unit.id == Staff.unit_id)
                .where(DailyTask.on_day == on, self._ours(DailyTask.staff_id))
                .order_by(DailyTask.done_at.is_not(None), DailyTask.id)
            )
            return tuple(_task(row) for row in session.execute(query.limit(MOST)))

    def _ours(self, staff: Any) -> Any:
        own = select(GridStaff.staff_id).where(in_branch(self._seat.operator, GridStaff.grid_id))
        return staff.in_(own)

    def give(self, staff_ids: Iterable[int], task: str, day: date | None = None) -> Changed:
        """One task for several workers. Raises Invalid, NotAllowed."""
        self._may(_GIVERS, "派任务")
        with self._seat.db.writing.begin() as session:
            today = civil_date(self._seat.now(session))
            words = mask_text(check_task(task, day or today, today))
            ids = sorted(set(staff_ids))
            if not ids:
                raise Invalid("请选择网格员", field="staff")
            query = select(Staff.id).where(Staff.id.in_(ids), self._ours(Staff.id))
            if sorted(session.scalars(query)) != ids:
                raise NotAllowed("有人不在您的管辖范围内", "请重新选择网格员")
            rows = [DailyTask(staff_id=one, on_day=day or today, task=words) for one in ids]
            session.add_all(rows)
            session.flush()
            return Changed(_PEOPLE, tuple(row.id for row in rows), note=f"已派 {len(rows)} 人")

    def give_visits(self) -> Changed:
        """Today's overdue and due visits as tasks of each grid's worker; what was given already is not given twice."""
        self._may(_GIVERS, "派任务")
        member = SpecialGroupMember
        with self._seat.db.writing.begin() as session:
            today = civil_date(self._seat.now(session))
            query = (
                select(
                    func.min(GridStaff.staff_id),
                    member.group_class,
                    Person.name_masked,
                    member.next_visit_on,
                )
                .join(Person, Person.id == member.person_id)
                .join(GridStaff, GridStaff.grid_id == Person.grid_id)
                .where(
                    GridStaff.post == POSTS[2], member.state == "active", Person.state == "active"
                )
                .where(
                    member.next_visit_on <= today, in_branch(self._seat.operator, Person.grid_id)
                )
                .where(members_seen(session, self._seat), member.restricted.is_(False))
                .group_by(member.id, member.group_class, Person.name_masked, member.next_visit_on)
                .order_by(member.next_visit_on)
            )
            given = select(DailyTask.staff_id, DailyTask.task).where(DailyTask.on_day == today)
            there = {(row.staff_id, row.task) for row in session.execute(given)}
            new = []
            for staff_id, group, name, _on in session.execute(query.limit(MOST)):
                task = f"走访{group}{name}"
                if (staff_id, task) not in there:
                    there.add((staff_id, task))
                    new.append(DailyTask(staff_id=staff_id, on_day=today, task=task))
            session.add_all(new)
            session.flush()
            return Changed(_PEOPLE, tuple(row.id for row in new), note=f"已派 {len(new)} 项走访")

    def done(self, task_id: int) -> Changed:
        """The worker did it. Raises NotAllowed, NotFound."""
        self._may(KEEPERS, "登记任务完成")
        with self._seat.db.writing.begin() as session:
            row = self._task(session, task_id)
            row.done_at = row.done_at or self._seat.now(session)
            return Changed(_PEOPLE, (row.id,))

    def checked(self, task_id: int, result: str) -> Changed:
        """What the check call heard (网格连线). Raises Invalid, NotAllowed, NotFound."""
        self._may(CHECKERS, "登记抽查")
        words = result.strip()
        if not words:
            raise Invalid("请填写抽查结果", field="check_result")
        if len(words) > CHECK_MOST:
            raise Invalid(f"抽查结果最多 {CHECK_MOST} 字", "请写要点", "check_result")
        with self._seat.db.writing.begin() as session:
            row = self._task(session, task_id)
            if self._mine(session) == row.staff_id:
                raise NotAllowed("自己的任务不能自己抽查", "请热线中心或网格长连线抽查")
            row.checked_at, row.check_result = self._seat.now(session), mask_text(words)
            return Changed(_PEOPLE, (row.id,))

    def _task(self, session: Session, task_id: int) -> DailyTask:
        query = select(DailyTask).where(DailyTask.id == task_id, self._ours(DailyTask.staff_id))
        row = session.scalar(query.with_for_update())
        if row is None:
            raise NotFound("没有找到这项任务，或不在您的管辖范围内")
        return row

    def _may(self, roles: frozenset[Role], what: str) -> None:
        if self._seat.operator.role not in roles:
            names = "、".join(ROLE_NAMES[role] for role in sorted(roles))
            raise NotAllowed(f"{ROLE_NAMES[self._seat.operator.role]}不能{what}", f"由{names}办理")


def _patrol(row: Any) -> PatrolLine:
    one: Patrol = row[0]
    return PatrolLine(
        one.id, one.number, row.worker, row.grid, one.kind, one.started_at, one.ended_at, one.points_checked,
        one.events_found, one.distance_m, one.findings,
    )  # fmt: skip


def _task(row: Any) -> TaskLine:
    one: DailyTask = row[0]
    return TaskLine(
        one.id,
        one.staff_id,
        row.worker,
        row.unit,
        one.on_day,
        one.task,
        one.done_at,
        one.checked_at,
        one.check_result,
    )
