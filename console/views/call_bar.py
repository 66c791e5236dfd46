"""The bar that is always there: the call, the find box, the agent's state, the connection, the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from console.domain.seats import AGENT_STATE_NAMES, AgentState
from console.theme import Tone, icon, mark
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import lasted, local
from console.views.parts.key_cap import ActionButton
from console.views.parts.light_label import LightLabel, Mark, Shape
from console.views.parts.type_ahead import TypeAhead

# Talking and wrapping up follow the call; the operator only chooses the other three.
_CHOSEN_BY_HAND = (AgentState.READY, AgentState.BUSY, AgentState.BREAK)


class PhoneState(StrEnum):
    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of the caller before anyone speaks; `number` comes masked."""

    number: str
    times: int = 1
    area: str = ""
    carrier: str = ""
    since: datetime | None = None
    note: str = ""

    @property
    def origin(self) -> str:
        return " · ".join(part for part in (self.area, self.carrier) if part)


class _Lamp(LightLabel):
    """The connection's light."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__(wash=False)

    def mouseReleaseEvent(self, event) -> None:
        super().mouseReleaseEvent(event)
        self.pressed.emit()


class CallBar(QFrame):
    """`show_ring`, `show_call`, `show_idle`; none of them ever moves the keyboard focus."""

    agent_state_chosen = Signal(object)
    retry_connection = Signal()

    def __init__(
        self,
        answer: QAction | None = None,
        end: QAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        # Before Qt's own constructor: it already sends change events.
        self._facts: CallFacts | None = None
        self._state = PhoneState.IDLE
        self.handset: QLabel | None = None
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(56)
        self._make_parts(answer, end)
        self._lay_out()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self._second.start()
        self.agent_state.activated.connect(self._agent_chose)
        self.show_idle()
        self.show_connection(True)
        self._tick()

    @property
    def phone_state(self) -> PhoneState:
        return self._state

    @property
    def facts(self) -> CallFacts | None:
        return self._facts

    def show_ring(self, facts: CallFacts) -> None:
        """A call is ringing: the banner turns to the accent and shows the key; typing goes on undisturbed."""
        self._show(PhoneState.RINGING, facts)
        self.state.say(self.tr("来电"), Tone.ACCENT)
        if self.answer_button is not None:
            self.answer_button.show()

    def show_call(self, facts: CallFacts) -> None:
        """The call is taken; the clock runs from `facts.since`."""
        self._show(PhoneState.TALKING, facts)
        self.show_agent_state(AgentState.TALKING)
        self._tick()

    def show_idle(self, words: str = "") -> None:
        self._show(PhoneState.IDLE, None)
        self.number.setText(words or self.tr("等待来电"))
        mark(self.number, face="title", tone="muted")

    def without_phone(self, words: str) -> None:
        """For those who take no calls: no telephone and no agent state, the name of the workplace instead."""
        self.agent_state.hide()
        self.handset.hide()
        self.number.setText(words)
        mark(self.number, face="title", tone="")

    def show_agent_state(self, state: AgentState) -> None:
        at = self.agent_state.findData(state)
        if at < 0:
            # Shown while it lasts; the list only offers what an operator may choose.
            self.agent_state.insertItem(0, AGENT_STATE_NAMES[state], state)
            at = 0
        self.agent_state.setCurrentIndex(at)
        for other in (AgentState.TALKING, AgentState.WRAP_UP):
            if other is not state and self.agent_state.findData(other) >= 0:
                self.agent_state.removeItem(self.agent_state.findData(other))

    @Slot(bool, str)
    def show_connection(self, connected: bool, words: str = "") -> None:
        """Shape and words, not only a colour. While it is away a click tries at once."""
        good = Mark(Shape.DISC, Tone.OK, words or self.tr("已连接"))
        bad = Mark(Shape.SQUARE, Tone.BAD, words or self.tr("连接中断"))
        self.connection.show_light(good if connected else bad)
        self.connection.setToolTip("" if connected else self.tr("点一下立即重连"))

    def show_training(self, on: bool) -> None:
        self.stamp.setVisible(on)

    @Slot()
    def focus_find(self) -> None:
        """F3."""
        self.find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find.selectAll()

    def _show(self, state: PhoneState, facts: CallFacts | None) -> None:
        self._state, self._facts = state, facts
        tone = {PhoneState.IDLE: "", PhoneState.RINGING: "accent", PhoneState.TALKING: ""}[state]
        mark(self.banner, tone=tone, ringing=state is PhoneState.RINGING)
        self._draw_handset()
        self._show_facts(facts)
        for button, when in (
            (self.answer_button, PhoneState.RINGING),
            (self.end_button, PhoneState.TALKING),
        ):
            if button is not None:
                button.setVisible(state is when)

    def _show_facts(self, facts: CallFacts | None) -> None:
        self.state.say("")
        self.times.say(
            self.tr("第 {0} 次来电").format(facts.times) if facts and facts.times > 1 else "",
            Tone.WARN,
        )
        self.origin.setText(facts.origin if facts else "")
        self.origin.setVisible(bool(facts) and self.width() >= 1060)
        self.note.say(facts.note if facts else "", Tone.VIOLET)
        if facts is not None:
            self.number.setText(facts.number)
            mark(self.number, face="big", tone="")
            self.banner.setAccessibleName(f"{facts.number} {facts.origin} {self.times.text()}")

    def _make_parts(self, answer: QAction | None, end: QAction | None) -> None:
        self.banner = QFrame()
        self.banner.setProperty("kind", "strip")
        self.handset, self.number = QLabel(), label("", "big")
        self.state, self.times, self.note = Chip(), Chip(), Chip()
        self.origin = label("", "muted")
        self.answer_button = ActionButton(answer, "primary", self.tr("接听")) if answer else None
        self.end_button = ActionButton(end, "", self.tr("结束")) if end else None
        for button in (self.answer_button, self.end_button):
            if button is not None:
                # A ring never takes the keyboard: not even Tab may land here by accident.
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.find = TypeAhead(self.tr("查找工单、号码、居民、地址、单位　F3"), name=self.tr("查找"))
        self.find.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.find.setMinimumWidth(160)
        self.find.setMaximumWidth(380)
        self.agent_state = QComboBox()
        self.agent_state.setAccessibleName(self.tr("坐席状态"))
        self.agent_state.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.agent_state.setFixedWidth(104)
        for state in _CHOSEN_BY_HAND:
            self.agent_state.addItem(AGENT_STATE_NAMES[state], state)
        self.stamp = label(self.tr("演练"), "stamp")
        self.stamp.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.stamp.hide()
        self.connection, self.clock = _Lamp(), label("")
        self.connection.pressed.connect(self._connection_pressed)

    def _lay_out(self) -> None:
        caller = QHBoxLayout(self.banner)
        caller.setContentsMargins(10, 0, 6, 0)
        caller.setSpacing(10)
        parts = (
            self.handset,
            self.number,
            self.state,
            self.times,
            self.note,
            self.origin,
            self.answer_button,
            self.end_button,
        )
        for part in parts:
            if part is not None:
                caller.addWidget(part)
        self.banner.setFixedHeight(42)
        line = QHBoxLayout(self)
        line.setContentsMargins(6, 0, 16, 0)
        line.setSpacing(12)
        line.addWidget(self.banner)
        line.addWidget(self.stamp)
        line.addStretch(1)
        line.addWidget(self.find, 3)
        for part in (self.agent_state, self.connection, self.clock):
            line.addWidget(part)

    @Slot()
    def _tick(self) -> None:
        now = datetime.now(UTC)
        self.clock.setText(f"{local(now):%H:%M}")
        self.clock.setToolTip(f"{local(now):%Y-%m-%d %H:%M:%S}")
        if self._state is PhoneState.TALKING and self._facts is not None:
            since = self._facts.since or now
            self.state.say(
                self.tr("通话 {0}").format(lasted(int((now - since).total_seconds()))), Tone.OK
            )

    @Slot()
    def _connection_pressed(self) -> None:
        if self.connection.mark.tone is Tone.BAD:
            self.retry_connection.emit()

    @Slot(int)
    def _agent_chose(self, at: int) -> None:
        self.agent_state_chosen.emit(AgentState(self.agent_state.itemData(at)))

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange and self.handset is not None:
            self._draw_handset()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        # On a narrow window the number, the count and the keys stay; where the caller phones from goes first.
        self.origin.setVisible(self.width() >= 1060 and bool(self.origin.text()))

    def _draw_handset(self) -> None:
        tone = {
            PhoneState.IDLE: Tone.MUTED,
            PhoneState.RINGING: Tone.ACCENT,
            PhoneState.TALKING: Tone.OK,
        }[self._state]
        glyph = "fa6s.phone-volume" if self._state is PhoneState.RINGING else "fa6s.phone"
        self.handset.setPixmap(icon(glyph, tone).pixmap(QSize(18, 18), self.devicePixelRatioF()))
