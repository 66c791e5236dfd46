"""What 110 hands over, written down in a short form; it waits to be judged."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, InvalidForm
from console.domain.linkage import Incoming
from console.domain.masking import mask_name, mask_phone, mask_text
from console.domain.moves import Move
from console.domain.numbering import lookup_code
from console.domain.phones import parse_phone
from console.domain.states import Channel, Nature
from console.domain.wording import check_content, check_line, check_name
from console.ledger import Entry, Ledger, Seat, police
from console.ledger.contacts import make_findable
from db.models import Appellant, Ticket

TOPICS = frozenset({Topic.TICKETS, Topic.CALLS})
ANONYMOUS = "匿名"
TITLE = 40
LARGEST_SHEET = 200_000


def take_in(seat: Seat, ledger: Ledger, form: Incoming) -> Changed:
    """The work order, its appellant and the hand-over in one transaction; once for each `form.key`."""
    clean = checked(form)
    number = _number(seat)
    try:
        with seat.db.writing.begin() as session:
            return _done(session, ledger, form) or _write(session, seat, ledger, clean, number)
    except IntegrityError:
        with seat.db.reading() as session:
            done = _done(session, ledger, form)
        if done is None:
            raise
        return done


def _done(session: Session, ledger: Ledger, form: Incoming) -> Changed | None:
    query = select(Ticket).where(Ticket.form_key == form.key)
    ticket = session.scalar(query) if form.key else None
    return replace(ledger.changed(ticket), topics=TOPICS) if ticket is not None else None


def _number(seat: Seat) -> str:
    # A transaction of its own, as at intake: a number rolled back would be given out twice.
    with seat.db.writing.begin() as session:
        return seat.numbers.next_number(session, seat.now(session), Channel.POLICE_110)


def _write(session: Session, seat: Seat, ledger: Ledger, form: Incoming, number: str) -> Changed:
    ticket = _ticket(session, seat, form, number)
    source = f"110转来 {form.police_no}".rstrip()
    note = f"{source}，移交人 {form.handed_by or police.NO_RECEIVER}"
    ledger.open(session, ticket, Entry(Move.RECEIVE, {}, note))
    police.came(session, seat, ticket, form.handed_by, form.police_no, form.three_way)
    session.add(
        Appellant(
            ticket_id=ticket.id, main=True, joined_at=seat.now(session),
            name=form.name or ANONYMOUS, phone=form.full_phone,
        )
    )  # fmt: skip
    make_findable(session, seat, ticket)
    return replace(ledger.changed(ticket), topics=TOPICS)


def _ticket(session: Session, seat: Seat, form: Incoming, number: str) -> Ticket:
    operator = seat.operator
    return Ticket(
        number=number,
        form_key=form.key or None,
        lookup_code=lookup_code(secrets.randbelow),
        nature=Nature.HELP,
        urgency=form.urgency,
        channel=Channel.POLICE_110,
        title=_title(form.content),
        content=form.content,
        occurred_text=form.occurred,
        address=form.address,
        appellant_masked=mask_name(form.name) if form.name else ANONYMOUS,
        phone_masked=mask_phone(form.full_phone),
        anonymous=not form.name,
        training=seat.training,
        creator_id=operator.account_id,
        creator_name=operator.signature,
        created_at=seat.now(session),
    )


def _title(content: str) -> str:
    first = content.replace("\n", "。").split("。")[0].strip("，；、 ")
    # A number said in the first sentence must not stand in every list.
    return mask_text((first or content)[:TITLE])


def read_sheet(path: Path) -> str:
    """The text of a hand-over sheet as 110 sends it: UTF-8 or GB 18030. Raises Invalid, field `content`."""
    try:
        if path.stat().st_size > LARGEST_SHEET:
            raise Invalid("这个文件太大，不像移交单", "请打开后复制要登记的那一件", "content")
        raw = path.read_bytes()
    except OSError:
        raise Invalid("这个文件打不开", "请打开后复制内容粘贴", "content") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("这个文件不是文本", "请打开后复制内容粘贴", "content")


def checked(form: Incoming) -> Incoming:
    """The form cleaned. Raises InvalidForm with every fault beside its field."""
    checks: dict[str, Callable[[], str]] = {
        "content": lambda: check_content(form.content),
        "address": lambda: check_line(form.address, "地点", 200, "address"),
        "name": lambda: check_name(form.name),
        "full_phone": lambda: _digits(form.full_phone),
        "occurred": lambda: check_line(form.occurred, "时间", 60, "occurred"),
        "police_no": lambda: check_line(form.police_no, "警情编号", 40, "police_no"),
        "handed_by": lambda: check_line(form.handed_by, "移交人", 40, "handed_by"),
    }
    faults: list[Invalid] = []
    values: dict[str, str] = {}
    for name, check in checks.items():
        try:
            values[name] = check()
        except Invalid as fault:
            faults.append(fault)
    if faults:
        raise InvalidForm(tuple(faults))
    return replace(form, **values)  # type: ignore[arg-type]


def _digits(text: str) -> str:
    return parse_phone(text, field="full_phone").digits if text.strip() else ""
