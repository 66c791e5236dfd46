"""The audit chain looked through from end to end: which lines were altered, taken out or put in behind its back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.worktime import moment_words
from console.ledger.audit import as_jsonb
from db.models import AuditEntry

AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place where the chain does not hold, in words; never what a line says of a citizen."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What was found. `end` is to be written down: with it a later check notices when the last lines are cut off."""

    lines: int
    doubts: tuple[Doubt, ...]
    end: str

    @property
    def whole(self) -> bool:
        return not self.doubts


@dataclass(frozen=True, slots=True)
class _Link:
    id: int
    at: datetime
    who: str
    action: str
    digest: str
    fits: bool


def examine(session: Session, known: str = "") -> Chain:
    """Every line, in order, without holding them. `known` is an earlier `end`. Raises Invalid for a bad one."""
    wanted = _known(known)
    doubts: list[Doubt] = []
    lines, earlier, last = 0, "", None
    for link, spliced in _links(session):
        lines += 1
        if wanted is not None and link.id == wanted[0]:
            if link.digest != wanted[1]:
                doubts.append(Doubt(link.id, f"第 {link.id} 行与记下的摘要不同：{_facts(link)}"))
            wanted = None
        if not link.fits:
            _judge(doubts, link, last, spliced)
        earlier, last = link.digest, link
    if wanted is not None:
        doubts.append(Doubt(wanted[0], f"记下的第 {wanted[0]} 行已不在：末尾被删去，或换了数据库"))
    end = f"{last.id}:{earlier}" if last is not None else ""
    return Chain(lines, tuple(doubts), end)


def _judge(doubts: list[Doubt], link: _Link, last: _Link | None, spliced: bool) -> None:
    """Why a line does not follow from the one before it."""
    before = last.id if last is not None else 0
    if spliced and last is not None:
        # It follows from the one before that: what stands between them was put in.
        if doubts and doubts[-1].id == before:
            doubts.pop()
        doubts.append(Doubt(before, f"第 {before} 行是后来插入的：{_facts(last)}"))
    elif link.id - before > 1:
        gap = (
            f"第 {before + 1} 至 {link.id - 1} 行"
            if link.id - before > 2
            else f"第 {before + 1} 行"
        )
        words = f"{gap}被删去，或第 {link.id} 行被改动：{_facts(link)}"
        doubts.append(Doubt(link.id, words))
    elif last is not None and last.fits:
        words = f"第 {link.id} 行被改动，或第 {before} 行被改后重算：{_facts(link)}"
        doubts.append(Doubt(link.id, words))
    else:
        doubts.append(Doubt(link.id, f"第 {link.id} 行被改动：{_facts(link)}"))


def _links(session: Session) -> Iterator[tuple[_Link, bool]]:
    """Each line, whether it follows from the one before, and if not, whether from the one before that."""
    before = earlier = ""
    for row in _rows(session):
        tail = _tail(row)
        fits = row.digest == _digest(before, tail)
        spliced = not fits and before != "" and row.digest == _digest(earlier, tail)
        yield _Link(row.id, row.at, row.actor_name, row.action, row.digest, fits), spliced
        earlier, before = before, row.digest


def _rows(session: Session) -> Iterator[Any]:
    line = AuditEntry
    server = session.get_bind().dialect.name == "postgresql"
    # As the server prints jsonb; on SQLite it is put into the same form here.
    details: Any = cast(line.details, String) if server else line.details
    query = select(
        line.id, line.at, line.account_id, line.actor_name, line.workstation, line.action, line.subject_kind,
        line.subject_key, line.phone_digest, line.reason, details.label("details"), line.digest,
    )  # fmt: skip
    yield from session.execute(query.order_by(line.id).execution_options(yield_per=AT_ONCE))


def _tail(row: Any) -> str:
    """A line without the digest before it, as console/ledger/audit.py `_digest` and hotline.link write it."""
    details = row.details if isinstance(row.details, str) else as_jsonb(row.details)
    return "\x1f".join(
        (
            row.at.isoformat(timespec="microseconds"), str(row.account_id or ""), row.actor_name, row.workstation,
            row.action, row.subject_kind, row.subject_key, row.phone_digest, row.reason, details,
        )
    )  # fmt: skip


def _digest(before: str, tail: str) -> str:
    return sha256(f"{before}\x1f{tail}".encode()).hexdigest()


def _facts(link: _Link) -> str:
    return f"{moment_words(link.at)} {link.who} {link.action}"


def _known(words: str) -> tuple[int, str] | None:
    if not words:
        return None
    number, _, digest = words.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise Invalid(
            "记下的链尾写得不对", "照上次 db check --audit 打印的“编号:摘要”填写", "known"
        )
    return int(number), digest
