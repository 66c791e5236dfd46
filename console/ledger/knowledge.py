"""What of the knowledge base callers may be told, and in which words they may ask for it."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_

from console.domain.knowledge import EntryState
from db.models import KnowledgeEntry
from db.search import initials, initials_column, normalise

SYNONYMS = Path(__file__).resolve().parents[2] / "resources" / "knowledge" / "synonyms.toml"
# Longer, it is a content and not a question: it says enough by itself.
_QUESTION = 24
_MOST_WAYS, _WIDTH = 12, 120
# An answer to the words as typed comes before one to other words for them.
_OTHER_WORDS = 0.9


def in_force(today: date) -> ColumnElement[bool]:
    """Published and within its dates: what callers may be told."""
    row = KnowledgeEntry
    return and_(
        row.state == EntryState.PUBLISHED,
        or_(row.effective_on.is_(None), row.effective_on <= today),
        or_(row.expires_on.is_(None), row.expires_on >= today),
    )


def letters_of(title: str, variants: str) -> str:
    """What goes into the `initials` of an entry: the title's, then of as many other ways to ask as there is room."""
    column = initials_column(title, _WIDTH)
    for name in filter(None, variants.split("\n")):
        longer = f"{column} {initials(name)[0]}"
        column = longer if len(longer) <= _WIDTH else column
    return column


def ways_of(plain: str) -> Iterator[tuple[frozenset[str], float]]:
    """The pieces of a normalised question, then of it with each word put otherwise, and what each way counts."""
    yield _pieces(plain), 1.0
    if len(plain) > _QUESTION:
        return
    others = (plain.replace(word, other) for word, other in _pairs() if word in plain)
    for other in list(dict.fromkeys(others))[:_MOST_WAYS]:
        yield _pieces(other), _OTHER_WORDS


def _pieces(plain: str) -> frozenset[str]:
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    """Each word with each other word of its row, as they stand in a normalised text."""
    rows = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))["words"]
    return tuple(
        (normalise(word), normalise(other)) for row in rows for word in row for other in row
        if word != other
    )  # fmt: skip
