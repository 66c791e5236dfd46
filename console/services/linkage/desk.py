"""110联动台: take in, accept or refuse what 110 hands over; give to 110, take back what it returns."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.desks import Queue
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.linkage import (
    BASIS_NAMES,
    Basis,
    Incoming,
    Opened,
    Pile,
    Result,
    Side,
    Span,
    Statement,
    ruling,
)
from console.domain.moves import Move
from console.domain.policy_tables import EmergencyLine
from console.domain.roles import Role
from console.domain.states import Channel
from console.domain.wording import check_line, clean
from console.ledger import Entry, Ledger, Seat, police, visible
from console.services.linkage import incoming, piles
from console.services.linkage.counting import statement
from db.models import PoliceTransfer, Ticket

DESK_ROLES = frozenset({Role.AGENT, Role.SUPERVISOR, Role.DISPATCHER})
TOPICS = incoming.TOPICS


class Linkage:
    """The linkage desk. Every hand-over is a row written in the same transaction as the move.

    Every method raises NotAllowed for roles that do not sit here; writes raise Invalid or InvalidForm
    beside the field's name.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    # --- looking

    def queue(self, pile: Pile) -> Queue:
        """One pile: what waits for us first come first, what was given newest first. Two statements."""
        self._at_desk()
        with self._seat.db.reading() as session:
            return piles.queue(session, self._seat, pile)

    def counts(self) -> dict[Pile, int]:
        """How many lie in each pile that waits for us. One statement a pile."""
        self._at_desk()
        with self._seat.db.reading() as session:
            return {pile: piles.count(session, self._seat, pile) for pile in piles.WAITING}

    def opened(self, ticket_id: int) -> Opened:
        """The hand-overs of one matter, who had it first, and danger its words speak of."""
        self._at_desk()
        with self._seat.db.reading() as session:
            query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
            ticket = session.scalar(query)
            if ticket is None:
                raise NotFound("没有找到这张工单，或不在您的查看范围内")
            rows = select(PoliceTransfer).where(PoliceTransfer.ticket_id == ticket_id)
            lines = tuple(map(piles.line, session.scalars(rows.order_by(PoliceTransfer.id))))
            first = police.first_of(session, ticket)
            theirs = ticket.channel is Channel.POLICE_110
            return Opened(ticket_id, lines, first, self.danger(ticket.content, theirs))

    def danger(self, text: str, theirs: bool = False) -> str:
        """The emergency line the words point to, as a sentence; empty when there is no danger in them."""
        line = self._seat.rules.pack.emergency_line(text)
        if line is None:
            return ""
        word = next(w for w in self._seat.rules.pack.emergency[line] if w in text)
        if theirs:
            return f"内容里有“{word}”，可能涉及险情：请立即与110核对，属警情的马上退回"
        return f"内容里有“{word}”，可能涉及险情：请立即转 {line.value}，来电人保持通话"

    def statement(self, span: Span) -> Statement:
        """Both sides' counts of a period with 环比, 同比 and the diverted share. One statement."""
        self._at_desk()
        with self._seat.db.reading() as session:
            return statement(session, self._seat, span)

    # --- what 110 hands over

    def take_in(self, form: Incoming) -> Changed:
        """Write down what 110 hands over: it waits to be judged. The same form is never written twice."""
        self._at_desk()
        return incoming.take_in(self._seat, self._ledger, form)

    def read_sheet(self, path: Path) -> str:
        """The text of a hand-over sheet that 110 sent as a file."""
        self._at_desk()
        return incoming.read_sheet(path)

    def accept(self, ticket_id: int, version: int | None = None) -> Changed:
        """受理: it is ours; the citizen's clock starts and the dispatch desk has it."""
        self._at_desk()
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            self._from_police(ticket)
            ticket = self._ledger.move(
                session, ticket_id, Entry(Move.ACCEPT, {}, "受理110转来的事项")
            )
            self._settle(session, ticket, police.IN, Result.ACCEPTED)
            return self._changed(ticket)

    def refuse(
        self,
        ticket_id: int,
        reason: str,
        receiver: str,
        agreed: str = "",
        version: int | None = None,
    ) -> Changed:
        """退回110: why, and who took it back there; an exception from 首接 needs both centres' consent."""
        self._at_desk()
        said = _reason(reason)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            self._from_police(ticket)
            consent = self._ruled(police.first_of(session, ticket), Side.POLICE, agreed)
            back = _receiver(receiver)
            inputs = {"reason": said, "receiver": back, "told": True}
            note = f"退回110（接收 {back}）：{said}{consent}"
            ticket = self._ledger.move(session, ticket_id, Entry(Move.REFUSE_POLICE, inputs, note))
            row = self._settle(session, ticket, police.IN, Result.REFUSED)
            row.refusal, row.receiver_back, row.agreed = said, back, agreed[:120]
            return self._changed(ticket)

    # --- what we hand over

    def give(
        self,
        ticket_id: int,
        receiver: str,
        basis: Basis,
        reason: str = "",
        three_way: bool = False,
        agreed: str = "",
        service: str = "110",
        version: int | None = None,
    ) -> Changed:
        """移交110 before dispatch: to whom, why, whether the citizen was on the line with both."""
        self._at_desk()
        if service not in {line.value for line in EmergencyLine}:
            raise Invalid("请选择 110、119、120 或 122", field="service")
        why = check_line(reason, "说明", 300, "reason")
        if basis is Basis.AGREED and not agreed.strip():
            raise Invalid("请写双方同意人", "两个中心各一人的姓名或工号", "agreed")
        to = police.receiver_of(receiver)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            note = "，".join(filter(None, (f"移交{service}，接警员 {to}", BASIS_NAMES[basis], why)))
            note += "，三方通话" if three_way else ""
            note += f"，双方同意：{agreed.strip()}" if agreed.strip() else ""
            inputs = {"receiver": to, "service": service, "three_way": three_way}
            ticket = self._ledger.move(session, ticket_id, Entry(Move.HAND_TO_POLICE, inputs, note))
            said = "：".join(filter(None, (BASIS_NAMES[basis], why)))
            row = police.given(session, self._seat, ticket, service, to, three_way, said)
            row.agreed = agreed.strip()[:120]
            return self._changed(ticket)

    def handed_back(
        self,
        ticket_id: int,
        reason: str,
        receiver: str,
        first: Side = Side.HOTLINE,
        agreed: str = "",
        version: int | None = None,
    ) -> Changed:
        """110退回: it hands back what we gave; who had it first decides, exceptions need both centres."""
        self._at_desk()
        said = _reason(reason)
        with self._seat.db.writing.begin() as session:
            self._ledger.lock(session, ticket_id, version)
            consent = self._ruled(first, Side.HOTLINE, agreed)
            back = _receiver(receiver)
            inputs = {"reason": said, "receiver": back}
            note = f"110退回（退回人 {back}）：{said}；{first} 先接到{consent}"
            ticket = self._ledger.move(session, ticket_id, Entry(Move.POLICE_REFUSED, inputs, note))
            row = self._settle(session, ticket, police.OUT, Result.REFUSED)
            row.refusal, row.receiver_back = said, back
            row.got_it_first, row.agreed = first.value, agreed.strip()[:120]
            return self._changed(ticket)

    # --- inside

    def _at_desk(self) -> None:
        if self._seat.operator.role not in DESK_ROLES:
            raise NotAllowed("110联动由话务员、派单员和值班长办理")

    def _changed(self, ticket: Ticket) -> Changed:
        return replace(self._ledger.changed(ticket), topics=TOPICS)

    @staticmethod
    def _from_police(ticket: Ticket) -> None:
        if ticket.channel is not Channel.POLICE_110:
            raise NotAllowed("这张工单不是110转来的", "请在派单台办理")

    @staticmethod
    def _ruled(first: Side, taken_by: Side, agreed: str) -> str:
        """The log's words about consent. Raises Invalid when an exception has none."""
        if ruling(first, taken_by).exception and not agreed.strip():
            raise Invalid(
                f"{first} 先接到，应由 {first} 受理；例外要写明双方同意人",
                "两个中心各一人的姓名或工号",
                "agreed",
            )
        return f"；双方同意：{agreed.strip()[:120]}" if agreed.strip() else ""

    def _settle(
        self, session: Session, ticket: Ticket, direction: str, result: Result
    ) -> PoliceTransfer:
        """Note on the hand-over what came of it; one that was never written down is written now."""
        row = police.last_transfer(session, ticket.id, direction)
        if row is None:
            row = (
                police.came(session, self._seat, ticket)
                if direction == police.IN
                else police.given(session, self._seat, ticket, "110", police.NO_RECEIVER, False)
            )
        row.result = result.value
        row.settled_at, row.settled_by = self._seat.now(session), self._seat.operator.signature
        return row


def _reason(text: str) -> str:
    said = check_line(text, "原因", 300, "reason")
    if not said:
        raise Invalid("请填写退回的原因", field="reason")
    return said


def _receiver(text: str) -> str:
    said = clean(text).text.strip()[:20]
    if not said:
        raise Invalid("请填写110人员的工号", "对方没有报时写“未报工号”", "receiver")
    return said
