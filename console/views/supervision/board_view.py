"""双色看板: counters on top, units at the left, the list in the middle, the case and its forms at the right."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from console.actions import ActionId
from console.domain.errors import UserError
from console.domain.states import SUPERVISION_NAMES
from console.domain.supervision import (
    CARDS,
    WATCH_NAMES,
    WATCH_TIPS,
    Board,
    Watch,
    WatchCriteria,
    WatchList,
    WatchRow,
)
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.services import CaseDesk
from console.views.parts.card import Card, label
from console.views.parts.counter_bar import Counter, CounterBar
from console.views.parts.light_label import Shape
from console.views.parts.segmented import Segmented
from console.views.supervision.case_side import CaseSide
from console.views.supervision.services import SupervisionDesk
from console.views.supervision.unit_table import Line, UnitTable
from console.views.supervision.watch_table import WatchTable

OPEN_AFTER_MS = 90
# Rows a work order may move under the operator's hands before the list would seem to jump.
FAR = 5
_LOOK: dict[Watch, tuple[Tone, Shape]] = {
    Watch.INSTRUCTED: (Tone.VIOLET, Shape.NONE),
    Watch.RED: (Tone.BAD, Shape.SQUARE),
    Watch.YELLOW: (Tone.WARN, Shape.DISC),
    Watch.UNSIGNED: (Tone.WARN, Shape.NONE),
    Watch.LEVEL: (Tone.WARN, Shape.NONE),
    Watch.PROMISE: (Tone.WARN, Shape.NONE),
    Watch.SUPERVISED: (Tone.VIOLET, Shape.TRIANGLE),
    Watch.SUSPENDED: (Tone.NEUTRAL, Shape.PAUSE),
}
_SHOWN = tuple(watch for watch in Watch if watch is not Watch.EVERY)


class BoardView(QWidget):
    """`reload()`, `show_watch(watch)`; `side` is the right part, `typing` tells whether a reload would hurt."""

    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        desk: SupervisionDesk,
        orders: CaseDesk,
        actions: dict[ActionId, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._criteria, self._board = WatchCriteria(), Board()
        self._quiet = False
        self._following: int | None = None
        self.counters, self.units = CounterBar(), UnitTable()
        self.table = WatchTable(self.tr("督办工单"), checkable=ActionId.URGE in actions)
        self.level = Segmented([], self.tr("督办级别"), numbers=False)
        self.total = label("", "muted")
        self.foot = label("", "muted")
        self.side = CaseSide(jobs, desk, orders, actions)
        self._soon = QTimer(self, singleShot=True, interval=OPEN_AFTER_MS)
        self._lay_out()
        self._connect()
        self.table.empty.say(self.tr("正在载入…"))

    def _lay_out(self) -> None:
        head = Card(padding=8)
        head.add(self.counters)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        for widget in (self._unit_card(), self._list_card(), self.side):
            self.splitter.addWidget(widget)
        self.splitter.setSizes([276, 440, 560])
        for at, share in enumerate((1, 2, 3)):
            self.splitter.setStretchFactor(at, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(self.splitter, 1)

    def _unit_card(self) -> Card:
        card = Card(padding=0)
        card.body.setContentsMargins(1, 4, 1, 1)
        card.setMinimumWidth(276)
        card.setMaximumWidth(340)
        card.body.addWidget(self.units, 1)
        return card

    def _list_card(self) -> Card:
        card = Card(padding=0, spacing=6)
        card.body.setContentsMargins(1, 8, 1, 1)
        card.setMinimumWidth(330)
        head = QHBoxLayout()
        head.setContentsMargins(11, 0, 11, 0)
        head.addWidget(self.level)
        head.addStretch(1)
        head.addWidget(self.total)
        foot = QHBoxLayout()
        foot.setContentsMargins(11, 2, 11, 8)
        foot.addWidget(self.foot, 1)
        card.body.addLayout(head)
        card.body.addWidget(self.table, 1)
        card.body.addLayout(foot)
        return card

    def _connect(self) -> None:
        self.counters.picked.connect(self._count_picked)
        self.units.selected.connect(self._unit_picked)
        self.level.chosen.connect(self._level_picked)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(self._opened)
        self.table.records.checks_changed.connect(self._ticked)
        self._soon.timeout.connect(self._open_current)
        self.side.failed.connect(self.failed)
        self.side.sent.connect(self._untick)

    @property
    def criteria(self) -> WatchCriteria:
        return self._criteria

    @property
    def is_typing(self) -> bool:
        return self.side.is_typing

    def home(self) -> QWidget:
        return self.table

    def show_watch(self, watch: Watch) -> None:
        """List what this counter counts."""
        self._choose(replace(self._criteria, watch=watch))

    def show_ticket(self, ticket_id: int) -> None:
        """Open this one; marked in the list when it is there, shown in any case."""
        self.table.records.check_all(False)
        if not self.table.select_id(ticket_id):
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._soon.stop()
        self.side.open_case(ticket_id)

    # --- reading

    @Slot()
    def reload(self) -> None:
        self._jobs.read(self, self._desk.board, self._board_read, self._not_read, key="board")
        self._read_list()

    def _read_list(self) -> None:
        criteria = self._criteria
        work, done = partial(self._desk.watch, criteria), partial(self._list_read, criteria)
        self._jobs.read(self, work, done, self._not_read, key="watch")

    def _board_read(self, board: Board) -> None:
        self._board, self._quiet = board, True
        self.units.show_board(board)
        self._quiet = False
        self._show_numbers()

    def _show_numbers(self) -> None:
        code = self._criteria.unit_code
        self.counters.show_counters([self._counter(watch, code) for watch in _SHOWN])
        self.counters.choose(self._criteria.watch.value)
        names = [
            (level, f"{SUPERVISION_NAMES[level][:2]} {self._board.cards(level, code)}")
            for level in CARDS
        ]
        self.level.blockSignals(True)
        self.level.set_options([(0, self.tr("全部级别")), *names])
        self.level.choose(self._criteria.level or 0)
        self.level.blockSignals(False)
        self._say_total()

    def _counter(self, watch: Watch, code: str | None) -> Counter:
        tone, shape = _LOOK.get(watch, (Tone.NEUTRAL, Shape.NONE))
        words = self.tr(WATCH_NAMES[watch])
        if watch is Watch.SUSPENDED and self._board.resume_due:
            words, tone = self.tr("挂起·到期 {0}").format(self._board.resume_due), Tone.WARN
        number = self._board.number(watch, code)
        return Counter(watch.value, words, number, tone, shape, self.tr(WATCH_TIPS[watch]))

    def _list_read(self, criteria: WatchCriteria, found: WatchList) -> None:
        if criteria != self._criteria:
            return
        self._say_empty()
        before = self.table.currentIndex().row()
        self.table.show_rows(found.rows)
        self._stay(before)
        self._say_total()
        first = found.rows[0].id if found.rows else None
        if self.side.case_view.ticket_id is None and first is not None and not self.side.is_bulk:
            self.table.select_id(first)
        self._say_foot(self.table.current)

    def _stay(self, before: int) -> None:
        """What was just lifted or suspended may have sunk far down: the round goes on where it was."""
        following, self._following = self._following, None
        moved = abs(self.table.currentIndex().row() - before)
        if following is not None and moved >= FAR:
            self.table.select_id(following)

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.table.empty.say(error.text, error.hint)
            self.table.empty.setVisible(self.table.records.rowCount() == 0)
        self.failed.emit(error)

    def _say_empty(self) -> None:
        if self._criteria == WatchCriteria():
            self.table.empty.say(
                self.tr("没有需要过问的工单"), self.tr("亮灯的工单会自动出现在这里")
            )
        else:
            hint = self.tr("再点一次计数块，看全部")
            self.table.empty.say(self.tr("这一类没有工单"), hint)

    def _say_total(self) -> None:
        ticked = len(self.table.records.checked())
        number = self._board.number(self._criteria.watch, self._criteria.unit_code)
        if self._criteria.level is not None:
            number = self.table.records.rowCount()
        name = self.tr(WATCH_NAMES[self._criteria.watch])
        unit = self._criteria.unit_name if self._criteria.unit_code is not None else ""
        words = self.tr("{0} {1} 件").format(name, f"{number:,}")
        if ticked:
            words = self.tr("已勾选 {0} 件").format(ticked)
        self.total.setText(" · ".join(filter(None, (unit if not ticked else "", words))))

    # --- choosing

    @Slot(str)
    def _count_picked(self, name: str) -> None:
        self.show_watch(Watch(name) if name else Watch.EVERY)

    @Slot(object)
    def _unit_picked(self, line: Line | None) -> None:
        if line is not None and not self._quiet:
            self._choose(replace(self._criteria, unit_code=line.code, unit_name=line.name))

    @Slot(object)
    def _level_picked(self, level: object) -> None:
        self._choose(replace(self._criteria, level=level or None))

    def _choose(self, criteria: WatchCriteria) -> None:
        if criteria == self._criteria:
            return
        self._criteria = criteria
        self.table.records.check_all(False)
        self._show_numbers()
        self.table.scrollToTop()
        self._read_list()

    @Slot(object)
    def _selected(self, row: WatchRow | None) -> None:
        self._say_foot(row)
        if row is not None and row.id != self.side.case_view.ticket_id:
            self._soon.start()
            self.side.expect()

    def _say_foot(self, row: WatchRow | None) -> None:
        """What comes next on the ladder, by itself, if nobody does anything."""
        words = self.tr("下一步：{0}").format(row.next_step) if row and row.next_step else ""
        plain = self.tr("空格勾选，可一次催办多件") if self.table.records.rowCount() else ""
        self.foot.setText(words or plain)
        self.foot.setToolTip(words)

    def press(self, action: ActionId) -> None:
        """A key of this desk is for the row it was pressed on, never for the one shown a moment before."""
        if self._soon.isActive():
            self._soon.stop()
            self._open_current()
        self.side.press(action)

    @Slot()
    def _open_current(self) -> None:
        row = self.table.current
        if row is not None and not self.side.is_bulk:
            self.side.open_case(row.id)

    @Slot(object)
    def _opened(self, row: WatchRow) -> None:
        """Enter: on into the case."""
        self._soon.stop()
        self.side.open_case(row.id)
        self.side.case_view.focus_first()

    @Slot()
    def _ticked(self) -> None:
        self._say_total()
        self.side.show_ticked([record.row for record in self.table.records.checked()])
        if not self.side.is_bulk:
            self._soon.start()

    @Slot()
    def _untick(self) -> None:
        """After a bulk write the ticks go, the results stay until the operator moves on."""
        if not self.side.is_bulk:
            after = self.table.records.index(self.table.currentIndex().row() + 1, 0)
            self._following = self.table.records.identity(after) if after.isValid() else None
            return
        self.table.records.blockSignals(True)
        self.table.records.check_all(False)
        self.table.records.blockSignals(False)
        self._say_total()
