"""The small city on both databases, and a desk to import at."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from console.domain.roles import Role
from console.services.importing import Importing
from db.engine import Database, open_database
from db.models import Base
from db.setup import upgrade
from tests.server import server_url
from tests.world import fill_world, seat_for


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with server_url() as url:
        base = make_url(url)
        with psycopg.connect(_plain(base), autocommit=True) as raw:
            raw.execute("drop database if exists import_base")
            raw.execute("create database import_base")
        filled = base.set(database="import_base").render_as_string(False)
        upgrade(filled)
        database = open_database(filled)
        fill_world(database)
        _count_on(database)
        database.close()
        yield url


def _count_on(database: Database) -> None:
    """The city's rows carry keys of their own; the server shall go on counting behind them."""
    with database.writing.begin() as session:
        for table in Base.metadata.tables.values():
            for key in table.primary_key.columns:
                name = session.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
                last = session.scalar(select(func.max(key))) if name else None
                if last:
                    session.execute(select(func.setval(name, last)))


def _plain(url) -> str:
    return url.set(drivername="postgresql").render_as_string(False)


@pytest.fixture
def on_server(server: str) -> Iterator[Database]:
    base = make_url(server)
    name = f"import_{uuid4().hex[:12]}"
    with psycopg.connect(_plain(base), autocommit=True) as raw:
        raw.execute(f"create database {name} template import_base")
    database = open_database(base.set(database=name).render_as_string(False))
    yield database
    database.close()
    with psycopg.connect(_plain(base), autocommit=True) as raw:
        raw.execute(f"drop database {name} with (force)")


@pytest.fixture
def on_file(world_file: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "hotline.db"
    shutil.copy(world_file, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(params=["on_file", "on_server", "guarded_world"])
def city(request) -> Database:
    """The same city on SQLite, on PostgreSQL, and there with each person's own login."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def desk(city: Database) -> Iterator[Importing]:
    made = Importing(seat_for(city, Role.SUPERVISOR))
    yield made
    made.close()
