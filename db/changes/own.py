"""What this program wrote itself: its panels know already and must not be told twice."""

from collections import deque
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Connection, Engine, event

from db.engine import Database
from db.models import (
    Attendance,
    BlockedNumber,
    Bulletin,
    Call,
    DailyTask,
    Enterprise,
    House,
    Household,
    Inspection,
    Patrol,
    Person,
    PoliceTransfer,
    Presence,
    RegisterChange,
    Snippet,
    SpecialGroupMember,
    TicketEvent,
    Visit,
)

# Far more than are written between two looks.
_KEPT = 1000
# Rows that tell others something when they are written.
_TELLING = (
    TicketEvent, Call, BlockedNumber, PoliceTransfer, Presence, Bulletin, Snippet, Attendance,
    Person, Household, SpecialGroupMember, House, Enterprise, Inspection, Visit, Patrol, DailyTask, RegisterChange,
)  # fmt: skip


class OwnHand:
    """Log lines and server processes of one `Database`. Safe on any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lines: deque[int] = deque(maxlen=_KEPT)
        self._connections: WeakSet[Any] = WeakSet()

    def wrote(self, row: Any, connection: Any) -> None:
        with self._lock:
            if isinstance(row, TicketEvent):
                self._lines.append(row.id)
            if hasattr(connection, "pgconn"):
                self._connections.add(connection)

    @property
    def lines(self) -> frozenset[int]:
        with self._lock:
            return frozenset(self._lines)

    @property
    def pids(self) -> frozenset[int]:
        """PostgreSQL processes that write for us. One that has ended may be somebody else's by now."""
        with self._lock:
            return frozenset(c.info.backend_pid for c in self._connections if not c.closed)


_HANDS: WeakKeyDictionary[Engine, OwnHand] = WeakKeyDictionary()


def own_hand(db: Database) -> OwnHand:
    """The same for every listener on this database; counts from the first call on."""
    return _HANDS.setdefault(db.writing.kw["bind"], OwnHand())


def _wrote(_mapper: Any, connection: Connection, row: Any) -> None:
    hand = _HANDS.get(connection.engine)
    if hand is not None:
        hand.wrote(row, connection.connection.driver_connection)


# Of the tables, once and for all: listening to an engine that is in use already would trip its threads.
for _table in _TELLING:
    for _what in ("after_insert", "after_update", "after_delete"):
        event.listen(_table, _what, _wrote)
