"""Earlier reports a matter may be the same as: read here, scored by the domain (peers 6.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from console.domain.address import AddressParts, parse_address
from console.domain.catalogue import default_catalogue
from console.domain.duplicates import (
    DuplicateRules,
    LikelyDuplicate,
    Report,
    likely_duplicates,
    telling,
)
from console.domain.intake import DuplicateCard
from console.domain.masking import mask_text
from console.domain.policy_tables import DuplicateRules as PackRules
from console.domain.states import OPEN_STATES, TicketState
from console.domain.withholding import Known
from console.domain.worktime import Limit, TimeUnit
from console.ledger.scope import visible
from console.ledger.seat import Seat
from console.ledger.withheld import known_of
from console.memory.pieces import numberless, place_names, plain
from db.alike import FEWEST_SHARED, alike, askable
from db.models import Appellant, Road, RoadRange, Ticket
from db.search import simplify

BY_PHONE, BY_PLACE, BY_WORDS = 50, 150, 150
NOT_A_MATTER = (TicketState.DRAFT, TicketState.VOID, TicketState.MERGED, TicketState.REJECTED)
READ_OF_CONTENT, READ_FOR_NAMES = 400, 300


def length(limit: Limit) -> timedelta:
    """A window as a length; working days count as whole days, for looking a little too far back does no harm."""
    return timedelta(days=limit.amount) if limit.unit is TimeUnit.WORKDAYS else limit.length


def duplicate_rules(pack: PackRules, category_code: str = "") -> DuplicateRules:
    """The pack's windows; how near and how long ago counts is the category's own where its catalogue says so."""
    own = default_catalogue().get(category_code) if category_code else None
    place = length(pack.same_place_and_category)
    return DuplicateRules(
        same_phone=length(pack.same_phone),
        same_phone_and_category=length(pack.same_phone_and_category),
        same_place_and_category=timedelta(days=own.days) if own else place,
        # Somebody else's words are looked for as far back as the same caller's.
        same_words=length(pack.same_phone_and_category),
        collective_callers=pack.gathered_from,
        radius_metres=own.radius if own else pack.radius_metres,
    )


def candidates(
    session: Session, seat: Seat, condition: ColumnElement[bool], limit: int
) -> dict[int, Any]:
    """Work orders that may be compared, newest first, with how many people each speaks for. One statement."""
    callers = select(func.count(Appellant.id)).where(Appellant.ticket_id == Ticket.id)
    columns = (
        Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.created_at, Ticket.holder_name,
        Ticket.category_code, Ticket.category_path, Ticket.place, Ticket.grid_id, Ticket.confidential,
        func.substr(Ticket.content, 1, READ_OF_CONTENT).label("content"),
        callers.correlate(Ticket).scalar_subquery().label("callers"),
    )  # fmt: skip
    query = select(*columns).where(
        condition, Ticket.state.not_in(NOT_A_MATTER), visible(seat.operator)
    )
    rows = session.execute(query.order_by(Ticket.accepted_at.desc()).limit(limit))
    return {row.id: row for row in rows}


def telling_alike(session: Session, seat: Seat, content: str, since: datetime) -> dict[int, Any]:
    """Open work orders that share uncommon words with what is told, wherever they are. One statement, or none."""
    pieces = askable(telling(content))
    if len(pieces) < FEWEST_SHARED:
        return {}
    found = alike(seat.db.is_sqlite, seat.db.guarded, pieces, sorted(OPEN_STATES), since, BY_WORDS)
    return candidates(session, seat, Ticket.id.in_(found), BY_WORDS)


def report(
    row: Any, parts: AddressParts, road: str, phone: str, at: datetime, subject: float = 0.0
) -> Report:
    """A stored work order as it is compared."""
    return Report(
        at=at,
        phone=phone,
        grid_id=row.grid_id or 0,
        road=road,
        number=parts.number_low,
        estate=parts.estate,
        minor_class=row.category_code,
        category=row.category_path.rsplit(" › ", 1)[-1],
        content=said(row.title, row.content),
        ticket_id=row.id,
        ticket_number=row.number,
        is_open=row.state in OPEN_STATES,
        callers=max(1, getattr(row, "callers", 1)),
        subject=subject,
        names=names_in(said(row.title, row.content), row.place),
    )


def said(title: str, content: str) -> str:
    """What is compared of a matter's words."""
    return f"{title} {content[:READ_OF_CONTENT]}".strip()


@lru_cache(maxsize=4096)
def names_in(words: str, place: str) -> frozenset[str]:
    """The places named, by their ends: what stands before a name runs into it."""
    told = numberless(plain(f"{place} {words[:READ_FOR_NAMES]}"))
    return frozenset(
        end for name in place_names(told) for end in (name[-4:], name[-3:]) if len(end) > 2
    )


def card(found: LikelyDuplicate, row: Any) -> DuplicateCard:
    return DuplicateCard(
        ticket_id=row.id,
        number=row.number,
        title=mask_text(row.title),
        state=row.state,
        unit=row.holder_name,
        at=row.created_at,
        score=found.score,
        reasons=found.reasons,
        appellants=max(1, row.callers),
        place=row.place,
    )


def likely_for(session: Session, seat: Seat, ticket: Ticket) -> tuple[DuplicateCard, ...]:
    """Open work orders a registered one is likely the same as, whoever came first. At most six statements."""
    rules = duplicate_rules(seat.rules.pack.duplicates, ticket.category_code)
    now = seat.now(session)
    phone = session.scalar(
        select(Appellant.phone_key).where(Appellant.ticket_id == ticket.id, Appellant.main)
    )
    rows: dict[int, Any] = {}
    still_open = Ticket.state.in_(OPEN_STATES) & (Ticket.id != ticket.id)
    if phone:
        since = now - max(rules.same_phone, rules.same_phone_and_category)
        asked = select(Appellant.ticket_id).where(
            Appellant.phone_key == phone, Appellant.joined_at >= since
        )
        rows |= candidates(session, seat, Ticket.id.in_(asked) & still_open, BY_PHONE)
    mine = frozenset(rows)
    parts = parse_address(ticket.place, simplify)
    grids = _grids_along(session, parts.road) | ({ticket.grid_id} if ticket.grid_id else set())
    if grids:
        since = now - rules.same_place_and_category
        near = Ticket.grid_id.in_(grids) & (Ticket.accepted_at >= since) & still_open
        rows = candidates(session, seat, near, BY_PLACE) | rows
    told = said(ticket.title, ticket.content)
    rows = telling_alike(session, seat, told, now - rules.same_words) | rows
    rows.pop(ticket.id, None)
    # The later of two is compared with the earlier: a main work order need not be the older one.
    new = report(ticket, parts, parts.road, phone or "", now)
    reports = [_stored(row, (phone or "") if row.id in mine else "") for row in rows.values()]
    return cards(session, seat, likely_duplicates(new, reports, rules), rows)


def cards(
    session: Session, seat: Seat, found: Iterable[LikelyDuplicate], rows: Mapping[int, Any]
) -> tuple[DuplicateCard, ...]:
    """As they are shown: nobody learns from a card what the work order itself withholds."""
    made = [card(one, rows[one.ticket_id]) for one in found]
    known = known_of(session, seat, [c.ticket_id for c in made if rows[c.ticket_id].confidential])
    return tuple(_withheld(c, known[c.ticket_id]) if c.ticket_id in known else c for c in made)


def _withheld(shown: DuplicateCard, known: Known) -> DuplicateCard:
    reasons = tuple(known.strike(reason) for reason in shown.reasons)
    title, place = known.strike(shown.title), known.strike(shown.place)
    return replace(shown, title=title, place=place, reasons=reasons)


def _stored(row: Any, phone: str) -> Report:
    parts = parse_address(row.place, simplify)
    return report(row, parts, parts.road, phone, row.created_at)


def _grids_along(session: Session, road: str) -> set[int]:
    """Both sides of one street are one matter."""
    if not road:
        return set()
    query = select(RoadRange.grid_id).join(Road, Road.id == RoadRange.road_id)
    return set(session.scalars(query.where(Road.name == road)))
