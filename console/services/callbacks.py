"""Calling the citizen back: attempts, three answers, and closing or redoing (field-facts 3.3, 9.7)."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.desks import CallbackAnswers, CallbackScript, Done, Queue
from console.domain.errors import Invalid, InvalidForm
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.domain.states import (
    NOT_REACHED_NAMES,
    SATISFACTION_NAMES,
    NotReached,
    Resolution,
    TicketState,
)
from console.domain.wording import check_line
from console.ledger import Entry, Ledger, Seat
from console.ledger.queues import hold, leave, phrases, take_next, waiting
from db.models import Appellant, Callback, Ticket


class Callbacks:
    """The callback desk. Never by the handler: the lifecycle table lets only the centre's callback roles in."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def queue(self) -> Queue:
        """Citizens to call back, urgent first."""
        with self._seat.db.reading() as session:
            return waiting(session, self._seat, TicketState.PENDING_CALLBACK)

    def take_next(self, leaving: int | None = None) -> int | None:
        """The next citizen to call, ours alone for a minute."""
        with self._seat.db.writing.begin() as session:
            return take_next(session, self._seat, TicketState.PENDING_CALLBACK, leaving)

    def hold(self, ticket_id: int) -> None:
        """Keep a citizen's case ours during the call; good for another minute."""
        with self._seat.db.writing.begin() as session:
            hold(session, self._seat, ticket_id)

    def leave(self, ticket_id: int) -> None:
        """Put a citizen's case back that was taken and not decided: others may take it at once."""
        with self._seat.db.writing.begin() as session:
            leave(session, self._seat, ticket_id)

    def snippets(self) -> tuple[tuple[str, str], ...]:
        """Stored phrases by initials."""
        with self._seat.db.reading() as session:
            return phrases(session, self._seat)

    def script(self, case: CaseFile) -> CallbackScript:
        """The words of the pack with this case's title and unit in them."""
        rules = self._seat.rules.pack.callback
        opening = rules.opening.format(
            工号=self._seat.operator.agent_no,
            标题=case.row.title,
            单位=case.lead_unit or "承办单位",
        )
        return CallbackScript(
            opening,
            tuple((q.code, q.text) for q in rules.questions),
            self._seat.rules.pack.satisfaction_choices(),
            tuple((r.code, r.name) for r in rules.dissatisfied_reasons),
            rules.tries,
            sum(1 for line in case.callbacks if not line.reached),
        )

    def not_reached(self, ticket_id: int, why: NotReached, version: int) -> Changed:
        """Nobody answered; after the pack's number of tries the work order may be closed all the same."""
        note = f"回访未接通（{NOT_REACHED_NAMES[why]}）"
        entry = Entry(Move.RING_BACK, {"not_reached": why.value}, note, version)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, entry)
            row = self._attempt(session, ticket, reached=False)
            row.not_reached, row.conclusion = why.value, "再拨"
            return self._ledger.changed(ticket)

    def close(self, ticket_id: int, answers: CallbackAnswers, version: int) -> Done:
        """Record the answers and close; can be undone for ten seconds. Raises InvalidForm beside the questions."""
        reached = (
            answers.contacted is not None
            or bool(answers.resolution)
            or answers.satisfaction is not None
        )
        if reached:
            _require_answers(answers)
        entry = Entry(
            Move.CLOSE, _inputs(answers) if reached else {}, _close_note(answers, reached), version
        )
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, entry)
            self._record(session, ticket, answers, reached, "结案")
            seconds = self._seat.rules.pack.desk.undo_seconds
            until = self._seat.now(session) + timedelta(seconds=seconds)
            changed = self._ledger.changed(ticket)
            return Done(changed, ticket.number, "已回访结案", until, ticket.id, seconds)

    def redo(self, ticket_id: int, answers: CallbackAnswers, comment: str, version: int) -> Changed:
        """Not solved or not satisfied: back to the lead unit with a new limit."""
        text = check_line(comment, "重办要求", 500, "comment") if comment.strip() else ""
        entry = Entry(Move.REDO, {"comment": text}, f"发回重办：{text}", version)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, entry)
            self._record(session, ticket, answers, True, "重办")
            return self._ledger.changed(ticket)

    def undo_close(self, ticket_id: int) -> Changed:
        """Take back one's own closing of a moment ago."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, Entry(Move.UNDO_CLOSE))
            ticket.satisfaction, ticket.resolution = "", ""
            # The call will be recorded again; counted twice it would falsify the rates. The log keeps both.
            last = select(Callback).where(
                Callback.ticket_id == ticket_id, Callback.conclusion == "结案"
            )
            made = session.scalars(last.order_by(Callback.id.desc()).limit(1)).first()
            if made is not None:
                session.delete(made)
            return self._ledger.changed(ticket)

    def _record(
        self,
        session: Session,
        ticket: Ticket,
        answers: CallbackAnswers,
        reached: bool,
        conclusion: str,
    ) -> None:
        row = self._attempt(session, ticket, reached=reached)
        row.contacted, row.resolution = answers.contacted, answers.resolution
        row.satisfaction = answers.satisfaction.value if answers.satisfaction else ""
        hotline = answers.hotline_satisfaction
        row.hotline_satisfaction = hotline.value if hotline else ""
        row.dissatisfied_reason, row.comment = answers.dissatisfied_reason, answers.comment[:1000]
        row.conclusion = conclusion
        ticket.satisfaction, ticket.resolution = row.satisfaction, row.resolution

    def _attempt(self, session: Session, ticket: Ticket, *, reached: bool) -> Callback:
        made = select(func.count()).select_from(Callback).where(Callback.ticket_id == ticket.id)
        main = select(Appellant.id).where(Appellant.ticket_id == ticket.id, Appellant.main)
        operator, now = self._seat.operator, self._seat.now(session)
        row = Callback(
            ticket_id=ticket.id,
            appellant_id=session.scalar(main.limit(1)),
            attempt=(session.scalar(made) or 0) + 1,
            at=now,
            revisitor_id=operator.account_id,
            revisitor_name=operator.signature,
            reached=reached,
        )
        session.add(row)
        return row


def _require_answers(answers: CallbackAnswers) -> None:
    faults = []
    if answers.contacted is None:
        faults.append(Invalid("请记录承办单位是否联系过来电人", field="contacted"))
    if not answers.resolution:
        faults.append(Invalid("请记录问题是否解决", field="resolution"))
    if answers.satisfaction is None:
        faults.append(Invalid("请记录对承办单位的满意度", field="satisfaction"))
    elif "dissatisfied" in answers.satisfaction.value and not answers.dissatisfied_reason:
        faults.append(Invalid("请选择不满意的原因", field="dissatisfied_reason"))
    if faults:
        raise InvalidForm(tuple(faults))


def _inputs(answers: CallbackAnswers) -> dict[str, object]:
    return {
        "contacted": bool(answers.contacted),
        "resolution": Resolution(answers.resolution).value,
        "satisfaction": answers.satisfaction.value if answers.satisfaction else None,
    }


def _close_note(answers: CallbackAnswers, reached: bool) -> str:
    if not reached or answers.satisfaction is None:
        return "多次回访未接通，按规定结案"
    return f"回访结案，{SATISFACTION_NAMES[answers.satisfaction]}"
