"""What units ask of the centre: returns, extensions, and the joint sheet when units keep refusing."""

from sqlalchemy.orm import Session

from console.domain import forms
from console.domain.masking import mask_text
from console.ledger.papers.rows import last_row, names_in, rows_of, share_of
from console.ledger.seat import Seat
from db import models
from db.models import Ticket


def return_request(session: Session, seat: Seat, ticket: Ticket) -> forms.ReturnRequest | None:
    row = last_row(session, models.ReturnRequest, ticket)
    if row is None:
        return None
    share = share_of(session, ticket, row.share_seq)
    return forms.ReturnRequest(
        unit=row.unit_name,
        reasons=names_in(row.reason),
        basis=mask_text(row.basis),
        suggested_unit=row.suggested_unit,
        times=row.hop,
        dispatched_at=share.dispatched_at if share else None,
        signed_at=share.signed_at if share else None,
        handler=row.asked_by,
        asked_at=row.asked_at,
        approved=row.granted,
        opinion=mask_text(row.opinion),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def extension(session: Session, seat: Seat, ticket: Ticket) -> forms.ExtensionRequest | None:
    row = last_row(session, models.ExtensionRequest, ticket)
    if row is None:
        return None
    share = share_of(session, ticket, row.share_seq)
    return forms.ExtensionRequest(
        unit=share.unit_name if share else "",
        dispatched_at=share.dispatched_at if share else None,
        signed_at=share.signed_at if share else None,
        original_due=row.old_due,
        extend_to=row.new_due,
        days=row.days,
        reason=mask_text(row.reason),
        legal_basis=mask_text(row.basis),
        told_citizen=row.citizen_told,
        handler=row.asked_by,
        asked_at=row.asked_at,
        approved=row.granted,
        opinion=mask_text(row.opinion),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def joint(session: Session, seat: Seat, ticket: Ticket) -> forms.JointSheet | None:
    refusals = tuple(map(_refusal, rows_of(session, models.ReturnRequest, ticket)))
    row = last_row(session, models.JointSheet, ticket)
    if row is None and not refusals:
        return None
    if row is None:
        return forms.JointSheet(refusals=refusals)
    settled = bool(row.concluded_at)
    return forms.JointSheet(
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        units=names_in(row.units),
        refusals=refusals,
        conclusion=mask_text(row.conclusion),
        lead_unit=ticket.holder_name if settled else "",
        co_units=names_in(ticket.co_unit_names) if settled else (),
        concluded_at=row.concluded_at,
        chaired_by=row.concluded_by,
    )


def _refusal(row: models.ReturnRequest) -> forms.Refusal:
    return forms.Refusal(
        row.unit_name, row.reason, mask_text(row.basis), row.suggested_unit, row.asked_by,
        row.asked_at, row.granted, mask_text(row.opinion),
    )  # fmt: skip
