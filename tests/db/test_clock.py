"""Time on SQLite goes forward only, whatever happens to the machine's clock (field-facts 4.2 rule 6)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from console.domain.clock import Drift
from console.services.clock import ClockWatch
from db.clock import SteadyClock, last_written
from db.engine import Database, open_database
from db.models import TicketEvent
from tests import server
from tests.journeys import open_ticket

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Machine:
    """A machine whose clock somebody sets; its ticks nobody can set."""

    def __init__(self) -> None:
        self.wall, self.ticks = NOON, 100.0
        self.written: datetime | None = None
        self.asked = 0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.ticks)

    def go(self, length: timedelta) -> None:
        self.wall += length
        self.ticks += length.total_seconds()

    def _stored(self) -> datetime | None:
        self.asked += 1
        return self.written

    @property
    def now(self) -> datetime:
        return self.clock.now(self._stored)


def test_a_right_clock_is_taken_as_it_is_and_the_log_asked_once() -> None:
    machine = Machine()
    for _ in range(5):
        assert machine.now == machine.wall
        machine.go(MINUTE)
    assert machine.asked == 1


def test_set_back_while_running_time_goes_on_and_catches_up() -> None:
    machine = Machine()
    before = machine.now
    machine.wall -= 12 * MINUTE
    seen = [before]
    for _ in range(130):
        machine.go(MINUTE)
        seen.append(machine.now)
    assert all(later > earlier for earlier, later in pairwise(seen))
    assert seen[10] - before == 9 * MINUTE
    assert seen[-1] == machine.wall


def test_set_back_between_two_runs_the_log_is_the_floor() -> None:
    machine = Machine()
    machine.written = NOON + 30 * MINUTE
    assert machine.now == machine.written
    machine.go(10 * MINUTE)
    assert machine.now == machine.written + 9 * MINUTE


def test_what_another_program_wrote_meanwhile_is_the_floor_too() -> None:
    machine = Machine()
    assert machine.now == NOON
    machine.wall -= 5 * MINUTE
    machine.go(MINUTE)
    assert machine.now > NOON
    machine.written = NOON + 20 * MINUTE
    assert machine.now == machine.written


def test_a_machine_that_slept_wakes_at_the_right_time() -> None:
    machine = Machine()
    assert machine.now == NOON
    machine.wall += timedelta(days=2)
    assert machine.now == machine.wall


def test_a_second_or_two_are_the_network_putting_it_right() -> None:
    machine = Machine()
    assert machine.now == NOON
    machine.wall -= timedelta(seconds=1)
    assert machine.now == NOON
    machine.go(MINUTE)
    assert machine.now == machine.wall


def test_nothing_is_written_before_what_stands(world: Database, monkeypatch) -> None:
    """The clock of the machine an hour slow: the next work order is not an hour older than the last."""
    open_ticket(world)
    with world.reading() as session:
        last = last_written(session)
    assert last is not None
    again = open_database(world.url)
    monkeypatch.setattr(again._steady, "_wall", lambda: datetime.now(UTC) - timedelta(hours=1))
    open_ticket(again)
    with again.reading() as session:
        times = session.scalars(select(TicketEvent.at).order_by(TicketEvent.id)).all()
    assert times == sorted(times)
    again.close()


def test_a_database_without_tables_has_a_time_all_the_same(tmp_path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with database.reading() as session:
        assert abs(database.now(session) - datetime.now(UTC)) < MINUTE
    database.close()


# --- what is said


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        (timedelta(seconds=40), ""),
        (12 * MINUTE, "本机时钟慢 12 分钟，一律以数据库时间为准"),
        (-3 * MINUTE, "本机时钟快 3 分钟，一律以数据库时间为准"),
        (timedelta(hours=8, minutes=5), "本机时钟慢 8 小时 5 分钟，一律以数据库时间为准"),
        (timedelta(days=400), "本机时钟慢 400 天，一律以数据库时间为准"),
    ],
)
def test_what_is_said_of_a_clock(behind: timedelta, words: str) -> None:
    assert Drift(behind).words == words


def test_a_slow_workstation_is_seen_against_sqlite(world: Database) -> None:
    open_ticket(world)
    slow = ClockWatch(world, lambda: datetime.now(UTC) - 12 * MINUTE)
    assert slow.look().words == "本机时钟慢 12 分钟，一律以数据库时间为准"
    assert ClockWatch(world).look().words == ""


def test_a_fast_workstation_is_seen_against_a_server() -> None:
    with server.server_url() as url:
        database = open_database(url)
        fast = ClockWatch(database, lambda: datetime.now(UTC) + 12 * MINUTE)
        assert fast.look().words == "本机时钟快 12 分钟，一律以数据库时间为准"
        assert ClockWatch(database).look().words == ""
        database.close()
