"""A case in sight without the window of a colleague: just enough for the desks around it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.domain.records import CaseFile
from console.jobs import Jobs
from console.ledger import Seat, case_file
from console.views.parts.card import Card, label
from console.views.parts.step_bar import StepBar
from console.views.parts.timeline import Timeline


class StandInCase(Card):
    loaded = Signal(object)

    def __init__(self, jobs: Jobs, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._jobs, self._seat = jobs, seat
        self.heading, self.words = label("", "title"), label("", wrap=True)
        self.steps, self.timeline = StepBar(), Timeline()
        self.add(self.heading, self.steps, self.words, self.timeline)
        self.body.addStretch(1)

    def open_case(self, ticket_id: int) -> None:
        self._jobs.read(self, partial(_read, self._seat, ticket_id), self._show, print, key="case")

    def close_case(self) -> None:
        self.heading.setText("")

    def _show(self, case: CaseFile) -> None:
        self.heading.setText(case.row.title)
        self.words.setText(case.content)
        self.steps.show_steps(case.steps, case.step_at)
        self.timeline.show_events(case.events)
        self.loaded.emit(case)


def _read(seat: Seat, ticket_id: int) -> CaseFile:
    with seat.db.reading() as session:
        return case_file(session, seat, ticket_id)
