"""复核: replies that were sent against the record; accept them, or send them back to be done again."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from console.domain.changes import Changed
from console.domain.supervision import Override
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases import CaseView
from console.views.cases.services import CaseDesk
from console.views.parts.card import Card, label
from console.views.parts.clock import grouped_number, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.table import TableView
from console.views.supervision.services import SupervisionDesk

OPEN_AFTER_MS = 90


class OverridesView(QWidget):
    """`reload()`, `accept()`, `send_back()`; `counted(n)` tells how many wait. Without actions it only shows."""

    said = Signal(str, object)
    failed = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        jobs: Jobs,
        desk: SupervisionDesk,
        orders: CaseDesk,
        accept: QAction | None = None,
        back: QAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._sending = jobs, desk, False
        self._actions = [action for action in (accept, back) if action is not None]
        self.which = Segmented(
            [(False, self.tr("待复核")), (True, self.tr("全部"))], self.tr("范围"), numbers=False
        )
        self.which.choose(False)
        self.table = self._make_table()
        self.case_view = CaseView(jobs, orders)
        self.finding, self.why = label("", "strong", wrap=True), label("", "", wrap=True)
        self.words = SnippetEdit(self.tr("复核意见"), 200, rows=2)
        self.words.setMaximumHeight(self.words.sizeHint().height())
        hint = self.tr("发回时必填，写明差什么")
        self.fields = Fields(Field(self.tr("复核意见"), self.words, "words", hint))
        self._soon = QTimer(self, singleShot=True, interval=OPEN_AFTER_MS)
        self._lay_out(accept, back)
        self._connect()

    def _make_table(self) -> TableView:
        columns = (
            Column(self.tr("疑点"), _finding, Tone.BAD, width=164, bold=True),
            Column(self.tr("事项"), _title),
            Column(self.tr("承办单位"), _unit, width=132),
            Column(self.tr("承办人"), _by, width=88),
            Column(self.tr("时间"), _at, Tone.MUTED, width=96),
            Column(self.tr("复核"), _judged, Tone.MUTED, width=96),
        )
        model = RecordTable(columns)
        table = TableView(model)
        model.setParent(table)
        table.setAccessibleName(self.tr("越关办结"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.empty.say(
            self.tr("没有待复核的越关办结"), self.tr("回复与记录不符而坚持提交的，会列在这里")
        )
        return table

    def _lay_out(self, accept: QAction | None, back: QAction | None) -> None:
        listed = Card(padding=0, spacing=6)
        listed.body.setContentsMargins(1, 8, 1, 1)
        head = QHBoxLayout()
        head.setContentsMargins(11, 0, 11, 0)
        head.addWidget(self.which)
        head.addStretch(1)
        listed.body.addLayout(head)
        listed.body.addWidget(self.table, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.case_view, 1)
        self.verdict = self._verdict(accept, back)
        column.addWidget(self.verdict)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.addWidget(listed)
        splitter.addWidget(right)
        splitter.setSizes([760, 520])
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(splitter)

    def _verdict(self, accept: QAction | None, back: QAction | None) -> Card:
        card = Card(self.tr("复核"))
        card.add(self.finding, self.why)
        if accept is not None and back is not None:
            card.add(self.fields["words"])
            foot = QHBoxLayout()
            foot.setSpacing(8)
            foot.addWidget(ActionButton(back, "danger", self.tr("发回重办")))
            foot.addStretch(1)
            foot.addWidget(ActionButton(accept, "primary", self.tr("认可办结")))
            card.body.addLayout(foot)
        return card

    def _connect(self) -> None:
        self.which.chosen.connect(self._which_chosen)
        self.table.selected.connect(self._selected)
        self.case_view.failed.connect(self.failed)
        self._soon.timeout.connect(self._open_current)
        self.words.textChanged.connect(self._typed)

    _going_on = False

    def home(self) -> QWidget:
        return self.table

    @property
    def is_typing(self) -> bool:
        return bool(self.words.text.strip()) or self.case_view.is_typing

    @Slot()
    def reload(self) -> None:
        work = partial(self._desk.overrides, bool(self.which.value))
        self._jobs.read(self, work, self._read, self.failed.emit, key="overrides")

    @Slot(object)
    def _which_chosen(self, _which: object) -> None:
        self.reload()

    def _read(self, found: tuple[Override, ...]) -> None:
        self.table.show_rows(found)
        self.counted.emit(sum(not one.judged for one in found))
        # The first by itself only where nothing was in sight: a verdict must not fall on another one.
        fresh, self._going_on = self._going_on or self.case_view.ticket_id is None, False
        if found and self.table.current is None and fresh:
            self.table.selectRow(0)
        self._selected(self.table.current)

    @Slot(object)
    def _selected(self, one: Override | None) -> None:
        open_ = one is not None and not one.judged and not self._sending
        for action in self._actions:
            action.setEnabled(open_)
        self.verdict.setVisible(one is not None)
        if one is None:
            self._soon.stop()
            self.case_view.close_case()
            return
        self.finding.setText(self.tr("疑点：{0}").format(one.finding))
        said = self.tr("{0} 的说明：{1}").format(one.by, one.explanation)
        self.why.setText("\n".join(filter(None, (said, one.judged))))
        if one.ticket_id != self.case_view.ticket_id:
            self._soon.start()

    @Slot()
    def _open_current(self) -> None:
        one = self.table.current
        if one is not None:
            self.case_view.open_case(one.ticket_id)

    @Slot()
    def _typed(self) -> None:
        self.fields.clear_errors()

    # --- deciding

    @Slot()
    def accept(self) -> None:
        self._judge(accepted=True)

    @Slot()
    def send_back(self) -> None:
        self._judge(accepted=False)

    def _judge(self, accepted: bool) -> None:
        one = self.table.current
        if one is None or self._sending:
            return
        self._sending = True
        work = partial(self._desk.judge, one.id, accepted, self.words.text)
        self._jobs.write(self, work, self._judged, self._refused)

    def _judged(self, changed: Changed) -> None:
        self._sending, self._going_on = False, True
        self.words.put("")
        self.said.emit(f"{changed.note}　{grouped_number(changed.number)}", Tone.OK)
        self.reload()

    def _refused(self, error: Exception) -> None:
        self._sending = False
        rest = self.fields.show_errors(error)
        if rest is not None or not self.fields["words"].has_error:
            self.failed.emit(error)


def _finding(one: Override) -> str:
    return one.finding


def _title(one: Override) -> str:
    return one.title


def _unit(one: Override) -> str:
    return one.unit


def _by(one: Override) -> str:
    return one.by


def _at(one: Override) -> str:
    at: datetime = one.at
    return short_time(at)


def _judged(one: Override) -> str:
    return one.judged or "待复核"
