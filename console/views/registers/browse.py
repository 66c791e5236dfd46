"""One register: the box and the list at the left; card, form or building at the right."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.domain.errors import Conflict, UserError
from console.domain.registers.freshness import FRESHNESS_NAMES, Freshness
from console.domain.registers.kinds import KINDS, Register
from console.domain.registers.matrix import Matrix, Room
from console.domain.registers.records import Listing, Match, Query, RegisterCard, RegisterForm, Row
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.segmented import Segmented
from console.views.registers.card_view import CardView
from console.views.registers.form_view import FormView
from console.views.registers.matrix_view import MatrixCard
from console.views.registers.row_table import RowTable
from console.views.registers.services import RegisterDesk

LOOK_MS = 250
SIZES = (660, 420)
_GONE = frozenset({Register.PERSONS, Register.MEMBERS, Register.STAFF, Register.UNITS})
_SKELETON = frozenset({Register.GRIDS, Register.STAFF, Register.UNITS})
_FRESH = frozenset({Register.PERSONS, Register.HOUSEHOLDS, Register.HOUSES, Register.ENTERPRISES})


class Browse(QWidget):
    """`show_register`, `open_row`, `edit`, `add`, `save`. `moved()` when what can be done has changed."""

    said = Signal(str, object)
    failed = Signal(object)
    moved = Signal()

    def __init__(
        self,
        jobs: Jobs,
        desk: RegisterDesk,
        save: QAction,
        reveal: QAction,
        card_actions: tuple[tuple[QAction, str], ...],
    ) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self.register = Register.PERSONS
        self.card: RegisterCard | None = None
        self._wanted: tuple[Register, int] | None = None
        self._drafts: dict[tuple[Register, int | None], dict[str, str]] = {}
        self._saving = False
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
        self.gone = QCheckBox(self.tr("含已注销"))
        self.table, self.report = RowTable(), label("", "muted", wrap=True)
        self.card_view = CardView(card_actions)
        self.form_view, self.matrix = FormView(save, reveal), MatrixCard()
        self._soon = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = Card(padding=0, spacing=6)
        left.body.setContentsMargins(1, 8, 1, 6)
        head = QHBoxLayout()
        head.setContentsMargins(11, 0, 11, 0)
        head.addWidget(self.box, 1)
        head.addWidget(self.gone)
        second = QHBoxLayout()
        second.setContentsMargins(11, 0, 11, 0)
        second.addWidget(self.fresh)
        second.addWidget(self.grid, 1)
        second.addStretch(1)
        left.body.addLayout(head)
        left.body.addLayout(second)
        left.body.addWidget(self.table, 1)
        self.report.setContentsMargins(11, 0, 11, 0)
        left.body.addWidget(self.report)
        self.right = QStackedWidget()
        for widget in (self.card_view, self.form_view, self.matrix):
            self.right.addWidget(widget)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes(list(SIZES))
        self.right.setMinimumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)

    def _connect(self) -> None:
        self.box.textEdited.connect(self._soon.start)
        self._soon.timeout.connect(self.reload)
        self.box.returnPressed.connect(self._to_list)
        self.fresh.chosen.connect(self.reload)
        self.gone.toggled.connect(self.reload)
        self.grid.currentIndexChanged.connect(self.reload)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(self._opened)
        self.table.more_wanted.connect(self._more)
        self.card_view.wanted.connect(self.open_row)
        self.form_view.compare_wanted.connect(self._compare)
        self.form_view.match_pressed.connect(self._match_pressed)
        self.form_view.left.connect(self.leave_form)
        self.matrix.picked.connect(self._door_opened)

    # --- the list

    def home(self) -> QWidget:
        return self.box

    @property
    def is_typing(self) -> bool:
        return self.right.currentWidget() is self.form_view and self.form_view.is_dirty

    @property
    def at_form(self) -> bool:
        return self.right.currentWidget() is self.form_view

    def show_register(self, register: Register, words: str = "") -> None:
        self.register = register
        self.box.setText(words)
        self.box.setPlaceholderText(_HINTS[register])
        self.box.setAccessibleName(self.tr("查{0}").format(KINDS[register].title))
        self.gone.setVisible(register in _GONE)
        self.fresh.setVisible(register in _FRESH)
        self.grid.setVisible(register not in _SKELETON and self.grid.count() != 2)
        for widget in (self.fresh, self.gone):
            widget.blockSignals(True)
        self.fresh.choose(None)
        self.gone.setChecked(False)
        for widget in (self.fresh, self.gone):
            widget.blockSignals(False)
        self.table.show_rows(())
        self.close_card()
        self.reload()

    def read_grids(self) -> None:
        """The branch's grids, to look at one of them."""
        self._jobs.read(self, self._desk.grids, self._grids_read, self.failed.emit, key="grids")

    def _grids_read(self, grids: tuple[tuple[int, str, str], ...]) -> None:
        self.grid.blockSignals(True)
        for grid_id, name, _above in grids:
            self.grid.addItem(name, grid_id)
        self.grid.blockSignals(False)
        self.grid.setVisible(self.register not in _SKELETON and self.grid.count() != 2)

    def _query(self, after: int = 0) -> Query:
        fresh: Freshness | None = self.fresh.value if self.register in _FRESH else None
        grid = self.grid.currentData() if self.register not in _SKELETON else None
        return Query(self.register, self.box.text(), grid, fresh, self.gone.isChecked(), after)

    @Slot()
    def reload(self) -> None:
        self._jobs.read(
            self, partial(self._desk.find, self._query()), self._found, self.failed.emit, key="list"
        )
        if self.card is not None and not self.at_form:
            self.open_row(self.card.register, self.card.id)

    def _found(self, listing: Listing) -> None:
        if listing.register is not self.register:
            return
        self.table.show_listing(listing)
        told = [self.tr("{0:,} {1}").format(listing.total, KINDS[self.register].unit)]
        if listing.meant:
            told.append(self.tr("按{0}查").format(listing.meant))
        if listing.report is not None:
            told.append(listing.report.words)
        self.report.setText("　".join(told))

    @Slot(int)
    def _more(self, after: int) -> None:
        self._jobs.read(
            self,
            partial(self._desk.find, self._query(after)),
            self._found_more,
            self.failed.emit,
            key="more",
        )

    def _found_more(self, listing: Listing) -> None:
        if listing.register is self.register:
            self.table.show_listing(listing, append=True)

    @Slot()
    def _to_list(self) -> None:
        if self.table.records.rowCount():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.table.current is None:
                self.table.selectRow(0)

    @Slot(object)
    def _selected(self, row: Row | None) -> None:
        if row is None:
            return
        if self.is_typing:
            self.said.emit(self.tr("先按 F8 保存，或按 Esc 放下（内容会留着）"), Tone.WARN)
            return
        self.open_row(self.register, row.id)

    @Slot(object)
    def _opened(self, row: Row | None) -> None:
        if row is not None and self.register is Register.BUILDINGS:
            self.show_building(row.id)

    # --- the card

    @Slot(object, int)
    def open_row(self, register: Register, row_id: int) -> None:
        self._wanted = (register, row_id)
        work = partial(self._desk.open, register, row_id)
        self._jobs.read(self, work, self._card_read, self._card_failed, key="card")

    def _card_read(self, card: RegisterCard) -> None:
        if (card.register, card.id) != self._wanted:
            return
        self.card = card
        self.card_view.show_card(card)
        if not self.at_form and not (
            self.right.currentWidget() is self.matrix and self.matrix.doors.hasFocus()
        ):
            self.right.setCurrentWidget(self.card_view)
        self.moved.emit()

    def _card_failed(self, error: Exception) -> None:
        self.close_card()
        self.failed.emit(error)

    def close_card(self) -> None:
        self.card, self._wanted = None, None
        self.card_view.clear_card()
        if not self.at_form:
            self.right.setCurrentWidget(self.card_view)
        self.moved.emit()

    def show_full(self, values: Any) -> None:
        """What was asked for with a reason: into the form if one is open, else onto the card."""
        (self.form_view if self.at_form else self.card_view).show_full(values)

    # --- the building

    def show_building(self, building_id: int) -> None:
        work = partial(self._desk.housing.matrix, building_id)
        self._jobs.read(self, work, self._building_read, self.failed.emit, key="matrix")

    def _building_read(self, matrix: Matrix) -> None:
        if self.at_form:
            return
        self.matrix.show_matrix(matrix)
        self.right.setCurrentWidget(self.matrix)
        # The building needs the room; the list keeps its names.
        self.table.make_room(True)
        self.splitter.setSizes([self.width() // 3, self.width() * 2 // 3])
        self.matrix.doors.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _door_opened(self, room: Room) -> None:
        self.table.make_room(False)
        self.splitter.setSizes(list(SIZES))
        self.right.setCurrentWidget(self.card_view)
        self.open_row(Register.HOUSES, room.id)

    # --- the form

    def add(self) -> None:
        self._ask_form(self.register, None)

    def edit(self) -> None:
        if self.card is not None:
            self._ask_form(self.card.register, self.card.id)

    def _ask_form(self, register: Register, row_id: int | None) -> None:
        if self.is_typing:
            self._keep_draft()
        work = partial(self._desk.form, register, row_id)
        self._jobs.read(self, work, self._form_read, self.failed.emit, key="form")

    def _form_read(self, form: RegisterForm) -> None:
        draft = self._drafts.get((form.register, form.id))
        self.form_view.start(form, draft)
        self.right.setCurrentWidget(self.form_view)
        first = self.form_view.first_field()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        if draft:
            self.said.emit(self.tr("上次没保存的内容还在"), Tone.ACCENT)
        self.moved.emit()

    def _keep_draft(self) -> None:
        form = self.form_view.form
        if form is None:
            return
        if self.form_view.is_dirty:
            self._drafts[form.register, form.id] = self.form_view.draft
        else:
            self._drafts.pop((form.register, form.id), None)

    @Slot()
    def leave_form(self) -> None:
        """Esc: what was typed waits for the form to be opened again."""
        if not self.at_form:
            return
        self._keep_draft()
        self.right.setCurrentWidget(self.card_view)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def save(self) -> None:
        if self._saving or not self.at_form or self.form_view.form is None:
            return
        form = self.form_view.form
        if not self.form_view.is_dirty:
            self.said.emit(self.tr("没有改动"), Tone.ACCENT)
            return
        self._saving = True
        self.form_view.fields.clear_errors()
        work = partial(self._desk.saving.save, self.form_view.typed())
        self._jobs.write(self, work, partial(self._saved, form), self._refused)

    def _saved(self, form: RegisterForm, changed: Any) -> None:
        self._saving = False
        self._drafts.pop((form.register, form.id), None)
        self.right.setCurrentWidget(self.card_view)
        words = self.tr("已登记{0}") if form.id is None else self.tr("已保存{0}登记")
        self.said.emit(words.format(KINDS[form.register].title), Tone.OK)
        self.open_row(form.register, changed.ids[0])
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def _refused(self, error: Exception) -> None:
        self._saving = False
        rest = self.form_view.fields.show_errors(error)
        form = self.form_view.form
        if (
            isinstance(error, Conflict)
            and form is not None
            and form.id is not None
            and error.version is not None
        ):
            self._keep_draft()
            self._ask_form(form.register, form.id)
        if not isinstance(error, UserError):
            self.failed.emit(error)
        elif rest is not None:
            self.failed.emit(rest)

    @Slot(object)
    def _compare(self, values: Any) -> None:
        form = self.form_view.form
        if form is None:
            return
        work = partial(self._desk.compare, form.register, values, form.id)
        self._jobs.read(self, work, self.form_view.show_matches, self.failed.emit, key="compare")

    @Slot(object)
    def _match_pressed(self, match: Match) -> None:
        """The row it may be: what was typed waits."""
        self.leave_form()
        self.open_row(match.register, match.id)


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
