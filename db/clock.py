"""The time of a database that has no server: this machine's clock, but never backwards (field-facts 4.2 rule 6)."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from db.models.tickets import TicketEvent

# Less than this is the network's time service putting the clock right a little.
JITTER = timedelta(seconds=2)
# Found behind, time runs on a tenth slower until the machine has caught up: an hour is paid back in ten,
# and a machine whose battery died does not stop the limits.
SLOWED = 0.9
LastWritten = Callable[[], datetime | None]


class SteadyClock:
    """Time that only goes forward, whatever happens to the machine's clock. Safe on any thread."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] | None = None,
    ) -> None:
        self._wall, self._ticks = wall, ticks or uptime
        self._last: datetime | None = None
        self._tick, self._behind = 0.0, False
        self._lock = Lock()

    def now(self, last_written: LastWritten) -> datetime:
        """`last_written` gives the newest time on record; asked at first, and while the clock is behind it."""
        with self._lock:
            wall, tick = self._wall(), self._ticks()
            self._last, self._tick = self._next(wall, tick, last_written), tick
            return self._last

    def _next(self, wall: datetime, tick: float, last_written: LastWritten) -> datetime:
        written = last_written() if self._last is None or self._behind else None
        if self._last is None:
            reached = slowed = floor = written or wall
        else:
            gone = timedelta(seconds=max(0.0, tick - self._tick))
            reached, slowed = self._last + gone, self._last + gone * SLOWED
            floor = max(self._last, written or self._last)
        self._behind = wall < max(reached, floor) - JITTER
        return max(slowed, floor, wall) if self._behind else max(floor, wall)


def last_written(session: Session) -> datetime | None:
    """The newest moment in the log of work orders: nothing may be written before it."""
    try:
        return session.scalar(select(func.max(TicketEvent.at)))
    except OperationalError:
        # A database that has no tables yet has no log either.
        return None


def uptime() -> float:
    """Seconds that nobody can set; on Linux they go on while the machine sleeps, as they do on Windows."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    else:  # noqa: RET505 - a type checker reads one branch only
        return time.monotonic()
