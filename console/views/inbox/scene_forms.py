"""What happens at the scene: units whistled up, their arrival, rounds of mediation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from console.domain.desks import UnitChoice
from console.domain.inbox import CalledUnit, Desk
from console.views.inbox.flow_forms import side_by_side
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.marks import translate
from console.views.inbox.phrases import Phrases
from console.views.parts.card import label, row
from console.views.parts.clock import database_now, grouped_number, local, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead


@dataclass(frozen=True, slots=True)
class WhistleValues:
    units: tuple[UnitChoice, ...] = ()
    request: str = ""


class WhistleForm(FormPanel):
    """吹哨: who is to come and what for. Enter takes a unit and stays for the next. `asked(text)` wants units."""

    name = "whistle"
    asked = Signal(str)
    arrival_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("吹哨请协办"), self.tr("吹哨"))
        self._units: tuple[UnitChoice, ...] = ()
        self._desk: Desk | None = None
        self.unit = TypeAhead(self.tr("名称或拼音首字母，可请多家"), name=self.tr("请到场的单位"))
        self.request = SnippetEdit(self.tr("请求事项"), 500, rows=2)
        self.fields = Fields(
            Field(self.tr("请到场的单位"), self.unit, "units", required=True),
            Field(self.tr("请求事项"), self.request, "request", required=True),
        )
        self.called = label("", "muted", wrap=True)
        self.body.addLayout(
            side_by_side(self.fields["units"], self.fields["request"], stretch=(2, 3))
        )
        phrases = (self.tr("请派员到场联合处置。"), self.tr("请到场认定责任。"))
        # H11: the same text goes into the linkage group, ready to be pasted.
        self.copy = KeyButton(self.tr("复制召集通知"), kind="quiet")
        self.copy.clicked.connect(self._copy)
        self.body.addWidget(row(Phrases(self.request, phrases), None, self.copy))
        self.arrival = KeyButton(self.tr("登记应哨到场"), kind="quiet")
        self.arrival.clicked.connect(self.arrival_wanted)
        self.body.addWidget(row(self.called, self.arrival, None))
        self.unit.text_edited.connect(self.asked)
        self.unit.chosen.connect(self._add)
        self.watch(self.request)

    def show_desk(self, desk: Desk) -> None:
        self._desk = desk
        shown = "；".join(called_words(call) for call in desk.called)
        self.called.setText(self.tr("已请：{0}").format(shown) if shown else "")
        self.called.setVisible(bool(shown))
        self.arrival.setVisible(any(call.arrived_at is None for call in desk.called))

    def show_units(self, units: Sequence[UnitChoice], typed: str) -> None:
        taken = {unit.id for unit in self._units}
        self.unit.set_suggestions(
            [Suggestion(u.name, u, u.hint) for u in units if u.id not in taken], typed
        )

    @property
    def unit_ids(self) -> tuple[int, ...]:
        return tuple(unit.id for unit in self._units)

    def fresh(self, _desk: Desk) -> WhistleValues:
        return WhistleValues()

    def values(self) -> WhistleValues:
        return WhistleValues(self._units, self.request.text)

    def put(self, values: WhistleValues) -> None:
        self._show_units(values.units)
        self.request.put(values.request)
        self.unit.put("")

    def first_field(self) -> QWidget:
        return self.unit

    @property
    def call_out(self) -> str:
        """The text for the linkage group: those named now, else those called before."""
        if self._desk is None:
            return ""
        called = [call for call in self._desk.called if call.arrived_at is None]
        names = [unit.name for unit in self._units] or [call.unit for call in called]
        asked = self.request.text.strip() or (called[-1].request if called else "")
        return call_out_words(self._desk, names, asked)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.call_out)
        self.fields["request"].say(self.tr("召集通知已复制"), "accent")

    @Slot(object)
    def _add(self, unit: UnitChoice | None) -> None:
        if unit is None:
            return
        self._show_units((*self._units, unit))
        self.unit.put("")
        self.edited.emit()

    def _show_units(self, units: tuple[UnitChoice, ...]) -> None:
        self._units = units
        self.fields["units"].say("、".join(unit.name for unit in units), "accent")


@dataclass(frozen=True, slots=True)
class ArrivalValues:
    call: int | None = None
    person: str = ""
    outcome: str = ""


class ArrivalForm(FormPanel):
    """应哨到场: which of the units called came, who, and what came of it."""

    name = "arrival"

    def __init__(self) -> None:
        super().__init__(self.tr("登记应哨到场"), self.tr("登记到场"))
        self.call = Segmented([], self.tr("到场单位"))
        self.person, self.outcome = QLineEdit(), QLineEdit()
        self.fields = Fields(
            Field(self.tr("到场单位"), self.call, "call", required=True),
            Field(self.tr("到场人员"), self.person, "person", required=True),
            Field(self.tr("处置情况"), self.outcome, "outcome"),
        )
        self.body.addWidget(self.fields["call"])
        self.body.addLayout(
            side_by_side(self.fields["person"], self.fields["outcome"], stretch=(1, 3))
        )
        self.watch(self.call, self.person, self.outcome)

    def show_desk(self, desk: Desk) -> None:
        waiting = [(call.id, call.unit) for call in desk.called if call.arrived_at is None]
        self.call.set_options(waiting)

    def fresh(self, desk: Desk) -> ArrivalValues:
        waiting = [call.id for call in desk.called if call.arrived_at is None]
        return ArrivalValues(waiting[0] if waiting else None)

    def values(self) -> ArrivalValues:
        return ArrivalValues(self.call.value, self.person.text(), self.outcome.text())

    def put(self, values: ArrivalValues) -> None:
        self.call.choose(values.call)
        self.person.setText(values.person)
        self.outcome.setText(values.outcome)

    def first_field(self) -> QWidget:
        return self.person


@dataclass(frozen=True, slots=True)
class MediationValues:
    on_day: date | None = None
    participants: str = ""
    result: str = ""
    agreed: bool | None = None


class MediationForm(FormPanel):
    """调解: one more round (field-facts X5). `dispute_wanted(bool)`: mark the matter as one, or not (X4)."""

    name = "mediate"
    dispute_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__(self.tr("记录调解"), self.tr("记录调解"))
        self.day = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True)
        self.day.setFixedWidth(132)
        self.participants = QLineEdit()
        self.participants.setPlaceholderText(self.tr("双方、社区、物业等"))
        self.agreed = Segmented(
            [(True, self.tr("达成一致")), (False, self.tr("未达成"))], self.tr("是否达成一致")
        )
        self.result = SnippetEdit(self.tr("调解结果"), 1000, rows=2)
        self.fields = Fields(
            Field(self.tr("日期"), self.day, "on_day", required=True),
            Field(self.tr("参加人员"), self.participants, "participants", required=True),
            Field(self.tr("结论"), self.agreed, "agreed", required=True),
            Field(self.tr("调解结果"), self.result, "result", required=True),
        )
        fields = (self.fields["on_day"], self.fields["participants"], self.fields["agreed"])
        self.body.addLayout(side_by_side(*fields, stretch=(0, 1, 0)))
        self.body.addWidget(self.fields["result"])
        self._dispute = False
        self.mark = KeyButton(self.tr("标为矛盾件"), kind="quiet")
        self.mark.clicked.connect(self._mark)
        said = label(self.tr("矛盾件须到现场核查、当事人签字认可后才算办结"), "muted")
        self.body.addWidget(row(self.mark, said, None))
        self.watch(self.participants, self.agreed, self.result)
        self.day.dateChanged.connect(self._touched)

    def show_desk(self, desk: Desk) -> None:
        self._dispute = desk.own.dispute
        words = self.tr("取消矛盾件标记") if self._dispute else self.tr("标为矛盾件")
        self.mark.set_words(words)
        last = desk.rounds[-1] if desk.rounds else None
        words = self.tr("已调解 {0} 次，上次 {1}，{2}")
        agreed = self.tr("达成一致") if last and last.agreed else self.tr("未达成")
        self.hint.setText(words.format(last.number, last.on_day, agreed) if last else "")

    @Slot()
    def _mark(self) -> None:
        self.dispute_wanted.emit(not self._dispute)

    def fresh(self, _desk: Desk) -> MediationValues:
        return MediationValues()

    def values(self) -> MediationValues:
        day = self.day.date()
        return MediationValues(
            date(day.year(), day.month(), day.day()),
            self.participants.text(),
            self.result.text,
            self.agreed.value,
        )

    def put(self, values: MediationValues) -> None:
        day = values.on_day
        day = day or local(database_now()).date()
        self.day.setDate(QDate(day.year, day.month, day.day))
        self.participants.setText(values.participants)
        self.result.put(values.result)
        self.agreed.choose(values.agreed)

    def first_field(self) -> QWidget:
        return self.participants


def called_words(call: CalledUnit) -> str:
    """城市管理局（今天 10:40 请，李工 10:55 到场：已封堵）; who was not there yet, with who is on duty."""
    called = short_time(call.called_at)
    if call.arrived_at is None:
        duty = translate("inbox", "，值班 {0}").format(call.duty) if call.duty else ""
        return translate("inbox", "{0}（{1} 请，未到{2}）").format(call.unit, called, duty)
    came = " ".join(filter(None, (call.person, short_time(call.arrived_at))))
    outcome = f"：{call.outcome}" if call.outcome else ""
    return translate("inbox", "{0}（{1} 请，{2} 到场{3}）").format(call.unit, called, came, outcome)


def call_out_words(desk: Desk, units: Sequence[str], request: str) -> str:
    """Place, matter, who is to come and what for, in lines to be pasted (field-facts H11)."""
    own, case = desk.own, desk.case
    lines = (
        translate("inbox", "【吹哨】请{0}立即派员到场").format("、".join(units)),
        translate("inbox", "地点：{0}").format(case.address or own.place),
        translate("inbox", "事由：{0}").format(own.title),
        translate("inbox", "请求：{0}").format(request) if request else "",
        translate("inbox", "工单：{0}").format(grouped_number(own.number)),
        translate("inbox", "到场后请报告到场人员和时间。"),
    )
    return "\n".join(filter(None, lines))
