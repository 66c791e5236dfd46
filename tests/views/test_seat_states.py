"""示闲, 示忙, 小休 and what follows the call, on real jobs and a real database; the overseers see the counts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.domain.seats import AgentState
from console.jobs import Jobs
from console.services.seats import Seats
from console.views.call_bar import CallBar, PhoneState
from console.views.seat_states import SeatStates
from console.views.status_bar import StatusBar
from db.models import Attendance
from tests.world import operator, seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


class Place:
    def __init__(self, qtbot, jobs, world, role: Role) -> None:
        who = operator(role)
        self.bar, self.foot = CallBar(), StatusBar(who)
        for widget in (self.bar, self.foot):
            qtbot.addWidget(widget)
            widget.show()
        seats = Seats(seat_for(world, role))
        self.states = SeatStates(jobs, seats, who.account_id, self.bar, self.foot)


def written(world) -> list[tuple[str, bool]]:
    with world.reading() as session:
        rows = session.scalars(select(Attendance).order_by(Attendance.id))
        return [(row.state, row.ended_at is not None) for row in rows]


def test_the_states_of_a_call_are_written_one_after_the_other(qtbot, jobs, world) -> None:
    place = Place(qtbot, jobs, world, Role.AGENT)
    place.states.take_calls()
    place.states.call_shown(PhoneState.RINGING, None)
    place.states.call_shown(PhoneState.TALKING, None)
    place.states.call_shown(PhoneState.TALKING, None)
    place.states.call_shown(PhoneState.IDLE, None)
    assert place.bar.agent_state.currentData() == AgentState.WRAP_UP
    place.states.filed(None)
    assert place.bar.agent_state.currentData() == AgentState.READY
    place.bar.agent_state.setCurrentIndex(1)
    place.bar.agent_state.activated.emit(1)
    place.states.leave()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert written(world) == [
        ("ready", True), ("talking", True), ("wrap_up", True), ("ready", True), ("busy", True),
    ]  # fmt: skip


def test_the_overseer_sees_how_many_do_what_as_it_changes(qtbot, jobs, world) -> None:
    agent = Seats(seat_for(world, Role.AGENT))
    agent.go(AgentState.READY)
    place = Place(qtbot, jobs, world, Role.SUPERVISOR)
    place.states.watch()
    qtbot.waitUntil(lambda: place.foot.seats.text() == "坐席 示闲 1")
    assert place.foot.seats.isVisible()
    jobs.announce(agent.go(AgentState.BREAK))
    qtbot.waitUntil(lambda: place.foot.seats.text() == "坐席 小休 1")
    jobs.announce(agent.leave(operator(Role.AGENT).account_id))
    qtbot.waitUntil(lambda: not place.foot.seats.isVisible())


def test_others_are_not_shown_who_works(qtbot, jobs, world) -> None:
    place = Place(qtbot, jobs, world, Role.AGENT)
    place.states.watch()
    assert not place.foot.seats.isVisible()
    with pytest.raises(NotAllowed):
        Seats(seat_for(world, Role.AGENT)).counts()


def test_a_console_that_died_does_not_count_for_ever(world) -> None:
    Seats(seat_for(world, Role.AGENT)).go(AgentState.READY)
    with world.writing.begin() as session:
        row = session.scalars(select(Attendance)).one()
        row.started_at -= timedelta(hours=13)
    assert Seats(seat_for(world, Role.SUPERVISOR)).counts().words == ""


def test_under_the_databases_own_guard_one_writes_only_ones_own_seat(guarded_world) -> None:
    agent = Seats(seat_for(guarded_world, Role.AGENT))
    agent.go(AgentState.READY)
    agent.go(AgentState.BUSY)
    assert Seats(seat_for(guarded_world, Role.SUPERVISOR)).counts().words == "坐席 示忙 1"
    dispatcher = Seats(seat_for(guarded_world, Role.DISPATCHER))
    dispatcher.leave(operator(Role.AGENT).account_id)
    assert Seats(seat_for(guarded_world, Role.SUPERVISOR)).counts().words == "坐席 示忙 1"
