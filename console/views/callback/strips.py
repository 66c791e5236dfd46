"""What opens above the questions: nobody took the call, done again until when, what was promised, what comes after."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.callback import Callee, CallRound, Outlook, clock_words
from console.domain.promises import PromiseLine
from console.domain.states import NOT_REACHED_NAMES, Light
from console.domain.worktime import moment_words
from console.theme import mark
from console.views.callback.answer import Answer
from console.views.parts.card import label
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton
from console.views.parts.line_limit import limit_characters

_TONES = {Light.RED: "bad", Light.YELLOW: "warn"}


class Strip(QFrame):
    """A box on its own ground with a column in it."""

    def __init__(self, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="strip", tone=tone)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 10)
        self.column.setSpacing(6)


class UnreachedStrip(Strip):
    """`told(reason, early)` when a number key named why nobody took the call; `early` is why so soon again."""

    told = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn", parent)
        self.early = QLineEdit()
        limit_characters(self.early, 100)
        self.early.setPlaceholderText(self.tr("例如：来电人约定此时"))
        self.early_field = Field(self.tr("提前拨打的原因"), self.early, "early")
        self.why = Answer(list(NOT_REACHED_NAMES.items()), self.tr("未接通的原因"))
        self.why_field = Field(self.tr("未接通，按数字键记下原因"), self.why, "not_reached")
        self.note = label("", "muted", wrap=True)
        for widget in (self.early_field, self.why_field, self.note):
            self.column.addWidget(widget)
        self.why.answered.connect(self._tell)
        self.early.returnPressed.connect(self._go_on)
        self.hide()

    def open_for(self, callee: Callee | None, now: CallRound | None) -> None:
        """Ask; before the time to ring again also why so soon."""
        early = callee is not None and now is not None and callee.waits(now.now)
        self.early_field.setVisible(early)
        self.early_field.clear_error()
        self.early.clear()
        self.why.choose(None)
        if early and callee is not None and callee.ring_from is not None and now is not None:
            when = clock_words(callee.ring_from, now.now)
            self.early_field.say(self.tr("下次可拨 {0}").format(when), "warn")
        self.show()
        first = self.early if early else self.why
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_tries(self, tries: int, most: int) -> None:
        left = max(0, most - tries)
        words = self.tr("满 {0} 次未接通可按规定结案，还差 {1} 次").format(most, left)
        full = self.tr("已满 {0} 次未接通，不填答案直接按 F8 即按未接通结案").format(most)
        self.note.setText(words if left else full)

    @Slot()
    def _tell(self) -> None:
        self.told.emit(self.why.value, self.early.text().strip())

    @Slot()
    def _go_on(self) -> None:
        self.why.setFocus(Qt.FocusReason.TabFocusReason)


class RedoStrip(Strip):
    """What ordering it done again means, before it is ordered; `put_away()` on 不发回."""

    put_away = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bad", parent)
        self.words = label("", "strong", wrap=True)
        self.warning = label("", "error", wrap=True)
        self.back = KeyButton(self.tr("不发回"))
        foot = QHBoxLayout()
        foot.addWidget(label(self.tr("在下面写明重办要求，再按一次 Ctrl+B 发回"), "muted"), 1)
        foot.addWidget(self.back)
        for widget in (self.words, self.warning):
            self.column.addWidget(widget)
        self.column.addLayout(foot)
        self.back.clicked.connect(self.put_away)
        self.hide()

    def show_outlook(self, outlook: Outlook | None) -> None:
        self.words.setText(outlook.words if outlook is not None else "")
        self.warning.setText(outlook.warning if outlook is not None else "")
        self.warning.setVisible(bool(self.warning.text()))


class FactsStrip(Strip):
    """Promises made to the citizens, and what will stand against archiving; hidden when there is neither."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("neutral", parent)
        self.promises, self.obstacles = label("", wrap=True), label("", wrap=True, tone="warn")
        for widget in (self.promises, self.obstacles):
            self.column.addWidget(widget)
        self.hide()

    def show_round(self, found: CallRound) -> None:
        self.promises.setText("\n".join(map(self._promise, found.promises)))
        mark(self.promises, tone=_tone_of(found.promises))
        said = self.tr("结案后还不能归档：{0}").format("；".join(found.obstacles))
        self.obstacles.setText(said if found.obstacles else "")
        for part in (self.promises, self.obstacles):
            part.setVisible(bool(part.text()))
        self.setVisible(bool(found.promises or found.obstacles))

    def _promise(self, line: PromiseLine) -> str:
        if not line.open:
            return self.tr("承诺已兑现：{0}").format(line.what)
        words = self.tr("曾承诺 {0} 前：{1}（{2}）")
        return words.format(moment_words(line.due), line.what, line.light.words)


def _tone_of(promises: Sequence[PromiseLine]) -> str:
    lights = [line.light.light for line in promises if line.open]
    return next((_TONES[light] for light in (Light.RED, Light.YELLOW) if light in lights), "")
