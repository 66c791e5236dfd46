"""The left column of a desk: piles, the queue, and the key that takes the next one."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabBar, QWidget

from console.domain.desks import Queue
from console.theme import mark
from console.views.parts.card import Card, label
from console.views.parts.key_cap import ActionButton
from console.views.parts.pile_bar import COLUMNS, PileBar
from console.views.parts.queue_table import QueueTable


class QueuePanel(Card):
    """`picked(ticket id)` when the operator moves to a row, `entered(id)` on Enter, `pile_changed(name)`,
    `ticks_changed()`. Showing a queue again never moves the operator to another work order.
    """

    picked = Signal(int)
    entered = Signal(int)
    pile_changed = Signal(str)
    ticks_changed = Signal()

    def __init__(
        self,
        name: str,
        piles: Sequence[tuple[str, str]] = (),
        take: QAction | None = None,
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", padding=0, spacing=0, parent=parent)
        self.setAccessibleName(name)
        self.setMinimumWidth(280)
        self._piles, self._quiet, self._total = list(piles), False, 0
        self._current: int | None = None
        # Tabs that do not fit would hide behind arrows: from four on they stand on two lines.
        self.tabs: QTabBar | PileBar = PileBar() if len(self._piles) > COLUMNS else QTabBar()
        self.table = QueueTable(name, checkable)
        self.count = label("", "muted")
        self._lay_out(name, take)
        self._connect()

    def _lay_out(self, name: str, take: QAction | None) -> None:
        if isinstance(self.tabs, QTabBar):
            self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(name)
        self.tabs.setVisible(bool(self._piles))
        for _pile, words in self._piles:
            self.tabs.addTab(words)
        head = QHBoxLayout()
        head.setContentsMargins(4 if self._piles else 12, 4, 8, 0 if self._piles else 6)
        title = label("" if self._piles else name, "title")
        title.setVisible(not self._piles)
        wide = isinstance(self.tabs, PileBar)
        head.addWidget(self.tabs, 1 if wide else 0)
        head.addWidget(title)
        if not wide:
            head.addStretch(1)
        rule = QFrame()
        mark(rule, kind="rule")
        self.body.setContentsMargins(1, 4, 1, 1)
        self.body.addLayout(head)
        self.body.addWidget(rule)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(self._foot(take))

    def _foot(self, take: QAction | None) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 10)
        foot.addWidget(self.count, 1)
        if take is not None:
            self.take_button = ActionButton(take)
            foot.addWidget(self.take_button)
        return foot

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._pile_changed)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(self._opened)
        self.table.records.checks_changed.connect(self._ticked)

    @property
    def pile(self) -> str:
        return self._piles[self.tabs.currentIndex()][0] if self._piles else ""

    def show_pile(self, name: str) -> None:
        names = [pile for pile, _words in self._piles]
        self.tabs.setCurrentIndex(names.index(name))

    @Slot()
    def next_pile(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % max(1, self.tabs.count()))

    def show_count(self, pile: str, number: int) -> None:
        """The number beside a pile's name."""
        for at, (name, words) in enumerate(self._piles):
            if name == pile:
                self.tabs.setTabText(at, f"{words} {number}" if number else words)

    def show_queue(self, queue: Queue) -> None:
        """Fill the list; the row of the work order at hand stays marked, the page is not told."""
        self._quiet = True
        self.table.show_queue(queue)
        self._mark_current()
        self._quiet = False
        self._say_count(queue.total)

    def mark(self, ticket_id: int | None) -> None:
        """Mark the row of the work order shown at the right without telling the page again."""
        self._current = ticket_id
        self._quiet = True
        self._mark_current()
        self._quiet = False

    def holds(self, ticket_id: int) -> bool:
        return self.table.records.find(ticket_id) >= 0

    def first(self) -> int | None:
        """The most urgent one nobody else has."""
        rows = (row for row in self.table.records.rows if not row.held_by)
        return next((row.id for row in rows), None)

    def _mark_current(self) -> None:
        """With nothing open the cursor stays where the operator left it."""
        if self._current is not None and not self.table.select_id(self._current):
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())

    def _say_count(self, total: int) -> None:
        shown = self.table.records.rowCount()
        ticked = len(self.table.records.checked())
        if ticked:
            words = self.tr("已勾选 {0} 件").format(ticked)
        elif total > shown:
            words = self.tr("共 {0} 件，显示前 {1} 件").format(total, shown)
        else:
            words = self.tr("共 {0} 件").format(total)
        self.count.setText(words)
        self._total = total

    @Slot(object)
    def _selected(self, record: object) -> None:
        if not self._quiet and record is not None:
            self._current = record.id
            self.picked.emit(record.id)

    @Slot(object)
    def _opened(self, record: object) -> None:
        self.entered.emit(record.id)

    @Slot()
    def _ticked(self) -> None:
        self._say_count(self._total)
        self.ticks_changed.emit()

    @Slot(int)
    def _pile_changed(self, at: int) -> None:
        self.table.records.check_all(False)
        self.pile_changed.emit(self._piles[at][0])
