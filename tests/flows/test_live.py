"""Two consoles, two processes, one database: what is done in one is seen in the other."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.services.dispatching import Dispatching
from console.services.orders import Orders
from db.engine import Database, open_database
from tests.flows.conftest import Running, sweep
from tests.journeys import open_ticket
from tests.services.intake_desk import form
from tests.world import operator, seat_for

ROOT = Path(__file__).parents[2]
PENDING_SIGN = str(TicketState.PENDING_SIGN)


class Other:
    """The colleague's console."""

    def __init__(self, url: str, role: Role, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.console_process", url, str(role), str(folder)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.said: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self.said.append(json.loads(line))

    @property
    def lights(self) -> list[str]:
        return [one["light"] for one in self.said if "light" in one]

    def seen_at(self, ticket_id: int, state: str = "") -> float | None:
        for one in self.said:
            found = one.get("rows", {}).get(str(ticket_id))
            if found is not None and state in ("", found):
                return one["at"]
        return None

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._reader.join(10)
        self._process.stdout.close()
        assert self._process.returncode == 0


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request) -> Database:
    return request.getfixturevalue("world" if request.param == "sqlite" else "guarded_world")


@pytest.fixture
def colleague(city, tmp_path, qtbot) -> Iterator[Other]:
    made = Other(city.url, Role.DISPATCHER, tmp_path / "theirs")
    qtbot.waitUntil(lambda: "已连接" in made.lights, timeout=30_000)
    qtbot.waitUntil(lambda: any("rows" in one for one in made.said), timeout=30_000)
    yield made
    made.close()


@pytest.fixture
def mine(city, tmp_path, qtbot, qapp) -> Iterator[Running]:
    made = Running(qapp, city, tmp_path / "mine")
    made.open(Role.AGENT)
    qtbot.waitUntil(lambda: not made.console.jobs.is_busy, timeout=10_000)
    yield made
    qtbot.waitUntil(lambda: not made.console.jobs.is_busy, timeout=10_000)
    made.console.shut_window()
    made.console.close()
    made.console.deleteLater()
    sweep()
    assert made.faults == []


def submit(qtbot, running: Running) -> tuple[int, float]:
    """On the console's own write lane; its id and when it was done."""
    console, done = running.console, list[tuple[int, float]]()

    def filed(registered) -> None:
        done.append((registered.changed.ids[0], time.time()))

    work = partial(console.desks.intake.submit, form(), True)
    console.jobs.write(console.window, work, filed, running.faults.append)
    qtbot.waitUntil(lambda: bool(done) or bool(running.faults), timeout=10_000)
    assert running.faults == []
    return done[0]


def until(qtbot, holds: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(holds()), timeout=20_000)


def test_what_one_console_does_stands_in_the_others_list(
    qtbot, city, mine, colleague, record_property
) -> None:
    took: list[float] = []
    for _ in range(10):
        ticket_id, at = submit(qtbot, mine)
        until(qtbot, partial(colleague.seen_at, ticket_id))
        took.append((colleague.seen_at(ticket_id) - at) * 1000)
        qtbot.wait(150)
    words = f"median {median(took):.0f} ms, most {max(took):.0f} ms, of {len(took)}"
    record_property("seen elsewhere", words)
    sys.stdout.write(f"\n{'sqlite' if city.is_sqlite else 'postgresql'}: {words}\n")
    assert median(took) < 2_000


def test_it_goes_both_ways_and_ones_own_list_is_read_once(
    qtbot, city, mine, colleague, monkeypatch
) -> None:
    mine.open(Role.DISPATCHER)
    mine.console.window.show_place(Workplace.ORDERS)
    page = mine.console.window.pages[Workplace.ORDERS]
    theirs = open_ticket(city)
    until(qtbot, lambda: page.table.records.find(theirs) >= 0)
    until(qtbot, partial(colleague.seen_at, theirs))
    until(qtbot, lambda: not mine.console.jobs.is_busy)
    qtbot.wait(1500)
    read: list[int] = []
    real = type(page).reload
    monkeypatch.setattr(type(page), "reload", lambda self: (read.append(1), real(self))[1])
    orders = mine.console.desks.orders
    mine.console.jobs.write(page, partial(orders.note, theirs, "请留意"))
    qtbot.wait(1500)
    assert read == [1], "told by the write itself, not a second time by the listener"


def test_who_else_has_it_open_is_seen_at_once_and_so_is_leaving(qtbot, city, mine) -> None:
    mine.open(Role.DISPATCHER)
    mine.console.window.show_place(Workplace.ORDERS)
    page = mine.console.window.pages[Workplace.ORDERS]
    ticket_id = open_ticket(city)
    page.show_ticket(ticket_id)
    until(qtbot, lambda: page.case.case is not None)
    there = open_database(city.url)
    other = Orders(seat_for(there, Role.SUPERVISOR))
    chip = page.case.head.presence
    other.set_presence(ticket_id)
    qtbot.waitUntil(lambda: chip.text().endswith("正在查看"), timeout=5_000)
    assert operator(Role.SUPERVISOR).name in chip.text()
    other.leave(ticket_id)
    qtbot.waitUntil(lambda: chip.text() == "", timeout=5_000)
    there.close()


def test_a_claim_of_a_colleague_stands_at_its_row_at_once(qtbot, city, mine) -> None:
    mine.open(Role.DISPATCHER)
    mine.console.window.show_place(Workplace.DISPATCH)
    page = mine.console.window.pages[Workplace.DISPATCH]
    ticket_id = open_ticket(city)
    until(qtbot, lambda: page.panel.holds(ticket_id))
    there = open_database(city.url)
    Dispatching(seat_for(there, Role.SUPERVISOR)).hold(ticket_id)
    rows = page.panel.table.records
    name = operator(Role.SUPERVISOR).name
    qtbot.waitUntil(lambda: name in rows.rows[rows.find(ticket_id)].held_by, timeout=5_000)
    there.close()


# --- PostgreSQL alone


def cut_listeners(db: Database) -> int:
    with psycopg.connect(
        make_url(db.url).set(drivername="postgresql").render_as_string(False), autocommit=True
    ) as raw:
        query = """select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
            and query ~ '^(LISTEN|SELECT hotline.(moved|newest))'"""
        return len(raw.execute(query).fetchall())


@pytest.mark.parametrize("city", ["postgresql"], indirect=True)
def test_a_cut_listener_says_so_finds_its_line_and_catches_up(qtbot, city, mine, colleague) -> None:
    lights: list[str] = []
    mine.console.live.link_shown.connect(lambda _connected, words: lights.append(words))
    assert cut_listeners(city) == 2
    until(qtbot, lambda: "连接中断，正在重连" in colleague.lights)
    until(qtbot, lambda: "连接中断，正在重连" in lights)
    ticket_id, _at = submit(qtbot, mine)
    until(qtbot, partial(colleague.seen_at, ticket_id, PENDING_SIGN))
    until(qtbot, lambda: "已恢复" in colleague.lights)
    until(qtbot, lambda: "已恢复" in lights)
    again, _at = submit(qtbot, mine)
    until(qtbot, partial(colleague.seen_at, again))


@pytest.mark.parametrize("city", ["postgresql"], indirect=True)
def test_a_console_holds_three_connections_at_most(qtbot, city, mine) -> None:
    for _ in range(5):
        submit(qtbot, mine)
    with psycopg.connect(
        make_url(city.url).set(drivername="postgresql").render_as_string(False), autocommit=True
    ) as raw:
        query = """select count(*) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()"""
        assert raw.execute(query).fetchone()[0] <= 3


@pytest.mark.parametrize("city", ["postgresql"], indirect=True)
def test_what_waits_in_the_outbox_is_sent_when_the_line_is_back(
    qtbot, city, mine, monkeypatch
) -> None:
    """Not at the outbox's own next minute: as soon as the database is heard again."""
    from console import live

    monkeypatch.setattr(live, "SPREAD_MS", 50)
    outbox = mine.console.window.pages[Workplace.INTAKE].outbox
    monkeypatch.setattr(type(outbox), "RETRY_MS", 3_600_000)
    outbox._again.setInterval(3_600_000)
    sent: list[Any] = []
    outbox.sent.connect(sent.append)
    waiting: list[int] = []
    outbox.waiting.connect(waiting.append)
    outbox.queue(form(), True)
    until(qtbot, lambda: waiting == [1])
    assert sent == []
    assert cut_listeners(city) == 1
    until(qtbot, lambda: sent)
