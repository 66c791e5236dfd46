"""What a unit asks the centre for: a return and its withdrawal, an extension (field-facts 3.3, 9.6)."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from console.domain.court import Basis, Grounds, from_catalogue
from console.domain.inbox import Desk, HouseRules
from console.theme import mark
from console.views.inbox.flow_forms import side_by_side
from console.views.inbox.form_panel import FormPanel
from console.views.parts.card import label
from console.views.parts.clock import short_time
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead


@dataclass(frozen=True, slots=True)
class ReturnValues:
    reason: str = ""
    basis: str = ""
    unit: str = ""


class ReturnForm(FormPanel):
    """退单: a ground of the responsibility catalogue or one's own, who instead (field-facts 9.6, peers 6.6).

    `asked(text)` wants units; `show_grounds(grounds)` may come at any time and touches nothing that was typed.
    """

    name = "return"
    asked = Signal(str)

    def __init__(self, rules: HouseRules) -> None:
        super().__init__(self.tr("申请退单"), self.tr("申请退单"), danger=True)
        self._grounds = Grounds(())
        self._reasons = {name: code for code, name in rules.return_reasons}
        self.reason = Segmented(list(rules.return_reasons), self.tr("退单原因"))
        self.unit = TypeAhead(self.tr("名称或拼音首字母"), free=True, name=self.tr("建议承办单位"))
        self.ground = TypeAhead(
            self.tr("↓ 看本单的目录依据，选一条填好下面各项"), free=True, name=self.tr("职责目录")
        )
        self.basis = SnippetEdit(self.tr("依据"), 500, rows=2)
        self.arithmetic = label("", "muted", wrap=True)
        self.arithmetic.hide()
        self.fields = Fields(
            Field(self.tr("职责目录"), self.ground, "ground"),
            Field(self.tr("退单原因"), self.reason, "reason", required=True),
            Field(self.tr("建议承办单位"), self.unit, "suggested_unit", required=True),
            Field(self.tr("依据"), self.basis, "basis", required=True),
        )
        self._lay_out_fields()
        self.unit.text_edited.connect(self.asked)
        self.ground.text_edited.connect(self._offer)
        self.ground.chosen.connect(self._take)
        self.basis.textChanged.connect(self._say_whose)
        self.watch(self.reason, self.unit, self.basis)

    def _lay_out_fields(self) -> None:
        self.body.addLayout(side_by_side(self.fields["ground"], self.arithmetic, stretch=(4, 3)))
        self.body.addLayout(
            side_by_side(self.fields["reason"], self.fields["suggested_unit"], stretch=(0, 1))
        )
        self.body.addWidget(self.fields["basis"])

    def show_desk(self, desk: Desk) -> None:
        until = desk.return_until
        words = (
            self.tr("{0} 前可申请；逾期未申请视为接受承办").format(short_time(until))
            if until
            else ""
        )
        window = self._grounds.window
        self.hint.setText(window.words if window is not None else words)

    def show_grounds(self, grounds: Grounds) -> None:
        """What may be picked, and the window with its arithmetic."""
        self._grounds, window = grounds, grounds.window
        count, read = len(grounds.bases), window is not None
        words = self.tr("{0} 条可选；也可自己写依据").format(count) if count else ""
        self.fields["ground"].say(words or (self.tr("请自己写依据") if read else ""))
        self.arithmetic.setVisible(window is not None)
        if window is not None:
            self.hint.setText(window.words)
            mark(self.hint, tone="" if window.is_open else "bad")
            self.arithmetic.setText("　".join(window.lines))

    def show_units(self, units, typed: str) -> None:
        self.unit.set_suggestions([Suggestion(u.name, u, u.hint) for u in units], typed)

    @Slot(str)
    def _offer(self, typed: str) -> None:
        words = typed.strip()
        found = [b for b in self._grounds.bases if not words or words in b.text or words in b.unit]
        self.ground.set_suggestions([Suggestion(b.text, b, badge=b.reason) for b in found], typed)

    @Slot(object)
    def _take(self, ground: Basis) -> None:
        """One pick fills all three; each may still be changed."""
        self.reason.choose(self._reasons.get(ground.reason, self.reason.value))
        self.basis.put(ground.text)
        if ground.unit:
            self.unit.put(ground.unit)
        self.clear_errors()
        self.edited.emit()

    @Slot()
    def _say_whose(self) -> None:
        """Own words are marked as such, here as before the dispatcher."""
        text = self.basis.text
        if not text:
            self.fields["basis"].say(self.tr("法律条款、“三定”规定或权属证明"))
        elif from_catalogue(text):
            self.fields["basis"].say(self.tr("目录依据"), "ok")
        else:
            self.fields["basis"].say(self.tr("单位自填依据，由派单员核对"), "warn")

    def fresh(self, _desk: Desk) -> ReturnValues:
        return ReturnValues()

    def values(self) -> ReturnValues:
        return ReturnValues(self.reason.value or "", self.basis.text, self.unit.text())

    def put(self, values: ReturnValues) -> None:
        self.ground.put("")
        self.reason.choose(values.reason or None)
        self.basis.put(values.basis)
        self.unit.put(values.unit)
        self._say_whose()

    def first_field(self) -> QWidget:
        return self.reason


class WithdrawForm(FormPanel):
    """撤回退单申请: what was asked, and the blue button that takes it back."""

    name = "undo_return"

    def __init__(self) -> None:
        super().__init__(self.tr("退单申请待审"), self.tr("撤回退单申请"))
        self.asked = label("", wrap=True)
        self.body.addWidget(self.asked)

    def show_desk(self, desk: Desk) -> None:
        asked = desk.asked_return
        self.hint.setText(self.tr("撤回后由本单位继续承办，时限照旧"))
        if asked is not None:
            words = self.tr("{0} {1} 申请：{2}，建议由 {3} 承办。依据：{4}")
            self.asked.setText(
                words.format(
                    short_time(asked.asked_at), asked.asked_by, asked.reason, asked.suggested_unit,
                    asked.basis,
                )
            )  # fmt: skip

    def values(self) -> None:
        return None

    def put(self, values: object) -> None:
        """Nothing is typed here."""

    def first_field(self) -> QWidget:
        return self.close_button


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
