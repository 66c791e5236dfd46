"""How weights are learned: every class against the others, smooth hinge with L2, by L-BFGS; naive Bayes beside it."""

from collections import deque
from collections.abc import Callable

import numpy as np

from console.memory.sparse import Array, Rows

_REMEMBERED = 6
# So many classes are learned side by side: what they need of memory stays bounded.
_TOGETHER = 128
_MOST_COMMON, _DENSE_CELLS = 3000, 60_000_000


def separate(
    rows: Rows, classes: Array, count: int, sample: Array, cost: float, steps: int = 60
) -> tuple[Array, Array]:
    """Weights (features x classes) and biases that tell each class from the others.

    `sample` says how much each row counts, `cost` how much a fault weighs against large weights.
    """
    common, rare = _common_and_rare(rows)
    often, seldom = rows.dense(common), rows.narrowed(rare)
    turned = seldom.transposed()
    heavy = (cost * sample[:, None]).astype(np.float32)
    weights = np.empty((rows.width, count), np.float32)
    biases = np.empty(count, np.float32)
    for first in range(0, count, _TOGETHER):
        together = np.arange(first, min(count, first + _TOGETHER))
        signs = np.where(together[None, :] == classes[:, None], 1.0, -1.0).astype(np.float32)
        loss = _loss(often, seldom, turned, signs, heavy)
        found = descend(loss, np.zeros((rows.width + 1, len(together)), np.float32), steps)
        split = len(common)
        weights[np.ix_(common, together)] = found[:split]
        weights[np.ix_(rare, together)] = found[split:-1]
        biases[together] = found[-1]
    return weights, biases


def _loss(
    often: Array, seldom: Rows, turned: Rows, signs: Array, heavy: Array
) -> Callable[[Array], tuple[float, Array]]:
    """Squared lack of margin and half the squared weights, with their slope; columns are classes, each on its own."""
    split = often.shape[1]

    def loss(weights: Array) -> tuple[float, Array]:
        scores = often @ weights[:split] + seldom.times(weights[split:-1]) + weights[-1]
        lack = np.maximum(0.0, 1.0 - signs * scores)
        slope = -2.0 * heavy * signs * lack
        gradient = np.empty_like(weights)
        gradient[:split] = weights[:split] + often.T @ slope
        gradient[split:-1] = weights[split:-1] + turned.times(slope)
        gradient[-1] = slope.sum(axis=0) + 1e-3 * weights[-1]
        value = 0.5 * float(np.vdot(weights[:-1], weights[:-1]))
        return value + float((heavy * lack * lack).sum(dtype=np.float64)), gradient

    return loss


def _common_and_rare(rows: Rows) -> tuple[Array, Array]:
    """The columns that many rows have, multiplied faster as a full matrix, and the others."""
    spread = np.bincount(rows.columns, minlength=rows.width)
    most = min(_MOST_COMMON, _DENSE_CELLS // max(1, rows.height))
    common = np.flatnonzero(spread > rows.height / 60)
    if len(common) > most:
        common = np.sort(common[np.argsort(-spread[common], kind="stable")[:most]])
    return common, np.setdiff1d(np.arange(rows.width), common)


def descend(loss: Callable[[Array], tuple[float, Array]], start: Array, steps: int) -> Array:
    """L-BFGS with backtracking; stops when a step gains less than a ten-thousandth."""
    at, (value, gradient) = start, loss(start)
    memory: deque[tuple[Array, Array, float]] = deque(maxlen=_REMEMBERED)
    for step in range(steps):
        direction = _direction(gradient, memory)
        slope = float(np.vdot(gradient, direction))
        if slope >= 0:
            memory.clear()
            direction, slope = -gradient, -float(np.vdot(gradient, gradient))
        length = 1.0 if memory else min(1.0, 1.0 / (1e-12 + float(np.linalg.norm(gradient))))
        for _ in range(20):
            moved = at + np.float32(length) * direction
            new_value, new_gradient = loss(moved)
            if new_value <= value + 1e-4 * length * slope:
                break
            length *= 0.4
        else:
            break
        change, turn = moved - at, new_gradient - gradient
        bent = float(np.vdot(change, turn))
        if bent > 1e-10:
            memory.append((change, turn, 1.0 / bent))
        gained = value - new_value
        at, value, gradient = moved, new_value, new_gradient
        if step > 8 and gained < 1e-4 * max(1.0, abs(value)):
            break
    return at


def _direction(gradient: Array, memory: deque[tuple[Array, Array, float]]) -> Array:
    way = gradient.copy()
    parts = []
    for change, turn, scale in reversed(memory):
        part = scale * float(np.vdot(change, way))
        way -= np.float32(part) * turn
        parts.append(part)
    if memory:
        change, turn, scale = memory[-1]
        way *= np.float32(1.0 / (scale * float(np.vdot(turn, turn))))
    for (change, turn, scale), part in zip(memory, reversed(parts), strict=True):
        way += np.float32(part - scale * float(np.vdot(turn, way))) * change
    return -way


def complement_bayes(
    rows: Rows, classes: Array, count: int, sample: Array, smooth: float = 0.3
) -> Array:
    """Log ratios of how often a piece is said outside a class; good when there is little to learn from."""
    member = np.zeros((rows.height, count), np.float32)
    member[np.arange(rows.height), classes] = sample
    said = rows.transposed().times(member)
    outside = said.sum(axis=1, keepdims=True) - said + smooth
    logs = -np.log(outside / outside.sum(axis=0, keepdims=True))
    logs -= logs.mean(axis=1, keepdims=True)
    logs /= np.abs(logs).sum(axis=0, keepdims=True) / rows.width + 1e-9
    # Of the same size as the other weights' scores, so that both can be weighed against each other.
    spread = float(rows.times(logs.astype(np.float32)).std()) + 1e-9
    return np.asarray(logs * (0.3 / spread), np.float32)


def softmax(logits: Array) -> Array:
    high = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(high / high.sum(axis=-1, keepdims=True))
