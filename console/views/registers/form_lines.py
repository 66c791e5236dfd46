"""Inputs of a register's form that know what may stand in them: grids, houses, usual words."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from console.domain.importing.fields import Reads
from console.domain.registers.filling import (
    WORDS,
    GridChoice,
    HomeChoice,
    HouseChoice,
    offered,
)
from console.domain.registers.kinds import Register
from console.domain.registers.records import FormField
from console.jobs import Jobs
from console.views.parts.line_limit import limit_characters
from console.views.parts.type_ahead import Suggestion, TypeAhead
from console.views.registers.services import FillingDesk

GRID, HOME = "grid_id", "household_id"
ADDRESSES = {
    Register.PERSONS: "home_address", Register.HOUSEHOLDS: "address", Register.ENTERPRISES: "address",
}  # fmt: skip
_PLACEHOLDERS = {Reads.DAY: "如 2026-01-03", Reads.LIST: "用顿号隔开"}


class GridLine(TypeAhead):
    """A grid of the branch by name, initials or code; `value` is its code. `unknown()` when left with other words."""

    unknown = Signal()

    def __init__(self, jobs: Jobs, desk: FillingDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setPlaceholderText(self.tr("名称、首字母或编码"))
        self._jobs, self._desk = jobs, desk
        self.text_edited.connect(self._look)
        self.editingFinished.connect(self.settle)

    @property
    def meant(self) -> str:
        """The code of the grid taken, else the words as they are: saving looks once more."""
        return str(self.value or self.text()).strip()

    def take_offered(self) -> None:
        """Saved while the list is still open: the one marked in it is meant."""
        self._take_highlighted()

    @Slot(str)
    def _look(self, words: str) -> None:
        done = partial(self._found, words)
        self._jobs.read(self, partial(self._desk.grids, words), done, key="grids")

    def _found(self, words: str, grids: tuple[GridChoice, ...]) -> None:
        offers = [Suggestion(one.name, one.code, f"{one.above} {one.code}") for one in grids]
        self.set_suggestions(offers, words)

    @Slot()
    def settle(self) -> None:
        """Words that mean one grid become it."""
        words = self.text().strip()
        if words and not self.value:
            done = partial(self._meant, words)
            self._jobs.read(self, partial(self._desk.grids, words), done, key="settle")

    def _meant(self, words: str, grids: tuple[GridChoice, ...]) -> None:
        if words != self.text().strip() or self.value:
            return
        exact = [one for one in grids if words in (one.name, one.code)] or list(grids)
        if len(exact) == 1:
            self.put(exact[0].name, exact[0].code)
            self.chosen.emit(exact[0].code)
        else:
            self.unknown.emit()


class AddressLine(TypeAhead):
    """An address as it is typed, with the houses of the branch that have these words in theirs."""

    def __init__(self, jobs: Jobs, desk: FillingDesk, parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self._jobs, self._desk = jobs, desk
        self.text_edited.connect(self._look)

    @Slot(str)
    def _look(self, words: str) -> None:
        done = partial(self._found, words)
        self._jobs.read(self, partial(self._desk.houses, words), done, key="houses")

    def _found(self, words: str, houses: tuple[HouseChoice, ...]) -> None:
        offers = [Suggestion(one.address, one.id, one.grid, one.lived) for one in houses]
        whole = [one.text for one in offers] == [words]
        self.set_suggestions([] if whole else offers, words)


class HomeLine(TypeAhead):
    """The number of a household: typed, or chosen by where it lives."""

    def __init__(self, jobs: Jobs, desk: FillingDesk, parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self.setPlaceholderText(self.tr("住址或户号后几位"))
        self._jobs, self._desk = jobs, desk
        self.text_edited.connect(self._look)

    @Slot(str)
    def _look(self, words: str) -> None:
        done = partial(self._found, words)
        self._jobs.read(self, partial(self._desk.households, words), done, key="homes")

    def _found(self, words: str, homes: tuple[HomeChoice, ...]) -> None:
        # Whoever types an address means one of those listed; a number may be whole as it is.
        self._free = words.isascii()
        offers = [
            Suggestion(one.number, one.number, " ".join(filter(None, (_of(one.head), one.address))))
            for one in homes
        ]
        self.set_suggestions([] if [one.text for one in offers] == [words] else offers, words)


def _of(head: str) -> str:
    return f"{head}户" if head else ""


class WordLine(TypeAhead):
    """Any words; the usual ones by their first letters: po is 配偶."""

    def __init__(self, register: Register, name: str, parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self._register, self._name = register, name
        self.text_edited.connect(self._offer)

    @Slot(str)
    def _offer(self, words: str) -> None:
        # Letters are meant for a word; characters may be a word of one's own.
        self._free = not words.isascii() or not words
        found = offered(self._register, self._name, words)
        if found != (words,):
            self.set_suggestions([Suggestion(one, one) for one in found], words)


def make_line(jobs: Jobs, desk: FillingDesk, register: Register, one: FormField) -> QLineEdit:
    """The line for a field that is typed."""
    name = one.field.name
    line: QLineEdit
    if name == GRID:
        line = GridLine(jobs, desk)
        line.put(one.label or one.value, one.value or None)
    elif ADDRESSES.get(register) == name:
        line = AddressLine(jobs, desk)
    elif name == HOME:
        line = HomeLine(jobs, desk)
    elif (register, name) in WORDS:
        line = WordLine(register, name)
    else:
        line = QLineEdit()
    if name != GRID:
        line.setText(one.value)
    if name not in (GRID, HOME):
        line.setPlaceholderText(one.shown or _PLACEHOLDERS.get(one.field.reads, ""))
    line.setCursorPosition(0)
    return limit_characters(line, max(one.field.longest, 60) + 20)


def make_choice(one: FormField, unset: str) -> QComboBox:
    """The box for a field with fixed words."""
    box = QComboBox(placeholderText=one.shown or unset)
    box.setFixedHeight(30)
    for word in _choices(one):
        box.addItem(word)
    box.setCurrentIndex(box.findText(one.value))
    return box


def _choices(one: FormField) -> tuple[str, ...]:
    if one.field.reads is Reads.YES:
        return ("", "是", "否")
    words: dict[object, str] = {}
    for word, value in one.field.choices.items():
        words.setdefault(value, word)
    empty = () if one.field.required else ("",)
    return (*empty, *(word for word in words.values() if not word.isascii()))
