"""四平台 as tiles, 专项活动 as a table that says why it does not add up; a row opens those work orders in the pool."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.changes import Changed, Topic
from console.domain.errors import UserError
from console.domain.linkage import rate
from console.domain.orders import Criteria, Stage
from console.domain.orders import Period as PoolPeriod
from console.domain.states import PLATFORM_NAMES, Platform
from console.domain.tallies import CampaignTable, CampaignTally, PlatformTally
from console.domain.worktime import CIVIL
from console.jobs import Jobs
from console.views.parts.card import Card, label
from console.views.parts.counter_bar import Counter, CounterBar
from console.views.parts.key_cap import KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.reports.period import Period, Span

SIZE = (820, 600)
_ONE_DAY = 86_400


class TallyDesk(Protocol):
    """console.services.tallies.Tallies, as far as the window uses it."""

    def platforms(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[PlatformTally, ...]: ...
    def campaign_table(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> CampaignTable: ...


class TalliesDialog(QDialog):
    """`criteria_wanted(Criteria)`: list these in the pool. `failed(error)` for what has no place here."""

    criteria_wanted = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: TallyDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self.setWindowTitle(self.tr("平台与专项活动"))
        self.setAccessibleName(self.tr("平台与专项活动"))
        self.period = Period()
        self.period.choose(Span.YEAR)
        self.tiles, self.total = CounterBar(), label("", "muted")
        self.table = TableView(RecordTable(_columns(), identity=_key))
        self.table.setAccessibleName(self.tr("专项活动"))
        self.table.setSortingEnabled(False)
        self.overlap = label("", "strong", wrap=True)
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        self.close_button.setAutoDefault(False)
        self._lay_out()
        self.period.changed.connect(self.reload)
        self.tiles.picked.connect(self._platform_picked)
        self.table.opened.connect(self._campaign_opened)
        self.close_button.clicked.connect(self.reject)
        jobs.changed.connect(self._changed)
        self.reload()

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.tr("平台与专项活动"), "title"))
        head.addStretch(1)
        head.addWidget(label(self.tr("受理日期"), "muted"))
        head.addWidget(self.period)
        head.addWidget(self.period.exact)
        platforms = Card(self.tr("四平台"), self.total, padding=12)
        platforms.add(self.tiles)
        lists = Card(padding=1, spacing=0)
        lists.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.overlap, 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(platforms)
        column.addWidget(lists, 1)
        column.addLayout(foot)

    # --- reading

    @Slot()
    def reload(self) -> None:
        since, until = _moments(*self.period.days)
        self._jobs.read(
            self,
            partial(self._desk.platforms, since, until),
            self._platforms_read,
            self._failed,
            key="platforms",
        )
        self._jobs.read(
            self,
            partial(self._desk.campaign_table, since, until),
            self._table_read,
            self._failed,
            key="campaigns",
        )

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if Topic.TICKETS in changed.topics:
            self.reload()

    def _platforms_read(self, tallies: Sequence[PlatformTally]) -> None:
        names = ((t, PLATFORM_NAMES[t.platform]) for t in tallies)
        self.tiles.show_counters([Counter(t.platform.value, name, t.total) for t, name in names])
        whole, done = sum(t.total for t in tallies), sum(t.closed for t in tallies)
        words = self.tr("共 {0} 件，办结 {1} 件，办结率 {2} = {1} ÷ {0}")
        self.total.setText(words.format(whole, done, rate(done, whole)))

    def _table_read(self, table: CampaignTable) -> None:
        self.table.show_rows(table.rows)
        self.overlap.setText(table.words)
        self.table.empty.say(
            self.tr("现行政策包没有专项活动"), self.tr("在政策包的 campaigns 里列出")
        )
        self.table.empty.setVisible(not table.rows)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.failed.emit(error)
        else:
            self._jobs.unhandled.emit(error)

    # --- into the pool

    @Slot(str)
    def _platform_picked(self, name: str) -> None:
        if name:
            self._go(
                Criteria(platforms=(Platform(name),), stage=Stage.EVERY, period=PoolPeriod.ALL)
            )

    @Slot(object)
    def _campaign_opened(self, row: CampaignTally) -> None:
        if row.code:
            every = Criteria(stage=Stage.EVERY, period=PoolPeriod.ALL)
            self._go(replace(every, campaign=row.code, campaign_name=row.name))

    def _go(self, criteria: Criteria) -> None:
        self.criteria_wanted.emit(criteria)
        self.accept()


def _moments(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Beijing days, both included, as moments."""
    since = datetime.combine(first, time(), CIVIL).astimezone(UTC) if first else None
    until = None
    if last is not None:
        midnight = datetime.combine(last, time(), CIVIL).timestamp() + _ONE_DAY
        until = datetime.fromtimestamp(midnight, UTC)
    return since, until


def _columns() -> list[Column]:
    return [
        Column("专项活动", _name, bold=_is_top),
        Column("件数", _total, width=110, right=True),
        Column("办结", _closed, width=110, right=True),
        Column("办结率", _rate, width=110, right=True),
    ]


def _key(row: CampaignTally) -> tuple[str, str, int]:
    return row.code, row.name, row.depth


def _name(row: CampaignTally) -> str:
    return f"{'　　' * row.depth}{row.name}"


def _is_top(row: CampaignTally) -> bool:
    return row.depth == 0


def _total(row: CampaignTally) -> str:
    return f"{row.total:,}"


def _closed(row: CampaignTally) -> str:
    return f"{row.closed:,}"


def _rate(row: CampaignTally) -> str:
    return rate(row.closed, row.total)
