"""A running console hears the others: their changes reach every panel, and the light says whether it hears them."""

import random
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.domain.changes import Changed, Link
from console.jobs import IsCancelled, Jobs

CHANGES = "changes"
Hear = Callable[[Callable[[Changed | Link], None], IsCancelled], None]
# 已恢复 stands for so long, then it is an ordinary day again.
TOLD_MS = 10_000
# What waited here is sent at some moment of these, so that not every workstation sends at once.
SPREAD_MS = 4_000


class Live(QObject):
    """Runs while somebody is signed in. `link_shown(connected, words)` for the light; `back` some moments after
    a lost line was found again: what waited may be sent.
    """

    link_shown = Signal(bool, str)
    back = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._connected = jobs, True
        self._stop: Callable[[], None] | None = None
        self._nudge: Callable[[], None] | None = None
        self._told, self._soon = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._told.timeout.connect(self._settle)
        self._soon.timeout.connect(self.back)
        jobs.linked.connect(self._linked)
        jobs.missed.connect(self._missed)

    def begin(self, hear: Hear, nudge: Callable[[], None]) -> None:
        """Somebody sits down: `hear` runs on a thread of its own, `nudge` makes it try its line at once."""
        self.end()
        self._connected, self._nudge = True, nudge
        self._stop = self._jobs.listen(CHANGES, hear)

    @Slot()
    def end(self) -> None:
        """Somebody leaves; does not wait for the line to close."""
        for timer in (self._told, self._soon):
            timer.stop()
        stop, self._stop, self._nudge = self._stop, None, None
        if stop is not None:
            stop()

    @Slot()
    def retry(self) -> None:
        """The operator does not want to wait for the next try."""
        if self._nudge is not None:
            self._nudge()

    @Slot()
    def _missed(self) -> None:
        """Somebody met a dead database before the pulse did. While it is away the tries stay spread."""
        if self._connected:
            self.retry()

    @Slot(object)
    def _linked(self, link: Link) -> None:
        self._connected = link.connected
        if not link.connected:
            self._told.stop()
            self._soon.stop()
            self.link_shown.emit(False, self.tr("连接中断，正在重连"))
        elif link.again:
            self.link_shown.emit(True, self.tr("已恢复"))
            self._told.start(TOLD_MS)
            self._soon.start(random.randint(0, SPREAD_MS))
        else:
            self._settle()

    @Slot()
    def _settle(self) -> None:
        self.link_shown.emit(True, self.tr("已连接"))
