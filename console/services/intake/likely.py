"""Is this call about something already on the books? Candidates from the database, scored by the domain (peers 6.3)."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.address import AddressParts, parse_address
from console.domain.duplicates import Report, likely_duplicates
from console.domain.intake import DuplicateCard, IntakeForm
from console.ledger import Seat, contacts
from console.ledger.likely import (
    BY_PHONE,
    BY_PLACE,
    candidates,
    cards,
    duplicate_rules,
    length,
    names_in,
    report,
    said,
    telling_alike,
)
from console.services.intake.callers import read_number
from console.services.intake.city import City
from console.services.intake.learned import read_learned
from console.services.intake.lists import Categories
from db.models import Appellant, Ticket
from db.search import simplify


def duplicates(
    session: Session, seat: Seat, city: City, categories: Categories, form: IntakeForm
) -> tuple[DuplicateCard, ...]:
    """The likely earlier reports of the same matter, likeliest first. Three statements, at most 350 rows."""
    now = seat.now(session)
    rules = duplicate_rules(seat.rules.pack.duplicates, form.category_code)
    new = _new_report(city, categories, form, now)
    rows: dict[int, Any] = {}
    if new.phone:
        since = now - max(rules.same_phone, rules.same_phone_and_category)
        asked = select(Appellant.ticket_id).where(
            Appellant.phone_key == contacts.key_of(session, seat, new.phone),
            Appellant.joined_at >= since,
        )
        rows |= candidates(session, seat, Ticket.id.in_(asked), BY_PHONE)
    mine = frozenset(rows)
    grids = _grids(city, form.grid_id, new.road)
    if grids:
        since = now - rules.same_place_and_category
        near = Ticket.grid_id.in_(grids) & (Ticket.accepted_at >= since)
        rows = candidates(session, seat, near, BY_PLACE) | rows
    rows = telling_alike(session, seat, new.content, now - rules.same_words) | rows
    rows.pop(form.ticket_id or 0, None)
    learned = read_learned(session, form) if rows and new.content else None
    subjects = learned.subjects() if learned else {}
    reports = [
        _report(
            row, city, new.phone if row.id in mine else "", subjects.get(row.category_path, 0.0)
        )
        for row in rows.values()
    ]
    return cards(session, seat, likely_duplicates(new, reports, rules), rows)


def _grids(city: City, grid_id: int | None, road: str) -> frozenset[int]:
    """The grid itself and all grids along the road: both sides of one street are one matter."""
    along = {one.grid.id for one in city.ranges.get(road, ())}
    return frozenset(along | ({grid_id} if grid_id else set()))


@lru_cache(maxsize=4096)
def _parts(address: str, known: tuple[str, ...]) -> AddressParts:
    """Taken apart once: the same addresses are compared again with every key typed."""
    return parse_address(address, simplify, known)


def _road(parts: AddressParts, city: City) -> str:
    """The registered road named: the parser may have cut some words too many before it."""
    if not parts.road or parts.road in city.ranges:
        return parts.road
    return next((name for name in city.ranges if parts.road.endswith(name)), parts.road)


def _new_report(city: City, categories: Categories, form: IntakeForm, now: datetime) -> Report:
    parts = _parts(form.address.strip(), city.known)
    number = read_number(form.contact_phone or form.full_phone)
    content = said(form.title, form.content)
    grid, category = city.grids.get(form.grid_id or 0), categories.get(form.category_code)
    return Report(
        at=now,
        phone="" if number.fault else number.digits,
        grid_id=form.grid_id or 0,
        grid=grid.name if grid else "",
        road=_road(parts, city),
        number=parts.number_low,
        estate=parts.estate,
        minor_class=form.category_code,
        category=category.name if category else "",
        content=content,
        names=names_in(content, form.address.strip()),
    )


def _report(row: Any, city: City, phone: str, subject: float) -> Report:
    parts = _parts(row.place, city.known)
    return report(row, parts, _road(parts, city), phone, row.created_at, subject)


__all__ = ["duplicates", "length"]
