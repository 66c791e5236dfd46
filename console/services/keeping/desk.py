"""The sweep: everything whose time has come, each work order in a short transaction of its own."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from time import monotonic, sleep
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from console.domain.changes import Changed, Topic
from console.domain.errors import Unavailable, UserError
from console.domain.keeping import Duty, Sweep
from console.domain.roles import Operator
from console.ledger import Ledger, Seat
from console.ledger.keeper import ensure_keeper_account
from console.services.keeping import dues, lights, shares
from console.services.keeping.records import Records
from console.services.keeping.work import Find, Work
from db.keeper import KeeperLock

log = logging.getLogger(__name__)
# Refused so often in a row, the database is busy or away and the rest would be, too.
MOST_REFUSALS = 3
SAY_ALIVE_EVERY = 30.0
# What the rules or another program refuse will hardly be granted a minute later (seconds).
REST = 600.0
# A handful a minute is no burden; behind that each leaves a gap (seconds) for whoever waits to write.
FIRST_FREE, GAP = 20, 0.02


def never() -> bool:
    """Nobody asks to stop."""
    return False


class Keeping:
    """Urges, supervises, warns, reminds and archives by the clock, as the system itself (product.md 5).

    `seat` gives database and rules; whoever sits on it has nothing to do with it.
    """

    def __init__(self, seat: Seat) -> None:
        self._given = seat
        self._lock = KeeperLock(seat.db, uuid4().hex, seat.workstation)
        self._keeper: Operator | None = None
        self._resting: dict[int, float] = {}

    def round(self, stop: Callable[[], bool] = never) -> Sweep | None:
        """Sweep if nobody else keeps; None otherwise. Raises Unavailable."""
        return self.sweep(stop, self._lock.say_alive) if self._lock.take() else None

    def keeper(self) -> str:
        """The workstation whose program keeps now; empty when none does."""
        return self._lock.keeper()

    def release(self) -> None:
        """Leave the keeper's place to the next program."""
        self._lock.release()

    def sweep(
        self, stop: Callable[[], bool] = never, say_alive: Callable[[], None] | None = None
    ) -> Sweep:
        """Do everything whose time has come. `stop` is asked between work orders; what is done stays done."""
        begun, tally = monotonic(), _Tally(say_alive)
        records = self._sit_down()
        for find in (lights.find, shares.find, dues.find):
            for work in self._found(find, records):
                if stop():
                    break
                if self._resting.get(work.ticket_id, 0.0) > monotonic():
                    tally.left += 1
                    continue
                self._do(records, work, tally)
                self._give_way(tally)
        with records.seat.db.writing.begin() as session:
            tidied, now = dues.tidy(session, records.seat), records.seat.now(session)
        done = {duty: tally.done[duty] for duty in Duty}
        took = monotonic() - begun
        return Sweep(done, tally.left, tidied, took, now, tally.changed, stop())

    @staticmethod
    def _found(find: Find, records: Records) -> tuple[Work, ...]:
        """All of it before the first write: no reader stays open while somebody waits for it."""
        with records.seat.db.reading() as session:
            return tuple(find(session, records.seat))

    def _sit_down(self) -> Records:
        if self._keeper is None:
            with self._given.db.writing.begin() as session:
                self._keeper = ensure_keeper_account(session, self._given.now(session))
        return Records(replace(self._given, _operator=self._keeper))

    def _give_way(self, tally: "_Tally") -> None:
        """SQLite has one writer and no queue: without a gap a long sweep would keep everybody else out."""
        if self._given.db.is_sqlite and tally.total > FIRST_FREE:
            sleep(GAP)

    def _do(self, records: Records, work: Work, tally: "_Tally") -> None:
        """One transaction: all of it or nothing, whatever happens to this program."""
        try:
            with records.seat.db.writing.begin() as session:
                ticket = Ledger(records.seat).lock(session, work.ticket_id)
                done = work.settle(session, records, ticket)
        except (IntegrityError, StaleDataError, UserError) as error:
            if not isinstance(error, Unavailable):
                self._resting[work.ticket_id] = monotonic() + REST
            tally.refused(error)
        else:
            tally.count(work.ticket_id, done)


class _Tally:
    """What a sweep has done so far."""

    def __init__(self, say_alive: Callable[[], None] | None) -> None:
        self.done: Counter[Duty] = Counter()
        self.ids: dict[int, None] = {}
        self.left, self._in_a_row = 0, 0
        self._say_alive, self._said = say_alive, monotonic()

    @property
    def total(self) -> int:
        return sum(self.done.values())

    @property
    def changed(self) -> Changed | None:
        return Changed(frozenset({Topic.TICKETS}), tuple(self.ids)) if self.ids else None

    def count(self, ticket_id: int, done: Counter[Duty]) -> None:
        self.done.update(done)
        self._in_a_row = 0
        if done:
            self.ids[ticket_id] = None
        if self._say_alive is not None and monotonic() - self._said > SAY_ALIVE_EVERY:
            self._said = monotonic()
            self._say_alive()

    def refused(self, error: Exception) -> None:
        """Somebody has it in hand or was first; it comes round again. Raises Unavailable when nothing goes."""
        self.left += 1
        log.info("the keeper leaves a work order for the next sweep: %s", type(error).__name__)
        if isinstance(error, Unavailable):
            self._in_a_row += 1
            if self._in_a_row >= MOST_REFUSALS:
                raise error
