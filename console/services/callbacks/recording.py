"""One row for each call: who was rung, by whom, what was said, what it came to."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain import callback as rules
from console.domain.callback import Callee
from console.domain.desks import CallbackAnswers
from console.domain.states import NotReached
from console.ledger import Seat
from console.services.callbacks import reading
from db.models import Appellant, Callback, GateOverride, Ticket

AGAIN = "再拨"
CONTRADICTION = "承办单位称已解决，诉求人表示未解决"


class Recording:
    """Writes calls for whoever sits at this seat, inside the caller's transaction."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def missed(self, session: Session, ticket: Ticket, callee: Callee, why: NotReached) -> None:
        """A call nobody took."""
        row = self._attempt(session, ticket, callee, reached=False)
        row.not_reached, row.conclusion = why.value, AGAIN

    def heard(
        self, session: Session, ticket: Ticket, callee: Callee, answers: CallbackAnswers
    ) -> int | None:
        """What one appellant said; said again in the same round it replaces what was noted. The id of a new row."""
        known = reading.heard_row(session, ticket, callee) if callee.heard is not None else None
        row = known or self._attempt(session, ticket, callee, reached=True)
        row.contacted, row.resolution = answers.contacted, answers.resolution
        row.satisfaction = answers.satisfaction.value if answers.satisfaction else ""
        hotline = answers.hotline_satisfaction
        row.hotline_satisfaction = hotline.value if hotline else ""
        row.dissatisfied_reason, row.comment = answers.dissatisfied_reason, answers.comment
        self._note_contradiction(session, ticket, answers)
        if callee.id:
            session.get_one(Appellant, callee.id).called_back_at = row.at
        session.flush()
        return row.id if known is None else None

    def conclude(
        self,
        session: Session,
        ticket: Ticket,
        conclusion: str,
        people: tuple[Callee, ...] | None = None,
    ) -> None:
        """What the round came to, on the last call of everyone in it, and on the work order itself."""
        for row in reading.last_calls(session, ticket):
            row.conclusion = conclusion
        found = people or reading.callees_of(session, self._seat, ticket)
        said = found[0].heard or rules.worst(c.heard for c in found if c.heard is not None)
        happy = said.satisfaction if said else None
        ticket.satisfaction = happy.value if happy else ""
        ticket.resolution = said.resolution if said else ""

    def reopen(self, session: Session, ticket: Ticket, recorded: int | None) -> None:
        """After a closing was taken back: counted twice, its call would falsify the rates. The log keeps both."""
        for row in reading.last_calls(session, ticket):
            row.conclusion = "" if row.reached else AGAIN
        made = session.get(Callback, recorded) if recorded is not None else None
        if made is not None and made.ticket_id == ticket.id:
            session.delete(made)
        ticket.satisfaction, ticket.resolution = "", ""

    def _note_contradiction(
        self, session: Session, ticket: Ticket, answers: CallbackAnswers
    ) -> None:
        """已解决 against 未解决: for the supervisor's list, once for each reply (peers 6.9)."""
        result = reading.last_result(session, ticket)
        if result is None or not rules.contradicts(result.resolution, answers):
            return
        same = select(GateOverride.id).where(
            GateOverride.ticket_id == ticket.id,
            GateOverride.finding == CONTRADICTION,
            GateOverride.at >= result.replied_at,
        )
        if session.scalar(same.limit(1)) is not None:
            return
        session.add(
            GateOverride(
                ticket_id=ticket.id,
                finding=CONTRADICTION,
                explanation=(answers.comment or "回访发现")[:500],
                at=self._seat.now(session),
                by=self._seat.operator.signature,
                unit_name=result.unit_name,
            )
        )

    def _attempt(
        self, session: Session, ticket: Ticket, callee: Callee, *, reached: bool
    ) -> Callback:
        """Numbered for each appellant on their own."""
        whose = Callback.appellant_id == (callee.id or None)
        if callee.main:
            whose = whose | Callback.appellant_id.is_(None)
        made = (
            select(func.count()).select_from(Callback).where(Callback.ticket_id == ticket.id, whose)
        )
        operator = self._seat.operator
        row = Callback(
            ticket_id=ticket.id,
            appellant_id=callee.id or None,
            attempt=(session.scalar(made) or 0) + 1,
            at=self._seat.now(session),
            revisitor_id=operator.account_id,
            revisitor_name=operator.signature,
            reached=reached,
        )
        session.add(row)
        return row
