"""A unit's reply: every answer of field-facts 3.5, checked by the lifecycle's own guards, written in one piece."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.case import Case, Share, Step
from console.domain.deadlines import due_time
from console.domain.errors import Invalid, InvalidForm, UserError
from console.domain.guards import Guard
from console.domain.inbox import Manner, ReplyForm
from console.domain.lifecycle import NEED_TEXTS, RULES, permitted
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.states import RESOLUTION_NAMES, Resolution
from console.domain.wording import check_length, check_line, check_not_future, clean
from console.ledger import Entry, Ledger, Seat
from console.ledger.promises import make_promise
from console.services.handling.claims import held_against_record
from console.services.handling.opening import photo_count
from db.models import Contact, GateOverride, HandlingResult, Promise, Ticket

LONG = 4000
LONG_ENOUGH = "字" * LONG
TEXTS = (
    ("cause", "原因", LONG),
    ("measures", "措施", LONG),
    ("result", "办理情况", LONG),
    ("public_reply", "公开答复内容", LONG),
    ("unresolved_reason", "未解决原因", 300),
    ("law_basis", "依据", 300),
    ("promise", "承诺事项", 300),
    ("explanation", "情况说明", 500),
)  # fmt: skip


class Replying:
    """Writes replies for whoever sits at this seat, inside the caller's transaction."""

    def __init__(self, seat: Seat, ledger: Ledger) -> None:
        self._seat, self._ledger = seat, ledger

    def reply(
        self, session: Session, ticket_id: int, form: ReplyForm, version: int | None
    ) -> Ticket:
        """Raises InvalidForm with every fault of the form at once; NotAllowed, Conflict."""
        ticket = self._ledger.lock(session, ticket_id, version)
        form = _cleaned(form)
        case = self._ledger.case(session, ticket)
        share = case.share_of(self._seat.operator.unit_id)
        now = self._seat.now(session)
        inputs = self._inputs(session, ticket, form)
        findings: tuple[str, ...] = ()
        if share is not None and Move.REPLY in permitted(
            case, self._seat.operator, self._seat.rules
        ):
            step = Step(Move.REPLY, self._seat.operator, now, share.id, inputs)
            findings = tuple(self._findings(session, case, share, form, now))
            self._check(case, step, form, findings)
        if form.contacted and form.contact_at and not _spoken(case):
            self.record_contact(
                session, ticket_id, form.contact_at, form.contact_manner, form.contact_outcome
            )
        ticket = self._ledger.move(
            session, ticket_id, Entry(Move.REPLY, inputs, _note(form, findings))
        )
        self._write(session, ticket, share, form, now, findings)
        return ticket

    def record_contact(
        self, session: Session, ticket_id: int, at: datetime, manner: str, outcome: str,
        version: int | None = None,
    ) -> Ticket:  # fmt: skip
        """The conversation and the move it makes (field-facts 3.5). Raises Invalid (`at`, `manner`, `outcome`)."""
        now = self._seat.now(session)
        check_not_future(at, now, "联系时间", "contact_at")
        if manner not in set(Manner):
            raise Invalid("请选择联系方式", field="contact_manner")
        words = check_line(outcome, "联系结果", 500, "contact_outcome")
        ticket = self._ledger.lock(session, ticket_id, version)
        if at < ticket.created_at:
            raise Invalid("联系时间早于受理时间，请核对", field="contact_at")
        note = f"已联系群众（{manner}）"
        ticket = self._ledger.move(
            session, ticket_id, Entry(Move.CONTACT, {"contacted": True}, note)
        )
        share = self._ledger.case(session, ticket).share_of(self._seat.operator.unit_id)
        session.add(
            Contact(
                ticket_id=ticket.id,
                share_seq=share.id if share else 0,
                at=at,
                # Of a confidential matter the unit never has the number (field-facts 10.2).
                phone_masked="" if ticket.confidential else ticket.phone_masked,
                manner=manner,
                contacted_by=self._seat.operator.signature,
                outcome=words,
            )
        )
        return ticket

    def _inputs(self, session: Session, ticket: Ticket, form: ReplyForm) -> dict[str, object]:
        """What the guards need; photos are counted here, whatever the form says."""
        return {
            "result": mask_text(form.result),
            "public_reply": mask_text(form.public_reply),
            "resolution": form.resolution.value if form.resolution else "",
            "photos": photo_count(session, ticket.id),
        }

    def _check(self, case: Case, step: Step, form: ReplyForm, findings: tuple[str, ...]) -> None:
        faults = [
            *_own_faults(form, step.at),
            *missing(Move.REPLY, step.inputs),
            *self._guarded(case, step, form),
        ]
        if findings and not form.explanation:
            faults.append(Invalid("；".join(findings) + "，请说明情况", field="explanation"))
        once = {fault.field: fault for fault in reversed(faults)}
        if once:
            raise InvalidForm(tuple(sorted(once.values(), key=_place)))

    def _guarded(self, case: Case, step: Step, form: ReplyForm) -> Iterator[Invalid]:
        """Every guard of the table that speaks about a field, all at once instead of one by one."""
        contacted_now = bool(form.contacted and form.contact_at)
        for guard in RULES[Move.REPLY].guards:
            try:
                guard(case, step, self._seat.rules)
            except Invalid as fault:
                yield fault
                # It spoke of the first short text; ask again with that one put right.
                if fault.field == "result":
                    filled = {**step.inputs, "result": LONG_ENOUGH}
                    yield from self._of(guard, case, replace(step, inputs=filled))
            except UserError as fault:
                if guard.__name__ == "contact_recorded" and not contacted_now:
                    yield Invalid(fault.text, fault.hint, "contacted")

    def _of(self, guard: Guard, case: Case, step: Step) -> Iterator[Invalid]:
        try:
            guard(case, step, self._seat.rules)
        except Invalid as fault:
            yield fault

    def _findings(
        self, session: Session, case: Case, share: Share, form: ReplyForm, now: datetime
    ) -> Iterator[str]:
        """The claims held against the record (peers 6.9): what looks like a false closure."""
        limit = self._seat.rules.pack.reply.suspicious_within
        quick = due_time(limit, self._seat.rules.calendar, share.signed_at or now)
        if share.signed_at is not None and now < quick and not case.children(share.id):
            yield f"签收不到{limit}就回复"
        yield from held_against_record(session, self._seat, case, form, now)

    def _write(
        self, session: Session, ticket: Ticket, share: Share | None, form: ReplyForm,
        now: datetime, findings: tuple[str, ...],
    ) -> None:  # fmt: skip
        operator = self._seat.operator
        session.add(
            HandlingResult(
                ticket_id=ticket.id,
                share_seq=share.id if share else 0,
                handler_id=operator.account_id,
                handler_name=operator.signature,
                unit_name=operator.unit_name,
                true_appeal=form.true_appeal,
                beyond_duty=form.beyond_duty,
                beyond_duty_kind=form.beyond_duty_kind if form.beyond_duty else "",
                resolution=form.resolution.value if form.resolution else "",
                unresolved_reason=form.unresolved_reason,
                cause=form.cause,
                measures=form.measures,
                internal_note=form.result,
                public_reply=form.public_reply,
                law_basis=form.law_basis,
                signed_off_by=form.signed_off_by,
                replied_at=now,
            )
        )
        self._promise(session, ticket, form)
        for finding in findings:
            session.add(
                GateOverride(
                    ticket_id=ticket.id, finding=finding[:60], explanation=form.explanation,
                    at=now, by=operator.signature, unit_name=operator.unit_name,
                )
            )  # fmt: skip

    def _promise(self, session: Session, ticket: Ticket, form: ReplyForm) -> None:
        """A promise carried up from a child's reply is the same promise, not a second one."""
        if not form.promise or form.promise_due is None:
            return
        same = (
            Promise.ticket_id == ticket.id,
            Promise.what == form.promise,
            Promise.due == form.promise_due,
        )
        if session.scalar(select(Promise.id).where(*same).limit(1)) is None:
            make_promise(session, self._seat, ticket.id, form.promise, form.promise_due)


# As the form is read, top to bottom.
_ORDER = {field.name: at for at, field in enumerate(fields(ReplyForm))}


def _place(fault: Invalid) -> int:
    return _ORDER.get(fault.field, len(_ORDER))


def _cleaned(form: ReplyForm) -> ReplyForm:
    texts: dict[str, Any] = {
        name: clean(getattr(form, name)).text.strip() for name, _caption, _limit in TEXTS
    }
    return replace(form, **texts)


def _own_faults(form: ReplyForm, now: datetime) -> Iterator[Invalid]:
    for name, caption, limit in TEXTS:
        try:
            check_length(getattr(form, name), limit, caption, name)
        except Invalid as fault:
            yield fault
    if form.true_appeal is None:
        yield Invalid("请选择诉求是否属实", field="true_appeal")
    if form.beyond_duty and not form.beyond_duty_kind:
        yield Invalid("请选择超职责的类型", field="beyond_duty_kind")
    if form.resolution in (Resolution.PARTLY, Resolution.UNRESOLVED) and not form.unresolved_reason:
        yield Invalid("请填写未解决的原因", field="unresolved_reason")
    yield from _promise_faults(form, now)


def _promise_faults(form: ReplyForm, now: datetime) -> Iterator[Invalid]:
    if form.promise and form.promise_due is None:
        yield Invalid("请填写承诺何时兑现", field="promise_due")
    elif form.promise_due is not None and not form.promise:
        yield Invalid("请填写承诺了什么", field="promise")
    elif form.promise_due is not None and form.promise_due <= now:
        yield Invalid("承诺时限已过，请填写以后的时间", field="promise_due")


def missing(move: Move, inputs: Mapping[str, Any]) -> tuple[Invalid, ...]:
    """What the table requires for a move and the form has left out."""
    return tuple(
        Invalid(NEED_TEXTS[name], field=name) for name in RULES[move].needs if not inputs.get(name)
    )


def _spoken(case: Case) -> bool:
    return any(share.responded_at for share in case.shares)


def _note(form: ReplyForm, findings: tuple[str, ...]) -> str:
    solved = RESOLUTION_NAMES[form.resolution] if form.resolution else ""
    promised = "，已作出限时承诺" if form.promise else ""
    doubted = f"（{'；'.join(findings)}，已说明）" if findings else ""
    return f"回复办结：{solved}{promised}{doubted}"
