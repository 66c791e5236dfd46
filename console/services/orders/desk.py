"""The pool as the window uses it."""

from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from console.domain.auditing import MAY_AUDIT
from console.domain.changes import Changed
from console.domain.errors import Invalid, NotFound
from console.domain.moves import Move
from console.domain.orders import (
    Counters,
    Criteria,
    Cursor,
    Filter,
    OpenedCase,
    Page,
    Pick,
)
from console.domain.records import CaseFile
from console.domain.trace import trace_code
from console.ledger import Entry, Ledger, Seat, case_file, visible
from console.ledger.appellants import appellants
from console.ledger.files import Progress, Stop, never, quiet
from console.services.orders import contacts, files, filters, listing, picking, presence
from console.services.orders.explaining import deadline_lines
from db.models import Ticket, TicketEvent

LONGEST_NOTE, MOST_MERGED = 900, 50
NOT_FOUND = "没有找到这张工单，或不在您的查看范围内"


class Orders:
    """Reads within the operator's scope; writes notes, presence, filters and the audit of what was revealed."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    # --- the list

    def page(self, criteria: Criteria, after: Cursor | None = None) -> Page:
        """Up to 200 rows after the cursor. One statement, one more when words are searched."""
        with self._seat.db.reading() as session:
            return listing.page(session, self._seat, criteria, after)

    def counters(self, criteria: Criteria) -> Counters:
        """Open work by stage and light, and what was closed in the period, in one statement."""
        with self._seat.db.reading() as session:
            return listing.counters(session, self._seat, criteria)

    def units(self, typed: str) -> tuple[Pick, ...]:
        """Units to filter by: name, pinyin initials or code."""
        with self._seat.db.reading() as session:
            return picking.units(session, self._seat.operator, typed)

    def categories(self, typed: str) -> tuple[Pick, ...]:
        """Categories to filter by."""
        with self._seat.db.reading() as session:
            return picking.categories(session, typed)

    def saved_filters(self) -> tuple[Filter, ...]:
        """The operator's own filters, then the shared ones."""
        with self._seat.db.reading() as session:
            return filters.saved(session, self._seat)

    def save_filter(
        self, name: str, criteria: Criteria, shared: bool = False
    ) -> tuple[Filter, ...]:
        """Keep a filter under a name, replacing one's own of the same name; returns all."""
        with self._seat.db.writing.begin() as session:
            filters.save(session, self._seat, name, criteria, shared)
            return filters.saved(session, self._seat)

    def delete_filter(self, filter_id: int) -> tuple[Filter, ...]:
        """Remove one's own filter; returns what is left."""
        with self._seat.db.writing.begin() as session:
            filters.delete(session, self._seat, filter_id)
            return filters.saved(session, self._seat)

    # --- one work order

    def case(self, ticket_id: int) -> CaseFile:
        """Everything about one work order in scope, masked."""
        with self._seat.db.reading() as session:
            return case_file(session, self._seat, ticket_id)

    def open(self, ticket_id: int) -> OpenedCase:
        """The case with what this person may do about its contact, and who else has it open."""
        operator = self._seat.operator
        with self._seat.db.reading() as session:
            case = case_file(session, self._seat, ticket_id)
            ticket = session.get_one(Ticket, ticket_id)
            return OpenedCase(
                case,
                trace_code(operator.agent_no, self._seat.now(session)),
                contacts.revealable(ticket, operator),
                operator.role in MAY_AUDIT,
                presence.watchers(session, self._seat, ticket_id),
                max(1, appellants(session, ticket_id)),
                self._split_from(session, ticket),
                tuple(session.scalars(_merged_into(ticket_id))),
            )

    @staticmethod
    def _split_from(session: Session, ticket: Ticket) -> str:
        if ticket.split_from_id is None:
            return ""
        return session.scalar(select(Ticket.number).where(Ticket.id == ticket.split_from_id)) or ""

    def explain(self, ticket_id: int) -> tuple[str, ...]:
        """The deadline's arithmetic line by line, and when its light turns."""
        with self._seat.db.reading() as session:
            query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
            ticket = session.scalar(query)
            if ticket is None:
                raise NotFound(NOT_FOUND)
            log = (
                select(TicketEvent)
                .where(TicketEvent.ticket_id == ticket_id)
                .order_by(TicketEvent.id)
            )
            events = tuple(session.scalars(log))
            return deadline_lines(ticket, events, self._seat.now(session), self._seat.rules)

    def note(self, ticket_id: int, text: str, version: int | None = None) -> Changed:
        """备注: a line in the log beside the flow."""
        words = text.strip()
        if not words:
            raise Invalid("请填写备注内容", field="note")
        if len(words) > LONGEST_NOTE:
            raise Invalid(f"备注最多 {LONGEST_NOTE} 字，现为 {len(words)} 字", "请分两条写", "note")
        ledger = Ledger(self._seat)
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.NOTE, {"note": len(words)}, words, version)
            return ledger.changed(ledger.move(session, ticket_id, entry))

    def discard(self, ticket_id: int, reason: str = "", version: int | None = None) -> Changed:
        """放弃草稿: one's own unfinished record is void; its number is not used again."""
        said = reason.strip()[:500]
        ledger = Ledger(self._seat)
        note = f"放弃草稿：{said}" if said else "放弃草稿"
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.DISCARD, {"reason": said}, note, version)
            return ledger.changed(ledger.move(session, ticket_id, entry))

    # --- who sees whom

    def reveal(self, ticket_id: int, what: str, reason: str) -> str:
        """`phone`, `name` or `address` in full, with the reason, written into the audit chain."""
        return contacts.reveal(self._seat, ticket_id, what, reason)

    def attachment(self, attachment_id: int, reason: str = "") -> bytes:
        """The content of a small file. One that shows who the citizen is needs a reason and is logged."""
        return files.content(self._seat, attachment_id, reason)

    def fetch(
        self, attachment_id: int, reason: str = "", outside: bool = False,
        progress: Progress = quiet, cancelled: Stop = never,
    ) -> Path:  # fmt: skip
        """A file in this person's private folder, its hash and kind proved; `outside`: for another program to open.

        Raises as `attachment` does, Cancelled, Unavailable; NotAllowed for what must not be opened by another program.
        """
        return files.fetched(self._seat, attachment_id, reason, outside, progress, cancelled)

    # --- who else has it open

    def set_presence(self, ticket_id: int) -> None:
        """We have it open; to be said again within the minute."""
        with self._seat.db.writing.begin() as session:
            presence.look(session, self._seat, ticket_id)

    def leave(self, ticket_id: int) -> None:
        """We have it open no longer."""
        with self._seat.db.writing.begin() as session:
            presence.turn_away(session, self._seat, ticket_id)

    def present(self, ticket_id: int) -> tuple[str, ...]:
        """Colleagues who have it open, as sentences: 孙岚 正在查看."""
        with self._seat.db.reading() as session:
            return presence.watchers(session, self._seat, ticket_id)


def _merged_into(ticket_id: int) -> Select[str]:
    """The numbers of what goes on as part of this one."""
    query = select(Ticket.number).where(Ticket.main_ticket_id == ticket_id)
    return query.order_by(Ticket.id).limit(MOST_MERGED)
