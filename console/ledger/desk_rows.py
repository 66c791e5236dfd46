"""A work order in a pile of a desk that has no share in it: to be verified, copied to it, reported by it."""

from datetime import datetime
from typing import Any

from console.domain.inbox import Duty, InboxRow
from console.domain.rules import Rules
from console.domain.states import SupervisionLevel
from console.ledger.rows import row_columns, ticket_light
from db.models import Ticket


def desk_columns() -> tuple[Any, ...]:
    """What to select for `desk_row`."""
    return (*row_columns(), Ticket.redo_count, Ticket.extension_asked, Ticket.dispute)


def desk_row(
    row: Any, now: datetime, rules: Rules, duty: Duty, since: datetime | None = None
) -> InboxRow:
    """A ticket or a row of `desk_columns`; its light is the work order's own. `since`: when it came to this desk."""
    shown = ticket_light(row, now, rules)
    due = row.finish_due or row.total_due
    return InboxRow(
        id=row.id,
        number=row.number,
        title=row.title,
        state=row.state,
        nature=row.nature,
        urgency=row.urgency,
        category=row.category_path.rsplit(" › ", 1)[-1],
        place=row.place,
        duty=duty,
        due=due,
        light=shown,
        finish_light=shown,
        finish_due=due,
        dispatched_at=since or row.dispatched_at or row.created_at,
        supervision=SupervisionLevel(row.supervision),
        confidential=row.confidential,
        redo_count=row.redo_count,
        version=row.version,
        dispute=row.dispute,
        extension_asked=row.extension_asked,
        unit=row.holder_name,
    )
