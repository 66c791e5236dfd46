"""Looking whether something changed, where the database cannot say so itself: SQLite, an unguarded PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Executable, func, select

from console.domain.changes import Topic
from db.changes.heard import MOST, Heard
from db.changes.own import OwnHand
from db.models import (
    Account,
    AddressBookEntry,
    Attendance,
    BlockedNumber,
    Bulletin,
    Call,
    DailyTask,
    Enterprise,
    House,
    Inspection,
    KnowledgeEntry,
    Patrol,
    Person,
    PoliceTransfer,
    Presence,
    RegisterChange,
    Snippet,
    TicketEvent,
    Unit,
    Visit,
)

# SQLite is asked for one number at every turn; a shared server is not troubled five times a second.
SHARED_SECONDS = 1.0


def _size(*tables: Any) -> tuple[Executable, ...]:
    return tuple(select(func.count(), func.max(table.id)).select_from(table) for table in tables)


# What a topic looks like from outside; different than before means changed.
_SIGNS: Mapping[Topic, tuple[Executable, ...]] = {
    Topic.CALLS: (
        select(Call.id, Call.answered_at, Call.ended_at, Call.result, Call.ticket_id)
        .order_by(Call.id.desc())
        .limit(40),
        select(BlockedNumber.id, BlockedNumber.approved_by, BlockedNumber.expires_at),
        select(func.max(PoliceTransfer.id), func.max(PoliceTransfer.settled_at)),
    ),
    Topic.KNOWLEDGE: (
        select(func.count(), func.max(KnowledgeEntry.updated_at)),
        *_size(Bulletin, Snippet),
    ),
    # Every change of a register row leaves a line of its history, whichever register it is.
    Topic.PEOPLE: (
        *_size(Person, House, Enterprise, Visit, Patrol),
        select(func.max(RegisterChange.id)),
        select(func.max(DailyTask.id), func.max(DailyTask.done_at), func.max(DailyTask.checked_at)),
        select(func.max(Inspection.id), func.max(Inspection.rectified_at)),
    ),
    Topic.PLACES: _size(Unit, AddressBookEntry),
    Topic.ACCOUNTS: _size(Account),
    Topic.SEATS: _size(Attendance),
}
_NEWEST = select(func.max(TicketEvent.id))
_LOOKERS = select(Presence.ticket_id, Presence.account_id, Presence.editing)


class Polled:
    """An ear that asks. Raises SQLAlchemy's and the driver's own errors."""

    def __init__(self, line: Connection, own: OwnHand) -> None:
        self._line, self._own = line, own
        self._is_sqlite = line.dialect.name == "sqlite"
        self._version: Any = None
        self._next_look, self._newest = 0.0, 0
        self._signs: dict[Topic, Any] = {}
        self._lookers: frozenset[Any] = frozenset()

    def open(self, behind: float) -> None:
        """From here on nothing is missed, nor of the work orders what moved in the last `behind` seconds."""
        before = datetime.now(UTC) - timedelta(seconds=behind)
        self._newest = int(self._ask(_NEWEST.where(TicketEvent.at < before))[0][0] or 0)
        self._signs, self._lookers = self._ask_signs(), self._ask_lookers()
        self._line.rollback()

    def wait(self, seconds: float) -> Heard:
        """What changed, after a pause of at most `seconds`."""
        heard = Heard()
        sleep(seconds)
        if not self._is_sqlite and monotonic() < self._next_look:
            return heard
        self._next_look = monotonic() + SHARED_SECONDS
        version = self._data_version()
        if version is None or version != self._version:
            self._version = version
            self._look(heard)
        # A transaction left open would show the same state for ever.
        self._line.rollback()
        return heard

    def look_soon(self) -> None:
        """The machine slept or somebody met a dead database: ask at once."""
        self._next_look = 0.0

    def _look(self, heard: Heard) -> None:
        newest = self._ask_newest()
        if newest > self._newest:
            self._look_at_lines(heard, newest)
        self._newest = max(newest, self._newest)
        signs, lookers = self._ask_signs(), self._ask_lookers()
        heard.topics |= {topic for topic, sign in signs.items() if sign != self._signs[topic]}
        for ticket_id, *_rest in lookers ^ self._lookers:
            heard.add_presence(ticket_id)
        self._signs, self._lookers = signs, lookers

    def _look_at_lines(self, heard: Heard, newest: int) -> None:
        query = select(TicketEvent.id, TicketEvent.ticket_id)
        query = query.where(TicketEvent.id > self._newest, TicketEvent.id <= newest)
        rows, own = self._ask(query.limit(MOST * 5)), self._own.lines
        heard.add_tickets(ticket_id for line, ticket_id in rows if line not in own)

    def _data_version(self) -> Any:
        """SQLite's number that rises when anybody else commits; None where there is none."""
        if not self._is_sqlite:
            return None
        return self._line.exec_driver_sql("pragma data_version").scalar()

    def _ask_newest(self) -> int:
        return int(self._ask(_NEWEST)[0][0] or 0)

    def _ask_signs(self) -> dict[Topic, Any]:
        return {topic: [self._ask(one) for one in queries] for topic, queries in _SIGNS.items()}

    def _ask_lookers(self) -> frozenset[Any]:
        return frozenset(self._ask(_LOOKERS))

    def _ask(self, query: Executable) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._line.execute(query)]
