"""Calling the citizens back: attempts, three answers each, and closing or redoing (field-facts 3.3, 9.7)."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain import callback as rules
from console.domain.callback import CallRound, Outlook
from console.domain.changes import Changed
from console.domain.desks import CallbackAnswers, CallbackScript, Done, Queue
from console.domain.errors import Invalid, NotFound
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.domain.states import NOT_REACHED_NAMES, SATISFACTION_NAMES, NotReached
from console.domain.wording import check_length, check_line
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.audit import need_reason
from console.ledger.contacts import disclose
from console.ledger.queues import hold, leave, phrases
from console.services.callbacks import reading
from console.services.callbacks.recording import Recording
from db.models import Ticket

COMMENT_MOST = 1000


class Callbacks:
    """The callback desk. Never by the handler: the lifecycle table lets only the centre's callback roles in."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)
        self._record = Recording(seat)

    # --- the queue

    def queue(self) -> Queue:
        """Citizens to call back, urgent first; of each work order how many of its appellants are called."""
        with self._seat.db.reading() as session:
            return reading.queue(session, self._seat)

    def take_next(self, leaving: int | None = None) -> int | None:
        """The next citizen to call, ours alone for a minute; never one rung in vain a moment ago."""
        with self._seat.db.writing.begin() as session:
            return reading.take_next(session, self._seat, leaving)

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

    # --- one case

    def script(self, case: CaseFile) -> CallbackScript:
        """The words of the pack with this case's title and unit in them."""
        pack = self._seat.rules.pack.callback
        opening = pack.opening.format(
            工号=self._seat.operator.agent_no,
            标题=case.row.title,
            单位=case.lead_unit or "承办单位",
        )
        return CallbackScript(
            opening,
            tuple((q.code, q.text) for q in pack.questions),
            self._seat.rules.pack.satisfaction_choices(),
            tuple((r.code, r.name) for r in pack.dissatisfied_reasons),
            pack.tries,
            sum(1 for line in case.callbacks if not line.reached),
        )

    def round(self, ticket_id: int) -> CallRound:
        """Whom to call, what each has said, what was promised, and what closing or redoing would mean."""
        with self._seat.db.reading() as session:
            return reading.call_round(session, self._seat, self._see(session, ticket_id))

    def outlook(self, ticket_id: int, move: Move = Move.REDO) -> Outlook:
        """The new limit of a redo or a reopening, and whether it will be supervised. Raises NotFound."""
        with self._seat.db.reading() as session:
            ticket = self._see(session, ticket_id)
            found = reading.outlook(session, self._seat, ticket, move)
        if found is None:
            raise NotFound("本单没有派过单位，不能重新办理", "请作为新工单受理并关联原单")
        return found

    def reveal(self, ticket_id: int, callee_id: int, reason: str) -> str:
        """One appellant's number in full, to be dialled; the viewing is logged (field-facts 10.3)."""
        need_reason(reason)
        with self._seat.db.reading() as session:
            wanted = reading.wanted(session, self._seat, self._see(session, ticket_id), callee_id)
        return disclose(self._seat, wanted, reason)[0]

    # --- deciding

    def not_reached(
        self, ticket_id: int, why: NotReached, version: int, callee_id: int = 0, early: str = ""
    ) -> Changed:
        """Nobody answered. Before the pack's time to ring again only with a reason (Invalid, field `early`)."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            callee = reading.find_callee(session, self._seat, ticket, callee_id)
            now = self._seat.now(session)
            reason = check_line(early, "提前拨打的原因", 100, "early")
            if callee.waits(now) and callee.ring_from is not None and not reason:
                again = rules.clock_words(callee.ring_from, now)
                raise Invalid(f"下次可拨 {again}，提前拨打请写明原因", field="early")
            note = f"回访未接通（{NOT_REACHED_NAMES[why]}）" + (
                f"，提前拨打：{reason}" if reason else ""
            )
            inputs = {"not_reached": why.value, "joined": not callee.main}
            ticket = self._ledger.move(session, ticket_id, Entry(Move.RING_BACK, inputs, note))
            self._record.missed(session, ticket, callee, why)
            return self._ledger.changed(ticket)

    def hear(
        self, ticket_id: int, callee_id: int, answers: CallbackAnswers, version: int
    ) -> Changed:
        """One of several appellants has answered; the work order stays with us for the others."""
        rules.require_answers(answers)
        said = _checked(answers)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            callee = reading.find_callee(session, self._seat, ticket, callee_id)
            self._record.heard(session, ticket, callee, said)
            entry = Entry(
                Move.HEAR, _heard_inputs(said, callee.main), _heard_note(said, callee.main)
            )
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def close(
        self, ticket_id: int, answers: CallbackAnswers, version: int, callee_id: int = 0
    ) -> Done:
        """Record what the last one said and close; can be undone for a while.

        Raises InvalidForm beside the questions; NotAllowed while an appellant is neither heard nor tried enough.
        """
        given = _is_given(answers)
        if given:
            rules.require_answers(answers)
        said = _checked(answers)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            recorded = None
            if given:
                callee = reading.find_callee(session, self._seat, ticket, callee_id)
                recorded = self._record.heard(session, ticket, callee, said)
            entry = self._closing(session, ticket, recorded)
            ticket = self._ledger.move(session, ticket_id, entry)
            self._record.conclude(session, ticket, "结案")
            return self._done(session, ticket)

    def _closing(self, session: Session, ticket: Ticket, recorded: int | None) -> Entry:
        """The appellants are counted in this very transaction: whoever joins meanwhile is not forgotten."""
        people = reading.callees_of(session, self._seat, ticket)
        main = people[0]
        for callee in people:
            if callee.heard is not None:
                rules.require_reason_to_close(callee.heard, callee.name)
        inputs: dict[str, object] = {"unheard": rules.unheard(people)}
        if main.heard is not None:
            inputs |= _answers_inputs(main.heard)
        if recorded is not None:
            inputs["recorded"] = recorded
        return Entry(Move.CLOSE, inputs, _close_note(people))

    def _done(self, session: Session, ticket: Ticket) -> Done:
        seconds = self._seat.rules.pack.desk.undo_seconds
        until = self._seat.now(session) + timedelta(seconds=seconds)
        changed = self._ledger.changed(ticket)
        return Done(changed, ticket.number, "已回访结案", until, ticket.id, seconds)

    def redo(
        self,
        ticket_id: int,
        answers: CallbackAnswers,
        comment: str,
        version: int,
        callee_id: int = 0,
    ) -> Changed:
        """Not solved or not satisfied: back to the lead unit with a new limit; supervised when it was too often."""
        text = check_line(comment, "重办要求", 500, "comment") if comment.strip() else ""
        said = _checked(answers)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            callee = reading.find_callee(session, self._seat, ticket, callee_id)
            if _is_given(said):
                self._record.heard(session, ticket, callee, said)
            people = reading.callees_of(session, self._seat, ticket)
            before = ticket.supervision
            entry = Entry(Move.REDO, {"comment": text}, f"发回重办：{text}")
            ticket = self._ledger.move(session, ticket_id, entry)
            raised = ticket.supervision > before
            self._record.conclude(session, ticket, "督办" if raised else "重办", people)
            return self._ledger.changed(ticket, "已转为待督办" if raised else "")

    def undo_close(self, ticket_id: int) -> Changed:
        """Take back one's own closing of a moment ago; what was recorded with it is recorded again or not at all."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id)
            recorded = reading.recorded_with_close(session, ticket)
            ticket = self._ledger.move(session, ticket_id, Entry(Move.UNDO_CLOSE))
            self._record.reopen(session, ticket, recorded)
            return self._ledger.changed(ticket)

    def reopen(self, ticket_id: int, reason: str, version: int) -> Changed:
        """A closed matter with a new fact goes back to the unit that had it (field-facts 3.3, CLOSED → REDO)."""
        said = check_line(reason, "重新办理的原因", 300, "reason")
        if not said:
            raise Invalid("请填写重新办理的原因", "写明出现了什么新情况", "reason")
        entry = Entry(Move.REOPEN, {"reason": said}, f"重新办理：{said}", version)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, entry)
            ticket.satisfaction, ticket.resolution = "", ""
            return self._ledger.changed(ticket)

    def _see(self, session: Session, ticket_id: int) -> Ticket:
        query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
        ticket = session.scalar(query)
        if ticket is None:
            raise NotFound("没有找到这张工单，或不在您的查看范围内")
        return ticket


def _checked(answers: CallbackAnswers) -> CallbackAnswers:
    check_length(answers.comment, COMMENT_MOST, "诉求人意见", "comment")
    return answers


def _is_given(answers: CallbackAnswers) -> bool:
    return (
        answers.contacted is not None
        or bool(answers.resolution)
        or answers.satisfaction is not None
    )


def _answers_inputs(answers: CallbackAnswers) -> dict[str, object]:
    return {
        "contacted": bool(answers.contacted),
        "resolution": answers.resolution,
        "satisfaction": answers.satisfaction.value if answers.satisfaction else None,
    }


def _heard_inputs(answers: CallbackAnswers, main: bool) -> dict[str, object]:
    return {**_answers_inputs(answers), "joined": not main}


def _heard_note(answers: CallbackAnswers, main: bool) -> str:
    who = "来电人" if main else "联名诉求人"
    return f"已回访{who}，{_happy(answers)}"


def _happy(answers: CallbackAnswers) -> str:
    return SATISFACTION_NAMES[answers.satisfaction] if answers.satisfaction else ""


def _close_note(people: tuple[rules.Callee, ...]) -> str:
    heard = [c.heard for c in people if c.heard is not None]
    if not heard:
        excused = all(c.excused for c in people)
        return "诉求人不需回访，结案" if excused else "多次回访未接通，按规定结案"
    least = rules.worst(heard) or heard[0]
    many = f"{len(people)} 位诉求人，接通 {len(heard)} 位，" if len(people) > 1 else ""
    return f"回访结案，{many}{_happy(least)}"
