"""The dispatch desk: who gets it, together with whom, and undoing that within ten seconds."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.desks import (
    BulkResult,
    DispatchForm,
    DispatchHelp,
    Done,
    Queue,
    UnitChoice,
)
from console.domain.errors import Invalid, UserError
from console.domain.moves import Move
from console.domain.states import TicketState
from console.domain.worktime import moment_words
from console.ledger import Entry, Ledger, Seat
from console.ledger.places import grid_owner
from console.ledger.queues import (
    hold,
    leave,
    phrases,
    suggested_units,
    take_next,
    units_like,
    waiting,
)
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

    def take_next(self, leaving: int | None = None, accepting: bool = False) -> int | None:
        """The next work order to dispatch, or to accept, ours alone for a minute; None when there is none."""
        state = TicketState.PENDING_ACCEPT if accepting else TicketState.PENDING_DISPATCH
        with self._seat.db.writing.begin() as session:
            return take_next(session, self._seat, state, leaving)

    def hold(self, ticket_id: int) -> None:
        """Keep a work order ours while it is being worked on; good for another minute."""
        with self._seat.db.writing.begin() as session:
            hold(session, self._seat, ticket_id)

    def leave(self, ticket_id: int) -> None:
        """Put a work order back that was taken and not decided: others may take it at once."""
        with self._seat.db.writing.begin() as session:
            leave(session, self._seat, ticket_id)

    def units(self, text: str) -> tuple[UnitChoice, ...]:
        """Units for the type-ahead: name, pinyin initials, code."""
        with self._seat.db.reading() as session:
            return units_like(session, text)

    def help(self, ticket_id: int) -> DispatchHelp:
        """What the dispatch form offers: units and why, the limits if sent now, stored phrases."""
        with self._seat.db.reading() as session:
            ticket = session.get(Ticket, ticket_id)
            if ticket is None:
                return DispatchHelp(ticket_id, (), "")
            rules = self._seat.rules
            due = rules.deadlines(ticket.urgency, ticket.nature, self._seat.now(session))
            words = f"{moment_words(due.sign_due)} 前签收 · {moment_words(due.finish_due)} 前办结"
            return DispatchHelp(
                ticket_id,
                self._suggested(session, ticket),
                f"{words}（{due.limits.finish}）",
                due.warnings,
                phrases(session, self._seat),
                ticket.return_count >= rules.pack.returns.dispatches,
            )

    def suggested(self, ticket_id: int) -> tuple[UnitChoice, ...]:
        """Whom the place and the category point to, with the reason."""
        with self._seat.db.reading() as session:
            ticket = session.get(Ticket, ticket_id)
            return self._suggested(session, ticket) if ticket is not None else ()

    def _suggested(self, session: Session, ticket: Ticket) -> tuple[UnitChoice, ...]:
        owner = grid_owner(session, ticket.grid_id, ticket.grid_rule) if ticket.grid_id else None
        category = session.get(CategoryRow, ticket.category_code)
        return suggested_units(session, owner, category.default_unit if category else "")

    def accept(self, ticket_id: int, version: int) -> Changed:
        """Judge a report from outside to be ours."""
        return self._one(ticket_id, Entry(Move.ACCEPT, version=version))

    def dispatch(self, form: DispatchForm) -> Done:
        """Send to one lead unit and any co-units. Raises Invalid, NotAllowed, Conflict."""
        return self._send(form, Move.DISPATCH)

    def designate(self, form: DispatchForm) -> Done:
        """Send for good after returns: the unit may not return it. The opinion is the reason and required."""
        if not form.opinion.strip():
            raise Invalid("指定承办须写明理由", field="opinion")
        return self._send(form, Move.DESIGNATE)

    def _send(self, form: DispatchForm, move: Move) -> Done:
        seconds = self._seat.rules.pack.desk.undo_seconds
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, form.ticket_id, self._entry(session, form, move))
            ticket.dispatch_opinion = form.opinion.strip()[:500]
            until = self._seat.now(session) + timedelta(seconds=seconds)
            words = f"已派给{ticket.holder_name}"
            changed = self._ledger.changed(ticket)
            return Done(changed, ticket.number, words, until, ticket.id, seconds)

    def _entry(self, session: Session, form: DispatchForm, move: Move) -> Entry:
        if form.unit_id is None:
            raise Invalid("请选择主办单位", "输入名称或拼音首字母", "unit")
        if form.unit_id in form.co_unit_ids:
            raise Invalid("主办单位不能同时协办", field="co_units")
        unit = self._ledger.unit(session, form.unit_id)
        co_units = [self._ledger.unit(session, unit_id) for unit_id in form.co_unit_ids]
        together = f"，{'、'.join(u.name for u in co_units)}协办" if co_units else ""
        inputs: dict[str, Any] = {"unit": asdict(unit), "co_units": [asdict(u) for u in co_units]}
        inputs |= self._complained_of(session, form.ticket_id)
        opinion = form.opinion.strip()[:500]
        if move is Move.DESIGNATE:
            inputs["reason"] = opinion
        verb = "指定" if move is Move.DESIGNATE else "派给"
        return Entry(move, inputs, f"{verb}{unit.name}主办{together}", form.version, opinion)

    @staticmethod
    def _complained_of(session: Session, ticket_id: int) -> dict[str, Any]:
        """The unit a confidential report is about must not receive it (field-facts 10.2)."""
        ticket = session.get(Ticket, ticket_id)
        about = ticket.respondent_unit_id if ticket is not None and ticket.confidential else None
        return {} if about is None else {"respondent_unit_id": about}

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
        done, failed, ids = [], [], []
        for form in forms:
            try:
                result = self.dispatch(form)
            except UserError as error:
                failed.append((self._number(form.ticket_id), error.text))
            else:
                done.append(result.number)
                ids.append(form.ticket_id)
        changed = Changed(frozenset({Topic.TICKETS}), tuple(ids))
        return BulkResult(changed, tuple(done), tuple(failed))

    def _number(self, ticket_id: int) -> str:
        with self._seat.db.reading() as session:
            return session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or "—"

    def _one(self, ticket_id: int, entry: Entry) -> Changed:
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))
