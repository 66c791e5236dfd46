"""The dispatch desk: who gets it, together with whom, and undoing that within ten seconds."""

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.desks import BulkResult, DispatchForm, Done, Queue, UnitChoice
from console.domain.errors import Invalid, UserError
from console.domain.moves import Move
from console.domain.states import TicketState
from console.ledger import Entry, Ledger, Seat
from console.ledger.places import grid_owner
from console.ledger.queues import suggested_units, take_next, units_like, waiting
from db.models import CategoryRow, Ticket


class Dispatching:
    """What a reviewer-dispatcher does with accepted work orders (field-facts 3.3)."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def queue(self) -> Queue:
        """Work orders to be dispatched, urgent first."""
        with self._seat.db.reading() as session:
            return waiting(session, self._seat, TicketState.PENDING_DISPATCH)

    def accepting(self) -> Queue:
        """What came in from grids, 110 and the web and nobody has judged yet."""
        with self._seat.db.reading() as session:
            return waiting(session, self._seat, TicketState.PENDING_ACCEPT)

    def take_next(self) -> int | None:
        """The next work order of the queue, ours alone for a minute; None when the queue is empty."""
        with self._seat.db.writing.begin() as session:
            return take_next(session, self._seat, TicketState.PENDING_DISPATCH)

    def units(self, text: str) -> tuple[UnitChoice, ...]:
        """Units for the type-ahead: name, pinyin initials, code."""
        with self._seat.db.reading() as session:
            return units_like(session, text)

    def suggested(self, ticket_id: int) -> tuple[UnitChoice, ...]:
        """Whom the place and the category point to, with the reason."""
        with self._seat.db.reading() as session:
            ticket = session.get(Ticket, ticket_id)
            if ticket is None:
                return ()
            owner = (
                grid_owner(session, ticket.grid_id, ticket.grid_rule) if ticket.grid_id else None
            )
            category = session.get(CategoryRow, ticket.category_code)
            return suggested_units(session, owner, category.default_unit if category else "")

    def accept(self, ticket_id: int, version: int) -> Changed:
        """Judge a report from outside to be ours."""
        return self._one(ticket_id, Entry(Move.ACCEPT, version=version))

    def dispatch(self, form: DispatchForm) -> Done:
        """Send to one lead unit and any co-units. Raises Invalid, NotAllowed, Conflict."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, form.ticket_id, self._entry(session, form))
            ticket.dispatch_opinion = form.opinion.strip()[:500]
            until = self._seat.now(session) + timedelta(
                seconds=self._seat.rules.pack.desk.undo_seconds
            )
            words = f"已派给{ticket.holder_name}"
            return Done(self._ledger.changed(ticket), ticket.number, words, until, ticket.id)

    def _entry(self, session: Session, form: DispatchForm) -> Entry:
        if form.unit_id is None:
            raise Invalid("请选择主办单位", field="unit")
        if form.unit_id in form.co_unit_ids:
            raise Invalid("主办单位不能同时协办", field="co_units")
        unit = self._ledger.unit(session, form.unit_id)
        co_units = [self._ledger.unit(session, unit_id) for unit_id in form.co_unit_ids]
        together = f"，{'、'.join(u.name for u in co_units)}协办" if co_units else ""
        inputs = {"unit": asdict(unit), "co_units": [asdict(u) for u in co_units]}
        note = f"派给{unit.name}主办{together}"
        return Entry(Move.DISPATCH, inputs, note, form.version, form.opinion.strip()[:500])

    def undo(self, ticket_id: int) -> Changed:
        """Take back one's own dispatch of a moment ago."""
        return self._one(ticket_id, Entry(Move.UNDO_DISPATCH))

    def recall(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """Take back a dispatch that nobody has signed yet."""
        return self._one(
            ticket_id, Entry(Move.RECALL, {"reason": reason}, f"撤回：{reason}", version)
        )

    def dispatch_many(self, forms: tuple[DispatchForm, ...]) -> BulkResult:
        """Dispatch several; each succeeds or fails by itself."""
        return self._each(forms)

    def _each(self, forms: tuple[DispatchForm, ...]) -> BulkResult:
        done, failed, ids = [], [], []
        for form in forms:
            try:
                result = self.dispatch(form)
            except UserError as error:
                failed.append((str(form.ticket_id), error.text))
            else:
                done.append(result.number)
                ids.append(form.ticket_id)
        return BulkResult(
            Changed(frozenset({Topic.TICKETS}), tuple(ids)), tuple(done), tuple(failed)
        )

    def _one(self, ticket_id: int, entry: Entry) -> Changed:
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))
