"""Signing in to PostgreSQL: everybody with a database login of his or her own (docs/decisions/011).

There is no connection before somebody has signed in, and none that outlives him: the next person opens a new one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from sqlalchemy import func, select

from console.domain.errors import Invalid, NotAllowed, Unavailable, UserError
from console.domain.roles import ROLE_NAMES, WORKPLACES, Operator, Role
from console.domain.server import Server
from console.ledger import Seat, open_seat
from db import door
from db.engine import Database
from db.security.logins import verifier

SHORTEST_PASSWORD = 8
# The server cannot lock a login by itself: a person who errs is made to wait here; whoever tries with a program of his
# own is slowed down and reported there (auth_delay, log; docs/operations.md).
FREE_TRIES, FIRST_WAIT, LONGEST_WAIT = 5, 30.0, 900.0


class SecretStore(Protocol):
    def get(self, name: str) -> str | None: ...
    def put(self, name: str, secret: str) -> None: ...
    def drop(self, name: str) -> None: ...


@dataclass
class _Tries:
    wrong: int = 0
    again_at: float = 0.0


class Admission:
    """`seat` is where whoever signed in last sits; None before anybody has. Every call runs on a lane."""

    def __init__(
        self,
        server: Server | None,
        vault: SecretStore,
        workstation: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.server, self._vault, self._workstation, self._clock = server, vault, workstation, clock
        self.seat: Seat | None = None
        self.must_change = False
        self._tries: dict[str, _Tries] = {}
        self._opened: list[Database] = []

    def demo_people(self) -> tuple[Operator, ...]:
        """Nobody is known before somebody has signed in."""
        return ()

    def remembered(self) -> tuple[str, str] | None:
        """Name and password this workstation's vault keeps for this server, if any."""
        try:
            name = self._vault.get(self._key("login"))
            password = self._vault.get(self._key("password", name)) if name else None
        except Unavailable:
            return None
        return (name, password) if name and password else None

    def sign_in(self, name: str, password: str, remember: bool = False) -> Operator:
        """Come in and sit down. Raises Invalid beside `name` or `password`, NotAllowed, Unavailable."""
        login = name.strip().lower()
        if not login:
            raise Invalid("请输入账号", field="name")
        if not password:
            raise Invalid("请输入密码", field="password")
        self._may_try(login)
        try:
            database, card = door.enter(self._known_server(), login, password)
        except Invalid as error:
            raise self._wrong(login, error) from error
        self._tries.pop(login, None)
        operator = self._sit(database, card)
        self._keep(login, password, remember)
        return operator

    def probe(self, server: Server, login: str = "") -> str:
        """Whether that server answers, in one sentence. Raises Unavailable."""
        return door.knock(server, login.strip().lower())

    def change_password(self, old: str, new: str) -> None:
        """A new password for oneself; `seat.db` is another afterwards. Raises Invalid beside `old` or `new`."""
        seat = self._seat()
        check_password(new, old)
        login = door.login_of(seat.db)
        self._prove(login, old)
        with seat.db.writing.begin() as session:
            secret = verifier(session.connection(), login, new)
            session.execute(select(func.hotline.change_password(secret, seat.workstation)))
        self.must_change = False
        # What is opened from now on comes with the new word; what is under way ends with the old.
        before, (seat.db, _card) = seat.db, door.enter(self._known_server(), login, new)
        self._opened.append(seat.db)
        before.close()
        if self._remembers(login):
            self._keep(login, new, True)

    def leave(self) -> Callable[[], None]:
        """Get up. What it returns closes this person's connections: run it after the last job."""
        if self.seat is not None:
            self.seat.sit(None)
        self.seat, self.must_change = None, False
        return self._close

    def _close(self) -> None:
        """All of them each time: a read that was late may have opened one once more."""
        for database in self._opened:
            database.close()

    def _sit(self, database: Database, card: door.Card) -> Operator:
        try:
            operator = _operator(card)
            seat = open_seat(database, self._workstation)
            with database.writing.begin() as session:
                session.execute(select(func.hotline.arrive(seat.workstation)))
        except UserError:
            database.close()
            raise
        seat.sit(operator)
        self._opened.append(database)
        self.seat, self.must_change = seat, card.given_password
        return operator

    def _may_try(self, login: str) -> None:
        left = self._tries.get(login, _Tries()).again_at - self._clock()
        if left > 0:
            raise NotAllowed(
                f"连续输错密码，请 {int(left) + 1} 秒后再试", "忘了密码请系统管理员重设"
            )

    def _wrong(self, login: str, error: Invalid) -> UserError:
        tries = self._tries.setdefault(login, _Tries())
        tries.wrong += 1
        if tries.wrong < FREE_TRIES:
            return error
        wait = min(FIRST_WAIT * 2 ** (tries.wrong - FREE_TRIES), LONGEST_WAIT)
        tries.again_at = self._clock() + wait
        return Invalid(
            error.text, f"请 {int(wait)} 秒后再试，忘了密码请系统管理员重设", error.field
        )

    def _prove(self, login: str, old: str) -> None:
        """That it is still the same person who sits here."""
        self._may_try(login)
        try:
            database, _card = door.enter(self._known_server(), login, old)
        except Invalid as error:
            self._wrong(login, error)
            raise Invalid("现在的密码不对", field="old") from error
        database.close()

    def _keep(self, login: str, password: str, remember: bool) -> None:
        try:
            if remember:
                self._vault.put(self._key("login"), login)
                self._vault.put(self._key("password", login), password)
            else:
                self._vault.drop(self._key("password", login))
        except Unavailable:
            # Signing in must not fail for want of a vault; the next sign-in asks again.
            return

    def _remembers(self, login: str) -> bool:
        try:
            return bool(self._vault.get(self._key("password", login)))
        except Unavailable:
            return False

    def _key(self, what: str, login: str | None = None) -> str:
        server = self.server.key if self.server is not None else ""
        return f"{what}:{server}" + (f":{login}" if login else "")

    def _known_server(self) -> Server:
        if self.server is None:
            raise Unavailable("还没有设置数据库服务器", "请先在连接设置里填写")
        return self.server

    def _seat(self) -> Seat:
        if self.seat is None:
            raise NotAllowed("请先登录")
        return self.seat


def check_password(new: str, old: str = "") -> None:
    """Raises Invalid beside `new`."""
    if len(new) < SHORTEST_PASSWORD:
        raise Invalid(f"密码不少于 {SHORTEST_PASSWORD} 位", field="new")
    if new == old:
        raise Invalid("新密码与现在的相同", field="new")


def _operator(card: door.Card) -> Operator:
    role = Role(card.role)
    if role is Role.KEEPER:
        raise NotAllowed("系统值守账号不能登录", "值守由程序自动进行，请用本人账号登录")
    if not WORKPLACES[role]:
        raise NotAllowed(f"{ROLE_NAMES[role]}的工作区将在后续版本提供", "请换一个账号登录")
    unit_id, unit_name, unit_code = card.unit
    return Operator(card.account_id, card.agent_no, card.name, role, unit_id, unit_name, unit_code)
