"""The same matter reported twice: one work order for it, everyone kept, undone exactly (peers 6.3, 6.4)."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.corrections import MainTicket, MergeOffer
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.moves import Move
from console.domain.states import OPEN_STATES, STATE_NAMES, TicketState
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.appellants import appellants, gather, join, part, scatter
from console.ledger.likely import likely_for
from console.ledger.withheld import veil
from db.models import Ticket

# Where a line may still be written into the log of the main work order.
SPEAKS = OPEN_STATES | {TicketState.CLOSED}


class Merging:
    """Merge and un-merge; nothing of the merged work order is moved or lost."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def offer(self, ticket_id: int) -> MergeOffer:
        """Work orders this one is likely the same as, with the reasons."""
        with self._seat.db.reading() as session:
            ticket = self._visible(session, Ticket.id == ticket_id)
            gathered = self._seat.rules.pack.duplicates.gathered_from
            return MergeOffer(ticket_id, likely_for(session, self._seat, ticket), gathered)

    def main(self, number: str) -> MainTicket:
        """The work order of that number, as facts to judge by. Raises Invalid naming `main_number`."""
        digits = re.sub(r"[\s-]", "", number)
        if not digits:
            raise Invalid("请选择主工单，或输入它的编号", field="main_number")
        with self._seat.db.reading() as session:
            try:
                ticket = self._visible(session, Ticket.number == digits)
            except NotFound as error:
                raise Invalid("没有这个编号的工单", "请核对编号", "main_number") from error
            seen = veil(session, self._seat, ticket)
            return MainTicket(
                id=ticket.id,
                number=ticket.number,
                title=seen(ticket.title),
                state=ticket.state,
                unit=ticket.holder_name,
                place=seen(ticket.place),
                content=seen(ticket.content),
                at=ticket.created_at,
                appellants=max(1, appellants(session, ticket.id)),
                confidential=ticket.confidential,
            )

    def _visible(self, session: Session, which: object) -> Ticket:
        query = select(Ticket).where(which, visible(self._seat.operator))  # type: ignore[arg-type]
        ticket = session.scalar(query)
        if ticket is None:
            raise NotFound("没有找到这张工单，或不在您的查看范围内")
        return ticket

    def merge(self, ticket_id: int, main_id: int | None, version: int) -> Changed:
        """合并: this one goes on as part of the main one; its callers keep a callback of their own."""
        if main_id is None:
            raise Invalid("请选择主工单，或输入它的编号", field="main_number")
        with self._seat.db.writing.begin() as session:
            ticket, main = self._both(session, ticket_id, main_id)
            if ticket.version != version:
                raise self._ledger.conflict(session, ticket)
            self._may_take(ticket, main)
            join(session, self._seat, ticket, main)
            ticket.main_ticket_id = main.id
            entry = Entry(Move.MERGE, {"main_number": main.number}, f"并入 {main.number}")
            self._ledger.move(session, ticket.id, entry)
            count, marked = gather(session, self._seat, main)
            words = f"工单 {ticket.number} 并入本单，共 {count} 人反映"
            words += "，属集中反映，请考虑提高紧急程度" if marked else ""
            note = {"note": "并入", "merged": ticket.number, "gathered": marked}
            self._ledger.move(session, main.id, Entry(Move.NOTE, note, words))
            return _both_changed(ticket, main)

    def unmerge(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """撤销合并: exactly as it was, however long ago. What was archived meanwhile stays as it was archived."""
        said = reason.strip()[:500]
        with self._seat.db.writing.begin() as session:
            main_id = session.scalar(select(Ticket.main_ticket_id).where(Ticket.id == ticket_id))
            if main_id is None:
                return self._alone(session, ticket_id, said, version)
            ticket, main = self._both(session, ticket_id, main_id)
            self._not_on_its_way(ticket, main)
            self._ledger.move(session, ticket.id, self._undoing(said, version))
            if main.state is TicketState.ARCHIVED:
                return _both_changed(ticket, main)
            part(session, self._seat, ticket, main)
            count = scatter(session, self._seat, main)
            if main.state in SPEAKS:
                words = f"工单 {ticket.number} 撤销并入，余 {count} 人反映"
                note = {"note": "撤销并入", "merged": ticket.number}
                self._ledger.move(session, main.id, Entry(Move.NOTE, note, words))
            return _both_changed(ticket, main)

    def _alone(self, session: Session, ticket_id: int, reason: str, version: int | None) -> Changed:
        """Merged before links to the main work order were kept."""
        return self._ledger.changed(
            self._ledger.move(session, ticket_id, self._undoing(reason, version))
        )

    @staticmethod
    def _undoing(reason: str, version: int | None) -> Entry:
        return Entry(Move.UNMERGE, {"reason": reason}, f"撤销合并：{reason}", version)

    def _both(self, session: Session, ticket_id: int, main_id: int) -> tuple[Ticket, Ticket]:
        """Both rows locked, the lower id first whoever is merged into whom; a merged main leads on to its own."""
        beyond = select(Ticket.state, Ticket.main_ticket_id).where(Ticket.id == main_id)
        found = session.execute(beyond).first()
        asked = session.scalar(select(Ticket.main_ticket_id).where(Ticket.id == ticket_id))
        if found and found[0] is TicketState.MERGED and found[1] and asked != main_id:
            main_id = found[1]
        if main_id == ticket_id:
            raise Invalid("不能把工单并入它自己", field="main_number")
        locked = {id_: self._ledger.lock(session, id_) for id_ in sorted((ticket_id, main_id))}
        return locked[ticket_id], locked[main_id]

    @staticmethod
    def _may_take(ticket: Ticket, main: Ticket) -> None:
        if main.state not in OPEN_STATES:
            raise NotAllowed(
                f"主工单{STATE_NAMES[main.state]}，不能再并入", "请另选主工单，或单独办理并注明重复"
            )
        if ticket.confidential and not main.confidential:
            # Its caller would be seen by everyone who handles the main one (field-facts 10.2).
            raise NotAllowed("保密件只能并入保密件", "可先把主工单更正为保密件")

    @staticmethod
    def _not_on_its_way(ticket: Ticket, main: Ticket) -> None:
        if ticket.state is TicketState.MERGED and main.state is TicketState.MERGED:
            raise NotAllowed(f"主工单已并入 {main.merged_into}", "请先撤销主工单的合并")


def _both_changed(ticket: Ticket, main: Ticket) -> Changed:
    return Changed(frozenset({Topic.TICKETS}), (ticket.id, main.id), ticket.number)
