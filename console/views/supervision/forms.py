"""The forms of the supervision desk: one at a time, below the case, filled in with what is most likely."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from console.domain.errors import UserError
from console.domain.states import SupervisionLevel
from console.domain.supervision import Dossier
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.chip import Chip
from console.views.parts.clock import database_now, local
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton, small_button
from console.views.parts.line_limit import limit_characters
from console.views.parts.snippet_edit import SnippetEdit

TEXT_MOST = 500


class ActForm(Card):
    """`start(dossier)` fills it in; its action's key sends it: `submitted()`. Esc: `closed()`.

    What was typed is kept by the owner: `values()` and `put(values)`.
    """

    submitted = Signal()
    closed = Signal()

    name = ""
    # The height a form wants at least, where its own hint is not enough; the case above gives way.
    least = 0

    def __init__(self, title: str, send: QAction, words: str, danger: bool = False) -> None:
        self.close_button = small_button(self.tr("收起"), "Esc")
        super().__init__(title, self.close_button)
        self.hint = label("", "muted")
        self.head.insertWidget(1, self.hint)
        self.fields = Fields()
        self.banner = label("", "error", wrap=True)
        self.banner.hide()
        self.send_button = ActionButton(send, "danger" if danger else "primary", words)
        self.close_button.clicked.connect(self.closed)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.body.addWidget(self.banner)

    def close_body(self) -> None:
        """Called by a subclass once its fields are in."""
        self.foot.addStretch(1)
        self.foot.addWidget(self.send_button)
        self.body.addLayout(self.foot)

    def start(self, dossier: Dossier) -> None:
        """The most likely values for this work order."""

    def values(self) -> Any:
        raise NotImplementedError

    def put(self, values: Any) -> None:
        raise NotImplementedError

    def first_field(self) -> QWidget:
        raise NotImplementedError

    def show_error(self, error: Exception) -> Exception | None:
        """Beside the fields, the rest above them; returns what is no sentence for an operator."""
        self.clear_errors()
        rest = self.fields.show_errors(error)
        if rest is not None:
            self.banner.setText("　".join(filter(None, (rest.text, rest.hint))))
            self.banner.show()
        return None if isinstance(error, UserError) else error

    @Slot()
    def clear_errors(self) -> None:
        self.fields.clear_errors()
        self.banner.hide()

    def set_snippets(self, snippets: tuple[tuple[str, str], ...]) -> None:
        for edit in self.findChildren(SnippetEdit):
            edit.set_snippets(dict(snippets))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif held and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


class SentenceForm(ActForm):
    """One sentence and a key: urging, lifting, resuming, instructing."""

    def __init__(
        self,
        name: str,
        field: str,
        send: QAction,
        title: str,
        words: str,
        caption: str,
        required: bool = True,
        rows: int = 2,
    ) -> None:
        super().__init__(title, send, words)
        self.name = name
        self.text = SnippetEdit(caption, TEXT_MOST, rows=rows)
        self.text.setMaximumHeight(self.text.sizeHint().height())
        hint = self.tr("常用语：输入 ::首字母 再按空格")
        self.fields = Fields(Field(caption, self.text, field, hint, required=required))
        self.add(self.fields[field])
        self.text.textChanged.connect(self.clear_errors)

    def values(self) -> str:
        return self.text.text

    def put(self, values: str) -> None:
        self.text.put(values)

    def first_field(self) -> QWidget:
        return self.text


class UrgeCard(SentenceForm):
    """催办: a reason, whom to copy in; for one work order or for all that are ticked."""

    def __init__(self, send: QAction) -> None:
        self.copies, self._suggested = QLineEdit(), ""
        title, words, caption = self.tr("催办"), self.tr("发出催办"), self.tr("催办原因")
        super().__init__("urge", "reason", send, title, words, caption)
        self.many = Chip("", Tone.ACCENT)
        self.many.hide()
        self.head.insertWidget(1, self.many)
        limit_characters(self.copies, 200)
        self.foot.addWidget(label(self.tr("抄送"), "caption"))
        self.copies.setAccessibleName(self.tr("抄送"))
        self.foot.addWidget(self.copies, 2)
        self.close_body()

    def start(self, dossier: Dossier) -> None:
        self._suggested = self._reason(dossier)
        self.put((self._suggested, dict(dossier.copies).get(SupervisionLevel.NORMAL, "")))
        self.hint.setText(self._before(dossier))

    def start_many(self, number: int, fresh: bool = False) -> None:
        """`fresh`: the words of the single one shown before are not for these."""
        self.many.say(self.tr("已勾选 {0} 件").format(number) if number else "")
        self.hint.setText("")
        if number and (fresh or not self.text.text.strip()):
            self._suggested = self.tr("请抓紧办理，在时限内办结并答复诉求人。")
            self.put((self._suggested, ""))

    def _reason(self, dossier: Dossier) -> str:
        if dossier.ladder:
            return self.tr("{0}，请立即办理并答复诉求人。").format(dossier.reason)
        return self.tr("办结时限临近，请抓紧办理，按期办结并答复诉求人。")

    def _before(self, dossier: Dossier) -> str:
        number = sum(not one.warning for one in dossier.urgings)
        return (
            self.tr("{0}，此前已催办 {1} 次").format(dossier.unit, number)
            if number
            else dossier.unit
        )

    def values(self) -> tuple[str, str]:
        return self.text.text, self.copies.text()

    def put(self, values: tuple[str, str]) -> None:
        self.text.put(values[0])
        self.copies.setText(values[1])

    def first_field(self) -> QWidget:
        # Whoever types means other words than those suggested; his own are never marked for replacing.
        if self.text.text == self._suggested:
            self.text.selectAll()
        return self.text


class LiftCard(SentenceForm):
    """解除督办, with the reason that will stand on the notice."""

    def __init__(self, send: QAction) -> None:
        title = self.tr("解除督办")
        super().__init__("lift", "reason", send, title, title, self.tr("解除原因"))
        self.close_body()


class InstructCard(SentenceForm):
    """领导批示."""

    def __init__(self, send: QAction) -> None:
        title, words = self.tr("领导批示"), self.tr("下达批示")
        super().__init__("instruct", "opinion", send, title, words, self.tr("批示内容"), rows=3)
        self.foot.addWidget(label(self.tr("批示为工作秘密，印在督办单上，不得擅自扩散"), "muted"))
        self.close_body()


class ResumeCard(SentenceForm):
    """恢复办理."""

    def __init__(self, send: QAction) -> None:
        title = self.tr("恢复办理")
        super().__init__("resume", "note", send, title, title, self.tr("说明"), required=False)
        self.close_body()

    def start(self, dossier: Dossier) -> None:
        self.hint.setText(dossier.suspended)
        self.hint.setToolTip(dossier.suspended)


@dataclass(frozen=True, slots=True)
class Pause:
    """What stands in the form for suspending."""

    code: str = ""
    reason: str = ""
    resume_on: date | None = None


class SuspendCard(ActForm):
    """挂起: a reason of the pack, a sentence, and the day to look again."""

    name = "suspend"
    least = 230

    def __init__(self, send: QAction) -> None:
        super().__init__(self.tr("挂起"), send, self.tr("挂起停表"))
        self.code = QComboBox(placeholderText=self.tr("请选择"), accessibleName=self.tr("挂起原因"))
        self.code.setFixedHeight(30)
        self.reason = SnippetEdit(self.tr("具体说明"), TEXT_MOST, rows=2)
        self.reason.setMaximumHeight(self.reason.sizeHint().height())
        self.day = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True)
        self.day.setFixedHeight(30)
        self.kinds = Field(self.tr("挂起原因"), self.code, "reason_code", required=True)
        self.fields = Fields(
            self.kinds,
            Field(self.tr("具体说明"), self.reason, "reason", required=True),
            Field(self.tr("预计恢复日期"), self.day, "resume_on", required=True),
        )
        self.hint.setText(self.tr("停表期间不计时限，灯变灰；到恢复日期提醒"))
        self.add(self.kinds)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.fields["reason"], 3)
        line.addWidget(self.fields["resume_on"], 1)
        self.body.addLayout(line)
        self.close_body()
        self.code.currentIndexChanged.connect(self._chosen)
        self.reason.textChanged.connect(self.clear_errors)

    def start(self, dossier: Dossier) -> None:
        self.code.clear()
        for code, words in dossier.suspend_reasons:
            self.code.addItem(words, code)
        self.put(Pause())

    def values(self) -> Pause:
        code = self.code.currentData() or ""
        return Pause(code, self.reason.text, self.day.date().toPython())

    def put(self, values: Pause) -> None:
        self.code.setCurrentIndex(self.code.findData(values.code) if values.code else -1)
        self.reason.put(values.reason)
        day = values.resume_on or local(database_now()).date() + timedelta(days=7)
        self.day.setDate(QDate(day.year, day.month, day.day))

    def first_field(self) -> QWidget:
        return self.code

    @Slot(int)
    def _chosen(self, _at: int) -> None:
        self.clear_errors()
