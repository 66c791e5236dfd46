"""Hears what others change for as long as it is let: loses the line, finds it again, and says which of both."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic, time
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.domain.changes import Changed, Link
from console.domain.errors import Unavailable
from db.changes.heard import Heard
from db.changes.own import OwnHand, own_hand
from db.changes.polled import Polled
from db.engine import Database, lone_connection

# A panel reloads at most ten times a second, whatever a batch elsewhere does.
CALM_SECONDS = 0.1
# Pages read their lists while the line is being opened.
OVERLAP_SECONDS = 2.0
# How soon a request to stop is heard.
SLICE_SECONDS = 0.2
# A clock that jumps by so much: the machine was asleep, and the line may have died meanwhile.
ASLEEP_SECONDS = 5.0
# Waiting after a loss doubles from the first to the longest; 300 consoles are back within 20 s (measures.md).
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
# A line that lasted so long was a good one: the next loss starts from the shortest wait again.
STEADY_SECONDS = 30.0


class Ear(Protocol):
    """How a database is listened to."""

    def open(self, behind: float) -> None: ...
    def wait(self, seconds: float) -> Heard: ...
    def look_soon(self) -> None: ...


class Changes:
    """`run` on a thread of its own. `nudge` from any thread: try the line now."""

    def __init__(self, db: Database) -> None:
        self._db, self._own = db, own_hand(db)
        self._now = Event()
        self._attempt, self._was_lost = 0, False

    def nudge(self) -> None:
        self._now.set()

    def run(
        self, announce: Callable[[Changed | Link], None], cancelled: Callable[[], bool]
    ) -> None:
        """Announces every `Changed` of others, what moved since the call included, and a `Link` whenever the line
        is found or lost.
        """
        begun = monotonic()
        while not cancelled():
            started = monotonic()
            try:
                with self._line() as line:
                    ear = _ear_on(line, self._own)
                    ear.open(monotonic() - begun + OVERLAP_SECONDS)
                    self._found(announce)
                    self._listen(ear, announce, cancelled)
            except (Unavailable, SQLAlchemyError, OSError):
                if monotonic() - started > STEADY_SECONDS:
                    self._attempt = 0
                self._lost(announce)
                self._rest(cancelled)

    @contextmanager
    def _line(self) -> Iterator[Connection]:
        """A connection for listening alone, gone for good afterwards."""
        if self._db.is_sqlite:
            with self._db.reading.kw["bind"].connect() as line:
                yield line
            return
        line = lone_connection(self._db.url)
        try:
            yield line
        finally:
            # A dead one may not be asked to say goodbye.
            line.invalidate()
            line.close()
            line.engine.dispose()

    def _found(self, announce: Callable[[Changed | Link], None]) -> None:
        """Back again: what changed meanwhile is announced once, as anything may have."""
        again, self._was_lost = self._was_lost, False
        announce(Link(connected=True, again=again))
        if again:
            missed = Heard()
            missed.everything()
            for changed in missed.said():
                announce(changed)

    def _lost(self, announce: Callable[[Changed | Link], None]) -> None:
        self._attempt += 1
        self._was_lost = True
        announce(Link(connected=False))

    def _listen(
        self,
        ear: Ear,
        announce: Callable[[Changed | Link], None],
        cancelled: Callable[[], bool],
    ) -> None:
        looked_at = time()
        while not cancelled():
            if self._now.is_set() or abs(time() - looked_at) > ASLEEP_SECONDS:
                self._now.clear()
                ear.look_soon()
            looked_at = time()
            heard = ear.wait(SLICE_SECONDS)
            for changed in heard.said():
                announce(changed)
            if heard:
                # The first is told at once; what follows on its heels is told together.
                Event().wait(CALM_SECONDS)

    def _rest(self, cancelled: Callable[[], bool]) -> None:
        """At random between nothing and twice as long as before, so that not all come at once."""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._attempt, 10))
        until = monotonic() + random.uniform(longest / 4, longest)
        while not cancelled() and monotonic() < until and not self._now.wait(SLICE_SECONDS / 2):
            pass
        self._now.clear()


def _ear_on(line: Connection, own: OwnHand) -> Ear:
    if line.dialect.name == "postgresql":
        # Imported here: the demo on SQLite does not pay for the driver.
        from db.changes.notified import Notified, is_told

        if is_told(line):
            return Notified(line, own)
    return Polled(line, own)
