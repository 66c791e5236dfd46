"""导出: what an operator may see anyway, as a file that says whose it is."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import or_, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from console.domain.errors import Cancelled, Invalid, NotAllowed, Unavailable
from console.domain.importing.kinds import KINDS
from console.domain.records import TicketRow
from console.domain.roles import ROLE_NAMES, Role
from console.domain.trace import trace_code
from console.ledger import Seat
from console.ledger.audit import record
from console.services.exporting.sheets import Stamp, write
from console.services.exporting.tables import ORDERS, Table, listed, may_export, table_of
from db.engine import lone_connection
from db.models import Account

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]
# Who may stand beside somebody who takes out many rows (field-facts 10.8).
WITNESSES = frozenset({Role.SUPERVISOR, Role.OVERSEER, Role.ADMIN, Role.LEADER})
_NAMES = {ORDERS: "工单"} | {name: kind.title for name, kind in KINDS.items()}


def _quiet(_done: int, _total: int, _words: str) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Second:
    """The second person at a large export, proved by his own password."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written."""

    path: Path
    rows: int
    trace: str


class Exporting:
    """The export desk. Everything is masked; more rows than `desk.export_rows_alone` need a second person.

    Every method raises NotAllowed for what the role may not see, Unavailable when the file cannot be written.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat, self._hasher = seat, PasswordHasher()

    def names(self) -> tuple[tuple[str, str], ...]:
        """What the operator may export: name and title."""
        return tuple((name, _NAMES[name]) for name in may_export(self._seat.operator))

    @property
    def alone(self) -> int:
        """How many rows one person may take out alone."""
        return self._seat.rules.pack.desk.export_rows_alone

    def second(self, login: str, password: str) -> Second:
        """Whoever stands beside the operator; proved when the file is written."""
        return Second(login, password)

    def export(
        self, name: str, path: Path, second: Second | None = None, progress: Progress = _quiet,
        cancelled: Stop = _never,
    ) -> Exported:  # fmt: skip
        """A register, or every work order in scope. Raises NotAllowed, Invalid (field `second`), Cancelled."""
        operator = self._seat.operator
        if name not in may_export(operator):
            title = _NAMES.get(name, name)
            raise NotAllowed(f"{ROLE_NAMES[operator.role]}不能导出{title}", "可请值班长导出")
        with self._seat.db.reading() as session:
            table = table_of(session, self._seat, name)
            return self._written(session, table, path, second, progress, cancelled)

    def listed(
        self, rows: Callable[[], Iterable[TicketRow]], path: Path, second: Second | None = None,
        progress: Progress = _quiet, cancelled: Stop = _never,
    ) -> Exported:  # fmt: skip
        """The pool's list under the conditions in sight; `rows` reads it."""
        if ORDERS not in may_export(self._seat.operator):
            raise NotAllowed(
                f"{ROLE_NAMES[self._seat.operator.role]}不能导出工单", "可请值班长导出"
            )
        # Read whole before: nobody holds one connection while waiting for another.
        table = listed(tuple(rows()))
        with self._seat.db.reading() as session:
            return self._written(session, table, path, second, progress, cancelled)

    def table(
        self, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], path: Path,
        second: Second | None = None,
    ) -> Exported:  # fmt: skip
        """A list as a window shows it, masked already, stamped and logged like any other."""
        made = Table("list", title, tuple(headers), lambda: (tuple(row) for row in rows))
        with self._seat.db.reading() as session:
            return self._written(session, made, path, second, _quiet, _never)

    # --- inside

    def _written(
        self, session: Session, table: Table, path: Path, second: Second | None, progress: Progress,
        cancelled: Stop,
    ) -> Exported:  # fmt: skip
        with closing(table.rows()) as rows:
            first = list(islice(rows, self.alone + 1))
            witness = self._witness(table, len(first), second)
            stamp = self._stamp(table, session)
            # On record before a row leaves: a file broken off is one line too many, never one too few.
            self._log(table, stamp.trace, witness, path)

            def step(done: int) -> None:
                progress(done, 0, f"导出{table.title}")
                if cancelled():
                    raise Cancelled

            count = write(path, table.headers, chain(first, rows), stamp, step)
        return Exported(path, count, stamp.trace)

    def _stamp(self, table: Table, session: Session) -> Stamp:
        at, operator = self._seat.now(session), self._seat.operator
        trace = trace_code(operator.agent_no, at)
        return Stamp(self._seat.heading, table.title, operator.signature, at, trace)

    def _log(self, table: Table, trace: str, witness: str, path: Path) -> None:
        details = {
            "table": table.name,
            "trace": trace,
            "columns": len(table.headers),
            "format": path.suffix[:8],
        }
        if witness:
            details["second"] = witness
        with self._seat.db.writing.begin() as session:
            subject = ("export", table.name[:60])
            record(session, self._seat, "export", subject, f"导出{table.title}", details=details)

    def _witness(self, table: Table, rows: int, second: Second | None) -> str:
        """The second person's signature; empty where one is enough."""
        if rows <= self.alone:
            return ""
        if second is None:
            raise Invalid(
                f"{table.title}超过 {self.alone} 行，导出须两人同意",
                "请第二人输入账号和密码",
                "second",
            )
        if not self._proved(second):
            with self._seat.db.writing.begin() as session:
                subject = ("export", table.name[:60])
                record(session, self._seat, "export_refused", subject, "第二人未通过")
            raise Invalid(
                "第二人的账号或密码不对", "须是值班长、督办员、领导或管理员，且不是本人", "second"
            )
        return second.login

    def _proved(self, second: Second) -> bool:
        with self._seat.db.reading() as session:
            query = select(
                Account.id, Account.login, Account.role, Account.disabled_at, Account.demo
            ).where(or_(Account.login == second.login, Account.agent_no == second.login))
            account = session.execute(query).first()
            if account is None or account.id == self._seat.operator.account_id:
                return False
            if account.disabled_at is not None or Role(account.role) not in WITNESSES:
                return False
            if self._seat.db.guarded:
                return self._comes_in(account.login, second.password)
            kept = session.scalar(select(Account.password_hash).where(Account.id == account.id))
        # Nobody has a password in the demo.
        return (self._seat.demo and account.demo and not kept) or self._fits(
            kept or "", second.password
        )

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except Argon2Error:
            return False

    def _comes_in(self, login: str, password: str) -> bool:
        """On PostgreSQL the server knows: his own login opens, or it does not."""
        # The driver is loaded where there is a server.
        from db.security.logins import login_name

        url = make_url(self._seat.db.url).set(username=login_name(login), password=password)
        try:
            lone_connection(url.render_as_string(hide_password=False)).close()
        except (Unavailable, NotAllowed):
            return False
        return True
