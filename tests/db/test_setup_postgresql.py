"""`main.py db …` and `main.py keeper` on a server set up as docs/operations.md says: TLS, an owner without powers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.domain.roles import Role
from tests.strict_server import OWNER, OWNER_PASSWORD, Strict, strict_server

ROOT = Path(__file__).resolve().parents[2]
WORD = "first-Pass-1"


@pytest.fixture(scope="module")
def strict() -> Iterator[Strict]:
    with strict_server() as server:
        yield server


def run(*arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=typed, capture_output=True, text=True, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **more},
    )  # fmt: skip


def url_of(strict: Strict, database: str) -> str:
    """As an administrator types it: a plain address, no password in it."""
    return strict.server(database).text.replace("://", f"://{OWNER}@")


@pytest.fixture(scope="module")
def city(strict: Strict) -> str:
    strict.make_database("city")
    url = url_of(strict, "city")
    made = ("--city", "泊宁市", "--code", "990101")
    done = run("db", "init", "--url", url, *made, PGPASSWORD=OWNER_PASSWORD)
    assert done.returncode == 0, done.stderr
    assert "已建立城市“泊宁市”" in done.stdout
    assert OWNER_PASSWORD not in done.stdout + done.stderr
    return url


def test_a_usable_city_and_nothing_done_twice(city: str, strict: Strict) -> None:
    again = run("db", "init", "--url", city, "--city", "泊宁市", PGPASSWORD=OWNER_PASSWORD)
    assert again.returncode == 0, again.stderr
    assert "已经建好，未改动" in again.stdout
    with strict.superuser("city") as raw:
        row = raw.execute("select name, kind, policy_pack from city").fetchone()
        assert row == ("泊宁市", "production", "default")
        for table, least in (
            ("unit", 50),
            ("category", 400),
            ("calendar_day", 300),
            ("visit_policy", 10),
        ):
            assert raw.execute(f"select count(*) from {table}").fetchone()[0] >= least, table


def test_another_city_or_pack_is_not_written_over_it(city: str) -> None:
    other = run("db", "init", "--url", city, "--city", "示范市", PGPASSWORD=OWNER_PASSWORD)
    assert other.returncode == 1
    assert "这个数据库已经是“泊宁市”" in other.stderr
    args = ("--city", "泊宁市", "--pack", "haikou-30min")
    pack = run("db", "init", "--url", city, *args, PGPASSWORD=OWNER_PASSWORD)
    assert pack.returncode == 1
    assert "现在用规则包“default”" in pack.stderr
    bad = run("db", "init", "--url", city, "--pack", "nix", PGPASSWORD=OWNER_PASSWORD)
    assert "没有规则包“nix”" in bad.stderr


def test_a_wrong_owner_password_is_one_sentence(city: str) -> None:
    done = run("db", "check", "--url", city, PGPASSWORD="wrong")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "数据库不接受这个账号或密码" in done.stderr
    none = run("db", "check", "--url", city, PGPASSWORD="")
    assert "服务器要密码" in none.stderr


def test_an_upgrade_states_the_rights_anew_and_the_check_names_every_difference(
    city: str, strict: Strict
) -> None:
    sound = run("db", "check", "--url", city, PGPASSWORD=OWNER_PASSWORD)
    assert "数据库权限与程序规定一致" in sound.stdout, sound.stdout
    assert sound.returncode == 0, sound.stdout + sound.stderr
    with strict.superuser("city") as raw:
        raw.execute("alter table audit_entry disable trigger append_only")
        raw.execute("alter table person disable row level security")
        raw.execute("drop policy whole_city on ticket")
        raw.execute("grant select on person to hotline_agent")
        raw.execute("grant select (password_hash) on account to hotline_staff")
        raw.execute(
            "create function public.peep() returns int language sql security definer as 'select 1'"
        )
        raw.execute("delete from lifecycle_rule where move = 'sign'")
        raw.execute("insert into lifecycle_rule values ('sign', 'agent', 'draft', 'archived')")
        raw.execute("alter role hotline_agent bypassrls")
    done = run("db", "check", "--url", city, PGPASSWORD=OWNER_PASSWORD)
    assert done.returncode == 1
    for words in (
        "触发器 audit_entry.append_only 被停用或改动", "表 person 的按行权限被关闭", "缺少行权限 ticket.whole_city",
        "多出授权 person → hotline_agent SELECT", "多出授权 account.password_hash → hotline_staff SELECT",
        "多出函数 peep()", "流转规则缺少 sign", "流转规则多出 sign agent draft archived",
        "角色 hotline_agent 有不该有的权力：绕过行权限",
    ):  # fmt: skip
        assert words in done.stdout, done.stdout
    with strict.superuser("city") as raw:
        raw.execute("drop function public.peep()")
        raw.execute("revoke select on person from hotline_agent")
        raw.execute("revoke select (password_hash) on account from hotline_staff")
        raw.execute("alter role hotline_agent nobypassrls")
    assert run("db", "upgrade", "--url", city, PGPASSWORD=OWNER_PASSWORD).returncode == 0
    healed = run("db", "check", "--url", city, PGPASSWORD=OWNER_PASSWORD)
    assert healed.returncode == 0, healed.stdout


def test_accounts_from_the_command_line_and_a_keeper_with_its_own_login(city, strict) -> None:
    person = ("0017", "--name", "李敏", "--role", Role.AGENT.value, "--unit", "990101")
    added = run(
        "user",
        "add",
        "--database",
        city,
        *person,
        "--stdin",
        typed=f"{WORD}\n",
        PGPASSWORD=OWNER_PASSWORD,
    )
    assert added.stdout == "已增加账号 0017\n", added.stderr
    listed = run("user", "list", "--database", city, PGPASSWORD=OWNER_PASSWORD)
    assert "0017\t李敏\t话务员" in listed.stdout
    kept = run("user", "keeper", "--database", city, typed=f"{WORD}\n", PGPASSWORD=OWNER_PASSWORD)
    assert "hl_keeper" in kept.stdout, kept.stderr
    own = city.replace(f"{OWNER}@", "hl_keeper@")
    swept = run("keeper", "--once", "--database", own, PGPASSWORD=WORD)
    assert swept.returncode == 0, swept.stderr
    assert "没有到时的事项" in swept.stdout
    agent = city.replace(f"{OWNER}@", "hl_0017@")
    refused = run("keeper", "--once", "--database", agent, PGPASSWORD=WORD)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    sound = run("db", "check", "--audit", "--url", city, PGPASSWORD=OWNER_PASSWORD)
    assert sound.returncode == 0, sound.stdout
    assert "审计记录 2 行，首尾相接" in sound.stdout


def test_the_demo_city_on_a_server_with_logins(strict: Strict) -> None:
    strict.make_database("demo")
    url = url_of(strict, "demo")
    done = run("db", "demo", "--url", url, "--logins", typed=f"{WORD}\n", PGPASSWORD=OWNER_PASSWORD)
    assert done.returncode == 0, done.stderr
    assert WORD not in done.stdout
    assert "话务员" in done.stdout
    again = run("db", "demo", "--url", url, PGPASSWORD=OWNER_PASSWORD)
    assert again.returncode == 1
    assert "已经有城市了" in again.stderr
    sound = run("db", "check", "--url", url, PGPASSWORD=OWNER_PASSWORD)
    # Logins are the whole server's: those other tests left are named, and are not this city's matter.
    assert "与归档时一致" in sound.stdout, sound.stdout[-500:]
    assert "被改动" not in sound.stdout
    _keeps(strict, url)


def _keeps(strict: Strict, url: str) -> None:
    """A year's work orders, and the keeper's own login does all its work and sees nobody."""
    assert (
        run(
            "user", "keeper", "--database", url, typed=f"{WORD}\n", PGPASSWORD=OWNER_PASSWORD
        ).returncode
        == 0
    )
    own = url.replace(f"{OWNER}@", "hl_keeper@")
    first = run("keeper", "--once", "--database", own, PGPASSWORD=WORD)
    assert first.returncode == 0, first.stderr
    for duty in ("黄灯", "红灯", "归档"):
        assert duty in first.stdout
    second = run("keeper", "--once", "--database", own, PGPASSWORD=WORD)
    assert "没有到时的事项" in second.stdout
    with psycopg.connect(
        **strict.server("demo").parameters("hl_keeper", WORD), autocommit=True
    ) as raw:
        assert raw.execute("select count(*) from archive_manifest").fetchone()[0] > 0
        assert _told(raw, "select phone from appellant") == []
        for statement in ("select name from person", "select * from account", "select * from call",
                          "select hotline.reveal(1, 'phone', 'x', '', '')"):  # fmt: skip
            assert _told(raw, statement) == []


def _told(raw: psycopg.Connection, statement: str) -> list:
    try:
        return raw.execute(statement).fetchall()
    except psycopg.Error:
        return []
