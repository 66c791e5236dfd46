"""A whole console of a dispatcher keeps while it stands, and leaves its place when it closes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from console import rounds
from console.domain.roles import Role
from db.models import KeeperLease, Ticket, Urging
from tests.flows.conftest import Running
from tests.journeys import dispatched


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(rounds, "FIRST_SWEEP_MS", 50)


def test_a_dispatchers_console_keeps_and_leaves(quick, qtbot, qapp, world, tmp_path) -> None:
    dispatched(world)
    with world.writing.begin() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.yellow_at = ticket.accepted_at - timedelta(minutes=1)
    running = Running(qapp, world, tmp_path / "home")
    with qtbot.waitSignal(running.console.jobs.changed, timeout=15_000):
        running.open(Role.DISPATCHER)
    with world.reading() as session:
        assert len(session.scalars(select(Urging.id)).all()) == 1
        assert session.get(KeeperLease, "keeper") is not None
    # An agent sits down at the same machine: somebody else may keep.
    running.open(Role.AGENT)
    qtbot.waitUntil(lambda: not running.console.jobs.is_busy, timeout=10_000)
    with world.reading() as session:
        assert session.get(KeeperLease, "keeper") is None
    running.console.shut_window()
    running.console.close()
    running.console.deleteLater()
    assert running.faults == []
