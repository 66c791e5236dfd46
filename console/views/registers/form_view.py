"""A row to fill in by keyboard: private values show their masks and stay unless something is typed over them."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.importing.fields import Reads
from console.domain.registers.kinds import CLASS_DETAILS, KINDS, Register
from console.domain.registers.records import FormField, Match, RegisterForm, Typed
from console.views.parts.card import Card, label, scrolled
from console.views.parts.field import Field, Fields
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.line_limit import limit_characters

# Half a number says nothing; a pause in typing is worth a look.
COMPARE_MS = 500
_COMPARED = frozenset({"id_number", "uscc", "phone", "name", "home_address", "address"})
_PLACEHOLDERS = {Reads.DAY: "2026-1-3", Reads.LIST: "用顿号隔开"}


class FormView(Card):
    """`start(form)`; `typed` is what to save. `compare_wanted(values)` after a pause, `match_pressed(match)`."""

    compare_wanted = Signal(object)
    match_pressed = Signal(object)
    left = Signal()

    def __init__(self, save: QAction, reveal: QAction, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, spacing=8, parent=parent)
        self.form: RegisterForm | None = None
        self.fields = Fields()
        self._controls: dict[str, QLineEdit | QComboBox] = {}
        self._started: dict[str, str] = {}
        self._rows: dict[str, Field] = {}
        self.heading = label("", "title", wrap=True)
        self.matches = Flow()
        self._matches: list[Match] = []
        self.save, self.reveal = ActionButton(save, "primary"), ActionButton(reveal)
        self.cancel = KeyButton(self.tr("放下"), "Esc")
        self.cancel.clicked.connect(self.left)
        self._soon = QTimer(self, singleShot=True, interval=COMPARE_MS)
        self._soon.timeout.connect(self._compare)
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(12, 10, 1, 10)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.matches)
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
        title = KINDS[form.register].title
        words = self.tr("新登记{0}") if form.id is None else self.tr("修改{0}登记：{1}")
        self.heading.setText(words.format(title, form.title))
        self.reveal.setVisible(any(one.is_private for one in form.fields))
        self.show_matches(())
        self._build(form)
        self._started = self._values()
        for name, text in (draft or {}).items():
            self._put(name, text)
        self._sort_details()

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
        hint = self.tr("不改请留空") if one.is_private and not one.fixed else ""
        field = Field(one.field.title, control, one.field.name, hint, required=one.field.required)
        control.setEnabled(not one.fixed)
        self._controls[one.field.name], self._rows[one.field.name] = control, field
        return field

    def _control(self, one: FormField) -> QLineEdit | QComboBox:
        if one.field.reads in (Reads.CHOICE, Reads.YES):
            box = QComboBox(placeholderText=one.shown or self.tr("未填"))
            box.setFixedHeight(30)
            for word in _choices(one):
                box.addItem(word)
            box.setCurrentIndex(box.findText(one.value))
            box.currentTextChanged.connect(self._changed)
            return box
        line = QLineEdit(one.value)
        line.setPlaceholderText(one.shown or _PLACEHOLDERS.get(one.field.reads, ""))
        limit_characters(line, max(one.field.longest, 60) + 20)
        line.textEdited.connect(self._changed)
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
        self._matches = list(matches)
        for old in self.matches.findChildren(KeyButton):
            old.hide()
            old.deleteLater()
        for at, match in enumerate(matches):
            button = KeyButton(f"{match.title}：{match.why}")
            button.setProperty("at", at)
            if match.certain:
                button.setProperty("kind", "danger")
            button.clicked.connect(self._match_pressed)
            self.matches.add(button)
            button.show()
        self.matches.setVisible(bool(matches))

    # --- reading

    @property
    def is_dirty(self) -> bool:
        return self.form is not None and self._values() != self._started

    @property
    def draft(self) -> dict[str, str]:
        """What was typed and differs."""
        return {
            name: text for name, text in self._values().items() if text != self._started.get(name)
        }

    def typed(self) -> Typed:
        """Only what differs goes back: everything else stays as it is, whoever changed it meanwhile."""
        form = self.form
        assert form is not None
        values = self._values() if form.id is None else self.draft
        filled = {n: t for n, t in values.items() if t} if form.id is None else values
        return Typed(form.register, form.id, form.version, filled)

    def first_field(self) -> QWidget | None:
        return next((one for one in self._controls.values() if one.isEnabled()), None)

    def _values(self) -> dict[str, str]:
        return {name: self._text(name) for name, one in self._controls.items() if one.isEnabled()}

    def _text(self, name: str) -> str:
        control = self._controls[name]
        return (control.currentText() if isinstance(control, QComboBox) else control.text()).strip()

    def _put(self, name: str, text: str) -> None:
        control = self._controls.get(name)
        if isinstance(control, QComboBox):
            control.setCurrentIndex(control.findText(text))
        elif control is not None:
            control.setText(text)

    @Slot()
    def _changed(self) -> None:
        name = next((n for n, c in self._controls.items() if c is self.sender()), "")
        if name in self._rows:
            self._rows[name].clear_error()
        if name == "group_class":
            self._sort_details()
        if name in _COMPARED:
            self._soon.start()

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

    @Slot()
    def _match_pressed(self) -> None:
        self.match_pressed.emit(self._matches[self.sender().property("at")])

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


def _choices(one: FormField) -> tuple[str, ...]:
    if one.field.reads is Reads.YES:
        return ("", "是", "否")
    words: dict[object, str] = {}
    for word, value in one.field.choices.items():
        words.setdefault(value, word)
    empty = () if one.field.required else ("",)
    return (*empty, *(word for word in words.values() if not word.isascii()))
