"""回访: the queue of citizens, the case in the middle, the call at the right."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from console.actions import ActionId, add_action
from console.domain.callback import Callee, CallRound
from console.domain.changes import Changed
from console.domain.desks import CallbackAnswers, Done
from console.domain.moves import Move
from console.domain.orders import REVEAL_REASONS
from console.domain.records import CaseFile
from console.domain.states import NOT_REACHED_NAMES, NotReached, TicketState
from console.jobs import Jobs
from console.theme import Tone
from console.views.callback.callback_form import CallbackCard
from console.views.callback.reopen import ReopenDialog
from console.views.callback.services import CallbackDesk
from console.views.cases.services import CaseDesk
from console.views.desk_page import DeskPage
from console.views.parts.clock import grouped_number
from console.views.parts.empty_state import EmptyState
from console.views.parts.queue_panel import QueuePanel

NO_ANSWERS = CallbackAnswers()
TO_CHECK = REVEAL_REASONS[1]


@dataclass(slots=True)
class Said:
    """What was typed for each appellant of a work order, and who was at hand."""

    at: int | None = None
    answers: dict[int, CallbackAnswers] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undo:
    """What Ctrl+Z takes back, and what was answered."""

    ticket_id: int
    callee_id: int
    answers: CallbackAnswers


class CallbackPage(DeskPage):
    """F5 takes the next, number keys answer, F8 goes on to the next appellant and closes with the last.

    Ctrl+B sends it back to be done again, F4 nobody there, Ctrl+Shift+R the number of the one at hand.
    """

    def __init__(
        self,
        jobs: Jobs,
        callbacks: CallbackDesk,
        orders: CaseDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, callbacks, orders, parent)
        self._desk = callbacks
        self._said, self._round = Said(), None
        self._moving_on: int | None = None
        self._make_actions()
        self.case_view.content.lead_with_result()
        self.case_view.offer((Move.REOPEN,))
        self.case_view.act.connect(self._reopen)
        self.form = CallbackCard(self.decide, self.redo, self.unreached, self.number)
        self.form.not_reached.connect(self._not_reached)
        self.form.picked.connect(self._pick)
        self.form.setMinimumWidth(self.form.least_width())
        self._lay_out_work()
        panel = QueuePanel(self.tr("待回访"), (), self.take)
        self.lay_out(panel, EmptyState(glyph="fa6s.phone-volume", key="F5"), self._work)
        self.splitter.setSizes([340, 1000])
        self._work.setStretchFactor(1, 0)
        self.set_ready(False)

    _round: CallRound | None

    def _make_actions(self) -> None:
        self.decide = add_action(self, ActionId.CLOSE_CALLBACK, self._close)
        self.redo = add_action(self, ActionId.REDO, self._redo)
        self.unreached = add_action(self, ActionId.NOT_REACHED, self._ask_why)
        self.number = add_action(self, ActionId.CALL_NUMBER, self._show_number)
        add_action(self, ActionId.READ_ALOUD, self._read_aloud)

    def _lay_out_work(self) -> None:
        self._work = QSplitter(Qt.Orientation.Horizontal)
        self._work.setChildrenCollapsible(False)
        self._work.setHandleWidth(12)
        self._work.addWidget(self.case_view)
        self._work.addWidget(self.form)
        self._work.setStretchFactor(0, 1)

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

    def _taken(self, ticket_id: int | None) -> None:
        rows = self.panel.table.records.rows
        if ticket_id is None and any(row.id != self.ticket_id for row in rows):
            words = self.tr("其余的由同事办理或未到再拨时间；选中按 Enter 可提前拨打，须写明原因")
            self.said.emit(words, Tone.ACCENT)
            return
        super()._taken(ticket_id)

    # --- one work order

    def show_form(self, case: CaseFile, draft: Any) -> None:
        self._said = draft if isinstance(draft, Said) else Said()
        self._round, self._moving_on = None, None
        self.form.start(NO_ANSWERS)
        self.jobs.read(
            self,
            partial(self._desk.script, case),
            self.form.show_script,
            self.failed.emit,
            key="script",
        )
        read = self._desk.snippets
        self.jobs.read(self, read, self.form.set_snippets, self.failed.emit, key="snippets")

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        super()._loaded(case)
        if case.row.id == self.ticket_id:
            read = partial(self._desk.round, case.row.id)
            self.jobs.read(self, read, self._round_read, self.failed.emit, key="round")

    def _round_read(self, found: CallRound) -> None:
        """The first time: begin with whoever is to be called. Later: what was typed stays where it is."""
        if found.ticket_id != self.ticket_id:
            return
        first, self._round = self._round is None, found
        moved = self._moving_on is not None and found.version > self._moving_on
        if first or moved or found.callee(self._at) is None:
            self._moving_on = None
            self._begin_with(self._first_of(found, moved))
        else:
            self.form.show_round(found, self._at)
        self.set_ready(not self._sending)

    def _first_of(self, found: CallRound, moved: bool) -> Callee:
        kept = found.callee(self._said.at) if self._said.at is not None and not moved else None
        return kept or found.next or found.callees[0]

    @property
    def _at(self) -> int:
        return self._said.at if self._said.at is not None else -1

    def _begin_with(self, callee: Callee) -> None:
        """Show one appellant with what was typed for or said by them."""
        assert self._round is not None
        if callee.id != self._said.at:
            typed = self.form.draft() if self._said.at is None else None
            self._said.at = callee.id
            said = typed or self._said.answers.get(callee.id) or callee.heard or NO_ANSWERS
            self.form.start(said)
            self.form.mask()
        elif self.form.draft() is None:
            self.form.start(self._said.answers.get(callee.id) or callee.heard or NO_ANSWERS)
        self.form.show_round(self._round, callee.id)

    @Slot(int)
    def _pick(self, callee_id: int) -> None:
        """Another appellant; what was typed for this one stays with them."""
        callee = self._round.callee(callee_id) if self._round is not None else None
        if callee is not None and not self._sending:
            self._keep_said()
            self._begin_with(callee)

    def _keep_said(self) -> None:
        typed, at = self.form.draft(), self._said.at
        if at is None:
            return
        heard = self.form.callee.heard if self.form.callee is not None else None
        if typed is None or typed == heard:
            self._said.answers.pop(at, None)
        else:
            self._said.answers[at] = typed

    def draft(self) -> Said | None:
        self._keep_said()
        return self._said if self._said.answers else None

    def focus_form(self) -> None:
        self.form.focus_first()

    def set_ready(self, on: bool) -> None:
        case, found = self.case, self._round
        known = found is not None and case is not None and found.ticket_id == case.row.id
        here = on and known and case is not None and case.row.state is TicketState.PENDING_CALLBACK
        for action in (self.decide, self.redo, self.unreached, self.number):
            action.setEnabled(here)

    def show_refusal(self, error: Exception) -> None:
        rest = self.form.show_errors(error)
        if rest is not None:
            self.form.point_out_missing()
            self.failed.emit(rest)

    # --- the number, the words

    @Slot()
    def _show_number(self) -> None:
        if self.case is not None and self.form.callee is not None:
            work = partial(self._desk.reveal, self.case.row.id, self.form.callee.id, TO_CHECK)
            done = partial(self._number_read, self.form.callee.id)
            self.jobs.write(self, work, done, self.failed.emit)

    def _number_read(self, callee_id: int, number: str) -> None:
        if self.form.callee is not None and self.form.callee.id == callee_id:
            self.form.number_line.show()
            self.form.show_number(number)

    @Slot()
    def _read_aloud(self) -> None:
        if self.form.opening.text():
            self.speak.emit(self.form.opening.text())

    # --- deciding

    @Slot()
    def _close(self) -> None:
        """The next appellant, or the end of it."""
        callee = self.form.callee
        if self.case is None or self._sending or callee is None:
            return
        row, answers = self.case.row, self.form.answers()
        unchanged = answers in (callee.heard, NO_ANSWERS)
        if not self.form.goes_on:
            said = NO_ANSWERS if answers == callee.heard else answers
            work = partial(self._desk.close, row.id, said, row.version, callee.id)
            self.send(work, partial(self._closed, Undo(row.id, callee.id, said)))
        elif callee.settled and unchanged:
            self._go_to_next()
        else:
            work = partial(self._desk.hear, row.id, callee.id, answers, row.version)
            self.send(work, partial(self._heard, callee, row.version))

    def _go_to_next(self) -> None:
        if self._round is not None and self._round.next is not None:
            self._begin_with(self._round.next)
            self.form.focus_first()

    def _heard(self, callee: Callee, version: int, changed: Changed) -> None:
        self._said.answers.pop(callee.id, None)
        self._go_on_from(version, changed)
        self.said.emit(self.tr("已记下 {0} 的回答，请拨下一位").format(callee.name), Tone.OK)

    def _go_on_from(self, version: int, changed: Changed) -> None:
        """The case as it now is, then whoever is to be called next."""
        self._moving_on = version
        self.form.show_unreached(False)
        self.case_view.open_case(changed.ids[0])
        self.form.focus_first()

    def _closed(self, undo: Undo, done: Done) -> None:
        self.finish(done.ticket_id)
        sentence = f"{done.words}　{grouped_number(done.number)}"
        self.undo_offered.emit(sentence, self.tr("撤销结案"), undo, done.undo_seconds)

    @Slot(object)
    def undo(self, subject: object) -> None:
        if isinstance(subject, Undo):
            work = partial(self._desk.undo_close, subject.ticket_id)
            self.jobs.write(self, work, partial(self._undone, subject), self.failed.emit)

    def _undone(self, subject: Undo, _changed: Changed) -> None:
        said = {} if subject.answers == NO_ANSWERS else {subject.callee_id: subject.answers}
        self._drafts[subject.ticket_id] = Said(subject.callee_id, said)
        self.open_one(subject.ticket_id)
        self._begin_when_shown = True
        self.said.emit(self.tr("已撤销结案，答案还在"), Tone.OK)

    @Slot()
    def _redo(self) -> None:
        """Ctrl+B says what it means, Ctrl+B again does it."""
        if self.case is None or self._sending or self.form.callee is None:
            return
        if not self.form.is_ordering_redo:
            self.form.ask_redo()
            return
        row, answers = self.case.row, self.form.answers()
        work = partial(
            self._desk.redo, row.id, answers, answers.comment, row.version, self.form.callee.id
        )
        self.send(work, self._sent_back)

    def _sent_back(self, changed: Changed) -> None:
        self.finish(changed.ids[0])
        words = self.tr("已发回重办　{0}").format(grouped_number(changed.number))
        self.said.emit("　".join(filter(None, (words, changed.note))), Tone.OK)

    @Slot()
    def _ask_why(self) -> None:
        """F4 shows the reasons, F4 again hides them."""
        self.form.show_unreached(self.form.unreached.isHidden())
        if self.form.unreached.isHidden():
            self.form.focus_first()

    @Slot(object, str)
    def _not_reached(self, why: NotReached, early: str) -> None:
        callee = self.form.callee
        if self.case is None or self._sending or callee is None:
            return
        row = self.case.row
        work = partial(self._desk.not_reached, row.id, why, row.version, callee.id, early)
        self.send(work, partial(self._rung_back, why, callee, row.version))

    def _rung_back(self, why: NotReached, callee: Callee, version: int, changed: Changed) -> None:
        """The case stays open: perhaps another appellant at once, perhaps the next case with F5."""
        more, most = self.form.goes_on, self._round.tries if self._round is not None else 0
        self._go_on_from(version, changed)
        words = self.tr("已记未接通（{0}），可稍后再拨；F5 领取下一件")
        if more:
            words = self.tr("已记未接通（{0}），请拨下一位")
        elif callee.tries + 1 >= most:
            words = self.tr("已记未接通（{0}），次数已满：F8 按未接通结案，F5 领取下一件")
        self.said.emit(words.format(NOT_REACHED_NAMES[why]), Tone.OK)

    # --- closed already

    @Slot(object, object)
    def _reopen(self, move: Move, case: CaseFile) -> None:
        if move is Move.REOPEN:
            dialog = ReopenDialog(self.jobs, self._desk, case, self.window())
            dialog.decided.connect(self.said)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
