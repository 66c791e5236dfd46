"""The whole case of one work order, for the detail on screen and for every printed form."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.domain.lifecycle import permitted
from console.domain.lights import NO_LIGHT, Timed, light
from console.domain.loops import loop
from console.domain.masking import mask_text
from console.domain.moves import MOVE_NAMES, Move
from console.domain.records import (
    AssignmentLine,
    AttachmentLine,
    CallbackLine,
    CaseFile,
    EventLine,
    HandlingResult,
    LightText,
)
from console.domain.roles import Operator, Role
from console.domain.states import (
    GIVEN_UP,
    NOT_REACHED_NAMES,
    RESOLUTION_NAMES,
    NotReached,
    Resolution,
    Satisfaction,
    SupervisionLevel,
    TicketState,
)
from console.domain.withholding import Known, rewrite
from console.ledger import results
from console.ledger.places import grid_owner
from console.ledger.rows import ticket_light, ticket_row
from console.ledger.scope import visible
from console.ledger.seat import Seat
from console.ledger.writing import case_of
from db.models import (
    Appellant,
    Assignment,
    Attachment,
    Callback,
    Person,
    Promise,
    Ticket,
    TicketEvent,
    Verification,
)
from db.models import HandlingResult as ResultRow

ATTACHMENT_KINDS = {
    "before": "处置前照片", "after": "处置后照片", "identity": "证件附件", "contact": "联系证据",
    "handling": "办理附件",
    "verify_before": "核查照片（处置前）", "verify_after": "核查照片（处置后）", "recording": "录音", "other": "其他",
}  # fmt: skip
JOINED = "联名诉求人"
# Roles that may see the contact of a confidential ticket (field-facts 10.2); the writer may too.
SEES_CONFIDENTIAL = frozenset({Role.REVISITOR, Role.OVERSEER, Role.SUPERVISOR})


def case_file(session: Session, seat: Seat, ticket_id: int, for_paper: bool = False) -> CaseFile:
    """Everything about one ticket in the operator's scope, masked. Raises NotFound. At most 10 statements.

    Where the contact of a confidential ticket is hidden, and always `for_paper`, its appellants are struck
    out of every text too.
    """
    operator = seat.operator
    query = select(Ticket).where(Ticket.id == ticket_id, visible(operator))
    ticket = session.scalar(query)
    if ticket is None:
        raise NotFound("没有找到这张工单，或不在您的查看范围内")
    now = seat.now(session)
    shares = tuple(
        session.scalars(
            select(Assignment).where(Assignment.ticket_id == ticket_id).order_by(Assignment.seq)
        )
    )
    case = CaseFile(
        row=ticket_row(ticket, now, seat.rules),  # type: ignore[arg-type]
        assignments=assignment_lines(shares, ticket, now, seat),
        events=event_lines(session, ticket_id),
        attachments=attachment_lines(session, ticket_id),
        result=handling_result(session, ticket_id),
        callbacks=callback_lines(session, ticket_id),
        verify_result=_verify_result(session, ticket_id),
        grid=grid_owner(session, ticket.grid_id, ticket.grid_rule) if ticket.grid_id else None,
        permitted=frozenset(permitted(case_of(ticket, shares), operator, seat.rules)),
        **_contact(ticket, operator),
        **_plain(session, ticket, seat),
    )
    if contact_hidden(ticket, operator) or (for_paper and ticket.confidential):
        known = known_people(session, seat, ticket_id)
        return rewrite(case, lambda _name, text: known.strike(text), _SIGNED)
    return case


# Staff's own names and the numbers of work orders: a citizen of the same name must not blot them out.
_SIGNED = frozenset(
    "number lookup_code repeat_of merged_into archive_no grid_code sha256 path heading agent actor signer "
    "dispatcher reviewer revisitor added_by leader worker instructor leader_phone worker_phone "
    "instructor_phone".split()
)


def known_people(session: Session, seat: Seat, ticket_id: int) -> Known:
    """The appellants of a ticket, as they gave their name and as they are registered. One statement.

    Nobody under the server's guard: it strikes them out itself when a text is written (db/security/67_texts.sql).
    """
    if seat.db.guarded:
        return Known((), ())
    query = select(Appellant.name, Appellant.phone, Person.name, Person.phone)
    query = query.outerjoin(Person, Person.id == Appellant.person_id)
    rows = session.execute(query.where(Appellant.ticket_id == ticket_id)).all()
    names = [name for row in rows for name in (row[0], row[2]) if name]
    return Known(names, [phone for row in rows for phone in (row[1], row[3]) if phone])


def _contact(ticket: Ticket, operator: Operator) -> dict[str, Any]:
    hidden = contact_hidden(ticket, operator)
    return {
        "appellant": "保密" if hidden else ticket.appellant_masked,
        "phone": "" if hidden else ticket.phone_masked,
        "phone_hidden": hidden,
    }


def contact_hidden(ticket: Ticket, operator: Operator) -> bool:
    """A confidential ticket hides its contact from all but its writer, callback and oversight."""
    if not ticket.confidential:
        return False
    return operator.role not in SEES_CONFIDENTIAL and ticket.creator_id != operator.account_id


def _plain(session: Session, ticket: Ticket, seat: Seat) -> dict[str, Any]:
    at = loop(
        seat.rules.pack.steps,
        ticket.state,
        ticket.urge_count > 0,
        SupervisionLevel(ticket.supervision),
    )
    return {
        "content": mask_text(ticket.content),
        "caller_kind": ticket.caller_kind,
        "occurred": ticket.occurred_text,
        "address": ticket.place,
        "wanted": mask_text(ticket.wanted),
        # Not masked, like a public reply: it names the office to ring.
        "direct_answer": ticket.direct_answer,
        "category_path": tuple(ticket.category_path.split(" › ")) if ticket.category_path else (),
        "reply_wanted": ticket.reply_wanted,
        "anonymous": ticket.anonymous,
        "confidential_reason": ticket.confidential_reason,
        "lookup_code": ticket.lookup_code,
        "agent": ticket.creator_name,
        "created_at": ticket.created_at,
        "dispatcher": ticket.dispatcher_name,
        "dispatch_opinion": ticket.dispatch_opinion,
        "dispatched_at": ticket.dispatched_at,
        "sign_due": ticket.sign_due,
        "finish_due": ticket.finish_due,
        "total_due": ticket.total_due,
        "closed_at": ticket.closed_at,
        "archived_at": ticket.archived_at,
        "archive_no": ticket.archive_no,
        "lead_unit": ticket.holder_name,
        "co_units": tuple(n for n in ticket.co_unit_names.split("、") if n),
        "review_comment": ticket.review_comment,
        "reviewer": ticket.reviewer_name,
        "steps": at.names,
        "step_at": at.at,
        "tags": _tags(ticket),
        "heading": seat.heading,
        "repeat_of": _number_of(session, ticket.repeat_of_id),
        "merged_into": ticket.merged_into,
    }


def _tags(ticket: Ticket) -> tuple[str, ...]:
    """Labels, then the marks that are flags of their own (field-facts 3.2)."""
    marks = (
        ("疑难", ticket.complex),
        ("矛盾件", ticket.dispute),
        ("历史遗留", ticket.legacy_issue),
    )
    labels = (label for label in ticket.special_tags.split("、") if label)
    return tuple(dict.fromkeys((*labels, *(name for name, on in marks if on))))


def _number_of(session: Session, ticket_id: int | None) -> str:
    if ticket_id is None:
        return ""
    return session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or ""


def assignment_lines(
    rows: Iterable[Assignment], ticket: Ticket, now: datetime, seat: Seat
) -> tuple[AssignmentLine, ...]:
    """The shares in tree order, children under their parent."""
    rows = tuple(rows)
    children: dict[int | None, list[Assignment]] = {}
    for row in rows:
        children.setdefault(row.parent_seq, []).append(row)

    def walk(parent: int | None, depth: int) -> Iterable[AssignmentLine]:
        for row in children.get(parent, ()):
            yield _assignment_line(row, depth, ticket, now, seat)
            yield from walk(row.seq, depth + 1)

    return tuple(walk(None, 0))


def _assignment_line(
    row: Assignment, depth: int, ticket: Ticket, now: datetime, seat: Seat
) -> AssignmentLine:
    limit = seat.rules.limits(ticket).finish
    timed = Timed(
        row.dispatched_at,
        row.finish_due,
        limit.working,
        ticket.urgency,
        ticket.suspended_at,
        row.replied_at or row.ended_at,
    )
    return AssignmentLine(
        id=row.seq,
        depth=depth,
        unit_id=row.unit_id,
        unit=row.unit_name,
        kind=row.kind,
        state=row.state,
        signer=row.signer_name,
        dispatched_at=row.dispatched_at,
        sign_due=row.sign_due,
        signed_at=row.signed_at,
        response_due=row.response_due,
        responded_at=row.responded_at,
        finish_due=row.finish_due,
        replied_at=row.replied_at,
        opinion=row.opinion,
        # Given back or taken away, it was neither in time nor late.
        light=NO_LIGHT if row.state in GIVEN_UP else _light_of(timed, now, seat),
        parent_id=row.parent_seq,
        designated=row.designated,
    )


def _light_of(timed: Timed, now: datetime, seat: Seat) -> LightText:
    return light(timed, now, seat.rules.pack.lights, seat.rules.calendar)


def event_lines(session: Session, ticket_id: int) -> tuple[EventLine, ...]:
    """The flow log, oldest first, each with the time since the line before."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id)
    lines: list[EventLine] = []
    before: datetime | None = None
    for row in session.scalars(query):
        lines.append(_event_line(row, before))
        before = row.at
    return tuple(lines)


def _event_line(row: TicketEvent, before: datetime | None) -> EventLine:
    return EventLine(
        id=row.id,
        at=row.at,
        action=row.move,
        action_name=MOVE_NAMES[Move(row.move)],
        actor=row.actor_name,
        unit=row.unit_name,
        state=TicketState(row.state_after),
        note=mask_text(row.note),
        took=row.at - before if before else None,
    )


def attachment_lines(session: Session, ticket_id: int) -> tuple[AttachmentLine, ...]:
    query = select(Attachment).where(Attachment.ticket_id == ticket_id).order_by(Attachment.id)
    return tuple(
        AttachmentLine(
            id=row.id,
            name=row.name,
            kind=row.kind,
            kind_name=ATTACHMENT_KINDS.get(row.kind, "其他"),
            size=row.size,
            sha256=row.sha256,
            media_type=row.media_type,
            added_at=row.added_at,
            added_by=row.added_by,
        )
        for row in session.scalars(query)
    )


def callback_lines(session: Session, ticket_id: int) -> tuple[CallbackLine, ...]:
    query = (
        select(Callback, Appellant.main, Appellant.name_masked, Ticket.confidential)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Appellant, Appellant.id == Callback.appellant_id)
        .where(Callback.ticket_id == ticket_id)
        .order_by(Callback.id)
    )
    return tuple(
        CallbackLine(
            attempt=row.attempt,
            at=row.at,
            revisitor=row.revisitor_name,
            reached=row.reached,
            not_reached=NOT_REACHED_NAMES[NotReached(row.not_reached)] if row.not_reached else "",
            contacted=row.contacted,
            resolution=RESOLUTION_NAMES[Resolution(row.resolution)] if row.resolution else "",
            satisfaction=Satisfaction(row.satisfaction) if row.satisfaction else None,
            dissatisfied_reason=row.dissatisfied_reason,
            hotline_satisfaction=(
                Satisfaction(row.hotline_satisfaction) if row.hotline_satisfaction else None
            ),
            comment=mask_text(row.comment),
            conclusion=row.conclusion,
            who="" if main in (None, True) else JOINED if confidential else name or JOINED,
        )
        for row, main, name, confidential in session.execute(query)
    )


def handling_result(session: Session, ticket_id: int) -> HandlingResult | None:
    """What the lead unit last replied, with the contact it recorded and the promise it made."""
    query = select(ResultRow).where(ResultRow.ticket_id == ticket_id).order_by(ResultRow.id.desc())
    row = session.scalars(query.limit(1)).first()
    return results.handling_record(session, row) if row else None


def _verify_result(session: Session, ticket_id: int) -> str:
    query = select(Verification).where(Verification.ticket_id == ticket_id)
    row = session.scalars(query.order_by(Verification.id.desc()).limit(1)).first()
    if row is None:
        return ""
    return f"{'核查通过' if row.passed else '核查退回'}：{mask_text(row.result)}"


__all__ = ["Promise", "case_file", "contact_hidden", "ticket_light"]
