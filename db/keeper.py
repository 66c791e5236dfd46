"""Which of the running programs keeps: a lock that dies with its holder (docs/decisions/009).

The lock saves work, it does not make anything true: two keepers at once still write every record once.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from console.domain.errors import Unavailable
from db.engine import Database, lone_connection
from db.models import KeeperLease

NAME = "keeper"
# A keeper that has said nothing for so long is dead or stuck; it speaks every sweep and every half minute within one.
STALE = timedelta(minutes=3)
# Any number that nothing else locks.
_KEEPING = 12345_09


class KeeperLock:
    """One program's hold on the keeper's place. `holder` names the running program, `workstation` the machine."""

    def __init__(self, db: Database, holder: str, workstation: str) -> None:
        self._db, self._holder, self._workstation = db, holder, workstation
        self._session: Connection | None = None

    def take(self) -> bool:
        """Take the place or keep it; False while another program is alive in it. Raises Unavailable."""
        locked = not self._db.is_sqlite and self._advisory_lock()
        try:
            return self._enter(locked)
        except IntegrityError:
            # Two programs at the very first lease: the other one was first.
            return False

    def _enter(self, locked: bool) -> bool:
        with self._db.writing.begin() as session:
            now = self._db.now(session)
            row = session.get(KeeperLease, NAME, with_for_update=True)
            if row is not None and not (locked or self._is_free(row, now)):
                return False
            if row is None:
                row = KeeperLease(name=NAME, holder="", since=now)
                session.add(row)
            if row.holder != self._holder:
                row.holder, row.workstation, row.since = self._holder, self._workstation, now
            row.seen_at = now
            return True

    def _is_free(self, row: KeeperLease, now: datetime) -> bool:
        return row.holder == self._holder or row.seen_at <= now - STALE

    def say_alive(self) -> None:
        """In a long sweep: so that nobody takes over meanwhile."""
        with self._db.writing.begin() as session:
            row = session.get(KeeperLease, NAME, with_for_update=True)
            if row is not None and row.holder == self._holder:
                row.seen_at = self._db.now(session)

    def release(self) -> None:
        """Let go of it; the next program that asks has it at once."""
        try:
            with self._db.writing.begin() as session:
                row = session.get(KeeperLease, NAME, with_for_update=True)
                if row is not None and row.holder == self._holder:
                    session.delete(row)
        finally:
            self._hang_up()

    def keeper(self) -> str:
        """The workstation that keeps now, empty when none has spoken lately."""
        with self._db.reading() as session:
            row = session.get(KeeperLease, NAME)
            fresh = row is not None and row.seen_at > self._db.now(session) - STALE
            return row.workstation if row is not None and fresh else ""

    def _advisory_lock(self) -> bool:
        """PostgreSQL: held by a session of its own, and gone with it however the program ends."""
        try:
            if self._session is not None:
                self._session.execute(select(1))
                return True
            self._session = lone_connection(self._db.url)
            if self._session.scalar(select(func.pg_try_advisory_lock(_KEEPING))):
                return True
        except (DBAPIError, Unavailable):
            self._hang_up()
            raise
        self._hang_up()
        return False

    def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()
            session.engine.dispose()
