"""110联动: both queues at the left, the matter in the middle, the decision at the right, the counts on top."""

from functools import cached_property, partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.desks import Queue
from console.domain.errors import Conflict, NotAllowed, NotFound, UserError
from console.domain.linkage import PILE_NAMES, Opened, Pile, Statement
from console.domain.records import CaseFile
from console.domain.states import STATE_NAMES
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases import CaseView
from console.views.cases.last_deed import last_deed
from console.views.cases.services import CaseDesk
from console.views.linkage.figures import FigureStrip
from console.views.linkage.services import LinkageDesk
from console.views.linkage.side import Side, fitting
from console.views.parts.clock import grouped_number
from console.views.parts.page import Page
from console.views.parts.queue_panel import QueuePanel


class LinkagePage(Page):
    """Ctrl+N writes down what 110 gives, F8 accepts it, Ctrl+B refuses it or notes what 110 hands back, F9 gives.

    `show_ticket(id)` opens a matter of the pool, to be handed to 110.
    """

    topics = frozenset({Topic.TICKETS, Topic.CALLS})

    def __init__(
        self, jobs: Jobs, desk: LinkageDesk, orders: CaseDesk, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, parent)
        self._desk = desk
        self.ticket_id: int | None = None
        self.case: CaseFile | None = None
        self._sending = False
        self.case_view = CaseView(jobs, orders)
        self._make_actions()
        self.figures = FigureStrip()
        piles = [(pile.value, self.tr(PILE_NAMES[pile])) for pile in Pile]
        self.panel = QueuePanel(self.tr("110联动"), piles, self.take_in)
        self._lay_out()
        self._connect()
        for action in (self.accept, self.back, self.give):
            action.setEnabled(False)

    def _make_actions(self) -> None:
        self.take_in = add_action(self, ActionId.TAKE_IN_110, self._begin_incoming)
        self.accept = add_action(self, ActionId.ACCEPT_110, self._accept)
        self.back = add_action(self, ActionId.RETURN_110, self._return)
        self.give = add_action(self, ActionId.TRANSFER_110, self._give)
        add_action(self, ActionId.REFRESH, self.reload)

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        for widget in (self.panel, self.case_view):
            self.splitter.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(self.figures)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.panel.picked.connect(self.open_one)
        self.panel.entered.connect(self._entered)
        self.panel.pile_changed.connect(self._pile_changed)
        self.figures.span_chosen.connect(self._read_statement)
        self.case_view.loaded.connect(self._loaded)
        self.case_view.failed.connect(self.failed)

    @cached_property
    def side(self) -> Side:
        """Made when the page is first looked at: an agent's start does not pay for forms seldom used."""
        side = Side(self.take_in, self.accept, self.back, self.give)
        side.setMinimumWidth(340)
        self.splitter.addWidget(side)
        self.splitter.setSizes([320, 560, 380])
        self.splitter.setStretchFactor(1, 1)
        side.incoming.content.textChanged.connect(self._look_for_danger)
        side.incoming.filled.connect(self._sheet_read)
        side.incoming.content.file.connect(self._read_file)
        return side

    def showEvent(self, event: QShowEvent) -> None:
        self.side.show()
        super().showEvent(event)

    def home(self) -> QWidget:
        return self.panel.table

    def holds_back(self) -> bool:
        return self.case_view.is_typing

    # --- lists and counts

    @Slot()
    def reload(self) -> None:
        pile = Pile(self.panel.pile)
        work = partial(self._desk.queue, pile)
        self.jobs.read(self, work, partial(self._queue_read, pile), self.failed.emit, key="queue")
        self.jobs.read(self, self._desk.counts, self._counted, self.failed.emit, key="counts")
        self._read_statement()

    def _queue_read(self, pile: Pile, queue: Queue) -> None:
        if pile.value != self.panel.pile:
            return
        self.panel.show_queue(queue)
        words = {
            Pile.INCOMING: (self.tr("没有待判定的110转来事项"), self.tr("Ctrl+N 登记110转来")),
            Pile.GIVEN: (self.tr("没有移交110的事项"), self.tr("受理台按 F9，或在工单池里移交")),
            Pile.RETURNED: (self.tr("没有110退回的事项"), self.tr("退回后会在这里，等待派单")),
        }[pile]
        self.panel.table.empty.say(*words)
        self.panel.table.empty.setVisible(not queue.rows)

    def _counted(self, counts: dict[Pile, int]) -> None:
        for pile, number in counts.items():
            self.panel.show_count(pile.value, number)

    @Slot()
    def _read_statement(self, *_span: object) -> None:
        work = partial(self._desk.statement, self.figures.span.value)
        self.jobs.read(self, work, self._stated, self.failed.emit, key="statement")

    def _stated(self, made: Statement) -> None:
        self.figures.show_statement(made)

    @Slot(str)
    def _pile_changed(self, _name: str) -> None:
        self.reload()

    # --- one matter

    @Slot(int)
    def show_ticket(self, ticket_id: int) -> None:
        """Opened from elsewhere: straight into its form."""
        self.open_one(ticket_id)
        self._focus_when_shown = True

    @Slot(int)
    def open_one(self, ticket_id: int) -> None:
        if ticket_id == self.ticket_id and self.side.at not in ("boundary", "incoming"):
            return
        self.ticket_id, self.case = ticket_id, None
        self._focus_when_shown = False
        self.panel.mark(ticket_id)
        self._enable()
        self.case_view.open_case(ticket_id)

    _focus_when_shown = False

    @Slot(int)
    def _entered(self, ticket_id: int) -> None:
        self.show_ticket(ticket_id)
        if self.case is not None and self.side.form is not None:
            self.side.form.focus_first()

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        if case.row.id != self.ticket_id:
            return
        work = partial(self._desk.opened, case.row.id)
        self.jobs.read(self, work, partial(self._opened, case), self.failed.emit, key="opened")

    def _opened(self, case: CaseFile, opened: Opened) -> None:
        if case.row.id != self.ticket_id:
            return
        before, self.case = self.case, case
        # Somebody else's deed made the case load anew: what is being typed here stays while it still fits.
        typing, fits = self.side.is_typing, self.side.at in ("incoming", fitting(case))
        moved = before is not None and before.row.state is not case.row.state
        if typing and moved and not self._sending:
            words = self.tr("{0}，现为“{1}”")
            self.said.emit(words.format(last_deed(case), STATE_NAMES[case.row.state]), Tone.WARN)
        if not typing or not fits or (before is None and self.side.at != "incoming"):
            self.side.show_case(case, opened)
        self._enable()
        if self._focus_when_shown and self.side.form is not None:
            self._focus_when_shown = False
            self.side.form.focus_first()

    def _enable(self) -> None:
        here, at = self.case is not None and not self._sending, self.side.at
        ready = here or (at == "incoming" and not self._sending)
        self.accept.setEnabled(ready and at in ("judge", "incoming"))
        self.back.setEnabled(here and at in ("judge", "hand_back"))
        self.give.setEnabled(here and at == "give")

    # --- deciding

    @Slot()
    def _begin_incoming(self) -> None:
        """Ctrl+N: the empty form; one half filled comes back as it was."""
        self.ticket_id = self.case = None
        self.panel.mark(None)
        self.case_view.close_case()
        self.side.show_incoming()
        self._enable()
        self.side.incoming.focus_first()

    @Slot()
    def _look_for_danger(self) -> None:
        text = self.side.incoming.content.text
        work = partial(self._desk.danger, text)
        self.jobs.read(self, work, self.side.typed_danger.say, self.failed.emit, key="danger")

    @Slot(str)
    def _read_file(self, path: str) -> None:
        """A file 110 sent, dropped onto the content."""
        form = self.side.incoming
        work = partial(self._desk.read_sheet, Path(path))
        self.jobs.read(self, work, form.fill, self._refused, key="sheet")

    @Slot()
    def _sheet_read(self) -> None:
        self.said.emit(self.tr("已从移交单填入，请核对"), Tone.OK)

    def _save_incoming(self) -> None:
        self._send(partial(self._desk.take_in, self.side.incoming.collect()), self._taken_in)

    def _taken_in(self, changed: Changed) -> None:
        self.side.incoming.start()
        self.said.emit(
            self.tr("已登记，请判定　{0}").format(grouped_number(changed.number)), Tone.OK
        )
        self.panel.show_pile(Pile.INCOMING.value)
        self.side.show_nothing()
        self.show_ticket(changed.ids[0])
        self.reload()

    @Slot()
    def _accept(self) -> None:
        """F8: the form in sight goes on its way."""
        if self.side.at == "incoming":
            self._save_incoming()
        elif self.case is not None:
            row = self.case.row
            done = partial(self._done, self.tr("已受理，待派单　{0}"))
            self._send(partial(self._desk.accept, row.id, row.version), done)

    @Slot()
    def _return(self) -> None:
        if self.case is None:
            return
        if self.side.at == "judge":
            self._refuse(self.case)
        else:
            self._note_hand_back(self.case)

    def _refuse(self, case: CaseFile) -> None:
        form = self.side.judge
        typed = (form.reason.text, form.receiver.text(), form.agreed.text())
        work = partial(self._desk.refuse, case.row.id, *typed, case.row.version)
        self._send(work, partial(self._done, self.tr("已退回110　{0}")))

    def _note_hand_back(self, case: CaseFile) -> None:
        form = self.side.hand_back
        typed = (form.reason.text, form.receiver.text(), form.first_side.value, form.agreed.text())
        work = partial(self._desk.handed_back, case.row.id, *typed, case.row.version)
        self._send(work, partial(self._done, self.tr("已登记110退回，待派单　{0}")))

    @Slot()
    def _give(self) -> None:
        if self.case is None:
            return
        form, row = self.side.give, self.case.row
        work = partial(
            self._desk.give, row.id, form.receiver.text(), form.basis.value, form.reason.text(),
            form.three_way.isChecked(), form.agreed.text(), form.service.value, row.version,
        )  # fmt: skip
        self._send(
            work, partial(self._done, self.tr("已移交{0}　").format(form.service.value) + "{0}")
        )

    def _send(self, work: Any, done: Any) -> None:
        """Once, until the answer is here; the form stays as it is."""
        form = self.side.form
        if self._sending or form is None:
            return
        form.fields.clear_errors()
        self._sending = True
        self._enable()
        self.jobs.write(self, work, partial(self._sent, done), self._refused)

    def _sent(self, done: Any, changed: Changed) -> None:
        self._sending = False
        form = self.side.form
        if form is not None:
            form.clear()
        done(changed)
        self._enable()

    def _done(self, sentence: str, changed: Changed) -> None:
        self.said.emit(sentence.format(grouped_number(changed.number)), Tone.OK)
        self.case = None
        self.case_view.open_case(changed.ids[0])
        self.reload()

    def _refused(self, error: Exception) -> None:
        self._sending = False
        self._enable()
        form = self.side.form
        rest = form.fields.show_errors(error) if form is not None else error
        if isinstance(error, Conflict | NotFound | NotAllowed) and self.ticket_id is not None:
            self.case_view.open_case(self.ticket_id)
        if not isinstance(error, UserError):
            self.failed.emit(error)
        elif rest is not None:
            self.failed.emit(rest)
