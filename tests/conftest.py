"""What every test starts from: no screen, and a small city copied from one prepared file."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from db.engine import Database, open_database
from tests.server import server_url
from tests.world import GUARDED, make_guarded_world, make_world

# A whole collection walks everything that is loaded: once in so many tests.
FULL = 200


@pytest.fixture(autouse=True)
def _cycles_on_this_thread() -> Iterator[None]:
    """As in the program (`console.garbage`): collected on a lane, a window's cycle and Qt wait for each other."""
    gc.disable()
    yield
    gc.collect(2 if gc.get_count()[2] > FULL else 1)


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "world.db"
    database = make_world(path)
    database.close()
    return path


@pytest.fixture(scope="session")
def guarded_server() -> Iterator[str]:
    with server_url() as url:
        base = make_url(url)
        with psycopg.connect(_plain(base), autocommit=True) as raw:
            raw.execute("drop database if exists guarded_base")
            raw.execute("create database guarded_base")
        make_guarded_world(base.set(database="guarded_base").render_as_string(False))
        yield url


def _plain(url) -> str:
    return url.set(drivername="postgresql").render_as_string(False)


@pytest.fixture
def guarded_world(guarded_server: str) -> Iterator[Database]:
    """The small city on PostgreSQL where each seat has its own login."""
    base = make_url(guarded_server)
    name = f"guarded_{uuid4().hex[:12]}"
    with psycopg.connect(_plain(base), autocommit=True) as raw:
        raw.execute(f"create database {name} template guarded_base")
        # The owner may mend the log here: tests put events at times of their own.
        raw.execute(f"alter database {name} set hotline.veiling = 'on'")
    database = open_database(base.set(database=name).render_as_string(False))
    GUARDED[database.url] = {}
    yield database
    for login in GUARDED.pop(database.url).values():
        login.close()
    database.close()
    with psycopg.connect(_plain(base), autocommit=True) as raw:
        raw.execute(f"drop database {name} with (force)")


@pytest.fixture
def world(world_file: Path, tmp_path: Path, request) -> Iterator[Database]:
    if os.environ.get("CONSOLE_TEST_GUARD"):
        if request.node.get_closest_marker("unguarded"):
            pytest.skip(
                "looks into the file itself, or counts statements of the owner's connection"
            )
        yield request.getfixturevalue("guarded_world")
        return
    path = tmp_path / "hotline.db"
    shutil.copy(world_file, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()
