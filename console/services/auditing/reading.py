"""A mark read back from a picture: a cut of a screenshot, a scan, a photograph of either."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from console.domain.mark import (
    BITS,
    CODED,
    MEMORY,
    PLACES,
    POLYNOMIALS,
    SIDE,
    SIGNS,
    SYNC,
    SYNC_SIGNS,
    Mark,
    Medium,
    encode,
    mark_of,
)
from console.services.auditing.lattice import Lattice, Pixels, cells, flattened, lattices

# Letters, lines and photographs are rougher than this; what a scanner adds to white paper is not.
ROUGHNESS = (20.0, 48.0, 90.0)
# The side of the piece that is looked at once.
PIECE = 576
_LATTICES, _BEGINNINGS = 10, 3
# How much of the known cells and of the code must be as it should. Noise reaches 0.55 and 0.84 in one of three hundred
# tries, a true mark is seldom below 0.9: with the check, a wrong mark comes out of one picture in a hundred thousand.
_KNOWN, _FIT = 0.6, 0.78


@dataclass(frozen=True, slots=True)
class Reading:
    """A mark, how well it fits (0 to 1), and in which part of the picture it was found (left, top, right, bottom)."""

    mark: Mark
    fit: float
    place: tuple[int, int, int, int]


def read(grey: Pixels) -> Reading | None:
    """The mark in a picture of grey values 0 to 255, or None. Takes the flattest pieces first."""
    grey = np.ascontiguousarray(grey, np.float32)
    for shrink in _shrinks(grey.shape):
        small = _shrunk(grey, shrink)
        for roughness in ROUGHNESS:
            flat = flattened(small, roughness)
            for left, top, right, bottom in _pieces(flat):
                found = _read_piece(flat[top:bottom, left:right])
                if found is not None:
                    place = (shrink * left, shrink * top, shrink * right, shrink * bottom)
                    return replace(found, place=place)
    return None


def _shrinks(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A scan at 600 dpi has cells wider than a piece can hold a tile of."""
    return (1, 2, 4) if max(shape) > 4000 else (1, 2) if max(shape) > 450 else (1,)


def _shrunk(grey: Pixels, by: int) -> Pixels:
    if by == 1:
        return grey
    height, width = (edge // by * by for edge in grey.shape)
    blocks = grey[:height, :width].reshape(height // by, by, width // by, by)
    small: Pixels = blocks.mean((1, 3), dtype=np.float32)
    return small


def _pieces(flat: Pixels) -> list[tuple[int, int, int, int]]:
    """Pieces of the picture, those with the most faint matter first."""
    height, width = flat.shape
    found = []
    for top in _starts(height):
        for left in _starts(width):
            piece = flat[top : top + PIECE, left : left + PIECE]
            seen = float(np.mean((piece != 0) & (np.abs(piece) > 0.5)))
            place = (left, top, left + piece.shape[1], top + piece.shape[0])
            found.append((seen, place))
    return [place for seen, place in sorted(found, reverse=True)[:6] if seen > 0]


def _starts(length: int) -> list[int]:
    last = max(0, length - PIECE)
    count = -(-last // (PIECE // 2)) + 1
    return sorted({round(last * at / max(1, count - 1)) for at in range(count)})


def _read_piece(flat: Pixels) -> Reading | None:
    for lattice in lattices(flat, _LATTICES):
        for dark in (True, False):
            found = _read_lattice(flat, lattice, dark)
            if found is not None:
                return found
    return None


def _read_lattice(flat: Pixels, lattice: Lattice, dark: bool) -> Reading | None:
    n, m, lean = cells(flat, lattice, dark)
    limit = 2.5 * float(np.std(lean)) + 1e-6
    folded = np.zeros((SIDE, SIDE), np.float32)
    np.add.at(folded, (m % SIDE, n % SIDE), np.clip(lean, -limit, limit))
    spread = float(np.std(folded))
    if spread < 1e-6:
        return None
    # Squeezed: a cell that lies under a letter in every tile must not outvote the others.
    folded = np.tanh(folded / spread)
    for turned in (folded, folded[::-1, ::-1], -np.rot90(folded), -np.rot90(folded, 3)):
        found = _decoded(np.ascontiguousarray(turned))
        if found is not None:
            return found
    return None


_ROWS, _COLS = (np.array(axis) for axis in zip(*SYNC, strict=True))
_CODE_ROWS, _CODE_COLS = (np.array(axis) for axis in zip(*PLACES, strict=True))
_SHIFTS = np.array([(down, right) for down in range(SIDE) for right in range(SIDE)])


def _at_all_shifts(folded: Any, rows: Any, cols: Any) -> Any:
    down, right = _SHIFTS[:, :1], _SHIFTS[:, 1:]
    return folded[(rows + down) % SIDE, (cols + right) % SIDE]


def _decoded(folded: Any) -> Reading | None:
    """Where the tile begins is tried from the likeliest on."""
    known = _at_all_shifts(folded, _ROWS, _COLS)
    heard = known @ np.array(SYNC_SIGNS) / (np.abs(known).sum(1) + 1e-6)
    likely = np.argsort(heard)[::-1][:_BEGINNINGS]
    likely = likely[heard[likely] > _KNOWN]
    if not len(likely):
        return None
    soft = _at_all_shifts(folded, _CODE_ROWS, _CODE_COLS)[likely] * np.array(SIGNS)
    for bits, values in zip(_viterbi(soft), soft, strict=True):
        mark = mark_of(bits)
        if mark is None or not _drawn(mark):
            continue
        signs = 2 * np.array(encode(bits)) - 1
        fit = float(signs @ values / np.abs(values).sum())
        if fit > _FIT:
            return Reading(mark, fit, (0, 0, 0, 0))
    return None


def _drawn(mark: Mark) -> bool:
    """Whether such a mark is ever drawn: only sheets are numbered, and a file has letters instead.

    Of what passes the check by chance three in four say something else.
    """
    return mark.medium is Medium.PAPER or (mark.medium is not Medium.FILE and not mark.copy)


def _trellis() -> tuple[Any, Any]:
    """For every state and each of the two before it: that state, and the two signs sent on the way."""
    states = 1 << MEMORY
    before = np.zeros((states, 2), int)
    sent = np.zeros((states, 2, 2))
    for state in range(states):
        for oldest in (0, 1):
            register = state | oldest << MEMORY
            before[state, oldest] = register >> 1
            sent[state, oldest] = [2 * ((register & p).bit_count() & 1) - 1 for p in POLYNOMIALS]
    return before, sent


_BEFORE, _SENT = _trellis()


def _viterbi(soft: Any) -> list[tuple[int, ...]]:
    """The likeliest bits of each row of soft values (plus for 1)."""
    rows = np.arange(len(soft))
    gain = np.full((len(soft), 1 << MEMORY), -1e9)
    gain[:, 0] = 0
    chosen = []
    for step in range(CODED // 2):
        pair = soft[:, 2 * step : 2 * step + 2]
        ways = gain[:, _BEFORE] + np.einsum("rk,sok->rso", pair, _SENT)
        best = ways.argmax(2)
        chosen.append(best)
        gain = np.take_along_axis(ways, best[:, :, None], 2)[:, :, 0]
    state = np.zeros(len(soft), int)
    bits = []
    for best in reversed(chosen):
        bits.append(state & 1)
        state = _BEFORE[state, best[rows, state]]
    found = np.array(bits[::-1]).T[:, :BITS]
    return [tuple(map(int, row)) for row in found]
