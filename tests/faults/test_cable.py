"""A cable pulled, hanging, slow or cut at the worst moment: said in bounded time, saved exactly once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from console.domain.errors import Unavailable, Unsure
from console.domain.roles import Role
from console.services.intake import Intake
from db.engine import CONNECTIONS, Database, open_database
from db.line import SILENCE
from db.models import Ticket
from tests.faults.cable import commits, once
from tests.services.intake_desk import form
from tests.world import seat_for


def ask(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("select 1"))


def write(database: Database) -> str:
    """One row whose key tells whether it arrived."""
    key = uuid4().hex
    with database.writing.begin() as session:
        session.execute(text("insert into probe values (:key)"), {"key": key})
    return key


def arrived(city_url: str, key: str) -> bool:
    database = open_database(city_url)
    with database.reading() as session:
        found = session.scalar(text("select count(*) from probe where key = :key"), {"key": key})
    database.close()
    return found == 1


def timed(work) -> float:
    start = time.monotonic()
    with pytest.raises(Unavailable):
        work()
    return time.monotonic() - start


def test_a_pulled_cable_between_two_questions_is_not_noticed(database, cable) -> None:
    ask(database)
    cable.pull()
    ask(database)
    write(database)


def test_a_cable_pulled_in_a_question_is_said(database, cable) -> None:
    with ThreadPoolExecutor(1) as lane, database.reading() as session:
        session.execute(text("select 1"))
        slow = lane.submit(session.execute, text("select pg_sleep(5)"))
        time.sleep(0.2)
        cable.pull()
        with pytest.raises(Unavailable, match="数据库连接中断"):
            slow.result(3)


def test_a_hanging_cable_is_given_up(database, cable, impatient) -> None:
    with database.reading() as session:
        session.execute(text("select 1"))
        cable.hanging = True
        assert timed(lambda: session.execute(text("select 1"))) < 3
    cable.hanging = False
    ask(database)


def test_asleep_for_an_hour_the_next_question_is_answered(database, cable, impatient) -> None:
    """A firewall that forgot the connections meanwhile swallows what they send; new ones pass."""
    for _ in range(2):
        with database.reading() as one, database.reading() as two:
            one.execute(text("select 1")), two.execute(text("select 1"))
        cable.forget()
        start = time.monotonic()
        ask(database)
        with database.reading() as one, database.reading() as two:
            one.execute(text("select 1")), two.execute(text("select 1"))
        assert time.monotonic() - start < 1.5


def test_nobody_answers_the_telephone_is_said_within_seconds(database, cable) -> None:
    cable.hanging = True
    assert timed(lambda: ask(database)) < 7


def test_whoever_asks_next_does_not_wait_for_the_same_silence(database, cable) -> None:
    cable.hanging = True
    assert timed(lambda: ask(database)) > 4
    assert timed(lambda: ask(database)) < 0.5
    cable.hanging = False
    time.sleep(SILENCE)
    ask(database)


def test_a_slow_server_is_waited_for(database, cable) -> None:
    ask(database)
    cable.delay = 0.2
    start = time.monotonic()
    ask(database)
    assert 0.2 < time.monotonic() - start < 5


def test_cut_before_commit_is_heard_nothing_is_saved_and_that_is_certain(
    city_url, database, cable
) -> None:
    ask(database)
    cable.cut_before = once(commits)
    with pytest.raises(Unavailable, match="数据库连接中断") as fault:
        write(database)
    assert not isinstance(fault.value, Unsure)
    assert cable.cuts == 1
    key = write(database)
    assert arrived(city_url, key)


def test_cut_after_commit_is_heard_it_is_saved_and_the_program_knows(
    city_url, database, cable, caplog
) -> None:
    ask(database)
    cable.cut_after = once(commits)
    key = write(database)
    assert cable.cuts == 1
    assert arrived(city_url, key)
    assert arrived(city_url, write(database))
    assert not caplog.records


def test_cut_at_the_first_commit_of_a_connection(city_url, database, cable) -> None:
    """Nothing of this connection was saved before: there is no mark yet to be read."""
    for cut in ("cut_before", "cut_after"):
        setattr(cable, cut, once(commits))
        if cut == "cut_after":
            assert arrived(city_url, write(database))
        else:
            with pytest.raises(Unavailable):
                write(database)
        database.close()


@pytest.mark.parametrize("heard", [True, False])
def test_away_for_longer_it_is_unsure_and_found_out_later(
    city_url, database, cable, impatient, heard: bool
) -> None:
    ask(database)
    seen = once(commits)

    def gone(data: bytes) -> bool:
        cable.refusing = cable.refusing or seen(data)
        return cable.refusing

    if heard:
        cable.cut_after = gone
    else:
        cable.cut_before = gone
    with pytest.raises(Unsure, match="不确定是否已保存") as doubt:
        write(database)
    with pytest.raises(Unavailable, match="还不能核对"):
        doubt.value.saved()
    cable.refusing, cable.cut_after, cable.cut_before = False, None, None
    assert doubt.value.saved() is heard


def test_a_half_open_line_lets_go_of_what_it_holds(city_url, database, cable, impatient) -> None:
    """COMMIT never reached the server, which does not know that we are gone: the doubt ends it."""
    ask(database)
    seen, done = once(commits), Event()

    def swallow(data: bytes) -> bool:
        return seen(data) and done.wait(10)

    cable.cut_before = swallow
    start = time.monotonic()
    with pytest.raises(Unavailable, match="数据库连接中断") as fault:
        write(database)
    assert not isinstance(fault.value, Unsure)
    assert time.monotonic() - start < 4
    done.set()


def test_a_call_whose_answer_was_lost_is_one_work_order(city_url, database, cable) -> None:
    intake = Intake(seat_for(database, Role.AGENT))
    asked = [form() for _ in range(6)]
    given = []
    for number, one in enumerate(asked):
        if number % 3 == 1:
            cable.cut_after = once(commits)
        elif number % 3 == 2:
            cable.cut_before = once(commits)
        for _ in range(3):
            try:
                given.append(intake.submit(one, True).number)
                break
            except Unavailable:
                continue
    assert cable.cuts >= 4
    keys = [one.key for one in asked]
    with database.reading() as session:
        rows = session.execute(
            select(Ticket.form_key, Ticket.number).where(Ticket.form_key.in_(keys))
        ).all()
    assert sorted(key for key, _ in rows) == sorted(keys)
    assert sorted(number for _, number in rows) == sorted(given)


def test_both_kinds_of_session_draw_on_few_connections(database, cable) -> None:
    with ThreadPoolExecutor(8) as lanes:
        list(lanes.map(lambda n: (write if n % 2 else ask)(database), range(80)))
    assert database.reading.kw["bind"] is database.writing.kw["bind"]
    pool = database.reading.kw["bind"].pool
    assert pool.checkedin() <= CONNECTIONS == 2
    assert cable.calls <= CONNECTIONS
