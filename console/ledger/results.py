"""A unit's result as one record: what it filled in, whom it contacted, what it promised."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.masking import mask_text
from console.domain.records import HandlingResult
from console.domain.states import RESOLUTION_NAMES, Resolution
from db.models import Contact, Promise
from db.models import HandlingResult as ResultRow


def handling_record(session: Session, row: ResultRow) -> HandlingResult:
    contact = session.scalars(
        select(Contact).where(Contact.ticket_id == row.ticket_id).order_by(Contact.id).limit(1)
    ).first()
    promise = session.scalars(
        select(Promise)
        .where(Promise.ticket_id == row.ticket_id, Promise.made_by == row.handler_name)
        .order_by(Promise.id.desc())
        .limit(1)
    ).first()
    return HandlingResult(
        unit=row.unit_name,
        handler=row.handler_name,
        true_appeal=row.true_appeal,
        beyond_duty=row.beyond_duty,
        contacted=contact is not None,
        contact_number=contact.phone_masked if contact else "",
        contacted_at=contact.at if contact else None,
        resolution=RESOLUTION_NAMES[Resolution(row.resolution)],
        unresolved_reason=row.unresolved_reason,
        internal_note=mask_text(row.internal_note),
        public_reply=row.public_reply,
        cause=mask_text(row.cause),
        measures=mask_text(row.measures),
        promise=promise.what if promise else "",
        promise_due=promise.due if promise else None,
        replied_at=row.replied_at,
    )
