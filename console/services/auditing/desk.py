"""查阅记录: every reveal, search, print, export and private file, by whom, of whom and why."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.auditing import (
    ACTION_NAMES,
    CHOSEN,
    COPY,
    FIELD_NAMES,
    MAY_AUDIT,
    Answer,
    Question,
    Seen,
    Traced,
    Unusual,
    many,
)
from console.domain.errors import Invalid, NotAllowed
from console.domain.importing.kinds import KINDS
from console.domain.phones import is_phone, parse_phone
from console.domain.roles import Operator
from console.ledger import Seat, contacts
from console.ledger.audit import REVEAL, record
from console.ledger.copies import form_words
from console.services.auditing import tracing
from console.services.auditing.taken import exports
from console.services.auditing.wanted import Wanted, key_of_whom
from console.services.auditing.watching import Watching, watched_lines
from db.models import AuditEntry, PrintLog, Staff, Ticket, TicketEvent
from db.models.private import key_of as own_key

Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]
MOST = 500
# By choice; whoever answers a call sees who calls, which is the work itself.
_LOOKED = CHOSEN | {"search", "save_file", COPY}
_IDENTITY = frozenset({15, 18})


class Auditing:
    """For supervisor, overseer and inspector; asking is itself on record. Raises NotAllowed for everybody else."""

    def __init__(self, seat: Seat, pixels: Pixels) -> None:
        self._seat, self._pixels = seat, pixels

    def search(self, question: Question) -> Answer:
        """Newest first, at most 500; the last thirty days unless told. Raises Invalid (fields of the question)."""
        self._check()
        with self._seat.db.writing.begin() as session:
            key = self._key(session, question.citizen) or key_of_whom(session, self._seat, question)
            self._log_search(session, question, key)
        with self._seat.db.reading() as session:
            wanted = Wanted.of(session, self._seat, question, key)
            seen = [
                *self._entries(session, wanted),
                *self._prints(session, wanted),
                *exports(session, wanted),
            ]
            seen = sorted(seen, key=lambda one: one.at, reverse=True)
            cut = len(seen) > MOST
            judged = self._judged(session, seen[:MOST], wanted)
        if question.unusual_only:
            judged = [one for one in judged if one.unusual]
        return Answer(tuple(judged), cut, wanted.note)

    def identify(self, path: Path) -> Traced:
        """Whose copy a picture, a PDF or an exported file is. Raises Invalid, NotFound when nothing can be read."""
        self._check()
        found = tracing.read_file(path, self._pixels)
        with self._seat.db.writing.begin() as session:
            details = {"account": found.account_id, "at": found.at.isoformat(), "code": found.code}
            record(
                session, self._seat, "trace", ("copy", found.medium_words), "识别", details=details
            )
        with self._seat.db.reading() as session:
            traced = tracing.resolved(session, found)
            return replace(traced, seen=tuple(self._around(session, traced)))

    def copied(self, number: str, citizen: str, code: str) -> None:
        """Somebody, whoever it is, took words out by the clipboard: about which work order, with whose number."""
        with self._seat.db.writing.begin() as session:
            key = contacts.key_of(session, self._seat, citizen) if citizen else ""
            subject = ("ticket", number) if number else ("copy", "clipboard")
            record(session, self._seat, COPY, subject, "", key, {"trace": code})

    @cached_property
    def watching(self) -> Watching:
        """关注号码: whose every look is marked."""
        return Watching(self._seat)

    # --- asking

    def _check(self) -> None:
        operator: Operator = self._seat.operator
        if operator.role not in MAY_AUDIT:
            raise NotAllowed("只有值班长、督办员和督察员可以查看查阅记录")

    def _key(self, session: Session, citizen: str) -> str:
        """Of a number in full; empty for a name."""
        plain = citizen.strip()
        if is_phone(plain):
            return contacts.key_of(session, self._seat, parse_phone(plain).digits)
        if len(plain) in _IDENTITY and plain[:-1].isdigit():
            return contacts.key_of(session, self._seat, plain.upper())
        if any(letter.isdigit() for letter in plain):
            raise Invalid("号码不完整", "请输入完整的电话号码或身份证号，或居民姓名", "citizen")
        return ""

    def _log_search(self, session: Session, question: Question, key: str) -> None:
        details = {"number": question.number, "operator": question.operator}
        asked = "number" if question.number else "period"
        asked = "citizen" if question.citizen or question.about else asked
        record(
            session, self._seat, "audit_search", ("audit", asked), phone_key=key, details=details
        )

    # --- reading

    def _entries(self, session: Session, wanted: Wanted) -> list[Seen]:
        query = select(AuditEntry).where(
            AuditEntry.at >= wanted.since,
            AuditEntry.at < wanted.until,
            AuditEntry.action.in_(ACTION_NAMES),
            *wanted.of_entry(),
        )
        rows = session.scalars(query.order_by(AuditEntry.id.desc()).limit(MOST + 1))
        return [_seen(row) for row in rows]

    def _prints(self, session: Session, wanted: Wanted) -> list[Seen]:
        query = select(PrintLog, Ticket.number).outerjoin(Ticket, Ticket.id == PrintLog.ticket_id)
        query = query.where(
            PrintLog.at >= wanted.since, PrintLog.at < wanted.until, *wanted.of_print()
        )
        rows = session.execute(query.order_by(PrintLog.id.desc()).limit(MOST + 1)).all()
        names = form_words(session, {row.form for row, _number in rows})
        return [_printed(row, number or "", names[row.form]) for row, number in rows]

    def _around(self, session: Session, traced: Traced) -> list[Seen]:
        """What that account had just done when the copy was made."""
        if not traced.who:
            return []
        query = select(AuditEntry).where(
            AuditEntry.account_id == traced.account_id,
            AuditEntry.at >= traced.at - timedelta(minutes=10),
            AuditEntry.at < traced.at + timedelta(minutes=3),
            AuditEntry.action.in_(ACTION_NAMES),
        )
        rows = session.scalars(query.order_by(AuditEntry.id.desc()).limit(50))
        return [_seen(row) for row in rows]

    # --- what is out of the ordinary

    def _judged(self, session: Session, seen: list[Seen], wanted: Wanted) -> list[Seen]:
        own, often = self._own(session, seen), self._often(session, seen, wanted)
        watched = watched_lines(session, self._seat, [one.id for one in seen])
        colleagues, night = self._of_colleagues(session, seen), self._seat.rules.pack.auditing.night

        def why(one: Seen) -> tuple[Unusual, ...]:
            tests = (
                (Unusual.MANY, one.action == REVEAL and one.at in often.get(one.account_id, ())),
                (Unusual.NIGHT, one.action in CHOSEN and night.holds(one.at)),
                (
                    Unusual.OUTSIDE,
                    one.action == REVEAL and one.number and (one.account_id, one.number) not in own,
                ),
                (Unusual.COLLEAGUE, one.id in colleagues),
                (Unusual.WATCHED, one.action in _LOOKED and one.id in watched),
            )
            return tuple(name for name, holds in tests if holds)

        return [replace(one, unusual=why(one)) for one in seen]

    @staticmethod
    def _own(session: Session, seen: list[Seen]) -> set[tuple[int | None, str]]:
        """Which of these work orders each of these people has had a hand in."""
        numbers = {one.number for one in seen if one.number and one.action == REVEAL}
        query = select(TicketEvent.actor_id, Ticket.number).join(
            Ticket, Ticket.id == TicketEvent.ticket_id
        )
        rows = session.execute(query.where(Ticket.number.in_(numbers)).distinct())
        return {(actor, number) for actor, number in rows}

    def _often(self, session: Session, seen: list[Seen], wanted: Wanted) -> Any:
        accounts = {one.account_id for one in seen if one.action == REVEAL}
        query = select(AuditEntry.account_id, AuditEntry.at).where(
            AuditEntry.account_id.in_(accounts),
            AuditEntry.action == REVEAL,
            AuditEntry.at >= wanted.since,
            AuditEntry.at < wanted.until,
        )
        half = max(5, self._seat.rules.pack.desk.reveals_per_hour // 2)
        return many(((account, at) for account, at in session.execute(query)), half)

    def _of_colleagues(self, session: Session, seen: list[Seen]) -> set[str]:
        """Lines about the number of somebody who works here."""
        ids = [int(one.id[1:]) for one in seen if one.id[0] == "a"]
        query = select(AuditEntry.id).where(
            AuditEntry.id.in_(ids),
            AuditEntry.phone_digest != "",
            AuditEntry.phone_digest.in_(self._staff_keys(session)),
        )
        return {f"a{id_}" for id_ in session.scalars(query)}

    def _staff_keys(self, session: Session) -> list[str]:
        if self._seat.db.guarded:
            return list(session.scalars(select(func.hotline.staff_keys())))
        return [own_key(str(phone)) for phone in session.scalars(select(Staff.phone)) if phone]


def _seen(row: AuditEntry) -> Seen:
    details = row.details if isinstance(row.details, dict) else {}
    fields = "、".join(FIELD_NAMES.get(name, name) for name in details.get("fields", ()))
    number = row.subject_key if row.subject_kind == "ticket" else details.get("ticket", "")
    what = fields or _SUBJECTS.get(row.subject_kind, "") or _imported(row.subject_kind, details)
    number = number if isinstance(number, str) else ""
    return Seen(
        f"a{row.id}", row.at, row.actor_name, row.account_id, row.action, what, number, row.reason, row.workstation,
    )  # fmt: skip


def _imported(subject: str, details: Mapping[str, Any]) -> str:
    """居民 3,000 行，已登记 120，别处或姓名不符 4: whose list that may be, an auditor sees by the numbers."""
    kind = KINDS.get(subject.removeprefix("import_")) or KINDS.get(
        f"{subject.removeprefix('import_')}s"
    )
    if kind is None or not subject.startswith("import_"):
        return ""
    numbers = [
        f"{words} {details[name]:,}"
        for name, words in _COUNTED
        if isinstance(details.get(name), int)
    ]
    return f"{kind.title}：{'，'.join(numbers)}"


_COUNTED = (
    ("rows", "共"), ("known", "已登记"), ("strange", "别处或姓名不符"), ("new", "新增"), ("changed", "更新"),
    ("failed", "有错"),
)  # fmt: skip
_SUBJECTS = {
    "attachment": "附件",
    "box": "查找框",
    "export": "导出表",
    "accountability": "问责清单",
    "audit": "查阅记录",
    "copy": "副本",
    "person": "居民",
    "call": "来电",
}


def _printed(row: PrintLog, number: str, name: str) -> Seen:
    what = f"{name} 第 {row.copy_no} 份，{row.pages} 页"
    action = "print" if row.manner == "print" else "file"
    return Seen(
        f"p{row.id}", row.at, row.by, row.account_id, action, what, number, "", row.workstation
    )
