"""Seat states: what each agent is doing goes to the attendance record, and the overseers see how many do what."""

from datetime import timedelta

from sqlalchemy import func, select, update

from console.domain.changes import Changed, Topic
from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.domain.seats import AgentState, SeatCounts
from console.ledger import Seat
from db.models import Attendance

# Whose work includes seeing that enough seats answer.
SEES_COUNTS = frozenset({Role.SUPERVISOR, Role.OVERSEER, Role.INSPECTOR})
# A console that died without a word does not count for ever: nobody stays in one state through a whole shift.
LONGEST = timedelta(hours=12)
_TOLD = Changed(frozenset({Topic.SEATS}))


class Seats:
    """The seat states of the telephone desk."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    @property
    def sees_counts(self) -> bool:
        return self._seat.operator.role in SEES_COUNTS

    def go(self, state: AgentState) -> Changed:
        """The state of one's own seat from now on; the one before ends."""
        account_id = self._seat.operator.account_id
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            session.execute(_ending(account_id).values(ended_at=now))
            session.add(
                Attendance(
                    account_id=account_id,
                    workstation=self._seat.workstation,
                    state=state.value,
                    started_at=now,
                )
            )
        return _TOLD

    def leave(self, account_id: int) -> Changed:
        """Whoever sat here is gone."""
        with self._seat.db.writing.begin() as session:
            session.execute(_ending(account_id).values(ended_at=self._seat.now(session)))
        return _TOLD

    def counts(self) -> SeatCounts:
        """How many seats do what. Raises NotAllowed for those who do not oversee them. One statement."""
        if not self.sees_counts:
            raise NotAllowed("坐席状态由值班主管查看")
        with self._seat.db.reading() as session:
            since = self._seat.now(session) - LONGEST
            query = (
                select(Attendance.state, func.count(Attendance.account_id.distinct()))
                .where(Attendance.ended_at.is_(None), Attendance.started_at > since)
                .where(Attendance.state.in_([state.value for state in AgentState]))
                .group_by(Attendance.state)
            )
            found = {AgentState(state): number for state, number in session.execute(query)}
        return SeatCounts(tuple((state, found[state]) for state in AgentState if state in found))


def _ending(account_id: int):  # type: ignore[no-untyped-def]  # an Update has no short name
    return update(Attendance).where(
        Attendance.account_id == account_id, Attendance.ended_at.is_(None)
    )
