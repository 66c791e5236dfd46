"""What other workstations change is heard: on SQLite by looking, on PostgreSQL because the server says so."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from console.domain.changes import Changed, Link, Topic
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.services.orders import Orders
from db.changes import Changes, listening, notified
from db.engine import Database, open_database
from db.models import (
    Bulletin,
    Call,
    DailyTask,
    Enterprise,
    House,
    Inspection,
    KnowledgeEntry,
    Patrol,
    RegisterChange,
    TicketEvent,
    Visit,
)
from tests.faults.cable import Cable, behind
from tests.journeys import STREET, dispatch, dispatched, open_ticket
from tests.registers.city import furnish
from tests.world import logged_in, operator, seat_for

OTHER_STREET = 11


@dataclass
class Heard:
    """A listener on a thread of its own, and what it said."""

    db: Database
    news: list[Changed | Link] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.changes = Changes(self.db)
        self.thread = threading.Thread(target=self.changes.run, args=(self._take, self.stop.is_set))
        self.thread.start()
        until(lambda: Link(connected=True) in self.news)

    def _take(self, news: Changed | Link) -> None:
        self.times.append(time.monotonic())
        self.news.append(news)

    @property
    def changed(self) -> list[Changed]:
        return [one for one in self.news if isinstance(one, Changed)]

    @property
    def links(self) -> list[Link]:
        return [one for one in self.news if isinstance(one, Link)]

    def of(self, topic: Topic) -> list[Changed]:
        return [one for one in self.changed if topic in one.topics]

    def end(self) -> None:
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@pytest.fixture(params=["sqlite", "postgresql"])
def two(request, tmp_path) -> Iterator[tuple[Database, Database]]:
    """The same city seen by two workstations: the second is another program's."""
    here: Database = request.getfixturevalue(
        "world" if request.param == "sqlite" else "guarded_world"
    )
    there = open_database(here.url)
    yield here, there
    there.close()


@pytest.fixture
def listen() -> Iterator[Callable[[Database], Heard]]:
    made: list[Heard] = []

    def start(db: Database) -> Heard:
        made.append(Heard(db))
        return made[-1]

    yield start
    for one in made:
        one.end()


def test_what_another_workstation_does_is_heard_with_the_work_order(two, listen) -> None:
    here, there = two
    heard = listen(here)
    ticket_id = open_ticket(there)
    until(lambda: heard.of(Topic.TICKETS))
    assert heard.of(Topic.TICKETS)[0].ids == (ticket_id,)
    dispatch(there, ticket_id)
    until(lambda: len(heard.of(Topic.TICKETS)) > 1)
    assert {one.ids for one in heard.of(Topic.TICKETS)} == {(ticket_id,)}


def test_ones_own_doing_is_not_heard_again(two, listen) -> None:
    here, there = two
    heard = listen(here)
    mine, theirs = open_ticket(here), open_ticket(there)
    until(lambda: heard.of(Topic.TICKETS))
    time.sleep(0.5)
    assert {ticket for one in heard.of(Topic.TICKETS) for ticket in one.ids} == {theirs}
    assert mine != theirs


def test_calls_notices_and_who_looks_are_heard(two, listen) -> None:
    here, there = two
    ticket_id = open_ticket(there)
    time.sleep(0.1)
    heard = listen(here)
    now = datetime.now(UTC)
    with there.writing.begin() as session:
        session.add(Call(call_no="C1", caller_no="19900001234", called_no="12345", ring_at=now))
    until(lambda: heard.of(Topic.CALLS))
    with there.writing.begin() as session:
        session.add(Bulletin(title="停水", text="今日停水", posted_at=now, posted_by="演练"))
    until(lambda: heard.of(Topic.KNOWLEDGE))
    orders = Orders(seat_for(there, Role.DISPATCHER))
    orders.set_presence(ticket_id)
    until(lambda: heard.of(Topic.PRESENCE))
    assert heard.of(Topic.PRESENCE)[0] == Changed(frozenset({Topic.PRESENCE}), (ticket_id,))
    before = len(heard.of(Topic.PRESENCE))
    orders.set_presence(ticket_id)
    time.sleep(0.6)
    assert len(heard.of(Topic.PRESENCE)) == before, "still there is no news"
    orders.leave(ticket_id)
    until(lambda: len(heard.of(Topic.PRESENCE)) > before)


def _house(session) -> None:
    session.get_one(House, 2).usage = "自住"
    session.add(_line("house", 2, "usage"))


def _firm(session) -> None:
    session.get_one(Enterprise, 1).employees = 3
    session.add(_line("enterprise", 1, "employees"))


def _inspection(session) -> None:
    at = datetime.now(UTC)
    session.add(Inspection(enterprise_id=1, at=at, inspector="演练", hazards="灭火器过期"))


def _visit(session) -> None:
    session.add(Visit(member_id=1, at=datetime.now(UTC), visitor="演练", condition="安好"))


def _patrol(session) -> None:
    at = datetime.now(UTC)
    session.add(Patrol(number="XC1", staff_id=1, grid_id=30, started_at=at))


def _task(session) -> None:
    session.add(DailyTask(staff_id=1, on_day=civil_date(datetime.now(UTC)), task="看消防通道"))


def _line(register: str, row_id: int, name: str) -> RegisterChange:
    at = datetime.now(UTC)
    return RegisterChange(register=register, row_id=row_id, field=name, at=at, changed_by="演练")


@pytest.mark.parametrize("change", [_house, _firm, _inspection, _visit, _patrol, _task])
def test_what_the_grids_register_is_heard_and_no_address_book_is_read_again(
    two, listen, change
) -> None:
    here, there = two
    furnish(there)
    heard = listen(here)
    before = len(heard.of(Topic.PEOPLE))
    with there.writing.begin() as session:
        change(session)
    until(lambda: len(heard.of(Topic.PEOPLE)) > before)
    assert heard.of(Topic.PLACES) == []


def test_a_burst_is_told_together(two, listen) -> None:
    here, there = two
    heard = listen(here)
    made = {open_ticket(there) for _ in range(40)}
    until(lambda: {ticket for one in heard.of(Topic.TICKETS) for ticket in one.ids} == made)
    spread = [t for t, one in zip(heard.times, heard.news, strict=True) if isinstance(one, Changed)]
    assert len(spread) < 40
    assert all(b - a >= 0.09 for a, b in pairwise(spread))


def test_what_moved_while_the_line_was_opened_is_not_lost(two, listen) -> None:
    """The pages read their lists while the line is still being opened."""
    here, there = two
    early = open_ticket(there)
    heard = listen(here)
    until(lambda: heard.of(Topic.TICKETS))
    assert early in heard.of(Topic.TICKETS)[0].ids


# --- PostgreSQL alone


def admin(db: Database) -> psycopg.Connection:
    url = make_url(db.url).set(drivername="postgresql", username="postgres")
    return psycopg.connect(url.render_as_string(False), autocommit=True)


def kill_listeners(db: Database) -> int:
    with admin(db) as raw:
        return len(
            raw.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and query ~ '^(LISTEN|SELECT hotline.(moved|newest))'"
            ).fetchall()
        )


def test_a_cut_line_is_found_again_and_what_was_missed_is_told_once(
    guarded_world, listen, monkeypatch
) -> None:
    monkeypatch.setattr(listening, "FIRST_WAIT", 1.0)
    heard = listen(guarded_world)
    time.sleep(0.3)
    heard.news.clear()
    assert kill_listeners(guarded_world) == 1
    until(lambda: Link(connected=False) in heard.news)
    there = open_database(guarded_world.url)
    missed = [open_ticket(there) for _ in range(3)]
    until(lambda: Link(connected=True, again=True) in heard.news)
    until(lambda: heard.changed)
    time.sleep(0.5)
    everything = [one for one in heard.of(Topic.TICKETS) if not one.ids]
    assert len(everything) == 1, "told once, as anything may have changed"
    assert everything[0].topics == frozenset(Topic) - {Topic.PRESENCE}
    heard.news.clear()
    after = open_ticket(there)
    until(lambda: heard.of(Topic.TICKETS))
    assert after in heard.of(Topic.TICKETS)[0].ids
    assert missed
    there.close()


def test_a_server_that_takes_the_question_and_never_answers_is_found_out(
    guarded_world, listen, monkeypatch
) -> None:
    """Half open: TCP believes in the line, nobody is there. The pulse does not."""
    monkeypatch.setattr(notified, "PULSE_SECONDS", 0.3)
    monkeypatch.setattr(notified, "ANSWER_SECONDS", 0.5)
    heard = listen(guarded_world)
    monkeypatch.setattr(notified, "_NEWEST", b"SELECT 1 FROM pg_sleep(3) WHERE $1::float8 >= 0")
    until(lambda: Link(connected=False) in heard.news, 5)
    monkeypatch.undo()
    until(lambda: Link(connected=True, again=True) in heard.news, 15)


def test_a_line_of_the_log_nobody_told_of_is_found_by_the_pulse(
    guarded_world, listen, monkeypatch
) -> None:
    monkeypatch.setattr(notified, "PULSE_SECONDS", 0.3)
    heard = listen(guarded_world)
    with admin(guarded_world) as raw:
        raw.execute("alter table ticket_event disable trigger tell_lines")
    there = open_database(guarded_world.url)
    ticket_id = open_ticket(there)
    until(lambda: heard.of(Topic.TICKETS), 5)
    assert heard.of(Topic.TICKETS)[0].ids == (ticket_id,)
    there.close()


def test_a_unit_hears_only_what_is_or_was_its_own(guarded_world, listen) -> None:
    unit = logged_in(guarded_world, operator(Role.STREET_DESK))
    heard = listen(unit)
    foreign = dispatched(guarded_world, OTHER_STREET)
    mine = dispatched(guarded_world, STREET)
    until(lambda: heard.of(Topic.TICKETS))
    time.sleep(0.4)
    ids = {ticket for one in heard.of(Topic.TICKETS) for ticket in one.ids}
    assert ids == {mine}
    assert all(one.ids for one in heard.of(Topic.TICKETS))
    assert foreign not in ids


def test_a_notification_holds_no_name_and_no_number(guarded_world) -> None:
    with admin(guarded_world) as ear:
        ear.execute("listen hotline")
        ticket_id = dispatched(guarded_world)
        Orders(seat_for(guarded_world, Role.DISPATCHER)).set_presence(ticket_id)
        with guarded_world.writing.begin() as session:
            now = datetime.now(UTC)
            session.add(Call(call_no="C1", caller_no="19900001234", called_no="12345", ring_at=now))
            session.add(
                KnowledgeEntry(
                    id=9000, title="停水", short_answer="今日停水", updated_at=now, pieces=""
                )
            )
        said = [note.payload for note in ear.notifies(timeout=1)]
        newest = ear.execute("select max(id) from ticket_event").fetchone()[0]
    assert {words.split()[0] for words in said} == {"tickets", "presence", "calls", "knowledge"}
    numbers = {int(n) for words in said for n in words.split()[1:]}
    assert numbers <= {ticket_id, *range(1, newest + 1)}


def test_use_alone_tells_nothing(guarded_world) -> None:
    now = datetime.now(UTC)
    with guarded_world.writing.begin() as session:
        session.add(
            KnowledgeEntry(id=9000, title="停水", short_answer="今日", updated_at=now, pieces="")
        )
    with admin(guarded_world) as ear:
        ear.execute("listen hotline")
        ear.execute("update knowledge_entry set hit_count = hit_count + 1")
        ear.execute("update account set failures = failures + 1")
        assert list(ear.notifies(timeout=0.5)) == []


def test_made_up_notifications_do_no_harm(guarded_world, listen) -> None:
    heard = listen(guarded_world)
    with admin(guarded_world) as raw:
        for words in ("x", "", "tickets", "tickets a b", "tickets 1 2 3", "presence", "tickets -1 9",
                      "presence 1 2", "tickets 1 999999999999999999", "calls 5"):  # fmt: skip
            raw.execute("select pg_notify('hotline', %s)", [words])
        raw.execute("select pg_notify('elsewhere', 'calls')")
        raw.execute("select pg_notify('hotline', 'seats')")
    until(lambda: heard.of(Topic.SEATS))
    assert heard.thread.is_alive()
    assert heard.links == [Link(connected=True)]


def test_the_listener_holds_one_connection(guarded_world, listen) -> None:
    def connections() -> int:
        with admin(guarded_world) as raw:
            query = "select count(*) from pg_stat_activity where datname = current_database()"
            return raw.execute(query).fetchone()[0] - 1

    with guarded_world.reading() as session:
        session.scalar(select(func.count(TicketEvent.id)))
    before = connections()
    heard = listen(guarded_world)
    assert connections() == before + 1
    heard.end()
    until(lambda: connections() == before)


def test_waiting_after_a_loss_is_spread_and_bounded(world, monkeypatch) -> None:
    changes = Changes(world)
    waits: list[float] = []
    clock = [0.0]
    monkeypatch.setattr(listening, "monotonic", lambda: clock[0])

    def let_go(seconds: float) -> bool:
        clock[0] += seconds
        return False

    monkeypatch.setattr(changes._now, "wait", let_go)
    for attempt in [*range(1, 12)] * 20:
        changes._attempt, start = attempt, clock[0]
        changes._rest(lambda: False)
        waits.append(clock[0] - start)
    assert max(waits) <= listening.LONGEST_WAIT + 0.2
    assert len({round(wait, 1) for wait in waits}) > 20, "not all at the same moment"


def test_a_machine_that_slept_asks_at_once(guarded_world, listen, monkeypatch) -> None:
    heard = listen(guarded_world)
    real, asked = time.time, []
    asks = notified.Notified.look_soon
    monkeypatch.setattr(
        notified.Notified, "look_soon", lambda self: (asked.append(1), asks(self))[1]
    )
    time.sleep(0.3)
    assert asked == []
    monkeypatch.setattr(listening, "time", lambda: real() + timedelta(hours=1).total_seconds())
    until(lambda: asked)
    assert heard.thread.is_alive()


def test_an_unguarded_server_is_looked_at(guarded_world, listen) -> None:
    """Without the triggers changes are still found, a little later."""
    with admin(guarded_world) as raw:
        raw.execute("drop function hotline.moved")
    there = open_database(guarded_world.url)
    heard = listen(guarded_world)
    ticket_id = open_ticket(there)
    until(lambda: heard.of(Topic.TICKETS))
    assert ticket_id in heard.of(Topic.TICKETS)[0].ids
    with there.reading() as session:
        assert session.scalar(text("select 1")) == 1
    there.close()


def through(cable: Cable, url: str) -> str:
    way = make_url(url).set(host="127.0.0.1", port=cable.port, query={"sslmode": "disable"})
    return way.render_as_string(False)


def test_a_half_open_line_is_found_out_and_left(guarded_world, monkeypatch) -> None:
    """The cable swallows everything from now on; TCP on both sides believes in it. New calls go through."""
    monkeypatch.setattr(notified, "PULSE_SECONDS", 0.5)
    monkeypatch.setattr(notified, "ANSWER_SECONDS", 1.0)
    cable = Cable(behind(guarded_world.url))
    here = open_database(through(cable, guarded_world.url))
    heard = Heard(here)
    cable.forget()
    lost_after = time.monotonic()
    until(lambda: Link(connected=False) in heard.news, 10)
    assert time.monotonic() - lost_after < 5
    until(lambda: Link(connected=True, again=True) in heard.news, 10)
    heard.news.clear()
    ticket_id = open_ticket(guarded_world)
    until(lambda: heard.of(Topic.TICKETS))
    assert heard.of(Topic.TICKETS)[0].ids == (ticket_id,)
    heard.end()
    here.close()
    cable.close()


def test_a_server_away_for_a_while_is_found_again(guarded_world) -> None:
    cable = Cable(behind(guarded_world.url))
    here = open_database(through(cable, guarded_world.url))
    heard = Heard(here)
    cable.refusing = True
    cable.pull()
    until(lambda: len([one for one in heard.links if not one.connected]) >= 3, 20)
    cable.refusing = False
    until(lambda: Link(connected=True, again=True) in heard.news, 20)
    until(lambda: any(not one.ids for one in heard.of(Topic.TICKETS)))
    heard.end()
    here.close()
    cable.close()
