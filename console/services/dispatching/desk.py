"""The dispatch desk: who gets it, together with whom, and undoing that within ten seconds."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.deadlines import Deadlines
from console.domain.desks import (
    BulkResult,
    DispatchForm,
    DispatchHelp,
    Done,
    Queue,
    UnitChoice,
)
from console.domain.errors import Invalid, NotAllowed, UserError
from console.domain.moves import Move
from console.domain.piles import PILE_STATES, Pile
from console.domain.states import STATE_NAMES, TicketState
from console.domain.worktime import moment_words
from console.ledger import Entry, Ledger, Seat, court, visible
from console.ledger.queues import hold, leave, phrases, take_next, units_like, waiting
from console.services.dispatching.suggesting import suggested, with_records
from db.models import NotifyCopy, Ticket


class Dispatching:
    """What a reviewer-dispatcher does with accepted work orders (field-facts 3.3)."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    # --- piles

    def counts(self) -> dict[Pile, int]:
        """How much lies on every pile. One statement."""
        states = [state for pile in Pile for state in PILE_STATES[pile]]
        asked = func.sum(case((Ticket.extension_asked > 0, 1), else_=0))
        query = select(Ticket.state, func.count(), asked).group_by(Ticket.state)
        query = query.where(Ticket.state.in_(states), visible(self._seat.operator))
        with self._seat.db.reading() as session:
            found = {state: (number, days) for state, number, days in session.execute(query)}
        at = {pile: 1 if pile is Pile.EXTENSIONS else 0 for pile in Pile}
        return {
            pile: sum(int(found.get(state, (0, 0))[at[pile]] or 0) for state in PILE_STATES[pile])
            for pile in Pile
        }

    def queue(self, pile: Pile = Pile.DISPATCH) -> Queue:
        """One pile, urgent first. Two statements."""
        with self._seat.db.reading() as session:
            return waiting(session, self._seat, *PILE_STATES[pile], also=_also(pile))

    def take_next(self, leaving: int | None = None, pile: Pile = Pile.DISPATCH) -> int | None:
        """The next work order of a pile, ours alone for a minute; None when there is none."""
        states = PILE_STATES[pile]
        with self._seat.db.writing.begin() as session:
            return take_next(session, self._seat, states, leaving, also=_also(pile))

    def hold(self, ticket_id: int) -> None:
        """Keep a work order ours while it is being worked on; good for another minute."""
        with self._seat.db.writing.begin() as session:
            hold(session, self._seat, ticket_id)

    def leave(self, ticket_id: int) -> None:
        """Put a work order back that was taken and not decided: others may take it at once."""
        with self._seat.db.writing.begin() as session:
            leave(session, self._seat, ticket_id)

    # --- to whom

    def units(self, text: str, ticket_id: int | None = None) -> tuple[UnitChoice, ...]:
        """Units for the type-ahead: name, pinyin initials, code; for a work order with their record."""
        with self._seat.db.reading() as session:
            ticket = session.get(Ticket, ticket_id) if ticket_id is not None else None
            return with_records(session, self._seat, ticket, units_like(session, text))

    def help(self, ticket_id: int) -> DispatchHelp:
        """What the dispatch form offers: units and why, the limits if sent now, stored phrases, earlier returns."""
        with self._seat.db.reading() as session:
            ticket = session.get(Ticket, ticket_id)
            if ticket is None:
                return DispatchHelp(ticket_id, (), "")
            rules = self._seat.rules
            case, now = self._ledger.case(session, ticket), self._seat.now(session)
            due = rules.due(case, now)
            other = rules.due(replace(case, complex=not case.complex), now)
            hops = court.hops(session, ticket_id)
            return DispatchHelp(
                ticket_id,
                suggested(session, self._seat, ticket, hops),
                _limits_in_words(due),
                due.warnings,
                phrases(session, self._seat),
                ticket.return_count >= rules.pack.returns.dispatches,
                hops,
                court.sheet(session, ticket_id),
                case.complex,
                _limits_in_words(other),
            )

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
            if move is Move.DESIGNATE:
                self._conclude(session, ticket)
            until = self._seat.now(session) + timedelta(seconds=seconds)
            words = f"已派给{ticket.holder_name}"
            changed = self._ledger.changed(ticket)
            return Done(changed, ticket.number, words, until, ticket.id, seconds)

    def _conclude(self, session: Session, ticket: Ticket) -> None:
        """Naming the unit that must take it ends the 会商 (peers 6.6); the opinion is its conclusion."""
        sheet = court.open_sheet(session, ticket.id)
        if sheet is not None:
            reason = ticket.dispatch_opinion
            sheet.conclusion = f"指定{ticket.holder_name}承办：{reason}"[:1000]
            sheet.concluded_at = self._seat.now(session)

    def _entry(self, session: Session, form: DispatchForm, move: Move) -> Entry:
        if form.unit_id is None:
            raise Invalid("请选择主办单位", "输入名称或拼音首字母", "unit")
        if form.unit_id in form.co_unit_ids:
            raise Invalid("主办单位不能同时协办", field="co_units")
        unit = self._ledger.unit(session, form.unit_id)
        co_units = [self._ledger.unit(session, unit_id) for unit_id in form.co_unit_ids]
        together = f"，{'、'.join(u.name for u in co_units)}协办" if co_units else ""
        inputs: dict[str, Any] = {"unit": asdict(unit), "co_units": [asdict(u) for u in co_units]}
        if form.complex is not None:
            inputs["complex"] = form.complex
        opinion = form.opinion.strip()[:500]
        if move is Move.DESIGNATE:
            inputs["reason"] = opinion
        verb = "指定" if move is Move.DESIGNATE else "派给"
        hard = "，按疑难件" if form.complex else ""
        return Entry(move, inputs, f"{verb}{unit.name}主办{together}{hard}", form.version, opinion)

    def undo(self, ticket_id: int) -> Changed:
        """Take back one's own dispatch of a moment ago; a 会商 it concluded is open again."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, Entry(Move.UNDO_DISPATCH))
            court.reopen_sheet(session, ticket_id, ticket.return_count)
            return self._ledger.changed(ticket)

    def recall(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """Take back a dispatch that nobody has signed yet."""
        said = reason.strip()[:500]
        entry = Entry(Move.RECALL, {"reason": said}, f"撤回：{said}", version)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, entry)
            court.reopen_sheet(session, ticket_id, ticket.return_count)
            return self._ledger.changed(ticket)

    def reassign(self, ticket_id: int, unit_id: int | None, reason: str) -> Changed:
        """改派: an unsigned dispatch goes to another unit in one transaction; one that waits is dispatched.

        Raises NotAllowed for what a unit has signed, saying who has it; Invalid naming `unit` or `reason`.
        """
        said = reason.strip()[:500]
        if not said:
            raise Invalid("请填写改派理由", field="reason")
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id)
            self._may_reassign(ticket, unit_id)
            if ticket.state is TicketState.PENDING_SIGN:
                entry = Entry(Move.RECALL, {"reason": said}, f"撤回改派：{said}")
                self._ledger.move(session, ticket_id, entry)
            form = DispatchForm(ticket_id, ticket.version, unit_id, (), said)
            entry = replace(self._entry(session, form, Move.DISPATCH), version=None)
            ticket = self._ledger.move(session, ticket_id, entry)
            ticket.dispatch_opinion = said
            return self._ledger.changed(ticket)

    @staticmethod
    def _may_reassign(ticket: Ticket, unit_id: int | None) -> None:
        if unit_id is not None and ticket.holder_unit_id == unit_id:
            raise NotAllowed(f"本单已派给{ticket.holder_name}", "请另选单位")
        if ticket.state not in (TicketState.PENDING_SIGN, TicketState.PENDING_DISPATCH):
            holder = ticket.holder_name or "承办单位"
            raise NotAllowed(
                f"{holder}已签收，现为“{STATE_NAMES[ticket.state]}”，不能改派",
                "请承办单位申请退单或上报",
            )

    # --- beside the lead unit

    def add_co_unit(
        self, ticket_id: int, unit_id: int | None, opinion: str, version: int | None = None
    ) -> Changed:
        """增派协办: one more unit has a part in it. Raises Invalid naming `unit` or `opinion`."""
        with self._seat.db.writing.begin() as session:
            unit = self._ledger.unit(session, unit_id or 0)
            said = opinion.strip()[:500]
            inputs = {"unit": asdict(unit)}
            note = f"增派{unit.name}协办{f'：{said}' if said else ''}"
            entry = Entry(Move.ADD_CO_UNIT, inputs, note, version, said)
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def dismiss_co_unit(
        self, ticket_id: int, unit_id: int | None, reason: str, version: int | None = None
    ) -> Changed:
        """撤销协办: the co-unit's part, and what it passed down, end here."""
        with self._seat.db.writing.begin() as session:
            unit = self._ledger.unit(session, unit_id or 0)
            said = reason.strip()[:500]
            entry = Entry(
                Move.DISMISS_CO_UNIT,
                {"unit": asdict(unit), "reason": said},
                f"撤销{unit.name}协办：{said}",
                version,
            )
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def notify(self, ticket_id: int, unit_id: int | None, version: int | None = None) -> Changed:
        """抄告: a unit is to read it, nothing more; only it can mark it read (field-facts 3.4 rule 7)."""
        with self._seat.db.writing.begin() as session:
            unit = self._ledger.unit(session, unit_id or 0)
            entry = Entry(Move.NOTIFY, {"unit": asdict(unit)}, f"抄告{unit.name}", version)
            ticket = self._ledger.move(session, ticket_id, entry)
            waits = select(NotifyCopy.id).where(
                NotifyCopy.ticket_id == ticket_id,
                NotifyCopy.unit_id == unit.id,
                NotifyCopy.read_at.is_(None),
            )
            if session.scalar(waits.limit(1)) is not None:
                raise Invalid(f"已抄告{unit.name}，对方尚未阅知", field="unit")
            now = self._seat.now(session)
            session.add(NotifyCopy(ticket_id=ticket.id, unit_id=unit.id, told_at=now))
            return self._ledger.changed(ticket)

    # --- several

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


def _limits_in_words(due: Deadlines) -> str:
    words = f"{moment_words(due.sign_due)} 前签收 · {moment_words(due.finish_due)} 前办结"
    return f"{words}（{due.limits.finish}）"


def _also(pile: Pile) -> ColumnElement[bool] | None:
    return Ticket.extension_asked > 0 if pile is Pile.EXTENSIONS else None
