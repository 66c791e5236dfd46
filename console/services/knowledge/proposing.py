"""A finished work order as the beginning of an entry: whoever asked is struck out of every word of it."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console.domain.errors import NotAllowed, NotFound
from console.domain.knowledge import SHORT_LIMIT, EntryText, Proposal
from console.domain.masking import mask_text
from console.domain.states import Nature, TicketState
from console.domain.withholding import Known
from console.ledger import Seat, visible
from db.models import Appellant, HandlingResult, Person, Ticket

LONGEST_QUESTION = 120
FINISHED = (TicketState.ANSWERED, TicketState.CLOSED, TicketState.ARCHIVED)


def finished_ticket(session: Session, seat: Seat, ticket_id: int) -> Ticket:
    """The work order an entry may be made of. Raises NotFound, NotAllowed."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible(seat.operator))
    ticket = session.scalar(query)
    if ticket is None:
        raise NotFound("没有找到这张工单，或不在您的查看范围内")
    if ticket.confidential:
        raise NotAllowed("保密件不能写进知识库", "可以不引用工单，另写一条通用的答案")
    if ticket.state not in FINISHED:
        raise NotAllowed("工单还没有办结", "办结或直接答复以后再提出知识条目")
    return ticket


def proposal_of(session: Session, seat: Seat, ticket: Ticket) -> Proposal:
    """What the matter and its answer suggest; every field is there to be changed."""
    title, content, answer = _words(session, seat, ticket)
    # A question may be asked by others in the same words; what somebody suffered is nobody else's.
    asked = ticket.nature is Nature.INQUIRY and len(content) <= LONGEST_QUESTION
    text = EntryText(
        title=title[:120],
        question_variants=content if asked else "",
        short_answer=answer if len(answer) <= SHORT_LIMIT else "",
        long_answer=answer if len(answer) > SHORT_LIMIT else "",
        responsible_unit=_unit(ticket)[:120],
        category_code=ticket.category_code,
    )
    return Proposal(ticket.id, ticket.number, text)


def _words(session: Session, seat: Seat, ticket: Ticket) -> tuple[str, str, str]:
    """Title, content and answer without names and numbers of those who asked."""
    if seat.db.guarded:
        row = session.execute(_source(ticket.id)).one()
        return tuple(mask_text(words or "") for words in row)  # type: ignore[return-value]
    known = _known(session, ticket.id)
    answer = ticket.direct_answer or _reply(session, ticket.id)
    words = (ticket.title, ticket.content, answer)
    return tuple(mask_text(known.strike(one)) for one in words)  # type: ignore[return-value]


def _source(ticket_id: int) -> Select[str, str, str]:
    """On PostgreSQL names are struck out by the server, who alone may read them (db/security/46_knowledge.sql)."""
    made = func.hotline.knowledge_source(ticket_id).table_valued("title", "content", "answer")
    return select(made.c.title, made.c.content, made.c.answer)


def _known(session: Session, ticket_id: int) -> Known:
    query = select(Appellant.name, Appellant.phone, Person.name, Person.phone)
    query = query.outerjoin(Person, Person.id == Appellant.person_id)
    rows = session.execute(query.where(Appellant.ticket_id == ticket_id)).all()
    names = [name for row in rows for name in (row[0], row[2]) if name]
    return Known(names, [phone for row in rows for phone in (row[1], row[3]) if phone])


def _reply(session: Session, ticket_id: int) -> str:
    row = HandlingResult
    query = select(row.public_reply).where(row.ticket_id == ticket_id, row.public_reply != "")
    return session.scalar(query.order_by(row.id.desc()).limit(1)) or ""


def _unit(ticket: Ticket) -> str:
    """Who answered; what the centre answered itself names nobody."""
    return "" if ticket.state is TicketState.ANSWERED else ticket.holder_name
