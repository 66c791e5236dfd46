"""Small tasks during a call: a card at the top of the assist column, not a dialog, so that nothing blocks the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from console.domain.errors import Invalid, UserError
from console.domain.intake import Choice, DeadlinePreview, KnowledgeCard
from console.domain.promises import Promised, read_promise
from console.domain.tallies import CampaignChoice
from console.views.parts.campaign_picker import CampaignPicker
from console.views.parts.card import Card, label, row
from console.views.parts.clock import database_now
from console.views.parts.explain_panel import ExplainPanel
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton, KeyCap
from console.views.parts.promise_line import PromiseLine
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead

EMERGENCY = ("110", "119", "120", "122")
_EMERGENCY_NAMES = {"110": "110 公安", "119": "119 消防", "120": "120 急救", "122": "122 交警"}
REVEAL_REASONS = ("回拨核实", "与来电人核对身份", "转接承办单位", "来电人要求更正")
HARASSMENT_REASONS = ("多次无诉求拨打", "辱骂坐席", "无声来电", "恶意占线")


class Task(Card):
    """Ctrl+Enter does it, Esc puts it away; what was typed in it stays until it is done.

    `done(answer)` carries what `collect` returns; an `Invalid` raised there is shown beside its field.
    """

    done = Signal(object)
    put_away = Signal()

    def __init__(self, title: str, accept: str, danger: bool = False, hint: str = "") -> None:
        super().__init__(title, KeyCap("Esc"), padding=14, spacing=10)
        self.setProperty("task", True)
        self.hint = label(hint, "muted", wrap=True)
        self.add(self.hint)
        self.hint.setVisible(bool(hint))
        self.accept_button = KeyButton(accept, "Ctrl+Enter", "danger" if danger else "primary")
        self.accept_button.clicked.connect(self.try_accept)
        self.first: QWidget | None = None
        self.fields = Fields()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            # A refusal puts the cursor into the record: from there too the key is this card's.
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(self.try_accept)

    def finish(self, first: QWidget, *parts: QWidget) -> None:
        """The fields are in; the button comes last. `first` gets the focus."""
        self.first, self.fields = (
            first,
            Fields(*(part for part in parts if isinstance(part, Field))),
        )
        self.add(*parts, row(None, self.accept_button))

    def collect(self) -> Any:
        return None

    def fail(self, error: Exception) -> bool:
        """Shows a fault beside its field; False when it belongs elsewhere."""
        self.accept_button.setEnabled(True)
        return self.fields.show_errors(error) is None

    @Slot()
    def try_accept(self) -> None:
        self.fields.clear_errors()
        try:
            answer = self.collect()
        except UserError as error:
            self.fields.show_errors(error)
            return
        self.done.emit(answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away.emit()
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class Answered:
    text: str
    knowledge_id: int | None


class AnswerTask(Task):
    """F4: answered on the spot; a cited knowledge answer is filled in to be changed at will."""

    def __init__(self, cited: KnowledgeCard | None = None) -> None:
        super().__init__(
            self.tr("直接答复"),
            self.tr("答复并办结"),
            hint=self.tr("当场答复来电人，登记后即为已答复。"),
        )
        self._cited = cited
        self.text = SnippetEdit(self.tr("答复内容"), rows=6)
        if cited is not None:
            self.text.put(cited.short_answer)
        hint = self.tr("引自 {0}").format(cited.title) if cited else ""
        self.finish(self.text, Field(self.tr("答复内容"), self.text, "answer", hint=hint))

    def collect(self) -> Answered:
        if not self.text.text.strip():
            raise Invalid(self.tr("请写明答复了什么。"), field="answer")
        return Answered(self.text.text.strip(), self._cited.id if self._cited else None)


@dataclass(frozen=True, slots=True)
class Rejected:
    reason_code: str
    told: str
    confirmed_by: int


class RejectTask(Task):
    """Not accepted: why, what the caller was told, and the supervisor who agrees (field-facts 3.6)."""

    def __init__(self, reasons: Sequence[Choice], supervisors: Sequence[Choice]) -> None:
        super().__init__(self.tr("不予受理"), self.tr("登记为不予受理"), danger=True)
        self.reason, self.supervisor = QComboBox(), QComboBox()
        _fill(self.reason, reasons)
        _fill(self.supervisor, supervisors)
        self.told = SnippetEdit(self.tr("告知来电人的话"), rows=3)
        self.finish(
            self.reason,
            Field(self.tr("理由"), self.reason, "reason_code"),
            Field(self.tr("告知来电人的话"), self.told, "told"),
            Field(self.tr("确认的值班长"), self.supervisor, "confirmed_by"),
        )

    def collect(self) -> Rejected:
        reason, supervisor = self.reason.currentData(), self.supervisor.currentData()
        if reason is None:
            raise Invalid(self.tr("请选择不予受理的理由。"), field="reason_code")
        if not self.told.text.strip():
            raise Invalid(self.tr("请写明怎样告知来电人。"), field="told")
        if supervisor is None or supervisor.id is None:
            raise Invalid(self.tr("不予受理要值班长确认。"), field="confirmed_by")
        return Rejected(reason.key, self.told.text.strip(), supervisor.id)


@dataclass(frozen=True, slots=True)
class Emergency:
    service: str
    receiver_no: str
    three_way: bool


class EmergencyTask(Task):
    """F9: handed to 110, 119, 120 or 122; the receiver's number proves it."""

    def __init__(self, line: str = "") -> None:
        super().__init__(
            self.tr("转紧急服务"),
            self.tr("已转接，登记"),
            danger=True,
            hint=self.tr("先转接，后登记。填了一半的内容会一并转去。"),
        )
        self.service = Segmented(
            [(number, _EMERGENCY_NAMES[number][4:] + number) for number in EMERGENCY],
            self.tr("转往"),
            numbers=False,
        )
        self.service.choose(line if line in EMERGENCY else "110")
        self.receiver = TypeAhead(self.tr("对方接警员工号"), free=True, name=self.tr("对方工号"))
        self.three_way = QCheckBox(self.tr("三方通话"))
        self.three_way.setChecked(True)
        self.finish(
            self.receiver,
            Field(self.tr("转往"), self.service, "service"),
            Field(self.tr("对方工号"), self.receiver, "receiver_no"),
            self.three_way,
        )

    def collect(self) -> Emergency:
        return Emergency(
            self.service.value, self.receiver.text().strip(), self.three_way.isChecked()
        )


class ReasonTask(Task):
    """One reason: for showing a full number, for marking a call as harassment."""

    def __init__(
        self, title: str, accept: str, common: Sequence[str], hint: str = "", danger: bool = False
    ) -> None:
        super().__init__(title, accept, danger, hint)
        self._common = tuple(common)
        self.reason = TypeAhead(self.tr("按 ↓ 选常用理由"), free=True, name=self.tr("理由"))
        self.reason.put(self._common[0])
        self.reason.selectAll()
        self.reason.text_edited.connect(self._offer)
        self.reason.entered.connect(self._entered)
        self.finish(self.reason, Field(self.tr("理由"), self.reason, "reason"))

    def collect(self) -> str:
        reason = self.reason.text().strip()
        if len(reason) < 2:
            raise Invalid(self.tr("请写明理由，会记入查询日志。"), field="reason")
        return reason

    @Slot(str)
    def _offer(self, _text: str) -> None:
        self.reason.set_suggestions([Suggestion(words) for words in self._common])

    @Slot(str)
    def _entered(self, _text: str) -> None:
        self.try_accept()


class PromiseTask(Task):
    """Ctrl+M: a time promised to the citizen, in one line as it was said; it gets a clock of its own."""

    def __init__(self, before: Sequence[str] = ()) -> None:
        hint = self.tr("登记后单独计时，到时提醒，交接班时列出。")
        noted = "\n".join(self.tr("已记：{0}").format(words) for words in before)
        super().__init__(
            self.tr("记下承诺"), self.tr("记下承诺"), hint="\n".join(filter(None, (noted, hint)))
        )
        self.line = PromiseLine(button=False)
        self.line.given.connect(self.done)
        self.line.put_away.connect(self.put_away)
        self.finish(self.line.edit, Field(self.tr("答应了什么、什么时候前"), self.line, "promise"))

    def collect(self) -> Promised:
        return read_promise(self.line.text, database_now())


class TagTask(Task):
    """Ctrl+Shift+T: the campaigns this matter belongs to; untouched, the words decide."""

    def __init__(self, offered: Sequence[CampaignChoice]) -> None:
        super().__init__(
            self.tr("专项活动"),
            self.tr("就这些"),
            hint=self.tr("可多选。不打开这张卡片时，按内容里的字自动列入“建议”的活动。"),
        )
        self.picker = CampaignPicker()
        self.picker.show_choices(offered)
        self.finish(self.picker.first or self.accept_button, self.picker)

    def collect(self) -> tuple[str, ...]:
        return self.picker.codes


class DeadlineTask(Task):
    """Ctrl+L: the arithmetic of the deadlines, line by line."""

    def __init__(self, preview: DeadlinePreview) -> None:
        super().__init__(self.tr("时限怎样算出"), self.tr("知道了"))
        panel = ExplainPanel()
        panel.show_lines(preview.words, [*preview.lines, *preview.warnings])
        self.add(panel)
        self.finish(self.accept_button)


def _fill(box: QComboBox, choices: Sequence[Choice]) -> None:
    for choice in choices:
        box.addItem(choice.text, choice)
        if choice.detail or choice.hint:
            box.setItemData(
                box.count() - 1, choice.detail or choice.hint, Qt.ItemDataRole.ToolTipRole
            )
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
