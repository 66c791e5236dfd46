"""The only place that creates an engine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from console.domain.errors import Unavailable


@dataclass(frozen=True)
class Database:
    """Two session factories over one database: a reader never turns into a writer (see `_prepare_sqlite`)."""

    url: str
    reading: sessionmaker[Session]
    writing: sessionmaker[Session]

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def now(self, session: Session) -> datetime:
        """The database server's clock; a workstation's clock is never used (product.md 4).

        On SQLite server and workstation are one machine.
        """
        if self.is_sqlite:
            return datetime.now(UTC)
        moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    def close(self) -> None:
        for maker in (self.reading, self.writing):
            maker.kw["bind"].dispose()


def open_database(url: str) -> Database:
    """`url`: an SQLAlchemy URL, SQLite or PostgreSQL (psycopg)."""
    return Database(url, _sessions(url, "BEGIN"), _sessions(url, "BEGIN IMMEDIATE"))


def _sessions(url: str, begin: str) -> sessionmaker[Session]:
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, begin)
    event.listen(engine, "handle_error", _translate)
    return sessionmaker(engine, expire_on_commit=False)


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    settings = "-c statement_timeout=15000 -c lock_timeout=4000 -c timezone=UTC"
    return create_engine(
        url,
        pool_size=1,
        max_overflow=1,
        pool_pre_ping=True,
        connect_args={"options": settings, "connect_timeout": 5},
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
    """Turn a lost database into the sentence the operator reads; defects pass through."""
    error = context.original_exception
    if context.is_disconnect or isinstance(error, OSError):
        raise Unavailable("数据库连接中断", "已保留您输入的内容，恢复后请重试") from error
    text = str(error)
    if "disk is full" in text or "No space left" in text:
        raise Unavailable("数据库所在磁盘已满", "请通知管理员清理磁盘") from error
    if "database is locked" in text:
        raise Unavailable("数据库正忙", "请稍后重试") from error


__all__ = ["DBAPIError", "Database", "OperationalError", "open_database"]
