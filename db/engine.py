"""The only place that creates an engine."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    PoolProxiedConnection,
    QueuePool,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from console.domain.errors import Unavailable, UserError
from db import spoken
from db.clock import SteadyClock, last_written

# What the server does for us by itself: gives up what takes too long, and misses a workstation that has gone
# (its cable pulled in the middle of a change) before anybody has waited long for the rows it holds.
_LIMITS = " ".join(
    f"-c {setting}"
    for setting in (
        "statement_timeout=15000",
        "lock_timeout=4000",
        "timezone=UTC",
        "idle_in_transaction_session_timeout=600000",
        "tcp_keepalives_idle=20",
        "tcp_keepalives_interval=10",
        "tcp_keepalives_count=3",
    )
)
# How long a server may take to answer the telephone, and when its silence is taken for a cut (Linux: at once
# when a packet stays unanswered; everywhere: `Line.wait`).
_WAY: dict[str, Any] = {
    "options": _LIMITS,
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# Both kinds of session draw on these; with the listener's a workstation holds three (architecture.md).
CONNECTIONS = 2
# A connection is let go after so long, so that a server back from a failover gets its share of them.
_OLD = 1800


# Logins of operators begin with this; the owner's does not.
OPERATOR = "hl_"


@dataclass(frozen=True)
class Database:
    """Two session factories over one database: a reader never turns into a writer (see `_prepare_sqlite`)."""

    # May hold the password of whoever is signed in: never in a log.
    url: str = field(repr=False)
    reading: sessionmaker[Session]
    writing: sessionmaker[Session]
    _steady: SteadyClock = field(default_factory=SteadyClock, compare=False, repr=False)
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def guarded(self) -> bool:
        """Connected as an operator: the database itself decides what is read and done (`db.security`)."""
        return (make_url(self.url).username or "").startswith(OPERATOR)

    def keeps_keys(self, session: Session) -> bool:
        """Whether the server makes the keys of numbers itself, with a secret of its own."""
        if self.is_sqlite or self.guarded:
            return self.guarded
        if "keys" not in self._known:
            there = func.to_regprocedure("hotline.key_of(text)").is_not(None)
            self._known["keys"] = bool(session.scalar(select(there)))
        return self._known["keys"]

    @property
    def place(self) -> str:
        """Which database this is, whoever is connected."""
        return str(make_url(self.url).set(username=None, password=None))

    def now(self, session: Session) -> datetime:
        """The database server's clock; a workstation's clock is never used (product.md 4).

        On SQLite server and workstation are one machine, whose clock may be set back; its time may not.
        """
        if self.is_sqlite:
            return self._steady.now(partial(last_written, session))
        moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    def close(self) -> None:
        for maker in (self.reading, self.writing):
            maker.kw["bind"].dispose()


def open_database(url: str) -> Database:
    """`url`: an SQLAlchemy URL, SQLite or PostgreSQL (psycopg); several hosts in it are tried in turn."""
    if url.startswith("sqlite"):
        return Database(
            url, _sessions(_sqlite(url, "BEGIN")), _sessions(_sqlite(url, "BEGIN IMMEDIATE"))
        )
    engine = _postgresql(url)
    return Database(url, _sessions(engine), _sessions(engine))


def lone_connection(url: str) -> Connection:
    """A PostgreSQL connection outside every pool, for what a session holds on to; the server drops a dead one soon."""
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=_way(url),
        hide_parameters=True,
    )
    _attend(engine)
    return engine.connect()


def _sessions(engine: Engine) -> sessionmaker[Session]:
    maker = sessionmaker(engine, expire_on_commit=False)
    spoken.listen(maker)
    return maker


def _sqlite(url: str, begin: str) -> Engine:
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 15}, hide_parameters=True
    )
    _prepare_sqlite(engine, begin)
    event.listen(engine, "handle_error", _translate)
    return engine


def _postgresql(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=_Pool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=_OLD,
        # What a citizen said stands in no error and in no log.
        hide_parameters=True,
        pool_use_lifo=True,
        connect_args=_way(url),
    )
    _attend(engine)
    return engine


def _attend(engine: Engine) -> None:
    # Imported here: the demo on SQLite does not pay for the driver.
    from db.line import attend

    attend(engine)
    event.listen(engine, "handle_error", _translate)


def _way(url: str) -> dict[str, Any]:
    """How the server is reached; what the URL itself says goes before. Of several hosts, the one that writes."""
    asked = make_url(url)
    way = {name: value for name, value in _WAY.items() if name not in asked.query}
    hosts = asked.query.get("host", asked.host or "")
    several = "," in (hosts if isinstance(hosts, str) else ",".join(hosts))
    if several and "target_session_attrs" not in asked.query:
        way["target_session_attrs"] = "read-write"
    return way


def _prepare_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # synchronous=full: nothing acknowledged may be lost to a power cut.
        for pragma in (
            "journal_mode=wal",
            "foreign_keys=on",
            "synchronous=full",
            "cache_size=-65536",
        ):
            connection.execute(f"pragma {pragma}")

    # A reader that turns into a writer is refused at once whatever the busy timeout; a writer
    # therefore takes its lock at the start.
    @event.listens_for(engine, "begin")
    def began(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _translate(context: Any) -> None:
    """Turn a lost, full or busy database into the sentence the operator reads; defects pass through."""
    error = context.original_exception
    if getattr(error, "sqlstate", None) in _WRITES_ELSEWHERE:
        # This server is no longer the one that writes: every connection to it goes (failover).
        context.is_disconnect = True
    refused = _refused(error) if context.connection is None else None
    if refused is not None:
        raise refused from error
    away = context.is_disconnect or context.connection is None or isinstance(error, OSError)
    found = _said_by(error)
    if found is not None or away:
        raise Unavailable(*_SENTENCES[found or _Trouble.AWAY]) from error


def _refused(error: BaseException) -> UserError | None:
    """What the server has against whoever asks; a server that is away has nothing against anybody."""
    from db.door import cut_off

    return cut_off(error) if hasattr(error, "pgconn") else None


class _Trouble(Enum):
    AWAY, FULL, BUSY, DISK = range(4)


_SENTENCES = {
    _Trouble.AWAY: ("数据库连接中断", "已保留您输入的内容，恢复后请重试"),
    _Trouble.FULL: ("数据库所在磁盘已满", "请通知管理员清理磁盘"),
    _Trouble.BUSY: ("数据库正忙", "请稍后重试"),
    _Trouble.DISK: ("数据库文件不能读写", "请通知管理员检查磁盘和文件夹权限"),
}
# Read-only: a standby, or a primary that has been put back into the second row.
_WRITES_ELSEWHERE = {"25006"}
# SQLite's names without what follows the second word (SQLITE_BUSY_SNAPSHOT), and PostgreSQL's SQLSTATEs:
# disk full; lock not available, deadlock, cancelled by a time limit; shut down, starting up; read-only.
_CODES = {
    "SQLITE_FULL": _Trouble.FULL, "SQLITE_BUSY": _Trouble.BUSY, "SQLITE_LOCKED": _Trouble.BUSY,
    "SQLITE_IOERR": _Trouble.DISK, "SQLITE_CANTOPEN": _Trouble.DISK, "SQLITE_READONLY": _Trouble.DISK,
    "53100": _Trouble.FULL, "55P03": _Trouble.BUSY, "40P01": _Trouble.BUSY, "57014": _Trouble.BUSY,
    "53300": _Trouble.BUSY, "57P01": _Trouble.AWAY, "57P02": _Trouble.AWAY, "57P03": _Trouble.AWAY,
    "25006": _Trouble.AWAY, "53200": _Trouble.BUSY, "53400": _Trouble.BUSY, "58030": _Trouble.DISK,
    "25P03": _Trouble.AWAY, "57P05": _Trouble.AWAY,
}  # fmt: skip


def _said_by(error: BaseException) -> _Trouble | None:
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    return _CODES.get(name or str(getattr(error, "sqlstate", "")))


class _Pool(QueuePool):
    """A pool whose connections are all in use is a busy database, not a defect.

    Once closed, it also closes what was still in use then, as soon as that comes back: whoever has signed out
    leaves no connection behind.
    """

    _over = False

    def dispose(self) -> None:
        self._over = True
        super().dispose()

    def _do_return_conn(self, record: Any) -> None:
        super()._do_return_conn(record)
        if self._over:
            super().dispose()

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except PoolTimeout as error:
            raise Unavailable(*_SENTENCES[_Trouble.BUSY]) from error


__all__ = ["DBAPIError", "Database", "OperationalError", "open_database"]
