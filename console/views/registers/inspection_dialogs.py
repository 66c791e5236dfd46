"""An enterprise inspected, its hazards put right: their short forms."""

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QDate, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from console.domain.registers.inspections import (
    CHECK_POINTS,
    INSPECTION_KINDS,
    INSPECTOR_MOST,
    TEXT_MOST,
    InspectionForm,
    InspectionLine,
    Inspector,
    RectifyForm,
)
from console.jobs import Jobs
from console.views.parts.clock import database_now, local
from console.views.parts.field import Field, Fields
from console.views.parts.moment_edit import MomentEdit
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.registers.dialogs import Work, WriteForm
from console.views.registers.services import InspectingDesk

_USUAL = ((0, "今天"), (3, "3天"), (7, "7天"), (15, "15天"), (30, "30天"))


class Deadline(QWidget):
    """By when: a usual number of days, or the exact day beside them. `value` is a day."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = local(database_now()).date()
        self.quick = Segmented(_USUAL, name, numbers=False)
        self.exact = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True)
        self.exact.setFixedSize(128, 30)
        self.exact.setAccessibleName(self.tr("{0}（精确日期）").format(name))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.quick)
        line.addWidget(self.exact)
        line.addStretch(1)
        self.setFocusProxy(self.quick)
        self.setAccessibleName(name)
        self.quick.chosen.connect(self._quick)
        self.exact.dateChanged.connect(self._typed)
        self.quick.choose(7)

    @property
    def value(self) -> date:
        day = self.exact.date()
        return date(day.year(), day.month(), day.day())

    def put(self, day: date) -> None:
        self.exact.setDate(QDate(day.year, day.month, day.day))

    @Slot(object)
    def _quick(self, days: int | None) -> None:
        if days is not None:
            self.put(self._today + timedelta(days=days))

    @Slot()
    def _typed(self) -> None:
        days = (self.value - self._today).days
        if days != self.quick.value:
            self.quick.choose(days)


class InspectionDialog(WriteForm):
    """Who looked, at what, what was found; hazards ask for a deadline."""

    def __init__(
        self,
        jobs: Jobs,
        desk: InspectingDesk,
        firm: tuple[int, str],
        people: tuple[Inspector, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, f"检查：{firm[1]}", "登记检查", parent, width=620)
        self._desk, self._firm = desk, firm[0]
        self.kind = Segmented([(one, one) for one in INSPECTION_KINDS], self.tr("检查类型"))
        self.kind.choose(INSPECTION_KINDS[0])
        self.inspector = _people(people)
        self.at = MomentEdit(self.tr("检查时间"))
        self.points = _ticks(self.tr("检查项"))
        self.hazards = SnippetEdit(self.tr("隐患"), TEXT_MOST, rows=3)
        self.deadline = Deadline(self.tr("整改期限"))
        self._lay_out_form()
        self.hazards.textChanged.connect(self._found)
        self._found()

    def _lay_out_form(self) -> None:
        inspector = Field(self.tr("检查人"), self.inspector, "inspector", required=True)
        at = Field(self.tr("检查时间"), self.at, "at", self.tr("不改即为现在"))
        points = Field(self.tr("查了哪些项（空格勾选）"), self.points, "points", required=True)
        hazards = Field(self.tr("发现的隐患"), self.hazards, "hazards", self.tr("没有请留空"))
        self.until = Field(self.tr("整改期限"), self.deadline, "rectify_by", required=True)
        self.fields = Fields(inspector, at, points, hazards, self.until)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(inspector, 1)
        line.addWidget(at)
        self.body.addWidget(self.kind)
        self.body.addLayout(line)
        for field in (points, hazards, self.until):
            self.body.addWidget(field)

    @Slot()
    def _found(self) -> None:
        """The field keeps its room: nothing moves under the hand when the first word is typed."""
        self.until.setEnabled(bool(self.hazards.text.strip()))

    @property
    def ticked(self) -> tuple[str, ...]:
        items = (self.points.item(at) for at in range(self.points.count()))
        return tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked)

    def work(self) -> Work:
        typed = self.inspector.currentText().strip()
        at = self.inspector.currentIndex()
        chosen = self.inspector.itemData(at) if at >= 0 else None
        same = chosen is not None and self.inspector.itemText(at) == typed
        form = InspectionForm(
            self._firm, self.kind.value, self.at.value, chosen.name if same else typed, self.ticked, self.hazards.text,
            self.deadline.value if self.hazards.text.strip() else None, chosen.staff_id if same else None,
        )  # fmt: skip
        return partial(self._desk.record, form)


class RectifyDialog(WriteForm):
    """What was done about one of the open hazards, and whether it is right now."""

    def __init__(
        self,
        jobs: Jobs,
        desk: InspectingDesk,
        lines: tuple[InspectionLine, ...],
        parent: QWidget | None = None,
    ) -> None:
        first = lines[0]
        hint = f"{first.address}　{first.grid}　网格员 {first.worker or '缺'}"
        super().__init__(jobs, f"整改：{first.enterprise}", "登记整改", parent, hint, width=560)
        self._desk = desk
        self.which = QComboBox()
        for one in lines:
            self.which.addItem(f"{one.words}　{one.hazards}", one)
        self.passed = Segmented(
            [(True, self.tr("复查通过")), (False, self.tr("复查未通过"))], self.tr("复查")
        )
        self.passed.choose(True)
        self.at = MomentEdit(self.tr("复查时间"))
        self.told = SnippetEdit(self.tr("整改情况"), TEXT_MOST, rows=3)
        self.deadline = Deadline(self.tr("新的整改期限"))
        at = Field(self.tr("复查时间"), self.at, "at", self.tr("不改即为现在"))
        done = Field(self.tr("怎样整改、复查看到什么"), self.told, "done", required=True)
        self.until = Field(self.tr("新的整改期限"), self.deadline, "next_by", required=True)
        self.fields = Fields(done, self.until, at)
        for widget in (Field(self.tr("隐患"), self.which), self.passed, done, self.until, at):
            self.body.addWidget(widget)
        self.passed.chosen.connect(self._passed)
        self._passed(True)
        if len(lines) == 1:
            self.told.setFocus()

    @Slot(object)
    def _passed(self, passed: bool) -> None:
        self.until.setEnabled(not passed)

    def work(self) -> Work:
        line: InspectionLine = self.which.currentData()
        passed = bool(self.passed.value)
        next_by = None if passed else self.deadline.value
        form = RectifyForm(line.id, line.version, self.at.value, self.told.text, passed, next_by)
        return partial(self._desk.rectify, form)


def _people(people: tuple[Inspector, ...]) -> QComboBox:
    """Those at hand to choose from; anybody else is typed: fire brigade, market supervision."""
    box = QComboBox(editable=True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setFixedHeight(30)
    for one in people:
        box.addItem(f"{one.name}（{one.post}）", one)
    box.lineEdit().setMaxLength(INSPECTOR_MOST)
    box.lineEdit().setPlaceholderText("选，或写单位和姓名")
    return box


def _ticks(name: str) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(name)
    made.setProperty("kind", "boxed")
    # All in sight, in columns; the arrows walk them.
    made.setFlow(QListWidget.Flow.LeftToRight)
    made.setWrapping(True)
    made.setResizeMode(QListWidget.ResizeMode.Adjust)
    made.setTextElideMode(Qt.TextElideMode.ElideNone)
    made.setFixedHeight(26 * -(-len(CHECK_POINTS) // 3) + 12)
    for point in CHECK_POINTS:
        item = QListWidgetItem(point, made)
        item.setSizeHint(QSize(184, 26))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
    made.setCurrentRow(0)
    return made
