"""What an archived file holds, and the letters that go out after closing: one to everyone who appealed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain import forms
from console.domain.forms import FORM_NAMES, FormKind, IndexLine
from console.domain.moves import Move
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.ledger.cases import ATTACHMENT_KINDS
from console.ledger.papers.rows import last_event, rows_of
from console.ledger.seat import Seat
from db import models
from db.models import Appellant, Assignment, PrintLog, Ticket
from db.models.handling import ArchiveManifest

MARK = 10
# As intake writes somebody who gave no name.
_NAMELESS = frozenset({"", "匿名"})


def index(session: Session, seat: Seat, ticket: Ticket) -> forms.ArchiveIndex:
    """Every document in the order it came about, then every attachment; the seal once it is archived."""
    sealed = session.scalar(select(ArchiveManifest).where(ArchiveManifest.ticket_id == ticket.id))
    archived = last_event(session, ticket, Move.ARCHIVE)
    pages = _pages(session, ticket)
    documents = sorted(_documents(session, ticket, pages), key=_age)
    return forms.ArchiveIndex(
        archive_no=ticket.archive_no,
        archived_at=ticket.archived_at,
        archived_by=archived.actor_name if archived is not None else "",
        lines=(*documents, _log(session, ticket), *_files(session, ticket)),
        digest=sealed.digest if sealed is not None else "",
    )


def _age(line: IndexLine) -> tuple[bool, float]:
    return line.at is None, line.at.timestamp() if line.at is not None else 0.0


def _pages(session: Session, ticket: Ticket) -> dict[str, int]:
    """How many pages each form took when it was last printed."""
    return {row.form: row.pages for row in rows_of(session, PrintLog, ticket)}


def _documents(session: Session, ticket: Ticket, pages: dict[str, int]) -> Iterator[IndexLine]:
    def line(
        kind: FormKind, by: str, at: datetime | None, about: str = "", number: str = ""
    ) -> IndexLine:
        title = FORM_NAMES[kind] + (f"（{about}）" if about else "")
        return IndexLine(title, by, at, number, pages.get(kind.value))

    yield line(FormKind.TICKET_FORM, ticket.creator_name, ticket.accepted_at or ticket.created_at)
    for share in rows_of(session, Assignment, ticket):
        kind = FormKind.HANDLING_SHEET if share.parent_seq is None else FormKind.GRID_TASK
        by = ticket.dispatcher_name if share.parent_seq is None else ""
        yield line(kind, by, share.dispatched_at, share.unit_name)
    for returned in rows_of(session, models.ReturnRequest, ticket):
        yield line(
            FormKind.RETURN_REQUEST, returned.asked_by, returned.asked_at, returned.unit_name
        )
    for longer in rows_of(session, models.ExtensionRequest, ticket):
        yield line(FormKind.EXTENSION_REQUEST, longer.asked_by, longer.asked_at)
    for joint in rows_of(session, models.JointSheet, ticket):
        yield line(FormKind.JOINT_SHEET, joint.opened_by, joint.opened_at)
    for urged in rows_of(session, models.Urging, ticket):
        yield line(FormKind.URGING_NOTICE, urged.by, urged.at, urged.unit_name, urged.document_no)
    for watched in rows_of(session, models.Supervision, ticket):
        level = SUPERVISION_NAMES[SupervisionLevel(watched.level)]
        number = watched.document_no
        yield line(FormKind.SUPERVISION_NOTICE, watched.issued_by, watched.issued_at, level, number)
    for result in rows_of(session, models.HandlingResult, ticket):
        yield line(
            FormKind.CLOSURE_REPORT, result.handler_name, result.replied_at, result.unit_name
        )
    for check in rows_of(session, models.Verification, ticket):
        yield line(FormKind.VERIFICATION, check.verifier_name, check.at)
    calls = rows_of(session, models.Callback, ticket)
    if calls:
        yield line(
            FormKind.CALLBACK_RECORD, calls[-1].revisitor_name, calls[-1].at, f"{len(calls)}次"
        )
    if ticket.closed_at is not None and rows_of(session, models.HandlingResult, ticket):
        yield line(FormKind.REPLY_LETTER, ticket.holder_name, ticket.closed_at)


def _log(session: Session, ticket: Ticket) -> IndexLine:
    events = rows_of(session, models.TicketEvent, ticket)
    last = events[-1].at if events else None
    return IndexLine(f"办理流程记录（{len(events)} 条）", "系统", last)


def _files(session: Session, ticket: Ticket) -> Iterator[IndexLine]:
    """As numbered in the closure report; the start of the digest names the content."""
    for at, row in enumerate(rows_of(session, models.Attachment, ticket), 1):
        kind = ATTACHMENT_KINDS.get(row.kind, "其他")
        title = f"附件{at}　{kind}（{row.name}）"
        yield IndexLine(title, row.added_by, row.added_at, mark=row.sha256[:MARK])


def letters(session: Session, seat: Seat, ticket: Ticket) -> tuple[forms.ReplyLetter, ...] | None:
    """One letter for everyone who appealed, the caller first; names masked. None: one for the caller."""
    people = rows_of(session, Appellant, ticket)
    if len(people) < 2:
        return None
    people.sort(key=lambda row: (not row.main, row.id))
    named = (row.name_masked for row in people if not ticket.confidential)
    found = tuple(
        forms.ReplyLetter(salutation="" if name in _NAMELESS or name == "匿*" else f"尊敬的{name}")
        for name in named
    )
    return found or None
