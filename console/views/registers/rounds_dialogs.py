"""Patrols, tasks and the check call: their short forms."""

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QWidget,
)

from console.domain.registers.matters import PATROL_MATTERS
from console.domain.registers.rounds import (
    FINDINGS_MOST,
    PATROL_KINDS,
    PatrolForm,
    TaskLine,
    Worker,
)
from console.jobs import Jobs
from console.views.parts.clock import database_now
from console.views.parts.field import Field, Fields
from console.views.parts.moment_edit import MomentEdit
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.registers.dialogs import Work, WriteForm
from console.views.registers.services import RoundsDesk


class PatrolDialog(WriteForm):
    """When, where, what was found out of about a hundred matters; typing narrows the list."""

    def __init__(
        self,
        jobs: Jobs,
        desk: RoundsDesk,
        workers: tuple[Worker, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, "登记巡查", "登记巡查", parent, width=640)
        self._desk, self._workers = desk, workers
        self.worker, self.grid = QComboBox(), QComboBox()
        for one in workers:
            self.worker.addItem(f"{one.name}（{one.post}）", one)
        self.kind = Segmented([(one, one) for one in PATROL_KINDS], self.tr("巡查类型"))
        self.kind.choose(PATROL_KINDS[0])
        self.start, self.end = MomentEdit(self.tr("开始时间")), MomentEdit(self.tr("结束时间"))
        self.points, self.distance = (
            QSpinBox(maximum=999),
            QSpinBox(maximum=99_999, singleStep=100, suffix=" 米"),
        )
        self.search = QLineEdit(placeholderText=self.tr("查清单：楼道、井盖、欠薪……"))
        self.matters = _matters(self.tr("发现的事项"))
        self.note = SnippetEdit(self.tr("补充说明"), FINDINGS_MOST, rows=2)
        self.start.put(database_now() - timedelta(hours=1))
        for box in (self.points, self.distance):
            box.setFixedHeight(30)
        self._lay_out_form()
        self.worker.currentIndexChanged.connect(self._worker_chosen)
        self.search.textChanged.connect(self._narrow)
        self._worker_chosen()

    def _lay_out_form(self) -> None:
        rows = (
            (("网格员", self.worker, "staff"), ("网格", self.grid, "grid_id")),
            (("开始时间", self.start, "started_at"), ("结束时间", self.end, "ended_at")),
            (("检查点位", self.points, "points_checked"), ("里程", self.distance, "distance_m")),
        )
        found: list[Field] = []
        self.body.addWidget(self.kind)
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(12)
            for words, control, name in row:
                found.append(Field(words, control, name))
                line.addWidget(found[-1], 1)
            self.body.addLayout(line)
        matters = Field(self.tr("发现的事项（空格勾选）"), self.search, "matters")
        note = Field(self.tr("补充说明"), self.note, "note")
        for widget in (matters, self.matters, note):
            self.body.addWidget(widget)
        self.fields = Fields(*found, matters, note)

    @Slot()
    def _worker_chosen(self) -> None:
        self.grid.clear()
        worker = self.worker.currentData()
        for grid_id, name in worker.grids if worker is not None else ():
            self.grid.addItem(name, grid_id)

    @Slot(str)
    def _narrow(self, words: str) -> None:
        for at in range(self.matters.count()):
            item = self.matters.item(at)
            item.setHidden(words.strip() not in item.text())

    @property
    def ticked(self) -> tuple[str, ...]:
        items = (self.matters.item(at) for at in range(self.matters.count()))
        return tuple(
            item.data(_MATTER) for item in items if item.checkState() == Qt.CheckState.Checked
        )

    def work(self) -> Work:
        now = database_now()
        worker = self.worker.currentData()
        form = PatrolForm(
            self.grid.currentData() or 0, self.kind.value, self.start.value or now, self.end.value or now,
            self.points.value(), self.distance.value(), self.ticked, self.note.text,
        )  # fmt: skip
        return partial(self._desk.patrolled, form, worker.id if worker is not None else 0)


_MATTER = Qt.ItemDataRole.UserRole


def _matters(name: str) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(name)
    made.setMinimumHeight(140)
    made.setProperty("kind", "boxed")
    for group, matters in PATROL_MATTERS.items():
        for matter in matters:
            item = QListWidgetItem(f"{group}　{matter}", made)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(_MATTER, matter)
    return made


class TaskDialog(WriteForm):
    """One task for several workers, today."""

    def __init__(
        self,
        jobs: Jobs,
        desk: RoundsDesk,
        workers: tuple[Worker, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, "派任务", "派任务", parent, "空格勾选网格员；派给今天")
        self._desk = desk
        self.task = SnippetEdit(self.tr("任务"), 300, rows=2)
        self.people = QListWidget()
        self.people.setAccessibleName(self.tr("网格员"))
        self.people.setMinimumHeight(170)
        self.people.setProperty("kind", "boxed")
        for one in workers:
            item = QListWidgetItem(f"{one.name}（{one.post}）　{one.unit}", self.people)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(_MATTER, one.id)
        task = Field(self.tr("任务"), self.task, "task", required=True)
        people = Field(self.tr("网格员"), self.people, "staff", required=True)
        self.fields = Fields(task, people)
        self.body.addWidget(task)
        self.body.addWidget(people, 1)

    def work(self) -> Work:
        items = (self.people.item(at) for at in range(self.people.count()))
        ids = [item.data(_MATTER) for item in items if item.checkState() == Qt.CheckState.Checked]
        return partial(self._desk.give, ids, self.task.text)


class CheckDialog(WriteForm):
    """网格连线: what the call heard."""

    def __init__(
        self, jobs: Jobs, desk: RoundsDesk, line: TaskLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, f"连线抽查 {line.worker}", "登记抽查", parent, line.task)
        self._desk, self._line = desk, line
        self.result = SnippetEdit(self.tr("抽查结果"), 300, rows=3)
        field = Field(self.tr("抽查结果"), self.result, "check_result", required=True)
        self.fields = Fields(field)
        self.body.addWidget(field)

    def work(self) -> Work:
        return partial(self._desk.checked, self._line.id, self.result.text)
