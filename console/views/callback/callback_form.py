"""What to say and what was answered, in the order of the call; one number key a question."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.desks import CallbackAnswers, CallbackScript
from console.domain.errors import UserError
from console.domain.states import (
    NOT_REACHED_NAMES,
    RESOLUTION_NAMES,
    SATISFACTION_NAMES,
    Satisfaction,
)
from console.theme import Tone, mark
from console.views.parts.card import Card, column, label, scrolled
from console.views.parts.chip import Chip
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit

COMMENT_MOST = 1000
PADDING, SCROLL_BAR = 12, 12
_CROSS = frozenset({Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED})
# Question code of the pack → field of the answers.
_QUESTIONS = {
    "contacted": "contacted", "resolved": "resolution",
    "unit_satisfaction": "satisfaction", "hotline_satisfaction": "hotline_satisfaction",
}  # fmt: skip


class Answer(Segmented):
    """`answered()` when a number key gave the answer: the next question may have the focus."""

    answered = Signal()

    def __init__(self, options: Sequence[tuple[Any, str]], name: str) -> None:
        super().__init__(options, name)
        self._many = len(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        self._many = len(options)
        super().set_options(options)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and 0 <= event.key() - Qt.Key.Key_1 < self._many:
            self.answered.emit()


class CallbackCard(Card):
    """`start(answers)`, then `show_script(script)`; `answers()` is what was said.

    F4 opens the line of reasons for a call nobody took; `not_reached(reason)` when one is chosen.
    """

    not_reached = Signal(object)

    def __init__(
        self, close: QAction, redo: QAction, unreached: QAction, parent: QWidget | None = None
    ) -> None:
        self.attempts, self.tries_left = Chip("", Tone.MUTED), 0
        super().__init__(self.tr("回访记录"), self.attempts, parent=parent)
        self._make_script()
        self._make_questions()
        self._make_unreached()
        self.buttons = (
            ActionButton(unreached),
            ActionButton(redo, "danger"),
            ActionButton(close, "primary", self.tr("回访结案")),
        )
        self._lay_out()
        self._connect()

    def _make_script(self) -> None:
        self.opening = label("", wrap=True)
        self.opening.setAccessibleName(self.tr("开场白"))

    def _make_questions(self) -> None:
        self.contacted = Answer(
            [(True, self.tr("联系过")), (False, self.tr("没有"))], self.tr("是否联系")
        )
        self.resolution = Answer(
            [(key.value, words) for key, words in RESOLUTION_NAMES.items()], self.tr("是否解决")
        )
        self.satisfaction = Answer([], self.tr("对承办单位的满意度"))
        self.reason = Answer([], self.tr("不满意的原因"))
        self.hotline = Answer([], self.tr("对热线服务的满意度"))
        self.comment = SnippetEdit(self.tr("来电人意见"), COMMENT_MOST, rows=2)
        self.fields = Fields(
            Field(self.tr("承办单位联系过您吗？"), self.contacted, "contacted"),
            Field(self.tr("您反映的问题解决了吗？"), self.resolution, "resolution"),
            Field(self.tr("您对承办单位的办理满意吗？"), self.satisfaction, "satisfaction"),
            Field(self.tr("不满意的原因"), self.reason, "dissatisfied_reason"),
            Field(self.tr("您对热线的服务满意吗？"), self.hotline, "hotline_satisfaction"),
            Field(
                self.tr("来电人意见、重办要求"),
                self.comment,
                "comment",
                self.tr("发回重办时必填"),
            ),
        )
        self.fields["dissatisfied_reason"].hide()

    def _make_unreached(self) -> None:
        self.why = Answer(list(NOT_REACHED_NAMES.items()), self.tr("未接通的原因"))
        self.why_note = label("", "muted", wrap=True)
        self.unreached_box = QFrame()
        mark(self.unreached_box, kind="strip", tone="warn")
        inner = QVBoxLayout(self.unreached_box)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.setSpacing(6)
        inner.addWidget(Field(self.tr("未接通，按数字键记下原因"), self.why, "not_reached"))
        inner.addWidget(self.why_note)
        self.unreached_box.hide()

    def _lay_out(self) -> None:
        said = QFrame()
        mark(said, kind="strip", tone="accent")
        box = QVBoxLayout(said)
        box.setContentsMargins(12, 10, 12, 10)
        box.addWidget(self.opening)
        names = ("contacted", "resolution", "satisfaction", "dissatisfied_reason")
        questions = [self.fields[name] for name in (*names, "hotline_satisfaction")]
        inner = column(self.unreached_box, said, *questions, None, spacing=10)
        self.scroll = scrolled(inner)
        self.body.addWidget(self.scroll, 1)
        self.body.addWidget(self.fields["comment"])
        self.body.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.buttons[0])
        foot.addWidget(self.buttons[1])
        foot.addStretch(1)
        foot.addWidget(self.buttons[2])
        return foot

    def _connect(self) -> None:
        for answer in self._answers:
            answer.answered.connect(self._go_on)
            answer.chosen.connect(self._changed)
        self.satisfaction.chosen.connect(self._ask_reason)
        self.comment.textChanged.connect(self._changed)
        self.comment.counted.connect(self._say_count)
        self.why.answered.connect(self._tell_unreached)

    @property
    def _answers(self) -> tuple[Answer, ...]:
        return (self.contacted, self.resolution, self.satisfaction, self.reason, self.hotline)

    def least_width(self) -> int:
        """Room for the longest scale there is, so that no answer is cut off whatever the pack."""
        longest = Segmented(list(SATISFACTION_NAMES.items()))
        return longest.sizeHint().width() + 2 * PADDING + SCROLL_BAR

    # --- filling

    def start(self, answers: CallbackAnswers) -> None:
        self.show_unreached(False)
        self._put(answers)
        self.fields.clear_errors()

    def show_script(self, script: CallbackScript) -> None:
        """The pack's words, choices and number of tries."""
        self.opening.setText(script.opening)
        for at, (code, text) in enumerate(script.questions, 1):
            if code in _QUESTIONS:
                self.fields[_QUESTIONS[code]].caption.setText(f"{at}　{text}")
        choices = list(script.satisfaction)
        self._offer(self.satisfaction, choices, self._wanted.satisfaction)
        self._offer(self.hotline, choices, self._wanted.hotline_satisfaction)
        reasons = [(name, name) for _code, name in script.dissatisfied_reasons]
        self._offer(self.reason, reasons, self._wanted.dissatisfied_reason or None)
        self._say_attempts(script)

    @staticmethod
    def _offer(answer: Answer, options: list[tuple[Any, str]], wanted: Any) -> None:
        chosen = answer.value if answer.value is not None else wanted
        answer.set_options(options)
        answer.choose(chosen)

    def set_snippets(self, snippets: Sequence[tuple[str, str]]) -> None:
        self.comment.set_snippets(dict(snippets))

    def _put(self, answers: CallbackAnswers) -> None:
        # Some choices are only known once the script is here.
        self._wanted = answers
        self.contacted.choose(answers.contacted)
        self.resolution.choose(answers.resolution or None)
        self.satisfaction.choose(answers.satisfaction)
        self.hotline.choose(answers.hotline_satisfaction)
        self.reason.choose(answers.dissatisfied_reason or None)
        self.comment.put(answers.comment)
        self._ask_reason()

    def answers(self) -> CallbackAnswers:
        asked = self.satisfaction.value in _CROSS
        return CallbackAnswers(
            self.contacted.value,
            self.resolution.value or "",
            self.satisfaction.value,
            self.hotline.value,
            (self.reason.value or "") if asked else "",
            self.comment.text.strip(),
        )

    def draft(self) -> CallbackAnswers | None:
        now = self.answers()
        return None if now == CallbackAnswers() else now

    def show_errors(self, error: Exception) -> Exception | None:
        self.fields.clear_errors()
        return self.fields.show_errors(error) if isinstance(error, UserError) else error

    def point_out_missing(self) -> None:
        """After a refusal: which questions have no answer, and the cursor on the first of them."""
        asked = ("contacted", "resolution", "satisfaction")
        open_ones = [name for name in asked if self.fields[name].control.value is None]
        for name in open_ones:
            self.fields[name].show_error(self.tr("还没有回答"))
        if open_ones:
            first = self.fields[open_ones[0]]
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.scroll.ensureWidgetVisible(first, 0, 24)

    def focus_first(self) -> None:
        self.contacted.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- nobody took the call

    def show_unreached(self, on: bool) -> None:
        self.unreached_box.setVisible(on)
        if on:
            self.why.choose(None)
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
            self.scroll.verticalScrollBar().setValue(0)

    @Slot()
    def _tell_unreached(self) -> None:
        self.not_reached.emit(self.why.value)

    def _say_attempts(self, script: CallbackScript) -> None:
        tried, most = script.attempts, script.tries
        self.tries_left = max(0, most - tried)
        words = self.tr("已拨 {0} 次未通，共 {1} 次").format(tried, most) if tried else ""
        self.attempts.say(words, Tone.WARN)
        if tried >= most:
            note = self.tr("已满 {0} 次未接通，不填答案直接按 F8 即按未接通结案").format(most)
        else:
            note = self.tr("满 {0} 次未接通可按规定结案，还差 {1} 次").format(most, most - tried)
        self.why_note.setText(note)
        self.fields["contacted"].say(note if tried >= most else "", "warn")

    # --- moving on

    @Slot()
    def _go_on(self) -> None:
        """A number key answers and goes to the next question in sight, at the end to the comment."""
        order = [*self._answers, self.comment]
        sender = self.sender()
        at = next((at for at, answer in enumerate(order) if answer is sender), len(order) - 1)
        following = [widget for widget in order[at + 1 :] if not self._is_hidden(widget)]
        if following:
            following[0].setFocus(Qt.FocusReason.TabFocusReason)
            self.scroll.ensureWidgetVisible(following[0], 0, 24)

    def _is_hidden(self, widget: QWidget) -> bool:
        return widget is self.reason and self.fields["dissatisfied_reason"].isHidden()

    @Slot()
    def _ask_reason(self) -> None:
        self.fields["dissatisfied_reason"].setVisible(self.satisfaction.value in _CROSS)

    @Slot()
    def _changed(self) -> None:
        self.fields.clear_errors()

    @Slot(int)
    def _say_count(self, characters: int) -> None:
        words = self.tr("发回重办时必填")
        count = f"　{characters} / {COMMENT_MOST}" if characters else ""
        self.fields["comment"].say(words + count)
