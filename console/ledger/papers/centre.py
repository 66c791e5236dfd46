"""What the centre sends: urgings, supervision, designation, refusals, copies, and what goes to the police."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain import forms
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.states import SupervisionLevel
from console.ledger.papers.rows import last_event, last_row, names_in, rows_of, share_of
from console.ledger.seat import Seat
from db import models
from db.models import Assignment, Ticket


def urging(session: Session, seat: Seat, ticket: Ticket) -> forms.UrgingNotice | None:
    # Rung 0 is a warning or a reminder of the keeper's, no letter to a unit.
    rows = [row for row in rows_of(session, models.Urging, ticket) if row.rung > 0]
    if not rows:
        return None
    row = rows[-1]
    # A level that let its own time pass is urged by that time, not by the whole work order's.
    share = share_of(session, ticket, row.share_seq) if row.share_seq else None
    due = (share and (share.level_due or share.finish_due)) or ticket.finish_due
    return forms.UrgingNotice(
        document_no=row.document_no,
        to_unit=row.unit_name,
        due=due,
        overdue=row.at - due if due and row.at > due else None,
        copy_to=row.copied_to,
        reason=mask_text(row.reason),
        times=len(rows),
        contact="" if row.automatic else row.by,
        issued_at=row.at,
    )


def supervision(session: Session, seat: Seat, ticket: Ticket) -> forms.SupervisionNotice | None:
    row = last_row(session, models.Supervision, ticket)
    if row is None:
        return None
    told = last_event(session, ticket, Move.INSTRUCT)
    return forms.SupervisionNotice(
        document_no=row.document_no,
        level=SupervisionLevel(row.level),
        to_unit=row.lead_unit,
        co_units=names_in(row.co_units),
        copy_to=row.copied_to,
        leader=row.instructing_leader,
        instruction=mask_text(told.note.removeprefix("领导批示：")) if told else "",
        lead_leader=row.lead_leader,
        co_leader=row.co_leader,
        reasons=names_in(row.reason),
        requirement=mask_text(row.demands),
        due=row.due,
        feedback_days=row.feedback_every_days,
        contact=row.contact or row.issued_by,
        contact_phone=row.contact_phone,
        feedback=mask_text(row.feedback),
        issued_at=row.issued_at,
    )


def designation(session: Session, seat: Seat, ticket: Ticket) -> forms.DesignationNotice | None:
    event = last_event(session, ticket, Move.DESIGNATE)
    if event is None:
        return None
    shares = [row for row in rows_of(session, Assignment, ticket) if row.parent_seq is None]
    lead = next((row for row in reversed(shares) if row.designated), None)
    reason = event.inputs.get("reason", "")
    return forms.DesignationNotice(
        unit=lead.unit_name if lead else ticket.holder_name,
        co_units=names_in(ticket.co_unit_names),
        # The designation counts as a dispatch of its own.
        dispatches=max(ticket.dispatch_count - 1, 0),
        reason=mask_text(reason) if isinstance(reason, str) else "",
        requirement=mask_text(lead.opinion) if lead else "",
        finish_due=lead.finish_due if lead else None,
        issued_at=event.at,
    )


def rejection(session: Session, seat: Seat, ticket: Ticket) -> forms.RejectionNotice | None:
    event = last_event(session, ticket, *_REFUSALS)
    if event is None:
        return None
    names = {reason.code: reason.name for reason in seat.rules.pack.acceptance.rejections}
    code = str(event.inputs.get("reason", ""))
    told = ticket.direct_answer or event.inputs.get("told", "")
    told = told.removeprefix("已告知").removeprefix("来电人") if isinstance(told, str) else ""
    return forms.RejectionNotice(
        reason=names.get(code, code), explanation=mask_text(told), issued_at=event.at
    )


# A matter from 110 that is not ours is refused by a move of its own.
_REFUSALS = tuple(move for move in Move if move.value in ("reject", "refuse_police"))


def copies(session: Session, seat: Seat, ticket: Ticket) -> forms.CopyNotice | None:
    rows = rows_of(session, models.NotifyCopy, ticket)
    if not rows:
        return None
    query = select(models.Unit.id, models.Unit.name).where(
        models.Unit.id.in_([row.unit_id for row in rows])
    )
    names = {unit_id: name for unit_id, name in session.execute(query)}  # noqa: C416
    return forms.CopyNotice(
        told=tuple(
            forms.Told(names.get(row.unit_id, ""), row.told_at, row.read_by, row.read_at)
            for row in rows
        ),
        issued_at=rows[-1].told_at,
    )


def police(session: Session, seat: Seat, ticket: Ticket) -> forms.PoliceHandover | None:
    row = last_row(session, models.PoliceTransfer, ticket)
    if row is None:
        return None
    call = session.get(models.Call, row.call_id) if row.call_id else None
    return forms.PoliceHandover(
        direction=row.direction,
        service=row.service,
        at=row.at,
        handed_by=row.handed_by,
        receiver_no=row.receiver_no,
        three_way=row.three_way,
        got_it_first=row.got_it_first,
        reason=mask_text(row.reason),
        accepted={"accepted": True, "refused": False}.get(row.result),
        refusal=mask_text(row.refusal),
        police_no=row.police_no,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        receiver_back=row.receiver_back,
        agreed=row.agreed,
        call_no=call.call_no if call else "",
        call_began=call.answered_at if call else None,
        call_ended=call.ended_at if call else None,
    )
