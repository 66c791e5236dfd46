"""An auditor's question in terms of rows: whose lines, of which period, about which work orders."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from console.domain.auditing import COPY, Question
from console.domain.worktime import CIVIL, civil_date
from console.ledger import Seat, contacts, visible
from console.ledger.registers import in_branch
from db.models import Account, Appellant, AuditEntry, Person, PrintLog, Ticket

MOST_PEOPLE, USUAL_DAYS = 30, 30
# Matters of one citizen whose papers, files and copies are looked for.
MOST_MATTERS = 500
# What is done with a work order without anybody's number being told.
_BESIDE = (COPY, "open_file", "save_file")


def key_of_whom(session: Session, seat: Seat, question: Question) -> str:
    """Of the citizen pointed at instead of named, for the line about the asking; empty for none."""
    keys = _of_whom(session, seat, question)[1]
    return keys[0] if keys else ""


def _of_whom(session: Session, seat: Seat, question: Question) -> tuple[list[int], list[str]]:
    """Residents and keys behind a work order or a row of the register, in the asker's scope; nobody is told."""
    about = question.about
    if about is None:
        return [], []
    if about.person_id is not None:
        query = select(Person.id, Person.phone_key).where(
            Person.id == about.person_id, in_branch(seat.operator, Person.grid_id)
        )
    else:
        query = select(Appellant.person_id, Appellant.phone_key)
        query = query.join(Ticket, Ticket.id == Appellant.ticket_id)
        query = query.where(Ticket.id == about.ticket_id, visible(seat.operator))
        query = query.order_by(Appellant.main.desc(), Appellant.id)
    found = session.execute(query.limit(MOST_PEOPLE)).all()
    keys = list(dict.fromkeys(key for _, key in found if key))
    return [id_ for id_, _ in found if id_], keys


class Wanted:
    """The question in terms of rows."""

    def __init__(self, since: date, until: date) -> None:
        self.since, self.until = _midnight(since), _midnight(until + timedelta(days=1))
        self.note = ""
        self._accounts: list[int] | None = None
        self._keys: list[str] | None = None
        self._people: list[int] = []
        self._tickets: list[tuple[int, str]] | None = None

    @classmethod
    def of(cls, session: Session, seat: Seat, question: Question, key: str) -> "Wanted":
        today = civil_date(seat.now(session))
        until = question.until or today
        made = cls(question.since or until - timedelta(days=USUAL_DAYS), until)
        if question.operator.strip():
            made._of_operator(session, question.operator.strip())
        if question.about is not None:
            made._people, made._keys = _of_whom(session, seat, question)
            made.note = "" if made._people or made._keys else "没有登记诉求人"
        elif question.citizen.strip():
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

    def theirs(self) -> ColumnElement[bool]:
        """The work orders of the citizen asked about, or the one asked for; none when the question is about neither."""
        if self._keys is not None:
            known = [Appellant.phone_key.in_(self._keys), Appellant.person_id.in_(self._people)]
            return Ticket.id.in_(select(Appellant.ticket_id).where(or_(*known)))
        if self._tickets is not None:
            return Ticket.id.in_([id_ for id_, _number in self._tickets])
        return false()

    @property
    def people(self) -> list[int]:
        """Rows of the register the question is about."""
        return self._people

    @property
    def accounts(self) -> list[int] | None:
        """Whose doing is asked for; None for everybody's."""
        return self._accounts

    @property
    def about_somebody(self) -> bool:
        return self._keys is not None or self._tickets is not None

    def of_entry(self) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self._accounts is not None:
            asked.append(AuditEntry.account_id.in_(self._accounts))
        if self._keys is not None:
            people = [str(id_) for id_ in self._people]
            of_person = (AuditEntry.subject_kind == "person") & AuditEntry.subject_key.in_(people)
            in_theirs = AuditEntry.subject_key.in_(select(Ticket.number).where(self.theirs()))
            beside = and_(AuditEntry.action.in_(_BESIDE), AuditEntry.phone_digest == "", in_theirs)
            asked.append(or_(AuditEntry.phone_digest.in_(self._keys), of_person, beside))
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
            asked.append(PrintLog.ticket_id.in_(select(Ticket.id).where(self.theirs())))
        if self._tickets is not None:
            asked.append(PrintLog.ticket_id.in_([id_ for id_, _number in self._tickets]))
        return asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)
