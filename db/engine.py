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

from console.domain.errors import Unavailable
from db import spoken
from db.clock import SteadyClock, last_written

_LIMITS = "-c statement_timeout=15000 -c lock_timeout=4000 -c timezone=UTC"


# Logins of operators begin with this; the owner's does not.
OPERATOR = "hl_"


@dataclass(frozen=True)
class Database:
    """Two session factories over one database: a reader never turns into a writer (see `_prepare_sqlite`)."""

    url: str
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
    """`url`: an SQLAlchemy URL, SQLite or PostgreSQL (psycopg)."""
    return Database(url, _sessions(url, "BEGIN"), _sessions(url, "BEGIN IMMEDIATE"))


def lone_connection(url: str) -> Connection:
    """A PostgreSQL connection outside every pool, for what a session holds on to; the server drops a dead one soon."""
    alive = "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"options": f"{_LIMITS} {alive}", "connect_timeout": 5},
    )
    event.listen(engine, "handle_error", _translate)
    return engine.connect()


def _sessions(url: str, begin: str) -> sessionmaker[Session]:
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, begin)
    event.listen(engine, "handle_error", _translate)
    maker = sessionmaker(engine, expire_on_commit=False)
    spoken.listen(maker)
    return maker


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    return create_engine(
        url,
        poolclass=_Pool,
        pool_size=1,
        max_overflow=1,
        pool_pre_ping=True,
        connect_args={"options": _LIMITS, "connect_timeout": 5},
    )


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
    if context.is_pre_ping:
        # A pooled connection that died is replaced unseen; only a new one refused is worth a sentence.
        return
    error = context.original_exception
    away = context.is_disconnect or context.connection is None or isinstance(error, OSError)
    found = _said_by(error)
    if found is not None or away:
        raise Unavailable(*_SENTENCES[found or _Trouble.AWAY]) from error


class _Trouble(Enum):
    AWAY, FULL, BUSY, DISK = range(4)


_SENTENCES = {
    _Trouble.AWAY: ("数据库连接中断", "已保留您输入的内容，恢复后请重试"),
    _Trouble.FULL: ("数据库所在磁盘已满", "请通知管理员清理磁盘"),
    _Trouble.BUSY: ("数据库正忙", "请稍后重试"),
    _Trouble.DISK: ("数据库文件不能读写", "请通知管理员检查磁盘和文件夹权限"),
}
# SQLite's names without what follows the second word (SQLITE_BUSY_SNAPSHOT), and PostgreSQL's SQLSTATEs:
# disk full; lock not available, deadlock, cancelled by a time limit; shut down, starting up.
_CODES = {
    "SQLITE_FULL": _Trouble.FULL, "SQLITE_BUSY": _Trouble.BUSY, "SQLITE_LOCKED": _Trouble.BUSY,
    "SQLITE_IOERR": _Trouble.DISK, "SQLITE_CANTOPEN": _Trouble.DISK, "SQLITE_READONLY": _Trouble.DISK,
    "53100": _Trouble.FULL, "55P03": _Trouble.BUSY, "40P01": _Trouble.BUSY, "57014": _Trouble.BUSY,
    "53300": _Trouble.BUSY, "57P01": _Trouble.AWAY, "57P02": _Trouble.AWAY, "57P03": _Trouble.AWAY,
}  # fmt: skip


def _said_by(error: BaseException) -> _Trouble | None:
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    return _CODES.get(name or str(getattr(error, "sqlstate", "")))


class _Pool(QueuePool):
    """A pool whose connections are all in use is a busy database, not a defect."""

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except PoolTimeout as error:
            raise Unavailable(*_SENTENCES[_Trouble.BUSY]) from error


__all__ = ["DBAPIError", "Database", "OperationalError", "open_database"]
