"""The real desk over a bad line: typing goes on, what was submitted waits and arrives once, doubts are settled."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from sqlalchemy import func, select

from console.domain.changes import Changed, Topic
from console.domain.roles import Role
from console.doubts import Doubts
from console.services.drafts import Drafts
from console.services.intake import Intake
from console.services.orders import Orders
from db.engine import Database
from db.line import SILENCE
from db.models import Ticket, TicketEvent
from tests.faults.cable import Cable, commits, once
from tests.journeys import open_ticket
from tests.services.intake_desk import form
from tests.views.intake_bench import Bench
from tests.world import seat_for


class Pulse(QObject):
    """The longest time the window did not move."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self._last = 0.0, time.monotonic()
        self._timer = QTimer(self, interval=10)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now


@pytest.fixture
def bench(qtbot, database: Database, tmp_path: Path) -> Iterator[Bench]:
    seat, drafts = seat_for(database, Role.AGENT), Drafts(tmp_path)
    seat.numbers.keep_on(drafts.shelf(database.place))
    intake = Intake(seat)
    intake.warm()
    made = Bench(qtbot, desk=intake, drafts=drafts)
    yield made
    made.close()
    drafts.close()


def stored(city: Database, key: str) -> list[str]:
    with city.reading() as session:
        return list(session.scalars(select(Ticket.number).where(Ticket.form_key == key)))


def fill(bench: Bench) -> str:
    """A form that can be dispatched, as typed; its key."""
    typed = replace(form(), key=bench.form.key)
    bench.record.put(typed)
    bench.record.content.setFocus()
    bench.settle()
    return typed.key


@pytest.mark.parametrize("how", ["pull", "hang"])
def test_submitted_over_a_dead_line_it_waits_under_its_final_number_and_arrives_once(
    bench: Bench, database: Database, cable: Cable, impatient: None, how: str
) -> None:
    key, pulse = fill(bench), Pulse()
    cable.refusing = how == "pull"
    cable.pull() if how == "pull" else setattr(cable, "hanging", True)
    bench.keys("F8")
    bench.qtbot.waitUntil(lambda: bool(bench.drafts.waiting()), timeout=25_000)
    (waiting,) = bench.drafts.waiting()
    assert len(waiting.form.number) == 17
    bench.words("门口又积水了")
    bench.settle()
    assert pulse.longest < 0.6
    cable.refusing = cable.hanging = False
    bench.qtbot.wait(int(SILENCE * 1000) if how == "hang" else 0)
    bench.page.outbox.look()
    bench.qtbot.waitUntil(lambda: not bench.drafts.waiting(), timeout=25_000)
    assert stored(database, key) == [waiting.form.number]


def test_the_answer_to_the_commit_is_lost_and_the_window_does_not_notice(
    bench: Bench, database: Database, cable: Cable
) -> None:
    key = fill(bench)
    cable.cut_after = once(commits)
    bench.keys("F8")
    bench.qtbot.waitUntil(lambda: bool(bench.registered), timeout=25_000)
    assert len(stored(database, key)) == 1
    assert bench.drafts.waiting() == ()


@pytest.mark.parametrize("heard", [True, False])
def test_a_note_whose_answer_was_lost_is_looked_up_and_told(
    qtbot, database: Database, cable: Cable, impatient: None, jobs, heard: bool
) -> None:
    """Notes have no key of their own: only the line can say whether one was saved."""
    ticket_id = open_ticket(database)
    orders = Orders(seat_for(database, Role.AGENT))
    owner, doubts = QObject(), Doubts(jobs)
    said, changed, failed = [], [], []
    doubts.settled.connect(lambda words, _tone: said.append(words))
    jobs.changed.connect(changed.append)
    seen = once(commits)

    def gone(data: bytes) -> bool:
        cable.refusing = cable.refusing or seen(data)
        return cable.refusing

    setattr(cable, "cut_after" if heard else "cut_before", gone)
    jobs.write(owner, partial(orders.note, ticket_id, "来电补充情况"), None, failed.append)
    qtbot.waitUntil(lambda: bool(failed), timeout=15_000)
    assert "不确定是否已保存" in failed[0].text
    assert (doubts.count, said) == (1, [])
    cable.refusing, cable.cut_after, cable.cut_before = False, None, None
    qtbot.waitUntil(lambda: bool(said), timeout=15_000)
    assert ("已经保存" in said[0]) is heard
    assert (Changed(frozenset(Topic)) in changed) is heard
    with database.reading() as session:
        query = select(func.count()).where(
            TicketEvent.ticket_id == ticket_id, TicketEvent.move == "note"
        )
        assert session.scalar(query) == int(heard)


@pytest.fixture
def jobs(qapp):
    from console.jobs import Jobs

    made = Jobs(qapp)
    yield made
    made.close()
