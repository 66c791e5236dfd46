"""The earlier report of the same matter: rare words in common count, so does the same place, long ago a little less."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from console.memory.corpus import Pieces, said_twice
from console.memory.neighbours import Neighbours, nearest
from console.memory.pieces import Message, numberless, place_names, plain, runs
from console.memory.sparse import Array, Rows

_KEPT, _ASKED_FIRST = 130, 40
# What a matter is stands at the beginning of a letter.
_READ = 700
# The share of a likeness that a matter of half a year ago still has.
_FADED, _FADES_IN_DAYS = 0.85, 180.0


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier row that is likely the same matter: its index and how alike, 0 to 1."""

    at: int
    likeness: float


class Matters:
    """All reports of one list, oldest first, ready to be asked which earlier ones a report is like."""

    def __init__(self, messages: Sequence[Message], moments: Sequence[datetime | None]) -> None:
        self._moments = [moment.timestamp() / 86400 if moment else math.nan for moment in moments]
        self._words = _weighed(messages, _words_of)
        self._places = _weighed(messages, _places_of)
        self._subjects = subjects(self._words)
        self._by_words, self._by_place = (
            Neighbours.of(self._words, _KEPT),
            Neighbours.of(self._places, 60),
        )

    def earlier(self, at: int, most: int = 5) -> tuple[Earlier, ...]:
        """The earlier reports likeliest to be the same matter as report `at`, likeliest first."""
        if at == 0:
            return ()
        alike = self._by_words.likeness(*_row(self._words, at), before=at)
        same_place = self._by_place.likeness(*_row(self._places, at), before=at)
        # Not `@`: on a busy machine waking the threads of the linear algebra library costs more than multiplying.
        subject = np.maximum(np.einsum("ij,j->i", self._subjects[:at], self._subjects[at]), 0.0)
        score = likely(alike, same_place, subject)
        found = nearest(score, _ASKED_FIRST, 0.02)
        faded = [(index, score * self._fade(at, index)) for index, score in found]
        faded.sort(key=lambda pair: -pair[1])
        return tuple(Earlier(index, min(1.0, score)) for index, score in faded[:most])

    def _fade(self, at: int, index: int) -> float:
        age = self._moments[at] - self._moments[index]
        return (
            1.0
            if math.isnan(age)
            else _FADED + (1 - _FADED) * 0.5 ** (max(0.0, age) / _FADES_IN_DAYS)
        )


def likely(alike: Array, same_place: Array, subject: Array) -> Array:
    """The same words elsewhere are another matter, and so is another subject at the same place."""
    return np.asarray(
        0.5 * alike
        + 0.15 * same_place
        + 0.25 * np.sqrt(alike * same_place)
        + subject * same_place
        + 0.15 * subject
    )


def subjects(rows: Rows, size: int = 64) -> Array:
    """What reports are about whatever words they choose: the main directions in which words go together, by chance
    projections and two rounds of powers; every row of length one."""
    turned = rows.transposed()
    look = np.random.default_rng(12345).standard_normal((rows.width, size)).astype(np.float32)
    for _ in range(3):
        found, _ = np.linalg.qr(rows.times(look))
        look = turned.times(found)
    onto = rows.times(np.linalg.qr(look)[0].astype(np.float32))
    lengths = np.linalg.norm(onto, axis=1, keepdims=True)
    return np.asarray(onto / np.maximum(lengths, 1e-6), np.float32)


def _words_of(message: Message) -> Counter[str]:
    title, detail = plain(message.title), plain(message.detail[:_READ])
    counts = Counter(runs(detail, 2, 3))
    for piece in runs(title, 2, 4):
        counts[piece] += 2
    return counts


def _places_of(message: Message) -> Counter[str]:
    place, title = plain(message.place), plain(message.title)
    said = f"{place} {title} {plain(message.detail[:300])}"
    counts: Counter[str] = Counter()
    for name in place_names(numberless(said)):
        counts.update({name, name[-4:], name[-3:]})
    counts.update(runs(place, 3, 5))
    return counts


def _weighed(messages: Sequence[Message], pieces_of: Pieces) -> Rows:
    found, _ = said_twice(messages, pieces_of)
    times = np.bincount(found.columns, minlength=found.width)
    # Squared: what only two of ten thousand say is worth more than many common words.
    rare = np.log((1 + found.height) / (1 + times)) ** 1.5
    # What every tenth report says tells nothing and would cost most of the time.
    rare[times > max(50, found.height // 10)] = 0.0
    return found.scaled(rare.astype(np.float32))


def _row(rows: Rows, at: int) -> tuple[Array, Array]:
    low, high = int(rows.starts[at]), int(rows.starts[at + 1])
    return rows.columns[low:high], rows.values[low:high]
