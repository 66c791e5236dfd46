"""Closed work orders as rows of piece counts: what is read before anything is learned."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from console.memory.lexicon import Lexicon
from console.memory.pieces import Message, pieces
from console.memory.sparse import Array, Rows

MOST_PIECES = 300_000
# Weights of the newest and of a very old work order; between them the half-life decides.
_OLDEST = 0.05
_BINS = 1 << 23
Pieces = Callable[[Message], Counter[str]]


@dataclass(frozen=True, slots=True)
class Learned:
    """One closed work order to learn from; `number` is what a reason may name."""

    message: Message
    category: str = ""
    unit: str = ""
    at: datetime | None = None
    number: str = ""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Messages as rows of piece counts."""

    rows: Rows
    vocabulary: tuple[str, ...]


def said_twice(messages: Sequence[Message], pieces_of: Pieces) -> tuple[Rows, list[str]]:
    """Rows of piece counts (1 + log), only of pieces said in two messages at least, and the pieces.

    Counted by hash first: the single pieces of ten thousand letters would fill the memory.
    """
    bins = np.zeros(_BINS, np.int32)
    for message in messages:
        places = (hash(piece) & (_BINS - 1) for piece in pieces_of(message))
        bins[np.unique(np.fromiter(places, np.int64))] += 1
    numbers: dict[str, int] = {}
    rows = []
    for message in messages:
        counts = pieces_of(message).items()
        kept = sorted(
            (numbers.setdefault(piece, len(numbers)), n)
            for piece, n in counts
            if bins[hash(piece) & (_BINS - 1)] > 1
        )
        columns = np.fromiter((column for column, _ in kept), np.int64, len(kept))
        times = np.fromiter((n for _, n in kept), np.float32, len(kept))
        rows.append((columns, 1.0 + np.log(times)))
    found = Rows.of(rows, max(1, len(numbers)))
    spread = np.bincount(found.columns, minlength=found.width)
    keep = np.flatnonzero(spread > 1)
    if len(keep) > MOST_PIECES:
        keep = np.sort(keep[np.argsort(-spread[keep], kind="stable")[:MOST_PIECES]])
    words = list(numbers)
    return found.narrowed(keep), [words[at] for at in keep]


def read_corpus(messages: Sequence[Message]) -> Corpus:
    """All messages by all their pieces."""
    rows, words = said_twice(messages, pieces)
    return Corpus(rows, tuple(words))


def rarity(rows: Rows) -> Array:
    """Rare pieces count more than common ones; those not said here count nothing."""
    spread = np.bincount(rows.columns, minlength=rows.width)
    idf = np.log((1 + rows.height) / (1 + spread)) + 1.0
    return np.where(spread > 0, idf, 0.0).astype(np.float32)


def recency(moments: Sequence[datetime | None], half_life: float | None) -> Array:
    """How much each work order counts by its age; all alike without a half-life or without times."""
    known = [moment.timestamp() for moment in moments if moment is not None]
    if half_life is None or not known:
        return np.ones(len(moments), np.float32)
    newest = max(known)
    middle = float(np.median(known))
    ages = np.array(
        [(newest - (moment.timestamp() if moment else middle)) / 86400 for moment in moments]
    )
    return (_OLDEST + (1 - _OLDEST) * 0.5 ** (ages / half_life)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Question:
    """What is learned: the class of every message (-1: unknown), their names, and the words of the catalogue."""

    labels: tuple[str, ...]
    members: Array
    lexicon: Lexicon | None = None

    def known(self, rows: Array) -> Array:
        return rows[self.members[rows] >= 0]


def question(names: Sequence[str], lexicon: bool = False, least: int = 1) -> Question | None:
    """None when fewer than two classes were ever given."""
    counts: dict[str, int] = {}
    for name in names:
        if name:
            counts[name] = counts.get(name, 0) + 1
    labels = tuple(sorted(name for name, times in counts.items() if times >= least))
    if len(labels) < 2:
        return None
    place = {label: at for at, label in enumerate(labels)}
    members = np.array([place.get(name, -1) for name in names], np.int32)
    return Question(labels, members, Lexicon(labels) if lexicon else None)


def parts_of(rows: Array, count: int, seed: int = 12345) -> list[Array]:
    """Rows dealt into parts at random, always the same way."""
    dealt = np.random.default_rng(seed).permutation(rows)
    return [np.sort(part) for part in np.array_split(dealt, count)]
