"""The unit's own pile: its shares with their own clocks, one statement a tab."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from console.domain.inbox import DUTY_NAMES, Duty, InboxRow, InboxTab
from console.domain.lights import NO_LIGHT, Timed, explain_light, light
from console.domain.masking import mask_text
from console.domain.records import LightText
from console.domain.states import AssignmentState, SupervisionLevel
from console.ledger import Seat
from console.ledger.withheld import withhold_titles
from console.services.handling import others
from db.models import Assignment, Ticket

A = AssignmentState
# How long a reply stays on the desk after it was given, and how many rows a tab shows at most.
KEPT = timedelta(days=30)
MOST = 500

# Of the table, not of the class: an alias of the class would configure every mapper while the program starts.
_Child: Any = Assignment.__table__.alias("child").c
_OF_MINE = and_(_Child.ticket_id == Assignment.ticket_id, _Child.parent_seq == Assignment.seq)
_REVIEWED = exists().where(_OF_MINE, _Child.state == A.REPLIED).correlate(Assignment)
_SHARE = (
    Assignment.state.label("share_state"), Assignment.kind, Assignment.dispatched_at,
    Assignment.sign_due, Assignment.response_due, Assignment.level_due, Assignment.finish_due, Assignment.signed_at,
    Assignment.responded_at, Assignment.arrived_at, Assignment.replied_at, Assignment.ended_at,
    Assignment.opinion, Assignment.designated, Assignment.seq,
)  # fmt: skip
_TICKET = (
    Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.nature, Ticket.urgency,
    Ticket.category_path, Ticket.place, Ticket.supervision, Ticket.suspended_at,
    Ticket.confidential, Ticket.redo_count, Ticket.extension_asked, Ticket.version, Ticket.dispute,
)  # fmt: skip


def _last_child(column: Any) -> Any:
    newest = select(column).where(_OF_MINE).order_by(_Child.seq.desc()).limit(1)
    return newest.correlate(Assignment).scalar_subquery()


def _at_work_below() -> Any:
    owing = _Child.state.in_((A.PENDING_SIGN, A.IN_PROGRESS, A.PASSED_DOWN))
    query = select(func.count(_Child.id)).where(_OF_MINE, owing)
    return query.correlate(Assignment).scalar_subquery()


def _piles(now: datetime) -> Mapping[InboxTab, ColumnElement[bool]]:
    """Which of a unit's shares lie in which pile; every live share lies in exactly one of these."""
    in_hand = Assignment.state.in_((A.IN_PROGRESS, A.RETURN_REVIEW))
    recent = and_(Assignment.state == A.DONE, Assignment.replied_at >= now - KEPT)
    return {
        InboxTab.TO_SIGN: Assignment.state == A.PENDING_SIGN,
        InboxTab.IN_HAND: and_(in_hand, ~_REVIEWED),
        InboxTab.PASSED_DOWN: Assignment.state == A.PASSED_DOWN,
        InboxTab.TO_REVIEW: and_(in_hand, _REVIEWED),
        InboxTab.REPLIED: or_(Assignment.state == A.REPLIED, recent),
    }


def rows_of(session: Session, seat: Seat, tab: InboxTab) -> tuple[InboxRow, ...]:
    """One pile, what is due first on top. One statement, one more where confidential ones lie in it."""
    now = seat.now(session)
    query = _rows().where(Assignment.unit_id == seat.operator.unit_id, _piles(now)[tab])
    newest = Assignment.replied_at.desc() if tab is InboxTab.REPLIED else Assignment.finish_due
    found = session.execute(query.order_by(newest, Assignment.id).limit(MOST))
    rows = withhold_titles(session, seat, [_row(row, now, seat) for row in found])
    return rows if tab is InboxTab.REPLIED else tuple(sorted(rows, key=_due_first))


def own_row(session: Session, seat: Seat, ticket_id: int, seq: int) -> InboxRow:
    """The unit's share of one work order as its inbox shows it."""
    query = _rows().where(Assignment.ticket_id == ticket_id, Assignment.seq == seq)
    row = _row(session.execute(query).one(), seat.now(session), seat)
    return withhold_titles(session, seat, (row,))[0]


def counts_of(session: Session, seat: Seat) -> dict[InboxTab, int]:
    """How many lie in each pile. One statement."""
    now = seat.now(session)
    piles, more = _piles(now), others.counting(seat, now)
    sums = [func.coalesce(func.sum(case((pile, 1), else_=0)), 0) for pile in piles.values()]
    # Of what is done only the lately replied: counting all of it would grow dearer with the years.
    shown = or_(Assignment.state.in_(_LIVE), Assignment.replied_at >= now - KEPT)
    query = select(*sums, *more.values()).where(Assignment.unit_id == seat.operator.unit_id, shown)
    return dict(zip((*piles, *more), map(int, session.execute(query).one()), strict=True))


_LIVE = (A.PENDING_SIGN, A.IN_PROGRESS, A.RETURN_REVIEW, A.PASSED_DOWN, A.REPLIED)


def explain(session: Session, seat: Seat, ticket_id: int, seq: int) -> tuple[str, ...]:
    """The arithmetic of the next duty, and of finishing where that is another one."""
    query = _rows().where(Assignment.ticket_id == ticket_id, Assignment.seq == seq)
    row, now = session.execute(query).one(), seat.now(session)
    lines: list[str] = []
    for duty in dict.fromkeys((_duty(row), Duty.FINISH)):
        due = _due(row, duty)
        if due is not None and duty is not Duty.NONE:
            timed = _timed(row, due, duty, seat)
            rules = seat.rules
            told = explain_light(timed, now, rules.pack.lights, rules.calendar)
            lines += [f"【{DUTY_NAMES[duty]}】{told[0]}", *told[1:]]
    return tuple(lines)


def _rows() -> Select[*tuple[Any, ...]]:
    below = (
        _last_child(_Child.unit_name).label("below"),
        _last_child(_Child.state).label("below_state"),
        _at_work_below().label("below_count"),
    )
    return select(*_TICKET, *_SHARE, *below).join(Ticket, Ticket.id == Assignment.ticket_id)


def _due_first(row: InboxRow) -> tuple[bool, datetime]:
    return row.due is None, row.due or row.dispatched_at


def _row(row: Row[Any], now: datetime, seat: Seat) -> InboxRow:
    duty = _duty(row)
    due = _due(row, duty)
    owed = duty in (Duty.SIGN, Duty.CONTACT) and _answer_owed(row)
    return InboxRow(
        id=row.id,
        number=row.number,
        title=row.title,
        state=row.state,
        share_state=row.share_state,
        kind=row.kind,
        nature=row.nature,
        urgency=row.urgency,
        category=row.category_path.rsplit(" › ", 1)[-1],
        place=row.place,
        duty=duty,
        due=due,
        light=_light(row, due, duty, now, seat),
        finish_light=_light(row, row.finish_due, Duty.FINISH, now, seat),
        response_light=_light(row, row.response_due if owed else None, Duty.CONTACT, now, seat),
        seq=row.seq,
        opinion=mask_text(row.opinion),
        below=row.below or "",
        below_state=A(row.below_state) if row.below_state else None,
        below_count=row.below_count,
        dispute=row.dispute,
        supervision=SupervisionLevel(row.supervision),
        designated=bool(row.designated),
        confidential=row.confidential,
        redo_count=row.redo_count,
        extension_asked=row.extension_asked,
        version=row.version,
        **{name: getattr(row, name) for name in _TIMES},
    )


_TIMES = (
    "dispatched_at", "sign_due", "response_due", "level_due", "finish_due", "signed_at",
    "responded_at", "arrived_at", "replied_at",
)  # fmt: skip


def _answer_owed(row: Row[Any]) -> bool:
    """The clock of the first answer runs from dispatch, signed or not (field-facts H1)."""
    running = row.response_due is not None and row.suspended_at is None
    return running and row.responded_at is None and not row.redo_count


def _duty(row: Row[Any]) -> Duty:
    if row.share_state is A.PENDING_SIGN:
        return Duty.SIGN
    if row.replied_at is not None or row.ended_at is not None:
        return Duty.NONE
    waiting = row.responded_at is None and row.share_state is A.IN_PROGRESS
    # A reply from below says the citizen was contacted; a redo's clock for that ran long ago.
    settled = row.below_state is A.REPLIED or row.redo_count or row.response_due is None
    return Duty.CONTACT if waiting and not settled else Duty.FINISH


def _due(row: Row[Any], duty: Duty) -> datetime | None:
    due: datetime | None = {
        Duty.SIGN: row.sign_due,
        Duty.CONTACT: row.response_due,
    }.get(duty, row.finish_due)
    return due


def _timed(row: Row[Any], due: datetime, duty: Duty, seat: Seat) -> Timed:
    limits = seat.rules.pack.limits(row.urgency, row.nature)
    limit = {Duty.SIGN: limits.sign, Duty.CONTACT: limits.response}.get(duty, limits.finish)
    ended = row.replied_at or row.ended_at
    return Timed(row.dispatched_at, due, limit.working, row.urgency, row.suspended_at, ended)


def _light(row: Row[Any], due: datetime | None, duty: Duty, now: datetime, seat: Seat) -> LightText:
    if due is None:
        return NO_LIGHT
    timed = _timed(row, due, duty, seat)
    return light(timed, now, seat.rules.pack.lights, seat.rules.calendar)
