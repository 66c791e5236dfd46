"""The centre's check of a unit's reply, before anybody calls the citizen."""

from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.effects import must_be_verified
from console.domain.moves import Move
from console.ledger import Entry, Ledger, Seat
from console.ledger.queues import phrases


class Reviewing:
    """Pass to callback or to site verification, or send back to be done again (field-facts 3.3)."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def snippets(self) -> tuple[tuple[str, str], ...]:
        """Stored phrases by initials."""
        with self._seat.db.reading() as session:
            return phrases(session, self._seat)

    def pass_reply(
        self, ticket_id: int, version: int, comment: str = "", verify: bool = False
    ) -> Changed:
        """The reply answers the appeal; `verify` sends it to the grid's worker for a look on site first.

        Where the city wants every such matter seen, it goes there unasked; `note` of the change says where it went.
        """
        with self._seat.db.writing.begin() as session:
            case = self._ledger.case(session, self._ledger.lock(session, ticket_id, version))
            looked_at = verify or must_be_verified(case, self._seat.rules)
            to = "转现场核查" if looked_at else "转回访"
            note = _with(f"审核通过，{to}", comment)
            entry = Entry(Move.PASS_REVIEW, {"verify": verify}, note, version)
            return self._decide(session, ticket_id, entry, comment, f"审核通过，已{to}")

    def send_back(self, ticket_id: int, version: int, comment: str) -> Changed:
        """The reply does not answer the appeal: redo, with a new limit. The comment is required."""
        entry = Entry(
            Move.FAIL_REVIEW, {"comment": comment.strip()}, _with("审核退回", comment), version
        )
        with self._seat.db.writing.begin() as session:
            return self._decide(session, ticket_id, entry, comment)

    def cancel_verify(self, ticket_id: int, version: int, reason: str) -> Changed:
        """撤回核查: nobody has looked at it and the centre decides without; the reason is required."""
        said = reason.strip()[:500]
        entry = Entry(Move.CANCEL_VERIFY, {"reason": said}, f"撤回核查：{said}", version)
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def _decide(
        self, session: Session, ticket_id: int, entry: Entry, comment: str, note: str = ""
    ) -> Changed:
        ticket = self._ledger.move(session, ticket_id, entry)
        ticket.review_comment = comment.strip()[:500]
        ticket.reviewer_name = self._seat.operator.signature
        return self._ledger.changed(ticket, note)


def _with(note: str, comment: str) -> str:
    return f"{note}：{comment.strip()}" if comment.strip() else note
