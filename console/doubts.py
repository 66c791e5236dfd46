"""Writes whose answer was lost on the way: what became of them is found out and said; nobody does them twice."""

from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.domain.changes import Changed, Topic
from console.domain.errors import Unavailable, Unsure
from console.jobs import Jobs
from console.theme import Tone

LANE = "doubts"
AGAIN_MS = 3_000


class Doubts(QObject):
    """Asks, one after another, until the database says. `settled(words, tone)` for each; every panel reloads."""

    settled = Signal(str, object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, deque[Unsure]()
        self._asking = False
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._ask)
        jobs.unsure.connect(self.add)

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    @Slot(object)
    def add(self, doubt: Unsure) -> None:
        """A write nobody knows the end of."""
        self._open.append(doubt)
        self._again.start()

    @Slot()
    def _ask(self) -> None:
        if self._open and not self._asking:
            self._asking = True
            self._jobs.on_lane(LANE, self, self._open[0].saved, self._known, self._not_known)

    def _known(self, saved: bool) -> None:
        self._asking = False
        self._open.popleft()
        if saved:
            words = self.tr("已核对：刚才没有答复的那一步已经保存，请不要重做。")
            self._jobs.announce(Changed(frozenset(Topic)))
        else:
            words = self.tr("已核对：刚才没有答复的那一步没有保存，请再做一次。")
        self.settled.emit(words, Tone.OK if saved else Tone.WARN)
        self._ask()

    def _not_known(self, error: Exception) -> None:
        self._asking = False
        if isinstance(error, Unavailable):
            self._again.start()
        else:
            self._open.popleft()
            self._jobs.unhandled.emit(error)
