"""值班表: the units at the left with who is on duty today, one unit's month at the right."""

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from console.domain.registers.duty import DutyUnit, Roster, RosterRow
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.clock import database_now, local
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.registers.services import RegisterDesk

UNITS_WIDTH = 430


class DutyView(QWidget):
    """`show_unit(id)`; `table` holds the days. `moved()` when another unit or month is in sight."""

    failed = Signal(object)
    moved = Signal()

    def __init__(
        self, jobs: Jobs, desk: RegisterDesk, actions: tuple[tuple[QAction, str], ...]
    ) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self.roster: Roster | None = None
        self._units: tuple[DutyUnit, ...] = ()
        self._wanted: int | None = None
        self._day = local(database_now()).date()
        self._goto: date | None = self._day
        self.box = QLineEdit(clearButtonEnabled=True)
        self.box.setPlaceholderText(self.tr("单位名称、首字母"))
        self.box.setAccessibleName(self.tr("查单位"))
        self.units, self.table = _units_table(), _days_table()
        self.units.setAccessibleName(self.tr("单位"))
        self.table.setAccessibleName(self.tr("值班表"))
        self.title, self.summary = label("", "title"), label("", "muted")
        self.earlier = KeyButton(self.tr("上月"), "Alt+Left")
        self.later = KeyButton(self.tr("下月"), "Alt+Right")
        self._lay_out(actions)
        self._connect()

    def _lay_out(self, actions: tuple[tuple[QAction, str], ...]) -> None:
        left, right = Card(padding=0, spacing=6), Card(padding=0, spacing=6)
        for card in (left, right):
            card.body.setContentsMargins(1, 8, 1, 1)
        find = QHBoxLayout()
        find.setContentsMargins(11, 0, 11, 0)
        find.addWidget(self.box)
        left.body.addLayout(find)
        left.body.addWidget(self.units, 1)
        left.setFixedWidth(UNITS_WIDTH)
        head = QHBoxLayout()
        head.setContentsMargins(11, 0, 11, 0)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.summary, 1)
        head.addWidget(self.earlier)
        head.addWidget(self.later)
        buttons = Flow(*(ActionButton(action, "", words) for action, words in actions))
        buttons.setContentsMargins(11, 0, 11, 0)
        right.body.addLayout(head)
        right.body.addWidget(buttons)
        right.body.addWidget(self.table, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(left)
        line.addWidget(right, 1)

    def _connect(self) -> None:
        self.box.textEdited.connect(self._narrow)
        self.box.returnPressed.connect(self._to_units)
        self.units.selected.connect(self._unit_chosen)
        self.units.opened.connect(self._to_days)
        self.earlier.clicked.connect(self._earlier)
        self.later.clicked.connect(self._later)
        for keys, slot in (("Alt+Left", self._earlier), ("Alt+Right", self._later)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def home(self) -> QWidget:
        return self.box

    @property
    def unit(self) -> DutyUnit | None:
        found: DutyUnit | None = self.units.current
        return found

    @property
    def row(self) -> RosterRow | None:
        found: RosterRow | None = self.table.current
        return found

    @property
    def may_edit(self) -> bool:
        return self.roster is not None and self.roster.may_edit

    def show_unit(self, unit_id: int) -> None:
        """Asked for from a unit's card: selected as soon as the list is there."""
        self._wanted = unit_id
        self.box.clear()
        self._narrow()

    @Slot()
    def reload(self) -> None:
        self._jobs.read(
            self, self._desk.duties.units, self._read, self.failed.emit, key="duty_units"
        )
        self._read_month()

    def _read(self, units: tuple[DutyUnit, ...]) -> None:
        self._units = units
        self._narrow()

    @Slot()
    def _narrow(self, *_words: object) -> None:
        words = self.box.text().strip().lower()
        seen = [one for one in self._units if words in one.name or words in one.initials]
        self.units.empty.say(self.tr("没有这个单位"), self.tr("换个说法，或清空查找框"))
        self.units.show_rows(seen)
        if self._wanted is not None and self.units.select_id(self._wanted):
            self._wanted = None
        elif self.units.current is None and seen:
            self.units.selectRow(0)

    @Slot(object)
    def _unit_chosen(self, unit: DutyUnit | None) -> None:
        if unit is not None and (self.roster is None or self.roster.unit_id != unit.id):
            self._goto = local(database_now()).date()
            self._day = self._goto
            self._read_month()

    def _read_month(self) -> None:
        if self.unit is not None:
            work = partial(self._desk.duties.month, self.unit.id, self._day)
            self._jobs.read(self, work, self._month_read, self.failed.emit, key="duty_month")

    def _month_read(self, roster: Roster) -> None:
        if self.unit is None or roster.unit_id != self.unit.id:
            return
        self.roster = roster
        month = QDate(roster.first.year, roster.first.month, 1)
        self.title.setText(
            self.tr("{0}年{1}月　{2}").format(month.year(), month.month(), roster.unit)
        )
        empty = roster.empty_days
        self.summary.setText(self.tr("还有 {0} 天没有排").format(empty) if empty else "")
        self.table.show_rows(roster.rows)
        if self._goto is not None:
            at = next((n for n, row in enumerate(roster.rows) if row.on_day >= self._goto), 0)
            self.table.selectRow(at)
            # What is to be arranged lies ahead: the day asked for stands in the middle, not at the end.
            middle = TableView.ScrollHint.PositionAtCenter
            self.table.scrollTo(self.table.records.index(at, 0), middle)
            self._goto = None
        self.moved.emit()

    @Slot()
    def _earlier(self) -> None:
        self._turn(self._day.replace(day=1) - timedelta(days=1))

    @Slot()
    def _later(self) -> None:
        self._turn(self._day.replace(day=28) + timedelta(days=4))

    def _turn(self, day: date) -> None:
        self._day = self._goto = day.replace(day=1)
        self._read_month()

    @Slot()
    def _to_units(self) -> None:
        self.units.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _to_days(self, *_unit: object) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _units_table() -> TableView:
    model = RecordTable(
        (
            Column("单位", _unit_name, bold=True, width=150, tip=_unit_name),
            Column("今日值班", _unit_today, _today_tone, tip=_unit_today),
        )
    )
    made = TableView(model)
    model.setParent(made)
    made.setSelectionMode(TableView.SelectionMode.SingleSelection)
    return made


def _days_table() -> TableView:
    model = RecordTable(
        (
            Column("日期", _day, _day_tone, width=96),
            Column("星期", _weekday, _day_tone, width=56),
            Column("班次", _shift, _day_tone, width=64),
            Column("值班", _leads, _day_tone, width=84),
            Column("姓名", _name, _name_tone, bold=True, width=96, tip=_name),
            Column("电话", _phone, _day_tone, width=120),
            Column("职务", _rank, _day_tone, tip=_rank),
        )
    )
    made = TableView(model)
    model.setParent(made)
    made.setSelectionMode(TableView.SelectionMode.SingleSelection)
    return made


def _unit_name(unit: DutyUnit) -> str:
    return unit.name


def _unit_today(unit: DutyUnit) -> str:
    return unit.today or "未排"


def _today_tone(unit: DutyUnit) -> Tone:
    return Tone.NEUTRAL if unit.today else Tone.WARN


def _day(row: RosterRow) -> str:
    return f"{row.on_day:%m月%d日}"


def _weekday(row: RosterRow) -> str:
    return row.weekday


def _day_tone(row: RosterRow) -> Tone | None:
    return None if row.open else Tone.MUTED


def _shift(row: RosterRow) -> str:
    return row.line.shift if row.line else ""


def _leads(row: RosterRow) -> str:
    return ("带班领导" if row.line.leads else "值班员") if row.line else ""


def _name(row: RosterRow) -> str:
    return row.line.name if row.line else "未排"


def _name_tone(row: RosterRow) -> Tone | None:
    if row.line is None:
        return Tone.WARN if row.open else Tone.MUTED
    return None if row.open else Tone.MUTED


def _rank(row: RosterRow) -> str:
    return row.line.rank if row.line else ""


def _phone(row: RosterRow) -> str:
    return row.line.phone if row.line else ""
