"""Which earlier messages are nearest: lists of messages per piece, multiplied and added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from console.memory.sparse import Array, Rows

# Of every message only its weightiest pieces are kept: enough to know it again, and little to store.
KEPT, ASKED = 70, 140


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For every piece the messages that have it, and how much it counts in each."""

    starts: Array
    messages: Array
    values: Array
    count: int

    @classmethod
    def of(cls, rows: Rows, kept: int = KEPT) -> Self:
        strongest = _strongest(rows, kept)
        turned = strongest.transposed()
        return cls(turned.starts, turned.columns, turned.values, rows.height)

    def likeness(self, columns: Array, values: Array, before: int | None = None) -> Array:
        """How alike every message is, 0 to 1; only those numbered below `before` when it is given."""
        if len(columns) > ASKED:
            top = np.argpartition(-values, ASKED)[:ASKED]
            columns, values = columns[top], values[top]
        low, high = self.starts[columns], self.starts[columns + 1]
        lengths = high - low
        offsets = np.cumsum(lengths) - lengths
        take = np.repeat(low - offsets, lengths) + np.arange(lengths.sum())
        said, weight = self.messages[take], self.values[take] * np.repeat(values, lengths)
        if before is not None:
            there = said < before
            said, weight = said[there], weight[there]
        return np.bincount(said, weights=weight, minlength=self.count if before is None else before)


def _strongest(rows: Rows, kept: int) -> Rows:
    found: list[tuple[Array, Array]] = []
    for at in range(rows.height):
        low, high = int(rows.starts[at]), int(rows.starts[at + 1])
        columns, values = rows.columns[low:high], rows.values[low:high]
        if len(values) > kept:
            top = np.argpartition(-values, kept)[:kept]
            columns, values = columns[top], values[top]
        length = float(np.sqrt((values * values).sum())) or 1.0
        found.append((columns, values / length))
    return Rows.of(found, rows.width)


def nearest(likeness: Array, most: int, least: float = 0.0) -> list[tuple[int, float]]:
    """Number and likeness of the nearest messages, nearest first."""
    if not len(likeness):
        return []
    top = np.argpartition(-likeness, min(most, len(likeness) - 1))[:most]
    ordered = top[np.argsort(-likeness[top], kind="stable")]
    return [(int(at), float(likeness[at])) for at in ordered if likeness[at] > least]


def votes(near: Sequence[tuple[int, float]], classes: Array, count: int, heed: Array) -> Array:
    """How the nearest messages vote for the classes (sums to 1); -1 stands for a message without a class.

    `heed` says how much each message counts: recent ones more than old ones.
    """
    shares = np.full(count, 0.5 / count)
    for at, like in near:
        if classes[at] >= 0:
            shares[classes[at]] += like**3 * 20 * heed[at]
    return np.asarray(shares / shares.sum())
