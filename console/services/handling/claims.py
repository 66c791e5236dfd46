"""What is on record about a reply: conversations, photographs, other replies (peers 6.9)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from console.domain.case import Case
from console.domain.closing_gate import Claimed, ContactRecord, Matter, findings, photo_finding
from console.domain.inbox import ReplyForm
from console.ledger import Seat
from console.ledger.looks import alike
from db.models import Assignment, Attachment, Contact, HandlingResult, Snippet, Template, Ticket

# Copying is done at one desk: its latest replies are looked at. No index holds long texts, so the newest of the city
# are read back so far and no further.
REPLIES, LOOK_BACK = 200, 3000
# What shows the place; papers and proofs of conversation are rightly used again.
PICTURES = ("before", "after", "verify_before", "verify_after")


def held_against_record(
    session: Session, seat: Seat, case: Case, form: ReplyForm, now: datetime
) -> Iterator[str]:
    """What looks like a false closure, in words; at most seven statements."""
    ticket = session.scalars(select(Ticket).where(Ticket.number == case.number)).one()
    used = _used_elsewhere(session, ticket.id) or _seen_elsewhere(session, seat, ticket.id)
    photo = photo_finding(used, *_pictures(session, ticket.id))
    if photo:
        yield photo
    yield from findings(
        Claimed(
            matter=_matter(ticket, form),
            result=form.result,
            public_reply=form.public_reply,
            replied_at=now,
            dispatched_at=min((s.dispatched_at for s in case.shares), default=None),
            reachable=case.reachable,
            contacts=_contacts(session, ticket.id, form),
            others=_others(session, seat, ticket.id) if form.public_reply else (),
            templates=_templates(session),
        )
    )


def _matter(ticket: Ticket, form: ReplyForm) -> Matter:
    words = "。".join(
        (ticket.content, ticket.wanted, ticket.respondent, form.cause, form.measures, form.result)
    )
    return Matter(ticket.number, ticket.category_code, ticket.title, ticket.place, words)


def _contacts(session: Session, ticket_id: int, form: ReplyForm) -> tuple[ContactRecord, ...]:
    """Those on record, and the one that comes in with this reply."""
    proof = select(Attachment.id).where(
        Attachment.ticket_id == ticket_id, Attachment.kind == "contact"
    )
    evidence = session.scalar(proof.limit(1)) is not None
    rows = session.scalars(select(Contact).where(Contact.ticket_id == ticket_id))
    found = [ContactRecord(c.at, c.manner, c.outcome, evidence=evidence) for c in rows]
    if not found and form.contacted and form.contact_at is not None:
        now = ContactRecord(
            form.contact_at, form.contact_manner, form.contact_outcome, True, evidence
        )
        found.append(now)
    return tuple(found)


def _others(session: Session, seat: Seat, ticket_id: int) -> tuple[Matter, ...]:
    """This unit's latest replies to other work orders, newest first."""
    newest = select(HandlingResult.id).order_by(HandlingResult.id.desc()).limit(LOOK_BACK)
    query = (
        select(
            Ticket.number, Ticket.category_code, Ticket.title, Ticket.place, HandlingResult.public_reply
        )
        .join(Ticket, Ticket.id == HandlingResult.ticket_id)
        .where(
            HandlingResult.id.in_(newest),
            HandlingResult.ticket_id != ticket_id,
            or_(
                HandlingResult.unit_name == seat.operator.unit_name,
                HandlingResult.handler_id == seat.operator.account_id,
            ),
        )
        .order_by(HandlingResult.id.desc())
        .limit(REPLIES)
    )  # fmt: skip
    rows = session.execute(query)
    return tuple(Matter(row[0], row[1], row[2], row[3], reply=row[4]) for row in rows)


def _templates(session: Session) -> tuple[tuple[str, str], ...]:
    phrases = [(row.title, row.text) for row in session.scalars(select(Snippet))]
    return (*phrases, *((row.name, row.text) for row in session.scalars(select(Template))))


def _pictures(session: Session, ticket_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    query = select(Attachment.kind, Attachment.sha256).where(Attachment.ticket_id == ticket_id)
    found = list(session.execute(query.where(Attachment.kind.in_(("before", "after")))))
    before = tuple(row.sha256 for row in found if row.kind == "before")
    return before, tuple(row.sha256 for row in found if row.kind == "after")


def _used_elsewhere(session: Session, ticket_id: int) -> bool:
    """The photograph of afterwards shows another work order's place."""
    here, there = aliased(Attachment), aliased(Attachment)
    query = (
        select(there.id)
        .join(here, here.sha256 == there.sha256)
        .where(
            here.ticket_id == ticket_id,
            here.kind == "after",
            there.ticket_id != ticket_id,
            there.kind.in_(PICTURES),
        )
    )
    return session.scalar(query.limit(1)) is not None


def _seen_elsewhere(session: Session, seat: Seat, ticket_id: int) -> bool:
    """The same photograph saved anew, cut smaller or renamed: among the latest of this unit's work orders."""
    own = select(Attachment.look).where(
        Attachment.ticket_id == ticket_id, Attachment.kind == "after", Attachment.look != ""
    )
    looks = list(session.scalars(own))
    if not looks:
        return False
    mine = select(Assignment.ticket_id).where(Assignment.unit_id == seat.operator.unit_id)
    query = select(Attachment.look).where(
        Attachment.ticket_id.in_(mine),
        Attachment.ticket_id != ticket_id,
        Attachment.kind.in_(PICTURES),
        Attachment.look != "",
    )
    others = session.scalars(query.order_by(Attachment.id.desc()).limit(LOOK_BACK))
    return any(alike(look, other) for other in others for look in looks)
