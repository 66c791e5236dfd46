"""A unit's own clocks: signing, the first answer, and the timer of its level (field-facts H1, X3, 3.3)."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, literal, select
from sqlalchemy.orm import Session

from console.domain.keeping import Duty, Owed, answered_below, light_key
from console.domain.policy_tables import LightAction
from console.domain.states import AssignmentState, SupervisionLevel
from console.domain.worktime import moment_words
from console.ledger import Seat
from console.services.keeping.records import WITH_UNIT, Addressee, Records, is_written, share_of
from console.services.keeping.work import Work
from db.models import Assignment, Ticket, Unit, Urging

UNSIGNED = (AssignmentState.PENDING_SIGN,)
OWING = (AssignmentState.PENDING_SIGN, AssignmentState.IN_PROGRESS)
UNANSWERED = (*OWING, AssignmentState.PASSED_DOWN)
Due = Any


@dataclass(frozen=True, slots=True)
class _Clock:
    """One of a share's clocks: in which states it runs, and whether it has been met."""

    duty: Duty
    name: str
    states: tuple[AssignmentState, ...]
    words: str

    @property
    def column(self) -> Due:
        return getattr(Assignment, self.name)

    def runs(self, share: Assignment) -> datetime | None:
        """Its due time while it runs."""
        if share.state not in self.states or share.ended_at is not None:
            return None
        if self.duty is Duty.RESPONSE and share.responded_at is not None:
            return None
        due: datetime | None = getattr(share, self.name)
        return due


SIGNING = _Clock(Duty.SIGN, "sign_due", UNSIGNED, "应于 {0} 前签收，至今未签收")
ANSWERING = _Clock(
    Duty.RESPONSE, "response_due", UNANSWERED, "应于 {0} 前联系群众、到场响应，至今没有响应"
)
LEVEL = _Clock(Duty.LEVEL, "level_due", OWING, "应于 {0} 前办结、下派或上报，本级时限已过")


def find(session: Session, seat: Seat) -> Iterator[Work]:
    """Shares whose clock has run out and of which nothing is on record; one statement a clock."""
    now = seat.now(session)
    for clock in (SIGNING, ANSWERING, LEVEL):
        if _action(clock, seat) is LightAction.NONE:
            continue
        late = session.execute(_late(clock, now)).all()
        if clock is ANSWERING:
            late = _not_answered_below(session, late)
        for ticket_id, seq in late:
            yield Work(ticket_id, partial(settle, clock, seq))


def _not_answered_below(session: Session, late: Sequence[Any]) -> list[Any]:
    """Who passed it down has answered when the one below has: one more statement, for the late ones alone."""
    ids = {row.ticket_id for row in late}
    shares: dict[int, list[tuple[int, int | None, bool]]] = {}
    if ids:
        for ticket_id, *share in session.execute(_branches().where(_ticket_in(ids))):
            shares.setdefault(ticket_id, []).append((share[0], share[1], share[2] is not None))
    return [row for row in late if not answered_below(row.seq, shares.get(row.ticket_id, ()))]


def _branches() -> Any:
    columns = (Assignment.ticket_id, Assignment.seq, Assignment.parent_seq, Assignment.responded_at)
    return select(*columns)


def _ticket_in(ids: Collection[int]) -> ColumnElement[bool]:
    """Numbers written out: no database takes tens of thousands of parameters."""
    return Assignment.ticket_id.in_(
        bindparam("ids", sorted(ids), expanding=True, literal_execute=True)
    )


def _action(clock: _Clock, seat: Seat) -> LightAction:
    """Signing and answering late is urged; what a level's timer does the city decides."""
    return seat.rules.pack.escalation.on_expiry if clock is LEVEL else LightAction.URGE


def _late(clock: _Clock, now: datetime) -> Any:
    due = clock.column
    unanswered = (Assignment.responded_at.is_(None),) if clock is ANSWERING else ()
    query = (
        select(Assignment.ticket_id, Assignment.seq)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.ended_at.is_(None), Assignment.state.in_(clock.states), due < now, *unanswered,
            Ticket.state.in_(WITH_UNIT), Ticket.suspended_at.is_(None), ~_written(clock, due),
        )
    )  # fmt: skip
    return query.order_by(due)


def _written(clock: _Clock, due: Due) -> ColumnElement[bool]:
    """A record of this clock written since it ran out; one before that belongs to an earlier due time."""
    pattern = literal(f"{clock.duty}:") + Ticket.number + ":" + cast(Assignment.seq, String) + ":%"
    query = select(Urging.id).where(
        Urging.ticket_id == Ticket.id, Urging.at >= due, Urging.light_key.like(pattern)
    )
    return query.correlate(Ticket, Assignment).exists()


def settle(
    clock: _Clock, seq: int, session: Session, records: Records, ticket: Ticket
) -> Counter[Duty]:
    """Look again, the work order locked, and write the record of this share."""
    share = share_of(session, ticket.id, seq)
    due = clock.runs(share)
    late = due is not None and due < records.seat.now(session)
    if due is None or not late or ticket.state not in WITH_UNIT:
        return Counter()
    if clock is ANSWERING and _answered_below(session, ticket.id, seq):
        return Counter()
    key = light_key(clock.duty, ticket.number, due, seq)
    if is_written(session, key):
        return Counter()
    words = clock.words.format(moment_words(due))
    owed = Owed(clock.duty, key, _action(clock, records.seat), words, SupervisionLevel.NORMAL)
    if clock is LEVEL:
        _level(session, records, ticket, share, owed)
    else:
        records.write(session, ticket, owed, Addressee(share.unit_id, share.unit_name))
    return Counter({clock.duty: 1})


def _answered_below(session: Session, ticket_id: int, seq: int) -> bool:
    rows = session.execute(_branches().where(Assignment.ticket_id == ticket_id))
    return answered_below(seq, [(own, parent, at is not None) for _id, own, parent, at in rows])


def _level(
    session: Session, records: Records, ticket: Ticket, share: Assignment, owed: Owed
) -> None:
    """A level that neither solved it nor passed it on: always a line on the red list of its superior."""
    to = Addressee(share.unit_id, share.unit_name, share.seq)
    superior = _superior(session, share)
    if owed.action is LightAction.SUPERVISE:
        words = f"预警：{share.unit_name}{owed.words}"
        records.remind(session, ticket, owed.key, words, to, superior)
    records.write(session, ticket, owed, to, superior)


def _superior(session: Session, share: Assignment) -> str:
    name = session.scalar(select(Unit.name).where(Unit.id == share.unit_parent_id))
    return name or ""
