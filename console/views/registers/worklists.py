"""走访、编配、巡查与任务: what is to be done, as lists of their own."""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.registers.rounds import PatrolLine, TaskLine
from console.domain.registers.staffing import POSTS, GridStaffing, StaffingReport
from console.domain.registers.visits import DUE_NAMES, Due, Reminder, VisitLine
from console.jobs import Jobs
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.clock import short_time
from console.views.parts.key_cap import ActionButton
from console.views.parts.light_label import Mark, Shape
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.segmented import Segmented
from console.views.registers.looks import due_mark
from console.views.registers.row_table import QuietTable
from console.views.registers.services import RegisterDesk


class WorkList(QWidget):
    """A card with something at its head and a table. `reload()`; `failed(error)`."""

    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, desk: RegisterDesk, name: str, columns: tuple[Column, ...]
    ) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self.summary = label("", "muted", wrap=True)
        model = RecordTable(columns)
        self.table = QuietTable(model)
        model.setParent(self.table)
        self.table.setAccessibleName(name)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.card = Card(padding=0, spacing=6)
        self.card.body.setContentsMargins(1, 8, 1, 1)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(11, 0, 11, 0)
        self.head.setSpacing(8)
        self.card.body.addLayout(self.head)
        self.card.body.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)

    def home(self) -> QWidget:
        return self.table

    @Slot()
    def reload(self) -> None:
        raise NotImplementedError


class VisitsView(WorkList):
    """Who is to be visited: overdue, in a week, in a month, later."""

    def __init__(self, jobs: Jobs, desk: RegisterDesk, visit: QAction) -> None:
        super().__init__(
            jobs, desk, self.tr("走访名单"),
            (
                Column(self.tr("下次走访"), _due, width=110),
                Column(self.tr("姓名"), _name, bold=True, width=80),
                Column(self.tr("类别"), _group, width=120, tip=_group),
                Column(self.tr("风险"), _risk, width=56),
                Column(self.tr("网格"), _grid, width=190, tip=_grid),
                Column(self.tr("网格员"), _worker, width=72),
                Column(self.tr("住址"), _home, Tone.MUTED, tip=_home),
                Column(self.tr("上次"), _last, Tone.MUTED, width=92),
            ),
        )  # fmt: skip
        self.which = Segmented([(one, DUE_NAMES[one]) for one in Due], self.tr("走访时间"))
        self.which.choose(Due.OVERDUE)
        self.head.addWidget(self.which)
        self.head.addWidget(self.summary, 1)
        self.head.addWidget(ActionButton(visit, "primary"))
        self.which.chosen.connect(self.reload)

    @Slot()
    def reload(self) -> None:
        which = self.which.value
        self._jobs.read(
            self, partial(self._desk.visiting.due, which), self._read, self.failed.emit, key="due"
        )
        self._jobs.read(
            self, self._desk.visiting.reminder, self._reminded, self.failed.emit, key="reminder"
        )

    def _read(self, lines: tuple[VisitLine, ...]) -> None:
        self.table.empty.say(self.tr("没有{0}的走访").format(DUE_NAMES[self.which.value]))
        self.table.show_rows(lines)

    def _reminded(self, reminder: Reminder) -> None:
        numbers = {
            Due.OVERDUE: reminder.overdue,
            Due.SOON: reminder.soon,
            Due.AHEAD: reminder.ahead,
        }
        self.which.set_options(
            [
                (one, f"{DUE_NAMES[one]} {numbers[one]}" if numbers.get(one) else DUE_NAMES[one])
                for one in Due
            ]
        )


class StaffingView(WorkList):
    """1+1+1+N, grid by grid."""

    def __init__(self, jobs: Jobs, desk: RegisterDesk) -> None:
        posts = tuple(
            Column(name, partial(_count, at), partial(_count_tone, at), width=96, right=True)
            for at, name in enumerate(POSTS)
        )
        super().__init__(
            jobs, desk, self.tr("网格编配"),
            (
                Column(self.tr("网格"), _grid_name, bold=True, width=240, tip=_grid_name),
                Column(self.tr("社区"), _above, Tone.MUTED, width=180, tip=_above),
                *posts,
                Column(self.tr("核对"), _gaps, tip=_gap_words),
            ),
        )  # fmt: skip
        self.only = Segmented(
            [(True, self.tr("有缺口")), (False, self.tr("全部网格"))], self.tr("网格范围")
        )
        self.only.choose(True)
        self.head.addWidget(self.only)
        self.head.addWidget(self.summary, 1)
        self.only.chosen.connect(self.reload)

    @Slot()
    def reload(self) -> None:
        self._jobs.read(
            self, self._desk.staffing.check, self._read, self.failed.emit, key="staffing"
        )

    def _read(self, report: StaffingReport) -> None:
        self.summary.setText(report.words)
        rows = tuple(row for row in report.rows if row.gaps) if self.only.value else report.rows
        self.table.empty.say(self.tr("每个网格都配齐了：1 名网格长、1 名指导员、全科与兼职网格员"))
        self.table.show_rows(rows)


class TasksView(WorkList):
    """The day's tasks; today and the next days."""

    def __init__(self, jobs: Jobs, desk: RegisterDesk, *actions: tuple[QAction, str]) -> None:
        super().__init__(
            jobs, desk, self.tr("每日任务"),
            (
                Column(self.tr("状态"), _task_state, width=92),
                Column(self.tr("任务"), _task, bold=True, tip=_task),
                Column(self.tr("网格员"), _worker, width=80),
                Column(self.tr("单位"), _unit, Tone.MUTED, width=170, tip=_unit),
                Column(self.tr("连线抽查"), _check, width=240, tip=_check),
            ),
        )  # fmt: skip
        self.head.addWidget(self.summary, 1)
        for action, words in actions:
            self.head.addWidget(ActionButton(action, "", words))

    @Slot()
    def reload(self) -> None:
        self._jobs.read(self, self._desk.rounds.tasks, self._read, self.failed.emit, key="tasks")

    def _read(self, lines: tuple[TaskLine, ...]) -> None:
        done = sum(line.done_at is not None for line in lines)
        heard = sum(line.checked_at is not None for line in lines)
        self.summary.setText(
            self.tr("今日 {0} 项，已完成 {1}，已连线抽查 {2}").format(len(lines), done, heard)
        )
        self.table.empty.say(
            self.tr("今天还没有派任务"), self.tr("Ctrl+N 派任务；到期走访可一键派给网格员")
        )
        self.table.show_rows(lines)


class PatrolsView(WorkList):
    """What was walked and found."""

    def __init__(self, jobs: Jobs, desk: RegisterDesk, *actions: tuple[QAction, str]) -> None:
        super().__init__(
            jobs, desk, self.tr("巡查记录"),
            (
                Column(self.tr("开始"), _started, width=104),
                Column(self.tr("类型"), _kind, width=56),
                Column(self.tr("网格"), _grid, bold=True, width=230, tip=_grid),
                Column(self.tr("网格员"), _worker, width=80),
                Column(self.tr("点位"), _points, width=56, right=True),
                Column(self.tr("发现"), _found, _found_tone, width=56, right=True),
                Column(self.tr("里程"), _distance, width=80, right=True),
                Column(self.tr("情况"), _findings, Tone.MUTED, tip=_findings),
            ),
        )  # fmt: skip
        self.head.addWidget(self.summary, 1)
        for action, words in actions:
            self.head.addWidget(ActionButton(action, "", words))

    @Slot()
    def reload(self) -> None:
        self._jobs.read(
            self, self._desk.rounds.patrols, self._read, self.failed.emit, key="patrols"
        )

    def _read(self, lines: tuple[PatrolLine, ...]) -> None:
        found = sum(line.events_found for line in lines)
        self.summary.setText(self.tr("最近 {0} 次巡查，发现 {1} 处").format(len(lines), found))
        self.table.empty.say(self.tr("还没有巡查记录"), self.tr("Ctrl+N 登记巡查"))
        self.table.show_rows(lines)


def _due(line: VisitLine) -> Mark:
    return due_mark(line.due, line.words)


def _name(line: Any) -> str:
    return line.name


def _group(line: VisitLine) -> str:
    return f"{line.group_class}（限知）" if line.restricted else line.group_class


def _risk(line: VisitLine) -> str:
    return {"high": "高", "medium": "中"}.get(line.risk, "一般")


def _grid(line: Any) -> str:
    return line.grid


def _worker(line: Any) -> str:
    return line.worker or "缺"


def _home(line: VisitLine) -> str:
    return line.home


def _last(line: VisitLine) -> str:
    return line.last_on.isoformat() if line.last_on else "从未"


def _count(at: int, row: GridStaffing) -> str:
    return str(row.counts[at])


def _count_tone(at: int, row: GridStaffing) -> Tone | None:
    short = not row.counts[at] and not (at == 1 and row.special)
    return Tone.BAD if short or (at < 2 and row.counts[at] > 1) else None


def _grid_name(row: GridStaffing) -> str:
    return row.name


def _above(row: GridStaffing) -> str:
    return row.above


def _gaps(row: GridStaffing) -> Mark:
    if not row.gaps:
        return Mark(Shape.TICK, Tone.OK, row.words)
    return Mark(Shape.SQUARE, Tone.BAD, row.words)


def _gap_words(row: GridStaffing) -> str:
    return row.words


def _task_state(line: TaskLine) -> Mark:
    if line.done_at:
        return Mark(Shape.TICK, Tone.OK, line.words)
    return Mark(Shape.DISC, Tone.WARN, line.words)


def _task(line: TaskLine) -> str:
    return line.task


def _unit(line: TaskLine) -> str:
    return line.unit


def _check(line: TaskLine) -> str:
    return f"{short_time(line.checked_at)} {line.check_result}" if line.checked_at else ""


def _started(line: PatrolLine) -> str:
    return short_time(line.started_at)


def _kind(line: PatrolLine) -> str:
    return line.kind


def _points(line: PatrolLine) -> str:
    return str(line.points_checked)


def _found(line: PatrolLine) -> str:
    return str(line.events_found)


def _found_tone(line: PatrolLine) -> Tone | None:
    return Tone.WARN if line.events_found else None


def _distance(line: PatrolLine) -> str:
    return f"{line.distance_m / 1000:.1f} 公里"


def _findings(line: PatrolLine) -> str:
    return line.findings
