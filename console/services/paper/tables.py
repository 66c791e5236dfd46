"""Ruled tables that break well across pages: repeated heads, long cells cut between lines, side labels drawn again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from console.services.paper.layout import LABEL, VALUE, Box, Rule, Sheet
from console.services.paper.text import Line, Style

_PAD_X, _PAD_Y = 4.0, 2.5
_THIN, _THICK = 0.5, 1.2
_SMALL_GROUP = 160.0
# A row no taller than this goes to the next page whole: half an entry of a list says nothing.
_SHORT = 72.0
# No row is squeezed below this to save a page.
_LOWEST = 20.0
# A cut cell shows at least this many lines on either side of the cut.
_KEEP = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over `span` grid columns. `ruled` draws writing lines where nothing is printed."""

    text: str = ""
    span: int = 1
    style: Style = VALUE
    align: str = "left"
    valign: str = "middle"
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; `grow` shares the white space left on a one-page form.

    `whole` is never cut and never begins a page alone: signatures stay with what they are put to.
    """

    cells: tuple[Cell, ...]
    height: float = 22.0
    grow: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with one upright label at their left, over the table's first column."""

    label: str
    rows: tuple[Row, ...]


def label(text: str, span: int = 1) -> Cell:
    """A centred caption cell."""
    return Cell(text, span, LABEL, "center")


def upright(text: str) -> str:
    """One character a line, as side labels are set."""
    return "\n".join(text)


@dataclass
class _Slab:
    """The part of the table on the page in hand."""

    top: float
    body_top: float = 0.0
    label_top: float = 0.0


@dataclass
class Table:
    """Columns in points. `head` rows are set on every page, `again` rows on every page but the first.

    `fill` stretches growing rows to the page's foot.
    """

    sheet: Sheet
    columns: Sequence[float]
    head: tuple[Row, ...] = ()
    again: tuple[Row, ...] = ()
    fill: bool = False
    _slab: _Slab = field(default_factory=lambda: _Slab(0.0))
    _group: Group | None = None

    def draw(self, items: Sequence[Row | Group]) -> None:
        """Set the whole table from the sheet's present height downwards."""
        items = [self._with_room_for_label(item) for item in items]
        if self.fill:
            items = self._stretched(items)
        self._open(first=self._height_of_first(items))
        for index, item in enumerate(items):
            tail = self._tail(items[index + 1 :])
            if isinstance(item, Group):
                self._draw_group(item, tail)
            else:
                self._draw_row(item, tail)
        self._close()

    def _tail(self, following: Sequence[Row | Group]) -> float:
        """The height of the whole rows next in line, which must share a page with the end of the row before."""
        height = 0.0
        for item in following:
            if isinstance(item, Group) or not item.whole:
                break
            height += self._height(item, False)
        return height

    def _with_room_for_label(self, item: Row | Group) -> Row | Group:
        """A group at least as tall as its side label."""
        if not isinstance(item, Group):
            return item
        heights = [self._height(row, True) for row in item.rows]
        short = (item.label.count("\n") + 1) * LABEL.leading + 2 * _PAD_Y - sum(heights)
        if short <= 0:
            return item
        at = max(range(len(heights)), key=lambda index: (item.rows[index].grow, heights[index]))
        taller = replace(item.rows[at], height=heights[at] + short)
        return Group(item.label, (*item.rows[:at], taller, *item.rows[at + 1 :]))

    def _height_of_first(self, items: Sequence[Row | Group]) -> float:
        if not items:
            return 0.0
        first = items[0].rows[0] if isinstance(items[0], Group) else items[0]
        return min(self._height(first, isinstance(items[0], Group)), 80.0)

    def _open(self, first: float = 0.0, turned: bool = False) -> None:
        self.sheet.need(sum(self._height(row, False) for row in self.head) + first)
        self._slab = _Slab(self.sheet.y, self.sheet.y)
        for row in (self.again if turned else ()) + self.head:
            self._paint(row, self._lines(row, 0), self._height(row, False), 0)
        self._slab.body_top = self._slab.label_top = self.sheet.y

    def _close(self) -> None:
        if self._group:
            self._draw_label()
        height = self.sheet.y - self._slab.top
        if height:
            self.sheet.add(Box(self.sheet.left, self._slab.top, sum(self.columns), height, _THICK))

    def _turn(self) -> None:
        self._close()
        self.sheet.turn()
        self._open(turned=True)

    def _draw_group(self, group: Group, tail: float) -> None:
        whole = sum(self._height(row, True) for row in group.rows)
        # A small group stays together, a large one starts if its first row, or a fair piece of it, fits.
        self._need(
            whole + tail
            if whole < _SMALL_GROUP
            else min(self._height(group.rows[0], True), _SMALL_GROUP / 2)
        )
        self._group, self._slab.label_top = group, self.sheet.y
        for index, row in enumerate(group.rows):
            self._draw_row(row, tail if index == len(group.rows) - 1 else 0.0)
        self._draw_label()
        self._group = None

    def _draw_label(self) -> None:
        """The side label, centred in the part of its group on this page."""
        if self._group is None or self.sheet.y <= self._slab.label_top:
            return
        sheet, top = self.sheet, self._slab.label_top
        lines = _fitting_label(self._group.label, sheet.y - top)
        y = top + max(0.0, (sheet.y - top - len(lines) * LABEL.leading) / 2)
        for line in lines:
            sheet.put(sheet.left + self.columns[0] / 2, y, line, LABEL, "center")
            y += LABEL.leading
        sheet.add(
            Rule(sheet.left + self.columns[0], top, sheet.left + self.columns[0], sheet.y, _THIN)
        )
        sheet.add(Rule(sheet.left, sheet.y, sheet.left + self.columns[0], sheet.y, _THIN))

    def _need(self, height: float) -> None:
        if height > self.sheet.room and self.sheet.y > self._slab.body_top:
            self._turn()

    def _first_column(self) -> int:
        return 1 if self._group else 0

    def _lines(self, row: Row, first: int) -> list[list[Line]]:
        found, column = [], first
        for cell in row.cells:
            width = sum(self.columns[column : column + cell.span]) - 2 * _PAD_X
            found.append(self.sheet.wrap(cell.text, cell.style, width))
            column += cell.span
        return found

    def _height(self, row: Row, grouped: bool) -> float:
        return max(row.height, _ink(row, self._lines(row, int(grouped))) + 2 * _PAD_Y)

    def _draw_row(self, row: Row, tail: float = 0.0) -> None:
        """Set a row, cut where the page ends; `tail` is the height that must follow its end on the same page."""
        first = self._first_column()
        lines = self._lines(row, first)
        while True:
            least = _ink(row, lines) + 2 * _PAD_Y
            height = max(row.height, least)
            # The white space it asked for gives way before the page is turned.
            if max(least, _LOWEST) + tail <= self.sheet.room + 0.1:
                self._paint(row, lines, min(height, self.sheet.room - tail + 0.1), first)
                return
            now = self._parted(row, lines, least)
            if now is None:
                if self.sheet.y <= self._slab.body_top:
                    self._paint(row, lines, min(height, self.sheet.room), first)
                    return
                self._turn()
                continue
            self._paint(row, now, self.sheet.room, first)
            row, lines = self._rest(row, lines, now)
            self._turn()

    def _parted(self, row: Row, lines: list[list[Line]], least: float) -> list[list[Line]] | None:
        """What of a row that cannot stand here with all it needs is set here; None to turn the page first."""
        if least <= _SHORT and self.sheet.y > self._slab.body_top:
            return None
        if least <= self.sheet.room + 0.1:
            return self._spared(row, lines)
        return self._cut(row, lines)

    def _cut(self, row: Row, lines: list[list[Line]]) -> list[list[Line]] | None:
        """The lines of each cell that fit here, or None when the row should go to the next page whole.

        A cut leaves two lines on either side, so a row of three lines or fewer is never cut.
        """
        fresh = self.sheet.y <= self._slab.body_top
        if row.whole and not fresh:
            return None
        room = self.sheet.room - 2 * _PAD_Y
        now, cut = [], False
        for cell, part in zip(row.cells, lines, strict=True):
            fit = int(room / cell.style.leading)
            if len(part) > fit:
                cut = True
                fit = max(min(fit, len(part) - _KEEP), 1 if fresh else 0)
                if fit < _KEEP and not fresh:
                    return None
            now.append(part[:fit])
        return now if cut else None

    def _spared(self, row: Row, lines: list[list[Line]]) -> list[list[Line]] | None:
        """All but the last lines of a row that fits itself but not with the signatures below it."""
        if row.whole:
            return None
        now = [part[:-_KEEP] if len(part) >= 2 * _KEEP else part for part in lines]
        longest = max(range(len(lines)), key=lambda index: len(lines[index]))
        return now if len(now[longest]) < len(lines[longest]) else None

    def _rest(
        self, row: Row, lines: list[list[Line]], now: list[list[Line]]
    ) -> tuple[Row, list[list[Line]]]:
        """What the next page shows of a cut row: the captions again, marked 续, and the lines still to come."""
        rest = []
        for cell, all_lines, done in zip(row.cells, lines, now, strict=True):
            left = all_lines[len(done) :]
            if not left and cell.style is LABEL and not all_lines[-1].text.endswith("续）"):
                left = [*all_lines, Line("（续）", 3 * LABEL.size)]
            rest.append(left or (all_lines if cell.style is LABEL else [Line("", 0.0)]))
        return replace(row, height=0.0, cells=tuple(_go_on(cell) for cell in row.cells)), rest

    def _paint(self, row: Row, lines: list[list[Line]], height: float, first: int) -> None:
        sheet = self.sheet
        x = sheet.left + sum(self.columns[:first])
        column, left = first, x
        for cell, part in zip(row.cells, lines, strict=True):
            width = sum(self.columns[column : column + cell.span])
            self._paint_cell(cell, part, x, width, height)
            x, column = x + width, column + cell.span
            if column < len(self.columns):
                sheet.add(Rule(x, sheet.y, x, sheet.y + height, _THIN))
        sheet.add(Rule(left, sheet.y + height, x, sheet.y + height, _THIN))
        sheet.y += height

    def _paint_cell(
        self, cell: Cell, lines: list[Line], x: float, width: float, height: float
    ) -> None:
        sheet, leading = self.sheet, cell.style.leading
        used = len(lines) * leading
        y = sheet.y + _PAD_Y if cell.valign == "top" else sheet.y + max(0.0, (height - used) / 2)
        if cell.valign == "bottom":
            y = sheet.y + height - used - _PAD_Y
        at = {"left": x + _PAD_X, "center": x + width / 2, "right": x + width - _PAD_X}[cell.align]
        for line in lines:
            if line.text:
                sheet.put(at, y, line.text, cell.style, cell.align, line.space)
            y += leading
        if cell.ruled:
            self._rule(cell, lines, x, width, height)

    def _rule(self, cell: Cell, lines: list[Line], x: float, width: float, height: float) -> None:
        """Dotted writing lines below what is printed."""
        sheet, pitch = self.sheet, 24.0
        printed = len(lines) if any(line.text for line in lines) else 0
        y = sheet.y + _PAD_Y + printed * cell.style.leading + pitch
        while y < sheet.y + height - 8:
            sheet.add(Rule(x + 8, y, x + width - 8, y, 0.4, (1.0, 2.0), 0.35))
            y += pitch

    def _stretched(self, items: Sequence[Row | Group]) -> Sequence[Row | Group]:
        """Items with the page's white space shared among growing rows, when all fit on this page."""
        rows = [(row, isinstance(item, Group)) for item in items for row in _rows(item)]
        used = sum(self._height(row, grouped) for row, grouped in rows)
        used += sum(self._height(row, False) for row in self.head)
        growing = sum(row.grow for row, _ in rows)
        slack = self.sheet.room - used
        if slack <= 0 or not growing:
            return items
        share = slack / growing
        return [self._grown(item, share) for item in items]

    def _grown(self, item: Row | Group, share: float) -> Row | Group:
        if isinstance(item, Group):
            return Group(item.label, tuple(self._grown_row(row, share, True) for row in item.rows))
        return self._grown_row(item, share, False)

    def _grown_row(self, row: Row, share: float, grouped: bool) -> Row:
        # A hair less than the whole share: sums of floats must not push the last row off the page.
        return replace(row, height=self._height(row, grouped) + share - 0.05) if row.grow else row


def _fitting_label(text: str, room: float) -> list[str]:
    """The side label one character a line; two a line where it continues in a strip too short for that.

    A strip too short even for this bears none: the rest of its group, on the other page, does.
    """
    lines = text.split("\n")
    if len(lines) * LABEL.leading > room + 1:
        letters = "".join(lines)
        lines = [letters[at : at + 2] for at in range(0, len(letters), 2)]
    return lines if len(lines) * LABEL.leading <= room + 1 else []


def _rows(item: Row | Group) -> tuple[Row, ...]:
    return item.rows if isinstance(item, Group) else (item,)


def _ink(row: Row, lines: list[list[Line]]) -> float:
    return max(len(part) * cell.style.leading for cell, part in zip(row.cells, lines, strict=True))


def _go_on(cell: Cell) -> Cell:
    """The same cell on the next page: writing lines are not drawn again."""
    return replace(cell, ruled=False, valign="top" if cell.style is not LABEL else cell.valign)
