"""What every workplace has in common with the window around it: sentences, undo, other places, reloading."""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from console.actions import ActionId
from console.domain.changes import Changed, Topic
from console.jobs import Jobs
from console.theme import Tone


class Page(QWidget):
    """A workplace. The window listens to its signals and never asks what kind of page it is.

    `said(sentence, tone)`: a line for the message strip.
    `failed(error)`: a UserError that belongs to no field; anything else is a defect.
    `undo_offered(sentence, button, subject, seconds)`: taken in time, the window calls `undo(subject)`.
    `step_offered(sentence, tone, button, step)`: pressed, the window calls `take_step(step)`.
    `open_ticket(id)`: show this work order in the work-order pool. `speak(text)`: read this aloud.
    """

    said = Signal(str, object)
    failed = Signal(object)
    undo_offered = Signal(str, str, object, int)
    step_offered = Signal(str, object, str, str)
    open_ticket = Signal(int)
    speak = Signal(str)

    # What this page shows; a change of anything else does not reload it.
    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.TICKETS})

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._stale, self._left_at = True, None
        jobs.changed.connect(self.take_change)

    @Slot()
    def reload(self) -> None:
        """Read the lists again; what the operator is typing stays."""

    @Slot(object)
    def undo(self, subject: object) -> None:
        """Take back what was offered by `undo_offered`."""

    def fell_silent(self) -> None:
        """What was read aloud is over, or cannot be read."""

    @Slot(str)
    def take_step(self, step: str) -> None:
        """Do what was offered by `step_offered`."""

    @Slot(object)
    def act(self, action_id: ActionId) -> None:
        """Do one of this page's actions as if its key had been pressed."""
        for action in self.actions():
            if action.objectName() == action_id:
                action.trigger()

    def why_not(self, action: QAction) -> str:
        """Why this action's key does nothing now; shown when it is pressed all the same."""
        return self.tr("“{0}”现在用不上：先选中一张能这样办的工单").format(action.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nobody took the key. If it is one of ours that cannot act now, say so instead of keeping silent."""
        pressed = QKeySequence(event.keyCombination())
        for action in self.actions():
            if action.isVisible() and not action.isEnabled() and action.shortcut() == pressed:
                self.said.emit(self.why_not(action), Tone.WARN)
                return
        super().keyPressEvent(event)

    def home(self) -> QWidget | None:
        """Where the focus goes when the page is opened for the first time."""
        return None

    def holds_back(self) -> bool:
        """True while a reload would take something away under the operator's hands."""
        return False

    @Slot(object)
    def take_change(self, changed: Changed) -> None:
        """Somebody wrote something: reload if it is ours, or when the page is next looked at."""
        if not self.topics & changed.topics:
            return
        if self.isVisible() and not self.holds_back():
            self._stale = False
            self.reload()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale and not self.holds_back():
            self._stale = False
            self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        self._left_at = self.focusWidget()
        super().hideEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The window gives the focus to the page; the page gives it to where the operator was."""
        super().focusInEvent(event)
        last = self._left_at
        if last is None or last is self or not isValid(last) or not last.isVisibleTo(self):
            last = self.home()
        if last is not None:
            last.setFocus(Qt.FocusReason.OtherFocusReason)
