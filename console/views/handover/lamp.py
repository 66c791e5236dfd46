"""The lamp at the foot of the window: open promises, in the colour of the worst; pressed, it opens the hand-over."""

from typing import Protocol

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.changes import Changed, Topic
from console.domain.errors import UserError
from console.domain.promises import PromiseCounts
from console.domain.records import LightText
from console.jobs import Jobs
from console.views.parts.key_cap import KeyButton
from console.views.parts.light_label import LightLabel

AGAIN_MS = 60_000


class Counts(Protocol):
    """console.services.promises.Promises, as far as the lamp uses it."""

    def overdue(self) -> PromiseCounts: ...


class PromiseLamp(QWidget):
    """`pressed()`; hidden while nothing is open. Looks again every minute and whenever a work order changes."""

    pressed = Signal()

    def __init__(self, jobs: Jobs, promises: Counts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._promises = jobs, promises
        self.counts = PromiseCounts()
        self.light, self.button = LightLabel(), KeyButton("", kind="quiet")
        self.button.clicked.connect(self.pressed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.light)
        line.addWidget(self.button)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.look)
        self._again.start()
        jobs.changed.connect(self._changed)
        self.hide()
        self.look()

    @Slot()
    def look(self) -> None:
        self._jobs.read(self, self._promises.overdue, self.show_counts, self._trouble, key="lamp")

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if Topic.TICKETS in changed.topics:
            self.look()

    def show_counts(self, counts: PromiseCounts) -> None:
        self.counts = counts
        worst = self.tr("承诺超时 {0}").format(counts.overdue)
        near = self.tr("承诺将到 {0}").format(counts.yellow)
        held = self.tr("承诺 {0}").format(counts.open)
        words = worst if counts.overdue else near if counts.yellow else held
        self.light.show_light(LightText(counts.light, words))
        self.button.set_words(self.tr("查看"))
        self.setToolTip(counts.words)
        self.button.setAccessibleName(counts.words)
        self.setVisible(bool(counts.open))

    def _trouble(self, error: Exception) -> None:
        """A lamp that cannot be read is no reason to disturb anybody; a defect is."""
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
