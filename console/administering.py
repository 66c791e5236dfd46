"""What an administrator does from the command line: found a city, make accounts, check what guards the database.

Passwords come from standard input, PGPASSWORD or a prompt; they are never arguments, and never said again.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from console.domain.errors import Invalid, UserError
from console.domain.server import Address, is_postgresql, read_address

if TYPE_CHECKING:
    from console.services.accounts import Accounts

Say = Callable[[str], None]


def owner_url(url: str, ask: Callable[[str], str] | None = None) -> str:
    """The address for SQLAlchemy, the owner's password asked for when the server wants one. Raises UserError."""
    if not is_postgresql(url):
        return url
    address = read_address(url)
    if address.password or os.environ.get("PGPASSWORD") or not _wants_password(address):
        return address.url
    word = (ask or _ask)(f"数据库管理账号 {address.user or getpass.getuser()} 的密码：")
    return Address(address.server, address.user or getpass.getuser(), word).url


def _wants_password(address: Address) -> bool:
    import psycopg

    try:
        psycopg.connect(**address.server.parameters(address.user), connect_timeout=5).close()  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        return error.pgconn is not None and error.pgconn.needs_password
    return False


def _ask(words: str) -> str:
    if not sys.stdin.isatty():
        raise UserError("服务器要密码", "请设 PGPASSWORD，或在终端里运行以便输入")
    return getpass.getpass(words)


def new_password(words: str = "新密码：") -> str:
    """Typed twice nowhere: one line from standard input, or one hidden prompt."""
    from console.services.accounts import check_password

    typed = sys.stdin.readline().rstrip("\n") if not sys.stdin.isatty() else getpass.getpass(words)
    check_password(typed)
    return typed


def init(url: str, options: argparse.Namespace, say: Say) -> int:
    """Tables, the database's own guard and a city to begin with; what stands is left as it is."""
    from db.founding import Founding
    from db.setup import found, guard, upgrade

    founding = Founding(options.city.strip(), options.code.strip(), options.pack)
    founding.check()
    version = upgrade(url)
    done = found(url, founding)
    guarded = guard(url)
    for line in done.made:
        say(f"已建立{line}")
    if not done.made:
        say(f"“{done.city}”已经建好，未改动")
    say(f"数据库已就绪，版本 {version}{'，权限已设置' if guarded else ''}")
    if done.made:
        say("下一步：main.py user add 增加账号；街道、社区、网格由管理工作区录入或导入")
    return 0


def upgrade(url: str, say: Say) -> int:
    """Tables to this program's version, and the guard stated anew."""
    from db.setup import guard, upgrade

    version = upgrade(url)
    say(f"数据库已就绪，版本 {version}{'，权限已重新设置' if guard(url) else ''}")
    return 0


def demo_on_server(url: str, options: argparse.Namespace, say: Say) -> int:
    """The demo city on PostgreSQL; with `--logins` its people can sign in with one password."""
    from db.demo.build import build_demo_on
    from db.setup import guard

    word = new_password("演示账号共用的密码：") if options.logins else ""
    build_demo_on(url, report=lambda done, total, words: say(f"[{done}/{total}] {words}"))
    guard(url)
    if options.logins:
        with_accounts(
            url, lambda accounts: [say(line) for line in accounts.grant_all(lambda: word)]
        )
    return 0


def with_accounts(url: str, work: Callable[["Accounts"], object]) -> None:
    from console.services.accounts import Accounts
    from db.engine import open_database

    database = open_database(url)
    try:
        work(Accounts(database))
    finally:
        database.close()


def users(url: str, options: argparse.Namespace, say: Say) -> int:
    """`user ACTION`."""
    with_accounts(url, lambda accounts: _user(accounts, options, say))
    return 0


def _user(accounts: "Accounts", options: argparse.Namespace, say: Say) -> None:
    what, login = options.what, getattr(options, "login", "")
    if what == "list":
        for line in accounts.lines():
            say(line)
    elif what == "add":
        until = day(options.until) if options.until else None
        person = (login, options.name, options.role, options.unit)
        say(accounts.add(*person, new_password(), until))
    elif what == "change":
        if not (options.role or options.unit):
            raise Invalid("没有说改什么", "加 --role 或 --unit")
        say(accounts.change(login, options.role, options.unit))
    elif what == "expire":
        say(accounts.expire(login, None if options.never else day(options.until)))
    elif what == "keeper":
        say(accounts.grant_keeper(new_password()))
    elif what == "reset":
        say(accounts.reset(login, new_password()))
    else:
        say(accounts.disable(login) if what == "disable" else accounts.enable(login))


def day(words: str) -> date:
    """`2027-06-30`. Raises Invalid."""
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise Invalid(f"日期“{words[:12]}”不对", "写成 2027-06-30") from error


def check_audit(url: str, known: str, say: Say) -> bool:
    """Every line of the audit chain; one sentence for each place where it does not hold."""
    from console.ledger.chain import examine
    from db.engine import open_database

    database = open_database(url)
    try:
        with database.reading() as session:
            if not database.is_sqlite:
                session.execute(text("SET LOCAL statement_timeout = 0"))
            chain = examine(session, known)
    finally:
        database.close()
    for doubt in chain.doubts:
        say(doubt.words)
    say(
        f"审计记录 {chain.lines} 行，{'首尾相接，未被改动' if chain.whole else f'有 {len(chain.doubts)} 处不符'}"
    )
    if chain.end:
        say(f"链尾 {chain.end}（请另处记下，下次用 --known 核对末尾没有被删）")
    return chain.whole


def check_guard(url: str, say: Say) -> bool:
    """PostgreSQL: whether the database allows exactly what this program states."""
    from db.watch import differences, large_objects_open

    if not is_postgresql(url):
        return True
    found = differences(url)
    for words in found:
        say(words)
    if large_objects_open(url):
        say("提示：大对象函数对所有登录开放，请超级用户按 docs/operations.md 收回")
    say("数据库权限与程序规定一致" if not found else f"数据库权限有 {len(found)} 处与程序规定不同")
    return not found


def server_database(url: str, fallback: Path) -> Path | None:
    """The file of a demo; None when it is to be built on a server."""
    if is_postgresql(url):
        return None
    return Path(url.removeprefix("sqlite:///")) if url else fallback
