"""Times promised to citizens: the row, the move in the log and the lists, for every desk that promises (peers 6.10)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.promises import PromiseCounts, PromiseLine, promise_light
from console.domain.states import Light
from console.domain.wording import check_line
from console.domain.worktime import moment_words
from console.ledger.scope import visible
from console.ledger.seat import Seat
from console.ledger.withheld import withhold_titles
from console.ledger.writing import Entry, Ledger
from db.models import Promise, Ticket

LONGEST = 300
_TICKET = (
    Ticket.number, Ticket.title, Ticket.state, Ticket.holder_name, Ticket.confidential,
)  # fmt: skip


def make_promise(
    session: Session,
    seat: Seat,
    ticket_id: int,
    what: str,
    due: datetime,
    version: int | None = None,
) -> Ticket:
    """Write the promise and its move. Raises Invalid beside `what` or `due`, NotAllowed by the rules."""
    said = check_line(what, "承诺内容", LONGEST, "what")
    if not said:
        raise Invalid("请填写承诺的内容", field="what")
    now = seat.now(session)
    if due <= now:
        raise Invalid("承诺的时间已经过了", "请选择以后的时间", "due")
    # What was said may hold a citizen's data; the move's inputs only say that something was.
    inputs = {"what": "承诺", "due": due.isoformat()}
    note = f"承诺 {moment_words(due)} 前：{said}"
    ticket = Ledger(seat).move(session, ticket_id, Entry(Move.PROMISE, inputs, note, version))
    by = seat.operator.signature
    session.add(Promise(ticket_id=ticket.id, what=said, due=due, made_at=now, made_by=by))
    return ticket


def promised_in_form(
    session: Session, seat: Seat, ticket: Ticket, said: tuple[tuple[str, str], ...]
) -> None:
    """What an intake form promised, in the transaction that writes the form; the same form promises once.

    Never refused: a form that waited for the database may bring a promise whose time is already over.
    """
    for what, due_text in said:
        due = datetime.fromisoformat(due_text)
        same = select(Promise.id).where(
            Promise.ticket_id == ticket.id, Promise.what == what, Promise.due == due
        )
        if session.scalar(same.limit(1)) is not None:
            continue
        try:
            make_promise(session, seat, ticket.id, what, due)
        except (Invalid, NotAllowed):
            _write_down(session, seat, ticket, what, due)


def _write_down(session: Session, seat: Seat, ticket: Ticket, what: str, due: datetime) -> None:
    now, by = seat.now(session), seat.operator.signature
    made = min(now, due)
    session.add(
        Promise(ticket_id=ticket.id, what=what[:LONGEST], due=due, made_at=made, made_by=by)
    )
    session.flush()
    _count_anew(session, ticket)


def keep_promise(session: Session, seat: Seat, promise_id: int) -> Ticket:
    """Note that it was kept, by whom and when; a second time changes nothing. Raises NotFound outside the scope."""
    query = select(Promise).join(Ticket, Ticket.id == Promise.ticket_id)
    query = query.where(Promise.id == promise_id, visible(seat.operator))
    promise = session.scalars(query).first()
    if promise is None:
        raise NotFound("没有找到这项承诺，或不在您的查看范围内")
    ledger = Ledger(seat)
    ticket = ledger.lock(session, promise.ticket_id)
    session.refresh(promise)
    if promise.kept_at is not None:
        return ticket
    _count_anew(session, ticket)
    now = seat.now(session)
    late = "" if now <= promise.due else f"，晚于承诺的 {moment_words(promise.due)}"
    note = f"承诺已兑现：{promise.what}{late}"
    inputs = {"promise_id": promise.id}
    ticket = ledger.move(session, ticket.id, Entry(Move.KEEP_PROMISE, inputs, note))
    promise.kept_at, promise.kept_by = now, seat.operator.signature
    return ticket


def _count_anew(session: Session, ticket: Ticket) -> None:
    """The rules count promises by their moves; the rows know of those noted before there were such moves."""
    query = select(func.count()).select_from(Promise)
    query = query.where(Promise.ticket_id == ticket.id, Promise.kept_at.is_(None))
    ticket.open_promises = session.scalar(query) or 0


def promises_of(session: Session, seat: Seat, ticket_id: int) -> tuple[PromiseLine, ...]:
    """Every promise of one work order, open ones first, then by due time."""
    now = seat.now(session)
    found = session.execute(_lines(seat).where(Promise.ticket_id == ticket_id))
    lines = withhold_titles(session, seat, [_line(row, now) for row in found])
    return tuple(sorted(lines, key=lambda line: (not line.open, line.due, line.id)))


def open_promises(session: Session, seat: Seat) -> tuple[PromiseLine, ...]:
    """Every promise not yet kept in the operator's scope, earliest due first; never cut.

    One statement, one more where confidential ones are among them.
    """
    now = seat.now(session)
    query = _lines(seat).where(Promise.kept_at.is_(None)).order_by(Promise.due, Promise.id)
    return withhold_titles(session, seat, [_line(row, now) for row in session.execute(query)])


def promise_counts(session: Session, seat: Seat) -> PromiseCounts:
    """How many are open, near and overdue in the operator's scope. One statement."""
    query = select(Promise.made_at, Promise.due).join(Ticket, Ticket.id == Promise.ticket_id)
    query = query.where(Promise.kept_at.is_(None), visible(seat.operator))
    now = seat.now(session)
    lights = [
        promise_light(made_at, due, None, now).light for made_at, due in session.execute(query)
    ]
    return PromiseCounts(len(lights), lights.count(Light.YELLOW), lights.count(Light.RED))


def _lines(seat: Seat) -> Any:
    query = select(Promise, *_TICKET).join(Ticket, Ticket.id == Promise.ticket_id)
    return query.where(visible(seat.operator))


def _line(row: Row[Any], now: datetime) -> PromiseLine:
    promise: Promise = row[0]
    return PromiseLine(
        id=promise.id,
        ticket_id=promise.ticket_id,
        number=row.number,
        title=row.title,
        state=row.state,
        unit=row.holder_name,
        what=mask_text(promise.what),
        due=promise.due,
        made_at=promise.made_at,
        made_by=promise.made_by,
        light=promise_light(promise.made_at, promise.due, promise.kept_at, now),
        kept_at=promise.kept_at,
        kept_by=promise.kept_by,
        confidential=row.confidential,
    )
