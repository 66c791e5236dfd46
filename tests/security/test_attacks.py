"""An operator with psql and his or her own password: every try here must fail (issue 4, Must show)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from console.domain.moves import Move
from console.domain.roles import Role
from console.ledger.audit import verify_chain
from console.services.handling import Handling
from console.services.orders import Orders
from db.engine import Database
from db.models import Appellant, Ticket
from db.security import login_name, revoke_login
from tests.journeys import DEPARTMENT, STREET, dispatch, open_ticket
from tests.world import PASSWORD, seat_for

AGENT, SUPERVISOR, STREET_CLERK, OTHER_STREET, WORKER = "0017", "0002", "s101", "s111", "g301"
BUREAU, INSPECTOR, ADMIN, CLERK, OVERSEER = "d401", "i001", "a001", "0061", "0051"
EVERYBODY = (
    AGENT,
    SUPERVISOR,
    STREET_CLERK,
    OTHER_STREET,
    WORKER,
    BUREAU,
    INSPECTOR,
    ADMIN,
    CLERK,
    OVERSEER,
)


@contextmanager
def psql(db: Database, login: str) -> Iterator[psycopg.Connection[Any]]:
    """A plain connection as that person."""
    url = make_url(db.url).set(drivername="postgresql", username=f"hl_{login}", password=PASSWORD)
    with psycopg.connect(url.render_as_string(False), autocommit=True) as raw:
        yield raw


@contextmanager
def owner(db: Database) -> Iterator[psycopg.Connection[Any]]:
    url = make_url(db.url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(False), autocommit=True) as raw:
        yield raw


@pytest.fixture
def city(guarded_world: Database) -> Database:
    """One work order at a street, one at a department, one still at the centre."""
    for unit in (STREET, DEPARTMENT, None):
        ticket_id = open_ticket(guarded_world)
        with guarded_world.writing.begin() as session:
            ticket = session.get_one(Ticket, ticket_id)
            session.add(
                Appellant(
                    ticket_id=ticket_id, name="叶长青", phone="19900001234",
                    joined_at=ticket.created_at,
                )
            )  # fmt: skip
        if unit is not None:
            dispatch(guarded_world, ticket_id, unit)
    return guarded_world


# --- reading what is not one's own

FORBIDDEN_READS = (
    "select phone from appellant",
    "select name from appellant where ticket_id = 1",
    "select * from appellant",
    "select id from appellant where phone = '19900001234'",
    "select count(*) from appellant where phone like '199%'",
    "select id_number from person",
    "select * from person",
    "select name, phone from person where id = 1",
    "select emergency_phone from household",
    "select password_hash from account",
    "select failures from account",
    "select * from account",
    "select rolpassword from pg_authid",
    "select pieces from ticket_text",
    "select ts_headline(pieces::text, 'x'::tsquery) from ticket_text",
    "table lifecycle_rule",
    "table reveal_limit",
    "select hotline.me()",
    "copy appellant to stdout",
    "copy (select phone from appellant) to stdout",
    "copy ticket to program 'cat'",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select lo_create(0)",
    "select query_to_xml('select phone from appellant', true, true, '')",
    "select table_to_xml('appellant', true, true, '')",
    "select most_common_vals from pg_stats where tablename = 'appellant' and attname = 'phone' and "
    "most_common_vals is not null",
    "select * from pg_statistic",
)


@pytest.mark.parametrize("login", EVERYBODY)
def test_nobody_reads_contacts_identities_or_secrets(city: Database, login: str) -> None:
    with psql(city, login) as raw:
        for statement in FORBIDDEN_READS:
            assert not _told(raw, statement), f"{login} was told by: {statement}"


def _told(raw: psycopg.Connection[Any], statement: str) -> list[Any]:
    try:
        found = raw.execute(statement)
        return found.fetchall() if found.description else []
    except psycopg.Error:
        return []


def test_a_check_of_the_check_the_owner_is_told(city: Database) -> None:
    with owner(city) as raw:
        assert _told(raw, "select phone from appellant")
        assert _told(raw, "select id_number from person")


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        (AGENT, 3), (SUPERVISOR, 3), (INSPECTOR, 3), (OVERSEER, 3), (CLERK, 3), (STREET_CLERK, 1), (BUREAU, 1),
        (OTHER_STREET, 0), (WORKER, 0),
    ],
)  # fmt: skip
def test_a_unit_sees_its_own_branch_only(city: Database, login: str, seen: int) -> None:
    with psql(city, login) as raw:
        assert raw.execute("select count(*) from ticket").fetchone() == (seen,)
        for table in ("assignment", "ticket_event"):
            query = sql.SQL("select count(distinct ticket_id) from {}").format(
                sql.Identifier(table)
            )
            assert raw.execute(query).fetchone() <= (seen,)


def test_an_administrator_sees_no_citizen_at_all(city: Database) -> None:
    tables = (
        "ticket",
        "assignment",
        "ticket_event",
        "appellant",
        "person",
        "household",
        "call",
        "attachment",
    )
    with psql(city, ADMIN) as raw:
        for table in tables:
            assert not _told(raw, f"select 1 from {table}")
            assert not _told(raw, f"select count(*) from {table} having count(*) > 0")


def test_search_tells_a_unit_only_what_it_may_see(city: Database) -> None:
    with psql(city, OTHER_STREET) as raw:
        assert (
            raw.execute("select * from hotline.find_tickets(%s, 50)", ("'下水'",)).fetchall() == []
        )
        with pytest.raises(errors.SyntaxError):
            raw.execute("select * from hotline.find_tickets(%s, 50)", ("'; drop table ticket --",))


# --- writing what is not one's own

FORBIDDEN_WRITES = (
    "update account set role = 'supervisor' where login = '{login}'",
    "insert into account (login, agent_no, name, role, unit_id) values ('x','x','x','admin',1)",
    "grant hotline_supervisor to hl_{login}",
    "alter role hl_{login} superuser",
    "alter role hl_{login} bypassrls",
    "set role postgres",
    "set session authorization postgres",
    "alter table ticket disable row level security",
    "drop policy whole_city on ticket",
    "create or replace function hotline.my_role() returns text language sql as $$ select 'supervisor' $$",
    "create function public.f() returns int language sql as $$ select 1 $$",
    "create schema mine",
    "delete from ticket",
    "truncate ticket",
    "update ticket set state = 'closed'",
    "update ticket set number = '1'",
    "update ticket set creator_id = 1",
    "update ticket_event set note = 'x'",
    "delete from ticket_event",
    "insert into audit_entry (at, actor_name, workstation, action, digest) values (now(), 'x', 'x', 'x', 'x')",
    "update audit_entry set reason = ''",
    "delete from audit_entry",
    "delete from appellant",
    "delete from stored_file",
    "update lifecycle_rule set role = 'agent'",
    "update reveal_limit set per_hour = 100000",
    "insert into ticket_scope values (1, '990101002')",
    "update city set policy_pack = 'x'",
    "alter system set log_statement = 'none'",
)
TABLES = (
    "ticket", "ticket_event", "assignment", "appellant", "account", "audit_entry", "lifecycle_rule", "reveal_limit",
    "ticket_scope", "city",
)  # fmt: skip


@pytest.mark.parametrize("login", EVERYBODY)
def test_nobody_writes_past_the_rules(city: Database, login: str) -> None:
    before = everything(city)
    with psql(city, login) as raw:
        for statement in FORBIDDEN_WRITES:
            _told(raw, statement.format(login=login))
        powers = raw.execute(
            "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = session_user"
        )
        assert powers.fetchone() == (False, False, False)
    assert everything(city) == before


def everything(db: Database) -> dict[str, Any]:
    with owner(db) as raw:
        found = {}
        for table in TABLES:
            query = sql.SQL("select array_agg(x::text order by x::text) from {} x")
            found[table] = raw.execute(query.format(sql.Identifier(table))).fetchone()
        return found


EVENT = """insert into ticket_event (ticket_id, at, move, actor_id, actor_name, actor_role, unit_name, state_after,
    note, inputs, workstation) select id, '2020-01-01', %(move)s, %(who)s, '市长', 'leader', '市政府', %(state)s,
    '', '{}', '' from ticket limit 1"""


def test_a_change_without_an_allowed_move_is_refused_at_commit(city: Database) -> None:
    """Even a column the role may write: not without a log line, nor with a move that leads elsewhere."""
    tries = (
        (None, "update ticket set urge_count = 99"),
        ({"move": "close", "who": 7, "state": "closed"}, "update ticket set state = 'closed'"),
        ({"move": "note", "who": 7, "state": "closed"}, "update ticket set state = 'closed'"),
        ({"move": "sign", "who": 7, "state": "archived"}, "update ticket set state = 'archived'"),
    )
    with psql(city, STREET_CLERK) as raw:
        for event, change in tries:
            with pytest.raises(errors.InsufficientPrivilege, match="logged move"):
                _change(raw, event, change)
        assert raw.execute("select state from ticket").fetchone() == ("pending_sign",)


def _change(raw: psycopg.Connection[Any], event: dict[str, Any] | None, change: str) -> None:
    with raw.transaction():
        if event:
            raw.execute(EVENT, event)
        raw.execute(change)


def _change(raw: psycopg.Connection[Any], event: dict[str, Any] | None, change: str) -> None:
    with raw.transaction():
        if event:
            raw.execute(EVENT, event)
        raw.execute(change)


def test_a_log_line_names_its_writer_whatever_it_claims(city: Database) -> None:
    with psql(city, STREET_CLERK) as raw:
        raw.execute(EVENT, {"move": "note", "who": 2, "state": "pending_sign"})
        line = raw.execute(
            "select actor_id, actor_name, actor_role, unit_name, at > now() - interval '1 minute' "
            "from ticket_event order by id desc limit 1"
        ).fetchone()
    assert line == (7, "王街 S101", "street_desk", "清河街道办事处", True)


# --- revealing


ASK = "select hotline.ask('ticket', %s, '{phone}', %s, 'WS')"
DISCLOSE = "select hotline.disclose(%s)"


def _revealed(raw: psycopg.Connection[Any], ticket_id: int, why: str) -> Any:
    line = raw.execute(ASK, (ticket_id, why)).fetchone()
    return raw.execute(DISCLOSE, line).fetchone()


def test_a_reveal_is_logged_with_its_reason_and_capped_by_the_hour(city: Database) -> None:
    with psql(city, AGENT) as raw:
        with pytest.raises(psycopg.Error, match="reason"):
            _revealed(raw, 1, " ")
        for _ in range(20):
            assert _revealed(raw, 1, "核对回电号码") == (["19900001234"],)
        with pytest.raises(psycopg.Error, match="too many"):
            _revealed(raw, 1, "再看一次")
    with psql(city, OVERSEER) as raw:
        count = raw.execute("select count(*) from audit_entry where action = 'reveal'")
        assert count.fetchone() == (20,)
    with city.reading() as session:
        assert verify_chain(session) is None, "the server's links are the program's links"


def test_nobody_is_told_in_a_transaction_that_may_take_the_line_back(city: Database) -> None:
    with psql(city, AGENT) as raw:
        raw.execute("begin")
        line = raw.execute(ASK, (1, "看完就撤")).fetchone()
        raw.execute("savepoint here")
        with pytest.raises(psycopg.Error, match="not for you"):
            raw.execute(DISCLOSE, line)
        raw.execute("rollback to here")
        raw.execute("rollback")
        with pytest.raises(psycopg.Error, match="not for you"):
            raw.execute(DISCLOSE, line)


def test_what_a_colleague_asked_for_is_not_told_to_others(city: Database) -> None:
    with psql(city, AGENT) as raw, psql(city, SUPERVISOR) as other:
        line = raw.execute(ASK, (1, "核对")).fetchone()
        with pytest.raises(psycopg.Error, match="not for you"):
            other.execute(DISCLOSE, line)


def test_a_unit_reveals_nothing_of_others_and_nothing_confidential(city: Database) -> None:
    with psql(city, OTHER_STREET) as raw, pytest.raises(psycopg.Error, match="not for you"):
        raw.execute(ASK, (1, "联系"))
    with owner(city) as raw:
        raw.execute("update ticket set confidential = true where id = 1")
    with psql(city, STREET_CLERK) as raw, pytest.raises(psycopg.Error, match="not for you"):
        raw.execute(ASK, (1, "联系"))
    with psql(city, INSPECTOR) as raw, pytest.raises(psycopg.Error, match="not for you"):
        raw.execute(ASK, (2, "联系"))


def _try_numbers(raw: psycopg.Connection[Any], times: int) -> None:
    for guess in range(times):
        raw.execute("select hotline.key_of(%s)", (f"1990000{guess:04d}",))


def test_numbers_are_not_found_out_by_trying_them(city: Database) -> None:
    with psql(city, AGENT) as raw:
        raw.execute("begin")
        with pytest.raises(psycopg.Error, match="too many lookups"):
            _try_numbers(raw, 400)
        raw.execute("rollback")
        with pytest.raises(psycopg.Error, match="too many lookups"):
            raw.execute("select hotline.key_of('19900001234')")
    with psql(city, SUPERVISOR) as raw:
        assert raw.execute("select hotline.key_of('19900001234')").fetchone() != ("",)


def test_a_confidential_caller_is_struck_out_whoever_writes_the_name(city: Database) -> None:
    with owner(city) as raw:
        raw.execute(
            "update ticket set content = '叶长青说井盖松动', confidential = true where id = 1"
        )
        raw.execute("update appellant set name = name where ticket_id = 1")
    with psql(city, AGENT) as raw:
        told = raw.execute("select content from ticket where id = 1").fetchone()
        assert told == ("（保密）说井盖松动",)
    Orders(seat_for(city, Role.STREET_DESK, STREET)).note(
        1, "已与叶 长青、叶女士核实，电话１９９００００１２３４"
    )
    with psql(city, SUPERVISOR) as raw:
        note = raw.execute("select note from ticket_event order by id desc limit 1").fetchone()[0]
        assert "长青" not in note
        assert "叶女士" not in note
        assert "１２３４" not in note


# --- the way in


def test_a_disabled_account_is_cut_off_at_once(city: Database) -> None:
    with psql(city, AGENT) as raw:
        assert raw.execute("select hotline.my_id()").fetchone() == (1,)
        engine = create_engine(city.url)
        with engine.begin() as connection:
            revoke_login(connection, AGENT)
        engine.dispose()
        with pytest.raises(psycopg.OperationalError):
            raw.execute("select 1")
    with pytest.raises(psycopg.OperationalError), psql(city, AGENT):
        pass
    with owner(city) as raw:
        # Roles belong to the server, not to this test's database.
        raw.execute(sql.SQL("alter role {} login").format(sql.Identifier(login_name(AGENT))))


def test_an_expired_account_sees_nothing_even_while_connected(city: Database) -> None:
    with psql(city, AGENT) as raw:
        assert raw.execute("select count(*) from ticket").fetchone() == (3,)
        with owner(city) as root:
            root.execute(
                "update account set expires_at = now() - interval '1 minute' where login = '0017'"
            )
        assert raw.execute("select count(*) from ticket").fetchone() == (0,)


def test_the_console_itself_works_through_that_login(city: Database) -> None:
    Handling(seat_for(city, Role.STREET_DESK, STREET)).sign(1)
    with psql(city, STREET_CLERK) as raw:
        assert raw.execute("select state from ticket").fetchone() == ("in_progress",)
        last = raw.execute("select move from ticket_event order by id desc limit 1")
        assert last.fetchone() == (Move.SIGN.value,)
