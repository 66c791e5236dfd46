"""The one door to who a citizen is (docs/decisions/012): keys to look up by, names to find by, values to show in full.

Nothing else in the program reads a private column. On PostgreSQL an operator's login cannot: there the functions of
`db/security/70_contacts.sql` answer, check the asker again, keep count and write the audit line. What is shown in full
takes two steps, because a line written in the asker's own transaction is gone when the asker rolls it back: first
it is asked for, and the asking stands in the audit for good; only then is it told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, undefer_group

from console.domain.errors import Invalid, NotAllowed, NotFound, UserError
from console.ledger.audit import CALLER, REVEAL, allow_reveal, need_reason, record, too_many
from console.ledger.cases import SEES_CONFIDENTIAL
from console.ledger.seat import Seat
from db.models import Appellant, Base, BlockedNumber, Call, OriginalText, Person, Ticket
from db.models.private import key_of as own_key
from db.models.private import sought_by
from db.search import find_tickets, index_ticket, piece_vector, postgresql_match

# What can be asked for in full, by what it is asked of.
FIELDS = {
    "ticket": ("name", "phone", "address", "content"),
    "appellant": ("name", "phone"),
    "person": ("name", "home_address", "phone", "id_number"),
    "call": ("phone",),
}
_OF_CALLER = ("name", "phone", "wechat", "address")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see in full. `own`: of the caller of one's own call, which is the work itself."""

    kind: str
    id: int
    fields: tuple[str, ...]
    number: str = ""
    own: bool = False

    @property
    def subject(self) -> tuple[str, str]:
        return ("ticket", self.number) if self.number else (self.kind, str(self.id))


# --- looking up


def key_of(session: Session, seat: Seat, value: str) -> str:
    """What a phone or identity number is compared by; empty for none. Raises NotAllowed when asked too fast."""
    if not value:
        return ""
    if not seat.db.keeps_keys(session):
        return own_key(value)
    if value not in seat.keys:
        with _said_plainly():
            found = session.scalar(select(func.hotline.key_of(value)))
        seat.remember_key(value, str(found or ""))
    return seat.keys[value]


def people_called(session: Session, seat: Seat, start: str, letters: str, most: int) -> list[int]:
    """Residents whose name begins with `start`, or its pinyin initials with `letters`. One statement.

    The asker's scope is applied by whoever reads the rows, and on PostgreSQL here too.
    """
    start = sought_by(start)
    if not (start or letters):
        return []
    if seat.db.guarded:
        with _said_plainly():
            return list(session.scalars(select(func.hotline.people_called(start, letters, most))))
    said = [_begins(Person.sought, start)] if start else []
    if letters:
        said += [_begins(Person.initials, letters), _begins(Person.other_initials, letters)]
    return list(session.scalars(select(Person.id).where(or_(*said)).limit(most)))


def _begins(column: Any, start: str) -> Any:
    """A prefix as a half-open range, which an index answers; LIKE would scan on SQLite."""
    return (column >= start) & (column < start[:-1] + chr(ord(start[-1]) + 1))


# --- showing in full


def disclose(seat: Seat, wanted: Wanted, reason: str) -> tuple[str, ...]:
    """The values of `wanted.fields`, after the line in the audit is there for good.

    Raises Invalid without a reason, NotAllowed for who may not or not so often, NotFound.
    """
    need_reason(reason)
    with seat.db.writing.begin() as session:
        line = _ask(session, seat, wanted, reason)
    with seat.db.reading() as session:
        return _tell(session, seat, wanted, line)


def _ask(session: Session, seat: Seat, wanted: Wanted, reason: str) -> int:
    if seat.db.guarded:
        asked = func.hotline.ask(
            wanted.kind, wanted.id, list(wanted.fields), reason, seat.workstation
        )
        with _said_plainly(seat):
            return int(session.scalar(select(asked)) or 0)
    phone_key = _key_beside(session, wanted)
    if wanted.kind == "person" and not wanted.own:
        refuse_withheld(session, seat, wanted.id, phone_key)
    if not wanted.own:
        allow_reveal(session, seat, reason)
    action = CALLER if wanted.own else REVEAL
    details = {"fields": list(wanted.fields), wanted.kind: wanted.id}
    return record(session, seat, action, wanted.subject, reason, phone_key, details)


def refuse_withheld(session: Session, seat: Seat, person_id: int, phone_key: str) -> None:
    """A resident who asked for confidence is not found out by way of the register. Raises NotAllowed.

    On PostgreSQL the server says the same (`hotline.ask`, `hotline.ask_register`).
    """
    operator = seat.operator
    if operator.role in SEES_CONFIDENTIAL:
        return
    theirs = Appellant.person_id == person_id
    if phone_key:
        theirs = theirs | (Appellant.phone_key == phone_key)
    others = Ticket.creator_id.is_distinct_from(operator.account_id)
    query = select(Ticket.id).join(Appellant, Appellant.ticket_id == Ticket.id)
    if session.scalar(query.where(Ticket.confidential, others, theirs).limit(1)) is not None:
        raise _SENTENCES["HL003"]


def key_of_person(session: Session, person_id: int) -> str:
    """What the auditor finds all lines about this resident by; empty without a number."""
    return session.scalar(select(Person.phone_key).where(Person.id == person_id)) or ""


def _tell(session: Session, seat: Seat, wanted: Wanted, line: int) -> tuple[str, ...]:
    if seat.db.guarded:
        with _said_plainly():
            told = session.scalar(select(func.hotline.disclose(line))) or ()
        return tuple(str(value or "") for value in told)
    row = _row(session, wanted)
    return tuple(_value(session, wanted, row, name) for name in wanted.fields)


def _row(session: Session, wanted: Wanted) -> Any:
    kinds: dict[str, type[Base]] = {"appellant": Appellant, "person": Person, "call": Call}
    if wanted.kind == "ticket":
        query = select(Appellant).where(Appellant.ticket_id == wanted.id)
        query = query.order_by(Appellant.main.desc(), Appellant.id).limit(1)
        return session.scalars(query.options(undefer_group("private"))).first()
    return session.get(kinds[wanted.kind], wanted.id, options=[undefer_group("private")])


def _value(session: Session, wanted: Wanted, row: Any, name: str) -> str:
    if wanted.kind == "ticket" and name == "address":
        return session.scalar(select(Ticket.address).where(Ticket.id == wanted.id)) or ""
    if wanted.kind == "ticket" and name == "content":
        return original(session, wanted.id, "content")
    return str(getattr(row, "caller_no" if wanted.kind == "call" else name, "") or "")


def original(session: Session, ticket_id: int, column: str) -> str:
    """A text of a work order as it was typed; what stands there where nothing had to be masked."""
    query = select(OriginalText.words).where(
        OriginalText.table_name == "ticket",
        OriginalText.row_id == ticket_id,
        OriginalText.column_name == column,
    )
    kept = session.scalar(query.order_by(OriginalText.id.desc()).limit(1))
    column_now = getattr(Ticket, column)
    return kept or session.scalar(select(column_now).where(Ticket.id == ticket_id)) or ""


def _key_beside(session: Session, wanted: Wanted) -> str:
    """Whose number it is, for the auditor's question who saw it."""
    row = _row(session, wanted)
    if wanted.kind == "call":
        return row.caller_key if row is not None else ""
    return row.phone_key if row is not None else ""


# --- whoever wrote it


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked, as typed: for the form of whoever typed it, and for nobody else."""

    name: str = ""
    phone: str = ""
    address: str = ""


def typed_by_me(session: Session, seat: Seat, ticket: Ticket) -> Caller:
    """The caller and the place of one's own work order that is not yet out of hand. Raises NotAllowed."""
    if ticket.creator_id != seat.operator.account_id:
        raise NotAllowed("只能修改本人受理的工单", "请在工单里补充说明")
    if seat.db.guarded:
        with _said_plainly():
            found = session.execute(
                text("SELECT * FROM hotline.typed_by_me(:id)"), {"id": ticket.id}
            )
            row = found.first()
        return Caller(*row) if row is not None else Caller(address=ticket.place)
    query = select(Appellant.name, Appellant.phone).where(
        Appellant.ticket_id == ticket.id, Appellant.main
    )
    row = session.execute(query).first()
    return Caller(*(row or ("", "")), address=ticket.address)


# --- keeping together


def copy_caller(session: Session, seat: Seat, row: Appellant, to: Appellant) -> None:
    """`to`, flushed, is the same citizen as `row`: name, numbers and addresses are copied unseen."""
    session.flush()
    if seat.db.guarded:
        with _said_plainly():
            session.execute(select(func.hotline.copy_caller(row.id, to.id)))
    else:
        for name in _OF_CALLER:
            setattr(to, name, getattr(row, name))
    session.flush()
    session.refresh(to)


def part_caller(session: Session, seat: Seat, row: Appellant) -> None:
    """Take somebody off a work order whose own was taken out of the merge."""
    session.flush()
    if seat.db.guarded:
        with _said_plainly():
            session.execute(select(func.hotline.part_caller(row.id)))
        session.expunge(row)
    else:
        session.delete(row)


def copy_number(session: Session, seat: Seat, call: Call, to: BlockedNumber) -> None:
    """The number a call came from, onto the mark that is asked for; copied unseen."""
    session.flush()
    if seat.db.guarded:
        with _said_plainly():
            session.execute(select(func.hotline.copy_number(call.id, to.id)))
    else:
        to.phone = call.caller_no
    session.flush()
    session.refresh(to)


def copy_place(session: Session, seat: Seat, ticket: Ticket, to: Ticket) -> None:
    """Where it happened, onto another work order about the same matter."""
    session.flush()
    if seat.db.guarded:
        with _said_plainly():
            session.execute(select(func.hotline.copy_place(ticket.id, to.id)))
        session.refresh(to, ["place"])
    else:
        to.address = ticket.address
        session.flush()


# --- finding by words


def make_findable(session: Session, seat: Seat, ticket: Ticket, by_name: bool = True) -> None:
    """By its texts and place, and by its caller's name unless that is confidential or was not given."""
    session.flush()
    texts = (ticket.title, ticket.content, ticket.wanted, ticket.place, ticket.respondent)
    named = by_name and not (ticket.confidential or ticket.anonymous)
    if seat.db.guarded:
        with _said_plainly():
            made = func.hotline.index_ticket(ticket.id, piece_vector(*texts), named)
            session.execute(select(made))
        return
    query = select(Appellant.name).where(Appellant.ticket_id == ticket.id, Appellant.main)
    names = [name for name in session.scalars(query) if name] if named else []
    index_ticket(session, ticket.id, *texts, *names)


def tickets_saying(session: Session, seat: Seat, words: str, most: int) -> list[int]:
    """Work orders that contain every word, newest first. Raises Invalid when no word has two characters."""
    if not seat.db.guarded:
        return find_tickets(session, words, most)
    match = postgresql_match(words)
    if not match:
        raise Invalid("请至少输入两个字", field="search")
    with _said_plainly():
        return list(session.scalars(select(func.hotline.find_tickets(match, most))))


# --- what the server said

_SENTENCES: dict[str, UserError] = {
    "HL001": Invalid("请填写查看完整信息的理由", field="reason"),
    "HL003": NotAllowed("您不能查看这项信息", "需要联系诉求人时，请通过热线中心转接"),
    "HL004": NotFound("没有找到，或不在您的查看范围内"),
    "HL005": NotAllowed("查询过于频繁", "请稍等片刻再查"),
}


@contextmanager
def _said_plainly(seat: Seat | None = None) -> Iterator[None]:
    """The server's refusals in the operator's words."""
    try:
        yield
    except DBAPIError as error:
        code = str(getattr(error.orig, "sqlstate", ""))
        said = too_many(seat) if code == "HL002" and seat is not None else _SENTENCES.get(code)
        if said is None:
            raise
        raise said from None
