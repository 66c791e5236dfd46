"""催办通知书 and 督办单 as the paper desk prints them: the latest letter on record of a work order."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.forms import FormKind, SupervisionNotice, UrgingNotice
from console.domain.moves import Move
from console.domain.states import SupervisionLevel
from console.ledger.seat import Seat
from db.models import Supervision, Ticket, TicketEvent, Urging


def urging_record(session: Session, seat: Seat, ticket_id: int) -> UrgingNotice | None:
    """The newest urging; None when nobody has urged."""
    query = select(Urging).where(Urging.ticket_id == ticket_id).order_by(Urging.id.desc())
    row = session.scalars(query.limit(1)).first()
    if row is None:
        return None
    ticket, now = session.get_one(Ticket, ticket_id), seat.now(session)
    due = ticket.finish_due or ticket.total_due
    late = due is not None and due < row.at
    return UrgingNotice(
        document_no=row.document_no,
        to_unit=row.unit_name,
        due=due,
        overdue=row.at - due if due is not None and late else None,
        finish_before=seat.rules.calendar.add_workdays(max(row.at, now), 1) if late else due,
        copy_to=row.copied_to,
        requirement=row.reason,
        signed_by=row.by,
        issued_at=row.at,
    )


def supervision_record(session: Session, _seat: Seat, ticket_id: int) -> SupervisionNotice | None:
    """The newest notice; None when there is none. A leader's instruction stands on it."""
    query = select(Supervision).where(Supervision.ticket_id == ticket_id)
    row = session.scalars(query.order_by(Supervision.id.desc()).limit(1)).first()
    if row is None:
        return None
    leader, said = _instruction(session, ticket_id)
    return SupervisionNotice(
        document_no=row.document_no,
        level=SupervisionLevel(row.level),
        to_unit=row.lead_unit,
        co_units=tuple(filter(None, row.co_units.split("、"))),
        copy_to=row.copied_to,
        leader=row.instructing_leader or leader,
        instruction=said,
        lead_leader=row.lead_leader,
        reasons=(row.reason,),
        requirement=row.demands,
        due=row.due,
        feedback_days=row.feedback_every_days,
        contact=row.contact,
        contact_phone=row.contact_phone or "",
        feedback=row.feedback,
        signed_by=row.issued_by,
        issued_at=row.issued_at,
    )


def _instruction(session: Session, ticket_id: int) -> tuple[str, str]:
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket_id, TicketEvent.move == Move.INSTRUCT.value
    )
    event = session.scalars(query.order_by(TicketEvent.id.desc()).limit(1)).first()
    return (event.actor_name, event.note.removeprefix("领导批示：")) if event else ("", "")


RECORDS = {
    FormKind.URGING_NOTICE: urging_record,
    FormKind.SUPERVISION_NOTICE: supervision_record,
}
