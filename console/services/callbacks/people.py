"""Whom a work order calls back: its caller, everyone who joined, and everyone whose own was merged into it (peers 6.3).

Read for many work orders at once: a queue of hundreds costs the same few statements as one case.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.callback import NO_NUMBER, NO_REPLY_WANTED, Callee, answer_words
from console.domain.deadlines import due_time
from console.domain.desks import CallbackAnswers
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.states import NOT_REACHED_NAMES, NotReached, Satisfaction, TicketState
from console.domain.worktime import moment_words
from console.ledger import Seat
from db.models import Appellant, Callback, Ticket, TicketEvent

# The step after which the citizens are called: what they said before it was about an earlier result.
ANONYMOUS = "匿名"
_OPENS_ROUND = (Move.PASS_REVIEW.value, Move.PASS_VERIFY.value)


@dataclass(frozen=True, slots=True)
class Person:
    """An appellant row with the work order whose calls it belongs to."""

    row: Appellant | None
    main: bool
    reply_wanted: bool
    number: str = ""

    @property
    def id(self) -> int:
        return self.row.id if self.row is not None else 0


@dataclass(slots=True)
class _Family:
    """Tickets and everything merged into them, however often."""

    root_of: dict[int, int]
    tickets: dict[int, Ticket] = field(default_factory=dict)


def callees(
    session: Session, seat: Seat, tickets: Sequence[Ticket]
) -> dict[int, tuple[Callee, ...]]:
    """By ticket id, the caller first. At most five statements and one for each level of merging."""
    ids = [ticket.id for ticket in tickets]
    people = people_of(session, tickets)
    opened = round_starts(session, ids)
    calls: dict[int, list[Callback]] = defaultdict(list)
    for row in session.scalars(
        select(Callback).where(Callback.ticket_id.in_(ids)).order_by(Callback.id)
    ):
        calls[row.ticket_id].append(row)
    return {
        ticket.id: tuple(
            _callee(seat, ticket, person, calls[ticket.id], opened.get(ticket.id))
            for person in people[ticket.id]
        )
        for ticket in tickets
    }


def people_of(session: Session, tickets: Sequence[Ticket]) -> dict[int, tuple[Person, ...]]:
    """Every appellant once, the caller first; nobody who has been taken out of the merge again."""
    family = _family(session, tickets)
    query = select(Appellant).where(Appellant.ticket_id.in_(family.root_of))
    rows = list(session.scalars(query.order_by(Appellant.id)))
    joined_from = _merged_tickets(session, rows)
    by_root: dict[int, list[Person]] = defaultdict(list)
    copied = {row.merged_from_id for row in rows if row.merged_from_id is not None}
    for row in rows:
        origin = joined_from.get(row.merged_from_id or 0)
        if origin is not None and origin.state is not TicketState.MERGED:
            # Taken out of the merge: called back with a work order of its own.
            continue
        if family.root_of[row.ticket_id] != row.ticket_id and row.ticket_id in copied:
            # Its people stand on the main work order already, as those who joined.
            continue
        by_root[family.root_of[row.ticket_id]].append(_person(row, family, origin))
    return {ticket.id: _in_order(ticket, by_root[ticket.id]) for ticket in tickets}


def _family(session: Session, tickets: Sequence[Ticket]) -> _Family:
    family = _Family({t.id: t.id for t in tickets}, {t.id: t for t in tickets})
    level = [ticket.id for ticket in tickets]
    while level:
        query = select(Ticket).where(
            Ticket.main_ticket_id.in_(level), Ticket.state == TicketState.MERGED
        )
        found = [t for t in session.scalars(query) if t.id not in family.root_of]
        for ticket in found:
            family.root_of[ticket.id] = family.root_of[ticket.main_ticket_id or 0]
            family.tickets[ticket.id] = ticket
        level = [ticket.id for ticket in found]
    return family


def _merged_tickets(session: Session, rows: Iterable[Appellant]) -> dict[int, Ticket]:
    ids = {row.merged_from_id for row in rows if row.merged_from_id is not None}
    if not ids:
        return {}
    return {t.id: t for t in session.scalars(select(Ticket).where(Ticket.id.in_(ids)))}


def _person(row: Appellant, family: _Family, origin: Ticket | None) -> Person:
    own = origin or family.tickets[row.ticket_id]
    main = row.main and family.root_of[row.ticket_id] == row.ticket_id
    return Person(row, main, bool(own.reply_wanted), own.number)


def _in_order(ticket: Ticket, found: list[Person]) -> tuple[Person, ...]:
    """The caller first; a number that two merged work orders share is rung once."""
    found.sort(key=lambda person: (not person.main, person.id))
    if not found or not found[0].main:
        found.insert(0, Person(None, True, bool(ticket.reply_wanted), ticket.number))
    seen: set[str] = set()
    kept = []
    for at, person in enumerate(found):
        phone = person.row.phone_key if person.row is not None else ""
        if person.row is not None and person.row.ticket_id != ticket.id and phone in seen:
            # As on joining: the same number on both is called once.
            continue
        seen |= {phone} if phone else set()
        # Of several rows marked as the caller's only the first is.
        kept.append(replace(person, main=not at))
    return tuple(kept)


def round_starts(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    query = select(TicketEvent.ticket_id, func.max(TicketEvent.id)).where(
        TicketEvent.ticket_id.in_(ids),
        TicketEvent.move.in_(_OPENS_ROUND),
        TicketEvent.state_after == TicketState.PENDING_CALLBACK,
    )
    last = [row[1] for row in session.execute(query.group_by(TicketEvent.ticket_id))]
    found = select(TicketEvent.ticket_id, TicketEvent.at).where(TicketEvent.id.in_(last))
    return {row[0]: row[1] for row in session.execute(found)}


def _callee(
    seat: Seat, ticket: Ticket, person: Person, calls: list[Callback], opened: datetime | None
) -> Callee:
    mine = [c for c in calls if belongs(c, person)]
    now = [c for c in mine if opened is None or c.at >= opened]
    tries = ticket.ring_back_count if person.main else sum(not c.reached for c in now)
    heard = next((answers_of(c) for c in reversed(now) if c.reached and has_answers(c)), None)
    row, rules = person.row, seat.rules.pack.callback
    missed = next((c for c in reversed(now) if not c.reached and c.not_reached), None)
    ring_from = due_time(rules.retry_after, seat.rules.calendar, missed.at) if missed else None
    return Callee(
        id=person.id,
        name=_name(row, ticket),
        phone=row.phone_masked if row is not None else ticket.phone_masked,
        main=person.main,
        number="" if person.main else person.number,
        said="" if person.main or row is None else mask_text(row.said),
        excused=_excused(ticket, person),
        heard=heard,
        tries=tries,
        enough=tries >= rules.tries,
        ring_from=ring_from,
        earlier=tuple(_sentence(c) for c in mine if c not in now),
    )


def _name(row: Appellant | None, ticket: Ticket) -> str:
    if row is None:
        return ticket.appellant_masked or ANONYMOUS
    return row.name_masked.replace("匿*", ANONYMOUS) or ANONYMOUS


def belongs(call: Callback, person: Person) -> bool:
    """Calls noted without a person were to the caller."""
    return call.appellant_id == person.id or (person.main and call.appellant_id is None)


def has_answers(call: Callback) -> bool:
    return call.contacted is not None and bool(call.resolution) and bool(call.satisfaction)


def _excused(ticket: Ticket, person: Person) -> str:
    """Whom nobody calls, and why; of the caller the rules decide by the work order's own flags."""
    if not person.reply_wanted:
        return NO_REPLY_WANTED
    if person.main:
        return "" if ticket.reachable else NO_NUMBER
    return "" if person.row is not None and person.row.phone_key else NO_NUMBER


def answers_of(call: Callback) -> CallbackAnswers:
    return CallbackAnswers(
        call.contacted,
        call.resolution,
        Satisfaction(call.satisfaction) if call.satisfaction else None,
        Satisfaction(call.hotline_satisfaction) if call.hotline_satisfaction else None,
        call.dissatisfied_reason,
        call.comment,
    )


def _sentence(call: Callback) -> str:
    """An attempt of an earlier round in a line."""
    when = moment_words(call.at)
    if not call.reached:
        why = NOT_REACHED_NAMES[NotReached(call.not_reached)] if call.not_reached else ""
        return f"{when}　未接通{f'（{why}）' if why else ''}"
    said = "　".join(filter(None, (answer_words(answers_of(call)), mask_text(call.comment))))
    return f"{when}　{said}　{call.conclusion}".rstrip("　")
