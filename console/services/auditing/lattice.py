"""Where the cells of a mark lie in a picture: flat ground, then the two beats of a grid, then what every cell says."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.float32]]
# A cell is between these many pixels wide: a screen at half size, a sheet at 300 dpi and more.
NARROW, WIDE = 5.0, 52.0
# How far a scan may be turned.
_TURNS = np.radians(np.arange(-4, 4.01, 0.5))
_PITCHES = NARROW * 1.008 ** np.arange(int(np.log(WIDE / NARROW) / np.log(1.008)) + 1)
# In a cell: where its strokes run, in parts of its width.
REACH = 0.30
_POINTS = np.array([-0.27, -0.18, -0.09, 0.09, 0.18, 0.27])


@dataclass(frozen=True, slots=True)
class Lattice:
    """Two waves (x, y cycles a pixel) and their phases: cell (n, m) has its centre where both are whole."""

    first: tuple[float, float]
    second: tuple[float, float]
    phases: tuple[float, float]
    score: float


def flattened(grey: Pixels, roughness: float) -> Pixels:
    """What stands out faintly from its flat ground; 0 wherever letters, lines and photographs are."""
    spread = _extreme(grey, np.maximum) - _extreme(grey, np.minimum)
    flat = (spread < roughness).astype(np.float32)
    weight = _box(flat, 9)
    ground = _box(flat * grey, 9) / np.maximum(weight, 1e-3)
    flat[weight < 0.12] = 0
    return np.clip((grey - ground) * flat, -roughness / 2, roughness / 2)


def _extreme(grey: Pixels, pick: Any) -> Pixels:
    """Over five by five."""
    out = grey
    for axis in (0, 1):
        wide = out
        for step in (1, 2):
            wide = pick(wide, pick(np.roll(out, step, axis), np.roll(out, -step, axis)))
        out = wide
    return out


def _box(values: Pixels, reach: int) -> Pixels:
    """The mean of a square around every pixel."""
    out = values
    for axis in (0, 1):
        pad = [(reach + 1, reach) if at == axis else (0, 0) for at in (0, 1)]
        sums = np.cumsum(np.pad(out, pad, mode="edge"), axis=axis, dtype=np.float64)
        size = 2 * reach + 1
        high = np.take(sums, np.arange(size, sums.shape[axis]), axis=axis)
        low = np.take(sums, np.arange(sums.shape[axis] - size), axis=axis)
        out = ((high - low) / size).astype(np.float32)
    return out


def lattices(flat: Pixels, most: int) -> list[Lattice]:
    """Grids that may lie in it, the likeliest first."""
    height, width = flat.shape
    size = 1 << int(np.ceil(np.log2(max(flat.shape))) + 1)
    taper = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    tapered = flat * taper
    power = np.abs(np.fft.rfft2(tapered, (size, size))) ** 2
    scores = _scores(_evened(power), size)
    found: list[Lattice] = []
    for _ in range(most):
        at, turn = np.unravel_index(int(scores.argmax()), scores.shape)
        if scores[at, turn] <= 0:
            break
        found.append(_refined(tapered, _PITCHES[at], _TURNS[turn], float(scores[at, turn])))
        scores[max(0, at - 4) : at + 5, max(0, turn - 3) : turn + 4] = 0
    return found


def _evened(power: Any) -> Any:
    """Every wave beside its neighbourhood: a picture has more of the long ones than any mark."""
    logs = np.log(power + 1e-6).astype(np.float32)
    return np.clip(logs - _box(logs, 12), 0, 6)


def _scores(evened: Any, size: int) -> Any:
    """For every width and turn of a cell, how much of its beats there is."""
    pitch, turn = _PITCHES[:, None], _TURNS[None, :]
    fx, fy = np.cos(turn) / pitch, np.sin(turn) / pitch
    total = np.ones((len(_PITCHES), len(_TURNS)), np.float32)
    for n, m in ((1, 0), (0, 1)):
        total *= _power_at(evened, n * fx - m * fy, n * fy + m * fx, size)
    for n, m in ((1, 1), (1, -1)):
        total += _power_at(evened, n * fx - m * fy, n * fy + m * fx, size)
    return total


def _power_at(evened: Any, fx: Any, fy: Any, size: int) -> Any:
    flip = fx < 0
    fx, fy = np.where(flip, -fx, fx), np.where(flip, -fy, fy)
    cols = np.clip(np.rint(fx * size).astype(int), 0, evened.shape[1] - 1)
    rows = np.rint(fy * size).astype(int) % size
    return evened[rows, cols]


def _refined(tapered: Pixels, pitch: float, turn: float, score: float) -> Lattice:
    first = _peak(tapered, np.cos(turn) / pitch, np.sin(turn) / pitch)
    second = _peak(tapered, -np.sin(turn) / pitch, np.cos(turn) / pitch)
    return Lattice(first[:2], second[:2], (first[2], second[2]), score)


def _peak(tapered: Pixels, fx: float, fy: float) -> tuple[float, float, float]:
    """The strongest wave close to this one, and how far it is along at the first pixel, in cycles."""
    height, width = tapered.shape
    for reach in (1.0, 0.15):
        around = np.linspace(-reach, reach, 15)
        xs, ys = fx + around / width, fy + around / height
        along = np.exp(-2j * np.pi * np.outer(xs, np.arange(width)))
        down = np.exp(-2j * np.pi * np.outer(ys, np.arange(height)))
        waves = down @ (tapered @ along.T)
        row, col = np.unravel_index(int(np.abs(waves).argmax()), waves.shape)
        fx, fy = float(xs[col]), float(ys[row])
    return fx, fy, float(np.angle(waves[row, col]) / (2 * np.pi))


def cells(flat: Pixels, lattice: Lattice, dark: bool) -> tuple[Any, Any, Any]:
    """What every cell in the picture says: its place (n, m) and how far it leans (plus like a backslash)."""
    waves = np.array([lattice.first, lattice.second])
    back = np.linalg.inv(waves)
    height, width = flat.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ waves.T
    low, high = np.floor(corners.min(0)).astype(int) - 1, np.ceil(corners.max(0)).astype(int) + 2
    wide, tall = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    n, m = wide.ravel(), tall.ravel()
    # A wave that is `phase` along at the first pixel is at its crest where k·r = n - phase.
    shift = -np.array(lattice.phases) + (0.5 if dark else 0.0)
    at = (np.stack([n, m], 1) + shift) @ back.T
    inside = (at[:, 0] >= 0) & (at[:, 0] < width) & (at[:, 1] >= 0) & (at[:, 1] < height)
    n, m, at = n[inside], m[inside], at[inside]
    return n, m, _lean(flat, at, back) * (-1 if dark else 1)


def _lean(flat: Pixels, at: Any, back: Any) -> Any:
    """The stroke down to the right less the stroke up to the right."""
    total = np.zeros(len(at), np.float32)
    for step in _POINTS:
        total += _sampled(flat, at + back @ np.array([step, step]))
        total -= _sampled(flat, at + back @ np.array([step, -step]))
    return total


def _sampled(flat: Pixels, at: Any) -> Any:
    """Between pixels; pixel centres lie on whole numbers."""
    height, width = flat.shape
    x = np.clip(at[:, 0], 0, width - 1.001)
    y = np.clip(at[:, 1], 0, height - 1.001)
    col, row = x.astype(int), y.astype(int)
    right, down = x - col, y - row
    upper = flat[row, col] * (1 - right) + flat[row, np.minimum(col + 1, width - 1)] * right
    below = np.minimum(row + 1, height - 1)
    lower = flat[below, col] * (1 - right) + flat[below, np.minimum(col + 1, width - 1)] * right
    return upper * (1 - down) + lower * down
