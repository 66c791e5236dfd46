"""The board by unit: one line a unit, its red, yellow and supervised work; the first line is the whole city."""

from dataclasses import dataclass

from PySide6.QtWidgets import QAbstractItemView, QWidget

from console.domain.supervision import CARDS, Board, Watch
from console.theme import Tone
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

EVERY_UNIT = "*"
NUMBER = 34


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's numbers; `id` is its code, or the mark for every unit."""

    id: str
    name: str
    red: int
    yellow: int
    cards: int

    @property
    def code(self) -> str | None:
        return None if self.id == EVERY_UNIT else self.id


class UnitTable(TableView):
    """`show_board(board)`; `selected(Line)` as the operator moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        name = self.tr("按承办单位")
        model = RecordTable(
            (
                Column(self.tr("承办单位"), _name, bold=_is_whole, tip=_name),
                _column(self.tr("红"), "red", Tone.BAD),
                _column(self.tr("黄"), "yellow", Tone.WARN),
                _column(self.tr("督"), "cards", Tone.VIOLET),
            )
        )
        super().__init__(model, "", None, parent)
        model.setParent(self)
        self.setAccessibleName(name)
        self.setSortingEnabled(False)
        # The name needs the room; a count has three figures at most.
        self.horizontalHeader().setMinimumSectionSize(NUMBER)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def show_board(self, board: Board) -> None:
        whole = _line(EVERY_UNIT, self.tr("全部单位"), board, None)
        units = [_line(unit.code, unit.name, board, unit.code) for unit in board.units]
        self.show_rows((whole, *units))
        if self.current is None:
            self.select_id(EVERY_UNIT)


def _line(id_: str, name: str, board: Board, code: str | None) -> Line:
    cards = sum(board.cards(level, code) for level in CARDS)
    return Line(id_, name, board.number(Watch.RED, code), board.number(Watch.YELLOW, code), cards)


def _column(title: str, field: str, tone: Tone) -> Column:
    def words(line: Line) -> str:
        return str(getattr(line, field) or "·")

    def ink(line: Line) -> Tone:
        return tone if getattr(line, field) else Tone.MUTED

    def heavy(line: Line) -> bool:
        return bool(getattr(line, field))

    return Column(title, words, ink, width=NUMBER, right=True, bold=heavy)


def _name(line: Line) -> str:
    return line.name


def _is_whole(line: Line) -> bool:
    return line.id == EVERY_UNIT
