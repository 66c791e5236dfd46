"""承诺: what was promised to a citizen and by when, kept and counted wherever somebody promises (peers 6.10)."""

from datetime import datetime

from console.domain.changes import Changed
from console.domain.promises import PromiseCounts, PromiseLine, read_promise
from console.ledger import Ledger, Seat
from console.ledger.promises import (
    keep_promise,
    make_promise,
    open_promises,
    promise_counts,
    promises_of,
)


class Promises:
    """The promise ledger of whoever sits at this seat; every desk uses the same one."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def promise(self, ticket_id: int, what: str, due: datetime) -> Changed:
        """Note a promise: its own clock, and a line in the log."""
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(make_promise(session, self._seat, ticket_id, what, due))

    def promise_in_words(self, ticket_id: int, sentence: str) -> Changed:
        """Note a promise from one line: 今天下午五点前回电. Raises Invalid, field `promise`."""
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            said = read_promise(sentence, now, self._seat.rules.calendar)
            ticket = make_promise(session, self._seat, ticket_id, said.what, said.due)
            return self._ledger.changed(ticket)

    def keep(self, promise_id: int) -> Changed:
        """Note that a promise was kept."""
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(keep_promise(session, self._seat, promise_id))

    def of(self, ticket_id: int) -> tuple[PromiseLine, ...]:
        """Every promise of one work order, open ones first."""
        with self._seat.db.reading() as session:
            return promises_of(session, self._seat, ticket_id)

    def open(self) -> tuple[PromiseLine, ...]:
        """Every open promise in the operator's scope, earliest due first: nothing is ever left out."""
        with self._seat.db.reading() as session:
            return open_promises(session, self._seat)

    def overdue(self) -> PromiseCounts:
        """How many are open, soon due and overdue in the operator's scope, for boards and the lamp."""
        with self._seat.db.reading() as session:
            return promise_counts(session, self._seat)
