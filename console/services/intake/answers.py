"""Knowledge while talking: the entries that answer what was typed (field-facts 10.13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.domain.intake import KnowledgeCard
from db.models import KnowledgeEntry
from db.search import matches_initials, normalise, pieces

OFFERED = 5
_READ = 600


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry is found by."""

    id: int
    title: str
    title_pieces: frozenset[str]
    pieces: frozenset[str]
    hits: int


def read_entries(session: Session, today: date) -> tuple[Entry, ...]:
    """Published entries in force. One statement."""
    row = KnowledgeEntry
    query = select(row.id, row.title, row.question_variants, row.pieces, row.hit_count).where(
        row.state == "published",
        or_(row.effective_on.is_(None), row.effective_on <= today),
        or_(row.expires_on.is_(None), row.expires_on >= today),
    )
    return tuple(
        Entry(
            id_,
            title,
            frozenset(pieces(title)) | frozenset(pieces(variants)),
            frozenset(kept.split()) | frozenset(pieces(title)),
            hits,
        )
        for id_, title, variants, kept, hits in session.execute(query)
    )


def knowledge(session: Session, entries: Sequence[Entry], typed: str) -> tuple[KnowledgeCard, ...]:
    """The entries nearest to what was typed: initials, words or a whole content. At most one statement."""
    plain = normalise(typed[:_READ])
    if len(plain) < 2:
        return ()
    by_letters = plain.isascii() and plain.isalpha()
    scored = _by_letters(entries, plain) if by_letters else _by_pieces(entries, plain)
    scored.sort(key=lambda pair: (-pair[0], -pair[1].hits, pair[1].id))
    return _cards(session, [entry.id for _, entry in scored[:OFFERED]])


def _by_letters(entries: Sequence[Entry], plain: str) -> list[tuple[float, Entry]]:
    return [(1.0, entry) for entry in entries if matches_initials(plain, entry.title)]


def _by_pieces(entries: Sequence[Entry], plain: str) -> list[tuple[float, Entry]]:
    asked = frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
    # One shared piece is chance once more than a word was typed.
    fewest = 1 if len(asked) <= 2 else 2
    scored = []
    for entry in entries:
        own = len(asked & entry.title_pieces)
        if own >= fewest or len(asked & entry.pieces) >= fewest + 1:
            share = own / max(1, min(len(asked), len(entry.title_pieces)))
            scored.append((3 * share + len(asked & entry.pieces) / len(asked), entry))
    return scored


def _cards(session: Session, ids: list[int]) -> tuple[KnowledgeCard, ...]:
    if not ids:
        return ()
    rows = session.scalars(select(KnowledgeEntry).where(KnowledgeEntry.id.in_(ids)))
    found = {row.id: row for row in rows}
    return tuple(_card(found[id_]) for id_ in ids if id_ in found)


def _card(row: KnowledgeEntry) -> KnowledgeCard:
    until = row.expires_on
    expires = f"有效至{until.year}年{until.month}月{until.day}日" if until else ""
    return KnowledgeCard(
        row.id,
        row.title,
        row.short_answer,
        row.long_answer,
        row.basis,
        row.responsible_unit,
        expires,
    )
