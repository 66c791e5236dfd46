"""The top of a case: number, title, what kind of matter, its light, its steps, who else looks at it."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from console.domain.corrections import GATHERED
from console.domain.loops import step_marks
from console.domain.orders import OpenedCase
from console.domain.records import CaseFile
from console.domain.states import (
    NATURE_NAMES,
    STATE_NAMES,
    URGENCY_NAMES,
    Light,
    TicketState,
    Urgency,
)
from console.theme import Tone, icon
from console.views.cases.light_key import LightKey
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import grouped_number, short_time
from console.views.parts.flow import Flow
from console.views.parts.light_label import LightLabel, supervision_mark
from console.views.parts.step_bar import StepBar

_STATE_TONES = {
    TicketState.PENDING_SIGN: Tone.WARN, TicketState.PENDING_DISPATCH: Tone.WARN, TicketState.PENDING_ACCEPT: Tone.WARN,
    TicketState.RETURN_REVIEW: Tone.WARN, TicketState.REDO: Tone.BAD, TicketState.CLOSED: Tone.OK,
    TicketState.ARCHIVED: Tone.OK, TicketState.ANSWERED: Tone.OK,
}  # fmt: skip
_URGENT = {Urgency.URGENT: Tone.WARN, Urgency.CRITICAL: Tone.BAD}


class CaseHead(QWidget):
    """`explain_wanted` when the light is pressed."""

    explain_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = ""
        self.number = label("", "muted")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = QToolButton(icon=icon("fa6s.copy"))
        self.copy.setAccessibleName(self.tr("复制工单编号"))
        self.copy.setToolTip(self.tr("复制工单编号"))
        self.trace = label("", "muted")
        self.trace.setToolTip(self.tr("追溯码：谁在哪一分钟看的。截图外流时可据此查到"))
        self.presence = Chip("", Tone.VIOLET)
        self.title = label("", "title", wrap=True)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.light, self.supervision = LightKey(), LightLabel()
        self.nature, self.state, self.urgency = Chip(), Chip(), Chip()
        self.secret, self.repeat, self.tags = Chip(), Chip(), Chip()
        self.people = Chip()
        self.steps = StepBar()
        self._copied = QTimer(self, singleShot=True, interval=1500)
        self._copied.timeout.connect(self._show_number)
        self.copy.clicked.connect(self._copy)
        self.light.pressed.connect(self.explain_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        for widget in (self.number, self.copy):
            top.addWidget(widget)
        top.addStretch(1)
        for widget in (self.presence, self.trace):
            top.addWidget(widget)
        chips = Flow(
            self.nature,
            self.state,
            self.light,
            self.supervision,
            self.urgency,
            self.secret,
            self.repeat,
            self.people,
            self.tags,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.title)
        column.addWidget(chips)
        column.addWidget(self.steps)

    def show_opened(self, opened: OpenedCase) -> None:
        self.trace.setText(opened.trace)
        self.show_watchers(opened.watchers)
        self._show_case(opened.case)
        self._show_people(opened)

    def _show_people(self, opened: OpenedCase) -> None:
        """How many people a matter speaks for: each of them is called back."""
        people = opened.appellants
        gathered = GATHERED in opened.case.tags
        words = self.tr("集中反映 {0} 人") if gathered else self.tr("共 {0} 人反映")
        self.people.say(words.format(people) if people > 1 else "", Tone.WARN)
        others = [tag for tag in opened.case.tags if tag != GATHERED or people < 2]
        self.tags.say("、".join(others), Tone.MUTED)

    def _show_case(self, case: CaseFile) -> None:
        row = case.row
        self._number = row.number
        self._show_number()
        self.title.setText(row.title)
        self.nature.say(NATURE_NAMES[row.nature], Tone.ACCENT)
        self.state.say(STATE_NAMES[row.state], _STATE_TONES.get(row.state, Tone.NEUTRAL))
        self.light.show_light(None if row.light.light is Light.NONE else row.light)
        self.supervision.show_light(supervision_mark(row.supervision))
        self.urgency.say(
            URGENCY_NAMES[row.urgency] if row.urgency in _URGENT else "", _URGENT.get(row.urgency)
        )
        self.secret.say(self.tr("保密") if row.confidential else "", Tone.VIOLET)
        self.repeat.say(self.tr("重复诉求") if row.repeat else "", Tone.WARN)
        tone = Tone.BAD if row.light.light is Light.RED else Tone.ACCENT
        marks = [
            (mark.actor.split(" ")[0], short_time(mark.at)) if mark else ("", "")
            for mark in step_marks(case.steps, case.events)
        ]
        self.steps.show_steps(case.steps, case.step_at, tone, marks)

    def show_watchers(self, words: tuple[str, ...]) -> None:
        """A notice, never a lock."""
        first = words[0] if words else ""
        if len(words) > 1:
            first = self.tr("{0}，另有{1}人").format(first, len(words) - 1)
        self.presence.say(first)
        self.presence.setToolTip("\n".join(words))

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self._number)
        self.number.setText(self.tr("编号已复制"))
        self._copied.start()

    @Slot()
    def _show_number(self) -> None:
        self.number.setText(grouped_number(self._number))
