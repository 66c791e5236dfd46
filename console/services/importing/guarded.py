"""Importing with one's own login on a guarded PostgreSQL (db/security/78_known_people.sql, docs/decisions/012).

What of a file is registered, and which private columns differ, the server answers without telling one; the asking is on
record before the answer. The keys of numbers written then are made when all of it is saved, so nothing is learnt.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from console.domain.errors import NotAllowed
from console.domain.importing.fields import Kind
from console.domain.roles import Role
from console.ledger import Seat
from console.ledger.contacts import _said_plainly as said_plainly
from console.services.importing.bulk import as_json

# A statement has fifteen seconds; five thousand rows take less than one.
PIECE = 5000
HERE, ELSEWHERE, OTHER_NAME, OFTEN = "here", "elsewhere", "other", "often"
# Whose login may write which registers there (72_registers.sql, 78_known_people.sql).
_SKELETON = frozenset({"staff", "units", "grids", "roads", "landmarks"})
_COMPARE = text("SELECT hotline.compare_known(:asking, CAST(:rows AS jsonb))")
_TELL = text("SELECT * FROM hotline.tell_known(:asking)")
_END = text("SELECT hotline.end_import(:batch, :station, CAST(:more AS jsonb))")


@dataclass(frozen=True, slots=True)
class Unseen:
    """What stands in a private column now, as far as it may be shown; it is another value than the file's."""

    shown: str = "***"

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True, slots=True)
class Answer:
    """How one row of the file stands to the register; the row itself only where it is the asker's to change."""

    state: str
    row_id: int | None = None
    version: int | None = None
    differs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the file: known by a number, or by the row; its private columns as the file has them."""

    key: str = field(default="", repr=False)
    row_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


def may(seat: Seat, kind: Kind) -> bool:
    """Whether this login may write the register on the server."""
    skeleton = seat.db.guarded and kind.name in _SKELETON
    return not skeleton or seat.operator.role is Role.SUPERVISOR


def refuse(seat: Seat, kind: Kind) -> None:
    """Raises NotAllowed for a register that this login may not write on the server."""
    if not may(seat, kind):
        raise NotAllowed(
            f"{kind.title}要由值班长导入，或在服务器上导入",
            "在服务器上用 main.py import，仍记您的名字",
        )


def ask(
    seat: Seat, table: str, file: str, questions: Sequence[Question]
) -> tuple[int, dict[int, Answer]]:  # fmt: skip
    """The number of the asking, and the answers by the place of their question; what is not there has none.

    Raises NotAllowed for a file that looks like a list of people to be looked up.
    """
    with seat.db.writing.begin() as session, said(seat):
        asking = int(session.scalar(select(func.hotline.ask_known(table))) or 0)
        for start in range(0, len(questions), PIECE):
            piece = enumerate(questions[start : start + PIECE], start)
            rows = as_json([_row(at, one) for at, one in piece])
            session.execute(_COMPARE, {"asking": asking, "rows": rows})
        session.execute(select(func.hotline.close_known(asking, file, seat.workstation)))
    with seat.db.reading() as session, said(seat):
        told = session.execute(_TELL, {"asking": asking})
        return asking, {
            row.place: Answer(row.state, row.row_id, row.version, frozenset(row.differs))
            for row in told
        }


def _row(at: int, question: Question) -> dict[str, Any]:
    return {"at": at, "key": question.key, "id": question.row_id, "values": question.values}


def begin(session: Session, seat: Seat, asking: int | None) -> None:
    """From now on this transaction writes numbers without turns; their keys come when it is saved."""
    if seat.db.guarded:
        # The keys of a hundred thousand rows are made by the last word of all, COMMIT.
        session.execute(text("SET LOCAL statement_timeout = '2min'"))
        with said(seat):
            session.execute(select(func.hotline.begin_import(asking)))


def end(session: Session, seat: Seat, batch: int, details: Mapping[str, Any]) -> None:
    """The line in the audit, which the server writes itself; without it nothing is saved."""
    more = as_json([dict(details)])[1:-1]
    session.execute(_END, {"batch": batch, "station": seat.workstation, "more": more})


@contextmanager
def said(seat: Seat) -> Iterator[None]:
    """The server's refusals in the operator's words."""
    try:
        with said_plainly(seat):
            yield
    except DBAPIError as error:
        if str(getattr(error.orig, "sqlstate", "")) == "HL006":
            raise NotAllowed(
                "文件里登记在别处、或姓名不符的人太多，没有比对，已留下记录",
                "请核对是不是本辖区的名册；跨辖区的名册请热线中心导入",
            ) from None
        raise


@contextmanager
def written(seat: Seat) -> Iterator[None]:
    """The same while rows are written, where it is not looking up that is too fast."""
    try:
        yield
    except DBAPIError as error:
        if str(getattr(error.orig, "sqlstate", "")) == "HL005":
            raise NotAllowed(
                "一小时内导入的号码太多，什么都没有写入",
                "请过一小时再导入，或在服务器上用 main.py import 导入",
            ) from None
        raise
