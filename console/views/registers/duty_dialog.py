"""Somebody on duty: the day, the shift, who and at which number."""

from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Slot
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QWidget

from console.domain.registers.duty import (
    NAME_MOST,
    RANK_MOST,
    SHIFTS,
    Candidate,
    DutyForm,
    DutyLine,
)
from console.jobs import Jobs
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.registers.dialogs import Work, WriteForm
from console.views.registers.services import DutiesDesk


class DutyDialog(WriteForm):
    """A new entry on `day`, or `line` changed. Choosing somebody of the unit fills number and rank in."""

    def __init__(
        self,
        jobs: Jobs,
        desk: DutiesDesk,
        unit: tuple[int, str],
        people: tuple[Candidate, ...],
        day: date,
        line: DutyLine | None = None,
        parent: QWidget | None = None,
    ) -> None:
        verb = "改值班" if line else "排值班"
        super().__init__(jobs, f"{verb}：{unit[1]}", verb, parent, width=520)
        self._desk, self._unit, self._line = desk, unit[0], line
        self.leads = Segmented(
            [(True, self.tr("带班领导")), (False, self.tr("值班员"))], self.tr("带班或值班")
        )
        self.shift = Segmented([(one, one) for one in SHIFTS], self.tr("班次"))
        self.day = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True)
        self.day.setFixedHeight(30)
        self.name = QComboBox(editable=True)
        self.name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.name.setFixedHeight(30)
        self.name.lineEdit().setMaxLength(NAME_MOST)
        self.phone, self.rank = QLineEdit(maxLength=40), QLineEdit(maxLength=RANK_MOST)
        for one in people:
            self.name.addItem(f"{one.name}（{one.post}）" if one.post else one.name, one)
        self._lay_out_form()
        self._start(day, line)
        self.name.activated.connect(self._chosen)

    def _lay_out_form(self) -> None:
        rows = (
            ((self.tr("值班人"), self.name, "name", True), (self.tr("值班电话"), self.phone, "phone", True)),
            ((self.tr("日期"), self.day, "on_day", True), (self.tr("职务"), self.rank, "rank", False)),
        )  # fmt: skip
        made = [[Field(*one[:3], required=one[3]) for one in row] for row in rows]
        shift = Field(self.tr("班次"), self.shift, "shift")
        self.fields = Fields(*(field for row in made for field in row), shift)
        self.body.addWidget(self.leads)
        for row in made:
            line = QHBoxLayout()
            line.setSpacing(12)
            for field in row:
                line.addWidget(field, 1)
            self.body.addLayout(line)
        self.body.addWidget(shift)

    def _start(self, day: date, line: DutyLine | None) -> None:
        self.day.setDate(QDate(day.year, day.month, day.day))
        self.leads.choose(line.leads if line else True)
        self.shift.choose(line.shift if line else SHIFTS[0])
        self.name.setCurrentIndex(-1)
        self.name.setEditText(line.name if line else "")
        self.phone.setText(line.phone if line else "")
        self.rank.setText(line.rank if line else "")
        self.name.setFocus()

    @Slot(int)
    def _chosen(self, at: int) -> None:
        one: Candidate | None = self.name.itemData(at)
        if one is not None:
            self.name.setEditText(one.name)
            self.phone.setText(one.phone)
            self.rank.setText(one.rank)

    def _staff_id(self) -> int | None:
        """Who is meant by the name: one of the unit's people, while it is still his name."""
        words = self.name.currentText().strip()
        made = (self.name.itemData(at) for at in range(self.name.count()))
        same = [one.staff_id for one in made if one is not None and one.name == words]
        if self._line is not None and self._line.name == words:
            return self._line.staff_id
        return same[0] if len(same) == 1 else None

    def work(self) -> Work:
        day, line = self.day.date(), self._line
        form = DutyForm(
            self._unit, date(day.year(), day.month(), day.day()), self.name.currentText(), self.phone.text(),
            self.shift.value or SHIFTS[0], self.rank.text(), bool(self.leads.value), self._staff_id(),
            line.id if line else None, line.version if line else 0,
        )  # fmt: skip
        return partial(self._desk.put, form)
