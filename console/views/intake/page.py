"""受理台: caller left, record in the middle, what the program knows right, and every way out at the foot."""

import itertools
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Topic
from console.domain.intake import CallerCard, Draft, IntakeForm
from console.jobs import Jobs
from console.theme import Tone, mark
from console.views.intake.action_bar import ActionBar, FoundStrip
from console.views.intake.assist_column import AssistColumn
from console.views.intake.caller_column import CallerColumn
from console.views.intake.calls import Calls
from console.views.intake.filing import Filing
from console.views.intake.journal import Journal, Outbox
from console.views.intake.lookups import Lookups
from console.views.intake.matter import Matter
from console.views.intake.outcome import Outcome
from console.views.intake.record_fields import DeadlineLine
from console.views.intake.record_form import RecordForm
from console.views.intake.services import DraftBook, IntakeDesk
from console.views.intake.side_column import GUTTER
from console.views.intake.task_desk import TaskDesk
from console.views.parts.card import Card, scrolled
from console.views.parts.ime import ime_guard
from console.views.parts.key_counter import KeyCounter
from console.views.parts.page import Page

LEFT, RIGHT, WIDE_LEFT, WIDE_RIGHT, WIDE_FROM = 280, 320, 320, 380, 1560
TALL_FROM = 760


class IntakePage(Page):
    """The desk of an agent. `ring(phone)` or `ringing(card)` brings a call; `act(ANSWER)` and `act(END_CALL)` take the
    window's own keys.

    `call_shown(PhoneState, CallFacts | None)` is for the call bar, `registered(Registered)` for whoever follows
    what was taken in, `keys_counted(keys, clicks)` for trainers, `noted(words)` for the quiet place in the foot,
    `hush()` at the first key after something was read aloud, `knowledge_wanted(entry id or 0, words)` for the whole
    knowledge base.
    """

    call_shown = Signal(object, object)
    registered = Signal(object)
    keys_counted = Signal(int, int)
    noted = Signal(str)
    hush = Signal()
    knowledge_wanted = Signal(int, str)

    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.TICKETS, Topic.CALLS, Topic.PEOPLE})

    def __init__(
        self, jobs: Jobs, desk: IntakeDesk, drafts: DraftBook, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, parent)
        self.desk, self._speaking = desk, False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.record, self.deadline, self.found = RecordForm(), DeadlineLine(), FoundStrip()
        self.callers, self.assist = CallerColumn(jobs, desk), AssistColumn(jobs, desk)
        self.calls = Calls(jobs, desk, self)
        self.journal = Journal(jobs, drafts, self.record)
        self.outbox = Outbox(jobs, drafts, desk, self.record)
        self.lookups = Lookups(jobs, desk, self.record)
        self.filing = Filing(jobs, desk, self.record, self.journal, self.outbox)
        self.tasks = TaskDesk(jobs, desk, self.record, self.assist, self.filing)
        self.matter = Matter(self)
        self.outcome = Outcome(self)
        app = QApplication.instance()
        self.counter = KeyCounter(app) if isinstance(app, QApplication) else None
        self.last_count = (0, 0, 0)
        self._make_actions()
        self._lay_out()
        self._connect()
        self.matter.begin()
        self.journal.look()
        self.outbox.look()
        jobs.read(self, desk.snippets, self._snippets_came, self.say_trouble)

    def home(self) -> QWidget:
        return self.record.name

    def holds_back(self) -> bool:
        """The desk reloads nothing by itself: what is shown belongs to the call under way."""
        return True

    # The call

    @Slot(str)
    def ring(self, phone: str) -> None:
        """A number is calling; it is written down and shown, and takes nothing from whoever is typing."""
        self.calls.ring(phone)

    @Slot(object)
    def ringing(self, card: CallerCard) -> None:
        self.calls.show_ring(card)

    @Slot()
    def answer(self) -> None:
        """F2: take the call, or begin a record without one. A composition under way is finished first."""
        ime_guard().run_when_idle(self, self._answer)

    def _answer(self) -> None:
        card = self.calls.answer()
        if card is not None:
            self.matter.take_call(card)
        else:
            self.matter.focus_first()

    @Slot()
    def end_call(self) -> None:
        """F12: the call is over, the record stays to be finished."""
        if self.calls.end() is not None:
            self.matter.call_over()

    @Slot(object)
    def act(self, action_id: ActionId) -> None:
        window_keys = {ActionId.ANSWER: self.answer, ActionId.END_CALL: self.end_call}
        do = window_keys.get(action_id)
        if do is not None:
            do()
        else:
            super().act(action_id)

    # Ways out

    @Slot()
    def submit_and_dispatch(self) -> None:
        ime_guard().run_when_idle(self, self._dispatch)

    @Slot()
    def submit_only(self) -> None:
        ime_guard().run_when_idle(self, self._submit)

    def _dispatch(self) -> None:
        self.filing.submit(dispatch=True)

    def _submit(self) -> None:
        self.filing.submit(dispatch=False)

    @Slot()
    def save_draft(self) -> None:
        """Ctrl+S: kept on the server as 暂存, for a colleague to take up too."""
        self.filing.file(self.desk.save_draft, "saved")

    @Slot(object)
    def join(self, duplicate: object) -> None:
        self.filing.file(self.desk.join, "joined", duplicate.ticket_id)

    @Slot(object)
    def undo(self, subject: object) -> None:
        self.outcome.undo(subject)

    @Slot(str)
    def take_step(self, step: str) -> None:
        self.outcome.take_step(step)

    @Slot()
    def new_record(self) -> None:
        """Ctrl+N: what is half typed is kept, and a fresh form opens for the same call."""
        self.matter.park()
        self.matter.begin(self.calls.talking)
        self.matter.focus_first()

    @Slot(str)
    def _entered(self, _text: str) -> None:
        """Enter on the untouched desk takes up what was found."""
        if self.found.isVisible() and self.record.form().blank and self.calls.talking is None:
            self.found.restore()

    @Slot(object)
    def restore(self, draft: Draft) -> None:
        self.matter.park()
        self.matter.bring_back(draft.form)

    # Reading aloud

    @Slot()
    def read_back(self) -> None:
        """Ctrl+T: what was recorded, for the caller to confirm; a knowledge answer when that has the focus."""
        if self.assist.answers.has_focus:
            self.assist.answers.read_current()
        else:
            form = self.record.form()
            self.jobs.read(
                self,
                partial(self.desk.read_back, form),
                self.read_aloud,
                self.say_trouble,
                key="read back",
            )

    @Slot(str)
    def read_aloud(self, words: str) -> None:
        self._speaking = True
        self.speak.emit(words)

    @Slot(int, int)
    def _key_pressed(self, keys: int, clicks: int) -> None:
        self.keys_counted.emit(keys, clicks)
        if self._speaking:
            self._speaking = False
            self.hush.emit()

    def begin_count(self) -> None:
        """A record begins; `last_count` keeps what the last one cost: keys, clicks, keys that are no words."""
        if self.counter is not None:
            self.last_count = (self.counter.keys, self.counter.clicks, self.counter.shortcuts)
            self.counter.reset()

    # Panels by key

    @Slot()
    def find_answer(self) -> None:
        """F6: into the answers; once more, the whole knowledge base with what is looked for there."""
        answers = self.assist.answers
        if answers.has_focus:
            card = answers.current
            self.knowledge_wanted.emit(card.id if card else 0, answers.box.text())
        else:
            answers.focus_box()

    @Slot()
    def focus_duplicates(self) -> None:
        if not self.assist.duplicates.focus_list():
            self.said.emit(self.tr("没有相似的工单。"), Tone.ACCENT)

    @Slot()
    def focus_grid(self) -> None:
        if not self.assist.place.focus_candidates():
            self.said.emit(self.tr("网格没有歧义，不用选。"), Tone.ACCENT)

    @Slot()
    def show_more_fields(self) -> None:
        self.record.show_more(True)
        self.record.respondent.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _open_matter(self, ticket_id: int) -> None:
        self.open_ticket.emit(ticket_id)

    @Slot()
    def _find_resident(self) -> None:
        self.callers.finder.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _pick_resident(self) -> None:
        self.callers.pick_resident(self.sender().data())

    @Slot()
    def say_trouble(self, error: Exception) -> None:
        self.outcome.say_trouble(error)

    def open_form(self) -> IntakeForm:
        """The record as it stands, for tests and for the trainer."""
        return self.record.form()

    # Made once

    def _make_actions(self) -> None:
        tasks, did = self.tasks, ActionId
        slots = {
            did.SUBMIT: self.submit_and_dispatch,
            did.SUBMIT_ONLY: self.submit_only,
            did.SAVE_DRAFT: self.save_draft,
            did.DIRECT_ANSWER: tasks.answer,
            did.TRANSFER_110: tasks.emergency,
            did.REJECT: tasks.reject,
            did.HARASSMENT: tasks.harassment,
            did.REVEAL: tasks.reveal,
            did.PROMISE: tasks.promise,
            did.TAG: tasks.tag,
            did.EXPLAIN: tasks.explain,
            did.NEW: self.new_record,
            did.READ_ALOUD: self.read_back,
            did.KNOWLEDGE: self.find_answer,
            did.DUPLICATES: self.focus_duplicates,
            did.GRID_OWNER: self.focus_grid,
            did.PAST_MATTERS: self.callers.focus_matters,
            did.RESIDENTS: self._find_resident,
            did.RESTORE: self.found.restore,
            did.MORE_FIELDS: self.show_more_fields,
        }
        self.made: dict[ActionId, QAction] = {
            key: add_action(self, key, slot) for key, slot in slots.items()
        }
        for at in range(9):
            pick = QAction(self)
            pick.setShortcut(QKeySequence(f"Alt+{at + 1}"))
            pick.setData(at)
            pick.triggered.connect(self._pick_resident)
            self.addAction(pick)

    def _lay_out(self) -> None:
        made, did = self.made, ActionId
        left = (
            (made[did.DIRECT_ANSWER], "", ""),
            (made[did.SAVE_DRAFT], "", ""),
            (made[did.DUPLICATES], "", self.tr("并入同一事项")),
            (made[did.TRANSFER_110], "danger", ""),
        )
        menu = [
            made[key]
            for key in (
                did.REJECT,
                did.HARASSMENT,
                did.PROMISE,
                did.TAG,
                did.READ_ALOUD,
                did.MORE_FIELDS,
                did.NEW,
            )
        ]
        right = ((made[did.SUBMIT_ONLY], "", ""), (made[did.SUBMIT], "primary", ""))
        self.bar = ActionBar(left, menu, right)
        middle = Card(padding=14, spacing=10)
        middle.add(self.found)
        middle.body.addWidget(scrolled(self.record), 1)
        middle.add(self.deadline)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        for part, stretch in ((self.callers, 0), (middle, 1), (self.assist, 0)):
            columns.addWidget(part, stretch)
        columns.insertSpacing(2, GUTTER)
        self.callers.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.assist.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        foot = QHBoxLayout()
        foot.addWidget(self.bar)
        foot.setContentsMargins(0, 0, GUTTER, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 12, 0, 10)
        outer.setSpacing(10)
        outer.addLayout(columns, 1)
        outer.addLayout(foot)
        mark(self, kind="page")
        self._order()
        self._spread()

    def _order(self) -> None:
        """Tab begins in the record and only then goes round the lists beside it."""
        finder, answers = self.callers.finder, self.assist.answers
        stops = (
            self.record.opinion,
            self.callers.caller.channel,
            self.callers.at_number.list,
            self.callers.before.list,
            finder.box,
            finder.list,
            self.assist.place.candidates,
            self.assist.duplicates.list,
            self.assist.suggestion.others,
            answers.box,
            answers.list,
        )
        for one, following in itertools.pairwise(stops):
            QWidget.setTabOrder(one, following)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self.window().focusWidget() is None or not self.isAncestorOf(
            self.window().focusWidget()
        ):
            self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        wide = self.width() >= WIDE_FROM
        self.callers.set_width(WIDE_LEFT if wide else LEFT)
        self.assist.set_width(WIDE_RIGHT if wide else RIGHT)
        self.record.show_more(self.height() >= TALL_FROM)

    def _connect(self) -> None:
        self.calls.bar.connect(self.call_shown)
        self.calls.troubled.connect(self.say_trouble)
        self.callers.matter_opened.connect(self._open_matter)
        self.found.restore_wanted.connect(self.restore)
        self.journal.found.connect(self.found.show_drafts)
        self.outbox.waiting.connect(self.bar.show_waiting)
        self.assist.duplicates.joined.connect(self.join)
        self.assist.answers.cited.connect(self.tasks.answer_with)
        self.assist.answers.aloud.connect(self.read_aloud)
        self.tasks.said.connect(self.said)
        self.callers.caller.reveal.clicked.connect(self.tasks.reveal)
        self.deadline.why.clicked.connect(self.tasks.explain)
        self.record.name.entered.connect(self._entered)
        if self.counter is not None:
            self.counter.setParent(self)
            self.counter.changed.connect(self._key_pressed)

    def _snippets_came(self, choices) -> None:
        self.record.content.set_snippets({choice.key: choice.text for choice in choices})
