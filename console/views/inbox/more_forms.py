"""Beside the flow: a promise to the citizen, and a copy to a unit that shall know (peers 6.10, field-facts 3.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.desks import UnitChoice
from console.domain.errors import UserError
from console.domain.inbox import Desk
from console.domain.promises import PromiseLine, read_promise
from console.domain.states import SUPERVISION_NAMES
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.own_share import people_words
from console.views.parts.card import label, row
from console.views.parts.clock import database_now, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead


class PromiseForm(FormPanel):
    """One line, as it was said: 今天下午五点前回电. `kept(id)` for one that was fulfilled."""

    name = "promise"
    kept = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("登记承诺"), self.tr("登记承诺"))
        self.hint.setText(self.tr("答应群众的时间单独计时，到时提醒，归档前要兑现"))
        self.sentence = QLineEdit()
        self.sentence.setPlaceholderText(self.tr("今天下午五点前回电"))
        self.fields = Fields(
            Field(self.tr("答应了什么、什么时候前"), self.sentence, "promise", required=True)
        )
        self.open_ones = Segmented([], self.tr("未兑现的承诺"), numbers=False)
        self.keep = KeyButton(self.tr("登记兑现"), kind="quiet")
        self.keep.clicked.connect(self._keep)
        self.line = row(label(self.tr("未兑现"), "caption"), self.open_ones, self.keep, None)
        self.body.addWidget(self.fields["promise"])
        self.body.addWidget(self.line)
        self.sentence.textChanged.connect(self._read_back)
        self.watch(self.sentence)
        self.show_promises(())

    def show_promises(self, lines: Sequence[PromiseLine]) -> None:
        """Those of this work order; the open ones can be fulfilled here."""
        waiting = [line for line in lines if line.open][:3]
        words = self.tr("{0}（{1} 前）")
        self.open_ones.set_options(
            [(line.id, words.format(line.what[:16], short_time(line.due))) for line in waiting]
        )
        if waiting and self.open_ones.value is None:
            self.open_ones.choose(waiting[0].id)
        self.line.setVisible(bool(waiting))

    @Slot()
    def _keep(self) -> None:
        if self.open_ones.value is not None:
            self.kept.emit(self.open_ones.value)

    @Slot()
    def _read_back(self) -> None:
        """What was understood, before it is sent."""
        text = self.sentence.text().strip()
        try:
            said = read_promise(text, database_now()).words if text else ""
        except UserError:
            said = ""
        self.fields["promise"].say(said, "accent" if said else "")

    def values(self) -> str:
        return self.sentence.text()

    def put(self, values: str | None) -> None:
        self.sentence.setText(values or "")

    def fresh(self, _desk: Desk) -> str:
        return ""

    def first_field(self) -> QWidget:
        return self.sentence


class FeedbackForm(FormPanel):
    """督办反馈: what the notice asks for, and what the unit answers (field-facts 9.5)."""

    name = "feedback"

    def __init__(self) -> None:
        super().__init__(self.tr("反馈督办"), self.tr("反馈"))
        self.notice, self.before = label("", wrap=True), label("", "muted", wrap=True)
        self.text = SnippetEdit(self.tr("落实情况"), 2000, rows=2)
        self.text.setPlaceholderText(self.tr("落实情况、原因、责任人、完成时限"))
        self.fields = Fields(Field(self.tr("落实情况"), self.text, "feedback", required=True))
        self.body.addWidget(self.notice)
        self.body.addWidget(self.before)
        self.body.addWidget(self.fields["feedback"])
        self.watch(self.text)

    def show_desk(self, desk: Desk) -> None:
        notice = desk.notice
        if notice is None:
            return
        due = self.tr("{0} 前").format(short_time(notice.due)) if notice.due else ""
        self.hint.setText("　".join(filter(None, (notice.document_no, due, notice.contact))))
        head = SUPERVISION_NAMES[notice.level]
        self.notice.setText("　".join(filter(None, (head, notice.reason, notice.demands))))
        said = self.tr("已反馈：{0}").format(notice.feedback) if notice.feedback else ""
        self.before.setText(said)
        self.before.setVisible(bool(said))

    def values(self) -> str:
        return self.text.text

    def put(self, values: str | None) -> None:
        self.text.put(values or "")

    def fresh(self, _desk: Desk) -> str:
        return ""

    def first_field(self) -> QWidget:
        return self.text


@dataclass(frozen=True, slots=True)
class NotifyValues:
    typed: str = ""
    unit: UnitChoice | None = None


class NotifyForm(FormPanel):
    """抄告: the unit reads it and need not act. `asked(text)` wants units."""

    name = "notify"
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(self.tr("抄告"), self.tr("抄告"))
        self.unit = TypeAhead(self.tr("名称或拼音首字母"), name=self.tr("抄告单位"))
        self.told = label("", "muted", wrap=True)
        self.fields = Fields(
            Field(self.tr("抄告单位"), self.unit, "unit", self.tr("只阅知，不承办"), required=True)
        )
        self.body.addWidget(self.fields["unit"])
        self.body.addWidget(self.told)
        self.unit.text_edited.connect(self.asked)
        self.watch(self.unit)

    def show_desk(self, desk: Desk) -> None:
        self.told.setText(people_words(desk) if desk.copied else "")
        self.told.setVisible(bool(self.told.text()))

    def show_units(self, units: Sequence[UnitChoice], typed: str) -> None:
        self.unit.set_suggestions([Suggestion(u.name, u, u.hint) for u in units], typed)

    def fresh(self, _desk: Desk) -> NotifyValues:
        return NotifyValues()

    def values(self) -> NotifyValues:
        return NotifyValues(self.unit.text(), self.unit.value)

    def put(self, values: NotifyValues) -> None:
        self.unit.put(values.typed, values.unit)

    def first_field(self) -> QWidget:
        return self.unit
