"""What to say and what was answered, in the order of the call; one number key a question."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.callback import Callee, CallRound, is_cross
from console.domain.desks import CallbackAnswers, CallbackScript
from console.domain.errors import UserError
from console.domain.states import RESOLUTION_NAMES, SATISFACTION_NAMES, Satisfaction
from console.theme import Tone
from console.views.callback.answer import Answer
from console.views.callback.people_list import PeopleList
from console.views.callback.strips import FactsStrip, RedoStrip, Strip, UnreachedStrip
from console.views.parts.card import Card, column, label, row, scrolled
from console.views.parts.chip import Chip
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit

COMMENT_MOST = 1000
PADDING, SCROLL_BAR = 12, 12
SHOWN_MS = 60_000
_CROSS = frozenset({Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED})
# Question code of the pack → field of the answers.
_QUESTIONS = {
    "contacted": "contacted", "resolved": "resolution",
    "unit_satisfaction": "satisfaction", "hotline_satisfaction": "hotline_satisfaction",
}  # fmt: skip


class CallbackCard(Card):
    """`start(answers)`, `show_script(script)`, `show_round(round, callee id)`; `answers()` is what was said.

    F4 opens the line of reasons for a call nobody took: `not_reached(reason, early)` when one is chosen. Ctrl+B opens
    what a redo means first. `picked(callee id)` when the operator moves to another appellant.
    """

    not_reached = Signal(object, str)
    picked = Signal(int)

    def __init__(
        self,
        close: QAction,
        redo: QAction,
        unreached: QAction,
        number: QAction,
        parent: QWidget | None = None,
    ) -> None:
        self.attempts = Chip("", Tone.MUTED)
        super().__init__(self.tr("回访记录"), self.attempts, parent=parent)
        self.callee: Callee | None = None
        self._round: CallRound | None = None
        self._wanted = CallbackAnswers()
        self._make_people(number)
        self._make_script()
        self._make_questions()
        self.unreached, self.redo_strip, self.facts = UnreachedStrip(), RedoStrip(), FactsStrip()
        self.why = self.unreached.why
        self.buttons = (
            ActionButton(unreached),
            ActionButton(redo, "danger"),
            ActionButton(close, "primary"),
        )
        self._lay_out()
        self._connect()

    def _make_people(self, number: QAction) -> None:
        self.people = PeopleList()
        self.full_number = label("", "strong")
        self.full_number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number_button = ActionButton(number, "quiet", self.tr("显示号码"))
        self.number_line = row(self.full_number, self.number_button)
        self.head.addWidget(self.number_line)
        self.full_number.hide()
        self._mask_again = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._mask_again.timeout.connect(self.mask)

    def _make_script(self) -> None:
        self.opening = label("", wrap=True)
        self.opening.setAccessibleName(self.tr("开场白"))
        self.earlier = label("", "muted", wrap=True)

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

    def _lay_out(self) -> None:
        said = Strip("accent")
        said.column.addWidget(self.opening)
        names = ("contacted", "resolution", "satisfaction", "dissatisfied_reason")
        questions = [self.fields[name] for name in (*names, "hotline_satisfaction")]
        above = (self.unreached, self.redo_strip, self.facts, said, self.earlier)
        inner = column(*above, *questions, None, spacing=10)
        self.scroll = scrolled(inner)
        self.body.addWidget(self.people)
        self.body.addWidget(self.scroll, 1)
        self.body.addWidget(self.fields["comment"])
        self.body.addLayout(self._foot())
        self._show_people(False)

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
        self.unreached.told.connect(self.not_reached)
        self.redo_strip.put_away.connect(self.put_redo_away)
        self.people.picked.connect(self.picked)

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
        self.redo_strip.hide()
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

    def show_round(self, found: CallRound, callee_id: int) -> None:
        """Everyone to be called, with this one at hand."""
        self._round = found
        self.callee = found.callee(callee_id) or found.callees[0]
        many = len(found.callees) > 1
        self._show_people(many)
        if many:
            self.people.show_people(found.callees, found.now, self.callee.id)
        self.facts.show_round(found)
        self.redo_strip.show_outlook(found.outlook)
        self.earlier.setText("\n".join(map(self.tr("上次回访：{0}").format, self.callee.earlier)))
        self.earlier.setVisible(bool(self.callee.earlier))
        self._say_attempts(self.callee, found)
        self._say_next()

    def _show_people(self, on: bool) -> None:
        self.people.setVisible(on)
        self.number_line.setVisible(on)

    def _say_next(self) -> None:
        """F8 goes on to the next appellant, and closes with the last."""
        found, callee = self._round, self.callee
        if found is None or callee is None:
            return
        more = found.others_open(callee.id)
        words = self.tr("记下，还有 {0} 位").format(more) if more else self.tr("回访结案")
        self.buttons[2].set_own_words(words)

    @property
    def goes_on(self) -> bool:
        """Whether somebody else is still to be called."""
        return bool(
            self._round is not None
            and self.callee is not None
            and self._round.others_open(self.callee.id)
        )

    def show_number(self, number: str) -> None:
        """In full for a minute; asked for with a reason and logged."""
        name = self.callee.name if self.callee is not None else ""
        self.full_number.setText(f"{name}　{number}")
        self.full_number.setToolTip(self.tr("已记录查看，一分钟后隐藏"))
        self._show_full(True)
        self._mask_again.start()

    def _show_full(self, on: bool) -> None:
        self.full_number.setVisible(on)
        self.number_button.setVisible(not on)

    @Slot()
    def mask(self) -> None:
        self._mask_again.stop()
        self.full_number.clear()
        self._show_full(False)

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
        if getattr(error, "field", "") == "early" and isinstance(error, UserError):
            self.unreached.early_field.show()
            self.unreached.early_field.show_error(error)
            self.unreached.early.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
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
        if not on:
            self.unreached.hide()
            return
        self.redo_strip.hide()
        self.unreached.open_for(self.callee, self._round)
        self.scroll.verticalScrollBar().setValue(0)

    def _say_attempts(self, callee: Callee, found: CallRound) -> None:
        tried, most = callee.tries, found.tries
        words = self.tr("已拨 {0} 次未通，共 {1} 次").format(tried, most) if tried else ""
        self.attempts.say(words, Tone.WARN)
        self.unreached.say_tries(tried, most)
        said = self.tr("已满 {0} 次未接通，不填答案直接按 F8 即按未接通结案").format(most)
        if callee.excused:
            said = self.tr("{0}，不用回访").format(callee.excused)
        standing = callee.excused or tried >= most
        self.fields["contacted"].say(said if standing else "", "warn")

    # --- done again

    @property
    def is_ordering_redo(self) -> bool:
        return not self.redo_strip.isHidden()

    def ask_redo(self) -> None:
        """What it means is read first; the demand is written below."""
        self.show_unreached(False)
        self.redo_strip.show()
        self.scroll.verticalScrollBar().setValue(0)
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def put_redo_away(self) -> None:
        self.redo_strip.hide()
        self.focus_first()

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
        cross = is_cross(self.answers())
        words = self.tr("发回重办、仍要结案时必填") if cross else self.tr("发回重办时必填")
        count = f"　{characters} / {COMMENT_MOST}" if characters else ""
        self.fields["comment"].say(words + count)
