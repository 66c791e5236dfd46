"""骚扰号码 for the supervisor: approve what agents ask for, end what is no longer needed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.blocking import BlockRequest
from console.domain.changes import Changed, Topic
from console.domain.errors import UserError
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.clock import short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.table import TableView

SIZE = (900, 480)


class BlockDesk(Protocol):
    """console.services.blocking.Blocking."""

    def numbers(self) -> tuple[BlockRequest, ...]: ...
    def approve(self, request_id: int) -> Changed: ...
    def end(self, request_id: int, reason: str) -> Changed: ...


class BlockedDialog(QDialog):
    """`said(sentence, tone)` once a decision stands in the database."""

    said = Signal(str, object)

    def __init__(self, jobs: Jobs, desk: BlockDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self.setWindowTitle(self.tr("骚扰号码"))
        self.setAccessibleName(self.tr("骚扰号码"))
        self.table = TableView(RecordTable(_columns(), identity=_key))
        self.table.setAccessibleName(self.tr("骚扰号码"))
        self.reason = SnippetEdit(self.tr("驳回或解除的理由"), 300, rows=1)
        self.fields = Fields(Field(self.tr("驳回或解除的理由"), self.reason, "reason"))
        self.error = label("", "error", wrap=True)
        self.approve_button = KeyButton(self.tr("批准"), kind="primary")
        self.end_button = KeyButton(self.tr("驳回或解除"), kind="danger")
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        self._lay_out()
        self._connect()
        self._selected(None)
        self.reload()

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        card = Card(padding=1, spacing=0)
        card.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.close_button, self.end_button, self.approve_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(label(self.tr("骚扰号码"), "title"))
        words = self.tr("标记只提示接线员，从不挡住来电：涉及险情的照常受理")
        column.addWidget(label(words, "muted"))
        column.addWidget(card, 1)
        column.addWidget(self.fields["reason"])
        column.addWidget(self.error)
        column.addLayout(foot)
        self.error.hide()

    def _connect(self) -> None:
        self.approve_button.clicked.connect(self._approve)
        self.end_button.clicked.connect(self._end)
        self.close_button.clicked.connect(self.reject)
        self.table.selected.connect(self._selected)
        self._jobs.changed.connect(self._changed)

    @Slot()
    def reload(self) -> None:
        self._jobs.read(self, self._desk.numbers, self._read, self._refused, key="blocked")

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if Topic.CALLS in changed.topics:
            self.reload()

    _going_on = True

    def _read(self, rows: Sequence[BlockRequest]) -> None:
        self.table.show_rows(rows)
        self.table.empty.say(self.tr("没有标记的号码"), self.tr("接线员标为骚扰的号码会列在这里"))
        self.table.empty.setVisible(not rows)
        # The first by itself at the start and after one's own deed: an approval must not fall on another number.
        if rows and self.table.current is None and self._going_on:
            self.table.selectRow(0)
        self._going_on = not rows
        self._selected(self.table.current)

    @Slot(object)
    def _selected(self, row: BlockRequest | None) -> None:
        self.approve_button.setEnabled(row is not None and not row.approved_by)
        self.end_button.setEnabled(row is not None)

    @Slot()
    def _approve(self) -> None:
        row = self.table.current
        if row is not None:
            self._write(
                partial(self._desk.approve, row.id), self.tr("已批准 {0}").format(row.phone)
            )

    @Slot()
    def _end(self) -> None:
        row = self.table.current
        if row is not None:
            words = self.tr("已驳回 {0}") if not row.approved_by else self.tr("已解除 {0}")
            work = partial(self._desk.end, row.id, self.reason.text)
            self._write(work, words.format(row.phone))

    def _write(self, work: Callable[[], Any], words: str) -> None:
        self.fields.clear_errors()
        self.error.hide()
        self._jobs.write(self, work, partial(self._written, words), self._refused)

    def _written(self, words: str, _changed: Changed) -> None:
        self._going_on = True
        self.reload()
        self.reason.put("")
        self.said.emit(words, Tone.OK)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        rest = self.fields.show_errors(error)
        if isinstance(rest, UserError):
            self.error.setText("　".join(filter(None, (rest.text, rest.hint))))
            self.error.show()
            self.reload()


def _columns() -> list[Column]:
    return [
        Column("号码", _phone, width=120),
        Column("处理", _degree, width=84),
        Column("次数", _times, width=56, right=True),
        Column("情形", _reason),
        Column("提出", _asked, width=150),
        Column("到期", _until, width=110),
        Column("批准", _approved, tone=_tone, width=110),
    ]


def _key(row: BlockRequest) -> int:
    return row.id


def _phone(row: BlockRequest) -> str:
    return row.phone


def _degree(row: BlockRequest) -> str:
    return row.degree


def _times(row: BlockRequest) -> str:
    return str(row.times)


def _reason(row: BlockRequest) -> str:
    return row.reason


def _asked(row: BlockRequest) -> str:
    return f"{row.requested_by} {short_time(row.at)}"


def _until(row: BlockRequest) -> str:
    return short_time(row.until)


def _approved(row: BlockRequest) -> str:
    return row.approved_by or "待批准"


def _tone(row: BlockRequest) -> Tone | None:
    return None if row.approved_by else Tone.WARN
