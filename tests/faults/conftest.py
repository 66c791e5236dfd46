"""A small city on a real server, with a cable in between that the tests may pull."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

import db.line
from db.engine import Database, open_database
from db.setup import upgrade
from tests.faults.cable import Cable, behind
from tests.server import server_url
from tests.world import fill_world


@pytest.fixture(scope="session")
def city_url() -> Iterator[str]:
    with server_url() as url:
        name = f"faults_{uuid4().hex[:8]}"
        plain = make_url(url).set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(plain, autocommit=True) as raw:
            raw.execute(f"create database {name}")
        made = make_url(url).set(database=name).render_as_string(False)
        upgrade(made)
        database = open_database(made)
        fill_world(database)
        with database.writing.begin() as session:
            session.execute(text("create table probe (key text)"))
        database.close()
        yield made


@pytest.fixture
def cable(city_url: str) -> Iterator[Cable]:
    made = Cable(behind(city_url))
    yield made
    made.close()


@pytest.fixture
def database(city_url: str, cable: Cable) -> Iterator[Database]:
    """The city at the other end of the cable."""
    url = make_url(city_url).set(host="127.0.0.1", port=cable.port)
    made = open_database(url.set(query={}).render_as_string(False))
    yield made
    made.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, shorter, so that the tests are."""
    for name, seconds in (("PING_PATIENCE", 0.5), ("SETTLING", 2.0), ("AGAIN", 0.1)):
        monkeypatch.setattr(db.line, name, seconds)
    monkeypatch.setattr(db.line.Line, "patience", 1.0)
