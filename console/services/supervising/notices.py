"""Urging and supervision letters: the rows behind the moves, and their document numbers (field-facts 9.5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, InvalidForm
from console.domain.moves import Move
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.domain.supervision import CARDS, REASONS, SuperviseForm, SuspendForm, UrgeForm
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.supervision import lift_all, open_supervision, write_urging
from db.models import NumberLease, Supervision, Suspension, Ticket, TicketEvent, Unit, Urging

_SERIES = "urging"
# Any number, as long as every console takes the same one for its turn at the series.
_TURN = 12345_03


def next_urging_no(session: Session, seat: Seat) -> str:
    """`示政热催〔2026〕12号`: letters of urging have a series of their own; gaps are allowed."""
    year = str(civil_date(seat.now(session)).year)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))
    series = (NumberLease.kind == _SERIES, NumberLease.day == year)
    number = (session.scalar(select(func.max(NumberLease.high)).where(*series)) or 0) + 1
    lease = NumberLease(
        kind=_SERIES, day=year, channel="", workstation=seat.workstation, low=number, high=number,
        leased_at=seat.now(session),
    )  # fmt: skip
    session.add(lease)
    session.flush()
    word = seat.rules.pack.forms.document_word.replace("督", "催")
    return f"{word}〔{year}〕{number}号"


def check_urging(form: UrgeForm) -> str:
    """The reason, trimmed. Raises Invalid."""
    reason = form.reason.strip()
    if not reason:
        raise Invalid("请填写催办原因", field="reason")
    if len(reason) > 500:
        raise Invalid("催办原因最多 500 个字", field="reason")
    return reason


def add_urging(session: Session, seat: Seat, ticket: Ticket, form: UrgeForm) -> Urging:
    """The letter that goes with an urging."""
    return write_urging(
        session,
        seat,
        ticket,
        form.reason.strip(),
        rung=ticket.urge_count,
        document_no=next_urging_no(session, seat),
        copied_to=form.copied_to.strip()[:200],
    )


def check_supervising(form: SuperviseForm, now: datetime) -> None:
    """Raises InvalidForm with every fault beside its field."""
    faults = []
    if form.level not in CARDS:
        faults.append(Invalid("请选择督办级别", field="level"))
    if form.reason not in REASONS:
        faults.append(Invalid("请选择督办原因", field="reason"))
    if not form.demands.strip():
        faults.append(Invalid("请写明督办内容及要求", field="demands"))
    if form.lead_unit_id is None:
        faults.append(Invalid("请选择牵头单位", "输入名称或拼音首字母", "lead_unit"))
    elif form.lead_unit_id in form.co_unit_ids:
        faults.append(Invalid("牵头单位不能同时配合", field="co_units"))
    if form.due is None:
        faults.append(Invalid("请选择交办时限", field="due"))
    elif form.due <= now:
        faults.append(Invalid("交办时限须在现在之后", field="due"))
    if faults:
        raise InvalidForm(tuple(faults))


def add_supervision(
    session: Session, seat: Seat, ticket: Ticket, form: SuperviseForm
) -> Supervision:
    """The notice; what was open before is closed as raised, so that one notice at a time is in force."""
    level = SupervisionLevel(form.level or 0)
    at, by = seat.now(session), seat.operator.signature
    lift_all(session, ticket, at, by, f"升为{SUPERVISION_NAMES[level]}")
    wanted = [form.lead_unit_id, *form.co_unit_ids]
    query = select(Unit.id, Unit.name).where(Unit.id.in_(wanted))
    names: dict[int, str] = {row.id: row.name for row in session.execute(query)}
    return open_supervision(
        session,
        seat,
        ticket,
        level,
        form.reason,
        unit_id=form.lead_unit_id,
        lead_unit=names.get(form.lead_unit_id or 0, ""),
        co_units="、".join(names[i] for i in form.co_unit_ids if i in names)[:300],
        demands=form.demands.strip(),
        copied_to=form.copied_to.strip()[:200],
        instructing_leader=_leader(session, ticket.id),
        due=form.due,
        feedback_every_days=max(0, form.feedback_every_days),
        contact=form.contact.strip()[:60],
        contact_phone=form.contact_phone.strip()[:24],
        lead_leader=form.lead_leader.strip()[:60],
        co_leader=form.co_leader.strip()[:60],
    )


def _leader(session: Session, ticket_id: int) -> str:
    """Whose instruction the notice carries out."""
    query = select(TicketEvent.actor_name).where(
        TicketEvent.ticket_id == ticket_id, TicketEvent.move == Move.INSTRUCT.value
    )
    return session.scalar(query.order_by(TicketEvent.id.desc()).limit(1)) or ""


def check_suspending(form: SuspendForm, now: datetime, seat: Seat) -> dict[str, Any]:
    """The inputs of the move. Raises InvalidForm."""
    names = {one.code: one.name for one in seat.rules.pack.suspension.reasons}
    faults = []
    if form.reason_code not in names:
        faults.append(Invalid("请选择挂起原因", field="reason_code"))
    if not form.reason.strip():
        faults.append(Invalid("请写明为什么停表", field="reason"))
    if form.resume_on is None:
        faults.append(Invalid("请填写预计恢复日期", field="resume_on"))
    elif form.resume_on <= civil_date(now):
        faults.append(Invalid("恢复日期须在今天之后", field="resume_on"))
    if faults or form.resume_on is None:
        raise InvalidForm(tuple(faults))
    return {"reason": names[form.reason_code], "resume_on": form.resume_on.isoformat()}


def add_suspension(session: Session, seat: Seat, form: SuspendForm) -> Suspension:
    row = Suspension(
        ticket_id=form.ticket_id,
        reason_kind=form.reason_code,
        reason=form.reason.strip()[:500],
        since=seat.now(session),
        resume_on=form.resume_on,
        by=seat.operator.signature,
    )
    session.add(row)
    return row
