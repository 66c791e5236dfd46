"""A clock the test holds, a pack it chooses, and the city on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from console.domain.policy import PACKS, load_pack
from db.engine import Database, open_database
from db.setup import upgrade
from tests import server
from tests.keeper_city import MONDAY, TEMPLATE, Clock, drop_and_make, named
from tests.world import fill_world


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(MONDAY)
    monkeypatch.setattr("console.ledger.seat.Seat.now", lambda _seat, _session: made.now)
    return made


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Whole city by the rules of another pack."""

    def use(name: str) -> None:
        loaded = load_pack(PACKS / name)
        monkeypatch.setattr("tests.world.default_pack", lambda: loaded)

    return use


@pytest.fixture(scope="module")
def template() -> Iterator[str]:
    """A server with the filled city as a template database; copying it takes a moment."""
    with server.server_url() as url:
        drop_and_make(url, TEMPLATE)
        made = named(url, TEMPLATE)
        upgrade(made)
        database = open_database(made)
        fill_world(database)
        with database.writing.begin() as session:
            for table in ("unit", "account", "staff", "person", "ticket"):
                session.execute(
                    text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)")
                )
        database.close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, tmp_path: Path, world_file: Path) -> Iterator[Database]:
    """The city on each database, new for every test."""
    if request.param == "sqlite":
        path = tmp_path / "keeper.db"
        path.write_bytes(world_file.read_bytes())
        database = open_database(f"sqlite:///{path}")
    else:
        url = request.getfixturevalue("template")
        drop_and_make(url, "keeper_test", TEMPLATE)
        database = open_database(named(url, "keeper_test"))
    yield database
    database.close()
