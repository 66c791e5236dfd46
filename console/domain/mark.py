"""The mark that any copy carries all over: who looked, in which minute, on what (peers 6.8).

A tile of 16 × 16 cells is repeated without end, so any cut of one tile's size holds all of it, only turned round like
a ring. A cell holds a stroke leaning one way or the other; the lowest row is left to the code that people read
(`console.domain.trace`). `console.services.auditing` reads it back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256

SIDE = 16
# The lowest row carries letters.
ROWS = SIDE - 1
_ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)
_FIELDS = (("account", 24), ("minute", 25), ("medium", 2), ("training", 1), ("copy", 12))
_DATA, _CHECK, _TAIL = 64, 16, 6
BITS = _DATA + _CHECK
# The rate 1/2 code of constraint length 7 that satellites use (CCSDS 131.0-B): every bit is spread over fourteen cells.
POLYNOMIALS = (0o171, 0o133)
MEMORY = 6
CODED = 2 * (BITS + _TAIL)


class Medium(IntEnum):
    """What the copy is made of."""

    SCREEN = 0
    PAPER = 1
    FILE = 2
    CLIPBOARD = 3


MEDIUM_NAMES = {
    Medium.SCREEN: "屏幕",
    Medium.PAPER: "纸面",
    Medium.FILE: "导出文件",
    Medium.CLIPBOARD: "剪贴板",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose copy it is. `copy` is the number of a printed copy, 0 for none; the largest numbers begin again."""

    account_id: int
    at: datetime
    medium: Medium = Medium.SCREEN
    training: bool = False
    copy: int = 0

    @property
    def minute(self) -> datetime:
        """`at` without seconds, which is all that comes back."""
        return self.at.astimezone(UTC).replace(second=0, microsecond=0)


def bits_of(mark: Mark) -> tuple[int, ...]:
    """64 bits and their check. Raises ValueError for an account beyond 24 bits."""
    if not 0 <= mark.account_id < 1 << 24:
        raise ValueError(mark.account_id)
    values = {
        "account": mark.account_id,
        "minute": int((mark.at - _ORIGIN).total_seconds() // 60) % (1 << 25),
        "medium": int(mark.medium),
        "training": int(mark.training),
        "copy": mark.copy % (1 << 12),
    }
    data = [bit for name, width in _FIELDS for bit in _bits(values[name], width)]
    return (*data, *_bits(_check(data), _CHECK))


def mark_of(bits: tuple[int, ...]) -> Mark | None:
    """Back again; None when the check does not fit."""
    data, check = list(bits[:_DATA]), bits[_DATA:BITS]
    if _bits(_check(data), _CHECK) != list(check):
        return None
    values, at = {}, 0
    for name, width in _FIELDS:
        values[name] = int("".join(map(str, data[at : at + width])), 2)
        at += width
    when = _ORIGIN + timedelta(minutes=values["minute"])
    medium, training = Medium(values["medium"]), bool(values["training"])
    return Mark(values["account"], when, medium, training, values["copy"])


@lru_cache(maxsize=256)
def tile(mark: Mark) -> tuple[tuple[int, ...], ...]:
    """16 rows of 16 cells: 1 leans like a backslash, -1 like a slash, 0 is empty."""
    cells = dict(zip(SYNC, SYNC_SIGNS, strict=True))
    coded = encode(bits_of(mark))
    cells |= {
        at: sign if bit else -sign for at, bit, sign in zip(PLACES, coded, SIGNS, strict=True)
    }
    return tuple(tuple(cells.get((row, col), 0) for col in range(SIDE)) for row in range(SIDE))


def encode(bits: tuple[int, ...]) -> tuple[int, ...]:
    """Two bits for each, of a register of seven; it ends empty."""
    register, coded = 0, []
    for bit in (*bits, *[0] * _TAIL):
        register = (register << 1 | bit) & 0x7F
        coded += [(register & polynomial).bit_count() & 1 for polynomial in POLYNOMIALS]
    return tuple(coded)


def _bits(value: int, width: int) -> list[int]:
    return [value >> at & 1 for at in reversed(range(width))]


def _check(data: list[int]) -> int:
    """CRC-16/CCITT."""
    rest = 0xFFFF
    for bit in data:
        rest = (rest << 1 ^ (0x1021 if (rest >> 15 ^ bit) & 1 else 0)) & 0xFFFF
    return rest


def _shuffled() -> list[tuple[int, int]]:
    """Every cell but the letters', in an order that looks like chance and never changes."""
    cells = [(row, col) for row in range(ROWS) for col in range(SIDE)]
    return sorted(cells, key=lambda cell: sha256(f"cell {cell}".encode()).digest())


def _signs(salt: str, count: int) -> tuple[int, ...]:
    return tuple(
        1 if sha256(f"{salt} {at}".encode()).digest()[0] & 1 else -1 for at in range(count)
    )


_ORDER = _shuffled()
# Where the code lies, and what it is turned by so that no mark looks plain; what is left says where the tile begins.
PLACES, SYNC = tuple(_ORDER[:CODED]), tuple(_ORDER[CODED:])
SIGNS, SYNC_SIGNS = _signs("sign", CODED), _signs("sync", len(SYNC))
