"""The box, what narrows it, and the list below: one register, page by page."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit

from console.domain.registers.freshness import FRESHNESS_NAMES, Freshness
from console.domain.registers.kinds import KINDS, Register
from console.domain.registers.records import PAGE, Listing, Query
from console.jobs import Jobs
from console.views.parts.card import Card, label
from console.views.parts.key_cap import ActionButton
from console.views.parts.segmented import Segmented
from console.views.registers.row_table import RowTable
from console.views.registers.services import RegisterDesk

LOOK_MS = 250
_GONE = frozenset({Register.PERSONS, Register.MEMBERS, Register.STAFF, Register.UNITS})
_SKELETON = frozenset({Register.GRIDS, Register.STAFF, Register.UNITS})
_FRESH = frozenset({Register.PERSONS, Register.HOUSEHOLDS, Register.HOUSES, Register.ENTERPRISES})


class ListSide(Card):
    """`show_register`; `reload` reads again what is in sight, as far down as it was. `failed(error)`."""

    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: RegisterDesk, add: QAction) -> None:
        super().__init__(padding=0, spacing=6)
        self._jobs, self._desk = jobs, desk
        self.register = Register.PERSONS
        # Stands on top though nobody asked for it; becomes current with the next list read, whoever asks for that.
        self._first: int | None = None
        self._current_next = False
        self.box = QLineEdit(clearButtonEnabled=True)
        self.fresh = Segmented(
            [(None, self.tr("全部")), *FRESHNESS_NAMES.items()], self.tr("核实"), numbers=False
        )
        self.fresh.choose(None)
        self.grid = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.grid.setMinimumContentsLength(8)
        self.grid.setMaximumWidth(240)
        self.grid.setAccessibleName(self.tr("网格"))
        self.grid.addItem(self.tr("全部网格"), None)
        self.add = ActionButton(add, "primary", self.tr("新登记"))
        add.changed.connect(self._show_add)
        self.gone = QCheckBox(self.tr("含已注销"))
        self.table, self.report = RowTable(), label("", "muted", wrap=True)
        self._soon = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(1, 8, 1, 6)
        head, second = QHBoxLayout(), QHBoxLayout()
        for line in (head, second):
            line.setContentsMargins(11, 0, 11, 0)
            self.body.addLayout(line)
        head.addWidget(self.box, 1)
        head.addWidget(self.gone)
        head.addWidget(self.add)
        self._show_add()
        second.addWidget(self.fresh)
        second.addWidget(self.grid, 1)
        second.addStretch(1)
        self.body.addWidget(self.table, 1)
        self.report.setContentsMargins(11, 0, 11, 0)
        self.body.addWidget(self.report)

    @Slot()
    def _show_add(self) -> None:
        """Registers that are only imported have no button; while a form is open the one there is pressed."""
        self.add.setVisible(self.add.isEnabled())

    def _connect(self) -> None:
        self.box.textEdited.connect(self._soon.start)
        self._soon.timeout.connect(self.look_up)
        self.box.returnPressed.connect(self._to_list)
        self.fresh.chosen.connect(self.look_up)
        self.gone.toggled.connect(self.look_up)
        self.grid.currentIndexChanged.connect(self.look_up)
        self.table.more_wanted.connect(self._more)

    def show_register(self, register: Register, words: str = "") -> None:
        self.register = register
        self.box.setText(words)
        self.box.setPlaceholderText(_HINTS[register])
        self.box.setAccessibleName(self.tr("查{0}").format(KINDS[register].title))
        self.gone.setVisible(register in _GONE)
        self.fresh.setVisible(register in _FRESH)
        self._show_grids()
        for widget in (self.fresh, self.gone):
            widget.blockSignals(True)
        self.fresh.choose(None)
        self.gone.setChecked(False)
        for widget in (self.fresh, self.gone):
            widget.blockSignals(False)
        self.table.show_rows(())
        self.look_up()

    # --- one grid of the branch

    def read_grids(self) -> None:
        """The branch's grids, to look at one of them."""
        self._jobs.read(self, self._desk.grids, self._grids_read, self.failed.emit, key="grids")

    def _grids_read(self, grids: tuple[tuple[int, str, str], ...]) -> None:
        self.grid.blockSignals(True)
        for grid_id, name, _above in grids:
            self.grid.addItem(name, grid_id)
        self.grid.blockSignals(False)
        self._show_grids()

    def _show_grids(self) -> None:
        self.grid.setVisible(self.register not in _SKELETON and self.grid.count() != 2)

    def choose_grid(self, grid_id: int) -> bool:
        """Its row among grids and units, elsewhere the filter; False when it is not one of the branch's."""
        if self.register is Register.GRIDS:
            return self.table.select_id(grid_id)
        at = self.grid.findData(grid_id)
        if at < 0 or self.register in _SKELETON:
            return False
        self.grid.setCurrentIndex(at)
        return True

    # --- reading

    def _query(self, after: int = 0, most: int = PAGE) -> Query:
        fresh: Freshness | None = self.fresh.value if self.register in _FRESH else None
        grid = self.grid.currentData() if self.register not in _SKELETON else None
        return Query(
            self.register,
            self.box.text(),
            grid,
            fresh,
            self.gone.isChecked(),
            after,
            most,
            self._first,
        )

    @Slot()
    def look_up(self, *_what: object) -> None:
        """Something else was asked for: from the first page on."""
        self._first, self._current_next = None, False
        self._ask(PAGE)

    def put_first(self, row_id: int) -> None:
        """Just saved: its row is on top and current, whatever is looked for, until something else is asked for."""
        self._first, self._current_next = row_id, True
        self.reload()

    @Slot()
    def reload(self) -> None:
        self._ask(max(PAGE, self.table.records.rowCount()))

    def _ask(self, most: int) -> None:
        work = partial(self._desk.find, self._query(most=most))
        self._jobs.read(self, work, self._found, self.failed.emit, key="list")

    def _found(self, listing: Listing) -> None:
        if listing.register is not self.register:
            return
        self.table.show_listing(listing)
        if self._current_next:
            self._current_next = not self.table.select_id(self._first)
        told = [self.tr("{0:,} {1}").format(listing.total, KINDS[self.register].unit)]
        if listing.meant:
            told.append(self.tr("按{0}查").format(listing.meant))
        if listing.report is not None:
            told.append(listing.report.words)
        self.report.setText("　".join(told))

    @Slot(int)
    def _more(self, after: int) -> None:
        work = partial(self._desk.find, self._query(after))
        self._jobs.read(self, work, self._found_more, self.failed.emit, key="more")

    def _found_more(self, listing: Listing) -> None:
        if listing.register is self.register:
            self.table.show_listing(listing, append=True)

    @Slot()
    def _to_list(self) -> None:
        if self.table.records.rowCount():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.table.current is None:
                self.table.selectRow(0)


_HINTS = {
    Register.PERSONS: "姓名、首字母、电话、后四位、身份证号、住址",
    Register.HOUSEHOLDS: "户号、户内任何人的姓名或电话、住址",
    Register.BUILDINGS: "小区与楼号：华庭新村3",
    Register.HOUSES: "地址，或住在里面的人",
    Register.ENTERPRISES: "名称、首字母、信用代码、电话、地址",
    Register.MEMBERS: "类别、姓名、电话",
    Register.GRIDS: "网格名称、首字母、编码",
    Register.STAFF: "姓名、首字母、工号",
    Register.UNITS: "单位名称、首字母、编码",
}
