"""A row to fill in by keyboard: private values show their masks and stay unless something is typed over them."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.errors import Invalid
from console.domain.importing.fields import Reads
from console.domain.registers.filling import GIVEN, Proposed, fault_of, said_by
from console.domain.registers.kinds import CLASS_DETAILS, KINDS, Register
from console.domain.registers.records import FormField, Match, RegisterForm, Typed
from console.jobs import Jobs
from console.theme import mark
from console.views.parts.card import Card, label, scrolled
from console.views.parts.clock import database_now, local
from console.views.parts.field import Field, Fields
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.registers.form_lines import (
    GRID,
    AddressLine,
    GridLine,
    HomeLine,
    make_choice,
    make_line,
)
from console.views.registers.form_matches import Matches
from console.views.registers.services import FillingDesk

# Half a number says nothing; a pause in typing is worth a look.
COMPARE_MS = 500
_COMPARED = frozenset(
    {"id_number", "uscc", "phone", "name", "home_address", "address", "household_id", GRID}
)
_FOLLOW = ("sex", "born_on")


class FormView(Card):
    """`start(form)`; `typed` is what to save. `compare_wanted(values)` after a pause, `match_pressed(match)`."""

    compare_wanted = Signal(object)
    match_pressed = Signal(object)
    left = Signal()

    def __init__(
        self, jobs: Jobs, desk: FillingDesk, save: QAction, reveal: QAction, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(padding=0, spacing=8, parent=parent)
        self._jobs, self._desk = jobs, desk
        self.form: RegisterForm | None = None
        self.fields = Fields()
        self._controls: dict[str, QLineEdit | QComboBox] = {}
        self._started: dict[str, str] = {}
        self._rows: dict[str, Field] = {}
        # What the program put in and nobody has touched; what somebody took out again is not put in twice.
        self._proposed: dict[str, str] = {}
        self._declined: set[str] = set()
        self.heading = label("", "title", wrap=True)
        self.offers = Matches(self)
        self.offers.pressed.connect(self._match_pressed)
        self.save, self.reveal = ActionButton(save, "primary"), ActionButton(reveal)
        self.cancel = KeyButton(self.tr("放下"), "Esc")
        self.cancel.clicked.connect(self.left)
        self._soon = QTimer(self, singleShot=True, interval=COMPARE_MS)
        self._soon.timeout.connect(self._compare)
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(12, 10, 1, 10)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.offers.row)
        self._inner = QWidget()
        self._holder = QVBoxLayout(self._inner)
        self._holder.setContentsMargins(0, 0, 12, 0)
        self._area = scrolled(self._inner)
        self.body.addWidget(self._area, 1)
        foot = Flow(self.save, self.reveal, self.cancel)
        self.body.addWidget(foot)

    # --- filling

    def start(self, form: RegisterForm, draft: Mapping[str, str] | None = None) -> None:
        self.form, self._controls, self._rows = form, {}, {}
        self._proposed, self._declined = {}, set()
        title = KINDS[form.register].title
        words = self.tr("新登记{0}") if form.id is None else self.tr("修改{0}登记：{1}")
        self.heading.setText(words.format(title, form.title))
        self.reveal.setVisible(any(one.is_private for one in form.fields))
        self.show_matches(())
        self._build(form)
        self._started = self._values()
        for one in form.fields:
            if one.why:
                self._propose(one.field.name, Proposed(one.value, one.why, one.label))
        for name, text in (draft or {}).items():
            self._touched(name)
            self._put(name, text)
        self._follow_number()
        self._sort_details()
        if form.id is None:
            self._compare()

    def _build(self, form: RegisterForm) -> None:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        at = 0
        for one in form.fields:
            field = self._field(one)
            wide = one.field.longest > 120
            at += at % 2 if wide else 0
            grid.addWidget(field, at // 2, at % 2, 1, 2 if wide else 1)
            at += 2 if wide else 1
        grid.setRowStretch(at // 2 + 1, 1)
        self.fields = Fields(*self._rows.values())
        while (item := self._holder.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self._holder.addWidget(page)
        self._area.verticalScrollBar().setValue(0)

    def _field(self, one: FormField) -> Field:
        control = self._control(one)
        name = one.field.name
        hint = self.tr("不改请留空") if one.is_private and not one.fixed else ""
        given = self.form is not None and name in GIVEN.get(self.form.register, ())
        field = Field(
            one.field.title, control, name, hint, required=one.field.required and not given
        )
        control.setEnabled(not one.fixed)
        self._controls[name], self._rows[name] = control, field
        return field

    def _control(self, one: FormField) -> QLineEdit | QComboBox:
        if one.why:
            one = replace(one, value="", label="")
        if one.field.reads in (Reads.CHOICE, Reads.YES):
            box = make_choice(one, self.tr("未填"))
            box.currentTextChanged.connect(self._changed)
            return box
        assert self.form is not None
        line = make_line(self._jobs, self._desk, self.form.register, one)
        line.textEdited.connect(self._changed)
        line.editingFinished.connect(self._field_left)
        if isinstance(line, GridLine):
            line.unknown.connect(self._grid_unknown)
        if isinstance(line, GridLine | AddressLine | HomeLine):
            line.chosen.connect(self._compare_now)
        return line

    def show_full(self, values: Mapping[str, str]) -> None:
        """Private values in full, where nothing else has been typed yet; what is unchanged is not sent back."""
        if self.form is None:
            return
        for one in self.form.fields:
            name = one.field.name
            typed_over = one.fixed or bool(self._text(name))
            if one.is_private and name in values and not typed_over:
                self._put(name, values[name])
                self._started[name] = self._text(name)

    def show_matches(self, matches: tuple[Match, ...]) -> None:
        joined = self._text("household_id") if self._joins and self._controls else ""
        others = tuple(one for one in matches if not one.household or one.household != joined)
        self.offers.show(others, self._joins)

    @property
    def _joins(self) -> bool:
        """Whether somebody new can be put into a household that is offered."""
        form = self.form
        return form is not None and form.register is Register.PERSONS and form.id is None

    # --- what the program knows

    def fill(self, proposals: Mapping[str, Proposed]) -> None:
        """Into what is empty or was filled so before; what no longer follows goes again."""
        for name in [n for n in self._proposed if n not in proposals and not self._begun(n)]:
            self._withdraw(name)
        for name, proposed in proposals.items():
            self._propose(name, proposed)

    def _begun(self, name: str) -> bool:
        """Whether the form began with this proposal."""
        form = self.form
        return form is not None and any(o.why and o.field.name == name for o in form.fields)

    def _propose(self, name: str, proposed: Proposed) -> None:
        control = self._controls.get(name)
        form = self.form
        if control is None or form is None or name in self._declined or not control.isEnabled():
            return
        if name in GIVEN.get(form.register, ()) and isinstance(control, QLineEdit):
            # Given when it is saved, for another may be quicker: shown, not filled in.
            control.setPlaceholderText(proposed.value)
            self._rows[name].say(proposed.why, "accent")
            return
        if self._text(name) not in ("", self._proposed.get(name)):
            return
        self._put(name, proposed.value, proposed.label)
        self._proposed[name] = self._text(name)
        self._rows[name].say(proposed.why, "accent")
        self._rows[name].clear_error()
        mark(control, suggested=True)

    def _withdraw(self, name: str) -> None:
        self._put(name, "")
        self._touched(name)

    def _touched(self, name: str) -> None:
        """From now on it is what somebody typed."""
        if self._proposed.pop(name, None) is not None:
            self._rows[name].say("")
            mark(self._controls[name], suggested=False)

    def _follow_number(self) -> None:
        """Sex and birth follow from an identity number the moment it is whole and right."""
        form = self.form
        if form is None or form.register is not Register.PERSONS or not self._joins:
            return
        said = said_by(self._text("id_number"), local(database_now()).date())
        for name in _FOLLOW:
            control = self._controls[name]
            if said:
                self._put(name, said[name])
            elif not control.isEnabled():
                self._put(name, "")
            control.setEnabled(not said)
            self._rows[name].say(self.tr("由身份证号得出") if said else "")
            self._rows[name].clear_error()

    # --- reading

    @property
    def is_dirty(self) -> bool:
        return self.form is not None and bool(self.draft)

    @property
    def draft(self) -> dict[str, str]:
        """What was typed and differs; what the program proposed is proposed again."""
        return {
            name: text
            for name, text in self._values().items()
            if text != self._started.get(name) and name not in self._proposed
        }

    def typed(self) -> Typed:
        """Only what differs goes back: everything else stays as it is, whoever changed it meanwhile."""
        form = self.form
        assert form is not None
        grid = self._controls.get(GRID)
        if isinstance(grid, GridLine):
            grid.take_offered()
        values = self._values() if form.id is None else self.draft
        filled = {n: t for n, t in values.items() if t} if form.id is None else values
        return Typed(form.register, form.id, form.version, filled)

    def first_field(self) -> QWidget | None:
        return next((one for one in self._controls.values() if one.isEnabled()), None)

    def _values(self) -> dict[str, str]:
        return {name: self._text(name) for name, one in self._controls.items() if one.isEnabled()}

    def _text(self, name: str) -> str:
        control = self._controls[name]
        if isinstance(control, GridLine):
            return control.meant
        return (control.currentText() if isinstance(control, QComboBox) else control.text()).strip()

    def _put(self, name: str, text: str, label: str = "") -> None:
        control = self._controls.get(name)
        if isinstance(control, QComboBox):
            control.blockSignals(True)
            control.setCurrentIndex(control.findText(text))
            control.blockSignals(False)
            if name == "group_class":
                self._sort_details()
        elif isinstance(control, GridLine):
            control.put(label or text, text if label else None)
            control.settle()
        elif control is not None:
            control.setText(text)
            control.setCursorPosition(0)

    @Slot()
    def _changed(self) -> None:
        name = self._name_of(self.sender())
        if name in self._rows:
            self._rows[name].clear_error()
            if name in self._proposed:
                self._declined.add(name)
                self._touched(name)
        if name == "group_class":
            self._sort_details()
        if name == "id_number":
            self._follow_number()
        if name in _COMPARED:
            self._soon.start()

    def _name_of(self, control: object) -> str:
        return next((name for name, one in self._controls.items() if one is control), "")

    @Slot()
    def _field_left(self) -> None:
        """What is wrong in itself is said at once; what is missing when it is saved."""
        name = self._name_of(self.sender())
        text = self._text(name) if name else ""
        if not text or text == self._started.get(name) or name == GRID or self.form is None:
            return
        field = KINDS[self.form.register].field(name)
        fault = fault_of(field, text, local(database_now()).date())
        if fault is not None:
            self._rows[name].show_error(fault)

    @Slot()
    def _grid_unknown(self) -> None:
        self._rows[GRID].show_error(
            Invalid(self.tr("没有这个网格，或不止一个"), self.tr("请从下面列出的里选"), GRID)
        )

    def _sort_details(self) -> None:
        """Of a class's own fields only those are in sight (field-facts 6.4)."""
        if self.form is None or self.form.register is not Register.MEMBERS:
            return
        wanted = CLASS_DETAILS.get(self._text("group_class"), ())
        for name, field in self._rows.items():
            if name.startswith("details."):
                field.setVisible(name.partition(".")[2] in wanted)

    @Slot()
    def _compare(self) -> None:
        if self.form is not None:
            self.compare_wanted.emit(self._values())

    @Slot(object)
    def _compare_now(self, _chosen: object) -> None:
        """A choice is whole: nothing to wait for."""
        name = self._name_of(self.sender())
        self._rows[name].clear_error()
        self._declined.add(name)
        self._touched(name)
        self._compare()

    @Slot(object)
    def _match_pressed(self, match: Match) -> None:
        if not (self._joins and match.household):
            self.match_pressed.emit(match)
            return
        self._touched("household_id")
        self._put("household_id", match.household)
        self._rows["household_id"].clear_error()
        self._controls["relation"].setFocus(Qt.FocusReason.OtherFocusReason)
        self._compare()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
