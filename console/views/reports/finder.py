"""Which work orders: stage, days, unit, words; a table to tick them in."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.desks import UnitChoice
from console.domain.errors import UserError
from console.domain.forms import FormKind
from console.domain.reports import Criteria, Cursor, Found, ReportRow, Stage
from console.jobs import Jobs
from console.settings import Settings
from console.theme import Tone
from console.views.parts.card import Card, label, row
from console.views.parts.clock import grouped_number, long_time, short_time
from console.views.parts.key_cap import KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.segmented import Segmented
from console.views.parts.table import TableView
from console.views.parts.type_ahead import Suggestion, TypeAhead
from console.views.reports.period import Period, Span
from console.views.reports.services import ReportDesk

PAGE, MOST = 200, 5000
UNIT_COLUMN = 2
# Narrower than this the unit makes room for the title.
ROOM_FOR_UNIT = 680


class Finder(Card):
    """`selected(ReportRow or None)`, `opened(ReportRow)` on Enter, `ticks_changed()`, `failed(error)`.

    Space ticks, Ctrl+A ticks everything that fits the filters, whether loaded yet or not.
    """

    selected = Signal(object)
    opened = Signal(object)
    ticks_changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        desk: ReportDesk,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._jobs, self._desk = jobs, desk
        self._form = FormKind.CLOSURE_REPORT
        self._more: Cursor | None = None
        self._then_select: int | None = None
        self._then_tick: frozenset[int] | None = None
        self._quiet = False
        self.stage = Segmented(self._stages(), self.tr("办理阶段"), numbers=False)
        self.stage.choose(Stage.CLOSED)
        self.period = Period()
        self.unit = TypeAhead(self.tr("承办单位：名称、首字母"), name=self.tr("承办单位"))
        self.text = QLineEdit(placeholderText=self.tr("编号、标题或内容"), clearButtonEnabled=True)
        self.text.setAccessibleName(self.tr("编号、标题或内容"))
        self.table = self._make_table(settings)
        self.count = label("", "muted")
        self.all_button = KeyButton(self.tr("全选"), "Ctrl+A", "quiet")
        self._lay_out()
        self._connect()

    @property
    def criteria(self) -> Criteria:
        since, until = self.period.days
        return Criteria(
            stage=self.stage.value,
            since=since,
            until=until,
            unit_id=self.unit.value,
            text=self.text.text().strip(),
            form=self._form,
        )

    @property
    def ticked(self) -> tuple[ReportRow, ...]:
        return self.table.records.checked()

    @property
    def chosen(self) -> tuple[ReportRow, ...]:
        """The ticked ones, else what is selected, else the one in the preview."""
        current = self.table.current
        return self.table.chosen or ((current,) if current is not None else ())

    def count_copies_of(self, form: FormKind) -> None:
        """The column of copies is about another form now."""
        if form is not self._form:
            self._form = form
            self.reload()

    def show_only(self, found: ReportRow) -> None:
        """Filters that leave this work order, which becomes current."""
        self._set_filters(Stage.ANY, Span.ALWAYS, found.ticket.number)
        self._then_select = found.id
        self._found(Found((found,)))
        self.reload()

    def show_ticked(self, ticket_ids: tuple[int, ...]) -> None:
        """Today's archived work orders, these ticked."""
        self._set_filters(Stage.ARCHIVED, Span.ALWAYS, "")
        self._then_tick = frozenset(ticket_ids)
        self.reload()

    def untick(self, ticket_ids: Collection[int]) -> None:
        """These have left; what has not stays ticked, so that one key goes on after a stop."""
        self._set_ticks(ticket_ids, Qt.CheckState.Unchecked)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.table.setColumnHidden(UNIT_COLUMN, self.width() < ROOM_FOR_UNIT)

    @Slot()
    def reload(self) -> None:
        """Read again as much as is in the list; ticks and place stay."""
        limit = max(PAGE, len(self.table.records.rows))
        self._read(None, min(limit, MOST), self._found)

    @Slot()
    def tick_all(self) -> None:
        """Everything that fits; pressed again, nothing."""
        records = self.table.records
        if self._more is not None:
            self._read(None, MOST, self._found_all)
        else:
            records.check_all(len(records.checked()) < records.rowCount())

    def _read(self, after: Cursor | None, limit: int, done) -> None:
        work = partial(self._desk.orders, self.criteria, after, limit)
        self._jobs.read(self, work, done, self._refused, key="orders")

    def _stages(self) -> list[tuple[Stage, str]]:
        return [
            (Stage.CLOSED, self.tr("已办结")),
            (Stage.ARCHIVED, self.tr("已归档")),
            (Stage.OPEN, self.tr("办理中")),
            (Stage.ANY, self.tr("全部")),
        ]

    def _make_table(self, settings: Settings | None) -> TableView:
        model = RecordTable(
            [
                Column(self.tr("工单编号"), _number, Tone.MUTED, width=180),
                Column(self.tr("事项"), _title),
                Column(self.tr("承办单位"), _unit, Tone.MUTED, width=140),
                Column(
                    self.tr("日期"), _day, Tone.MUTED, sort_key=_moment, width=88, tip=_full_day
                ),
                Column(self.tr("已出份数"), _copies, sort_key=_copy_count, width=76, right=True),
            ],
            checkable=True,
        )
        view = TableView(model, "reports", settings)
        model.setParent(view)
        view.setAccessibleName(self.tr("可打印的工单"))
        return view

    def _lay_out(self) -> None:
        self.body.setContentsMargins(1, 12, 1, 8)
        filters = QGridLayout()
        filters.setContentsMargins(12, 0, 12, 0)
        filters.setSpacing(8)
        filters.addWidget(self.stage, 0, 0)
        filters.addWidget(self.period, 0, 1, Qt.AlignmentFlag.AlignLeft)
        filters.addWidget(self.unit, 1, 0)
        filters.addWidget(self.text, 1, 1)
        filters.addWidget(self.period.exact, 2, 0, 1, 2)
        filters.setColumnStretch(1, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 8, 0)
        foot.addWidget(row(self.count, None, self.all_button))
        self.body.addLayout(filters)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        self.stage.chosen.connect(self._refilter)
        self.period.changed.connect(self._refilter)
        self.unit.text_edited.connect(self._ask_units)
        self.unit.chosen.connect(self._refilter)
        self.unit.let_go.connect(self._refilter)
        self.text.returnPressed.connect(self._refilter)
        self.text.textChanged.connect(self._cleared)
        self.table.selected.connect(self.selected)
        self.table.opened.connect(self.opened)
        self.table.records.checks_changed.connect(self._count)
        self.table.records.checks_changed.connect(self.ticks_changed)
        self.table.records.more_wanted.connect(self._read_more)
        self.table.empty.wanted.connect(self._widen)
        self.all_button.clicked.connect(self.tick_all)
        every = QAction(self.table)
        every.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
        every.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        every.triggered.connect(self.tick_all)
        self.table.addAction(every)

    def _set_filters(self, stage: Stage, span: Span, text: str) -> None:
        """All at once, with one read after."""
        self._quiet = True
        self.stage.choose(stage)
        self.period.choose(span)
        self.unit.clear()
        self.text.setText(text)
        self._quiet = False

    @Slot()
    def _refilter(self) -> None:
        """Another question: from the top, nothing ticked that is not seen."""
        if self._quiet:
            return
        self._then_select = None
        self._read(None, PAGE, self._found)

    @Slot(str)
    def _cleared(self, text: str) -> None:
        if not text:
            self._refilter()

    @Slot()
    def _widen(self) -> None:
        self._set_filters(Stage.ANY, Span.ALWAYS, "")
        self._refilter()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _ask_units(self, text: str) -> None:
        self._jobs.read(
            self,
            partial(self._desk.units, text),
            partial(self._offer_units, text),
            self.failed.emit,
            key="units",
        )

    def _offer_units(self, text: str, units: tuple[UnitChoice, ...]) -> None:
        offers = [Suggestion(unit.name, unit.id, unit.hint) for unit in units]
        self.unit.set_suggestions(offers, text)

    @Slot()
    def _read_more(self) -> None:
        self._read(self._more, PAGE, self._append)

    def _append(self, found: Found) -> None:
        self._more = found.more
        self.table.records.append(found.rows, found.more is not None)
        self._count()

    def _found(self, found: Found) -> None:
        self._more = found.more
        self._say_empty()
        self.table.show_rows(found.rows, found.more is not None)
        if self._then_select is not None:
            self.table.select_id(self._then_select)
        elif found.rows and not self.table.selectionModel().hasSelection():
            # Qt makes a row current without selecting it when the list gets the focus.
            self.table.selectRow(max(0, self.table.currentIndex().row()))
        if self._then_tick is not None:
            self._set_ticks(self._then_tick, Qt.CheckState.Checked)
            self._then_tick = None
        self._count()
        self.ticks_changed.emit()

    def _found_all(self, found: Found) -> None:
        self._found(found)
        self.table.records.check_all(True)

    def _set_ticks(self, ids: Collection[int], state: Qt.CheckState) -> None:
        records = self.table.records
        records.blockSignals(True)
        for at, found in enumerate(records.rows):
            if found.id in ids:
                records.setData(records.index(at, 0), state, Qt.ItemDataRole.CheckStateRole)
        records.blockSignals(False)
        records.checks_changed.emit()
        self.table.viewport().update()

    def _refused(self, error: Exception) -> None:
        """A search too short is said in the empty list, not shouted."""
        if not isinstance(error, UserError) or error.field != "search":
            self.failed.emit(error)
            return
        self._more = None
        self.table.show_rows(())
        self.table.empty.say(error.text, self.tr("编号请至少输入 4 位数字"))
        self._count()

    def _say_empty(self) -> None:
        self.table.empty.say(
            self.tr("没有符合条件的工单"),
            self.tr("换个日期或单位，或者查看全部"),
            self.tr("查看全部工单"),
        )

    @Slot()
    def _count(self) -> None:
        loaded = self.table.records.rowCount()
        total = self.tr("共 {0}{1} 件").format(loaded, "+" if self._more else "")
        ticked = len(self.ticked)
        words = self.tr("已勾选 {0} 件").format(ticked) if ticked else self.tr("空格勾选")
        self.count.setText(f"{words}　{total}" if loaded else "")
        self.all_button.setEnabled(bool(loaded))
        every = bool(loaded) and ticked == loaded and not self._more
        self.all_button.set_words(self.tr("取消全选") if every else self.tr("全选"))


def _number(found: ReportRow) -> str:
    return grouped_number(found.ticket.number)


def _title(found: ReportRow) -> str:
    return f"【保密】{found.ticket.title}" if found.ticket.confidential else found.ticket.title


def _unit(found: ReportRow) -> str:
    return found.ticket.unit or "—"


def _day(found: ReportRow) -> str:
    return short_time(found.at)


def _full_day(found: ReportRow) -> str:
    return long_time(found.at)


def _moment(found: ReportRow):
    return found.at


def _copy_count(found: ReportRow) -> int:
    return found.copies


def _copies(found: ReportRow) -> str:
    return f"{found.copies} 份" if found.copies else "—"
