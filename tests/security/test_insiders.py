"""Nothing of what insiders try succeeds, and everything leaves a trace (issue: attack by people with logins)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from console.ledger.audit import verify_chain
from db.engine import Database
from tests.security import insiders as office
from tests.security.insiders import owner, psql
from tests.security.traces import Book, keep_traces
from tests.security.tries import (
    AGENT,
    BUREAUS,
    CENTRES,
    NAME,
    OTHER_STREET,
    PHONE,
    REVISITOR,
    ROLES,
    SECRET,
    SECRETS,
    STREET_DESK,
    STREETS,
    TRIES,
    Try,
    line,
)


@pytest.fixture(scope="module")
def city(guarded_server: str) -> Iterator[Database]:
    with office.lent_city(guarded_server) as db:
        keep_traces(guarded_server)
        yield db


@pytest.mark.parametrize("one", TRIES, ids=lambda one: f"{one.group}: {one.what}")
def test_no_try_succeeds_and_each_leaves_a_trace(city: Database, one: Try) -> None:
    with owner(city) as root:
        before = office.contents(root)
        for login in one.by:
            outcome = office.run(city, root, before, login, one)
            who = f"{ROLES[login]} ({login})"
            assert not outcome.told, f"{who} was told something"
            assert not outcome.changed, f"{who} changed {sorted(outcome.changed)}"
            assert outcome.traced, (
                f"{who} left no trace: {outcome.refusal or 'answered with nothing'}"
            )


def test_a_check_of_the_check_what_is_allowed_does_change_something(city: Database) -> None:
    allowed = Try("", "a note", (AGENT,), (line(CENTRES, "note", "pending_dispatch"),))
    with owner(city) as root:
        before = office.contents(root)
        outcome = office.run(city, root, before, AGENT, allowed)
    assert outcome.changed == {"public.ticket_event"}


def test_a_check_of_the_check_what_is_told_is_seen_to_be_told(city: Database) -> None:
    with owner(city) as root:
        _refusal, told = office.attempt(root, Try("", "", (), ("select phone from appellant",)))
    assert told


# --- what takes more than one transaction


def test_no_plan_tells_whether_another_unit_has_such_a_work_order(city: Database) -> None:
    """EXPLAIN ANALYZE must look the same whether a work order of others has the text or not."""
    plan = "explain (analyze, costs off, timing off, summary off, buffers off) select 1 from ticket where {0}"
    with psql(city, OTHER_STREET) as raw:
        for column in ("title", "content", "place", "respondent"):
            asked = (f"{column} >= ''", f"{column} >= '龥龥龥'", f"{column} = '没有这样的'")
            plans = {
                # The text asked for stands in the plan itself.
                "\n".join(str(line[0]) for line in raw.execute(plan.format(one)) if "Filter: " not in str(line[0]))
                for one in asked
            }  # fmt: skip
            assert len(plans) == 1, column


def test_snapshots_of_eight_sessions_do_not_multiply_the_cap(city: Database) -> None:
    def reveal(_session: int) -> int:
        with psql(city, REVISITOR) as raw:
            made = 0
            for _time in range(6):
                try:
                    with raw.transaction():
                        raw.execute("set transaction isolation level repeatable read")
                        raw.execute(
                            f"select hotline.ask('ticket', {BUREAUS}, '{{phone}}', '看', '')"
                        )
                    made += 1
                except psycopg.Error:
                    continue
            return made

    with ThreadPoolExecutor(7) as sessions:
        assert sum(sessions.map(reveal, range(7))) == 0
    with city.reading() as session:
        assert verify_chain(session) is None


def test_eight_sessions_at_once_take_no_more_than_the_cap(city: Database) -> None:
    def reveal(_session: int) -> int:
        made = 0
        with psql(city, REVISITOR) as raw:
            for _time in range(6):
                try:
                    raw.execute(f"select hotline.ask('ticket', {BUREAUS}, '{{phone}}', '看', '')")
                    made += 1
                except psycopg.Error:
                    continue
        return made

    with ThreadPoolExecutor(7) as sessions:
        assert sum(sessions.map(reveal, range(7))) == 20


def test_several_sessions_of_one_login_share_one_pace(city: Database) -> None:
    def look(_session: int) -> int:
        with psql(city, "0018") as raw:
            for made in range(200):
                try:
                    raw.execute("select hotline.key_of(%s)", (f"1990000{made:04d}",))
                except psycopg.Error:
                    return made
            return 200

    with ThreadPoolExecutor(6) as sessions:
        assert sum(sessions.map(look, range(6))) in range(298, 306)


def test_the_log_keeps_who_wrote_a_confidential_name_even_when_taken_back(city: Database) -> None:
    with owner(city) as root, psql(city, STREET_DESK) as raw:
        book = Book(root)
        note = line(SECRET, "note", "pending_sign").replace(
            "'', '{}', ''", f"'是{NAME}吗', '{{}}', ''"
        )
        raw.execute("begin")
        struck = raw.execute(f"{note} returning note").fetchone()
        raw.execute("rollback")
        assert struck == ("是（保密）吗",)
        assert "wrote the caller's name or number into confidential work order 4" in book.read()


def test_the_servers_log_has_no_citizen_in_it(city: Database) -> None:
    """The console's own statements carry their values apart, and those are not logged, not even when they fail."""
    with owner(city) as root, psql(city, AGENT) as raw:
        book = Book(root)
        for statement, values in (
            ("select hotline.key_of(%s), 1/0", (PHONE,)),
            ("insert into call (call_no, caller_no) values ('c-1', %s)", (PHONE,)),
            ("update person set name = %s", (NAME,)),
        ):
            with pytest.raises(psycopg.Error):
                raw.execute(statement, values)
        written = book.read()
    assert "hl_0017" in written
    assert "permission denied for table person" in written
    for secret in SECRETS:
        assert secret not in written


def test_a_unit_that_declines_still_writes_its_line(city: Database) -> None:
    """What one gives up is out of sight only when that is saved."""
    with psql(city, STREET_DESK) as raw:
        raw.execute("begin")
        raw.execute(f"update assignment set state = 'returned' where ticket_id = {STREETS}")
        assert raw.execute(f"select count(*) from ticket where id = {STREETS}").fetchone() == (1,)
        raw.execute("rollback")
