"""What closed work orders teach: read without contact data, learned outside, kept as one row, known here by heart."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import delete, desc, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.masking import mask_text
from console.domain.states import AssignmentKind, AssignmentState, TicketState
from console.memory.lexicon import Lexicon
from console.memory.pieces import Message
from db.models import Assignment, Ticket
from db.models.suggestions import SuggestionModel

# numpy is slow to load: with the first model, not with the program.
if TYPE_CHECKING:
    from console.memory.corpus import Learned
    from console.memory.model import Memory

log = logging.getLogger(__name__)

# The newest ones say what holds today; more would cost hours of learning and change nothing.
MOST_LEARNED = 40_000
READ_OF_CONTENT = 1600
KEPT_MODELS = 3
# How long a workstation goes on with the model it has before it looks for a newer one.
_SECONDS = 600.0
_DONE = (TicketState.CLOSED, TicketState.ARCHIVED)
_NOT_ITS_OWN = (AssignmentState.RETURNED, AssignmentState.WITHDRAWN, AssignmentState.DECLINED)


def closed_work_orders(session: Session, most: int = MOST_LEARNED) -> list["Learned"]:
    """The newest closed work orders that are not confidential, numbers in the text masked. Two statements."""
    from console.memory.corpus import Learned

    columns = (
        Ticket.id, Ticket.number, Ticket.title, func.substr(Ticket.content, 1, READ_OF_CONTENT).label("content"),
        Ticket.address, Ticket.category_path, Ticket.holder_name, Ticket.accepted_at, Ticket.created_at,
    )  # fmt: skip
    there = Ticket.state.in_(_DONE) & Ticket.confidential.is_(False) & Ticket.training.is_(False)
    rows = session.execute(
        select(*columns).where(there).order_by(desc(Ticket.id)).limit(most)
    ).all()
    leads = _leads(session, min((row.id for row in rows), default=0))
    return [
        Learned(
            Message(mask_text(row.title), mask_text(row.content), row.address),
            row.category_path,
            leads.get(row.id, row.holder_name),
            row.accepted_at or row.created_at,
            row.number,
        )
        for row in reversed(rows)
    ]


def _leads(session: Session, first: int) -> dict[int, str]:
    """The unit the centre gave each one to in the end: neither a child that did the work nor one that sent it back."""
    share = Assignment
    query = select(share.ticket_id, share.unit_name).where(
        share.ticket_id >= first, share.kind == AssignmentKind.LEAD, share.parent_seq.is_(None),
        share.state.not_in(_NOT_ITS_OWN),
    )  # fmt: skip
    return {row.ticket_id: row.unit_name for row in session.execute(query.order_by(share.seq))}


def keep(session: Session, content: bytes, messages: int, learned_at: datetime) -> None:
    """Store what was learned; the last few stay, so that a bad one can be taken away again."""
    digest = hashlib.sha256(content).hexdigest()
    session.add(
        SuggestionModel(learned_at=learned_at, messages=messages, digest=digest, content=content)
    )
    session.flush()
    newest = select(SuggestionModel.id).order_by(desc(SuggestionModel.id)).limit(KEPT_MODELS)
    session.execute(
        delete(SuggestionModel).where(SuggestionModel.id.not_in(session.scalars(newest).all()))
    )


@dataclass(frozen=True, eq=False)
class Known:
    """A model in use and the words of its categories' names."""

    memory: "Memory"
    words: Lexicon | None


@dataclass
class _Held:
    at: float = float("-inf")
    row: int = 0
    known: Known | None = None


_held: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()
_lock = Lock()


def known(session: Session) -> Known | None:
    """What was learned last, or None. One statement every ten minutes; never an error: suggestions are a help."""
    engine = session.get_bind().engine
    with _lock:
        held = _held.setdefault(engine, _Held())
        if monotonic() - held.at > _SECONDS:
            held.at = monotonic()
            _refresh(session, held)
        return held.known


def forget() -> None:
    """Whoever asks next looks for the newest model."""
    with _lock:
        _held.clear()


def _refresh(session: Session, held: _Held) -> None:
    try:
        if not _may_read(session):
            return
        row = session.scalar(select(func.max(SuggestionModel.id))) or 0
        if row in (0, held.row):
            return
        found = session.get(SuggestionModel, row)
        from console.memory.storing import unpacked

        memory = unpacked(found.content if found is not None else b"")
    except (OperationalError, Invalid):
        # An older database file has no such table; a damaged row must not stop a call.
        log.warning("no suggestions from closed work orders: the model cannot be read")
        return
    held.row, held.known = (
        row,
        Known(memory, Lexicon(memory.category.labels) if memory.category else None),
    )


def _may_read(session: Session) -> bool:
    """Asked first on PostgreSQL: a refused statement would end the transaction of the call."""

    if session.get_bind().dialect.name != "postgresql":
        return True
    there = text("SELECT to_regclass('public.suggestion_model')")
    may = text("SELECT has_table_privilege('public.suggestion_model', 'SELECT')")
    return session.scalar(there) is not None and bool(session.scalar(may))
