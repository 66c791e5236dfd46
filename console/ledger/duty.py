"""Who is on duty for a unit today, by the roster (field-facts H12)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.registers.duty import duty_words
from db.models import DutyRoster


def on_duty(session: Session, units: Iterable[int], day: date) -> dict[int, str]:
    """Unit → its people of that day, who leads first; in full, as numbers of an office that are meant to be called.

    One statement.
    """
    query = select(DutyRoster).where(DutyRoster.unit_id.in_(tuple(units)), DutyRoster.on_day == day)
    query = query.order_by(DutyRoster.leads.desc(), DutyRoster.shift, DutyRoster.id)
    found: dict[int, list[str]] = {}
    for row in session.scalars(query):
        words = duty_words(row.name, row.rank, row.shift, row.phone, row.leads)
        found.setdefault(row.unit_id, []).append(words)
    return {unit: "；".join(told) for unit, told in found.items()}
