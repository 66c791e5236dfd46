"""Titles of confidential work orders in lists: callers are struck out as in the case itself (field-facts 10.2)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.masking import mask_text
from console.domain.withholding import Known
from console.ledger.cases import SEES_CONFIDENTIAL
from console.ledger.seat import Seat
from db.models import Appellant, Person, Ticket

# What of a line in a list says something about the matter in people's own words.
_WORDS = ("title", "place", "what", "opinion")


class Listed(Protocol):
    """A line of a list about one work order: `ticket_id`, or `id` where the line is the work order itself."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def confidential(self) -> bool: ...


Line = TypeVar("Line", bound=Listed)


def withhold_titles(session: Session, seat: Seat, rows: Sequence[Line]) -> tuple[Line, ...]:
    """The rows with the callers' names and numbers struck out of confidential titles and places.

    One statement for all of them, none where there is nothing to hide from this person.
    """
    secret = [_ticket_id(row) for row in rows if row.confidential]
    known = known_of(session, seat, secret)
    if not known:
        return tuple(rows)
    return tuple(
        _struck(row, known[_ticket_id(row)]) if _ticket_id(row) in known else row for row in rows
    )


def _ticket_id(row: Listed) -> int:
    return int(getattr(row, "ticket_id", row.id))


def known_of(session: Session, seat: Seat, ids: Sequence[int]) -> dict[int, Known]:
    """Whom to strike out of these confidential work orders for this person. One statement, or none."""
    if not ids or seat.operator.role in SEES_CONFIDENTIAL or seat.db.guarded:
        return {}
    return _known(session, ids, seat.operator.account_id)


def veil(session: Session, seat: Seat, ticket: Ticket) -> Callable[[str], str]:
    """How this person sees the texts of one work order: numbers masked, a hidden caller struck out."""
    known = known_of(session, seat, [ticket.id] if ticket.confidential else []).get(ticket.id)

    def seen(text: str) -> str:
        return mask_text(known.strike(text)) if known is not None else mask_text(text)

    return seen


def without_callers(session: Session, seat: Seat, ticket: Ticket, text: str) -> str:
    """The text as it may be copied into another work order: nobody's name or number, whoever copies it."""
    hidden = ticket.confidential and not seat.db.guarded
    known = _known(session, [ticket.id], me=0) if hidden else {}
    return mask_text(known[ticket.id].strike(text) if ticket.id in known else text)


def _struck(row: Line, known: Known) -> Line:
    record: Any = row
    words = {name: known.strike(getattr(row, name)) for name in _WORDS if hasattr(row, name)}
    return replace(record, **words)  # type: ignore[no-any-return]


def _known(session: Session, ids: Sequence[int], me: int) -> dict[int, Known]:
    query = (
        select(Appellant.ticket_id, Appellant.name, Appellant.phone, Person.name, Person.phone)
        .join(Ticket, Ticket.id == Appellant.ticket_id)
        .outerjoin(Person, Person.id == Appellant.person_id)
    )
    # Their writer has heard them anyway.
    query = query.where(Appellant.ticket_id.in_(ids), Ticket.creator_id != me)
    names: dict[int, list[str]] = defaultdict(list)
    phones: dict[int, list[str]] = defaultdict(list)
    for ticket_id, name, phone, registered, number in session.execute(query):
        names[ticket_id] += filter(None, (name, registered))
        phones[ticket_id] += filter(None, (phone, number))
    return {ticket_id: Known(names[ticket_id], phones[ticket_id]) for ticket_id in names}
