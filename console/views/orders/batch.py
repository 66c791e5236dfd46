"""One thing done to many work orders, one after the other: progress, and a stop that leaves nothing half done."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from console.domain.changes import Changed
from console.domain.desks import BulkResult
from console.domain.errors import UserError
from console.domain.records import TicketRow
from console.jobs import Jobs

Work = Callable[[TicketRow], Callable[[], Any]]


class BatchRun(QObject):
    """Each work order is a write of its own: a stop waits for the one under way and begins no other."""

    progressed = Signal(int, int)
    finished = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._rows: tuple[TicketRow, ...] = ()
        self._work: Work | None = None
        self._at, self._stopped = 0, False
        self._done: list[str] = []
        self._failed: list[tuple[str, str]] = []

    @property
    def is_running(self) -> bool:
        return self._work is not None

    def start(self, rows: Sequence[TicketRow], work: Work) -> None:
        self._rows, self._work = tuple(rows), work
        self._at, self._stopped = 0, False
        self._done, self._failed = [], []
        self._next()

    @Slot()
    def cancel(self) -> None:
        self._stopped = True

    def _next(self) -> None:
        if self._work is None:
            return
        if self._stopped or self._at >= len(self._rows):
            self._end()
            return
        self.progressed.emit(self._at, len(self._rows))
        row = self._rows[self._at]
        self._jobs.write(self, self._work(row), partial(self._went, row), partial(self._not, row))

    def _went(self, row: TicketRow, _result: Any) -> None:
        self._done.append(row.number)
        self._at += 1
        self._next()

    def _not(self, row: TicketRow, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
        words = error.text if isinstance(error, UserError) else self.tr("没有完成，原因已记录")
        self._failed.append((row.number, words))
        self._at += 1
        self._next()

    def _end(self) -> None:
        self._work = None
        ids = tuple(row.id for row in self._rows[: self._at])
        changed = Changed(frozenset(), ids)
        self.finished.emit(BulkResult(changed, tuple(self._done), tuple(self._failed)))
