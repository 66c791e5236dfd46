"""办结归档: tick closed work orders, archive them, see what became of each."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.changes import Changed, Topic
from console.domain.desks import BulkResult, Queue
from console.domain.states import NATURE_NAMES
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.clock import grouped_number, long_time
from console.views.parts.key_cap import KeyButton
from console.views.parts.light_label import Mark, Shape, mark_of, supervision_mark
from console.views.parts.outcome_list import OutcomeList
from console.views.parts.queue_table import Waiting, waiting_rows
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView


class Archive(Protocol):
    """console.services.archiving.Archiving, as far as the panel uses it."""

    def queue(self) -> Queue: ...
    def archive_many(self, ticket_ids: tuple[int, ...]) -> BulkResult: ...


class ArchivePanel(QWidget):
    """A tab of the reports workplace. Space ticks, Ctrl+A ticks all, F8 archives while the focus is in here.

    `said(sentence, tone)` and `failed(error)` go to the message strip; `report_wanted(ids)` and `index_wanted(ids)`
    ask the workplace for the closure reports and tables of contents of what was just archived; `open_ticket(id)`
    on Enter.
    """

    said = Signal(str, object)
    failed = Signal(object)
    report_wanted = Signal(object)
    index_wanted = Signal(object)
    open_ticket = Signal(int)

    def __init__(self, jobs: Jobs, archiving: Archive, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._busy = jobs, archiving, False
        self._archived: tuple[int, ...] = ()
        self._stale = True
        self.table = self._make_table()
        self.count = label("", "muted")
        self.all_button = KeyButton(self.tr("全选"), "Ctrl+A")
        self.archive_button = KeyButton(self.tr("归档"), "F8", "primary")
        self.results = OutcomeList(self.tr("归档结果"))
        self.report_button = KeyButton(self.tr("生成办结报告"), "F8", "primary")
        self.index_button = KeyButton(self.tr("打印卷内目录"), "Ctrl+J")
        self.back_button = KeyButton(self.tr("返回待归档"), "Esc")
        self._lay_out()
        self._connect()

    def _make_table(self) -> TableView:
        model = RecordTable(
            [
                Column(self.tr("工单编号"), _number, Tone.MUTED, width=200),
                Column(self.tr("事项"), _title),
                Column(self.tr("性质"), _nature, width=64),
                Column(self.tr("承办单位"), _unit, width=150),
                Column(self.tr("时限"), _light, width=130),
                Column(self.tr("归档前须办"), _against, width=230),
                Column(self.tr("受理时间"), _accepted, Tone.MUTED, width=140),
            ],
            checkable=True,
        )
        view = TableView(model)
        model.setParent(view)
        view.setAccessibleName(self.tr("待归档的工单"))
        view.empty.say(self.tr("没有待归档的工单"), self.tr("回访结案、现场办结的工单会出现在这里"))
        return view

    def _lay_out(self) -> None:
        self._waiting = Card(self.tr("待归档"), self.count)
        self._waiting.body.setContentsMargins(1, 12, 1, 0)
        self._waiting.head.setContentsMargins(12, 0, 12, 0)
        self._waiting.body.addWidget(self.table, 1)
        self._waiting.body.addLayout(_foot(self.all_button, self.archive_button))
        self.results.body.addLayout(_foot(self.back_button, self.index_button, self.report_button))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._waiting)
        self.stack.addWidget(self.results)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self._jobs.changed.connect(self.take_change)
        self.table.records.checks_changed.connect(self._count)
        self.table.opened.connect(self._opened)
        self.all_button.clicked.connect(self._tick_all)
        # The table has a Ctrl+A of its own, which would only select.
        every = QShortcut(QKeySequence.StandardKey.SelectAll, self.table)
        every.setContext(Qt.ShortcutContext.WidgetShortcut)
        every.activated.connect(self._tick_all)
        self.archive_button.clicked.connect(self.archive)
        self.report_button.clicked.connect(self._report)
        self.index_button.clicked.connect(self._index)
        self.back_button.clicked.connect(self.show_waiting)

    # --- keys: only while the focus is in here, so that the workplace around it keeps its own F8

    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and self._key(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._key(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _key(self, event: QKeyEvent):
        showing_results = self.stack.currentWidget() is self.results
        if event.key() == Qt.Key.Key_F8:
            return self._report if showing_results else self.archive
        if event.key() == Qt.Key.Key_Escape and showing_results:
            return self.show_waiting
        with_control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_J and with_control and showing_results:
            return self._index
        return None

    # --- the list

    @Slot(object)
    def take_change(self, changed: Changed) -> None:
        if Topic.TICKETS not in changed.topics:
            return
        self._stale = True
        if self.isVisible():
            self.reload()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    @Slot()
    def reload(self) -> None:
        self._stale = False
        self._jobs.read(self, self._desk.queue, self._show, self.failed.emit, key="archive")

    def _show(self, queue: Queue) -> None:
        self.table.show_rows(waiting_rows(queue))
        self._total = queue.total
        # The first by itself at the start and after archiving: F8 must not fall on another one.
        if queue.rows and not self.table.currentIndex().isValid() and self._going_on:
            self.table.selectRow(0)
        self._going_on = not queue.rows
        self._count()

    _total = 0
    _going_on = True

    @Slot()
    def _count(self) -> None:
        ticked = len(self.table.records.checked())
        held_up = sum(bool(row.note) for row in self.table.records.rows)
        total = self.tr("共 {0} 件").format(self._total)
        blocked = self.tr("{0} 件还不能归档").format(held_up) if held_up else ""
        chosen = self.tr("已勾选 {0} 件").format(ticked) if ticked else self.tr("空格勾选")
        self.count.setText("　".join(filter(None, (chosen, blocked, total))))
        words = self.tr("归档 {0} 件").format(ticked) if ticked else self.tr("归档这一件")
        self.archive_button.set_words(words)
        every = bool(ticked) and ticked >= len(self._ready())
        self.all_button.set_words(self.tr("取消全选") if every else self.tr("全选可归档的"))
        self.archive_button.setEnabled(bool(self._total) and not self._busy)
        self.all_button.setEnabled(bool(self._total))

    def _ready(self) -> list[int]:
        """Nothing stands against archiving these."""
        return [row.id for row in self.table.records.rows if not row.note]

    @Slot()
    def _tick_all(self) -> None:
        records, ready = self.table.records, self._ready()
        records.check(() if len(records.checked()) >= len(ready) else ready)

    @Slot(object)
    def _opened(self, row: Waiting) -> None:
        self.open_ticket.emit(row.id)

    # --- archiving

    @Slot()
    def archive(self) -> None:
        """The ticked ones, or the one at the cursor."""
        rows = self.table.chosen
        if self._busy or not rows:
            return
        self._busy = True
        self._count()
        self.results.show_rows([waiting.row for waiting in rows])
        work = partial(self._desk.archive_many, tuple(row.id for row in rows))
        self._jobs.write(self, work, self._done, self._refused)

    def _done(self, result: BulkResult) -> None:
        self._busy = False
        self._archived = result.changed.ids
        self.table.records.check_all(False)
        self.results.show_result(result, self.tr("已归档"))
        for button in (self.report_button, self.index_button):
            button.setEnabled(bool(self._archived))
        self.stack.setCurrentWidget(self.results)
        first = self.report_button if self._archived else self.back_button
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(result)

    def _say(self, result: BulkResult) -> None:
        words = self.tr("已归档 {0} 件").format(len(result.done))
        if result.failed:
            words += self.tr("，{0} 件未归档，原因见列表").format(len(result.failed))
        self.said.emit(words, Tone.WARN if result.failed else Tone.OK)

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self._count()
        self.failed.emit(error)

    @Slot()
    def _report(self) -> None:
        if self._archived:
            self.report_wanted.emit(self._archived)

    @Slot()
    def _index(self) -> None:
        if self._archived:
            self.index_wanted.emit(self._archived)

    @Slot()
    def show_waiting(self) -> None:
        self.stack.setCurrentWidget(self._waiting)
        self._going_on = True
        self.reload()
        self._count()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _foot(left: QWidget, *right: QWidget) -> QHBoxLayout:
    foot = QHBoxLayout()
    foot.setContentsMargins(12, 10, 12, 12)
    foot.setSpacing(8)
    foot.addWidget(left)
    foot.addStretch(1)
    for button in right:
        foot.addWidget(button)
    return foot


def _number(waiting: Waiting) -> str:
    return grouped_number(waiting.row.number)


def _title(waiting: Waiting) -> str:
    return waiting.row.title


def _nature(waiting: Waiting) -> str:
    return NATURE_NAMES[waiting.row.nature]


def _unit(waiting: Waiting) -> str:
    return waiting.row.unit


def _light(waiting: Waiting) -> Mark:
    return supervision_mark(waiting.row.supervision) or mark_of(waiting.row.light)


def _against(waiting: Waiting) -> Mark:
    """What stands against archiving it, known before the key is pressed."""
    if waiting.note:
        return Mark(Shape.SQUARE, Tone.WARN, waiting.note)
    return Mark(Shape.TICK, Tone.OK, "可归档")


def _accepted(waiting: Waiting) -> str:
    return long_time(waiting.row.accepted_at)
