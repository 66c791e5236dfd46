"""Joins the call bar's 示闲/示忙/小休 to the attendance record, follows the call, and shows overseers the counts."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from console.domain.changes import Changed, Topic
from console.domain.errors import UserError
from console.domain.seats import AgentState, SeatCounts
from console.jobs import Jobs
from console.views.call_bar import CallBar, PhoneState
from console.views.status_bar import StatusBar


class SeatDesk(Protocol):
    """console.services.seats.Seats."""

    @property
    def sees_counts(self) -> bool: ...
    def go(self, state: AgentState) -> Changed: ...
    def leave(self, account_id: int) -> Changed: ...
    def counts(self) -> SeatCounts: ...


class SeatStates(QObject):
    """One seat's state for as long as its window stands. Nothing here ever disturbs a call: a state that cannot be
    written is written with the next one.
    """

    def __init__(
        self, jobs: Jobs, desk: SeatDesk, account_id: int, bar: CallBar, foot: StatusBar
    ) -> None:
        super().__init__(bar)
        self._jobs, self._desk, self._account_id = jobs, desk, account_id
        self._bar, self._foot = bar, foot
        self._state: AgentState | None = None

    def take_calls(self) -> None:
        """This seat answers the telephone."""
        self._bar.agent_state_chosen.connect(self._go)
        self._go(AgentState.READY)

    def watch(self) -> None:
        """This operator oversees the seats, if so."""
        if self._desk.sees_counts:
            self._jobs.changed.connect(self._changed)
            self._count()

    @Slot(object, object)
    def call_shown(self, phone: PhoneState, _facts: object) -> None:
        """Talking while the call lasts, wrapping up after it."""
        if self._state is None:
            return
        if phone is PhoneState.TALKING:
            self._show(AgentState.TALKING)
        elif phone is PhoneState.IDLE and self._state is AgentState.TALKING:
            self._show(AgentState.WRAP_UP)

    @Slot(object)
    def filed(self, _registered: object) -> None:
        """The record of the call is written: ready for the next one."""
        if self._state is AgentState.WRAP_UP:
            self._show(AgentState.READY)

    def leave(self) -> None:
        """Whoever sat here goes."""
        if self._state is not None:
            self._state = None
            self._jobs.write(self, partial(self._desk.leave, self._account_id), None, self._trouble)

    def _show(self, state: AgentState) -> None:
        self._bar.show_agent_state(state)
        self._go(state)

    @Slot(object)
    def _go(self, state: AgentState) -> None:
        if state is not self._state:
            self._state = state
            self._jobs.write(self, partial(self._desk.go, state), None, self._trouble)

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if Topic.SEATS in changed.topics:
            self._count()

    def _count(self) -> None:
        self._jobs.read(self, self._desk.counts, self._counted, self._trouble, key="seats")

    def _counted(self, counts: SeatCounts) -> None:
        self._foot.show_seats(counts.words)

    def _trouble(self, error: Exception) -> None:
        """The database being away is said elsewhere; a defect is told."""
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
