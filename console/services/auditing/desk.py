"""查阅记录: every reveal, search, print, export and private file, by whom, of whom and why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from console.domain.auditing import (
    ACTION_NAMES,
    CHOSEN,
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
from console.domain.phones import is_phone, parse_phone
from console.domain.roles import Operator
from console.domain.worktime import CIVIL, civil_date
from console.ledger import Seat, contacts, visible
from console.ledger.audit import REVEAL, record
from console.ledger.copies import form_words
from console.services.auditing import tracing
from db.models import Account, Appellant, AuditEntry, Person, PrintLog, Staff, Ticket, TicketEvent
from db.models.private import key_of as own_key

Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]
MOST, MOST_PEOPLE, USUAL_DAYS = 500, 30, 30
_IDENTITY = frozenset({15, 18})


class Auditing:
    """For supervisor, overseer and inspector; asking is itself on record. Raises NotAllowed for everybody else."""

    def __init__(self, seat: Seat, pixels: Pixels) -> None:
        self._seat, self._pixels = seat, pixels

    def search(self, question: Question) -> Answer:
        """Newest first, at most 500; the last thirty days unless told. Raises Invalid (fields of the question)."""
        self._check()
        with self._seat.db.writing.begin() as session:
            key = self._key(session, question.citizen)
            self._log_search(session, question, key)
        with self._seat.db.reading() as session:
            wanted = _Wanted.of(session, self._seat, question, key)
            seen = [*self._entries(session, wanted), *self._prints(session, wanted)]
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
        asked = "citizen" if question.citizen else "number" if question.number else "period"
        record(
            session, self._seat, "audit_search", ("audit", asked), phone_key=key, details=details
        )

    # --- reading

    def _entries(self, session: Session, wanted: "_Wanted") -> list[Seen]:
        query = select(AuditEntry).where(
            AuditEntry.at >= wanted.since,
            AuditEntry.at < wanted.until,
            AuditEntry.action.in_(ACTION_NAMES),
            *wanted.of_entry(),
        )
        rows = session.scalars(query.order_by(AuditEntry.id.desc()).limit(MOST + 1))
        return [_seen(row) for row in rows]

    def _prints(self, session: Session, wanted: "_Wanted") -> list[Seen]:
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

    def _judged(self, session: Session, seen: list[Seen], wanted: "_Wanted") -> list[Seen]:
        own, often = self._own(session, seen), self._often(session, seen, wanted)
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

    def _often(self, session: Session, seen: list[Seen], wanted: "_Wanted") -> Any:
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


class _Wanted:
    """The question in terms of rows."""

    def __init__(self, since: date, until: date) -> None:
        self.since, self.until = _midnight(since), _midnight(until + timedelta(days=1))
        self.note = ""
        self._accounts: list[int] | None = None
        self._keys: list[str] | None = None
        self._people: list[int] = []
        self._tickets: list[tuple[int, str]] | None = None

    @classmethod
    def of(cls, session: Session, seat: Seat, question: Question, key: str) -> "_Wanted":
        today = civil_date(seat.now(session))
        until = question.until or today
        made = cls(question.since or until - timedelta(days=USUAL_DAYS), until)
        if question.operator.strip():
            made._of_operator(session, question.operator.strip())
        if question.citizen.strip():
            made._of_citizen(session, seat, question.citizen.strip(), key)
        if question.number.strip():
            number = "".join(question.number.split())
            query = select(Ticket.id, Ticket.number).where(
                Ticket.number == number, visible(seat.operator)
            )
            made._tickets = [(id_, found) for id_, found in session.execute(query)]
            made.note = made.note or ("" if made._tickets else "没有这个工单编号")
        return made

    def _of_operator(self, session: Session, words: str) -> None:
        query = select(Account.id).where(
            or_(Account.agent_no == words, Account.name == words, Account.login == words.lower())
        )
        self._accounts = list(session.scalars(query))
        if not self._accounts:
            self.note = "没有这个操作人"

    def _of_citizen(self, session: Session, seat: Seat, words: str, key: str) -> None:
        people = select(Person.id, Person.phone_key)
        if key:
            people = people.where(or_(Person.phone_key == key, Person.id_key == key))
        else:
            ids = contacts.people_called(session, seat, words, "", MOST_PEOPLE)
            people = people.where(Person.id.in_(ids))
        found = session.execute(people.limit(MOST_PEOPLE)).all()
        self._people = [id_ for id_, _key in found]
        self._keys = list({key, *(phone for _id, phone in found)} - {""})
        if len(found) > 1:
            self.note = f"{len(found)} 位居民符合，合并列出"
        elif not (found or key):
            self.note = "没有这位居民"

    def of_entry(self) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self._accounts is not None:
            asked.append(AuditEntry.account_id.in_(self._accounts))
        if self._keys is not None:
            people = [str(id_) for id_ in self._people]
            of_person = (AuditEntry.subject_kind == "person") & AuditEntry.subject_key.in_(people)
            asked.append(or_(AuditEntry.phone_digest.in_(self._keys), of_person))
        if self._tickets is not None:
            numbers = [number for _id, number in self._tickets]
            in_it = AuditEntry.details["ticket"].as_string().in_(numbers)
            asked.append(or_(AuditEntry.subject_key.in_(numbers), in_it))
        return asked

    def of_print(self) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self._accounts is not None:
            asked.append(PrintLog.account_id.in_(self._accounts))
        if self._keys is not None:
            theirs = select(Appellant.ticket_id).where(Appellant.phone_key.in_(self._keys))
            asked.append(PrintLog.ticket_id.in_(theirs) if self._keys else false())
        if self._tickets is not None:
            asked.append(PrintLog.ticket_id.in_([id_ for id_, _number in self._tickets]))
        return asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)


def _seen(row: AuditEntry) -> Seen:
    details = row.details if isinstance(row.details, dict) else {}
    fields = "、".join(FIELD_NAMES.get(name, name) for name in details.get("fields", ()))
    number = row.subject_key if row.subject_kind == "ticket" else details.get("ticket", "")
    what = fields or _SUBJECTS.get(row.subject_kind, "")
    number = number if isinstance(number, str) else ""
    return Seen(
        f"a{row.id}", row.at, row.actor_name, row.account_id, row.action, what, number, row.reason, row.workstation,
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
