"""问责清单: a period, units and the persons of the unit at hand, worst first; to take away as a table."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.states import SupervisionLevel
from console.domain.supervision import Accountability, Blame
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.key_cap import ActionButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.reports.period import Period
from console.views.supervision.services import SupervisionDesk

FIRST_DAY = date(2020, 1, 1)


class AccountabilityView(QWidget):
    """`reload()`, `export()`. The unit at hand shows its persons below."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, desk: SupervisionDesk, export: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._made: Accountability | None = None
        self.period = Period()
        self.summary = label("", "muted")
        self.units = _table(self.tr("单位问责"), _columns(self.tr("承办单位")))
        self.persons = _table(self.tr("个人问责"), _columns(self.tr("责任人")))
        self.persons_title = label("", "title")
        self._lay_out(export)
        self.period.changed.connect(self.reload)
        self.units.selected.connect(self._unit_chosen)

    def _lay_out(self, export: QAction) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(11, 0, 11, 0)
        head.setSpacing(8)
        for widget in (self.period, self.period.exact):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.summary)
        head.addWidget(ActionButton(export, "", self.tr("导出")))
        above, below = Card(padding=0, spacing=6), Card(padding=0, spacing=6)
        above.body.setContentsMargins(1, 8, 1, 1)
        above.body.addLayout(head)
        above.body.addWidget(self.units, 1)
        below.body.setContentsMargins(1, 8, 1, 1)
        self.persons_title.setContentsMargins(11, 0, 11, 0)
        below.add(self.persons_title)
        below.body.addWidget(self.persons, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(above, 3)
        column.addWidget(below, 2)

    def home(self) -> QWidget:
        return self.units

    @property
    def days(self) -> tuple[date, date]:
        first, last = self.period.days
        return first or FIRST_DAY, last or date.max.replace(year=2099)

    @Slot()
    def reload(self) -> None:
        work = partial(self._desk.accountability, *self.days)
        self._jobs.read(self, work, self._read, self.failed.emit, key="accountability")

    def _read(self, made: Accountability) -> None:
        self._made = made
        self.units.show_rows(made.units)
        points = sum(line.points for line in made.units)
        words = self.tr("{0} 个单位，扣分合计 {1}").format(len(made.units), points)
        self.summary.setText(words)
        self.units.empty.say(self.tr("这段时间没有记录"), self.tr("换一个日期范围"))
        self.units.empty.setVisible(not made.units)
        if made.units and self.units.current is None:
            self.units.selectRow(0)
        self._unit_chosen(self.units.current)

    @Slot(object)
    def _unit_chosen(self, line: Blame | None) -> None:
        persons = self._made.persons if self._made is not None else ()
        shown = tuple(one for one in persons if line is not None and one.unit == line.unit)
        self.persons_title.setText(
            self.tr("{0} · {1} 人").format(line.unit, len(shown)) if line else self.tr("个人")
        )
        self.persons.show_rows(shown)

    @Slot()
    def export(self) -> None:
        """Ask where to, then write it on a lane."""
        since, until = self.days
        name = self.tr("问责清单 {0} 至 {1}.pdf").format(since, until)
        kinds = self.tr("横版清单 (*.pdf);;表格 (*.csv)")
        chosen, kind = QFileDialog.getSaveFileName(
            self, self.tr("导出问责清单"), QDir.home().filePath(name), kinds
        )
        if chosen:
            path = Path(chosen)
            ending = ".csv" if "csv" in kind else ".pdf"
            self.export_to(path if path.suffix else path.with_suffix(ending))

    def export_to(self, path: Path) -> None:
        work = partial(self._desk.export, *self.days, path)
        self._jobs.write(self, work, self._exported, self.failed.emit)

    def _exported(self, path: Path) -> None:
        self.said.emit(self.tr("已导出到 {0}").format(path), Tone.OK)


def _table(name: str, columns: tuple[Column, ...]) -> TableView:
    model = RecordTable(columns)
    table = TableView(model)
    model.setParent(table)
    table.setAccessibleName(name)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    # Two tables, one above the other: with and without a scroll bar their columns would not be in line.
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    return table


def _columns(first: str) -> tuple[Column, ...]:
    return (
        Column(first, _name, bold=True),
        _count("承办件数", "handled", Tone.NEUTRAL),
        _count("超期", "overdue", Tone.BAD),
        _count("超时签收", "unsigned", Tone.WARN),
        _count("退单", "returned", Tone.NEUTRAL),
        _count("退单驳回", "wrongly_returned", Tone.WARN),
        _count("重办", "redone", Tone.WARN),
        _count("未满意", "unhappy", Tone.WARN),
        _count("越关办结", "overrides", Tone.BAD),
        _count("催办", "urged", Tone.NEUTRAL),
        _card("普通督办", SupervisionLevel.NORMAL),
        _card("黄牌", SupervisionLevel.YELLOW),
        _card("红牌", SupervisionLevel.RED),
        _count("扣分", "points", Tone.BAD),
    )


def _count(title: str, field: str, tone: Tone) -> Column:
    def number(line: Blame) -> Any:
        return getattr(line, field)

    return _number(title, number, tone)


def _card(title: str, level: SupervisionLevel) -> Column:
    def number(line: Blame) -> int:
        return line.cards.get(level, 0)

    return _number(title, number, Tone.VIOLET)


def _number(title: str, number: Any, tone: Tone) -> Column:
    def words(line: Blame) -> str:
        return f"{number(line):,}" if number(line) else "·"

    def ink(line: Blame) -> Tone | None:
        return (None if tone is Tone.NEUTRAL else tone) if number(line) else Tone.MUTED

    wide = 30 + 13 * len(title)
    return Column(title, words, ink, sort_key=number, width=max(62, wide), right=True)


def _name(line: Blame) -> str:
    return line.name
