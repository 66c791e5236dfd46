"""A running console looks at the clock and keeps, on real jobs and a real database."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject
from sqlalchemy import select

from console import rounds as module
from console.domain.clock import Drift
from console.domain.roles import Role
from console.jobs import Jobs
from console.rounds import Rounds
from console.services.keeping import Keeping
from console.views.parts import clock
from console.views.status_bar import StatusBar
from db.models import KeeperLease, Ticket, Urging
from tests.journeys import dispatched
from tests.world import operator, seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()
    clock.keep_time(timedelta())


@pytest.fixture
def rounds(qtbot, jobs, world, monkeypatch):
    monkeypatch.setattr(module, "FIRST_LOOK_MS", 1)
    monkeypatch.setattr(module, "FIRST_SWEEP_MS", 1)
    owner = QObject()
    made = Rounds(jobs, seat_for(world), owner)
    yield made
    made.stop()
    qtbot.waitUntil(lambda: not jobs.is_busy)


def make_yellow(world) -> int:
    ticket_id = dispatched(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.yellow_at = ticket.accepted_at
    return ticket_id


def keeps(world) -> bool:
    with world.reading() as session:
        return session.get(KeeperLease, "keeper") is not None


def test_an_overseers_console_keeps_and_tells_the_panels(qtbot, jobs, rounds, world) -> None:
    ticket_id = make_yellow(world)
    with qtbot.waitSignal(jobs.changed, timeout=10_000) as told:
        rounds.begin(operator(Role.OVERSEER))
    assert told.args[0].ids == (ticket_id,)
    with world.reading() as session:
        assert session.scalars(select(Urging.automatic)).all() == [True]
    assert keeps(world)
    rounds.end()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert not keeps(world)


def test_an_agents_console_does_not(qtbot, jobs, rounds, world) -> None:
    make_yellow(world)
    with qtbot.waitSignal(rounds.clock_looked, timeout=10_000) as looked:
        rounds.begin(operator(Role.AGENT))
    assert looked.args == [""]
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert not keeps(world)


def test_while_another_keeps_nothing_is_done(qtbot, jobs, rounds, world) -> None:
    other = Keeping(seat_for(world))
    other.round()
    ticket_id = make_yellow(world)
    with qtbot.waitSignal(rounds._sweeps.timeout, timeout=10_000):
        rounds.begin(operator(Role.SUPERVISOR))
    qtbot.waitUntil(lambda: not jobs.is_busy)
    with world.reading() as session:
        assert session.scalars(select(Urging.id)).all() == []
        assert session.get_one(Ticket, ticket_id).urge_count == 0
    other.release()


def test_a_defect_is_told_once_and_ends_the_rounds(qtbot, jobs, rounds, monkeypatch) -> None:
    def broken(_stop: object = None) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(rounds._keeping, "round", broken)
    with qtbot.waitSignal(jobs.unhandled, timeout=10_000):
        rounds.begin(operator(Role.DISPATCHER))
    assert not rounds._sweeps.isActive()


def test_a_slow_clock_stands_at_the_foot_and_everything_counts_by_the_database(
    qtbot, jobs, rounds, monkeypatch
) -> None:
    bar = StatusBar(operator(Role.AGENT))
    qtbot.addWidget(bar)
    bar.show()
    rounds.clock_looked.connect(bar.show_clock)
    assert not bar.clock.isVisible()
    before = clock.database_now()
    monkeypatch.setattr(rounds._watch, "look", lambda: Drift(timedelta(minutes=12)))
    with qtbot.waitSignal(rounds.clock_looked, timeout=10_000):
        rounds.begin(operator(Role.AGENT))
    assert bar.clock.text() == "本机时钟慢 12 分钟，一律以数据库时间为准"
    assert bar.clock.isVisible()
    assert clock.database_now() - before >= timedelta(minutes=12)
    bar.show_clock("")
    assert not bar.clock.isVisible()
