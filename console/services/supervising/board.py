"""The two-colour board: every counter in one statement, every list in one more. Reads open work, not history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from console.domain.ladder import covered, standing
from console.domain.records import TicketRow
from console.domain.states import AssignmentState, SupervisionLevel, TicketState
from console.domain.supervision import (
    PROBLEM_FROM,
    RETURNED_FROM,
    UNHAPPY_DAYS,
    Board,
    UnitLine,
    Watch,
    WatchCriteria,
    WatchList,
    WatchRow,
)
from console.domain.worktime import civil_date, moment_words
from console.ledger import Seat, row_columns, ticket_row, visible
from console.ledger.withheld import withhold_titles
from db.models import Assignment, Promise, Suspension, Ticket
from db.models.tickets import OPEN

ROWS = 500
UNHAPPY = ("dissatisfied", "very_dissatisfied")
_OWING = (AssignmentState.PENDING_SIGN, AssignmentState.IN_PROGRESS)
_CARDS = tuple(level for level in SupervisionLevel if level)
Condition = ColumnElement[bool]
DUE = func.coalesce(Ticket.finish_due, Ticket.total_due, type_=Ticket.finish_due.type)


def board(session: Session, seat: Seat) -> Board:
    """All counters by unit, in one statement."""
    flags = _flags(seat, seat.now(session))
    sums = [func.sum(column) for column in flags.c if column.name not in ("code", "name")]
    query = select(flags.c.code, func.max(flags.c.name), *sums).group_by(flags.c.code)
    names = [c.name for c in flags.c if c.name not in ("code", "name")]
    lines = [
        (row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in session.execute(query)
    ]
    units = tuple(_line(code, name, sums) for code, name, sums in lines)
    ordered = sorted(units, key=_gravest)
    return Board(tuple(ordered), sum(sums["resume_due"] for *_unit, sums in lines))


def _line(code: str, name: str, sums: Mapping[str, int]) -> UnitLine:
    cards = {level: sums[f"card{level.value}"] for level in _CARDS}
    return UnitLine(code, name or "尚未派出", {w: sums[w.value] for w in Watch}, cards)


def _gravest(unit: UnitLine) -> tuple[int, int, int, str]:
    n = unit.numbers
    return (-n[Watch.RED], -n[Watch.SUPERVISED], -n[Watch.YELLOW], unit.code)


def _flags(seat: Seat, now: datetime) -> Subquery:
    """One row a work order, a 1 under everything that is true of it; open ones, and those lately closed unhappily."""
    conditions = watched(now)
    marks: dict[str, Condition] = {watch.value: test for watch, test in conditions.items()}
    marks |= {f"card{level.value}": Ticket.supervision == level.value for level in _CARDS}
    marks["resume_due"] = _resume_due(now)
    opened = select(
        Ticket.holder_code.label("code"),
        Ticket.holder_name.label("name"),
        *(case((test, 1), else_=0).label(name) for name, test in marks.items()),
    ).where(visible(seat.operator), is_open())
    alone = {Watch.UNHAPPY.value, Watch.EVERY.value}
    closed = select(
        Ticket.holder_code, Ticket.holder_name, *(literal(int(name in alone)) for name in marks)
    ).where(visible(seat.operator), *closed_unhappy(now))
    return union_all(opened, closed).subquery()


def watched(now: datetime) -> dict[Watch, Condition]:
    """What each counter means of an open work order; EVERY is any of the others."""
    tests: dict[Watch, Condition] = {
        Watch.INSTRUCTED: Ticket.leader_instructed.is_(True),
        Watch.RED: and_(Ticket.suspended_at.is_(None), now > DUE),
        Watch.YELLOW: and_(Ticket.suspended_at.is_(None), now <= DUE, Ticket.yellow_at <= now),
        Watch.UNSIGNED: and_(Ticket.state == TicketState.PENDING_SIGN, Ticket.sign_due < now),
        Watch.LEVEL: _level_expired(now),
        Watch.PROMISE: _overdue_promise(now),
        Watch.SUPERVISED: Ticket.supervision > 0,
        Watch.SUSPENDED: Ticket.state == TicketState.SUSPENDED,
        Watch.RETURNED: Ticket.return_count >= RETURNED_FROM,
        Watch.PROBLEM: Ticket.return_count + Ticket.redo_count >= PROBLEM_FROM,
        Watch.UNHAPPY: Ticket.satisfaction.in_(UNHAPPY),
    }
    return {Watch.EVERY: or_(*tests.values()), **tests}


def is_open() -> Condition:
    # The very words of the partial indexes: a bound parameter would not let SQLite use them.
    return text(f"ticket.{OPEN.text}")  # type: ignore[return-value]


def closed_unhappy(now: datetime) -> tuple[Condition, ...]:
    """Closed within the last weeks with an unhappy citizen; found by the index over the day of closing."""
    since = now - timedelta(days=UNHAPPY_DAYS)
    return (Ticket.closed_at >= since, Ticket.satisfaction.in_(UNHAPPY))


def _level_expired(now: datetime) -> Condition:
    """A share whose own level has neither finished nor passed it on in time (field-facts X3)."""
    late = and_(
        Assignment.ticket_id == Ticket.id,
        Assignment.state.in_(_OWING),
        Assignment.level_due < now,
    )
    return and_(Ticket.suspended_at.is_(None), select(Assignment.id).where(late).exists())


def _overdue_promise(now: datetime) -> Condition:
    late = and_(Promise.ticket_id == Ticket.id, Promise.kept_at.is_(None), Promise.due < now)
    return select(Promise.id).where(late).exists()


def _resume_due(now: datetime) -> Condition:
    over = and_(
        Suspension.ticket_id == Ticket.id,
        Suspension.resumed_at.is_(None),
        Suspension.resume_on <= civil_date(now),
    )
    suspended = Ticket.state == TicketState.SUSPENDED
    return and_(suspended, select(Suspension.id).where(over).exists())


def watch_list(session: Session, seat: Seat, criteria: WatchCriteria) -> WatchList:
    """The gravest rows of one counter: instructions first, then the day to resume, cards, the longest overdue."""
    now = seat.now(session)
    resume = _earliest(Suspension.resume_on, Suspension.resumed_at.is_(None), Suspension)
    promise = _earliest(Promise.due, Promise.kept_at.is_(None), Promise)
    query = select(
        *row_columns(), Ticket.leader_instructed, Ticket.urge_count, Ticket.return_count,
        Ticket.redo_count, Ticket.sign_due, resume.label("resume_on"), promise.label("promise_due"),
    ).where(visible(seat.operator), *_chosen(criteria, now))  # fmt: skip
    first = (resume,) if criteria.watch is Watch.SUSPENDED else ()
    # What is closed can only be looked at: it comes after all that can still be acted on.
    query = query.order_by(
        Ticket.leader_instructed.desc(), *first, Ticket.closed_at.is_not(None),
        Ticket.supervision.desc(), DUE, Ticket.id,
    )  # fmt: skip
    found: Sequence[Any] = session.execute(query.limit(ROWS + 1)).all()
    rows = [_row(row, seat, now) for row in found[:ROWS]]
    seen = withhold_titles(session, seat, [row.row for row in rows])
    rows = [replace(row, row=shown) for row, shown in zip(rows, seen, strict=True)]
    return WatchList(tuple(rows), len(found) > ROWS)


def _chosen(criteria: WatchCriteria, now: datetime) -> tuple[Condition, ...]:
    opened = and_(is_open(), watched(now)[criteria.watch])
    wanted: list[Condition] = []
    if criteria.watch in (Watch.UNHAPPY, Watch.EVERY):
        # Two index reads joined: an OR over both would walk the whole history.
        ids = union_all(
            select(Ticket.id).where(opened), select(Ticket.id).where(*closed_unhappy(now))
        )
        wanted.append(Ticket.id.in_(ids))
    else:
        wanted.append(opened)
    if criteria.unit_code is not None:
        wanted.append(Ticket.holder_code == criteria.unit_code)
    if criteria.level is not None:
        wanted.append(Ticket.supervision == criteria.level.value)
    return tuple(wanted)


def _earliest(column: Any, still: Condition, table: Any) -> Any:
    query = select(func.min(column)).where(table.ticket_id == Ticket.id, still)
    return query.correlate(Ticket).scalar_subquery()


def _row(row: Any, seat: Seat, now: datetime) -> WatchRow:
    shown = ticket_row(row, now, seat.rules)
    reached, coming = ladder_words(shown, row.closed_at or row.suspended_at, seat, now)
    return WatchRow(
        row=shown,
        instructed=row.leader_instructed,
        urged=row.urge_count,
        returned=row.return_count,
        redone=row.redo_count,
        sign_due=row.sign_due,
        promise_due=row.promise_due,
        resume_on=row.resume_on,
        ladder=reached,
        next_step=coming,
    )


def ladder_words(
    row: TicketRow, stopped: datetime | None, seat: Seat, now: datetime
) -> tuple[str, str]:
    """The rung reached and what comes next, for one line of the list; both empty unless it is overdue."""
    if row.finish_due is None or stopped is not None:
        return "", ""
    steps = seat.rules.pack.supervision.ladder
    done = covered(steps, row.supervision)
    stands = standing(row.finish_due, now, steps, seat.rules.calendar, done)
    if stands is None:
        return "", ""
    top, coming = stands.highest, stands.next
    reached = f"第{top.number}级 {top.step.document}" if top else ""
    nothing = "已到最高一级" if top else ""
    return reached, f"{moment_words(coming.at)} {coming.step.document}" if coming else nothing
