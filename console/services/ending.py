"""Ends before the end: the citizen withdraws (撤单), the supervisor voids a wrong entry (作废) (field-facts 3.3)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.errors import Invalid, NotAllowed
from console.domain.moves import Move
from console.domain.phones import parse_phone
from console.domain.states import Urgency
from console.ledger import Entry, Ledger, Seat
from console.ledger.contacts import key_of
from db.models import Appellant, Ticket


class Ending:
    """Each method is one transaction. Raises Invalid, NotAllowed, Conflict."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def withdraw(
        self, ticket_id: int, phone: str, reason: str, version: int | None = None
    ) -> Changed:
        """撤单: only whoever reported it, from the same number, alone, and never where people are in danger."""
        said = reason.strip()[:500]
        if not said:
            raise Invalid("请填写撤单原因", field="reason")
        if not phone.strip():
            raise Invalid("请填写来电号码", "须由原来电号码提出", "phone")
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            inputs = {
                "reason": said,
                "phone_matches": self._is_theirs(session, ticket, phone),
                "public_safety": self._in_danger(ticket),
            }
            entry = Entry(Move.WITHDRAW_APPEAL, inputs, f"诉求人撤单：{said}")
            ticket = self._ledger.move(session, ticket_id, entry)
            return self._ledger.changed(ticket)

    def void(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """作废: a wrong entry, by the supervisor, before a unit has signed; the reason stands in the log."""
        said = reason.strip()[:500]
        entry = Entry(Move.VOID, {"reason": said}, f"作废：{said}", version)
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def _is_theirs(self, session: Session, ticket: Ticket, phone: str) -> bool:
        """The number of the one who reported it; where others joined, the matter is not theirs alone."""
        query = select(Appellant.phone_key).where(Appellant.ticket_id == ticket.id)
        people = list(session.scalars(query))
        if len(people) > 1:
            raise NotAllowed(
                f"共有 {len(people)} 位诉求人反映，不能因一人撤单", "请在备注中记下这位诉求人的意见"
            )
        return key_of(session, self._seat, parse_phone(phone).digits) in people

    def _in_danger(self, ticket: Ticket) -> bool:
        """Public safety goes on whoever changes his mind (field-facts 3.3): critical, or words of an emergency."""
        words = f"{ticket.title}。{ticket.content}"
        told = self._seat.rules.pack.emergency_line(words) is not None
        return told or ticket.urgency is Urgency.CRITICAL
