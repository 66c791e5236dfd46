"""派单台: what waits to be dispatched, accepted or checked, and doing it where it is read."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed
from console.domain.desks import BulkResult, DispatchHelp, Done, Queue
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.services import CaseDesk
from console.views.desk_page import DeskPage
from console.views.dispatch.dispatch_form import DispatchCard, Values
from console.views.dispatch.piles import PILES, STATES, Pile
from console.views.dispatch.review_form import ReviewCard
from console.views.dispatch.services import DispatchDesk, ReviewDesk
from console.views.parts.clock import grouped_number
from console.views.parts.empty_state import EmptyState
from console.views.parts.outcome_list import OutcomeList
from console.views.parts.queue_panel import QueuePanel

# Below this the step bar and the note make way for the case itself.
LOW, GREEDY = 700, 100_000


@dataclass(frozen=True, slots=True)
class Undo:
    """What Ctrl+Z takes back, and what was in the form."""

    ticket_id: int
    number: str
    values: Values


class DispatchPage(DeskPage):
    """F5 takes the next, F8 does what this pile is for, Ctrl+Tab goes to the next pile; several at once by ticking."""

    def __init__(
        self,
        jobs: Jobs,
        dispatching: DispatchDesk,
        reviewing: ReviewDesk,
        orders: CaseDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, dispatching, orders, parent)
        self._desk, self._reviews, self._helped = dispatching, reviewing, False
        self._make_actions()
        self.form = DispatchCard(jobs, dispatching, self.decide, self.designate)
        self.review = ReviewCard(self.decide, self.verify, self.redo)
        self.many = OutcomeList(self.tr("批量派单"))
        panel = QueuePanel(
            self.tr("派单队列"),
            [(pile, self.tr(words)) for pile, words in PILES.items()],
            self.take,
            checkable=True,
        )
        empty = EmptyState(glyph="fa6s.share-nodes", key="F5")
        self._work = self._make_work()
        self.lay_out(panel, empty, self._work)
        panel.pile_changed.connect(self._pile_changed)
        panel.ticks_changed.connect(self._ticks_changed)
        self.splitter.setSizes([380, 960])
        self._follow_pile()
        self.set_ready(False)

    def _make_actions(self) -> None:
        self.decide = add_action(self, ActionId.DISPATCH, self._decide)
        self.designate = add_action(self, ActionId.DESIGNATE, self._designate)
        self.passes = add_action(self, ActionId.PASS_REVIEW, self._pass)
        self.verify = add_action(self, ActionId.PASS_TO_VERIFY, self._verify)
        self.redo = add_action(self, ActionId.REDO, self._send_back)
        add_action(self, ActionId.NEXT_PILE, self._next_pile)

    def _make_work(self) -> QWidget:
        """The case above, the form below; the line between them can be moved."""
        work = QWidget()
        self._parting = QSplitter(Qt.Orientation.Vertical)
        self._parting.setChildrenCollapsible(False)
        self._parting.setHandleWidth(12)
        for widget in (self.case_view, self.many, self.form, self.review):
            self._parting.addWidget(widget)
        self._parting.setStretchFactor(0, 1)
        self._parting.setStretchFactor(1, 1)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._parting)
        return work

    @property
    def pile(self) -> Pile:
        return Pile(self.panel.pile)

    @property
    def is_bulk(self) -> bool:
        return not self.many.isHidden()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()
        self._share_height()

    def _make_room(self) -> None:
        low = self.height() < LOW
        self.case_view.head.steps.setVisible(not low)
        self.case_view.foot.setVisible(not low and self.case is not None)

    def _share_height(self) -> None:
        """The form takes what it needs, the case all the rest; replies get some lines more where there is room."""
        lines_more = 0 if self.height() < LOW else 70
        need = self.review.minimumSizeHint().height() + lines_more
        rest = max(1, self._parting.height() - need)
        self._parting.setSizes(
            [rest, rest, 0, need] if self.pile is Pile.REVIEW else [GREEDY, GREEDY, 0, 0]
        )

    # --- queues

    @Slot()
    def reload(self) -> None:
        for pile, read in self._reads().items():
            done = partial(self._pile_read, pile)
            self.jobs.read(self, read, done, self.failed.emit, key=f"queue {pile}")

    def _reads(self) -> dict[Pile, Any]:
        return {
            Pile.DISPATCH: self._desk.queue,
            Pile.ACCEPT: self._desk.accepting,
            Pile.REVIEW: self._reviews.queue,
        }

    def _pile_read(self, pile: Pile, queue: Queue) -> None:
        self.panel.show_count(pile, queue.total)
        if pile is self.pile:
            self._queue_read(queue)

    def take_work(self, leaving: int | None) -> Any:
        if self.pile is Pile.REVIEW:
            return partial(self._reviews.take_next, leaving)
        return partial(self._desk.take_next, leaving, self.pile is Pile.ACCEPT)

    def say_empty(self, total: int) -> None:
        if total:
            hint = self.tr("领取后由您办理，别人领不到；也可用上下键在左侧查看")
            if self.pile is Pile.DISPATCH:
                hint += self.tr("，空格勾选后批量派单")
            self.empty.say(self.tr("领取下一件，开始办理"), hint, self.tr("领取下一件"))
        else:
            name = self.tr(PILES[self.pile])
            self.empty.say(self.tr("{0}已清空").format(name), self.tr("新到的工单会自动出现在左侧"))

    @Slot()
    def _next_pile(self) -> None:
        self.panel.next_pile()

    @Slot(str)
    def _pile_changed(self, _name: str) -> None:
        self.keep_draft()
        self.close_one()
        self._follow_pile()
        self.panel.show_queue(Queue((), 0))
        self.reload()
        self.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_pile(self) -> None:
        """F8 and the form below are those of the pile."""
        pile = self.pile
        words = {
            Pile.DISPATCH: self.tr("派单"),
            Pile.ACCEPT: self.tr("受理"),
            Pile.REVIEW: self.tr("通过，转回访"),
        }
        self.decide.setText(words[pile])
        self.panel.table.records.set_checkable(pile is Pile.DISPATCH)
        self.form.setVisible(pile is not Pile.REVIEW)
        self.form.take_kind(pile is Pile.ACCEPT)
        self.review.setVisible(pile is Pile.REVIEW)
        self.case_view.show()
        self.many.hide()
        for action in (self.passes, self.verify, self.redo):
            action.setEnabled(False)
        self._share_height()

    # --- one work order

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        super()._loaded(case)
        self._make_room()

    def work_widget(self) -> QWidget:
        return self._work

    def show_form(self, case: CaseFile, draft: Any) -> None:
        if self.pile is Pile.REVIEW:
            self.review.start(case.result, draft if isinstance(draft, str) else "")
            read = self._reviews.snippets
            self.jobs.read(self, read, self.review.set_snippets, self.failed.emit, key="help")
            return
        self.form.start(draft if isinstance(draft, Values) else None)
        self._helped = False
        read_help = partial(self._desk.help, case.row.id)
        self.jobs.read(self, read_help, self._help_read, self._help_failed, key="help")

    def _help_read(self, shown: DispatchHelp) -> None:
        if shown.ticket_id == self.ticket_id and self.pile is not Pile.REVIEW:
            self.form.show_help(shown)
            self._helped = True
            self.set_ready(not self._sending)

    def _help_failed(self, error: Exception) -> None:
        """The unit can be typed all the same."""
        self._helped = True
        self.set_ready(not self._sending)
        self.failed.emit(error)

    @property
    def _returned(self) -> bool:
        """A work order that came back once may be designated (field-facts 3.3)."""
        return self.case is not None and any(e.action == "grant_return" for e in self.case.events)

    def draft(self) -> Any:
        return self.review.draft() if self.pile is Pile.REVIEW else self.form.draft()

    def focus_form(self) -> None:
        if self.pile is Pile.REVIEW:
            self.review.focus_first()
        elif self.pile is Pile.DISPATCH:
            self.form.focus_first()

    def set_ready(self, on: bool) -> None:
        case = self.case
        here = on and case is not None and case.row.state is STATES[self.pile]
        # F8 in the moment before the suggestion is there would complain of a missing unit.
        here = here and (self._helped or self.pile is not Pile.DISPATCH)
        self.decide.setEnabled(here or (on and self.is_bulk))
        for action in (self.passes, self.verify, self.redo):
            action.setEnabled(here and self.pile is Pile.REVIEW)
        self.designate.setEnabled(here and self.pile is Pile.DISPATCH and self._returned)
        self.designate.setVisible(self.designate.isEnabled())

    def show_refusal(self, error: Exception) -> None:
        card = self.review if self.pile is Pile.REVIEW else self.form
        rest = card.show_errors(error)
        if rest is not None:
            self.failed.emit(rest)

    # --- deciding

    @Slot()
    def _decide(self) -> None:
        if self.is_bulk:
            self._dispatch_many()
        elif self.case is None or self._sending:
            return
        elif self.pile is Pile.REVIEW:
            self._pass()
        elif self.pile is Pile.ACCEPT:
            row = self.case.row
            self.send(partial(self._desk.accept, row.id, row.version), self._accepted)
        else:
            self._dispatch(self._desk.dispatch)

    def _dispatch(self, how: Any) -> None:
        if self.case is None:
            return
        row, values = self.case.row, self.form.values()
        work = partial(how, self.form.form(row.id, row.version))
        self.send(work, partial(self._dispatched, values))

    @Slot()
    def _designate(self) -> None:
        self._dispatch(self._desk.designate)

    def _dispatched(self, values: Values, done: Done) -> None:
        self.finish(done.ticket_id)
        sentence = f"{done.words}　{grouped_number(done.number)}"
        token = Undo(done.ticket_id, done.number, values)
        self.undo_offered.emit(sentence, self.tr("撤销派单"), token, done.undo_seconds)

    @Slot(object)
    def undo(self, subject: object) -> None:
        if isinstance(subject, Undo):
            work = partial(self._desk.undo, subject.ticket_id)
            self.jobs.write(self, work, partial(self._undone, subject), self.failed.emit)

    def _undone(self, subject: Undo, _changed: Changed) -> None:
        """Back in the queue, open again, with everything that was typed."""
        self.panel.show_pile(Pile.DISPATCH)
        self._drafts[subject.ticket_id] = subject.values
        self.open_one(subject.ticket_id)
        self._begin_when_shown = True
        self.said.emit(self.tr("已撤销派单，可改后重派"), Tone.OK)

    def _accepted(self, changed: Changed) -> None:
        """Accepted work is dispatched next, by the same person."""
        ticket_id = changed.ids[0]
        self.finish(ticket_id)
        self.panel.show_pile(Pile.DISPATCH)
        self.open_one(ticket_id)
        self._begin_when_shown = True
        self.said.emit(self.tr("已受理，请选择主办单位派单"), Tone.OK)

    @Slot()
    def _pass(self) -> None:
        self._judge(verify=False)

    @Slot()
    def _verify(self) -> None:
        self._judge(verify=True)

    def _judge(self, verify: bool) -> None:
        if self.case is None or self._sending:
            return
        row, comment = self.case.row, self.review.comment.text
        work = partial(self._reviews.pass_reply, row.id, row.version, comment, verify)
        words = self.tr("审核通过，已转现场核查") if verify else self.tr("审核通过，已转回访")
        self.send(work, partial(self._judged, words))

    @Slot()
    def _send_back(self) -> None:
        if self.case is None or self._sending:
            return
        row, comment = self.case.row, self.review.comment.text
        work = partial(self._reviews.send_back, row.id, row.version, comment)
        self.send(work, partial(self._judged, self.tr("已退回重办")))

    def _judged(self, words: str, changed: Changed) -> None:
        self.finish(changed.ids[0])
        self.said.emit(f"{words}　{grouped_number(changed.number)}", Tone.OK)

    # --- several

    @Slot()
    def _ticks_changed(self) -> None:
        ticked = self.panel.table.records.checked()
        if self.pile is not Pile.DISPATCH or not ticked:
            if self.is_bulk:
                self._leave_bulk()
            return
        if not self.is_bulk:
            self.keep_draft()
            self.close_one()
            self.form.put(Values())
        self.case_view.hide()
        self.many.show()
        self.many.show_rows([waiting.row for waiting in ticked])
        self.form.start_many(len(ticked))
        self.stack.setCurrentWidget(self._work)
        self.set_ready(True)

    def _leave_bulk(self) -> None:
        self.many.hide()
        self.case_view.show()
        self.form.start_many(0)
        self.close_one()

    def open_one(self, ticket_id: int) -> None:
        """Looking at a row of the list while several are ticked only moves the cursor."""
        if self.panel.table.records.checked():
            return
        if self.is_bulk:
            self._leave_bulk()
        super().open_one(ticket_id)

    def _dispatch_many(self) -> None:
        rows = [outcome.row for outcome in self.many.outcomes if outcome.done is None]
        if self._sending or not rows:
            return
        forms = tuple(self.form.form(row.id, row.version) for row in rows)
        if forms[0].unit_id is None:
            self.form.fields["unit"].show_error(self.tr("请选择主办单位 输入名称或拼音首字母"))
            self.form.focus_first()
            return
        self.send(partial(self._desk.dispatch_many, forms), self._many_dispatched)

    def _many_dispatched(self, result: BulkResult) -> None:
        values = self.form.values()
        unit = values.unit[1] if values.unit else ""
        self.panel.table.records.blockSignals(True)
        self.panel.table.records.check_all(False)
        self.panel.table.records.blockSignals(False)
        self.many.show_result(result, self.tr("已派给{0}").format(unit))
        self.decide.setEnabled(False)
        tone = Tone.WARN if result.failed else Tone.OK
        words = self.tr("已派单 {0} 件，{1} 件未派出，原因见列表")
        plain = self.tr("已派单 {0} 件")
        said = words if result.failed else plain
        self.said.emit(said.format(len(result.done), len(result.failed)), tone)
