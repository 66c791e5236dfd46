"""回访: the queue of citizens, the case in the middle, the call at the right."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed
from console.domain.desks import CallbackAnswers, Done
from console.domain.records import CaseFile
from console.domain.states import NOT_REACHED_NAMES, NotReached, TicketState
from console.jobs import Jobs
from console.theme import Tone
from console.views.callback.callback_form import CallbackCard
from console.views.callback.services import CallbackDesk
from console.views.cases.services import CaseDesk
from console.views.desk_page import DeskPage
from console.views.parts.clock import grouped_number
from console.views.parts.empty_state import EmptyState
from console.views.parts.queue_panel import QueuePanel


@dataclass(frozen=True, slots=True)
class Undo:
    """What Ctrl+Z takes back, and what was answered."""

    ticket_id: int
    answers: CallbackAnswers


class CallbackPage(DeskPage):
    """F5 takes the next, number keys answer, F8 closes, Ctrl+B sends it back to be done again, F4 nobody there."""

    def __init__(
        self,
        jobs: Jobs,
        callbacks: CallbackDesk,
        orders: CaseDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, callbacks, orders, parent)
        self._desk = callbacks
        self.decide = add_action(self, ActionId.CLOSE_CALLBACK, self._close)
        self.redo = add_action(self, ActionId.REDO, self._redo)
        self.unreached = add_action(self, ActionId.NOT_REACHED, self._ask_why)
        self.case_view.content.lead_with_result()
        self.form = CallbackCard(self.decide, self.redo, self.unreached)
        self.form.not_reached.connect(self._not_reached)
        self.form.setMinimumWidth(self.form.least_width())
        self._work = QSplitter(Qt.Orientation.Horizontal)
        self._work.setChildrenCollapsible(False)
        self._work.setHandleWidth(12)
        self._work.addWidget(self.case_view)
        self._work.addWidget(self.form)
        self._work.setStretchFactor(0, 1)
        panel = QueuePanel(self.tr("待回访"), (), self.take)
        self.lay_out(panel, EmptyState(glyph="fa6s.phone-volume", key="F5"), self._work)
        self.splitter.setSizes([340, 1000])
        self._work.setStretchFactor(1, 0)
        self.set_ready(False)

    def read_queue(self) -> Any:
        return self._desk.queue

    def take_work(self, leaving: int | None) -> Any:
        return partial(self._desk.take_next, leaving)

    def say_empty(self, total: int) -> None:
        if total:
            hint = self.tr("领取后按开场白回访；数字键记下回答，F8 结案")
            self.empty.say(self.tr("领取下一件，开始回访"), hint, self.tr("领取下一件"))
        else:
            hint = self.tr("审核通过的工单会自动出现在左侧")
            self.empty.say(self.tr("没有待回访的工单"), hint)

    # --- one citizen

    def show_form(self, case: CaseFile, draft: Any) -> None:
        answers = draft if isinstance(draft, CallbackAnswers) else CallbackAnswers()
        self.form.start(answers)
        self._read_script(case)
        read = self._desk.snippets
        self.jobs.read(self, read, self.form.set_snippets, self.failed.emit, key="snippets")

    def _read_script(self, case: CaseFile) -> None:
        read = partial(self._desk.script, case)
        self.jobs.read(self, read, self.form.show_script, self.failed.emit, key="script")

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        again = self.case is not None and case.row.id == self.ticket_id
        super()._loaded(case)
        if again:
            # A call nobody took was added to the case: count it.
            self._read_script(case)

    def draft(self) -> CallbackAnswers | None:
        return self.form.draft()

    def focus_form(self) -> None:
        self.form.focus_first()

    def set_ready(self, on: bool) -> None:
        case = self.case
        here = on and case is not None and case.row.state is TicketState.PENDING_CALLBACK
        for action in (self.decide, self.redo, self.unreached):
            action.setEnabled(here)

    def show_refusal(self, error: Exception) -> None:
        rest = self.form.show_errors(error)
        if rest is not None:
            self.form.point_out_missing()
            self.failed.emit(rest)

    # --- deciding

    @Slot()
    def _close(self) -> None:
        if self.case is None or self._sending:
            return
        row, answers = self.case.row, self.form.answers()
        work = partial(self._desk.close, row.id, answers, row.version)
        self.send(work, partial(self._closed, answers))

    def _closed(self, answers: CallbackAnswers, done: Done) -> None:
        self.finish(done.ticket_id)
        sentence = f"{done.words}　{grouped_number(done.number)}"
        token = Undo(done.ticket_id, answers)
        self.undo_offered.emit(sentence, self.tr("撤销结案"), token, done.undo_seconds)

    @Slot(object)
    def undo(self, subject: object) -> None:
        if isinstance(subject, Undo):
            work = partial(self._desk.undo_close, subject.ticket_id)
            self.jobs.write(self, work, partial(self._undone, subject), self.failed.emit)

    def _undone(self, subject: Undo, _changed: Changed) -> None:
        self._drafts[subject.ticket_id] = subject.answers
        self.open_one(subject.ticket_id)
        self._begin_when_shown = True
        self.said.emit(self.tr("已撤销结案，答案还在"), Tone.OK)

    @Slot()
    def _redo(self) -> None:
        if self.case is None or self._sending:
            return
        row, answers = self.case.row, self.form.answers()
        work = partial(self._desk.redo, row.id, answers, answers.comment, row.version)
        self.send(work, self._sent_back)

    def _sent_back(self, changed: Changed) -> None:
        self.finish(changed.ids[0])
        self.said.emit(self.tr("已发回重办　{0}").format(grouped_number(changed.number)), Tone.OK)

    @Slot()
    def _ask_why(self) -> None:
        """F4 shows the reasons, F4 again hides them."""
        self.form.show_unreached(self.form.unreached_box.isHidden())
        if self.form.unreached_box.isHidden():
            self.form.focus_first()

    @Slot(object)
    def _not_reached(self, why: NotReached) -> None:
        if self.case is None or self._sending:
            return
        row = self.case.row
        work = partial(self._desk.not_reached, row.id, why, row.version)
        self.send(work, partial(self._rung_back, why))

    def _rung_back(self, why: NotReached, changed: Changed) -> None:
        """The case stays open: perhaps a second try at once, perhaps the next one with F5."""
        self.form.show_unreached(False)
        self.form.focus_first()
        self.case_view.open_case(changed.ids[0])
        words = self.tr("已记未接通（{0}），可稍后再拨；F5 领取下一件")
        if self.form.tries_left <= 1:
            words = self.tr("已记未接通（{0}），次数已满：F8 按未接通结案，F5 领取下一件")
        self.said.emit(words.format(NOT_REACHED_NAMES[why]), Tone.OK)
