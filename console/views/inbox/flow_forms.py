"""The small forms: contact, pass down, take back, report up, decline, return, extend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from console.domain.inbox import ChildUnit, Desk, HouseRules, Manner
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.moment_edit import MomentEdit
from console.views.inbox.phrases import Phrases
from console.views.parts.clock import short_time
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead


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
        return self.at.value or datetime.now(UTC)

    def first_field(self) -> QWidget:
        return self.manner


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
        due = desk.own.finish_due
        words = self.tr("下级时限不晚于本单位办结时限 {0}").format(short_time(due)) if due else ""
        self.hint.setText(words)

    def fresh(self, _desk: Desk) -> PassDownValues:
        only = self._children[0] if len(self._children) == 1 else None
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
        found = [c for c in self._children if not typed.strip() or self._fits(c, typed.strip())]
        offers = [Suggestion(c.name, c, c.people) for c in found]
        self.unit.set_suggestions(offers, typed)

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
    """One reason and nothing else: 上报, 收回下派, 拒绝协办."""

    def __init__(
        self, name: str, title: str, accept: str, phrases: Sequence[str], danger: bool = False
    ) -> None:
        super().__init__(title, accept, danger=danger)
        self.name = name
        self.reason = SnippetEdit(self.tr("原因"), 300, rows=2)
        self.fields = Fields(Field(self.tr("原因"), self.reason, "reason", required=True))
        self.body.addWidget(self.fields["reason"])
        self.body.addWidget(Phrases(self.reason, phrases))
        self.watch(self.reason)

    def show_desk(self, desk: Desk) -> None:
        if self.name == "escalate":
            self.hint.setText(self.tr("上报给 {0}，本单位的承办随之结束").format(desk.escalates_to))
        elif self.name == "take_back":
            self.hint.setText(self.tr("{0} 尚未签收时可以收回").format(desk.own.below))

    def fresh(self, _desk: Desk) -> str:
        return ""

    def values(self) -> str:
        return self.reason.text

    def put(self, values: str | None) -> None:
        self.reason.put(values or "")

    def first_field(self) -> QWidget:
        return self.reason


@dataclass(frozen=True, slots=True)
class ReturnValues:
    reason: str = ""
    basis: str = ""
    unit: str = ""


class ReturnForm(FormPanel):
    """退单: why, on what basis, who instead (field-facts 9.6). `asked(text)` wants units."""

    name = "return"
    asked = Signal(str)

    def __init__(self, rules: HouseRules) -> None:
        super().__init__(self.tr("申请退单"), self.tr("申请退单"), danger=True)
        self.reason = Segmented(list(rules.return_reasons), self.tr("退单原因"))
        self.unit = TypeAhead(self.tr("名称或拼音首字母"), free=True, name=self.tr("建议承办单位"))
        self.basis = SnippetEdit(self.tr("依据"), 500, rows=2)
        self.fields = Fields(
            Field(self.tr("退单原因"), self.reason, "reason", required=True),
            Field(self.tr("建议承办单位"), self.unit, "suggested_unit", required=True),
            Field(
                self.tr("依据"),
                self.basis,
                "basis",
                self.tr("法律条款、“三定”规定或权属证明"),
                required=True,
            ),
        )
        self.body.addLayout(
            side_by_side(self.fields["reason"], self.fields["suggested_unit"], stretch=(0, 1))
        )
        self.body.addWidget(self.fields["basis"])
        self.unit.text_edited.connect(self.asked)
        self.watch(self.reason, self.unit, self.basis)

    def show_desk(self, desk: Desk) -> None:
        until = desk.return_until
        words = (
            self.tr("{0} 前可申请；逾期未申请视为接受承办").format(short_time(until))
            if until
            else ""
        )
        self.hint.setText(words)

    def show_units(self, units, typed: str) -> None:
        self.unit.set_suggestions([Suggestion(u.name, u, u.hint) for u in units], typed)

    def fresh(self, _desk: Desk) -> ReturnValues:
        return ReturnValues()

    def values(self) -> ReturnValues:
        return ReturnValues(self.reason.value or "", self.basis.text, self.unit.text())

    def put(self, values: ReturnValues) -> None:
        self.reason.choose(values.reason or None)
        self.basis.put(values.basis)
        self.unit.put(values.unit)

    def first_field(self) -> QWidget:
        return self.reason


@dataclass(frozen=True, slots=True)
class ExtensionValues:
    days: int = 0
    reason: str = ""
    basis: str = ""
    told: bool = False


class ExtensionForm(FormPanel):
    """延期: how many working days, why, on what basis, and that the citizen knows (field-facts 9.6)."""

    name = "extend"

    def __init__(self, rules: HouseRules) -> None:
        super().__init__(self.tr("申请延期"), self.tr("申请延期"))
        self.days = QSpinBox(minimum=0, maximum=99, suffix=self.tr(" 个工作日"))
        self.days.setFixedWidth(132)
        self.reason = SnippetEdit(self.tr("延期理由"), 500, rows=2)
        self.basis = QLineEdit()
        self.basis.setPlaceholderText(self.tr("法定时限、施工合同、检测周期等"))
        self.told = QCheckBox(self.tr("已告知诉求人"))
        required = rules.tell_citizen
        self.fields = Fields(
            Field(self.tr("延长"), self.days, "days", required=True),
            Field(self.tr("依据"), self.basis, "basis", required=True),
            Field(self.tr("告知"), self.told, "told", required=required),
            Field(self.tr("理由"), self.reason, "reason", required=True),
        )
        self.body.addLayout(
            side_by_side(
                self.fields["days"], self.fields["basis"], self.fields["told"], stretch=(0, 1, 0)
            )
        )
        self.body.addWidget(self.fields["reason"])
        self.watch(self.days, self.basis, self.told, self.reason)

    def show_desk(self, desk: Desk) -> None:
        due, left = desk.own.finish_due, desk.extension_left
        self.days.setMaximum(max(left, 0))
        words = self.tr("现办结时限 {0}，最多可延 {1} 个工作日；审批前照常计时")
        self.hint.setText(
            words.format(short_time(due), left) if left else self.tr("本单不能再延期")
        )

    def fresh(self, _desk: Desk) -> ExtensionValues:
        return ExtensionValues()

    def values(self) -> ExtensionValues:
        return ExtensionValues(
            self.days.value(), self.reason.text, self.basis.text(), self.told.isChecked()
        )

    def put(self, values: ExtensionValues) -> None:
        self.days.setValue(values.days)
        self.reason.put(values.reason)
        self.basis.setText(values.basis)
        self.told.setChecked(values.told)

    def first_field(self) -> QWidget:
        # A digit typed now replaces the 0 instead of standing before it.
        self.days.selectAll()
        return self.days
