"""Accounts on PostgreSQL: a row and a database login of the same name, and no password in our tables."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.services.accounts import Accounts
from db import door
from db.engine import Database, open_database
from db.setup import guard, settle_keys, upgrade
from tests.strict_server import Strict, strict_server
from tests.world import fill_world

WORD, OTHER = "first-Pass-1", "other-Pass-2"
STREET = "990101001"


@pytest.fixture(scope="module")
def strict() -> Iterator[Strict]:
    with strict_server() as server:
        url = server.make_database("city")
        upgrade(url)
        database = open_database(url)
        fill_world(database)
        with database.writing.begin() as session:
            settle_keys(session)
        guard(url)
        database.close()
        yield server


@pytest.fixture
def database(strict: Strict) -> Iterator[Database]:
    made = open_database(strict.owner_url("city"))
    yield made
    made.close()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


def enter(strict: Strict, login: str, password: str) -> door.Card:
    made, card = door.enter(strict.server("city"), login, password)
    made.close()
    return card


def groups(strict: Strict, login: str) -> list[str]:
    query = """select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
               join pg_roles r on r.oid = m.member where r.rolname = %s order by 1"""
    with strict.superuser() as raw:
        return [row[0] for row in raw.execute(query, (f"hl_{login}",))]


def test_a_new_account_can_sign_in_and_its_password_is_nowhere_but_in_the_server(
    strict: Strict, accounts: Accounts
) -> None:
    accounts.add("H201", "钱新", "street_desk", STREET, WORD)
    card = enter(strict, "h201", WORD)
    assert (card.agent_no, card.role, card.unit[2], card.given_password) == (
        "H201", "street_desk", STREET, True,
    )  # fmt: skip
    assert groups(strict, "h201") == ["hotline_street_desk"]
    with strict.superuser("city") as raw:
        line = raw.execute("select password_hash from account where login = 'h201'").fetchone()
        assert line == ("",)
        secret = raw.execute("select rolpassword from pg_authid where rolname = 'hl_h201'")
        assert secret.fetchone()[0].startswith("SCRAM-SHA-256$")
    assert WORD not in (strict.data / "log").read_text()


def test_what_cannot_be_a_login_is_refused_before_anything_is_made(accounts: Accounts) -> None:
    for login in ("李敏", "a b", "", "keeper", "x'; drop role y; --", "a" * 41):
        with pytest.raises(Invalid):
            accounts.add(login, "某人", "agent", "990101", WORD)
    with pytest.raises(Invalid, match="没有编码"):
        accounts.add("h202", "某人", "agent", "000", WORD)
    with pytest.raises(Invalid, match="8 位"):
        accounts.add("h202", "某人", "agent", "990101", "short")
    with pytest.raises(NotFound):
        accounts.disable("h202")


def test_disabling_ends_what_is_running_and_enabling_brings_it_back(
    strict: Strict, accounts: Accounts
) -> None:
    accounts.add("h203", "孙停", "agent", "990101", WORD)
    way = strict.server("city").parameters("hl_h203", WORD)
    with psycopg.connect(**way, autocommit=True) as raw:
        assert raw.execute("select hotline.my_role()").fetchone() == ("agent",)
        assert accounts.disable("H203") == "已停用账号 H203"
        with pytest.raises(psycopg.OperationalError):
            raw.execute("select 1")
    with pytest.raises(NotAllowed, match="停用"):
        enter(strict, "h203", WORD)
    accounts.reset("h203", OTHER)
    with pytest.raises(NotAllowed, match="停用"):
        enter(strict, "h203", OTHER)
    accounts.enable("h203")
    assert enter(strict, "h203", OTHER).name == "孙停"
    with pytest.raises(Invalid, match="账号或密码不对"):
        enter(strict, "h203", WORD)


def test_another_role_and_unit_change_what_is_allowed_at_once(
    strict: Strict, accounts: Accounts
) -> None:
    accounts.add("h204", "李换", "agent", "990101", WORD)
    accounts.change("h204", "liaison", "D001")
    assert groups(strict, "h204") == ["hotline_liaison"]
    card = enter(strict, "h204", WORD)
    assert (card.role, card.unit[2]) == ("liaison", "D001")
    way = strict.server("city").parameters("hl_h204", WORD)
    with psycopg.connect(**way, autocommit=True) as raw:
        assert raw.execute("select pg_has_role('hotline_centre', 'member')").fetchone() == (False,)


def test_an_account_runs_out_by_itself_and_the_server_shuts_the_door_a_month_later(
    strict: Strict, accounts: Accounts
) -> None:
    today = datetime.now(UTC).date()
    accounts.add("h205", "周期", "agent", "990101", WORD, today + timedelta(days=1))
    assert enter(strict, "h205", WORD).closed is False
    assert any(
        "h205" in line and f"可用至 {today + timedelta(days=1)}" in line
        for line in accounts.lines()
    )
    accounts.expire("h205", today - timedelta(days=2))
    with pytest.raises(NotAllowed, match="停用"):
        enter(strict, "h205", WORD)
    accounts.expire("h205", today - timedelta(days=40))
    with pytest.raises(Invalid, match="账号或密码不对"):
        enter(strict, "h205", WORD)
    accounts.expire("h205", None)
    assert enter(strict, "h205", WORD).name == "周期"


def test_every_change_stands_in_the_audit(strict: Strict, accounts: Accounts) -> None:
    accounts.add("h206", "吴记", "agent", "990101", WORD)
    accounts.disable("h206")
    with strict.superuser("city") as raw:
        rows = raw.execute(
            "select action, actor_name from audit_entry where subject_key = 'h206' order by id"
        ).fetchall()
    assert rows == [
        ("account_add", "命令行 hotline_owner"),
        ("account_disable", "命令行 hotline_owner"),
    ]


def test_nobody_but_the_owner_makes_accounts(strict: Strict, accounts: Accounts) -> None:
    accounts.add("h207", "王管", "admin", "990101", WORD)
    way = strict.server("city").parameters("hl_h207", WORD)
    tries = (
        "insert into account (login, agent_no, name, role, unit_id) values ('x', 'x', 'x', 'agent', 1)",
        "insert into hotline.given_password values (1)",
        "delete from hotline.given_password",
        "create role hl_x login",
        "alter role hl_h206 login",
        "grant hotline_agent to hl_h207",
    )
    with psycopg.connect(**way, autocommit=True) as raw:
        for statement in tries:
            with pytest.raises(psycopg.Error):
                raw.execute(statement)
        with pytest.raises(psycopg.Error, match="verifier"):
            raw.execute("select hotline.change_password('plain', '')")
