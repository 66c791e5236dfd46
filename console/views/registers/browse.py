"""One register: the box and the list at the left; card, form or building at the right."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.domain.errors import Conflict, UserError
from console.domain.registers.filling import Proposed
from console.domain.registers.kinds import KINDS, Register
from console.domain.registers.matrix import Matrix, Room
from console.domain.registers.records import Match, RegisterCard, RegisterForm, Row
from console.jobs import Jobs
from console.theme import Tone
from console.views.registers.card_view import FAMILY, CardView
from console.views.registers.form_view import FormView
from console.views.registers.list_side import ListSide
from console.views.registers.matrix_view import MatrixCard
from console.views.registers.services import RegisterDesk

SIZES = (660, 420)
# A household or house somebody new is put into.
Of = tuple[Register, int] | None
_Which = tuple[Register, int | None, Of]


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
        print_sheet: QAction,
        card_actions: tuple[tuple[QAction, str], ...],
        add: QAction,
    ) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self.card: RegisterCard | None = None
        self._wanted: tuple[Register, int] | None = None
        self._drafts: dict[_Which, dict[str, str]] = {}
        # Whom the new row in the form belongs to.
        self._of: Of = None
        self._saving = False
        self.left = ListSide(jobs, desk, add)
        self.box, self.table, self.report = self.left.box, self.left.table, self.left.report
        self.card_view = CardView(card_actions)
        self.form_view = FormView(jobs, desk.filling, save, reveal)
        self.matrix = MatrixCard(print_sheet)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.right = QStackedWidget()
        for widget in (self.card_view, self.form_view, self.matrix):
            self.right.addWidget(widget)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        self.splitter.addWidget(self.left)
        self.side = QSplitter(Qt.Orientation.Vertical)
        self.side.setChildrenCollapsible(False)
        self.side.setHandleWidth(12)
        self.side.addWidget(self.right)
        self.splitter.addWidget(self.side)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes(list(SIZES))
        self.side.setMinimumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)

    def _connect(self) -> None:
        self.left.failed.connect(self.failed)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(self._opened)
        self.card_view.wanted.connect(self.open_row)
        self.form_view.compare_wanted.connect(self._compare)
        self.form_view.match_pressed.connect(self._match_pressed)
        self.form_view.left.connect(self.leave_form)
        self.matrix.picked.connect(self._door_opened)

    def add_below(self, widget: QWidget) -> None:
        """Under card, form and building."""
        self.side.addWidget(widget)
        for at in range(2):
            self.side.setStretchFactor(at, 1)

    # --- the list

    def home(self) -> QWidget:
        return self.box

    @property
    def is_typing(self) -> bool:
        return self.right.currentWidget() is self.form_view and self.form_view.is_dirty

    @property
    def at_form(self) -> bool:
        return self.right.currentWidget() is self.form_view

    @property
    def register(self) -> Register:
        return self.left.register

    @property
    def at_building(self) -> bool:
        return self.right.currentWidget() is self.matrix

    def show_register(self, register: Register, words: str = "") -> None:
        self.close_card()
        self.left.show_register(register, words)

    @Slot()
    def reload(self) -> None:
        """Everything in sight once more; nothing else comes into sight by it."""
        self.left.reload()
        card, building = self.card, self.matrix.building_id
        # One just asked for is on its way: it is not to be overtaken by the one before.
        if card is not None and (card.register, card.id) == self._wanted:
            work = partial(self._desk.open, card.register, card.id)
            self._jobs.read(self, work, self._card_again, self._card_failed, key="card")
        if self.at_building and building is not None:
            work = partial(self._desk.housing.matrix, building)
            self._jobs.read(self, work, self._building_again, self.failed.emit, key="matrix")

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
        if not self.at_form and not (self.at_building and self.matrix.doors.hasFocus()):
            self._to_card()
        self.moved.emit()

    def _card_again(self, card: RegisterCard) -> None:
        if (card.register, card.id) == self._wanted:
            self.card = card
            self.card_view.show_card(card)
            self.moved.emit()

    def _card_failed(self, error: Exception) -> None:
        self.close_card()
        self.failed.emit(error)

    def close_card(self) -> None:
        self.card, self._wanted = None, None
        self.card_view.clear_card()
        if not self.at_form:
            self._to_card()
        self.moved.emit()

    def _to_card(self) -> None:
        """From a building back to the width of a card."""
        if self.at_building:
            self.table.make_room(False)
            self.splitter.setSizes(list(SIZES))
        self.right.setCurrentWidget(self.card_view)

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
        self.moved.emit()

    def _building_again(self, matrix: Matrix) -> None:
        if self.at_building and matrix.building_id == self.matrix.building_id:
            self.matrix.show_matrix(matrix)

    @Slot(object)
    def _door_opened(self, room: Room) -> None:
        self._to_card()
        self.open_row(Register.HOUSES, room.id)

    # --- the form

    def add(self) -> None:
        self._ask_form(self.register, None)

    def add_member(self, home: tuple[Register, int]) -> None:
        """Somebody more in this household or house."""
        self._ask_form(Register.PERSONS, None, home)

    def edit(self) -> None:
        if self.card is not None:
            self._ask_form(self.card.register, self.card.id)

    def _ask_form(self, register: Register, row_id: int | None, of: Of = None) -> None:
        if self.is_typing:
            self._keep_draft()
        grid = self.left.grid.currentData()
        work = partial(self._desk.form, register, row_id, of, grid)
        self._jobs.read(self, work, partial(self._form_read, of), self.failed.emit, key="form")

    def _form_read(self, of: Of, form: RegisterForm) -> None:
        self._of = of
        draft = self._drafts.get(self._which(form))
        self.form_view.start(form, draft)
        self.right.setCurrentWidget(self.form_view)
        first = self.form_view.first_field()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        if draft:
            self.said.emit(self.tr("上次没保存的内容还在"), Tone.ACCENT)
        self.moved.emit()

    def _which(self, form: RegisterForm) -> _Which:
        return form.register, form.id, self._of

    def _keep_draft(self) -> None:
        form = self.form_view.form
        if form is None:
            return
        if self.form_view.is_dirty:
            self._drafts[self._which(form)] = self.form_view.draft
        else:
            self._drafts.pop(self._which(form), None)

    @Slot()
    def leave_form(self) -> None:
        """Esc: what was typed waits for the form to be opened again."""
        if not self.at_form:
            return
        self._keep_draft()
        focused = QApplication.focusWidget()
        inside = focused is None or self.form_view.isAncestorOf(focused)
        self.right.setCurrentWidget(self.card_view)
        if inside:
            # Another register chosen in the list at the left is no reason to leave that list.
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
        self._drafts.pop(self._which(form), None)
        self.right.setCurrentWidget(self.card_view)
        words = self.tr("已登记{0}") if form.id is None else self.tr("已保存{0}登记")
        if self._of is not None:
            # Families come by the door: the next one is a key away.
            words = self.tr("已登记{0}，Ctrl+Shift+N 再添一人")
            self.card_view.tabs.setCurrentIndex(FAMILY)
        self.said.emit(words.format(KINDS[form.register].title), Tone.OK)
        self._show_saved(*(self._of or (form.register, changed.ids[0])))
        self.moved.emit()

    def _show_saved(self, register: Register, row_id: int) -> None:
        """Its card and no other's: the next key is for whom was just saved."""
        if register is self.register and not self.table.select_id(row_id):
            self.left.put_first(row_id)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.open_row(register, row_id)

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
            self._ask_form(form.register, form.id, self._of)
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
        if form.id is None:
            fill = partial(self._desk.filling.fill, form.register, values)
            done = partial(self._filled, form)
            self._jobs.read(self, fill, done, self.failed.emit, key="fill")

    def _filled(self, form: RegisterForm, proposals: dict[str, Proposed]) -> None:
        if self.form_view.form is form:
            self.form_view.fill(proposals)

    @Slot(object)
    def _match_pressed(self, match: Match) -> None:
        """The row it may be: what was typed waits."""
        self.leave_form()
        self.open_row(match.register, match.id)
