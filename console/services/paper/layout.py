"""Pages as lists of marks, in points from the top left of an A4 sheet. Nothing here knows reportlab.

A document is laid out completely before it is drawn, so that every page can say how many there are.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from console.services.paper.fonts import Role
from console.services.paper.glyphs import Fonts
from console.services.paper.text import Line, Style, clean, wrap

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
# GB/T 9704-2012 5.2.1: 37 mm above, 28 mm to the left, a text block of 156 mm × 225 mm.
LEFT, TOP, WIDTH, HEIGHT = 28 * MM, 37 * MM, 156 * MM, 225 * MM
RIGHT, BOTTOM = LEFT + WIDTH, TOP + HEIGHT

# 28 characters to a line and 22 lines to a page (5.2.3), whatever font stands in for 仿宋.
LETTER_SIZE, LETTER_LEADING = WIDTH / 28, HEIGHT / 22
LETTER = Style(Role.BODY, LETTER_SIZE, LETTER_LEADING)
LETTER_HEAD = Style(Role.HEAD, LETTER_SIZE, LETTER_LEADING)
LETTER_TITLE = Style(Role.TITLE, 22, LETTER_LEADING * 1.15, weight=0.45)
ANNEX_HEAD = Style(Role.HEAD, 12, 20)
FORM_TITLE = Style(Role.TITLE, 20, 28, weight=0.45)
FORM_HEADING = Style(Role.TITLE, 15, 22, weight=0.3)
VALUE = Style(Role.BODY, 11, 16.5)
LABEL = Style(Role.HEAD, 10.5, 15)
# For content too long for the first page in the ordinary size.
COMPACT = Style(Role.BODY, 10, 14)
SMALL = Style(Role.BODY, 9, 12.5)
SMALL_LABEL = Style(Role.HEAD, 9, 12.5)
COPIES = Style(Role.BODY, 14, 21)
FOOT = Style(Role.BODY, 8.5, 12)
MARK = Style(Role.HEAD, 14, 18, weight=0.3)


class Text(NamedTuple):
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    style: Style
    space: float = 0.0


class Rule(NamedTuple):
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    thick: float = 0.5
    dash: tuple[float, ...] = ()
    grey: float = 0.0


class Box(NamedTuple):
    """The outline of a rectangle."""

    x: float
    y: float
    width: float
    height: float
    thick: float = 1.0


class Ring(NamedTuple):
    """A dashed circle that shows where the seal goes."""

    x: float
    y: float
    radius: float


class Bars(NamedTuple):
    """Code 128 of a number, `width` × `height` points, top left at x, y."""

    x: float
    y: float
    width: float
    height: float
    value: str


class Matrix(NamedTuple):
    """QR code of a number, top left at x, y."""

    x: float
    y: float
    side: float
    value: str


Op = Text | Rule | Box | Ring | Bars | Matrix


def baseline(top: float, style: Style) -> float:
    """Baseline that centres Chinese ink in a line whose top is at `top`."""
    return top + style.leading / 2 + 0.37 * style.size


@dataclass
class Sheet:
    """A document being laid out: finished pages, the page in hand, and how far down it we are."""

    fonts: Fonts
    top: float = TOP
    bottom: float = BOTTOM
    left: float = LEFT
    width: float = WIDTH
    pages: list[list[Op]] = field(default_factory=lambda: [[]])
    missing: dict[str, None] = field(default_factory=dict)
    y: float = TOP
    # Width and height of the paper; where head and foot stand on it.
    paper: tuple[float, float] = (PAGE_WIDTH, PAGE_HEIGHT)
    head: float = 15 * MM
    foot: float = 278 * MM
    # Pages that carry their own number line, tables and stubs being numbered in the foot only.
    letter_pages: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.y = self.top

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def room(self) -> float:
        """Points left on this page."""
        return self.bottom - self.y

    def add(self, op: Op) -> None:
        self.pages[-1].append(op)

    def turn(self) -> None:
        """Go to the next page."""
        self.pages.append([])
        self.y = self.top

    def need(self, height: float) -> None:
        """Turn the page unless this much fits; never turns an empty page."""
        if height > self.room and self.y > self.top:
            self.turn()

    def clean(self, text: str) -> str:
        return clean(text, self.fonts.can_draw, self.missing)

    def measure(self, text: str, style: Style) -> float:
        """Width in points of cleaned text."""
        return sum(map(self.fonts.widths(style.role).__getitem__, text)) * style.size

    def wrap(self, text: str, style: Style, room: float, justify: bool = False) -> list[Line]:
        return wrap(self.clean(text), self.fonts.widths(style.role), style, room, justify)

    def put(
        self, x: float, top: float, text: str, style: Style, align: str = "left", space: float = 0.0
    ) -> None:
        """Set one line whose top is at `top`; `x` is its left edge, centre or right edge as `align` says."""
        text = self.clean(text)
        if align != "left":
            width = self.measure(text, style)
            x -= width / 2 if align == "center" else width
        if text:
            self.add(Text(x, baseline(top, style), text, style, space))

    def paragraph(self, text: str, style: Style, align: str = "left", indent: int = 0) -> None:
        """Set text down the page, turning it as needed; `indent` is in characters, on each paragraph's first line."""
        lead = "\u3000" * indent
        body = "\n".join(lead + part for part in text.split("\n"))
        lines = self.wrap(body, style, self.width, justify=align == "left")
        for index, line in enumerate(lines):
            # No first line alone at the foot of a page, nor a last line alone at the head of the next.
            pair = index in (0, len(lines) - 2) and len(lines) > 2
            self.need(style.leading * (2 if pair else 1))
            self._set(line, style, align)

    def _set(self, line: Line, style: Style, align: str) -> None:
        x = {"left": self.left, "center": self.left + self.width / 2, "right": self.right}[align]
        self.put(x, self.y, line.text, style, align, line.space)
        self.y += style.leading

    def title(self, *parts: str, style: Style) -> None:
        """Centred, in lines of fair length (GB/T 9704 7.3.1: 词意完整、长短适宜).

        On one line if it fits, else a line for each part if those fit, else lines of nearly equal length.
        """
        whole = [self.clean(part) for part in parts]
        text = "".join(whole)
        fit = [self.measure(part, style) <= self.width for part in whole]
        if self.measure(text, style) > self.width and all(fit):
            text = "\n".join(whole)
        for line in self._balanced(text, style):
            self.need(style.leading)
            self._set(line, style, "center")

    def _balanced(self, text: str, style: Style) -> list[Line]:
        """As few lines as the width allows, as even as that number allows."""
        room = self.width
        lines = self.wrap(text, style, room)
        while len(lines) > 1 and "\n" not in text and room > self.width * 0.4:
            closer = self.wrap(text, style, room - style.size / 2)
            if len(closer) > len(lines):
                break
            lines, room = closer, room - style.size / 2
        return lines

    def gap(self, height: float) -> None:
        """White space, which a page's head swallows."""
        if self.y > self.top:
            self.y = min(self.y + height, self.bottom)


def landscape(fonts: Fonts) -> Sheet:
    """A4 on its side for wide tables: 20 mm at the sides, 24 mm above for the barcode."""
    return Sheet(
        fonts,
        top=24 * MM,
        bottom=186 * MM,
        left=20 * MM,
        width=257 * MM,
        paper=(PAGE_HEIGHT, PAGE_WIDTH),
        head=8 * MM,
        foot=192 * MM,
    )
