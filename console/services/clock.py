"""This workstation's clock, watched and never used (product.md 4, field-facts 4.2 rule 6)."""

from collections.abc import Callable
from datetime import UTC, datetime

from console.domain.clock import Drift
from db.engine import Database


def wall() -> datetime:
    """What this machine believes the time to be."""
    return datetime.now(UTC)


class ClockWatch:
    """How far this machine is from the time of the database, which alone counts."""

    def __init__(self, database: Database, wall: Callable[[], datetime] = wall) -> None:
        self._db, self._wall = database, wall

    def look(self) -> Drift:
        """One short read; the way there and back is halved. Raises Unavailable."""
        with self._db.reading() as session:
            # The connection is opened before the stopwatch starts.
            session.connection()
            before = self._wall()
            counts = self._db.now(session)
            after = self._wall()
        return Drift(counts - (before + (after - before) / 2))
