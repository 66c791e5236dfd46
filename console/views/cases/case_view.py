"""One work order in full. It reads, reveals, notes and explains by itself; moves are told outside."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.orders import OpenedCase
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.views.cases.case_body import CaseBody
from console.views.cases.case_foot import CaseFoot
from console.views.cases.case_head import CaseHead
from console.views.cases.services import CaseDesk
from console.views.parts.card import Card
from console.views.parts.empty_state import EmptyState

LOOK_EVERY_MS = 20_000
LOOKED_AFTER_MS = 1_000


class Strip(Protocol):
    """A line of its own under the head: promises, tags. A QWidget with these."""

    failed: Signal
    settled: Signal

    @property
    def is_typing(self) -> bool: ...
    def show_case(self, case: CaseFile) -> None: ...
    def clear(self) -> None: ...


class CaseView(Card):
    """`open_case(id)` (also `show_case`), `close_case()`, `case`; `loaded(CaseFile)` after every reading.

    `offer(moves)` says which moves the page around it can make; a permitted one among them gets a button and
    `act(Move, CaseFile)`. `failed(error)` is for what has no place in here; `print_wanted(CaseFile)` after
    `offer_print()`; `settled` when a note is no longer being typed; `viewers_wanted`: who saw this number.
    """

    loaded = Signal(object)
    act = Signal(object, object)
    print_wanted = Signal(object)
    failed = Signal(object)
    settled = Signal()
    viewers_wanted = Signal()

    def __init__(self, jobs: Jobs, orders: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(padding=12, spacing=12, parent=parent)
        self._jobs, self._orders = jobs, orders
        self._ticket_id: int | None = None
        self._opened: OpenedCase | None = None
        self._stale = False
        self._strips: list[Strip] = []
        self._low = False
        self.keys: dict[Move, QAction] = {}
        self.setAccessibleName(self.tr("工单详情"))
        self.setMinimumWidth(360)
        self.reveal = add_action(self, ActionId.REVEAL, self._ask_reveal)
        self.explain = add_action(self, ActionId.EXPLAIN, self._explain)
        self.head = CaseHead()
        self.content = CaseBody(jobs, orders, self.reveal)
        self.foot = CaseFoot()
        self.empty = EmptyState(
            self.tr("选一张工单查看"), self.tr("用上下键选择，详情会在这里打开")
        )
        self.add(self.head, self.content, self.foot, self.empty)
        self.body.setStretchFactor(self.content, 1)
        self.body.setStretchFactor(self.empty, 1)
        self._connect()
        self.close_case()

    def _connect(self) -> None:
        self.head.explain_wanted.connect(self._explain)
        self.content.contact.wanted.connect(self._reveal)
        self.content.contact.viewers_wanted.connect(self.viewers_wanted)
        self.content.attachments.failed.connect(self._refused)
        self.foot.note.stored.connect(self._store_note)
        self.foot.note.left.connect(self._catch_up)
        self.foot.chosen.connect(self._act)
        self.foot.print_pressed.connect(self._print)
        self._jobs.changed.connect(self._changed)
        self._looked = QTimer(self, singleShot=True, interval=LOOKED_AFTER_MS)
        self._looked.timeout.connect(self._look)
        self._again = QTimer(self, interval=LOOK_EVERY_MS)
        self._again.timeout.connect(self._look)

    @property
    def case(self) -> CaseFile | None:
        """The work order in sight; None while another one is being read."""
        return self._opened.case if self._opened is not None else None

    @property
    def ticket_id(self) -> int | None:
        return self._ticket_id

    @property
    def is_typing(self) -> bool:
        return self.foot.note.is_typing or any(strip.is_typing for strip in self._strips)

    def add_strip(self, strip: Strip) -> None:
        """Something that reads and writes by itself, between head and content; hidden while it has nothing."""
        self._strips.append(strip)
        self._place_parts()
        self.loaded.connect(strip.show_case)
        strip.failed.connect(self._refused)
        strip.settled.connect(self._catch_up)
        if self.case is not None:
            strip.show_case(self.case)

    def set_low(self, low: bool) -> None:
        """In a low window what the citizen said comes first; nothing moves under somebody who types."""
        if low is not self._low and not self.is_typing:
            self._low = low
            self.head.steps.setVisible(not low)
            self._place_parts()

    def _place_parts(self) -> None:
        if self._low:
            self.content.take_in(self._strips, self.foot.note)
            return
        for at, strip in enumerate(self._strips, 1):
            self.body.insertWidget(at, strip)
        self.foot.put_note()
        self.content.give_back()

    def offer(self, moves: Iterable[Move]) -> None:
        """The moves this page can make; some have a key wherever the case is shown."""
        offered = tuple(moves)
        self.foot.offer(offered)
        for move, (action_id, slot) in self._keyed().items():
            if move in offered and move not in self.keys:
                self.keys[move] = add_action(self, action_id, slot)
                self.keys[move].setEnabled(False)

    def _keyed(self) -> dict[Move, tuple[ActionId, Callable[[], None]]]:
        return {
            Move.AMEND: (ActionId.AMEND, self._amend),
            Move.MERGE: (ActionId.DUPLICATES, self._merge),
            Move.SPLIT: (ActionId.SPLIT, self._split),
        }

    @Slot()
    def _amend(self) -> None:
        self._act(Move.AMEND)

    @Slot()
    def _merge(self) -> None:
        self._act(Move.MERGE)

    @Slot()
    def _split(self) -> None:
        self._act(Move.SPLIT)

    def _follow_keys(self) -> None:
        """Enabled while the case in sight permits the move."""
        permitted = self._opened.case.permitted if self._opened is not None else frozenset()
        for move, action in self.keys.items():
            action.setEnabled(move in permitted)

    def offer_print(self) -> None:
        """Somebody listens to `print_wanted`: show the button."""
        self.foot.offer_print(add_action(self, ActionId.PRINT, self._print))

    @Slot(int)
    def open_case(self, ticket_id: int) -> None:
        """Read a work order and show it; the one in sight is read again and keeps its place."""
        if ticket_id != self._ticket_id:
            self._leave()
            self._ticket_id, self._opened = ticket_id, None
            self.foot.set_ready(False)
            self._follow_keys()
            self.content.hide_explanation()
            self._looked.start()
        self.reload()

    show_case = open_case

    @Slot()
    def close_case(self) -> None:
        """Nothing is open."""
        self._leave()
        self._ticket_id = self._opened = None
        self._show_parts(False)

    def focus_first(self) -> None:
        """From the list into the case: Tab goes on from its light."""
        self.head.light.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def reload(self) -> None:
        self._stale = False
        if self._ticket_id is not None:
            work = partial(self._orders.open, self._ticket_id)
            self._jobs.read(self, work, self._read, self._lost, key="case")

    def _read(self, opened: OpenedCase) -> None:
        if opened.case.row.id != self._ticket_id:
            return
        self._opened = opened
        self._show_parts(True)
        self.head.show_opened(opened)
        self.content.show_opened(opened)
        self.foot.show_opened(opened)
        self.explain.setEnabled(opened.case.finish_due is not None)
        self.loaded.emit(opened.case)

    def _lost(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._opened = None
            self._show_parts(False)
            self.empty.say(error.text, error.hint)
        else:
            self._jobs.unhandled.emit(error)

    def _show_parts(self, on: bool) -> None:
        for part in (self.head, self.content, self.foot):
            part.setVisible(on)
        for strip in () if on else self._strips:
            strip.clear()
        self.empty.setVisible(not on)
        self._follow_keys()
        self.reveal.setEnabled(on)
        self.explain.setEnabled(on)
        if not on:
            self.empty.say(self.tr("选一张工单查看"), self.tr("用上下键选择，详情会在这里打开"))

    # --- changes of others

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if self._ticket_id is None or (changed.ids and self._ticket_id not in changed.ids):
            return
        if Topic.PRESENCE in changed.topics and self.isVisible():
            self._look_who()
        if Topic.TICKETS not in changed.topics:
            return
        if self.is_typing:
            self._stale = True
        else:
            self.reload()

    @Slot()
    def _catch_up(self) -> None:
        if self._stale:
            self.reload()
        self.settled.emit()

    # --- who asked

    @Slot()
    def _ask_reveal(self) -> None:
        self.content.show_contact()
        self.content.contact.ask()

    @Slot(str, str)
    def _reveal(self, what: str, reason: str) -> None:
        if self._ticket_id is not None:
            work = partial(self._orders.reveal, self._ticket_id, what, reason)
            done = partial(self._revealed, self._ticket_id, what)
            self._jobs.write(self, work, done, self._not_revealed)

    def _revealed(self, ticket_id: int, what: str, value: str) -> None:
        # Another one may be in sight by now: its contact must not be mixed up with this one's.
        if ticket_id == self._ticket_id:
            self.content.contact.show_value(what, value)

    def _not_revealed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.content.contact.show_error(error)
        else:
            self._jobs.unhandled.emit(error)

    # --- why this deadline

    @Slot()
    def _explain(self) -> None:
        if self.content.is_explaining:
            self.content.hide_explanation()
        elif self._ticket_id is not None:
            work = partial(self._orders.explain, self._ticket_id)
            self._jobs.read(self, work, self._show_explanation, self._refused, key="panel")

    def _show_explanation(self, lines: tuple[str, ...]) -> None:
        if self._opened is not None:
            words = self._opened.case.row.light.words or self.tr("没有时限")
            self.content.show_explanation(self.tr("时限说明　{0}").format(words), lines)

    # --- notes and moves

    @Slot(int, str)
    def _store_note(self, ticket_id: int, words: str) -> None:
        # Without a version: a note clashes with nothing, whatever somebody else did meanwhile.
        work = partial(self._orders.note, ticket_id, words)
        self._jobs.write(self, work, partial(self._noted, ticket_id), self._not_noted)

    def _noted(self, ticket_id: int, _changed: Changed) -> None:
        self.foot.note.done(ticket_id)
        self._catch_up()

    def _not_noted(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.foot.note.fail(error)
        else:
            self._jobs.unhandled.emit(error)

    @Slot(object)
    def _act(self, move: Move) -> None:
        if self._opened is not None:
            self.act.emit(move, self._opened.case)

    @Slot()
    def _print(self) -> None:
        if self._opened is not None:
            self.print_wanted.emit(self._opened.case)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        self.content.show_refusal(error)
        self.failed.emit(error)

    # --- who else has it open

    @Slot()
    def _look(self) -> None:
        if self._ticket_id is None or not self.isVisible():
            self._again.stop()
            return
        self._again.start()
        work = partial(self._orders.set_presence, self._ticket_id)
        self._jobs.write(self, work, self._looked_at, self._no_presence)

    def _looked_at(self, _nothing: object) -> None:
        self._look_who()

    def _look_who(self) -> None:
        if self._ticket_id is not None:
            work = partial(self._orders.present, self._ticket_id)
            self._jobs.read(self, work, self.head.show_watchers, self._no_presence, key="present")

    def _no_presence(self, error: Exception) -> None:
        """A notice that cannot be given is nothing to stop anybody for; a defect is."""
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)

    def _leave(self) -> None:
        self._looked.stop()
        if self._again.isActive() and self._ticket_id is not None:
            self._again.stop()
            work = partial(self._orders.leave, self._ticket_id)
            self._jobs.write(self, work, None, self._no_presence)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self._ticket_id is not None:
            self._looked.start()

    def hideEvent(self, event) -> None:
        self.content.contact.mask()
        self._leave()
        super().hideEvent(event)
