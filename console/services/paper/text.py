"""Text on paper: cleaning, measuring, and breaking lines as Chinese typesetting asks (避头尾)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from console.services.paper.fonts import MISSING_MARK, Role

NO_START = frozenset("、。，．；：？！）》〉」』】〕〗〞”’…—·～％‰℃°々!),.:;?]}%")
NO_END = frozenset("（《〈「『【〔〖“‘￥＄([{$¥№")
# Full-width marks whose ink fills only the left half: the empty half may stand outside the line (行末挤压).
HANGING = frozenset("、。，；：）》〉」』】〕”’")
_PAIRS = frozenset(("——", "……"))
# A box and its caption, a Latin word or number, or one character.
_WORD = re.compile(r"[☑□][\u4e00-\u9fff]{1,8}|[0-9A-Za-z_@./:+#&%*=~^,\-]+|.", re.DOTALL)
_FAR_BACK = 8
# Joiners, variation selectors, direction marks and controls have no ink; `\n` stays.
_INKLESS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef]"
)


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text looks: face, size and line pitch in points, stroke added for weight, grey 0 to 1."""

    role: Role
    size: float
    leading: float
    weight: float = 0.0
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One set line; `space` is added after each character to fill the measure."""

    text: str
    width: float
    space: float = 0.0


def clean(text: str, can_draw: Callable[[str], bool], missing: dict[str, None]) -> str:
    """The text with nothing in it that would print as an empty box; what had to give way is added to `missing`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    if not text.isascii() or not text.isprintable():
        text = _INKLESS.sub("", text)
    for char in dict.fromkeys(text):
        if char != "\n" and not can_draw(char):
            text = text.replace(char, _stand_in(char, can_draw, missing))
    return text


def _stand_in(char: str, can_draw: Callable[[str], bool], missing: dict[str, None]) -> str:
    """A plain form of a compatibility character (⼈ → 人), or the mark for a character nobody can draw."""
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and all(map(can_draw, plain)):
        return plain
    missing[char] = None
    return MISSING_MARK


def wrap(
    text: str, widths: Mapping[str, float], style: Style, room: float, justify: bool = False
) -> list[Line]:
    """Lines no wider than `room` points, but for a closing mark's empty half."""
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, widths, style.size, room, justify)
    return lines


def _wrap_paragraph(
    text: str, widths: Mapping[str, float], size: float, room: float, justify: bool
) -> list[Line]:
    units = _units(text, widths, size, room, 12 if justify else 80)
    lines: list[Line] = []
    start = 0
    while start < len(units):
        end = _line_end(units, start, room)
        piece = "".join(unit for unit, _ in units[start:end])
        width = sum(unit_width for _, unit_width in units[start:end])
        last = end >= len(units)
        lines.append(
            Line(piece, width, 0.0 if last or not justify else _spread(piece, room - width, size))
        )
        start = end
        while start < len(units) and units[start][0] == " ":
            start += 1
    return lines or [Line("", 0.0)]


def _units(
    text: str, widths: Mapping[str, float], size: float, room: float, longest: int
) -> list[tuple[str, float]]:
    """What may not be torn: single Chinese characters, Latin words and numbers of no more than `longest` signs."""
    units: list[tuple[str, float]] = []
    for match in _WORD.finditer(text):
        unit = match.group()
        width = sum(map(widths.__getitem__, unit)) * size
        if len(unit) > longest or (len(unit) > 1 and width > room * 0.75):
            units += [(char, widths[char] * size) for char in unit]
        else:
            units.append((unit, width))
    return units


def _line_end(units: list[tuple[str, float]], start: int, room: float) -> int:
    """Index after the last unit of the line that begins at `start`."""
    end, used = start, 0.0
    while end < len(units) and used + units[end][1] <= room + 0.01:
        used += units[end][1]
        end += 1
    if end < len(units) and units[end][0] in HANGING and used + units[end][1] / 2 <= room + 0.01:
        end += 1
    if end >= len(units):
        return end
    return _allowed_break(units, start, max(end, start + 1))


def _allowed_break(units: list[tuple[str, float]], start: int, end: int) -> int:
    """The nearest break at or before `end` that leaves no mark where it may not stand; `end` when there is none."""
    for at in range(end, max(start, end - _FAR_BACK), -1):
        # Spaces at a break are dropped, so the next line begins with what comes after them.
        following = (unit for unit, _ in units[at:] if unit != " ")
        before, after = units[at - 1][0], next(following, " ")
        if after[0] not in NO_START and before[-1] not in NO_END and before + after not in _PAIRS:
            return at
    return end


def _spread(piece: str, slack: float, size: float) -> float:
    """Space after each character so that the line reaches the margin; a line far too short is left ragged."""
    if slack <= 0 or slack > size * len(piece) / 4 or len(piece) < 2:
        return 0.0
    return slack / (len(piece) - 1)
