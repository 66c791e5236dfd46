"""Accounts on the command line: add, list, disable, reset (product.md Programs)."""

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotFound
from console.domain.roles import ROLE_NAMES, Role
from db.engine import Database
from db.models import Account, Unit

# The keeper is nobody: its account is made by the program and nobody signs in with it.
PEOPLE = tuple(role.value for role in Role if role is not Role.KEEPER)


class Accounts:
    """One person one account. Passwords are stored as argon2 hashes on SQLite."""

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
            return [
                f"{a.login}\t{a.name}\t{ROLE_NAMES[Role(a.role)]}\t{unit}\t{'停用' if a.disabled_at else '可用'}"
                for a, unit in session.execute(query)
            ]

    def add(self, login: str, name: str, role: str, unit_code: str, password: str) -> str:
        """Make an account. Raises Invalid when the login is taken, or the role or unit is unknown."""
        if role not in PEOPLE:
            raise Invalid(f"没有“{role}”这个角色", "可用：" + "、".join(PEOPLE), "role")
        with self._db.writing.begin() as session:
            if self._find(session, login) is not None:
                raise Invalid(f"账号 {login} 已存在", field="login")
            unit = session.scalar(select(Unit).where(Unit.code == unit_code))
            if unit is None:
                raise Invalid(f"没有编码为 {unit_code} 的单位", field="unit")
            session.add(
                Account(
                    login=login, agent_no=login, name=name, role=role, unit_id=unit.id,
                    password_hash=self._hasher.hash(password),
                )
            )  # fmt: skip
        return f"已增加账号 {login}"

    def disable(self, login: str) -> str:
        """Cut an account off; its history stays."""
        with self._db.writing.begin() as session:
            self._require(session, login).disabled_at = self._db.now(session)
        return f"已停用账号 {login}"

    def reset(self, login: str, password: str) -> str:
        """A new password; failures and lock are cleared."""
        with self._db.writing.begin() as session:
            account = self._require(session, login)
            account.password_hash = self._hasher.hash(password)
            account.failures, account.locked_until = 0, None
        return f"已重设账号 {login} 的密码"

    def _find(self, session: Session, login: str) -> Account | None:
        return session.scalar(select(Account).where(Account.login == login))

    def _require(self, session: Session, login: str) -> Account:
        account = self._find(session, login)
        if account is None or account.role == Role.KEEPER.value:
            raise NotFound(f"没有账号 {login}")
        return account
