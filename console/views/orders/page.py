"""工单池: counters and conditions above, the list at the left, the case at the right, all in one sight."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.errors import UserError
from console.domain.orders import STAGE_NAMES, Counters, Criteria, Filter, Period, Sort, Stage
from console.domain.orders import Page as Rows
from console.domain.records import TicketRow
from console.domain.roles import Role
from console.jobs import Jobs
from console.settings import Settings
from console.theme import Tone
from console.views.cases import CaseView
from console.views.orders.batch_panel import BatchPanel
from console.views.orders.filter_bar import FilterBar
from console.views.orders.filter_chip import FilterChip
from console.views.orders.pool_table import PoolTable
from console.views.orders.saved_filters import SaveDialog
from console.views.orders.services import BatchDesks, PoolDesk, acts_of, read_pages
from console.views.parts.card import Card, label
from console.views.parts.counter_bar import Counter, CounterBar
from console.views.parts.light_label import Shape
from console.views.parts.page import Page

_LOOK = {
    Stage.YELLOW: (Tone.WARN, Shape.DISC),
    Stage.RED: (Tone.BAD, Shape.SQUARE),
    Stage.CLOSED: (Tone.OK, Shape.NONE),
}
_SHOWN = (
    Stage.EVERY, Stage.TO_DISPATCH, Stage.TO_SIGN, Stage.IN_HAND, Stage.TO_REVIEW, Stage.TO_CALL_BACK,
    Stage.YELLOW, Stage.RED, Stage.CLOSED, Stage.DRAFTS,
)  # fmt: skip
# Arrowing through the list must not read every case on the way.
OPEN_AFTER_MS = 90
MOST_PAGES = 10


class OrdersPage(Page):
    """`show_ticket(id)` opens one from elsewhere, `show_criteria` lists by given conditions.

    `act(Move, CaseFile)` when a move that was offered with `case.offer(...)` is chosen.
    """

    act = Signal(object, object)

    def __init__(
        self,
        jobs: Jobs,
        orders: PoolDesk,
        settings: Settings | None = None,
        batches: BatchDesks | None = None,
        role: Role | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, parent)
        self._orders = orders
        several = batches is not None and role is not None and bool(acts_of(role))
        self.batch = BatchPanel(jobs, batches, role) if several else None
        self._criteria, self._pages, self._next = Criteria(), 1, None
        self._counters: Counters | None = None
        self._dialog: SaveDialog | None = None
        self._wanted: int | None = None
        self.counters, self.filters = CounterBar(), FilterBar()
        self.table, self.case = PoolTable(settings), CaseView(jobs, orders)
        self.total = label("", "muted")
        self.columns = FilterChip(self.tr("列"), self.table.columns_menu)
        self._open_soon = QTimer(self, singleShot=True, interval=OPEN_AFTER_MS)
        self._lay_out()
        self._connect()
        add_action(self, ActionId.REFRESH, self.reload)
        self.table.empty.say(self.tr("正在载入工单…"))
        self.table.show_sort(Sort.DUE, falling=False)

    def _lay_out(self) -> None:
        head = Card(padding=10)
        head.add(self.counters)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        self.splitter.addWidget(self._list())
        self.right = QStackedWidget()
        self.right.addWidget(self.case)
        if self.batch is not None:
            self.right.addWidget(self.batch)
        self.splitter.addWidget(self.right)
        # What a wide screen has more is shared: long titles at the left, fewer broken lines at the right.
        self.splitter.setSizes([890, 440])
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(self.splitter, 1)

    def _list(self) -> QWidget:
        card = Card(padding=0, spacing=8)
        card.body.setContentsMargins(1, 10, 1, 1)
        card.setMinimumWidth(420)
        self.filters.add(self.columns, self.total)
        self.filters.setContentsMargins(11, 0, 11, 0)
        card.add(self.filters)
        card.body.addWidget(self.table, 1)
        return card

    def _connect(self) -> None:
        self.counters.picked.connect(self._count_picked)
        self.filters.changed.connect(self._filtered)
        self.filters.units_wanted.connect(self._read_units)
        self.filters.categories_wanted.connect(self._read_categories)
        self.filters.saved.save_wanted.connect(self._ask_name)
        self.filters.saved.delete_wanted.connect(self._delete_filter)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(self._opened)
        self.table.records.more_wanted.connect(self._read_more)
        self.table.sort_wanted.connect(self._sorted)
        self.table.empty.wanted.connect(self.filters.clear)
        self.case.act.connect(self.act)
        self.case.settled.connect(self._catch_up)
        self._open_soon.timeout.connect(self._open_current)
        if self.batch is not None:
            self.table.offer_batch()
            self.table.records.checks_changed.connect(self._ticked)
            self.batch.left.connect(self._leave_batch)
            self.batch.ran.connect(self._batch_ran)
            self.batch.said.connect(self.said)

    @property
    def criteria(self) -> Criteria:
        return self._criteria

    def home(self) -> QWidget:
        return self.table

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self.focusWidget() is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def holds_back(self) -> bool:
        """Nothing moves under somebody who is typing a note, nor while many are being done one by one."""
        running = self.batch is not None and self.batch.run.is_running
        return self.case.is_typing or running

    # --- several at once

    @Slot()
    def _ticked(self) -> None:
        ticked = self.table.records.checked()
        if self.batch is None or self.batch.run.is_running:
            return
        if ticked:
            self.batch.show_rows(ticked)
            self.right.setCurrentWidget(self.batch)
        elif self.right.currentWidget() is self.batch:
            self.right.setCurrentWidget(self.case)

    @Slot()
    def _leave_batch(self) -> None:
        self.table.set_ticking(False)
        self.right.setCurrentWidget(self.case)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _batch_ran(self, failed: list[int]) -> None:
        """What failed stays ticked, so that it can be mended and tried again; the results stay in sight."""
        records = self.table.records
        records.blockSignals(True)
        records.check(failed)
        records.blockSignals(False)
        self.table.viewport().update()
        self.reload()

    # --- from elsewhere

    @Slot(int)
    def show_ticket(self, ticket_id: int) -> None:
        """Open this one; marked in the list when it is there, shown in any case."""
        self._wanted = ticket_id
        if not self.table.select_id(ticket_id):
            self.table.clearSelection()
        self._open_soon.stop()
        self.case.open_case(ticket_id)

    def show_criteria(self, criteria: Criteria) -> None:
        """List by conditions chosen elsewhere."""
        self.filters.put(criteria)
        self._filtered(criteria)

    # --- reading

    @Slot()
    def reload(self) -> None:
        """The list as far as it was scrolled, the counters, and the saved filters."""
        work = partial(read_pages, self._orders, self._criteria, self._pages)
        self.jobs.read(
            self, work, partial(self._list_read, self._criteria), self._not_read, key="list"
        )
        count = partial(self._orders.counters, self._criteria)
        self.jobs.read(self, count, self._counted, self._not_read, key="counters")
        self.jobs.read(
            self, self._orders.saved_filters, self._filters_read, self._not_read, key="filters"
        )

    def _list_read(self, criteria: Criteria, rows: Rows) -> None:
        if criteria != self._criteria:
            return
        self._next = rows.next
        self.table.show_rows(rows.rows, rows.next is not None)
        self._say_empty()
        self._say_total(rows.cut)
        if self._wanted is not None:
            self.table.select_id(self._wanted)

    @Slot()
    def _read_more(self) -> None:
        if self._next is not None:
            work = partial(self._orders.page, self._criteria, self._next)
            self.jobs.read(
                self, work, partial(self._more_read, self._criteria), self._not_read, key="more"
            )

    def _more_read(self, criteria: Criteria, rows: Rows) -> None:
        if criteria != self._criteria:
            return
        self._next, self._pages = rows.next, min(self._pages + 1, MOST_PAGES)
        self.table.records.append(rows.rows, rows.next is not None)
        self._say_total(rows.cut)

    def _counted(self, counters: Counters) -> None:
        self._counters = counters
        self.counters.show_counters([c for c in map(self._counter, _SHOWN) if c is not None])
        self.counters.choose(self._criteria.stage)
        self._say_total()

    def _counter(self, stage: Stage) -> Counter | None:
        number = self._counters[stage] if self._counters is not None else None
        if number is None and self._counters is not None:
            return None
        if stage is Stage.DRAFTS and not number and self._criteria.stage is not stage:
            # A counter that is nearly always nothing would take the room of the others.
            return None
        tone, shape = _LOOK.get(stage, (Tone.NEUTRAL, Shape.NONE))
        words = self.tr(STAGE_NAMES[stage])
        if self._criteria.period is Period.NOW:
            # What the two count is not all there ever was.
            now = {Stage.CLOSED: self.tr("今日办结"), Stage.EVERY: self.tr("在办和今日办结")}
            words = now.get(stage, words)
        return Counter(stage.value, words, number, tone, shape)

    def _filters_read(self, filters: tuple[Filter, ...]) -> None:
        self.filters.saved.show_filters(filters)
        self.filters.saved.show_current(self._criteria)

    def _not_read(self, error: Exception) -> None:
        self.table.empty.say(error.text if isinstance(error, UserError) else "")
        self.failed.emit(error)

    def _say_empty(self) -> None:
        if self._criteria.filters or self._criteria.stage is not Stage.OPEN:
            hint = self.tr("换个条件，或清除条件看全部在办")
            self.table.empty.say(self.tr("没有符合条件的工单"), hint, self.tr("清除条件"))
        else:
            self.table.empty.say(self.tr("没有在办的工单"), self.tr("新受理的工单会自动出现在这里"))
        self.table.empty.setVisible(self.table.records.rowCount() == 0)

    def _say_total(self, cut: bool = False) -> None:
        shown = self.table.records.rowCount()
        number = self._counters[self._criteria.stage] if self._counters is not None else None
        words = (
            self._total_words().format(f"{number:,}")
            if number is not None
            else self.tr("已显示 {0} 件").format(shown)
        )
        self.total.setText(self.tr("只查了最近的工单　") + words if cut else words)

    def _total_words(self) -> str:
        """The list begins with what is open: then the number says so."""
        open_now = self._criteria.stage is Stage.OPEN
        return self.tr("在办 {0} 件") if open_now else self.tr("共 {0} 件")

    @Slot()
    def _catch_up(self) -> None:
        if self._stale and self.isVisible() and not self.holds_back():
            self._stale = False
            self.reload()

    # --- conditions

    @Slot(str)
    def _count_picked(self, name: str) -> None:
        stage = Stage(name) if name else Stage.OPEN
        self.show_criteria(replace(self._criteria, stage=stage))

    @Slot(object)
    def _filtered(self, criteria: Criteria) -> None:
        self._criteria, self._pages, self._next, self._wanted = criteria, 1, None, None
        self.counters.choose(criteria.stage)
        self.table.show_sort(criteria.order, (criteria.order is Sort.NEWEST) != criteria.reverse)
        self.table.scrollToTop()
        self.reload()

    @Slot(object, bool)
    def _sorted(self, sort: Sort, reverse: bool) -> None:
        self.show_criteria(replace(self._criteria, sort=sort, reverse=reverse))

    @Slot(str)
    def _read_units(self, typed: str) -> None:
        work = partial(self._orders.units, typed)
        self.jobs.read(
            self, work, partial(self.filters.offer_units, typed), self._not_read, key="units"
        )

    @Slot(str)
    def _read_categories(self, typed: str) -> None:
        work = partial(self._orders.categories, typed)
        done = partial(self.filters.offer_categories, typed)
        self.jobs.read(self, work, done, self._not_read, key="categories")

    @Slot()
    def _ask_name(self) -> None:
        self._dialog = SaveDialog(self)
        self._dialog.chosen.connect(self._save_filter)
        self._dialog.open()

    @Slot(str, bool)
    def _save_filter(self, name: str, shared: bool) -> None:
        work = partial(self._orders.save_filter, name, self._criteria, shared)
        self.jobs.write(self, work, self._filter_saved, self._filter_refused)

    def _filter_saved(self, filters: tuple[Filter, ...]) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self._filters_read(filters)
        self.said.emit(self.tr("筛选已保存，在“常用筛选”里"), Tone.OK)

    def _filter_refused(self, error: Exception) -> None:
        if self._dialog is None or not isinstance(error, UserError):
            self.failed.emit(error)
        elif error.field:
            self._dialog.wait(False)
            self._dialog.field.show_error(error)
        else:
            self._dialog.fail(" ".join(filter(None, (error.text, error.hint))))

    @Slot(int)
    def _delete_filter(self, filter_id: int) -> None:
        work = partial(self._orders.delete_filter, filter_id)
        self.jobs.write(self, work, self._filters_read, self.failed.emit)

    # --- one work order

    @Slot(object)
    def _selected(self, row: TicketRow | None) -> None:
        # A row that left the list is no reason to take the case out of somebody's sight.
        if row is not None and row.id != self.case.ticket_id and not self._is_ticking:
            self._wanted = row.id
            self._open_soon.start()

    @property
    def _is_ticking(self) -> bool:
        return self.batch is not None and self.right.currentWidget() is self.batch

    @Slot()
    def _open_current(self) -> None:
        row = self.table.current
        if row is not None:
            self.case.open_case(row.id)

    @Slot(object)
    def _opened(self, row: TicketRow) -> None:
        """Enter: on into the case."""
        self._open_soon.stop()
        self._wanted = row.id
        self.case.open_case(row.id)
        self.case.focus_first()
