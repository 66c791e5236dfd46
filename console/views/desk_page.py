"""What the desks with a queue share: take the next, show the case, keep what was typed, hold the claim."""

from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.desks import Queue
from console.domain.errors import Conflict, NotAllowed, NotFound
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.domain.states import STATE_NAMES
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases import CaseView
from console.views.cases.last_deed import last_deed
from console.views.cases.services import CaseDesk
from console.views.parts.empty_state import EmptyState
from console.views.parts.page import Page
from console.views.parts.queue_panel import QueuePanel

HOLD_EVERY_MS = 25_000


class Holds(Protocol):
    """The part of a desk's service that keeps a claim or gives it up."""

    def hold(self, ticket_id: int) -> None: ...
    def leave(self, ticket_id: int) -> None: ...


class DeskPage(Page):
    """Queue at the left, the work order and its form at the right.

    A work order that was taken with F5 is held for as long as it is open. What was typed for a work
    order stays with it until it is sent, whatever else is opened in between.
    """

    def __init__(
        self, jobs: Jobs, claims: Holds, orders: CaseDesk, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, parent)
        self._claims, self.case_view = claims, CaseView(jobs, orders)
        self.ticket_id: int | None = None
        self.case: CaseFile | None = None
        self._claimed: int | None = None
        self._drafts: dict[int, Any] = {}
        self._sending = False
        self.take = add_action(self, ActionId.TAKE_NEXT, self.take_next)
        add_action(self, ActionId.REFRESH, self.reload)
        self._holding = QTimer(self, interval=HOLD_EVERY_MS)
        self._holding.timeout.connect(self._hold)
        self.case_view.loaded.connect(self._loaded)
        self.case_view.failed.connect(self.failed)
        jobs.changed.connect(self._claims_changed)

    def why_not(self, action: QAction) -> str:
        if self.ticket_id is None:
            return self.tr("先按 F5 领取一件，或用 ↑↓ 选一件")
        return self.tr("“{0}”现在还不能按：正在载入，或不适用于这张工单").format(action.text())

    def lay_out(self, panel: QueuePanel, empty: EmptyState, *works: QWidget) -> None:
        """Called by the page once its parts are made."""
        self.panel, self.empty = panel, empty
        self.stack = QStackedWidget()
        for widget in (empty, *works):
            self.stack.addWidget(widget)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        self.splitter.addWidget(panel)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(1, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 12, 12, 12)
        line.addWidget(self.splitter)
        panel.picked.connect(self.open_one)
        panel.entered.connect(self.begin)
        empty.wanted.connect(self.take_next)

    def home(self) -> QWidget:
        return self.panel.table

    # --- what a desk says of itself

    def read_queue(self) -> Any:
        """A callable without arguments that reads the queue on a lane."""
        raise NotImplementedError

    def take_work(self, leaving: int | None) -> Any:
        """A callable that claims the next work order and returns its id or None."""
        raise NotImplementedError

    def show_form(self, case: CaseFile, draft: Any) -> None:
        """The case was read: fill the form; `draft` is what was typed for it before, or None."""
        raise NotImplementedError

    def draft(self) -> Any:
        """What is typed now; None when nothing worth keeping is."""
        return None

    def work_widget(self) -> QWidget:
        """The page of the stack on which a work order is worked on."""
        return self.stack.widget(1)

    def say_empty(self, total: int) -> None:
        """Words of the right side when no work order is open."""

    # --- queue

    @Slot()
    def reload(self) -> None:
        self.jobs.read(self, self.read_queue(), self._queue_read, self.failed.emit, key="queue")

    # A slot of its own: an override of `take_change` stays connected after the page is gone (PySide6 6.11.3).
    @Slot(object)
    def _claims_changed(self, changed: Changed) -> None:
        """A colleague took one of these or gave it back: 办理中 stands at its row at once."""
        ours = not changed.ids or any(map(self.panel.holds, changed.ids))
        if Topic.PRESENCE in changed.topics and ours and self.isVisible():
            self.reload()

    def _queue_read(self, queue: Queue) -> None:
        self.show_queue(queue)
        self.say_empty(queue.total)

    def show_queue(self, queue: Queue) -> None:
        self.panel.show_queue(queue)

    @Slot()
    def take_next(self) -> None:
        """F5: claim the next one; what was open is put back, what was typed for it stays."""
        if self._sending:
            return
        leaving = self._claimed if self._claimed == self.ticket_id else None
        self.jobs.write(self, self.take_work(leaving), self._taken, self.failed.emit)

    def _taken(self, ticket_id: int | None) -> None:
        if ticket_id is None:
            more = self.tr("没有别的可领取的工单了")
            none = self.tr("没有可领取的工单了")
            self.said.emit(none if self.ticket_id is None else more, Tone.ACCENT)
            return
        self.open_one(ticket_id)
        self._claim(ticket_id)
        self._begin_when_shown = self.case is None
        if self.case is not None:
            self.focus_form()

    # --- one work order

    _begin_when_shown = False

    @Slot(int)
    def open_one(self, ticket_id: int) -> None:
        """Show a work order; what was typed for the one before is kept."""
        if ticket_id == self.ticket_id:
            return
        self.keep_draft()
        self._put_back()
        self.ticket_id, self.case = ticket_id, None
        self._begin_when_shown = False
        self.stack.setCurrentWidget(self.work_widget())
        self.panel.mark(ticket_id)
        self.set_ready(False)
        self.case_view.open_case(ticket_id)

    @Slot(int)
    def begin(self, ticket_id: int) -> None:
        """Enter on a row: claim it and go to the form."""
        self.open_one(ticket_id)
        if self.ticket_id != ticket_id:
            return
        self._claim(ticket_id)
        self._hold()
        if self.case is None:
            self._begin_when_shown = True
        else:
            self.focus_form()

    def _put_back(self) -> None:
        """What was claimed and is looked at no longer may be taken by others."""
        self._holding.stop()
        if self._claimed is not None:
            self.jobs.write(self, partial(self._claims.leave, self._claimed))
        self._claimed = None

    def _claim(self, ticket_id: int) -> None:
        self._claimed = ticket_id
        self._holding.start()

    def focus_form(self) -> None:
        """Put the focus where the operator types first."""

    def set_ready(self, on: bool) -> None:
        """Enable or disable what decides; nothing may be decided before the case is in sight."""

    def close_one(self) -> None:
        """Nothing is open any more."""
        self._put_back()
        self.ticket_id = self.case = None
        self.set_ready(False)
        self.case_view.close_case()
        self.panel.mark(None)
        self.stack.setCurrentWidget(self.empty)

    def keep_draft(self) -> None:
        if self.ticket_id is None:
            return
        draft = self.draft()
        if draft is None:
            self._drafts.pop(self.ticket_id, None)
        else:
            self._drafts[self.ticket_id] = draft

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        if case.row.id != self.ticket_id:
            return
        before, self.case = self.case, case
        if before is None:
            self.show_form(case, self._drafts.get(case.row.id))
        elif not self._sending:
            self._tell_of_change(before, case)
        self.set_ready(not self._sending)
        if self._begin_when_shown:
            self._begin_when_shown = False
            self.focus_form()

    def _tell_of_change(self, before: CaseFile, now: CaseFile) -> None:
        """Whatever moved it or put its facts otherwise is said; a note is not worth a sentence."""
        new = now.events[len(before.events) :]
        if before.row.state is not now.row.state:
            words = self.tr("{0}，现为“{1}”；您输入的内容还在")
            self.said.emit(words.format(last_deed(now), STATE_NAMES[now.row.state]), Tone.WARN)
        elif any(line.action == Move.AMEND for line in new):
            words = self.tr("{0}，已更新显示；您输入的内容还在")
            self.said.emit(words.format(last_deed(now)), Tone.WARN)

    # --- deciding

    def send(self, work: Any, done: Any) -> None:
        """Run a decision once; the form stays as it is until the answer is here."""
        self._sending = True
        self.set_ready(False)
        self.jobs.write(self, work, partial(self._sent, done), self._refused)

    def _sent(self, done: Any, result: Any) -> None:
        self._sending = False
        done(result)

    def _refused(self, error: Exception) -> None:
        """Beside its field or in the strip; somebody else's change is read again, the text stays."""
        self._sending = False
        self.set_ready(self.case is not None)
        if isinstance(error, Conflict | NotFound | NotAllowed) and self.ticket_id is not None:
            self.case_view.open_case(self.ticket_id)
            self.reload()
        self.show_refusal(error)

    def show_refusal(self, error: Exception) -> None:
        self.failed.emit(error)

    def finish(self, ticket_id: int) -> None:
        """A work order left this desk: forget what was typed for it and close it."""
        self._drafts.pop(ticket_id, None)
        if ticket_id == self.ticket_id:
            # Forgotten before closing, or closing would keep it again.
            self.close_one()
            self.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _hold(self) -> None:
        if self._claimed is not None:
            self.jobs.write(self, partial(self._claims.hold, self._claimed))

    def hideEvent(self, event) -> None:
        self.keep_draft()
        super().hideEvent(event)
