"""What this program wrote itself: its panels know already and must not be told twice."""

from collections import deque
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Connection, Engine, event

from db.engine import Database
from db.models import TicketEvent

# Far more than are written between two looks.
_KEPT = 1000


class OwnHand:
    """Log lines and server processes of one `Database`."""

    def __init__(self) -> None:
        self._lines: deque[int] = deque(maxlen=_KEPT)
        self._connections: WeakSet[Any] = WeakSet()

    def wrote(self, line: int) -> None:
        self._lines.append(line)

    def uses(self, connection: Any) -> None:
        self._connections.add(connection)

    @property
    def lines(self) -> frozenset[int]:
        return frozenset(self._lines.copy())

    @property
    def pids(self) -> frozenset[int]:
        """PostgreSQL processes that write for us. One that has ended may be somebody else's by now."""
        return frozenset(c.info.backend_pid for c in tuple(self._connections) if not c.closed)


_HANDS: WeakKeyDictionary[Engine, OwnHand] = WeakKeyDictionary()


def own_hand(db: Database) -> OwnHand:
    """The same for every listener on this database; counts from the first call on."""
    engine: Engine = db.writing.kw["bind"]
    if engine not in _HANDS:
        hand = _HANDS[engine] = OwnHand()
        if not db.is_sqlite:
            event.listen(engine, "checkout", lambda raw, *_rest: hand.uses(raw))
    return _HANDS[engine]


@event.listens_for(TicketEvent, "after_insert")
def _inserted(_mapper: Any, connection: Connection, line: TicketEvent) -> None:
    hand = _HANDS.get(connection.engine)
    if hand is not None:
        hand.wrote(line.id)
