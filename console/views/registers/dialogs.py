"""Short forms: why a full value is wanted, what happened to somebody, what a visit saw."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QLineEdit, QWidget

from console.domain.errors import UserError
from console.domain.registers.kinds import RISKS, Register
from console.domain.registers.life import (
    LIFE_NAMES,
    REASON_MOST,
    STATE_NAMES,
    Birth,
    LifeForm,
    LifeKind,
    PersonState,
)
from console.domain.registers.records import RegisterCard
from console.domain.registers.visits import CONDITION_MOST, VisitForm, VisitLine
from console.jobs import Jobs
from console.views.parts.clock import database_now, local
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field, Fields
from console.views.parts.line_limit import limit_characters
from console.views.parts.moment_edit import MomentEdit
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.registers.form_lines import GridLine, HomeLine
from console.views.registers.services import LivesDesk, RegisterDesk, VisitingDesk

_GONE = (STATE_NAMES[PersonState.MOVED], STATE_NAMES[PersonState.DEAD])
REASONS = ("核对登记", "联系本人或家属", "上门走访", "领导交办")
Work = Callable[[], Any]


class WriteForm(Dialog):
    """Writes on its lane when accepted; faults stand beside their fields. `written(answer)` when it is done."""

    written = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        title: str,
        accept: str,
        parent: QWidget | None = None,
        hint: str = "",
        width: int = 520,
    ) -> None:
        super().__init__(title, accept, hint, width=width, parent=parent)
        self._jobs, self.fields = jobs, Fields()

    def work(self) -> Work:
        """What to run on the lane, made of what is typed."""
        raise NotImplementedError

    @Slot()
    def try_accept(self) -> None:
        self.fields.clear_errors()
        self.error.hide()
        self.wait(True)
        self._jobs.write(self, self.work(), self._written, self._refused)

    def _written(self, answer: object) -> None:
        self.written.emit(answer)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.wait(False)
        rest = self.fields.show_errors(error)
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
        elif rest is not None:
            self.fail(rest.sentence)


class RevealForm(WriteForm):
    """A reason, then the full values: what is seen is on record."""

    def __init__(
        self, jobs: Jobs, reveal: Callable[[str], Any], title: str, parent: QWidget | None = None
    ) -> None:
        words = parent.tr("查看{0}的完整信息").format(title) if parent else title
        super().__init__(jobs, words, words, parent, "谁在什么时候为什么看过，都会记录")
        self._reveal = reveal
        self.reason = Segmented([(one, one) for one in REASONS], self.tr("理由"))
        self.other = limit_characters(QLineEdit(placeholderText=self.tr("其他理由")), 200)
        self.other.setAccessibleName(self.tr("其他理由"))
        self.reason.choose(REASONS[0])
        field = Field(self.tr("理由"), self.reason, "reason", required=True)
        self.fields = Fields(field)
        self.body.addWidget(field)
        self.body.addWidget(self.other)
        self.accept_button.set_words(self.tr("查看并记录"))

    def work(self) -> Work:
        return partial(self._reveal, self.other.text().strip() or self.reason.value or "")


class LifeFormDialog(WriteForm):
    """死亡、迁出、迁入: the day and the reason; a move in says where to."""

    def __init__(
        self, jobs: Jobs, desk: RegisterDesk, card: RegisterCard, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, f"{card.title}：登记变动", "登记", parent)
        self._desk, self._card = desk.lives, card
        self.kind = Segmented([(one, LIFE_NAMES[one]) for one in card.offered], self.tr("变动"))
        self.kind.choose(card.offered[0])
        self.day = _day()
        self.reason = SnippetEdit(self.tr("原因"), REASON_MOST, rows=2)
        self.household, self.grid = HomeLine(jobs, desk.filling), GridLine(jobs, desk.filling)
        self.address = limit_characters(QLineEdit(), 200)
        day = Field(self.tr("日期"), self.day, "on_day", required=True)
        reason = Field(self.tr("原因"), self.reason, "reason", required=True)
        self.where = QWidget()
        self.homes = (
            Field(self.tr("迁入户号"), self.household, "household"),
            Field(self.tr("或迁入网格"), self.grid, "grid"),
        )
        line = QHBoxLayout(self.where)
        line.setContentsMargins(0, 0, 0, 0)
        for one in self.homes:
            line.addWidget(one, 1)
        self.place = Field(self.tr("现住地址"), self.address, "home_address", self.tr("不变请留空"))
        self.fields = Fields(day, reason, *self.homes, self.place)
        # Moving out is most often everybody's: asked here, or a child is left behind in an empty home.
        self._others = [
            one.detail.split(" ")[0] or self.tr("同户") for one in card.relatives
            if one.register is Register.PERSONS and not one.detail.endswith(_GONE)
        ]  # fmt: skip
        words = self.tr("同户还有 {0} 人（{1}），一并迁出")
        self.together = QCheckBox(words.format(len(self._others), "、".join(self._others[:4])))
        for widget in (self.kind, day, self.together, reason, self.where, self.place):
            self.body.addWidget(widget)
        self.kind.chosen.connect(self._chosen)
        self._chosen(self.kind.value)

    @Slot(object)
    def _chosen(self, kind: LifeKind) -> None:
        moves_in = kind is LifeKind.MOVE_IN
        self.where.setVisible(moves_in)
        self.place.setVisible(moves_in)
        self.together.setVisible(kind is LifeKind.MOVE_OUT and bool(self._others))
        self.accept_button.set_words(self.tr("登记{0}").format(LIFE_NAMES[kind]))
        self.hint.setText(
            self.tr("解除其走访计划，登记保留备查") if kind is LifeKind.DEATH else
            self.tr("从户和房屋里移出，走访计划解除，登记保留备查") if kind is LifeKind.MOVE_OUT else
            self.tr("跨管辖范围的迁入由热线中心办理")
        )  # fmt: skip
        self.hint.show()

    def work(self) -> Work:
        form = LifeForm(
            self.kind.value, self._card.id, self._card.version, _picked(self.day), self.reason.text,
            self.household.text(), self.grid.meant, self.address.text(), self.together.isChecked(),
        )  # fmt: skip
        return partial(self._desk.happened, form)


class BirthDialog(WriteForm):
    """出生: a newborn comes into a household."""

    def __init__(
        self, jobs: Jobs, desk: LivesDesk, household: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            jobs, "登记出生", "登记出生", parent, "身份证号还没有的，填出生医学证明编号，领证后再改"
        )
        self._desk = desk
        self.household, self.name, self.paper = QLineEdit(household), QLineEdit(), QLineEdit()
        self.sex = Segmented([("女", "女"), ("男", "男")], self.tr("性别"))
        self.day, self.relation = _day(), QLineEdit("子女")
        captions = (
            (self.tr("户号"), self.household, "household_id"), (self.tr("与户主关系"), self.relation, "relation"),
            (self.tr("姓名"), self.name, "name"), (self.tr("性别"), self.sex, "sex"),
            (self.tr("身份证号或出生医学证明编号"), self.paper, "id_number"),
            (self.tr("出生日期"), self.day, "born_on"),
        )  # fmt: skip
        made = [
            Field(words, control, name, required=name != "relation")
            for words, control, name in captions
        ]
        pairs = [made[at : at + 2] for at in range(0, len(made), 2)]
        self.fields = Fields(*(field for pair in pairs for field in pair))
        for pair in pairs:
            line = QHBoxLayout()
            line.setSpacing(12)
            for field in pair:
                line.addWidget(field, 1)
            self.body.addLayout(line)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self.household.text():
            # Known where this was asked for.
            self.name.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def work(self) -> Work:
        birth = Birth(
            self.household.text(), self.name.text(), self.paper.text().strip().upper(), self.sex.value or "",
            _picked(self.day), self.relation.text() or "子女",
        )  # fmt: skip
        return partial(self._desk.born, birth)


class VisitDialog(WriteForm):
    """走访: met or not, what was seen, what is wanted."""

    def __init__(
        self, jobs: Jobs, desk: VisitingDesk, line: VisitLine, parent: QWidget | None = None
    ) -> None:
        risk = RISKS.get(line.risk, line.risk)
        hint = f"{line.grid}　{line.home}　{risk}风险　{line.words}"
        super().__init__(jobs, f"走访 {line.name}（{line.group_class}）", "登记走访", parent, hint)
        self._desk, self._line = desk, line
        self.met = Segmented(
            [(True, self.tr("见到本人")), (False, self.tr("未见到"))], self.tr("是否见到")
        )
        self.met.choose(True)
        self.at = MomentEdit(self.tr("走访时间"))
        self.condition = SnippetEdit(self.tr("情况"), CONDITION_MOST, rows=3)
        self.wants = SnippetEdit(self.tr("诉求"), CONDITION_MOST, rows=2)
        fields = (
            Field(self.tr("走访时间"), self.at, "at", self.tr("不改即为现在")),
            Field(self.tr("情况"), self.condition, "condition", required=True),
            Field(self.tr("诉求"), self.wants, "wants"),
        )
        self.fields = Fields(*fields)
        self.body.addWidget(self.met)
        for field in (*fields[1:], fields[0]):
            self.body.addWidget(field)

    def work(self) -> Work:
        form = VisitForm(
            self._line.id,
            self._line.version,
            self.at.value,
            bool(self.met.value),
            self.condition.text,
            self.wants.text,
        )
        return partial(self._desk.visited, form)


def _day() -> QDateEdit:
    made = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True)
    made.setFixedHeight(30)
    today = local(database_now()).date()
    made.setDate(QDate(today.year, today.month, today.day))
    return made


def _picked(edit: QDateEdit) -> date:
    day = edit.date()
    return date(day.year(), day.month(), day.day())
