"""Finding the entries that answer what was typed: by words, by other words for the same, by initials.

For the call-taker's card and for the knowledge base itself.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from console.domain.knowledge import EntryState
from db.models import KnowledgeEntry
from db.search import matches_initials, normalise, pieces

SYNONYMS = Path(__file__).resolve().parents[2] / "resources" / "knowledge" / "synonyms.toml"
_READ = 600
# Longer, it is a content and not a question: it says enough by itself.
_QUESTION = 24
_MOST_WAYS = 12
# An answer to the words as typed comes before one to other words for them.
_OTHER_WORDS = 0.9


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry is found by. `names` are the title and every other way to ask."""

    id: int
    names: tuple[str, ...]
    name_pieces: frozenset[str]
    pieces: frozenset[str]
    hits: int


def in_force(today: date) -> ColumnElement[bool]:
    """Published and within its dates: what callers may be told."""
    row = KnowledgeEntry
    return and_(
        row.state == EntryState.PUBLISHED,
        or_(row.effective_on.is_(None), row.effective_on <= today),
        or_(row.expires_on.is_(None), row.expires_on >= today),
    )


def read_entries(session: Session, today: date) -> tuple[Entry, ...]:
    """Everything callers may be told today. One statement."""
    row = KnowledgeEntry
    query = select(
        row.id, row.title, row.question_variants, row.pieces, row.responsible_unit, row.hit_count
    )
    return tuple(_entry(*one) for one in session.execute(query.where(in_force(today))))


def _entry(id_: int, title: str, variants: str, kept: str, unit: str, hits: int) -> Entry:
    names = (title, *filter(None, map(str.strip, variants.split("\n"))))
    asked = frozenset(piece for name in names for piece in pieces(name))
    return Entry(id_, names, asked, asked | frozenset(kept.split()) | set(pieces(unit)), hits)


def find(entries: Sequence[Entry], typed: str, most: int) -> tuple[int, ...]:
    """Ids of the entries nearest to what was typed, the likeliest first; none for less than two characters."""
    plain = normalise(typed[:_READ])
    if len(plain) < 2:
        return ()
    if plain.isascii() and plain.isalpha():
        scored = [(1.0, one) for one in entries if _by_letters(plain, one)]
    else:
        ways = tuple(_ways(plain))
        scored = [(score, one) for one in entries if (score := _best(ways, one)) > 0]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].hits, pair[1].id))
    return tuple(entry.id for _, entry in scored[:most])


def _by_letters(plain: str, entry: Entry) -> bool:
    return any(matches_initials(plain, name) for name in entry.names)


def _ways(plain: str) -> Iterator[tuple[frozenset[str], float]]:
    """The question as typed, then with each word of it put otherwise."""
    yield _pieces(plain), 1.0
    if len(plain) > _QUESTION:
        return
    others = (plain.replace(word, other) for word, other in _pairs() if word in plain)
    for other in list(dict.fromkeys(others))[:_MOST_WAYS]:
        yield _pieces(other), _OTHER_WORDS


def _pieces(plain: str) -> frozenset[str]:
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _best(ways: Sequence[tuple[frozenset[str], float]], entry: Entry) -> float:
    return max(_score(asked, entry) * weight for asked, weight in ways)


def _score(asked: frozenset[str], entry: Entry) -> float:
    """Three parts for what is in the title or in a way to ask, one for what is in the answer."""
    # One shared piece is chance once more than a word was typed.
    fewest = 1 if len(asked) <= 2 else 2
    own, all_ = len(asked & entry.name_pieces), len(asked & entry.pieces)
    if own < fewest and all_ < fewest + 1:
        return 0.0
    share = own / max(1, min(len(asked), len(entry.name_pieces)))
    return 3 * share + all_ / len(asked)


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    """Each word with each other word of its row, as they stand in a normalised text."""
    rows = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))["words"]
    return tuple(
        (normalise(word), normalise(other)) for row in rows for word in row for other in row
        if word != other
    )  # fmt: skip
