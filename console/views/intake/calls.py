"""The telephone side of the desk: ringing, answered, ended. It never touches the keyboard focus."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from console.domain.errors import Unavailable
from console.domain.intake import CallerCard
from console.domain.masking import mask_phone
from console.jobs import Jobs
from console.views.call_bar import CallFacts, PhoneState
from console.views.intake.services import IntakeDesk


class Calls(QObject):
    """`rang(CallerCard)`; `bar(PhoneState, CallFacts | None)` is what the call bar shows."""

    rang = Signal(object)
    bar = Signal(object, object)
    troubled = Signal(object)

    def __init__(self, jobs: Jobs, desk: IntakeDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self.ringing: CallerCard | None = None
        self.talking: CallerCard | None = None
        self._number = ""
        self._since: datetime | None = None

    @Slot(str)
    def ring(self, phone: str) -> None:
        """A call comes in: written down, then shown."""
        self._number = phone
        self._jobs.write(self, partial(self._desk.ring, phone), self.show_ring, self._not_written)

    @Slot(object)
    def show_ring(self, card: CallerCard) -> None:
        self.ringing = card
        self.bar.emit(PhoneState.RINGING, facts_of(card))
        self.rang.emit(card)

    def answer(self) -> CallerCard | None:
        """Take the ringing call, ending one still open; None when nothing rings."""
        card, self.ringing = self.ringing, None
        if card is None:
            return None
        if self.talking is not None:
            self._end(self.talking)
        self.talking, self._since = card, datetime.now(UTC)
        if card.call_id is not None:
            self._jobs.write(
                self, partial(self._desk.answer_call, card.call_id), None, self.troubled.emit
            )
        self.bar.emit(PhoneState.TALKING, facts_of(card, self._since))
        return card

    def end(self, result: str = "answered") -> CallerCard | None:
        """Hang up; the ringing one if none is open. None when there is no call."""
        card = self.talking or self.ringing
        if card is None:
            return None
        if card is self.ringing:
            result, self.ringing = "abandoned", None
        else:
            self.talking = None
        self._end(card, result)
        rest = self.ringing
        self.bar.emit(
            PhoneState.RINGING if rest else PhoneState.IDLE, facts_of(rest) if rest else None
        )
        return card

    def _end(self, card: CallerCard, result: str = "answered") -> None:
        if card.call_id is not None:
            self._jobs.write(
                self, partial(self._desk.end_call, card.call_id, result), None, self.troubled.emit
            )

    def _not_written(self, error: Exception) -> None:
        # The telephone rings whether or not the database answers: the call is taken with what is known here.
        if isinstance(error, Unavailable):
            self.show_ring(CallerCard(None, mask_phone(self._number), self._number, "", "", 0, 0))
        self.troubled.emit(error)


def facts_of(card: CallerCard, since: datetime | None = None) -> CallFacts:
    """The call bar's part of what is known of a caller."""
    care = next((word for resident in card.residents for word in resident.care), "")
    return CallFacts(card.phone, card.calls_before + 1, card.area, card.kind, since, care)
