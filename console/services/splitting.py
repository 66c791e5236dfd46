"""拆分: two matters told in one call become two work orders; every sentence stands in one of them (field-facts 3.3)."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.corrections import SplitForm, SplitView, divided, sentences
from console.domain.errors import Conflict, Invalid, InvalidForm, NotFound
from console.domain.moves import Move
from console.domain.numbering import lookup_code
from console.domain.wording import TITLE_LIMIT, check_line
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.contacts import copy_caller, copy_place, make_findable
from console.ledger.withheld import veil
from db.models import Appellant, CategoryRow, Ticket

SHORTEST = 10
_COPIED = (
    "nature", "urgency", "channel", "sub_hotline", "platform", "scale", "wanted", "occurred_text", "occurred_at",
    "category_code", "category_path", "own_limit", "needs_site_proof", "grid_id", "grid_code",
    "grid_rule", "x", "y", "respondent", "respondent_unit_id", "respondent_code", "appellant_masked",
    "phone_masked", "caller_kind",
    "confidential", "confidential_reason", "anonymous", "reply_wanted", "reachable", "complex", "dispute",
    "legacy_issue", "special_tags", "training", "creator_id", "creator_name", "created_at",
)  # fmt: skip
_OF_CALLER = ("person_id", "call_id", "joined_at")


class Splitting:
    """Divide one work order into two with the same caller and the same citizen-facing clock."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def view(self, ticket_id: int) -> SplitView:
        """Its sentences, to be divided by hand."""
        with self._seat.db.reading() as session:
            query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
            ticket = session.scalar(query)
            if ticket is None:
                raise NotFound("没有找到这张工单，或不在您的查看范围内")
            seen = veil(session, self._seat, ticket)
            return SplitView(
                ticket.id,
                ticket.version,
                seen(ticket.title),
                tuple(seen(piece.strip()) for piece in sentences(ticket.content)),
                ticket.category_code,
                ticket.category_path,
            )

    def split(self, form: SplitForm) -> Changed:
        """Two work orders out of one; returns both, named by the new number. Raises InvalidForm, NotAllowed."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, form.ticket_id, form.version)
            kept, content = self._divided(ticket, form)
            now = self._seat.now(session)
            number = self._seat.numbers.next_number(session, now, ticket.channel)
            note = f"拆出 {number}：{form.title.strip()}"
            self._ledger.move(
                session, ticket.id, Entry(Move.SPLIT, {"new_number": number}, note, form.version)
            )
            new = self._new(session, ticket, form, number, content)
            if form.kept_title.strip() != veil(session, self._seat, ticket)(ticket.title):
                ticket.title = check_line(form.kept_title, "标题", TITLE_LIMIT, "kept_title")
            ticket.content = kept
            self._ask_anew(session, ticket, new, now)
            for one in (ticket, new):
                make_findable(session, self._seat, one)
            session.flush()
            return Changed(frozenset({Topic.TICKETS}), (ticket.id, new.id), number)

    @staticmethod
    def _divided(ticket: Ticket, form: SplitForm) -> tuple[str, str]:
        if len(form.halves) != len(sentences(ticket.content)):
            raise Conflict("工单内容刚被修改", "请重新打开拆分")
        kept, content = divided(ticket.content, form.halves)
        faults: list[Invalid] = []
        for name, caption, text in (("kept", "原单", kept), ("content", "新单", content)):
            if len(text) < SHORTEST:
                faults.append(Invalid(f"{caption}内容不少于 {SHORTEST} 个字", field=name))
        for name, caption in (("kept_title", "原单标题"), ("title", "新单标题")):
            if not getattr(form, name).strip():
                faults.append(Invalid(f"请填写{caption}", field=name))
        if faults:
            raise InvalidForm(tuple(faults))
        return kept, content

    def _new(
        self, session: Session, ticket: Ticket, form: SplitForm, number: str, content: str
    ) -> Ticket:
        copied = {name: getattr(ticket, name) for name in _COPIED}
        copied |= self._category(session, form.category_code or ticket.category_code)
        title = check_line(form.title, "标题", TITLE_LIMIT, "title")
        return Ticket(
            number=number,
            lookup_code=lookup_code(secrets.randbelow),
            split_from_id=ticket.id,
            **(copied | {"title": title, "content": content}),
        )

    @staticmethod
    def _category(session: Session, code: str) -> dict[str, object]:
        row = session.get(CategoryRow, code) if code else None
        if row is None:
            return {}
        return {
            "category_code": row.code,
            "category_path": row.path,
            "own_limit": row.finish,
            "needs_site_proof": row.site,
            "platform": row.platform or "service",
        }

    def _ask_anew(self, session: Session, ticket: Ticket, new: Ticket, now: datetime) -> None:
        """The new one waits to be dispatched under the clock the citizen has been waiting by all along."""
        since, due = ticket.accepted_at or now, ticket.total_due
        if due is None:
            rules = self._seat.rules
            due = rules.deadlines(ticket.urgency, ticket.nature, since).finish_due
        inputs = {
            "from_number": ticket.number,
            "accepted_at": since.isoformat(),
            "total_due": due.isoformat(),
        }
        entry = Entry(Move.SPLIT_OFF, inputs, f"由 {ticket.number} 拆分立单")
        self._ledger.open(session, new, entry)
        session.flush()
        query = select(Appellant).where(
            Appellant.ticket_id == ticket.id, Appellant.merged_from_id.is_(None)
        )
        for row in session.scalars(query.order_by(Appellant.id)):
            copied = {name: getattr(row, name) for name in _OF_CALLER}
            again = Appellant(ticket_id=new.id, main=row.main, **copied)
            session.add(again)
            copy_caller(session, self._seat, row, again)
        copy_place(session, self._seat, ticket, new)
