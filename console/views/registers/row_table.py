"""The list of a register: what it is, where, how fresh; overdue visits in red."""

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from console.domain.registers.kinds import KINDS, Register
from console.domain.registers.records import Listing, Row
from console.theme import Tone
from console.views.parts.light_label import Mark, Shape
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.registers.looks import fresh_mark

_NAME, _TAG, _FRESHNESS, _GRID = 0, 2, 3, 4
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
GRID_WIDE, GRID_SHORT, FEW = 136, 78, 5
GRID_WIDEST, MANY = 176, 9
SMALL, SMALLER = 700, 560
_COMMUNITY = re.compile(r"(.+?(?:社区|村))(?=.)")
_SHORT = frozenset({Register.PERSONS, Register.HOUSEHOLDS, Register.MEMBERS, Register.STAFF})
_ADDRESSED = _SHORT | {Register.ENTERPRISES}
_HEADS = {
    Register.PERSONS: "姓名", Register.HOUSEHOLDS: "户主", Register.BUILDINGS: "楼栋", Register.HOUSES: "房屋",
    Register.ENTERPRISES: "名称", Register.MEMBERS: "姓名", Register.GRIDS: "网格", Register.STAFF: "姓名",
    Register.UNITS: "单位",
}  # fmt: skip
_IN_STATES = frozenset({Register.ENTERPRISES, Register.STAFF})


class QuietTable(TableView):
    """No row becomes current by itself: whoever comes by keys is shown the first, whoever saved means the row saved."""

    def focusInEvent(self, event) -> None:
        """Qt would make the first row current and not mark it."""
        if self.current is not None:
            super().focusInEvent(event)
            return
        QWidget.focusInEvent(self, event)
        self.viewport().update()
        if event.reason() in _BY_KEY and self.records.rowCount():
            self.selectRow(0)


class RowTable(QuietTable):
    """`show_listing(listing)`; `more_wanted(last id)` when the end comes in sight."""

    more_wanted = Signal(int)
    _above = ""
    _register: Register | None = None
    _narrow = False

    def __init__(self, parent: QWidget | None = None) -> None:
        model = RecordTable(
            (
                Column(self.tr("姓名或名称"), _title, bold=True, tip=_title),
                Column(self.tr("情况"), _detail, Tone.MUTED, width=130, tip=_detail),
                Column(self.tr("类别"), self._tag, width=88, tip=_tip),
                Column(self.tr("核实"), _fresh, sort_key=_fresh_day, width=108),
                Column(
                    self.tr("所属"), self._grid_short, Tone.MUTED, width=GRID_WIDE, tip=_grid_words
                ),
            )
        )
        super().__init__(model, "", None, parent)
        model.setParent(self)
        self.setAccessibleName(self.tr("登记列表"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        model.more_wanted.connect(self._more)

    def show_listing(self, listing: Listing, append: bool = False) -> None:
        if append:
            self.records.append(listing.rows, listing.more)
            return
        register = listing.register
        fresh = any(row.checked is not None for row in listing.rows)
        self.make_room(self._narrow)
        self.setColumnHidden(_FRESHNESS, not fresh)
        self._shorten_grids(listing.rows)
        if register is not self._register:
            self._register = register
            self.records.rename(_NAME, _HEADS[register])
            self.records.rename(
                _TAG, self.tr("状态") if register in _IN_STATES else self.tr("类别")
            )
            self._share_width(register in _SHORT)
            self._fit()
        title = KINDS[register].title
        self.empty.say(
            self.tr("没有符合的{0}登记").format(title),
            self.tr("换个说法，或清空查找框；Ctrl+N 新登记"),
        )
        self.show_rows(listing.rows, listing.more)

    def _shorten_grids(self, rows: tuple[Row, ...]) -> None:
        """Where every grid is of one community its name says nothing: the room is the address's."""
        heads = {found.group(1) for row in rows if (found := _COMMUNITY.match(row.grid))}
        plain = all(_COMMUNITY.match(row.grid) for row in rows)
        self._above = heads.pop() if len(heads) == 1 and plain else ""
        longest = max((len(self._grid_short(row)) for row in rows), default=0)
        width = GRID_SHORT if longest <= FEW else GRID_WIDE if longest <= MANY else GRID_WIDEST
        self.horizontalHeader().resizeSection(_GRID, width)
        self._fit()

    def _tag(self, row: Row) -> Mark | str:
        """A visit that should have been is red: of a resident it is what matters, of those visited the class is."""
        if row.overdue:
            words = self.tr("走访逾期") if self._register is Register.PERSONS else row.tag
            return Mark(Shape.SQUARE, Tone.BAD, words)
        return row.tag

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """On a small screen the address comes before the grid."""
        short = bool(self._above) and self._register in _SHORT
        small = self.viewport().width() < (SMALLER if short else SMALL)
        small = small and self._register in _ADDRESSED
        self.setColumnHidden(_GRID, self._narrow or small)

    def _grid_short(self, row: Row) -> str:
        return row.grid.removeprefix(self._above)

    def _share_width(self, people: bool) -> None:
        """A masked name is short and its situation long; the name of a place or a firm is the long one."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        short = QHeaderView.ResizeMode.Interactive if people else QHeaderView.ResizeMode.Stretch
        header.setSectionResizeMode(0, short)
        if people:
            header.resizeSection(0, 84)

    def make_room(self, narrow: bool) -> None:
        """Beside a building only names and what they are."""
        self._narrow = narrow
        self.setColumnHidden(_TAG, narrow)
        self._fit()

    @Slot()
    def _more(self) -> None:
        rows = self.records.rows
        if rows:
            self.more_wanted.emit(rows[-1].id)


def _title(row: Row) -> str:
    return row.title


def _detail(row: Row) -> str:
    return " · ".join(filter(None, (row.detail, row.place)))


def _tip(row: Row) -> str:
    return f"{row.tag}，{row.overdue} 项走访逾期" if row.overdue else row.tag


def _fresh(row: Row) -> Mark | str:
    return fresh_mark(row.checked)


def _fresh_day(row: Row) -> int | None:
    return row.checked.days if row.checked is not None and row.checked.on else None


def _grid_words(row: Row) -> str:
    return row.grid
