"""A connection to PostgreSQL that never waits for ever and never leaves open whether something was saved.

When the answer to COMMIT is lost, nobody can say from here whether the server did it: doing it again might
write it twice, not doing it might lose it. Every writing transaction therefore leaves its serial number in a
row of its connection (`WriteMark`); a new connection reads there what became of it. The server's own
`pg_xact_status` would not do: after a crash or a failover transaction numbers are given out again.
"""

import time
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import Connection, errors
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

from console.domain.errors import Unavailable, Unsure

# The server gives up any statement after 15 s (db.engine): who has said nothing for so long is not there.
PATIENCE = 18.0
# A line that lay idle is asked whether it is alive; that answer comes at once or not at all.
PING_PATIENCE = 3.0
# A call that took so long in vain is not repeated for as long.
SILENCE = 3.0
# How long after a lost answer the truth is looked for; a failover takes about that.
SETTLING, AGAIN = 15.0, 0.5
_PLACE = "SELECT has_table_privilege(to_regclass('write_mark'), 'INSERT')"
_WRITING = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"
_SWEEP = """DELETE FROM write_mark WHERE holder IN (SELECT holder FROM write_mark
    WHERE at < now() - interval '2 days' LIMIT 100 FOR UPDATE SKIP LOCKED)"""
_MARK = """INSERT INTO write_mark (holder, serial, at)
    SELECT %s, %s, now() WHERE pg_current_xact_id_if_assigned() IS NOT NULL
    ON CONFLICT (holder) DO UPDATE SET serial = excluded.serial, at = excluded.at"""
# Writing the row waits for whoever still holds it: what was under way has ended when this answers.
_FOUND = """INSERT INTO write_mark (holder, serial, at) VALUES (%s, 0, now())
    ON CONFLICT (holder) DO UPDATE SET at = excluded.at RETURNING serial"""
# A transaction whose COMMIT never reached the server would hold its rows until the server misses us.
_HANG_UP = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %s AND state = 'idle in transaction'"""


def attend(engine: Engine) -> None:
    """Let this engine's connections be lines."""
    event.listen(engine, "do_connect", _Exchange().call)
    event.listen(engine, "checkout", _still_there)
    event.listen(engine, "handle_error", _say_doubt)


class _Exchange:
    """Where nobody answered a moment ago nobody is called: one thread waits for the silence, not each in turn."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def call(self, _dialect: Any, _record: Any, _arguments: Any, way: dict[str, Any]) -> "Line":
        start = time.monotonic()
        if start < self._silent_until:
            raise errors.ConnectionTimeout("nobody answered a moment ago")
        try:
            return Line.call(**way)
        except errors.OperationalError:
            now = time.monotonic()
            # Refused at once costs nobody anything and is tried again at once.
            if now - start > SILENCE:
                self._silent_until = now + SILENCE
            raise


def _still_there(line: "Line", _record: Any, _proxy: Any) -> None:
    """Before a connection is used: one found dead takes with it all that were made before (sleep, failover)."""
    if not line.alive():
        raise InvalidatePoolError


def _say_doubt(context: Any) -> None:
    doubt = context.original_exception
    if isinstance(doubt, Doubt):
        raise Unsure(
            "不确定是否已保存：数据库没有答复", "正在核对，请先不要重做", doubt.saved
        ) from doubt


class Doubt(errors.OperationalError):
    """COMMIT was sent, no answer came, and the server could not be asked since. `saved` asks again."""

    def __init__(self, line: "Line", serial: int) -> None:
        super().__init__("the answer to COMMIT was lost")
        self._line, self._serial = line, serial

    def saved(self) -> bool:
        """What became of it. Raises Unavailable while nobody can say."""
        try:
            return self._line.became(self._serial)
        except errors.OperationalError as error:
            raise Unavailable("数据库连接中断，还不能核对", "恢复后会自动核对") from error


class Line(Connection[Any]):
    """psycopg's connection with bounded patience and commits that are known. Made by `call`."""

    patience = PATIENCE
    holder, serial = "", 0
    _way: dict[str, Any]
    _keeps_marks: bool | None = None

    @classmethod
    def call(cls, **way: Any) -> "Line":
        """Connect; `way` is what `psycopg.connect` takes. Raises OperationalError."""
        holder = uuid4().hex
        way = {"application_name": f"hotline {holder[:16]}", **way}
        line = cls.connect(**way)
        line.holder, line._way = holder, way
        return line

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Every question goes through here; a server that is not there is given up, whatever the network says."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except errors._WaitTimeout as error:
            self.pgconn.finish()
            raise errors.ConnectionTimeout("no answer from the server") from error

    def alive(self) -> bool:
        """Whether somebody answers at the other end; outside a transaction."""
        self.patience, patience = PING_PATIENCE, self.patience
        before = self.autocommit
        try:
            self.autocommit = True
            self.execute("SELECT 1")
            self.autocommit = before
        except psycopg.Error:
            return False
        finally:
            self.patience = patience
        return True

    def commit(self) -> None:
        """As psycopg's; when the answer is lost it is found out. Raises Doubt when that is not possible."""
        marked = self._mark()
        try:
            super().commit()
        except errors.OperationalError as error:
            # Refused by a server that lives is certain; anything else is not.
            refused = error.sqlstate and not error.sqlstate.startswith("57P")
            if refused or not marked:
                raise
            if not self._settle(error):
                raise errors.OperationalError("cut off before it was saved") from error

    def rollback(self) -> None:
        """As psycopg's; on a line that is gone there is nothing to take back."""
        if not self.closed:
            super().rollback()

    def became(self, serial: int) -> bool:
        """Whether the transaction of this serial number was saved. Raises OperationalError while nobody can say."""
        name = self._way["application_name"]
        with Line.connect(**self._way, autocommit=True) as other:
            other.execute(_HANG_UP, (name,))
            found = other.execute(_FOUND, (self.holder,)).fetchone()
        return found is not None and found[0] >= serial

    def _settle(self, error: BaseException) -> bool:
        serial, until = self.serial, time.monotonic() + SETTLING
        while True:
            try:
                return self.became(serial)
            except errors.OperationalError:
                if time.monotonic() > until:
                    raise Doubt(self, serial) from error
                time.sleep(AGAIN)

    def _mark(self) -> bool:
        """Leave the serial number with what is being saved; False when nothing was written."""
        if self.info.transaction_status is not TransactionStatus.INTRANS:
            return False
        if self._keeps_marks is None:
            self._keeps_marks = bool(self._first(_PLACE))
            if self._keeps_marks and self._first(_WRITING):
                self.execute(_SWEEP)
        if not self._keeps_marks:
            return False
        self.serial += 1
        return self.execute(_MARK, (self.holder, self.serial)).rowcount > 0

    def _first(self, question: str) -> Any:
        row = self.execute(question).fetchone()
        return row and row[0]
