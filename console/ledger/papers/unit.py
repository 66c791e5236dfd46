"""What the unit and the grid did: contacts, arrival, checks on the spot, tasks passed down."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain import forms
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.states import AssignmentKind, TicketState
from console.ledger.papers.rows import last_event, numbered, photo_numbers, rows_of
from console.ledger.places import WORKER
from console.ledger.seat import Seat
from db import models
from db.models import Assignment, Attachment, GridStaff, Staff, Ticket


def handling(session: Session, seat: Seat, ticket: Ticket) -> forms.HandlingFacts:
    results = rows_of(session, models.HandlingResult, ticket)
    last = results[-1] if results else None
    came = [
        row
        for row in rows_of(session, Assignment, ticket)
        if row.arrived_at and row.ended_at is None
    ]
    came = came or [row for row in rows_of(session, Assignment, ticket) if row.arrived_at]
    checks = _checks(session, ticket)
    return forms.HandlingFacts(
        contacts=tuple(_contact(row) for row in rows_of(session, models.Contact, ticket)),
        arrived_at=came[0].arrived_at if came else None,
        arrived_by=came[0].signer_name if came else "",
        check=checks[-1] if checks else None,
        co_replies=_co_replies(session, ticket, results),
        beyond_duty_kind=last.beyond_duty_kind if last else "",
        law_basis=last.law_basis if last else "",
        signed_off_by=last.signed_off_by if last else "",
    )


def _contact(row: models.Contact) -> forms.ContactNote:
    return forms.ContactNote(
        row.at, row.phone_masked, row.manner, row.contacted_by, mask_text(row.outcome)
    )


def _co_replies(
    session: Session, ticket: Ticket, results: list[models.HandlingResult]
) -> tuple[forms.CoReply, ...]:
    query = select(Assignment.seq).where(
        Assignment.ticket_id == ticket.id, Assignment.kind == AssignmentKind.CO
    )
    shares = set(session.scalars(query))
    return tuple(
        forms.CoReply(
            row.unit_name,
            row.handler_name,
            row.replied_at,
            mask_text("\n".join(filter(None, (row.measures, row.internal_note)))),
        )
        for row in results
        if row.share_seq in shares
    )


def _checks(session: Session, ticket: Ticket) -> list[forms.CheckNote]:
    files = numbered(session, ticket)
    photos = "、".join(photo_numbers(files, "verify_before", "verify_after"))
    rows = rows_of(session, models.Verification, ticket)
    return [
        forms.CheckNote(
            row.at, row.verifier_name, row.passed, mask_text(row.result), row.signed_off, photos
        )
        for row in rows
    ]


def verification(session: Session, seat: Seat, ticket: Ticket) -> forms.Verification:
    files = numbered(session, ticket)
    return forms.Verification(
        checks=tuple(_checks(session, ticket)),
        worker=_grid_worker(session, ticket),
        dispute=ticket.dispute,
        before=photo_numbers(files, "before", "verify_before"),
        after=photo_numbers(files, "after", "verify_after"),
    )


def grid_tasks(session: Session, seat: Seat, ticket: Ticket) -> tuple[forms.GridTask, ...] | None:
    """A slip for every share passed down to a grid; a check on the spot when one is waited for."""
    shares = [row for row in rows_of(session, Assignment, ticket) if row.parent_seq is not None]
    files = numbered(session, ticket)
    tasks = [_grid_task(session, ticket, row, files) for row in shares]
    if ticket.state is TicketState.PENDING_VERIFY:
        passed = last_event(session, ticket, Move.PASS_REVIEW)
        tasks.append(
            forms.GridTask(
                task_no=f"{ticket.number}-H",
                kind="核查",
                worker=_grid_worker(session, ticket),
                task="到现场核查办理单位反馈的情况是否属实，拍照，并请当事人签字",
                issued_at=passed.at if passed else None,
            )
        )
    return tuple(tasks) or None


def _grid_task(
    session: Session, ticket: Ticket, share: Assignment, files: list[tuple[str, Attachment]]
) -> forms.GridTask:
    results = rows_of(session, models.HandlingResult, ticket)
    mine = [row for row in results if row.share_seq == share.seq]
    photos = photo_numbers(
        [item for item in files if item[1].share_seq == share.seq], "before", "after"
    )
    return forms.GridTask(
        task_no=f"{ticket.number}-{share.seq}",
        kind="响应" if share.response_due else "核实",
        grid=share.unit_name,
        worker=share.signer_name,
        task=share.opinion,
        issued_at=share.dispatched_at,
        due=share.response_due or share.finish_due,
        arrived_at=share.arrived_at,
        situation=mask_text(mine[-1].internal_note) if mine else "",
        photos="、".join(photos),
    )


def _grid_worker(session: Session, ticket: Ticket) -> str:
    """Who works the ticket's grid; on an order to staff the name of staff is not masked."""
    query = select(Staff.name).join(GridStaff, GridStaff.staff_id == Staff.id)
    query = query.where(GridStaff.grid_id == ticket.grid_id, GridStaff.post == WORKER)
    return session.scalars(query.order_by(Staff.id).limit(1)).first() or ""
