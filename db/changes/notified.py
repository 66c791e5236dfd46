"""PostgreSQL says by itself what changed (`db/security/80_changes.sql`): one connection that only listens."""

import select
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Connection, text

from console.domain.changes import Topic
from db.changes.heard import MOST, Heard
from db.changes.own import OwnHand

CHANNEL = "hotline"
# How often the line is tried, and how long an answer may take: a dead one is found within the sum.
PULSE_SECONDS, ANSWER_SECONDS = 10.0, 8.0
_MOVED = b"SELECT hotline.moved($1::bigint[], $2::bigint[])"
_NEWEST = b"SELECT hotline.newest_line($1::float8)"


def is_told(line: Connection) -> bool:
    """Whether this database has the triggers that tell."""
    return bool(line.scalar(text("SELECT to_regproc('hotline.moved') IS NOT NULL")))


class Notified:
    """An ear on the server. Raises Unavailable or OSError when the line is dead."""

    def __init__(self, line: Connection, own: OwnHand) -> None:
        self._line, self._own = line, own
        self._raw: Any = line.connection.driver_connection
        self._next_pulse, self._newest, self._owed = 0.0, 0, 0

    def open(self, behind: float) -> None:
        """From here on nothing is missed, nor of the work orders what moved in the last `behind` seconds."""
        with _cut():
            # First listen, then look where the log stands.
            self._line.exec_driver_sql(f"LISTEN {CHANNEL}")
            self._newest, self._owed = self._ask_newest(behind), self._ask_newest()

    def wait(self, seconds: float) -> Heard:
        """What others changed, as soon as it is said; empty after `seconds`."""
        with _cut():
            if monotonic() >= self._next_pulse:
                return self._pulse()
            self._wait_for_news(seconds)
            return self._taken_in()

    def look_soon(self) -> None:
        """The machine slept or somebody met a dead database: ask at once."""
        self._next_pulse = 0.0

    def _pulse(self) -> Heard:
        """Try the line. Lines of the log that nobody told us of by the time of the next look are told now."""
        newest = self._ask_newest()
        self._next_pulse = monotonic() + PULSE_SECONDS
        heard = self._taken_in()
        if self._owed > self._newest:
            heard.add_tickets(self._moved([(self._newest + 1, self._owed)]))
            self._newest = self._owed
        self._owed = newest
        return heard

    def _wait_for_news(self, seconds: float) -> None:
        readable, _, _ = select.select([self._raw.pgconn.socket], [], [], seconds)
        if readable:
            self._raw.pgconn.consume_input()

    def _taken_in(self) -> Heard:
        heard, spans, own = Heard(), list[tuple[int, int]](), self._own.pids
        while (note := self._raw.pgconn.notifies()) is not None:
            topic, _, rest = note.extra.decode("ascii", "replace").partition(" ")
            theirs = note.be_pid not in own
            self._take(heard, spans if theirs else [], topic, rest.split(), theirs)
        if len(spans) > MOST:
            heard.too_many()
        elif spans:
            heard.add_tickets(self._moved(spans))
        return heard

    def _take(
        self,
        heard: Heard,
        spans: list[tuple[int, int]],
        topic: str,
        numbers: list[str],
        theirs: bool,
    ) -> None:
        """One notification; what nobody of ours could have said is passed over (every login may NOTIFY)."""
        if topic not in set(Topic) or not all(n.isdecimal() and len(n) < 19 for n in numbers):
            return
        if topic == Topic.TICKETS and len(numbers) == 2:
            low, high = map(int, numbers)
            spans.append((low, high))
            self._newest = max(self._newest, high)
        elif topic == Topic.PRESENCE and len(numbers) == 1 and theirs:
            heard.add_presence(int(numbers[0]))
        elif not numbers and theirs:
            heard.topics.add(Topic(topic))

    def _moved(self, spans: Iterable[tuple[int, int]]) -> list[int]:
        """The work orders of these lines of the log, as far as they concern whoever sits here."""
        lows, highs = zip(*spans, strict=True)
        found = self._ask(_MOVED, _array(lows), _array(highs))
        return [int(one) for one in found[: MOST + 1] if one is not None]

    def _ask_newest(self, behind: float = 0.0) -> int:
        return int(self._ask(_NEWEST, str(behind).encode())[0] or 0)

    def _ask(self, question: bytes, *arguments: bytes) -> list[bytes | None]:
        """The first column of the answer. The line is dead when none comes in time, whatever TCP believes."""
        pg = self._raw.pgconn
        pg.send_query_params(question, arguments)
        until = monotonic() + ANSWER_SECONDS
        while pg.flush() or pg.is_busy():
            left = until - monotonic()
            if left <= 0:
                raise psycopg.OperationalError("the listening connection is dead")
            select.select([pg.socket], [], [], min(left, 0.2))
            pg.consume_input()
        found: list[bytes | None] = []
        while (result := pg.get_result()) is not None:
            if result.error_message:
                raise psycopg.OperationalError(result.error_message.decode("utf-8", "replace"))
            found = [result.get_value(row, 0) for row in range(result.ntuples)]
        return found


@contextmanager
def _cut() -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, ValueError) as error:
        raise ConnectionError(type(error).__name__) from error


def _array(numbers: Iterable[int]) -> bytes:
    return b"{" + b",".join(str(number).encode() for number in numbers) + b"}"
