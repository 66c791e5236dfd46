"""The small forms: contact, pass down, take back, report up, decline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.inbox import ChildUnit, Desk, Manner
from console.domain.states import AssignmentState
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.moment_edit import MomentEdit
from console.views.inbox.phrases import Phrases
from console.views.inbox.steps import unsigned
from console.views.parts.clock import database_now, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead

AT_WORK = frozenset(
    {AssignmentState.PENDING_SIGN, AssignmentState.IN_PROGRESS, AssignmentState.PASSED_DOWN}
)


def side_by_side(*fields: QWidget, stretch: Sequence[int] = ()) -> QHBoxLayout:
    """Fields on one line, captions level."""
    line = QHBoxLayout()
    line.setSpacing(16)
    for at, field in enumerate(fields):
        line.addWidget(field, stretch[at] if at < len(stretch) else 0)
    return line


@dataclass(frozen=True, slots=True)
class ContactValues:
    at: datetime | None = None
    manner: str = Manner.PHONE
    reached: bool = True
    outcome: str = ""


class ContactForm(FormPanel):
    """联系群众: the time is now unless said otherwise."""

    name = "contact"

    def __init__(self) -> None:
        super().__init__(self.tr("登记联系群众"), self.tr("登记联系"))
        self.at = MomentEdit(self.tr("联系时间"))
        self.manner = Segmented([(m.value, m.value) for m in Manner], self.tr("联系方式"))
        self.reached = Segmented(
            [(True, self.tr("已接通")), (False, self.tr("未接通"))], self.tr("是否接通")
        )
        self.outcome = SnippetEdit(self.tr("联系结果"), 500, rows=2)
        self.phrases = Phrases(
            self.outcome,
            (
                self.tr("已说明办理安排，诉求人表示理解。"),
                self.tr("已约定上门时间。"),
                self.tr("诉求人补充了情况。"),
                self.tr("诉求人不愿再谈。"),
            ),
        )
        hint = self.tr("写谈了什么；不要写号码和身份证号")
        self.fields = Fields(
            Field(self.tr("联系时间"), self.at, "contact_at", self.tr("不改即为现在")),
            Field(self.tr("方式"), self.manner, "contact_manner"),
            Field(self.tr("结果"), self.reached, "reached"),
            Field(self.tr("联系结果"), self.outcome, "contact_outcome", hint),
        )
        self.body.addLayout(
            side_by_side(
                self.fields["contact_manner"],
                self.fields["reached"],
                self.fields["contact_at"],
                stretch=(0, 0, 1),
            )
        )
        self.body.addWidget(self.fields["contact_outcome"])
        self.body.addWidget(self.phrases)
        self.watch(self.at, self.manner, self.reached, self.outcome)
        self.setTabOrder(self.manner, self.reached)

    def fresh(self, desk: Desk) -> ContactValues:
        return ContactValues(manner=Manner.CENTRE if desk.case.phone_hidden else Manner.PHONE)

    def show_desk(self, desk: Desk) -> None:
        if desk.case.phone_hidden:
            self.hint.setText(self.tr("保密件：不提供号码，请通过热线中心联系"))
        else:
            last = desk.contacts[-1] if desk.contacts else None
            said = self.tr("上次 {0} {1}").format(short_time(last.at), last.manner) if last else ""
            self.hint.setText("　".join(filter(None, (desk.case.appellant, desk.case.phone, said))))

    def values(self) -> ContactValues:
        return ContactValues(
            self.at.value, self.manner.value or "", bool(self.reached.value), self.outcome.text
        )

    def put(self, values: ContactValues) -> None:
        self.at.put(values.at)
        self.manner.choose(values.manner)
        self.reached.choose(values.reached)
        self.outcome.put(values.outcome)

    @property
    def moment(self) -> datetime:
        """The time given, or this very moment."""
        return self.at.value or database_now()

    def first_field(self) -> QWidget:
        # By telephone and reached is the rule: whoever starts typing writes what was said.
        return self.outcome


@dataclass(frozen=True, slots=True)
class PassDownValues:
    typed: str = ""
    unit: ChildUnit | None = None
    opinion: str = ""


class PassDownForm(FormPanel):
    """下派: a direct child by name or initials, and what it is to do."""

    name = "sub_dispatch"

    def __init__(self) -> None:
        super().__init__(self.tr("下派"), self.tr("下派"))
        self._children: tuple[ChildUnit, ...] = ()
        self._taken: frozenset[int] = frozenset()
        self.unit = TypeAhead(self.tr("名称或拼音首字母，↓ 看全部"), name=self.tr("下派单位"))
        self.opinion = SnippetEdit(self.tr("下派意见"), 500, rows=2)
        self.phrases = Phrases(
            self.opinion,
            (
                self.tr("请到场核实，联系诉求人，按时回复。"),
                self.tr("请先行处置，附处置前后照片。"),
                self.tr("请协调物业和商户整改。"),
            ),
        )
        self.fields = Fields(
            Field(self.tr("下派单位"), self.unit, "unit", required=True),
            Field(self.tr("下派意见"), self.opinion, "opinion", required=True),
        )
        line = side_by_side(self.fields["unit"], self.fields["opinion"], stretch=(2, 3))
        self.body.addLayout(line)
        self.body.addWidget(self.phrases)
        self.unit.text_edited.connect(self._offer)
        self.unit.chosen.connect(self._chose)
        self.unit.let_go.connect(self._let_go)
        self.watch(self.unit, self.opinion)

    def set_children(self, children: Sequence[ChildUnit]) -> None:
        """The units there are; with only one it is chosen."""
        self._children = tuple(children)
        if len(self._children) == 1 and not self.unit.text():
            self.unit.put(self._children[0].name, self._children[0])
            self._chose(self._children[0])

    def show_desk(self, desk: Desk) -> None:
        again = desk.own.share_state is AssignmentState.PASSED_DOWN
        self.accept_words = self.tr("加派") if again else self.tr("下派")
        self.title.setText(self.accept_words)
        self._taken = frozenset(c.unit_id for c in desk.children if c.state in AT_WORK)
        due = desk.own.finish_due
        words = self.tr("下级时限不晚于本单位办结时限 {0}").format(short_time(due)) if due else ""
        self.hint.setText(words)

    def fresh(self, _desk: Desk) -> PassDownValues:
        free = self._free
        only = free[0] if len(free) == 1 else None
        return PassDownValues(only.name if only else "", only)

    def values(self) -> PassDownValues:
        return PassDownValues(self.unit.text(), self.unit.value, self.opinion.text)

    def put(self, values: PassDownValues) -> None:
        self.unit.put(values.typed, values.unit)
        self._chose(values.unit)
        self.opinion.put(values.opinion)

    def first_field(self) -> QWidget:
        return self.opinion if self.unit.value is not None else self.unit

    @Slot(str)
    def _offer(self, typed: str) -> None:
        found = [c for c in self._free if not typed.strip() or self._fits(c, typed.strip())]
        offers = [Suggestion(c.name, c, c.people) for c in found]
        self.unit.set_suggestions(offers, typed)

    @property
    def _free(self) -> tuple[ChildUnit, ...]:
        """Those that do not have it already."""
        return tuple(child for child in self._children if child.id not in self._taken)

    @staticmethod
    def _fits(child: ChildUnit, typed: str) -> bool:
        letters = typed.lower()
        named = typed in child.name or typed in child.people
        return named or any(letters in each for each in child.initials.split())

    @Slot(object)
    def _chose(self, unit: ChildUnit | None) -> None:
        self.fields["unit"].say(unit.people if unit is not None else "")

    @Slot()
    def _let_go(self) -> None:
        self.fields["unit"].say("")


class ReasonForm(FormPanel):
    """One reason and nothing else: 上报, 拒绝协办."""

    def __init__(
        self, name: str, title: str, accept: str, phrases: Sequence[str], danger: bool = False
    ) -> None:
        super().__init__(title, accept, danger=danger)
        self.name = name
        self.reason = SnippetEdit(self.tr("原因"), 300, rows=2)
        self.to = Segmented([], self.tr("上报给"))
        self.fields = Fields(
            Field(self.tr("上报给"), self.to, "unit"),
            Field(self.tr("原因"), self.reason, "reason", required=True),
        )
        self.fields["unit"].hide()
        self.body.addWidget(self.fields["unit"])
        self.body.addWidget(self.fields["reason"])
        self.body.addWidget(Phrases(self.reason, phrases))
        self.watch(self.reason)

    def show_desk(self, desk: Desk) -> None:
        if self.name != "escalate":
            return
        self.hint.setText(self.tr("上报给 {0}，本单位的承办随之结束").format(desk.escalates_to))
        past = desk.escalates_past
        if past:
            self.hint.setText(self.tr("情况紧急可越级上报，中间各级的承办随之结束"))
        nearest = [(0, desk.escalates_to)]
        self.to.set_options([*nearest, *((unit.id, unit.name) for unit in past)])
        if self.to.value is None:
            self.to.choose(0)
        self.fields["unit"].setVisible(bool(past))

    def fresh(self, _desk: Desk) -> str:
        return ""

    def values(self) -> str:
        return self.reason.text

    def put(self, values: str | None) -> None:
        self.to.choose(0)
        self.reason.put(values or "")

    def first_field(self) -> QWidget:
        return self.reason


@dataclass(frozen=True, slots=True)
class TakeBackValues:
    unit: int | None = None
    reason: str = ""


class TakeBackForm(FormPanel):
    """收回下派: from one unit below or from all that have not signed."""

    name = "take_back"

    def __init__(self) -> None:
        super().__init__(self.tr("收回下派"), self.tr("收回"))
        self.unit = Segmented([], self.tr("收回哪家"))
        self.reason = SnippetEdit(self.tr("原因"), 300, rows=2)
        self.fields = Fields(
            Field(self.tr("收回哪家"), self.unit, "unit"),
            Field(self.tr("原因"), self.reason, "reason", required=True),
        )
        self.body.addWidget(self.fields["unit"])
        self.body.addWidget(self.fields["reason"])
        phrases = (self.tr("下派单位有误。"), self.tr("改由本级直接办理。"))
        self.body.addWidget(Phrases(self.reason, phrases))
        self.watch(self.unit, self.reason)

    def show_desk(self, desk: Desk) -> None:
        free = unsigned(desk)
        every = [(0, self.tr("全部未签收的"))] if len(free) > 1 else []
        self.unit.set_options([(child.unit_id, child.unit) for child in free] + every)
        self.fields["unit"].setVisible(len(free) > 1)
        signed = [c.unit for c in desk.children if c.state is AssignmentState.IN_PROGRESS]
        names = "、".join(child.unit for child in free)
        words = [self.tr("{0} 尚未签收，可以收回").format(names)]
        if signed:
            words.append(self.tr("{0} 已签收，不能收回").format("、".join(signed)))
        self.hint.setText("；".join(words))

    def fresh(self, desk: Desk) -> TakeBackValues:
        free = unsigned(desk)
        return TakeBackValues(free[0].unit_id if free else None)

    def values(self) -> TakeBackValues:
        return TakeBackValues(self.unit.value, self.reason.text)

    def put(self, values: TakeBackValues) -> None:
        self.unit.choose(values.unit)
        self.reason.put(values.reason)

    def first_field(self) -> QWidget:
        return self.reason
