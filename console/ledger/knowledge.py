"""Finding the entries that answer what was typed: by words, by other words for the same, by initials.

For the call-taker's card and for the knowledge base itself.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from console.domain.knowledge import EntryState
from db.models import KnowledgeEntry
from db.search import full_pinyin, initials, initials_column, normalise, pieces

SYNONYMS = Path(__file__).resolve().parents[2] / "resources" / "knowledge" / "synonyms.toml"
_READ = 600
# Longer, it is a content and not a question: it says enough by itself.
_QUESTION = 24
_MOST_WAYS, _WIDTH = 12, 120
# An answer to the words as typed comes before one to other words for them.
_OTHER_WORDS = 0.9


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry is found by; `name_pieces` are those of the title and of every other way to ask."""

    id: int
    title: str
    letters: str
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
        row.id, row.title, row.initials, row.question_variants, row.pieces, row.responsible_unit,
        row.hit_count,
    )  # fmt: skip
    return tuple(_entry(*one) for one in session.execute(query.where(in_force(today))))


def _entry(
    id_: int, title: str, letters: str, variants: str, kept: str, unit: str, hits: int
) -> Entry:
    asked = frozenset(piece for name in (title, *variants.split("\n")) for piece in pieces(name))
    every = asked | frozenset(kept.split()) | frozenset(pieces(unit))
    return Entry(id_, title, letters, asked, every, hits)


def letters_of(title: str, variants: str) -> str:
    """What goes into the `initials` of an entry: the title's, then of as many other ways to ask as there is room."""
    column = initials_column(title, _WIDTH)
    for name in filter(None, variants.split("\n")):
        longer = f"{column} {initials(name)[0]}"
        column = longer if len(longer) <= _WIDTH else column
    return column


def find(entries: Sequence[Entry], typed: str, most: int) -> tuple[int, ...]:
    """Ids of the entries nearest to what was typed, the likeliest first; none for less than two characters."""
    plain = normalise(typed[:_READ])
    if len(plain) < 2:
        return ()
    if plain.isascii() and plain.isalpha():
        scored = [(1.0, one) for one in _by_letters(plain, entries)]
    else:
        ways = tuple(_ways(plain))
        scored = [(score, one) for one in entries if (score := _best(ways, one)) > 0]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].hits, pair[1].id))
    return tuple(entry.id for _, entry in scored[:most])


def _by_letters(plain: str, entries: Sequence[Entry]) -> list[Entry]:
    """By initials, as stored; where none begins so, by the whole pinyin of the title."""
    found = [entry for entry in entries if plain in entry.letters]
    return found or [
        entry for entry in entries if any(plain in way for way in _pinyin(entry.title))
    ]


@lru_cache(maxsize=20_000)
def _pinyin(title: str) -> tuple[str, ...]:
    return full_pinyin(title)


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
