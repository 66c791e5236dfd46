"""派单台: what waits to be dispatched, accepted, checked or decided, and doing it where it is read."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed
from console.domain.desks import Done, Queue
from console.domain.moves import Move
from console.domain.piles import PILE_NAMES, Pile
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.services import CaseDesk
from console.views.desk_page import DeskPage
from console.views.dispatch.bench import Bench, Decision
from console.views.dispatch.benches import (
    AcceptBench,
    CourtBench,
    DispatchBench,
    ExtensionBench,
    Reads,
    ReviewBench,
    WatchBench,
)
from console.views.dispatch.bulk import BulkDispatch
from console.views.dispatch.court_form import CourtCard
from console.views.dispatch.dispatch_form import DispatchCard, Values
from console.views.dispatch.extension_form import ExtensionCard
from console.views.dispatch.review_form import ReviewCard
from console.views.dispatch.services import DecideDesk, DispatchDesk, ReviewDesk
from console.views.dispatch.watch_form import WatchCard
from console.views.dispatch.work_space import WorkSpace
from console.views.parts.clock import grouped_number
from console.views.parts.empty_state import EmptyState
from console.views.parts.queue_panel import QueuePanel

# Below this the step bar and the note make way for the case itself.
LOW = 700


@dataclass(frozen=True, slots=True)
class Undo:
    """What Ctrl+Z takes back, on which pile, and what was in the form."""

    ticket_id: int
    number: str
    pile: Pile
    draft: Any


class DispatchPage(DeskPage):
    """F5 takes the next, F8 is the pile's usual decision, Ctrl+B the other one, Ctrl+Tab the next pile."""

    def __init__(
        self,
        jobs: Jobs,
        dispatching: DispatchDesk,
        reviewing: ReviewDesk,
        deciding: DecideDesk,
        orders: CaseDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, dispatching, orders, parent)
        self._desk, self._decisions = dispatching, deciding
        self._make_actions()
        self._make_benches(reviewing)
        panel = QueuePanel(
            self.tr("派单队列"),
            [(pile, self.tr(words)) for pile, words in PILE_NAMES.items()],
            self.take,
            checkable=True,
        )
        self.bulk = BulkDispatch(dispatching, self.form, panel, self.send, self)
        self.many = self.bulk.list
        self.bulk.said.connect(self.said)
        empty = EmptyState(glyph="fa6s.share-nodes", key="F5")
        cards = dict.fromkeys(bench.card for bench in self.benches.values())
        self._work = WorkSpace(self.case_view, self.many, tuple(cards))
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
        self.redo = add_action(self, ActionId.REDO, self._refuse)
        add_action(self, ActionId.NEXT_PILE, self._next_pile)

    def _make_benches(self, reviewing: ReviewDesk) -> None:
        reads = Reads(self.jobs, self._ready_again, self.failed.emit)
        self.form = DispatchCard(self.jobs, self._desk, self.decide, self.designate)
        self.review = ReviewCard(self.decide, self.verify, self.redo)
        self.court = CourtCard(self.decide, self.redo)
        self.extension = ExtensionCard(self.decide, self.redo)
        self.watch = WatchCard(self.redo)
        made = (
            DispatchBench(self.form, self._desk, reads, self),
            AcceptBench(self.form, self._desk, reads, self),
            ReviewBench(self.review, reviewing, reads, self),
            CourtBench(self.court, self._decisions, reads, self),
            ExtensionBench(self.extension, self._decisions, reads, self),
            WatchBench(self.watch, reviewing, self),
        )
        self.benches: dict[Pile, Bench] = {bench.pile: bench for bench in made}

    @property
    def pile(self) -> Pile:
        return Pile(self.panel.pile)

    @property
    def bench(self) -> Bench:
        return self.benches[self.pile]

    @property
    def is_bulk(self) -> bool:
        return self.bulk.is_open

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()
        self._work.share(self.bench, self.height() < LOW)

    def _make_room(self) -> None:
        low = self.height() < LOW
        self.case_view.head.steps.setVisible(not low)
        self.case_view.foot.setVisible(not low and self.case is not None)

    # --- queues

    @Slot()
    def reload(self) -> None:
        """Every pile's count in one statement, the rows of the pile in sight."""
        self.jobs.read(self, self._desk.counts, self._counted, self.failed.emit, key="counts")
        done = partial(self._pile_read, self.pile)
        read = partial(self._desk.queue, self.pile)
        self.jobs.read(self, read, done, self.failed.emit, key="queue")

    def _counted(self, counts: dict[Pile, int]) -> None:
        for pile, number in counts.items():
            self.panel.show_count(pile, number)

    def _pile_read(self, pile: Pile, queue: Queue) -> None:
        if pile is self.pile:
            self._queue_read(queue)

    def take_work(self, leaving: int | None) -> Any:
        return partial(self._desk.take_next, leaving, self.pile)

    def say_empty(self, total: int) -> None:
        if total:
            hint = self.tr("领取后由您办理，别人领不到；也可用上下键在左侧查看")
            if self.pile is Pile.DISPATCH:
                hint += self.tr("，空格勾选后批量派单")
            self.empty.say(self.tr("领取下一件，开始办理"), hint, self.tr("领取下一件"))
        else:
            name = self.tr(PILE_NAMES[self.pile])
            self.empty.say(self.tr("{0}已清空").format(name), self.tr("新到的工单会自动出现在左侧"))

    @Slot()
    def _next_pile(self) -> None:
        self.panel.next_pile()

    @Slot(str)
    def _pile_changed(self, _name: str) -> None:
        self.close_one()
        self._follow_pile()
        self.panel.show_queue(Queue((), 0))
        self.reload()
        self.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_pile(self) -> None:
        """F8, Ctrl+B and the form below are those of the pile."""
        bench, pile = self.bench, self.pile
        self.decide.setText(bench.usual or self.tr("派单"))
        self.redo.setText(bench.other or self.tr("发回重办"))
        self.panel.table.records.set_checkable(pile is Pile.DISPATCH)
        for other in self.benches.values():
            other.card.setVisible(other.card is bench.card)
        self.form.take_kind(pile is Pile.ACCEPT)
        self.case_view.show()
        self.many.hide()
        self.set_ready(False)
        self._work.share(self.bench, self.height() < LOW)

    # --- one work order

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        super()._loaded(case)
        self._make_room()

    def work_widget(self) -> QWidget:
        return self._work

    def show_form(self, case: CaseFile, draft: Any) -> None:
        self.bench.start(case, draft)

    def _ready_again(self) -> None:
        self.set_ready(not self._sending)
        self._work.share(self.bench, self.height() < LOW)

    @property
    def _returned(self) -> bool:
        """A work order that came back once may be designated (field-facts 3.3)."""
        return self.case is not None and any(e.action == "grant_return" for e in self.case.events)

    def draft(self) -> Any:
        return self.bench.draft()

    def keep_draft(self) -> None:
        """Not while another pile's form is in sight, or the wrong words would be kept."""
        if self.case is not None and self.bench.fits(self.case):
            super().keep_draft()

    def focus_form(self) -> None:
        self.bench.focus_first()

    def set_ready(self, on: bool) -> None:
        case, bench, pile = self.case, self.bench, self.pile
        here = on and case is not None and bench.fits(case)
        # F8 in the moment before what it rests on is there would be a decision taken blindly.
        sure = here and bench.helped
        self.decide.setEnabled((sure and bool(bench.usual)) or (on and self.is_bulk))
        self.redo.setEnabled(sure and bool(bench.other))
        for action in (self.passes, self.verify):
            action.setEnabled(here and pile is Pile.REVIEW)
        self.designate.setEnabled(here and pile is Pile.DISPATCH and self._returned)
        self.designate.setVisible(self.designate.isEnabled() and not self._must_designate)
        if pile is Pile.DISPATCH:
            self.decide.setText(
                self.tr("指定承办") if here and self._must_designate else bench.usual
            )

    @property
    def _must_designate(self) -> bool:
        bench = self.benches[Pile.DISPATCH]
        return isinstance(bench, DispatchBench) and bench.must_designate and self.case is not None

    def show_refusal(self, error: Exception) -> None:
        rest = self.bench.show_errors(error)
        if rest is not None:
            self.failed.emit(rest)

    # --- deciding

    @Slot()
    def _decide(self) -> None:
        if self.is_bulk:
            if not self._sending:
                self.bulk.dispatch()
        elif self.case is not None:
            self._carry_out(self.bench.decide(self.case))

    @Slot()
    def _refuse(self) -> None:
        if self.case is not None:
            self._carry_out(self.bench.refuse(self.case))

    @Slot()
    def _designate(self) -> None:
        bench = self.bench
        if isinstance(bench, DispatchBench) and self.case is not None:
            self._carry_out(bench.designate(self.case))

    @Slot()
    def _pass(self) -> None:
        self._judge(verify=False)

    @Slot()
    def _verify(self) -> None:
        self._judge(verify=True)

    def _judge(self, verify: bool) -> None:
        bench = self.bench
        if isinstance(bench, ReviewBench) and self.case is not None:
            self._carry_out(bench.judge(self.case, verify))

    def _carry_out(self, decision: Decision | None) -> None:
        if decision is None or self._sending:
            return
        draft = self.form.values() if self.bench.card is self.form else self.bench.draft()
        self.send(decision.work, partial(self._carried_out, self.pile, decision.words, draft))

    def _carried_out(self, pile: Pile, words: str, draft: Any, result: Done | Changed) -> None:
        if isinstance(result, Done):
            self._done(pile, draft, result)
        elif pile is Pile.ACCEPT:
            self._accepted(result)
        else:
            self.finish(result.ids[0])
            # Where a passed reply went is the rules' decision as well as the reviewer's.
            sentence = f"{result.note or words}　{grouped_number(result.number)}"
            self.said.emit(sentence, Tone.OK)

    def _done(self, pile: Pile, draft: Any, done: Done) -> None:
        self.finish(done.ticket_id)
        sentence = f"{done.words}　{grouped_number(done.number)}"
        if not done.undo_seconds:
            self.said.emit(sentence, Tone.OK)
            return
        token = Undo(done.ticket_id, done.number, pile, draft)
        words = self.benches[pile].undo_words
        self.undo_offered.emit(sentence, words, token, done.undo_seconds)

    @Slot(object)
    def undo(self, subject: object) -> None:
        if isinstance(subject, Undo):
            how = self._decisions.undo_grant if subject.pile is Pile.RETURNS else self._desk.undo
            work = partial(how, subject.ticket_id)
            self.jobs.write(self, work, partial(self._undone, subject), self.failed.emit)

    def _undone(self, subject: Undo, _changed: Changed) -> None:
        """Back on its pile, open again, with everything that was typed."""
        self.panel.show_pile(subject.pile)
        if subject.draft is not None and subject.draft != Values():
            self._drafts[subject.ticket_id] = subject.draft
        self.open_one(subject.ticket_id)
        self._begin_when_shown = True
        words = self.tr("已撤销派单，可改后重派")
        if subject.pile is Pile.RETURNS:
            words = self.tr("已撤销同意退单，请重新裁定")
        self.said.emit(words, Tone.OK)

    def _accepted(self, changed: Changed) -> None:
        """Accepted work is dispatched next, by the same person."""
        ticket_id = changed.ids[0]
        self.finish(ticket_id)
        self.panel.show_pile(Pile.DISPATCH)
        self.open_one(ticket_id)
        self._begin_when_shown = True
        self.said.emit(self.tr("已受理，请选择主办单位派单"), Tone.OK)

    # --- corrections, made in forms of their own

    @Slot(object, object)
    def made_elsewhere(self, move: Move, result: object) -> None:
        """Merged or recalled: it left this pile by one's own hand, so nobody else is to blame."""
        ids = result.ids if isinstance(result, Changed) else ()
        if move in (Move.MERGE, Move.RECALL) and self.ticket_id in ids[:1]:
            self.finish(ids[0])

    # --- several

    @Slot()
    def _ticks_changed(self) -> None:
        ticked = self.panel.table.records.checked()
        if self.pile is not Pile.DISPATCH or not ticked:
            if self.is_bulk:
                self._leave_bulk()
            return
        if not self.is_bulk:
            self.close_one()
            self.form.put(Values())
        self.case_view.hide()
        self.bulk.begin()
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

    def close_one(self) -> None:
        self.keep_draft()
        super().close_one()
