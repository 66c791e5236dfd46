"""Pages and counters of the pool. Open work is read through the partial indexes, so that history costs nothing."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from console.domain.codes import code_range
from console.domain.numbering import TICKET_LENGTH
from console.domain.orders import (
    CLOSED_STATES,
    STAGE_STATES,
    Counters,
    Criteria,
    Cursor,
    Page,
    Period,
    Sort,
    Stage,
    Whose,
)
from console.domain.roles import Operator
from console.domain.states import TicketState
from console.domain.worktime import civil
from console.ledger import Seat, campaigns, row_columns, ticket_row, visible
from console.ledger.contacts import tickets_saying
from console.ledger.withheld import withhold_titles
from db.models import Assignment, Ticket
from db.models.tickets import OPEN

ROWS = 200
# Of a word that stands in every other work order only the newest are looked through.
MOST_HITS = 2_000
_ENDED, _DRAFTS = "ended", "drafts"
Condition = ColumnElement[bool]
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
DUE = func.coalesce(Ticket.finish_due, Ticket.total_due, _NEVER, type_=Ticket.finish_due.type)


def page(session: Session, seat: Seat, criteria: Criteria, after: Cursor | None) -> Page:
    """The rows after the cursor in the criteria's order; confidential titles without their callers."""
    now = seat.now(session)
    found = _searched(session, seat, criteria)
    conditions = (*_common(criteria, seat, now, found), *_stage(criteria, now))
    query = select(*row_columns()).where(*conditions)
    if after is not None:
        query = query.where(_beyond(criteria, after))
    rows: list[Any] = list(session.execute(_ordered(query, criteria).limit(ROWS + 1)))
    listed = tuple(ticket_row(row, now, seat.rules) for row in rows[:ROWS])
    shown = withhold_titles(session, seat, listed)
    following = _cursor(criteria, rows[ROWS - 1]) if len(rows) > ROWS else None
    return Page(shown, following, found is not None and len(found) >= MOST_HITS)


def counters(session: Session, seat: Seat, criteria: Criteria) -> Counters:
    """Counts under the criteria's conditions, whatever stage is chosen."""
    now = seat.now(session)
    found = _searched(session, seat, criteria)
    common = _common(criteria, seat, now, found)
    parts = [_open_counts(common, now), _draft_counts(common)]
    if criteria.period is Period.NOW:
        parts.append(_ended_counts(*common, *_closed(criteria, now)))
    elif criteria.period is not Period.ALL:
        parts.append(_ended_counts(*common, Ticket.state != TicketState.DRAFT))
    return _summed(session.execute(union_all(*parts)).all(), criteria.period)


def _searched(session: Session, seat: Seat, criteria: Criteria) -> Sequence[int] | None:
    """Ids of what contains the words; None when nothing, or a whole number, is asked for."""
    words = criteria.text.strip()
    return None if not words or _number(words) else tickets_saying(session, seat, words, MOST_HITS)


def _number(words: str) -> str:
    digits = re.sub(r"[\s-]", "", words)
    return digits if len(digits) == TICKET_LENGTH and digits.isdigit() else ""


def _common(
    criteria: Criteria, seat: Seat, now: datetime, found: Sequence[int] | None
) -> tuple[Condition, ...]:
    """Every condition but the stage's own."""
    operator = seat.operator
    conditions: list[Condition] = [
        visible(operator),
        *_period(criteria, now),
        *_whose(criteria, operator),
    ]
    if criteria.natures:
        conditions.append(Ticket.nature.in_(criteria.natures))
    if criteria.channels:
        conditions.append(Ticket.channel.in_(criteria.channels))
    if criteria.platforms:
        conditions.append(Ticket.platform.in_([str(one) for one in criteria.platforms]))
    if criteria.campaign:
        conditions.append(campaigns.belongs_to(seat.rules.pack, criteria.campaign))
    if criteria.category:
        conditions.append(Ticket.category_code.startswith(criteria.category, autoescape=True))
    if criteria.unit_code:
        conditions.append(_held_below(criteria.unit_code))
    if found is not None:
        conditions.append(Ticket.id.in_(found))
    elif criteria.text.strip():
        conditions.append(Ticket.number == _number(criteria.text))
    return tuple(conditions)


def _whose(criteria: Criteria, operator: Operator) -> tuple[Condition, ...]:
    if criteria.whose is Whose.ALL:
        return ()
    if criteria.whose is Whose.UNIT:
        return (_held_below(operator.unit_code),)
    me = operator.account_id
    handled = select(Assignment.id).where(
        Assignment.ticket_id == Ticket.id, Assignment.handler_id == me
    )
    return (or_(Ticket.creator_id == me, Ticket.dispatcher_id == me, handled.exists()),)


def _held_below(code: str) -> Condition:
    low, high = code_range(code)
    return and_(Ticket.holder_code >= low, Ticket.holder_code < high)


def _period(criteria: Criteria, now: datetime) -> tuple[Condition, ...]:
    start = period_start(criteria.period, now)
    return () if start is None else (Ticket.accepted_at >= start,)


def period_start(period: Period, now: datetime) -> datetime | None:
    """Midnight in Asia/Shanghai at which the period began."""
    local = civil(now)
    day = local.date()
    first = {
        Period.TODAY: day,
        Period.WEEK: day - timedelta(days=day.weekday()),
        Period.MONTH: day.replace(day=1),
    }.get(period)
    return None if first is None else datetime.combine(first, time(), local.tzinfo).astimezone(UTC)


def _stage(criteria: Criteria, now: datetime) -> tuple[Condition, ...]:
    stage = criteria.stage
    if stage is Stage.CLOSED:
        return _closed(criteria, now)
    if stage is Stage.DRAFTS:
        # Anybody else's are out of sight by the scope already.
        return (Ticket.state == TicketState.DRAFT,)
    if stage is Stage.EVERY:
        return () if criteria.period is not Period.NOW else (_open_or_closed_today(criteria, now),)
    if stage in STAGE_STATES:
        return (_open(), Ticket.state.in_(STAGE_STATES[stage]))
    lights = {
        Stage.RED: _red(now),
        Stage.YELLOW: _yellow(now),
        Stage.LIT: or_(_red(now), _yellow(now)),
    }
    return (_open(), lights[stage]) if stage in lights else (_open(),)


def _open() -> Condition:
    # The very words of the partial indexes: a bound parameter would not let SQLite use them.
    return text(f"ticket.{OPEN.text}")  # type: ignore[return-value]


def _closed(criteria: Criteria, now: datetime) -> tuple[Condition, ...]:
    if criteria.period is not Period.NOW:
        return (Ticket.state.in_(CLOSED_STATES),)
    # Through a cast no index knows the state, or SQLite would rather read all closed history than one day.
    state = cast(Ticket.state, String(24))
    return (state.in_(CLOSED_STATES), Ticket.closed_at >= period_start(Period.TODAY, now))


def _open_or_closed_today(criteria: Criteria, now: datetime) -> Condition:
    """Two index reads joined: an OR over both would walk the whole history."""
    closed = select(Ticket.id).where(*_closed(criteria, now))
    return Ticket.id.in_(union_all(select(Ticket.id).where(_open()), closed))


def _red(now: datetime) -> Condition:
    """As lights.light: past due and not suspended."""
    return and_(Ticket.suspended_at.is_(None), now > DUE)


def _yellow(now: datetime) -> Condition:
    return and_(Ticket.suspended_at.is_(None), now <= DUE, Ticket.yellow_at <= now)


def _open_counts(common: Sequence[Condition], now: datetime) -> Any:
    red, yellow = (func.sum(case((lit, 1), else_=0)) for lit in (_red(now), _yellow(now)))
    query = select(
        type_coerce(Ticket.state, String).label("what"), func.count().label("number"), red, yellow
    )
    return query.where(*common, _open()).group_by(Ticket.state)


def _draft_counts(common: Sequence[Condition]) -> Any:
    """One's own unfinished records: the scope shows nobody else's."""
    query = select(
        literal(_DRAFTS).label("what"), func.count().label("number"), literal(0), literal(0)
    )
    return query.where(*common, Ticket.state == TicketState.DRAFT)


def _ended_counts(*conditions: Condition) -> Any:
    """What is closed among them, and in the third place how many there are, in one pass."""
    closed = func.sum(case((Ticket.state.in_(CLOSED_STATES), 1), else_=0))
    query = select(literal(_ENDED).label("what"), closed.label("number"), func.count(), literal(0))
    return query.where(*conditions)


def _summed(lines: Sequence[Any], period: Period) -> Counters:
    opened = [line for line in lines if line[0] not in (_ENDED, _DRAFTS)]
    states = {line[0]: line[1] for line in opened}
    numbers: dict[Stage, int | None] = {
        stage: sum(states.get(state.value, 0) for state in members)
        for stage, members in STAGE_STATES.items()
    }
    red, yellow = (sum(line[at] for line in opened) for at in (2, 3))
    numbers |= {Stage.RED: red, Stage.YELLOW: yellow, Stage.LIT: red + yellow}
    total = numbers[Stage.OPEN] = sum(states.values())
    numbers[Stage.DRAFTS] = sum(line[1] for line in lines if line[0] == _DRAFTS)
    ended = next((line for line in lines if line[0] == _ENDED), None)
    numbers[Stage.CLOSED] = (ended[1] or 0) if ended is not None else None
    if period is Period.NOW:
        numbers[Stage.EVERY] = total + (numbers[Stage.CLOSED] or 0)
    else:
        numbers[Stage.EVERY] = ended[2] if ended is not None else None
    return Counters(numbers)


def _key(criteria: Criteria) -> Any:
    """What rows are sorted by before their id; newest is the id alone, which grows with time."""
    keys = {Sort.DUE: DUE, Sort.NUMBER: Ticket.number, Sort.NEWEST: None}
    if criteria.order is Sort.NUMBER and _few(criteria):
        return func.coalesce(Ticket.number, "")
    return keys[criteria.order]


def _id(criteria: Criteria) -> Any:
    return Ticket.id + 0 if _few(criteria) else Ticket.id


def _few(criteria: Criteria) -> bool:
    """Whether the list is found through a small index and sorted afterwards.

    Sorted by a bare column, SQLite would walk that column's index through the whole history instead.
    """
    return criteria.open_only or criteria.period is Period.NOW


def _falls(criteria: Criteria) -> bool:
    return (criteria.order is Sort.NEWEST) != criteria.reverse


def _ordered(query: Select[Any], criteria: Criteria) -> Select[Any]:
    key = _key(criteria)
    last = _id(criteria)
    columns = (last,) if key is None else (key, last)
    return query.order_by(*(c.desc() if _falls(criteria) else c.asc() for c in columns))


def _beyond(criteria: Criteria, after: Cursor) -> Condition:
    key, falls = _key(criteria), _falls(criteria)
    last = _id(criteria)
    later: Condition = last < after.id if falls else last > after.id
    if key is None or after.value is None:
        return later
    value: Any = after.value
    if criteria.order is Sort.DUE:
        value = datetime.fromisoformat(after.value)
    return or_(key < value if falls else key > value, and_(key == value, later))


def _cursor(criteria: Criteria, row: Any) -> Cursor:
    if criteria.order is Sort.DUE:
        return Cursor((row.finish_due or row.total_due or _NEVER).isoformat(), row.id)
    return Cursor(row.number if criteria.order is Sort.NUMBER else None, row.id)
