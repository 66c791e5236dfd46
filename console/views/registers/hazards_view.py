"""隐患整改: hazards of enterprises nobody has passed yet, the longest overdue first."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction

from console.domain.registers.inspections import InspectionLine, Recheck
from console.domain.registers.visits import DUE_NAMES, Due, Reminder
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.clock import local
from console.views.parts.key_cap import ActionButton
from console.views.parts.light_label import Mark
from console.views.parts.record_table import Column
from console.views.parts.segmented import Segmented
from console.views.registers.looks import due_mark
from console.views.registers.services import RegisterDesk
from console.views.registers.worklists import WorkList


class HazardsView(WorkList):
    """Overdue, in a week, in a month, later."""

    def __init__(self, jobs: Jobs, desk: RegisterDesk, rectify: QAction) -> None:
        super().__init__(
            jobs, desk, self.tr("隐患整改"),
            (
                Column(self.tr("整改期限"), _due, width=110),
                Column(self.tr("企业"), _firm, bold=True, width=190, tip=_firm),
                Column(self.tr("隐患"), _hazards, tip=_hazards),
                Column(self.tr("复查"), _recheck, _recheck_tone, width=72),
                Column(self.tr("网格"), _grid, width=170, tip=_grid),
                Column(self.tr("网格员"), _worker, width=72),
                Column(self.tr("检查人"), _inspector, Tone.MUTED, width=96, tip=_inspector),
                Column(self.tr("检查日"), _found_on, Tone.MUTED, width=92),
            ),
        )  # fmt: skip
        self.which = Segmented([(one, DUE_NAMES[one]) for one in Due], self.tr("整改期限"))
        self.which.choose(Due.OVERDUE)
        self.head.addWidget(self.which)
        self.head.addWidget(self.summary, 1)
        self.head.addWidget(ActionButton(rectify, "primary"))
        self.which.chosen.connect(self.reload)

    @Slot()
    def reload(self) -> None:
        work = partial(self._desk.inspecting.due, self.which.value)
        self._jobs.read(self, work, self._read, self.failed.emit, key="hazards")
        self._jobs.read(
            self, self._desk.visiting.reminder, self._reminded, self.failed.emit, key="reminder"
        )

    def _read(self, lines: tuple[InspectionLine, ...]) -> None:
        self.table.empty.say(
            self.tr("没有{0}的整改").format(DUE_NAMES[self.which.value]),
            self.tr("检查从企业的卡片登记：选中企业，按 Ctrl+G"),
        )
        self.table.show_rows(lines)

    def _reminded(self, reminder: Reminder) -> None:
        numbers = {
            Due.OVERDUE: reminder.hazards_overdue,
            Due.SOON: reminder.hazards_soon,
            Due.AHEAD: reminder.hazards_ahead,
        }
        self.which.set_options(
            [
                (one, f"{DUE_NAMES[one]} {numbers[one]}" if numbers.get(one) else DUE_NAMES[one])
                for one in Due
            ]
        )


def _due(line: InspectionLine) -> Mark | str:
    return due_mark(line.due, line.words) if line.due is not None else line.words


def _firm(line: InspectionLine) -> str:
    return line.enterprise


def _hazards(line: InspectionLine) -> str:
    return line.hazards


def _recheck(line: InspectionLine) -> str:
    return "未通过" if line.recheck is Recheck.FAILED else "待复查"


def _recheck_tone(line: InspectionLine) -> Tone | None:
    return Tone.BAD if line.recheck is Recheck.FAILED else None


def _grid(line: InspectionLine) -> str:
    return line.grid


def _worker(line: InspectionLine) -> str:
    return line.worker or "缺"


def _inspector(line: InspectionLine) -> str:
    return line.inspector


def _found_on(line: InspectionLine) -> str:
    return f"{local(line.at):%Y-%m-%d}"
