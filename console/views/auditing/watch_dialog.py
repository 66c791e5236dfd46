"""关注号码 over 查阅记录: numbers whose every look is marked; kept as keys, shown as masks."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Protocol

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.watching import LONGEST_WHY, Watched
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.clock import long_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

SIZE = (720, 460)


class WatchDesk(Protocol):
    """console.services.auditing.watching.Watching."""

    def numbers(self) -> tuple[Watched, ...]: ...
    def watch(self, number: str, why: str) -> Changed: ...
    def unwatch(self, row_id: int) -> Changed: ...


class WatchDialog(QDialog):
    """Enter puts the number on the list, Delete takes the marked one off it."""

    def __init__(self, jobs: Jobs, desk: WatchDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self.setWindowTitle(self.tr("关注号码"))
        self.setAccessibleName(self.tr("关注号码"))
        self.number, self.why = QLineEdit(), QLineEdit(maxLength=LONGEST_WHY)
        self.number.setPlaceholderText(self.tr("完整电话号码或身份证号"))
        self.why.setPlaceholderText(self.tr("如：本市公众人物、曾被骚扰"))
        self.fields = Fields(
            Field(self.tr("号码"), self.number, "number"),
            Field(self.tr("为什么关注"), self.why, "why"),
        )
        self.table = TableView(RecordTable(_columns(), identity=attrgetter("id")))
        self.table.setAccessibleName(self.tr("关注号码"))
        self.error = label("", "error", wrap=True)
        self.add = KeyButton(self.tr("加入"), "Enter", "primary")
        self.remove = KeyButton(self.tr("移出"), "Delete")
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        self._lay_out()
        self._connect()
        self.reload()

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        typed, foot = QHBoxLayout(), QHBoxLayout()
        typed.setSpacing(12)
        typed.addWidget(self.fields["number"], 2)
        typed.addWidget(self.fields["why"], 3)
        foot.setSpacing(8)
        foot.addWidget(self.error, 1)
        for button in (self.remove, self.close_button, self.add):
            button.setAutoDefault(False)
            foot.addWidget(button)
        card = Card(padding=1, spacing=0)
        card.body.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(label(self.tr("关注号码"), "title"))
        words = self.tr(
            "谁看过、查过这些号码，查阅记录里都标“关注号码”。这里不存号码本身；加入和移出都有记录。"
        )
        column.addWidget(label(words, "muted", wrap=True))
        column.addLayout(typed)
        column.addWidget(card, 1)
        column.addLayout(foot)
        self.remove.setEnabled(False)

    def _connect(self) -> None:
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.close_button.clicked.connect(self.reject)
        self.number.returnPressed.connect(self._add)
        self.why.returnPressed.connect(self._add)
        self.table.selected.connect(self._selected)
        QShortcut(QKeySequence("Delete"), self.table).activated.connect(self._remove)

    @Slot()
    def reload(self) -> None:
        self._jobs.read(self, self._desk.numbers, self._came, self._refused, key="watched")

    def _came(self, rows: Sequence[Watched]) -> None:
        self.table.show_rows(rows)
        self.table.empty.say(self.tr("名单是空的"))
        self.table.empty.setVisible(not rows)
        self._selected(self.table.current)

    @Slot(object)
    def _selected(self, row: Watched | None) -> None:
        self.remove.setEnabled(row is not None)

    @Slot()
    def _add(self) -> None:
        self._write(partial(self._desk.watch, self.number.text(), self.why.text()), self._added)

    def _added(self, _changed: Changed) -> None:
        for line in (self.number, self.why):
            line.clear()
        self.number.setFocus()
        self.reload()

    @Slot()
    def _remove(self) -> None:
        row = self.table.current
        if row is not None:
            self._write(partial(self._desk.unwatch, row.id), self._removed)

    def _removed(self, _changed: Changed) -> None:
        self.reload()

    def _write(self, work: Callable[[], Any], done: Callable[[Changed], None]) -> None:
        self.fields.clear_errors()
        self.error.setText("")
        self._jobs.write(self, work, done, self._refused)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        rest = self.fields.show_errors(error)
        self.error.setText(rest.sentence if rest is not None else "")
        self.reload()


def _columns() -> tuple[Column, ...]:
    return (
        Column("号码", attrgetter("shown"), bold=True, width=156),
        Column("为什么关注", attrgetter("why"), tip=attrgetter("why")),
        Column("谁加的", attrgetter("added_by"), Tone.MUTED, width=96),
        Column("何时", _when, Tone.MUTED, width=130),
    )


def _when(row: Watched) -> str:
    return long_time(row.added_at)
