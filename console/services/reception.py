"""Signing in and out (field-facts 10.8): one person one account, locked after failures, remembered in the vault."""

from datetime import datetime, timedelta
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, Unavailable, UserError
from console.domain.roles import ROLE_NAMES, WORKPLACES, Operator, Role
from console.ledger import Seat
from db.models import Account, Appellant, Attendance, Unit

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
LAST_NAME = "last-login"
SHORTEST_PASSWORD = 8
DEMO_ORDER = (
    Role.AGENT, Role.DISPATCHER, Role.STREET_DESK, Role.GRID_LEADER, Role.LIAISON, Role.REVISITOR,
    Role.CLERK, Role.SUPERVISOR, Role.GRID_WORKER, Role.OVERSEER, Role.INSPECTOR, Role.LEADER,
    Role.KB_EDITOR,
)  # fmt: skip


class SecretStore(Protocol):
    def get(self, name: str) -> str | None: ...
    def put(self, name: str, secret: str) -> None: ...
    def drop(self, name: str) -> None: ...


class Reception:
    """Who sits here. Signing in puts the operator on the seat that all desks share."""

    def __init__(self, seat: Seat, vault: SecretStore) -> None:
        self._seat, self._vault = seat, vault
        self._hasher = PasswordHasher()

    def demo_people(self) -> tuple[Operator, ...]:
        """One person of each role the demo shows, in the order a work order meets them."""
        if not self._seat.demo:
            return ()
        found: dict[str, Operator] = {}
        with self._seat.db.reading() as session:
            query = select(Account, Unit).join(Unit, Unit.id == Account.unit_id)
            query = query.where(Account.demo, Account.disabled_at.is_(None)).order_by(Account.id)
            for account, unit in session.execute(query):
                found.setdefault(account.role, _operator(account, unit))
        return tuple(found[role] for role in DEMO_ORDER if role in found)

    def sit_as(self, operator: Operator) -> Operator:
        """Demo and training only: sit down as this person without a password."""
        if not self._seat.demo:
            raise NotAllowed("只有演示库可以直接选择角色", "请用账号和密码登录")
        self._seat.sit(operator)
        return operator

    def demo_caller(self) -> str:
        """Demo only: the number of somebody who might call, most often one who called before."""
        with self._seat.db.reading() as session:
            query = (
                select(Appellant.phone)
                .where(Appellant.person_id.is_not(None))
                .order_by(func.random())
            )
            return session.scalars(query.limit(1)).first() or ""

    def remembered(self) -> tuple[str, str] | None:
        """Name and password kept in the vault, if any."""
        try:
            name = self._vault.get(LAST_NAME)
            password = self._vault.get(f"password:{name}") if name else None
        except Unavailable:
            return None
        return (name, password) if name and password else None

    def sign_in(self, name: str, password: str, remember: bool = False) -> Operator:
        """Check the password and sit down. Raises Invalid beside `name` or `password`, NotAllowed when locked."""
        if not name.strip():
            raise Invalid("请输入账号", field="name")
        if not password:
            raise Invalid("请输入密码", field="password")
        operator = self._check(name.strip(), password)
        self._keep(name.strip(), password, remember)
        self._seat.sit(operator)
        return operator

    must_change = False

    def change_password(self, old: str, new: str) -> None:
        """A new password for oneself. Raises Invalid beside `old` or `new`."""
        if self._seat.demo:
            raise NotAllowed("演示库没有密码", "选人即可进入")
        if len(new) < SHORTEST_PASSWORD:
            raise Invalid(f"密码不少于 {SHORTEST_PASSWORD} 位", field="new")
        if new == old:
            raise Invalid("新密码与现在的相同", field="new")
        fault: UserError | None = None
        with self._seat.db.writing.begin() as session:
            account = session.get_one(Account, self._seat.operator.account_id)
            now = self._seat.now(session)
            fault = self._refusal(account, now) or self._verify(account, old, now)
            if fault is None:
                account.password_hash = self._hasher.hash(new)
        # Outside the transaction: the failure counted in it must stay.
        if isinstance(fault, Invalid):
            raise Invalid("现在的密码不对", fault.hint, "old")
        if fault is not None:
            raise fault

    def sign_out(self) -> None:
        """Leave the seat; the next person signs in."""
        self._seat.sit(None)

    def _keep(self, name: str, password: str, remember: bool) -> None:
        try:
            if remember:
                self._vault.put(LAST_NAME, name)
                self._vault.put(f"password:{name}", password)
            else:
                self._vault.drop(f"password:{name}")
        except Unavailable:
            # Signing in must not fail for want of a vault; the next sign-in asks again.
            return

    def _check(self, name: str, password: str) -> Operator:
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            found = self._find(session, name)
            fault = self._fault(found[0] if found else None, password, now)
            if fault is None and found is not None:
                session.add(self._arrival(found[0], now))
                return _operator(*found)
        # Outside the transaction: the failure counted in it must stay.
        raise fault or NotAllowed("账号或密码不对")

    def _fault(self, account: Account | None, password: str, now: datetime) -> UserError | None:
        if account is None:
            # As slow as a wrong password, so that names cannot be guessed by the clock.
            self._hasher.hash(password)
            return Invalid("账号或密码不对", "请核对后重试", "password")
        return self._refusal(account, now) or self._verify(account, password, now)

    def _find(self, session: Session, name: str) -> tuple[Account, Unit] | None:
        query = select(Account, Unit).join(Unit, Unit.id == Account.unit_id)
        row = session.execute(
            query.where(or_(Account.login == name, Account.agent_no == name))
        ).first()
        return (row[0], row[1]) if row else None

    def _refusal(self, account: Account, now: datetime) -> UserError | None:
        if account.role == Role.KEEPER.value:
            return NotAllowed("系统值守账号不能登录", "值守由程序自动进行，请用本人账号登录")
        if not WORKPLACES[Role(account.role)]:
            return NotAllowed(
                f"{ROLE_NAMES[Role(account.role)]}的工作区将在后续版本提供", "请换一个账号登录"
            )
        if account.disabled_at is not None or (account.expires_at and account.expires_at <= now):
            return NotAllowed("此账号已停用", "请联系系统管理员")
        if account.locked_until is not None and account.locked_until > now:
            minutes = int((account.locked_until - now).total_seconds() // 60) + 1
            return NotAllowed(f"连续输错密码，账号已锁定，约 {minutes} 分钟后可再试")
        return None

    def _verify(self, account: Account, password: str, now: datetime) -> UserError | None:
        try:
            self._hasher.verify(account.password_hash, password)
        except VerificationError:
            account.failures += 1
            left = MOST_FAILURES - account.failures
            if left <= 0:
                account.failures, account.locked_until = 0, now + LOCKED_FOR
                return NotAllowed("连续输错密码，账号已锁定 15 分钟")
            return Invalid("账号或密码不对", f"再错 {left} 次将锁定账号", "password")
        account.failures = 0
        return None

    def _arrival(self, account: Account, now: datetime) -> Attendance:
        return Attendance(
            account_id=account.id,
            workstation=self._seat.workstation,
            state="signed_in",
            started_at=now,
        )


def _operator(account: Account, unit: Unit) -> Operator:
    return Operator(
        account.id,
        account.agent_no,
        account.name,
        Role(account.role),
        unit.id,
        unit.name,
        unit.code,
    )
