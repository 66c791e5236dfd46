"""Joins a window and its pages: sentences to the strip, undo back to its page, the phone to the intake desk."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from console.actions import ActionId
from console.auditing import WhoSaw
from console.desks import Desks
from console.domain.errors import UserError
from console.domain.roles import Workplace
from console.jobs import Jobs
from console.knowing import Knowing
from console.routes import Routes
from console.theme import Theme, Tone
from console.views.call_bar import PhoneState
from console.views.intake.page import IntakePage
from console.views.main_window import MainWindow
from console.views.parts.copies import Copies
from console.views.parts.page import Page
from console.views.parts.watermark import Watermarks
from console.views.seat_states import SeatStates

SPEECH = "speech"


class Frame(QObject):
    """Owns nothing but connections. `left` when the operator asks to change places with somebody else,
    `password_wanted` for a new password of his own.
    """

    left = Signal()
    password_wanted = Signal()

    def __init__(self, window: MainWindow, desks: Desks, jobs: Jobs, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._desks, self._jobs, self._theme = window, desks, jobs, theme
        self._undoer: Page | None = None
        self._stepper: Page | None = None
        self.seat_states = SeatStates(
            jobs, desks.seats, window.operator.account_id, window.call_bar, window.status
        )
        self.seat_states.watch()
        for page in self._pages():
            self._join(page)
        window.wanted.connect(self._wanted)
        window.message.undo.connect(self._undo)
        window.message.next_step.connect(self._next_step)
        jobs.busy.connect(window.status.show_busy)
        self.routes = Routes(window, desks, jobs)
        self.routes.said.connect(self._said)
        self.routes.failed.connect(self._failed)
        self.knowing = Knowing(window, desks.knowledge, jobs)
        self.knowing.said.connect(self._said)
        self.knowing.failed.connect(self._failed)
        self.knowing.hush.connect(self._hush)
        for page in self._pages():
            page.open_ticket.connect(self.routes.open_ticket)
        jobs.at_close(SPEECH, desks.speech.close)
        self.watermarks = Watermarks(self)
        self.copies = Copies(self.watermarks, self)
        operator = window.operator
        self.watermarks.begin(
            operator.account_id, operator.agent_no, desks.seat.training or desks.seat.demo
        )
        self.who_saw = WhoSaw(window, desks, jobs, self.copies)
        self.who_saw.said.connect(self._said)
        self.who_saw.failed.connect(self._failed)

    @property
    def intake(self) -> IntakePage | None:
        page = self._window.pages.get(Workplace.INTAKE)
        return page if isinstance(page, IntakePage) else None

    @Slot(str)
    def ring(self, number: str) -> None:
        """A call comes in. Only an intake desk takes calls."""
        if self.intake is not None:
            self.intake.ring(number)

    @Slot()
    def send_waiting(self) -> None:
        """The database is back: what was submitted meanwhile is sent."""
        if self.intake is not None:
            self.intake.outbox.look()

    def keep_typed(self) -> None:
        """Into the journal now, without waiting for its clock: the window is about to go."""
        self.seat_states.leave()
        self.copies.mark()
        self.watermarks.end()
        if self.intake is not None:
            self.intake.journal.keep_now()

    def _pages(self) -> tuple[Page, ...]:
        return tuple(page for page in self._window.pages.values() if isinstance(page, Page))

    def _join(self, page: Page) -> None:
        page.said.connect(self._said)
        page.failed.connect(self._failed)
        page.undo_offered.connect(self._undo_offered)
        page.step_offered.connect(self._step_offered)
        page.speak.connect(self._speak)
        if isinstance(page, IntakePage):
            page.call_shown.connect(self._call_shown)
            page.call_shown.connect(self.seat_states.call_shown)
            page.registered.connect(self.seat_states.filed)
            self.seat_states.take_calls()
            page.keys_counted.connect(self._window.status.show_keys)
            page.noted.connect(self._window.status.show_note)
            page.hush.connect(self._hush)

    @Slot(str, object)
    def _said(self, sentence: str, tone: Tone) -> None:
        self._window.message.say(sentence, tone)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._window.message.say_error(error)
        else:
            self._jobs.unhandled.emit(error)

    @Slot(str, str, object, int)
    def _undo_offered(self, sentence: str, button: str, subject: object, seconds: int) -> None:
        self._undoer = self._sender_page()
        self._window.message.offer_undo(sentence, button, subject, seconds)

    @Slot(object)
    def _undo(self, subject: object) -> None:
        if self._undoer is not None:
            self._undoer.undo(subject)

    @Slot(str, object, str, str)
    def _step_offered(self, sentence: str, tone: Tone, button: str, step: str) -> None:
        self._stepper = self._sender_page()
        self._window.message.say(sentence, tone, button, step)

    @Slot(str)
    def _next_step(self, step: str) -> None:
        if self._stepper is not None:
            self._stepper.take_step(step)

    def _sender_page(self) -> Page | None:
        sender = self.sender()
        return sender if isinstance(sender, Page) else None

    @Slot(object)
    def _wanted(self, action: ActionId) -> None:
        if action is ActionId.SWITCH_THEME:
            self._theme.toggle()
        elif action is ActionId.SIGN_OUT:
            self.seat_states.leave()
            self.left.emit()
        elif action is ActionId.CHANGE_PASSWORD:
            self.password_wanted.emit()
        elif action in (ActionId.ANSWER, ActionId.END_CALL) and self.intake is not None:
            self._phone_key(self.intake, action)

    def _phone_key(self, intake: IntakePage, action: ActionId) -> None:
        idle = self._window.call_bar.phone_state is PhoneState.IDLE
        if action is ActionId.ANSWER:
            self._window.show_place(Workplace.INTAKE)
            if idle and self._desks.seat.demo and intake.open_form().blank:
                # In the demo nobody calls by himself: the first F2 makes somebody call, the second answers.
                self._jobs.read(self, self._desks.reception.demo_caller, intake.ring, self._failed)
                return
        intake.act(action)

    @Slot(object, object)
    def _call_shown(self, state: PhoneState, facts: object) -> None:
        if state is PhoneState.TALKING:
            # A sentence about the call before is not to be read to this caller.
            self._window.message.let_go()
        bar = self._window.call_bar
        show: Mapping[PhoneState, object] = {
            PhoneState.RINGING: bar.show_ring,
            PhoneState.TALKING: bar.show_call,
        }
        if state in show and facts is not None:
            show[state](facts)  # type: ignore[operator]
        else:
            bar.show_idle()

    @Slot(str)
    def _speak(self, words: str) -> None:
        work = partial(self._desks.speech.say, words)
        self._jobs.on_lane(SPEECH, self, work, self._spoken, self._not_spoken)

    def _spoken(self, _nothing: None) -> None:
        for page in self._pages():
            page.fell_silent()

    def _not_spoken(self, error: Exception) -> None:
        self._spoken(None)
        self._failed(error)

    @Slot()
    def _hush(self) -> None:
        self._desks.speech.stop()
