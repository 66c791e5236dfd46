"""What has been done about one work order, where it stands on the ladder, and what the forms suggest."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.domain.ladder import covered, ladder_lines, rungs_in, standing
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.states import SupervisionLevel, TicketState
from console.domain.supervision import CARDS, REASONS, Card, Dossier, Urged, answer_due
from console.domain.worktime import civil_date, moment_words
from console.ledger import Seat, visible
from console.ledger.queues import phrases
from db.models import Supervision, Suspension, Ticket, TicketEvent, Urging

# Working days until a notice is to be answered, unless the overseer says otherwise (proposal).
_ANSWER_IN = {SupervisionLevel.NORMAL: 3, SupervisionLevel.YELLOW: 2, SupervisionLevel.RED: 1}
_UNHAPPY = ("dissatisfied", "very_dissatisfied")


def dossier(session: Session, seat: Seat, ticket_id: int) -> Dossier:
    """Six statements at most. Raises NotFound."""
    ticket = session.scalar(select(Ticket).where(Ticket.id == ticket_id, visible(seat.operator)))
    if ticket is None:
        raise NotFound("没有找到这张工单，或不在您的查看范围内")
    now, pack = seat.now(session), seat.rules.pack
    cards, urgings = _supervisions(session, ticket_id), _urgings(session, ticket_id)
    levels = tuple(level for level in CARDS if level > ticket.supervision)
    level = levels[0] if levels else SupervisionLevel.RED
    suspension = _suspension(session, ticket)
    return Dossier(
        ticket_id=ticket_id,
        instructions=_instructions(session, ticket),
        ladder=_ladder(ticket, cards, urgings, now, seat),
        cards=tuple(_card(row, now) for row in cards),
        urgings=tuple(_urged(row) for row in urgings),
        suspended=_suspended_words(suspension, seat),
        resume_due=suspension is not None and suspension.resume_on <= civil_date(now),
        reason=_reason(ticket, now),
        level=level,
        levels=levels,
        unit_id=ticket.holder_unit_id,
        unit=ticket.holder_name,
        co_units=ticket.co_unit_names,
        copies=tuple((one, _copies(seat, one)) for one in CARDS),
        points=tuple((one, pack.supervision.penalties.get(one, 0)) for one in CARDS),
        demands=_demands(ticket, now),
        due=seat.rules.calendar.add_workdays(now, _ANSWER_IN[level]),
        contact=seat.operator.name,
        suspend_reasons=tuple((one.code, one.name) for one in pack.suspension.reasons),
        snippets=phrases(session, seat),
    )


def _supervisions(session: Session, ticket_id: int) -> tuple[Supervision, ...]:
    query = select(Supervision).where(Supervision.ticket_id == ticket_id)
    return tuple(session.scalars(query.order_by(Supervision.id.desc())))


def _urgings(session: Session, ticket_id: int) -> tuple[Urging, ...]:
    query = select(Urging).where(Urging.ticket_id == ticket_id)
    return tuple(session.scalars(query.order_by(Urging.id.desc())))


def _suspension(session: Session, ticket: Ticket) -> Suspension | None:
    if ticket.state is not TicketState.SUSPENDED:
        return None
    query = select(Suspension).where(
        Suspension.ticket_id == ticket.id, Suspension.resumed_at.is_(None)
    )
    return session.scalars(query.order_by(Suspension.id.desc()).limit(1)).first()


def _suspended_words(row: Suspension | None, seat: Seat) -> str:
    if row is None:
        return ""
    names = {one.code: one.name for one in seat.rules.pack.suspension.reasons}
    kind = names.get(row.reason_kind, row.reason_kind)
    return (
        f"{moment_words(row.since)} 挂起：{kind}，{row.reason}；预计 {row.resume_on:%m月%d日} 恢复"
    )


def _instructions(session: Session, ticket: Ticket) -> tuple[tuple[datetime, str, str], ...]:
    if not ticket.leader_instructed:
        return ()
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.move == Move.INSTRUCT.value
    )
    return tuple(
        (event.at, event.actor_name, mask_text(event.note.removeprefix("领导批示：")))
        for event in session.scalars(query.order_by(TicketEvent.id.desc()))
    )


def _ladder(
    ticket: Ticket,
    cards: tuple[Supervision, ...],
    urgings: tuple[Urging, ...],
    now: datetime,
    seat: Seat,
) -> tuple[str, ...]:
    due = ticket.finish_due or ticket.total_due
    if due is None or ticket.suspended_at is not None or ticket.closed_at is not None:
        return ()
    steps = seat.rules.pack.supervision.ladder
    stored = [row.light_key for row in cards] + [row.light_key for row in urgings]
    keys = [key for key in stored if key]
    written = rungs_in(keys, ticket.id, due)
    written |= covered(steps, SupervisionLevel(ticket.supervision))
    stands = standing(due, now, steps, seat.rules.calendar, written)
    return ladder_lines(stands) if stands is not None else ()


def _reason(ticket: Ticket, now: datetime) -> str:
    """The box of the notice that fits best; the overseer may tick another."""
    if ticket.leader_instructed:
        return REASONS[4]
    late = ticket.finish_due is not None and ticket.finish_due < now
    if ticket.state is TicketState.PENDING_SIGN and ticket.sign_due and ticket.sign_due < now:
        return REASONS[0]
    if ticket.satisfaction in _UNHAPPY:
        return REASONS[2]
    if ticket.return_count >= 2 and not late:
        return REASONS[3]
    return REASONS[1]


def _demands(ticket: Ticket, now: datetime) -> str:
    late = ticket.finish_due is not None and ticket.finish_due < now
    what = "本件已超过办结时限" if late else "本件须按期办结"
    return f"{what}，请立即核实办理并答复诉求人，于交办时限前书面反馈落实情况、原因、责任人和完成时限。"


def _copies(seat: Seat, level: SupervisionLevel) -> str:
    """Whom the ladder copies in at this level."""
    steps = seat.rules.pack.supervision.ladder
    step = next((step for step in steps if step.level is level), None)
    return "、".join(step.copy_to) if step is not None else ""


def _card(row: Supervision, now: datetime) -> Card:
    due = answer_due(row.issued_at, row.due, row.feedback_every_days, row.feedback_at)
    late = due is not None and due < now and row.lifted_at is None
    return Card(
        id=row.id,
        level=SupervisionLevel(row.level),
        document_no=row.document_no,
        reason=row.reason,
        demands=row.demands,
        lead_unit=row.lead_unit,
        co_units=row.co_units,
        copied_to=row.copied_to,
        due=row.due,
        feedback_every_days=row.feedback_every_days,
        feedback=mask_text(row.feedback),
        penalty=row.penalty,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        automatic=row.automatic,
        lifted_at=row.lifted_at,
        lift_reason=row.lift_reason,
        answer_late_since=due if late else None,
    )


def _urged(row: Urging) -> Urged:
    return Urged(row.id, row.document_no, row.reason, row.at, row.by, row.automatic, row.rung == 0)
