"""What a photograph looks like in 16 hexadecimal digits: saved again, made smaller or renamed it stays the same.

A difference hash: nine by eight grey points, each compared with its right neighbour. No picture leaves the program.
"""

import warnings
from typing import IO

from console.domain.file_names import MOST_PIXELS

WIDE, HIGH = 9, 8
# So few or so many bits say nothing: a wall, the night, a sheet of paper.
LEAST_BITS = 10
# Bits by which a picture saved again may differ.
NEAR = 5


def look_of(content: IO[bytes]) -> str:
    """The look of a picture; empty for what cannot be opened or has nothing to tell by."""
    from PIL import Image

    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(content) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return ""
                # A JPEG is read at an eighth of its size.
                picture.draft("L", (WIDE * 16, HIGH * 16))
                small = picture.convert("L").resize((WIDE, HIGH), Image.Resampling.BOX)
                points = list(small.tobytes())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    finally:
        content.seek(0)
    bits = _bits(points)
    ones = bits.bit_count()
    return f"{bits:016x}" if LEAST_BITS <= ones <= 64 - LEAST_BITS else ""


def _bits(points: list[int]) -> int:
    bits = 0
    for row in range(HIGH):
        for at in range(WIDE - 1):
            left, right = points[row * WIDE + at], points[row * WIDE + at + 1]
            bits = bits << 1 | (left > right)
    return bits


def alike(one: str, other: str) -> bool:
    """Whether two looks are of the same picture."""
    if not one or not other:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR
