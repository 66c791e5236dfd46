"""What a check found: counts that are filters, rows with what is wrong, rows as they will be written."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.importing.fields import Kind
from console.domain.importing.preview import MOST_ROWS, PreviewRow, preview, shown_fields
from console.domain.importing.records import STANDING_NAMES, Checked, Fault, Standing
from console.theme import Tone
from console.views.parts.card import label
from console.views.parts.counter_bar import Counter, CounterBar
from console.views.parts.empty_state import EmptyState
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

_MOST_FAULTS = 2000
_MOST_COLUMNS = 8
_WIDTHS = {"name": 72, "phone": 106, "identity": 156, "address": 150}
_TONES = {
    Standing.NEW: Tone.OK,
    Standing.CHANGED: Tone.ACCENT,
    Standing.SAME: Tone.NEUTRAL,
    Standing.KEPT: Tone.NEUTRAL,
    Standing.FAILED: Tone.BAD,
}


class CheckOutcome(QWidget):
    """`show_checked` and `clear`; the counters choose which rows are in sight."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checked: Checked | None = None
        self._kind: Kind | None = None
        self.counters = CounterBar()
        self.notes = label("", "muted", wrap=True)
        self.faults = TableView(RecordTable(_fault_columns(), identity=_fault_key))
        self.faults.setAccessibleName(self.tr("有错的行"))
        self.rows = TableView(RecordTable([Column("", _nothing)], identity=_line))
        self.stack = QStackedWidget()
        self.waiting = EmptyState(glyph="fa6s.file-import")
        self._lay_out()
        self.counters.picked.connect(self._picked)
        self.clear()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for page in (self.waiting, self.faults, self.rows):
            self.stack.addWidget(page)
        column.addWidget(self.counters)
        column.addWidget(self.notes)
        column.addWidget(self.stack, 1)

    def clear(self, ready: bool = False) -> None:
        """Before a check; `ready` when a file is there and only the columns want choosing."""
        self._checked = None
        what = (
            self.tr("在左边选好列，再按 F5 检查")
            if ready
            else self.tr("选好文件后，这里显示会写入什么")
        )
        self.waiting.say(what, self.tr("检查时不改动任何登记；姓名、号码已遮蔽"))
        self.counters.hide()
        self.notes.hide()
        self.stack.setCurrentWidget(self.waiting)

    def show_checked(self, kind: Kind, checked: Checked) -> None:
        """Faults first when there are any: they are what the operator must look at."""
        self._kind, self._checked = kind, checked
        counts = checked.counts
        self.counters.show_counters(
            [
                Counter(s.value, STANDING_NAMES[s], counts[s], _TONES[s])
                for s in Standing
                if s is not Standing.KEPT or counts[s]
            ]
        )
        self.counters.show()
        notes = list(checked.notes)
        if checked.source.blank_rows:
            notes.append(self.tr("跳过空行 {0} 行").format(f"{checked.source.blank_rows:,}"))
        if len(checked.faults) > _MOST_FAULTS:
            notes.append(
                self.tr("只列出前 {0} 处，全部在“存有错的行”里").format(f"{_MOST_FAULTS:,}")
            )
        self.notes.setText("；".join(notes))
        self.notes.setVisible(bool(notes))
        self.faults.show_rows(checked.faults[:_MOST_FAULTS])
        self._show_rows(None)
        first = Standing.FAILED if checked.faults else Standing.NEW
        self.counters.choose(first.value)
        self._picked(first.value)

    @Slot(str)
    def _picked(self, name: str) -> None:
        if self._checked is None:
            return
        if name == Standing.FAILED.value:
            self.stack.setCurrentWidget(self.faults)
            self.faults.empty.say(self.tr("没有有错的行"), "")
            self.faults.empty.setVisible(not self._checked.faults)
        else:
            self._show_rows(Standing(name) if name else None)
            self.stack.setCurrentWidget(self.rows)
        self.chosen.emit(name)

    def _show_rows(self, standing: Standing | None) -> None:
        if self._checked is None or self._kind is None:
            return
        rows = _some(self._checked, self._kind, standing)
        fields = shown_fields(self._kind, self._checked.mapping)[:_MOST_COLUMNS]
        columns = [
            Column("行号", _line_words, width=52, right=True),
            Column("结果", _standing, width=60),
        ]
        for at, field in enumerate(fields):
            width = 0 if at == len(fields) - 1 else _WIDTHS.get(field.private, 132)
            columns.append(Column(field.title, _CELLS[at], width=width))
        old = self.rows
        self.rows = TableView(RecordTable(columns, identity=_line))
        self.rows.setAccessibleName(self.tr("将写入的行"))
        self.rows.setSortingEnabled(False)
        self.stack.insertWidget(self.stack.indexOf(old), self.rows)
        self.stack.removeWidget(old)
        old.deleteLater()
        self.rows.show_rows(rows)
        self.rows.empty.say(self.tr("没有这样的行"), "")
        self.rows.empty.setVisible(not rows)


def _some(checked: Checked, kind: Kind, standing: Standing | None) -> Sequence[PreviewRow]:
    if standing is None:
        return preview(checked, kind)
    # Looked for among all rows: the first changed one may lie far down.
    rows = preview(checked, kind, len(checked.source.rows))
    return [row for row in rows if row.standing is standing][:MOST_ROWS]


def _fault_columns() -> list[Column]:
    return [
        Column("行号", _fault_line, width=64, right=True, sort_key=_fault_number),
        Column("列", _fault_place, width=150, tip=_fault_place),
        Column("原因", _fault_reason, tip=_fault_reason),
    ]


def _fault_key(fault: Fault) -> tuple[int, str, str]:
    return fault.line, fault.place, fault.reason


def _fault_line(fault: Fault) -> str:
    return str(fault.line)


def _fault_number(fault: Fault) -> int:
    return fault.line


def _fault_place(fault: Fault) -> str:
    return fault.place


def _fault_reason(fault: Fault) -> str:
    return fault.reason


def _line(row: PreviewRow) -> int:
    return row.line


def _line_words(row: PreviewRow) -> str:
    return str(row.line)


def _standing(row: PreviewRow) -> str:
    return STANDING_NAMES[row.standing]


def _nothing(_row: PreviewRow) -> str:
    return ""


class _Cell:
    """The n-th cell of a row, as a column's getter."""

    def __init__(self, at: int) -> None:
        self._at = at

    def __call__(self, row: PreviewRow) -> str:
        return row.cells[self._at] if self._at < len(row.cells) else ""


_CELLS = [_Cell(at) for at in range(_MOST_COLUMNS)]
