"""What was learned, as numbers: looked up, multiplied, and told with the reason."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from console.memory.learning import softmax
from console.memory.lexicon import Lexicon
from console.memory.neighbours import Neighbours, nearest, votes
from console.memory.pieces import Message, counted, plain, shortened
from console.memory.sparse import Array
from console.memory.wording import said_words

# So many nearest messages vote; a message less alike than this is not named as a reason.
VOTERS, ALIKE = 25, 0.28
_SMALLEST = 1e-4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class with how likely it is (0 to 1) and why, in words."""

    label: str
    share: float
    reason: str


@dataclass(frozen=True, eq=False)
class Head:
    """What decides between the classes of one question (which category, which unit).

    `columns` are the vocabulary's pieces it looks at; `members` the class of every message and `heed` how much it
    counts by its age. `trust` weighs learned weights, nearest messages, words
    of the catalogue and what the category says about the unit.
    """

    labels: tuple[str, ...]
    columns: Array
    weights: Array
    bias: Array
    members: Array
    heed: Array
    trust: tuple[float, float, float, float]
    by_category: Array | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A message as numbers: the vocabulary's columns it has, their weights before scaling, its pieces; and as text."""

    columns: Array
    values: Array
    pieces: tuple[str, ...]
    text: str


@dataclass(frozen=True, eq=False)
class Memory:
    """Everything learned from one city's closed work orders. Only read once made; shared between threads."""

    vocabulary: dict[str, int]
    idf: Array
    neighbours: Neighbours
    numbers: tuple[str, ...]
    category: Head | None
    unit: Head | None
    facts: Mapping[str, object] = field(default_factory=dict)

    def look(self, message: Message) -> Looked:
        """The pieces of a message that are known."""
        known = [
            (self.vocabulary[p], 1.0 + math.log(n), p)
            for p, n in counted(message).items()
            if p in self.vocabulary
        ]
        columns = np.fromiter((one[0] for one in known), np.int64, len(known))
        values = np.fromiter((one[1] for one in known), np.float32, len(known))
        text = f"{plain(message.title)} {plain(shortened(message.detail))}"
        return Looked(columns, values * self.idf[columns], tuple(one[2] for one in known), text)

    def near(self, looked: Looked) -> list[tuple[int, float]]:
        """The nearest closed work orders, nearest first."""
        length = float(np.linalg.norm(looked.values)) or 1.0
        return nearest(
            self.neighbours.likeness(looked.columns, looked.values / length), VOTERS, 0.02
        )

    def categories(
        self, message: Message, lexicon: Lexicon | None = None, most: int = 5
    ) -> tuple[Suggestion, ...]:
        """The likeliest categories; () when none were learned. Words of the catalogue help where little was learned."""
        if self.category is None:
            return ()
        looked = self.look(message)
        return self._suggested(
            self.category, message, looked, self.near(looked), lexicon, None, most
        )

    def units(self, message: Message, category: str = "", most: int = 5) -> tuple[Suggestion, ...]:
        """The likeliest handling units; a category already chosen counts. () when none were learned."""
        if self.unit is None:
            return ()
        looked = self.look(message)
        known = (
            self.category.labels.index(category)
            if self.category and category in self.category.labels
            else None
        )
        return self._suggested(self.unit, message, looked, self.near(looked), None, known, most)

    def _suggested(
        self, head: Head, message: Message, looked: Looked, near: list[tuple[int, float]],
        lexicon: Lexicon | None, category: int | None, most: int,
    ) -> tuple[Suggestion, ...]:  # fmt: skip
        heard = _within(head, looked)
        # Not `@`: for so few numbers waking the threads of the linear algebra library costs more than multiplying.
        scores = (heard.values[:, None] * heard.weights).sum(axis=0) + head.bias
        shares, spoke = _of_lexicon(lexicon, head, message)
        logits = combined(
            head.trust, scores, votes(near, head.members, len(head.labels), head.heed), shares
        )
        if category is not None and head.by_category is not None:
            logits = logits + head.trust[3] * np.log(head.by_category[category] + _SMALLEST)
        likely = softmax(logits)
        top = [int(at) for at in np.argsort(-likely, kind="stable")[:most]]
        reasons = (self._reason(head, at, looked, near, heard, spoke.get(at, [])) for at in top)
        return tuple(
            Suggestion(head.labels[at], float(likely[at]), reason)
            for at, reason in zip(top, reasons, strict=True)
        )

    def _reason(
        self,
        head: Head,
        at: int,
        looked: Looked,
        near: list[tuple[int, float]],
        heard: "_Heard",
        spoke: Sequence[str],
    ) -> str:
        alike = [
            self.numbers[n]
            for n, like in near
            if like >= ALIKE and head.members[n] == at and self.numbers[n]
        ]
        words, names = _speaking(heard, at, looked.text)
        parts = (
            f"像{'、'.join(alike[:2])}" if alike else "",
            f"按地点“{'”“'.join(names)}”" if names else "",
            f"按关键词“{'”“'.join(words or spoke[:3])}”" if words or spoke else "",
        )
        return "；".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one head hears of a message: its pieces, their values (length one), and what each says of every class."""

    pieces: list[str]
    values: Array
    weights: Array
    average: Array


def _speaking(heard: _Heard, at: int, text: str) -> tuple[list[str], list[str]]:
    """The words and the places that speak most for a class."""
    speaks = heard.values * (heard.weights[:, at] - heard.average)
    order = np.argsort(-speaks)[:40]
    return said_words(
        [(heard.pieces[i], float(speaks[i])) for i in order if speaks[i] > 0.01], text
    )


def _within(head: Head, looked: Looked) -> _Heard:
    places = np.minimum(np.searchsorted(head.columns, looked.columns), len(head.columns) - 1)
    there = np.flatnonzero(head.columns[places] == looked.columns)
    values = looked.values[there]
    length = float(np.linalg.norm(values)) or 1.0
    weights = head.weights[places[there]].astype(np.float32)
    return _Heard(
        [looked.pieces[at] for at in there], values / length, weights, weights.mean(axis=1)
    )


def _of_lexicon(
    lexicon: Lexicon | None, head: Head, message: Message
) -> tuple[Array | None, dict[int, list[str]]]:
    if lexicon is None or lexicon.labels != head.labels:
        return None, {}
    shares, spoke = lexicon.shares(message)
    return np.asarray(shares), spoke


def combined(
    trust: tuple[float, float, float, float], scores: Array, voted: Array, shares: Array | None
) -> Array:
    """Log-likelihoods (not normalised) of what each source says, weighed by how far it is to be trusted."""
    logits = trust[0] * scores + trust[1] * np.log(voted + _SMALLEST)
    return np.asarray(logits if shares is None else logits + trust[2] * np.log(shares + _SMALLEST))
