"""Rows of few numbers: just the two products that learning needs, with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
# Cells of one gathered block; keeps it within the processor's cache reach and far below memory limits.
_BLOCK = 6_000_000


@dataclass(frozen=True, eq=False)
class Rows:
    """A matrix by rows: row r holds `values[starts[r]:starts[r+1]]` in columns `columns[…]`."""

    starts: Array
    columns: Array
    values: Array
    width: int

    @classmethod
    def of(cls, rows: Sequence[tuple[Array, Array]], width: int) -> Self:
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(columns) for columns, _ in rows], out=starts[1:])
        columns = np.concatenate([c for c, _ in rows]) if rows else np.empty(0)
        values = np.concatenate([v for _, v in rows]) if rows else np.empty(0)
        return cls(starts, columns.astype(np.int32), values.astype(np.float32), width)

    @property
    def height(self) -> int:
        return len(self.starts) - 1

    def times(self, other: Array) -> Array:
        """`self @ other` for a dense `other` of `width` rows."""
        out = np.zeros((self.height, other.shape[1]), np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        step = max(1, _BLOCK // max(1, other.shape[1]))
        at = 0
        while at < len(filled):
            first = self.starts[filled[at]]
            until = max(
                at + 1, int(np.searchsorted(self.starts[filled + 1], first + step, side="right"))
            )
            rows = filled[at:until]
            low, high = int(first), int(self.starts[rows[-1] + 1])
            block = other[self.columns[low:high]]
            block *= self.values[low:high, None]
            out[rows] = np.add.reduceat(block, self.starts[rows] - low, axis=0)
            at = until
        return out

    def transposed(self) -> "Rows":
        order = np.argsort(self.columns, kind="stable")
        starts = np.zeros(self.width + 1, np.int64)
        np.cumsum(np.bincount(self.columns, minlength=self.width), out=starts[1:])
        rows = np.repeat(np.arange(self.height, dtype=np.int32), np.diff(self.starts))
        return Rows(starts, rows[order], self.values[order], self.height)

    def picked(self, rows: Array) -> "Rows":
        """Only these rows, in this order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        take = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return Rows(starts, self.columns[take], self.values[take], self.width)

    def narrowed(self, keep: Array) -> "Rows":
        """Only the columns `keep` (ascending), numbered anew."""
        place = np.full(self.width, -1, np.int32)
        place[keep] = np.arange(len(keep), dtype=np.int32)
        columns = place[self.columns]
        there = columns >= 0
        lengths = (
            np.add.reduceat(np.append(there, False).astype(np.int64), self.starts[:-1])
            if self.height
            else np.empty(0, np.int64)
        )
        lengths[np.diff(self.starts) == 0] = 0
        starts = np.zeros(self.height + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        return Rows(starts, columns[there], self.values[there], len(keep))

    def dense(self, columns: Array) -> Array:
        """Only these columns, as a full matrix."""
        part = self.narrowed(columns)
        found = np.zeros((part.height, part.width), np.float32)
        found[np.repeat(np.arange(part.height), np.diff(part.starts)), part.columns] = part.values
        return found

    def scaled(self, factors: Array) -> "Rows":
        """Every column times its factor, every row then of length one."""
        values = self.values * factors[self.columns]
        rows = np.repeat(np.arange(self.height), np.diff(self.starts))
        lengths = np.sqrt(np.bincount(rows, weights=values * values, minlength=self.height))
        lengths[lengths == 0] = 1.0
        return Rows(
            self.starts, self.columns, (values / lengths[rows]).astype(np.float32), self.width
        )
