"""Accounts on the command line: who may sign in, as what, where and until when (product.md Programs).

On PostgreSQL an account is a row and a database login of the same name; the password is the login's and no hash of it
is in our tables. On SQLite there are no logins: the row holds an argon2 hash.
"""

import platform
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotFound
from console.domain.roles import ROLE_NAMES, Role
from console.domain.worktime import CIVIL
from console.ledger.audit import record_of_owner
from console.ledger.keeper import ensure_keeper_account
from db.engine import Database
from db.models import Account, Unit
from db.security import logins
from db.security.logins import KEEPER

# The keeper is nobody: its account is made by the program and nobody signs in with it.
PEOPLE = tuple(role.value for role in Role if role is not Role.KEEPER)
SHORTEST_PASSWORD = 8
# What a database login may be called after `hl_`; small letters, for the server tells them from capitals.
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
Password = Callable[[], str]
NOT_ENDED = "。已登录的窗口没有断开：请由超级用户执行 GRANT pg_signal_backend TO 本管理账号"


class Accounts:
    """One person one account. Every change stands in the audit with who made it."""

    def __init__(self, database: Database) -> None:
        self._db, self._hasher = database, PasswordHasher()

    def lines(self) -> list[str]:
        """Account, role, unit and state, one line each; names of staff, never of citizens."""
        query = (
            select(Account, Unit.name)
            .join(Unit, Unit.id == Account.unit_id)
            .where(Account.role != Role.KEEPER.value)
            .order_by(Account.login)
        )
        with self._db.reading() as session:
            now, missing = self._db.now(session), self._without_login(session)
            return [
                f"{a.login}\t{a.name}\t{ROLE_NAMES[Role(a.role)]}\t{unit}\t{_state(a, now, missing)}"
                for a, unit in session.execute(query)
            ]

    def add(
        self,
        login: str,
        name: str,
        role: str,
        unit_code: str,
        password: str,
        until: date | None = None,
    ) -> str:
        """Make an account. Raises Invalid when the login is taken, or the role or unit is unknown."""
        number, login = login.strip(), self._named(login)
        wanted = _role(role)
        check_password(password)
        with self._db.writing.begin() as session:
            if self._find(session, login) is not None:
                raise Invalid(f"账号 {login} 已存在", field="login")
            account = Account(
                login=login, agent_no=number, name=name, role=wanted.value,
                unit_id=self._unit(session, unit_code).id, expires_at=_end_of(until),
            )  # fmt: skip
            session.add(account)
            session.flush()
            self._give(session, account, password)
            self._note(session, "account_add", account, f"{role} {unit_code}")
        return f"已增加账号 {login}"

    def disable(self, login: str) -> str:
        """Cut an account off at once; its history stays."""
        with self._db.writing.begin() as session:
            account = self._require(session, login)
            account.disabled_at = self._db.now(session)
            ended = self._db.is_sqlite or logins.revoke_login(session.connection(), account.login)
            self._note(session, "account_disable", account)
        return f"已停用账号 {login}{'' if ended else NOT_ENDED}"

    def enable(self, login: str) -> str:
        """Let it in again, with the password it had."""
        with self._db.writing.begin() as session:
            account = self._require(session, login)
            account.disabled_at, account.failures, account.locked_until = None, 0, None
            if not self._db.is_sqlite and not logins.admit_login(
                session.connection(), account.login
            ):
                raise Invalid(f"账号 {login} 还没有数据库登录", "请用 user reset 设密码", "login")
            self._note(session, "account_enable", account)
        return f"已启用账号 {login}"

    def reset(self, login: str, password: str) -> str:
        """A new password; failures and lock are cleared, whoever is in with the old one is put out."""
        check_password(password)
        with self._db.writing.begin() as session:
            account = self._require(session, login)
            account.failures, account.locked_until = 0, None
            self._give(session, account, password)
            ended = self._db.is_sqlite or logins.end_sessions(session.connection(), account.login)
            self._note(session, "account_reset", account)
        return f"已重设账号 {login} 的密码{'' if ended else NOT_ENDED}"

    def change(self, login: str, role: str = "", unit_code: str = "") -> str:
        """Another role or unit, from now on; running windows are ended, for they show what was."""
        with self._db.writing.begin() as session:
            account = self._require(session, login)
            if role:
                account.role = _role(role).value
            if unit_code:
                account.unit_id = self._unit(session, unit_code).id
            account.version += 1
            ended, connection = True, session.connection()
            if not self._db.is_sqlite and logins.has_login(connection, account.login):
                logins.move_login(connection, account.login, Role(account.role))
                ended = logins.end_sessions(connection, account.login)
            self._note(session, "account_change", account, f"{role} {unit_code}".strip())
        return f"已更改账号 {login}{'' if ended else NOT_ENDED}"

    def expire(self, login: str, until: date | None) -> str:
        """Through the end of that day, or for good."""
        with self._db.writing.begin() as session:
            account = self._require(session, login)
            account.expires_at = _end_of(until)
            if not self._db.is_sqlite and logins.has_login(session.connection(), account.login):
                logins.set_end(session.connection(), account.login, account.expires_at)
            self._note(session, "account_expire", account, str(until or "永久"))
        return f"账号 {login} 可用至 {until}" if until else f"账号 {login} 长期可用"

    def grant_keeper(self, password: str) -> str:
        """PostgreSQL: a login for `main.py keeper`; it may do what the clock asks for and nothing else."""
        check_password(password)
        if self._db.is_sqlite:
            raise Invalid("SQLite 数据库没有登录账号", "直接运行 main.py keeper 即可")
        with self._db.writing.begin() as session:
            who = ensure_keeper_account(session, self._db.now(session))
            account = session.get_one(Account, who.account_id)
            # Its row was made cut off, so that nobody signs in with it; the login below is a program's.
            account.login, account.disabled_at = KEEPER, None
            session.flush()
            logins.grant_login(session.connection(), KEEPER, Role.KEEPER, password)
            self._note(session, "account_keeper", account)
        return f"已设置值守账号 {logins.login_name(KEEPER)}"

    def grant_all(self, password: Password) -> Iterator[str]:
        """PostgreSQL: one password for every account that has no login yet (the demo city)."""
        with self._db.writing.begin() as session:
            missing = self._without_login(session)
            query = select(Account).where(Account.login.in_(missing), Account.role.in_(PEOPLE))
            accounts = session.scalars(query.order_by(Account.login)).all()
            word = password() if accounts else ""
            for account in accounts:
                check_password(word)
                account.login = self._named(account.login)
                session.flush()
                role = Role(account.role)
                logins.grant_login(session.connection(), account.login, role, word)
                yield f"{account.login}\t{account.name}\t{ROLE_NAMES[role]}"

    def _give(self, session: Session, account: Account, password: str) -> None:
        """The password, where this database keeps passwords. Somebody else knows it, so its owner must change it."""
        if self._db.is_sqlite:
            account.password_hash = self._hasher.hash(password)
            return
        account.password_hash = ""
        role = Role(account.role)
        connection = session.connection()
        logins.grant_login(connection, account.login, role, password, account.expires_at)
        if account.disabled_at is not None:
            logins.revoke_login(connection, account.login)
        connection.execute(
            text(
                "INSERT INTO hotline.given_password (account_id) VALUES (:id) ON CONFLICT DO NOTHING"
            ),
            {"id": account.id},
        )

    def _without_login(self, session: Session) -> frozenset[str]:
        """PostgreSQL: accounts nobody can sign in with."""
        if self._db.is_sqlite:
            return frozenset()
        rows = session.execute(
            text(
                "SELECT a.login FROM account a WHERE NOT EXISTS"
                " (SELECT FROM pg_roles r WHERE r.rolname = 'hl_' || lower(a.login))"
            )
        )
        return frozenset(str(row[0]) for row in rows)

    def _named(self, login: str) -> str:
        login = login.strip()
        if self._db.is_sqlite:
            return login
        login = login.lower()
        if not _LOGIN.fullmatch(login) or login == KEEPER:
            raise Invalid(
                f"账号“{login[:40]}”不能用", "用小写字母、数字、点、横线，不超过 40 个", "login"
            )
        return login

    def _unit(self, session: Session, code: str) -> Unit:
        unit = session.scalar(select(Unit).where(Unit.code == code))
        if unit is None:
            raise Invalid(f"没有编码为 {code} 的单位", field="unit")
        return unit

    def _find(self, session: Session, login: str) -> Account | None:
        return session.scalar(select(Account).where(Account.login == login))

    def _require(self, session: Session, login: str) -> Account:
        account = self._find(session, self._named(login))
        if account is None or account.role == Role.KEEPER.value:
            raise NotFound(f"没有账号 {login}")
        return account

    def _note(self, session: Session, what: str, account: Account, more: str = "") -> None:
        who = "命令行"
        if not self._db.is_sqlite:
            who += f" {session.scalar(text('SELECT session_user'))}"
        subject = ("account", account.login)
        record_of_owner(session, self._db.now(session), who, platform.node(), what, subject, more)


def check_password(password: str) -> None:
    """Raises Invalid."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"密码不少于 {SHORTEST_PASSWORD} 位", field="password")


def _role(role: str) -> Role:
    if role not in PEOPLE:
        raise Invalid(f"没有“{role}”这个角色", "可用：" + "、".join(PEOPLE), "role")
    return Role(role)


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day + timedelta(days=1), time(), CIVIL) if day else None


def _state(account: Account, now: datetime, missing: frozenset[str]) -> str:
    if account.disabled_at is not None:
        return "停用"
    if account.expires_at is not None and account.expires_at <= now:
        return "已到期"
    if account.login in missing:
        return "没有数据库登录"
    if account.locked_until is not None and account.locked_until > now:
        return "锁定"
    if account.expires_at is not None:
        last = account.expires_at.astimezone(CIVIL).date() - timedelta(days=1)
        return f"可用至 {last}"
    return "可用"
