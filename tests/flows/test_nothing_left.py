"""A day that shows, prints, exports and copies a citizen's data leaves his name and number nowhere on the machine."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QGuiApplication
from sqlalchemy import text

from console.domain.forms import FormKind
from console.domain.roles import Role, Workplace
from console.faults import Faults
from console.services.exporting import Exporting
from console.services.orders import Orders
from console.services.paper import Paper, preview
from console.services.reports import Reports
from db.models import Appellant
from tests.flows.conftest import Running
from tests.journeys import dispatched
from tests.world import seat_for

NAME, PHONE = "濮阳青禾", "19900007531"
_WAYS = ("utf-8", "utf-16-le", "gb18030")


def told(folder: Path, *but: Path) -> list[str]:
    """Files below `folder` in whose name or bytes the citizen is found."""
    wanted = [word.encode(way) for word in (NAME, PHONE, PHONE[-8:]) for way in _WAYS]
    found = []
    for path in folder.rglob("*"):
        if any(path == one or one in path.parents for one in but) or not path.is_file():
            continue
        content = str(path).encode() + path.read_bytes()
        found += [str(path.relative_to(folder))] if any(w in content for w in wanted) else []
    return found


@pytest.fixture
def temp(tmp_path: Path, monkeypatch) -> Path:
    """Where this program, Qt and SQLite put what is temporary."""
    folder = tmp_path / "temp"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert QDir.tempPath() == str(folder)
    return folder


@pytest.fixture
def faults(tmp_path: Path) -> Iterator[Faults]:
    """As in the running program (console/app.py)."""
    level, made = logging.getLogger().level, Faults(tmp_path / "logs")
    made.install()
    made._arrived.disconnect()
    yield made
    made.uninstall()
    logging.getLogger().setLevel(level)


@pytest.mark.unguarded
def test_nothing_is_left(
    temp, faults, running: Running, world, qtbot, tmp_path: Path, caplog
) -> None:
    ticket_id = dispatched(world, title="反映油污直排", content=f"{NAME}（{PHONE}）称门前油污直排")
    with world.writing.begin() as session:
        now = seat_for(world, Role.AGENT).now(session)
        session.add(
            Appellant(ticket_id=ticket_id, main=True, name=NAME, phone=PHONE, joined_at=now)
        )
    _take_a_call(running, qtbot)
    _look_and_take_out(running, ticket_id, tmp_path, world, qtbot)
    _break_things(world, ticket_id)
    running.console.shut_window()
    qtbot.waitUntil(lambda: not running.console.jobs.is_busy, timeout=10_000)
    logging.getLogger().handlers[-1].flush()
    written = faults.file.read_text("utf-8")
    assert "IntegrityError" in written
    assert "ValueError" in written
    database = [
        Path(f"{world.url.removeprefix('sqlite:///')}{end}") for end in ("", "-wal", "-shm")
    ]
    assert told(tmp_path), "the search does not even find the database"
    assert told(tmp_path, *database) == []
    assert [path for path in temp.rglob("*") if path.is_file()] == []


def _take_a_call(running: Running, qtbot) -> None:
    """Half written and left: it is in the journal."""
    running.open(Role.AGENT)
    page = running.console.window.pages[Workplace.INTAKE]
    page.ring(PHONE)
    page.record.content.setPlainText(f"{NAME}称路灯不亮，电话{PHONE}")
    page.record.name.setText(NAME)
    page.journal.keep_now()
    qtbot.waitUntil(lambda: not running.console.jobs.is_busy, timeout=10_000)


def _look_and_take_out(running: Running, ticket_id: int, out: Path, world, qtbot) -> None:
    desks = running.console.desks
    assert desks.orders.reveal(ticket_id, "phone", "回访核实") == PHONE
    assert desks.orders.reveal(ticket_id, "name", "回访核实") == NAME
    clerk = seat_for(world, Role.CLERK)
    (out / "paper").mkdir()
    Reports(clerk, Paper(), preview).save((ticket_id,), FormKind.TICKET_FORM, out / "paper")
    for ending in ("csv", "xlsx"):
        Exporting(clerk).export("orders", out / f"工单.{ending}")
    QGuiApplication.clipboard().setText(f"{NAME} {PHONE} 反映油污")
    app = QGuiApplication.instance()
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    QGuiApplication.clipboard().clear()


def _break_things(world, ticket_id: int) -> None:
    """Faults whose messages bear what was typed: of the program, of the database, of a refused step."""
    statement = (
        "INSERT INTO appellant (id, ticket_id, name, phone) VALUES (1, :ticket, :name, :phone)"
    )
    for work in (
        lambda: int(NAME),
        lambda: {}[PHONE],
        lambda: Path(f"/nowhere/{NAME}.txt").read_text("utf-8"),
        lambda: _run(world, statement, ticket=ticket_id, name=NAME, phone=PHONE),
        lambda: _run(world, f"INSERT INTO appellant (id, name) VALUES (1, '{NAME}{PHONE}')"),
        lambda: Orders(seat_for(world, Role.SUPERVISOR)).reveal(ticket_id, NAME, PHONE),
    ):
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes where defects go
            sys.excepthook(type(error), error, error.__traceback__)


def _run(world, statement: str, **values: object) -> None:
    with world.writing.begin() as session:
        session.execute(text(statement), values)


@pytest.mark.parametrize("way", _WAYS)
def test_the_search_finds_what_is_left(tmp_path: Path, way: str) -> None:
    """A check of the check."""
    for word in (NAME, PHONE):
        (tmp_path / "left.tmp").write_bytes(b"\0" + word.encode(way) + os.urandom(20))
        assert told(tmp_path) == ["left.tmp"]
    (tmp_path / "left.tmp").unlink()
    (tmp_path / f"{NAME}.tmp").touch()
    assert told(tmp_path) == [f"{NAME}.tmp"]
