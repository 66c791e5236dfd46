"""Who is on duty for a unit today, by the roster (field-facts H12)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.records import GridOwner
from console.domain.registers.duty import duty_words
from db.models import DutyRoster


def on_duty(session: Session, units: Iterable[int], day: date) -> dict[int, str]:
    """Unit → its people of that day, who leads first, with the telephones of their office. One statement."""
    query = select(DutyRoster).where(DutyRoster.unit_id.in_(tuple(units)), DutyRoster.on_day == day)
    query = query.order_by(DutyRoster.leads.desc(), DutyRoster.shift, DutyRoster.id)
    found: dict[int, list[str]] = {}
    for row in session.scalars(query):
        words = duty_words(row.name, row.rank, row.shift, row.phone, row.leads)
        found.setdefault(row.unit_id, []).append(words)
    return {unit: "；".join(told) for unit, told in found.items()}


def with_roster(session: Session, owner: GridOwner, day: date) -> GridOwner:
    """The owner's card with whoever is on duty for its street and community. One statement."""
    told = on_duty(session, (owner.street_unit_id, owner.community_unit_id), day)
    names = ((owner.street_unit_id, owner.street), (owner.community_unit_id, owner.community))
    words = (f"{name} {told[unit]}" for unit, name in names if unit in told)
    return replace(owner, roster="\n".join(words))
