"""Knowledge while talking: the entries that answer what was typed (field-facts 10.13)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.intake import KnowledgeCard
from console.domain.knowledge import validity_words
from console.ledger.knowledge import in_force
from db.models import KnowledgeEntry

OFFERED = 5


def cards(session: Session, ids: Sequence[int], today: date) -> tuple[KnowledgeCard, ...]:
    """The entries of these ids in their order, to be read out. At most one statement."""
    if not ids:
        return ()
    # What was withdrawn since the entries were read is not offered any more.
    query = select(KnowledgeEntry).where(KnowledgeEntry.id.in_(ids), in_force(today))
    found = {row.id: row for row in session.scalars(query)}
    return tuple(_card(found[id_], today) for id_ in ids if id_ in found)


def answer_of(session: Session, knowledge_id: int | None, today: date) -> KnowledgeEntry | None:
    """The entry a direct answer cites. Raises Invalid when callers may no longer be told it."""
    if knowledge_id is None:
        return None
    query = select(KnowledgeEntry).where(KnowledgeEntry.id == knowledge_id, in_force(today))
    entry = session.scalar(query)
    if entry is None:
        hint = "请按 F6 重新查找，或不引用、自己填写答复"
        raise Invalid("引用的知识已换版、过期或撤下", hint, "answer")
    return entry


def _card(row: KnowledgeEntry, today: date) -> KnowledgeCard:
    return KnowledgeCard(
        row.id,
        row.title,
        row.short_answer,
        row.long_answer,
        row.basis,
        row.responsible_unit,
        validity_words(row.effective_on, row.expires_on, today),
    )
