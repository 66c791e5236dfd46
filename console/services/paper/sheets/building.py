"""楼栋表: units side by side, floors from the top down; what is too wide or too high goes on, heads and all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.domain.forms import Stamp
from console.domain.registers.building_sheet import (
    HAZARD,
    BuildingSheet,
    door_home,
    door_marks,
    door_use,
    floor_words,
    legend,
)
from console.domain.registers.matrix import Room
from console.services.paper.glyphs import Fonts
from console.services.paper.layout import (
    FORM_HEADING,
    FORM_TITLE,
    LABEL,
    MM,
    PAGE_HEIGHT,
    SMALL,
    SMALL_LABEL,
    Rule,
    Sheet,
    landscape,
)
from console.services.paper.tables import Cell, Row, Table
from console.services.paper.text import Line

SIDE, HEAD = 15 * MM, 18.0
NARROW, WIDE = 22 * MM, 48 * MM
PAD, LOWEST, GROWTH = 3.0, 30.0, 16.0
_FACTS_IN_ROW = 4
_THIN, _THICK = 0.5, 1.2
# There is no barcode to be left room for.
_TOP = 13 * MM
# 核对人 below the last floor, with the white above it.
_SIGNED = 22.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Doors of one unit that share a page: all of them, or those from `start` on."""

    at: int
    start: int
    doors: int


def large(fonts: Fonts) -> Sheet:
    """A3 on its side."""
    return Sheet(
        fonts, top=_TOP, bottom=273 * MM, left=20 * MM, width=380 * MM,
        paper=(420 * MM, PAGE_HEIGHT), head=8 * MM, foot=279 * MM,
    )  # fmt: skip


def paper_of(fonts: Fonts, record: BuildingSheet) -> Sheet:
    if record.large:
        return large(fonts)
    sheet = landscape(fonts)
    sheet.top = sheet.y = _TOP
    sheet.bottom = sheet.foot - 3 * MM
    return sheet


def building_sheet(sheet: Sheet, record: BuildingSheet, stamp: Stamp) -> None:
    """Head and legend, then page by page down the floors of as many units as stand side by side."""
    sheet.title(record.heading or stamp.heading, style=FORM_HEADING)
    sheet.title(record.title, style=FORM_TITLE)
    _facts(sheet, record)
    sheet.paragraph(f"{record.matrix.words}。{legend()}", SMALL)
    sheet.y += 4
    if not record.matrix.rooms:
        sheet.paragraph("这栋楼还没有登记房屋。", LABEL)
    hazards = _hazards(record)
    below = _SIGNED + len(sheet.wrap(hazards, SMALL, sheet.width)) * SMALL.leading + 4
    strips = tuple(_strips(sheet, record))
    for number, pieces in enumerate(strips):
        if number:
            sheet.turn()
        last = number == len(strips) - 1
        _Strip(sheet, record, pieces, below if last else 0.0).draw(again=number > 0)
    sheet.y += 4
    if hazards:
        sheet.paragraph(hazards, SMALL)
    sheet.need(_SIGNED - 4)
    sheet.y += 6
    blank = "_" * 12
    words = f"核对人（签字）{blank}　　核对日期{blank}　　更正处数{'_' * 6}"
    sheet.put(sheet.left, sheet.y, words, LABEL)
    sheet.y += LABEL.leading


def _facts(sheet: Sheet, record: BuildingSheet) -> None:
    shares = (0.08, 0.17) * _FACTS_IN_ROW
    columns = [sheet.width * share for share in shares]
    rows = []
    for at in range(0, len(record.facts), _FACTS_IN_ROW):
        cells: list[Cell] = []
        for caption, value in record.facts[at : at + _FACTS_IN_ROW]:
            cells += [Cell(caption, style=SMALL_LABEL, align="center"), Cell(value, style=SMALL)]
        # The last value goes on to the edge.
        rest = 2 * _FACTS_IN_ROW - len(cells)
        if rest:
            cells[-1] = Cell(cells[-1].text, 1 + rest, SMALL)
        rows.append(Row(tuple(cells), 18))
    if rows:
        Table(sheet, columns).draw(rows)
    sheet.y += 4


def _hazards(record: BuildingSheet) -> str:
    found = [
        f"{room.unit_no}单元{room.room} {room.hazard}"
        for room in record.matrix.rooms
        if room.hazard
    ]
    return f"{HAZARD} 隐患：{'；'.join(found)}。" if found else ""


def _strips(sheet: Sheet, record: BuildingSheet) -> Iterator[tuple[Piece, ...]]:
    """Units that stand side by side on one page; one wider than a page is cut between two doors."""
    most = max(1, int((sheet.width - SIDE) / NARROW))
    taken: list[Piece] = []
    for piece in _pieces(record, most):
        if taken and sum(one.doors for one in taken) + piece.doors > most:
            yield tuple(taken)
            taken = []
        taken.append(piece)
    if taken:
        yield tuple(taken)


def _pieces(record: BuildingSheet, most: int) -> Iterator[Piece]:
    for at in range(len(record.matrix.units)):
        doors = max((len(floor[at]) for floor in record.matrix.cells), default=0) or 1
        for start in range(0, doors, most):
            yield Piece(at, start, min(most, doors - start))


class _Strip:
    """The floors of some units; `below` is what must share a page with the last of them."""

    def __init__(
        self, sheet: Sheet, record: BuildingSheet, pieces: Sequence[Piece], below: float
    ) -> None:
        self._sheet, self._record, self._pieces, self._below = sheet, record, pieces, below
        doors = sum(piece.doors for piece in pieces)
        self._cell = min(WIDE, (sheet.width - SIDE) / doors)
        self._right = sheet.left + SIDE + doors * self._cell
        self._top = 0.0

    def draw(self, again: bool) -> None:
        sheet, cells = self._sheet, self._record.matrix.cells
        heights = [self._height(floor) for floor in cells]
        if again:
            self._go_on(0)
        else:
            sheet.need(HEAD + (heights[0] if heights else LOWEST))
            self._heads()
        heights = self._grown(heights)
        for at, floor in enumerate(cells):
            below = self._below if at == len(cells) - 1 else 0.0
            if heights[at] + below > sheet.room and at:
                self._end()
                sheet.turn()
                self._go_on(at)
            self._floor(at, floor, heights[at])
        self._end()

    def _grown(self, heights: list[float]) -> list[float]:
        """Higher where all floors share the page: room to write in what has changed."""
        spare = self._sheet.room - sum(heights) - self._below - 1
        share = min(GROWTH, spare / len(heights)) if heights and spare > 0 else 0.0
        return [height + share for height in heights]

    def _go_on(self, at: int) -> None:
        """On the next page: which building, which units, from which floor down."""
        matrix = self._record.matrix
        units = [str(matrix.units[piece.at]) for piece in self._pieces]
        span = units[0] if units[0] == units[-1] else f"{units[0]}至{units[-1]}"
        words = f"{self._record.title}（续）　{span}单元"
        if at:
            words += f"　{floor_words(matrix.floors[at])}以下"
        self._sheet.put(self._sheet.left, self._sheet.y, words, LABEL)
        self._sheet.y += LABEL.leading + 4
        self._heads()

    def _heads(self) -> None:
        sheet, x = self._sheet, self._sheet.left + SIDE
        self._top = sheet.y
        self._across(_THICK)
        top = sheet.y + (HEAD - SMALL_LABEL.leading) / 2
        for piece in self._pieces:
            width = piece.doors * self._cell
            words = f"{self._record.matrix.units[piece.at]}单元" + ("（续）" if piece.start else "")
            sheet.put(x + width / 2, top, words, SMALL_LABEL, "center")
            x += width
        sheet.y += HEAD
        self._across(_THIN)

    def _floor(self, at: int, floor: Sequence[Sequence[Room]], height: float) -> None:
        sheet, x = self._sheet, self._sheet.left + SIDE
        words = floor_words(self._record.matrix.floors[at])
        middle = sheet.y + (height - SMALL_LABEL.leading) / 2
        sheet.put(sheet.left + SIDE / 2, middle, words, SMALL_LABEL, "center")
        for piece in self._pieces:
            for door in range(piece.start, piece.start + piece.doors):
                if door < len(floor[piece.at]):
                    self._door(x, floor[piece.at][door])
                x += self._cell
        sheet.y += height
        self._across(_THIN)

    def _door(self, x: float, room: Room) -> None:
        sheet, y = self._sheet, self._sheet.y + PAD
        sheet.put(x + self._cell - PAD, y, door_marks(room), SMALL_LABEL, "right")
        number, home = self._lines(room)
        for line in number:
            sheet.put(x + PAD, y, line.text, SMALL_LABEL)
            y += SMALL_LABEL.leading
        if room.people:
            sheet.put(x + self._cell - PAD, y, f"{room.people}人", SMALL, "right")
        for text in (door_use(room), *(line.text for line in home)):
            sheet.put(x + PAD, y, text, SMALL)
            y += SMALL.leading

    def _lines(self, room: Room) -> tuple[list[Line], list[Line]]:
        """The door's number and whose home it is, as they break; use and head count are on a line between."""
        sheet, room_for = self._sheet, self._cell - 2 * PAD
        marks = sheet.measure(door_marks(room), SMALL_LABEL)
        number = sheet.wrap(room.room, SMALL_LABEL, room_for - (marks + PAD if marks else 0))
        home = door_home(room)
        return number, sheet.wrap(home, SMALL, room_for) if home else []

    def _height(self, floor: Sequence[Sequence[Room]]) -> float:
        """As high as its fullest door of those that stand on this page."""
        tall = LOWEST
        for piece in self._pieces:
            for room in floor[piece.at][piece.start : piece.start + piece.doors]:
                number, home = self._lines(room)
                lines = len(number) * SMALL_LABEL.leading + (1 + len(home)) * SMALL.leading
                tall = max(tall, lines + 2 * PAD)
        return tall

    def _across(self, thick: float) -> None:
        sheet = self._sheet
        sheet.add(Rule(sheet.left, sheet.y, self._right, sheet.y, thick))

    def _end(self) -> None:
        """The lines from top to bottom: thick around units, thin between doors."""
        x = self._sheet.left
        self._across(_THICK)
        self._down(x, _THICK)
        x += SIDE
        self._down(x, _THIN)
        for piece in self._pieces:
            for _door in range(piece.doors - 1):
                x += self._cell
                self._down(x, _THIN, HEAD)
            x += self._cell
            self._down(x, _THICK)

    def _down(self, x: float, thick: float, below: float = 0.0) -> None:
        self._sheet.add(Rule(x, self._top + below, x, self._sheet.y, thick))
