"""The telephone's own record: ringing, answered, ended, harassing (field-facts 6.1, 3.7)."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, NotFound
from console.domain.roles import Role
from console.domain.wording import check_line
from console.ledger import Seat, contacts
from console.services.intake.callers import read_number
from console.services.intake.likely import length
from db.models import BlockedNumber, Call

HARASSMENT = "harassment"
REPEAT_WITHIN = timedelta(days=1)
JUST_ANSWERED = timedelta(hours=1)


def ring(
    session: Session, seat: Seat, phone: str, called_no: str, repeat: bool, now: datetime
) -> int:
    """Write the call the moment it rings; a number that cannot be read rings all the same. One statement."""
    call = Call(
        call_no=uuid4().hex,
        caller_no=read_number(phone).digits,
        called_no=called_no[:24],
        account_id=seat.operator.account_id,
        ring_at=now,
        is_repeat=repeat,
        training=seat.training,
    )
    session.add(call)
    session.flush()
    return call.id


def answer(session: Session, seat: Seat, call_id: int) -> Changed:
    call, now = find(session, call_id), seat.now(session)
    if call.answered_at is None:
        call.answered_at, call.result = now, "answered"
        call.wait_s, call.account_id = _seconds(call.ring_at, now), seat.operator.account_id
    return _changed(call)


def end(session: Session, seat: Seat, call_id: int, result: str) -> Changed:
    call, now = find(session, call_id), seat.now(session)
    if call.ended_at is None:
        call.ended_at = now
        call.talk_s = _seconds(call.answered_at, now) if call.answered_at else 0
        # What was said of it while it lasted stands: harassment is not turned into a plain answer.
        call.result = call.result if call.result == HARASSMENT else result[:20]
    return _changed(call)


def harassment(session: Session, seat: Seat, call_id: int, reason: str) -> Changed:
    """Ask for the number to be blocked, by degree of how often it harassed; a supervisor approves."""
    words = check_line(reason, "理由", 300, "reason")
    if not words:
        raise Invalid("请填写骚扰情形", field="reason")
    call = find(session, call_id)
    if not call.caller_key:
        raise Invalid("来电号码未显示，无法标记", "请直接挂断并备注", "reason")
    if call.result != HARASSMENT:
        call.result = HARASSMENT
        request = _request(session, seat, call, words)
        if request is not None:
            session.add(request)
            contacts.copy_number(session, seat, call, request)
    return _changed(call)


def _request(session: Session, seat: Seat, call: Call, reason: str) -> BlockedNumber | None:
    """By degree of how often within the pack's days; None while it is too seldom for any."""
    rules, now = seat.rules.pack.harassment, seat.now(session)
    session.flush()
    asked = select(func.count(Call.id)).where(
        Call.caller_key == call.caller_key,
        Call.result == HARASSMENT,
        Call.ring_at >= now - length(rules.within),
    )
    times = session.scalar(asked) or 1
    if times < rules.persuade_from:
        return None
    degree = (
        "report"
        if times >= rules.report_from
        else "refuse"
        if times >= rules.refuse_from
        else "persuade"
    )
    alone = not rules.supervisor_approves or seat.operator.role is Role.SUPERVISOR
    return BlockedNumber(
        degree=degree,
        reason=reason,
        requested_by=seat.operator.signature,
        approved_by=seat.operator.signature if alone else "",
        created_at=now,
        expires_at=now + length(rules.block),
    )


def took_call_from(session: Session, seat: Seat, key: str) -> bool:
    """Whether the operator answered a call of this number within the last hour."""
    mine = (Call.account_id == seat.operator.account_id, Call.caller_key == key)
    since = Call.answered_at >= seat.now(session) - JUST_ANSWERED
    query = select(Call.id).where(*mine, since).limit(1)
    return bool(key) and session.scalar(query) is not None


def find(session: Session, call_id: int) -> Call:
    call = session.get(Call, call_id)
    if call is None:
        raise NotFound("没有找到这通电话")
    return call


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def _changed(call: Call) -> Changed:
    return Changed(frozenset({Topic.CALLS}), (call.id,))
