"""What a running console does by itself: it looks at the clock, and it keeps where somebody oversees (product.md 5)."""

from functools import partial
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.domain.clock import Drift
from console.domain.errors import CutOff, UserError
from console.domain.roles import Operator, Role
from console.jobs import Jobs
from console.ledger import Seat
from console.services.clock import ClockWatch
from console.services.keeping import Keeping
from console.views.parts.clock import keep_time
from db.engine import Database

# Whose console may keep: those who are there all day and whose work the records are.
KEEPING = frozenset({Role.OVERSEER, Role.SUPERVISOR, Role.DISPATCHER})
KEEPER, CLOCK = "keeper", "clock"
EVERY_MS, FIRST_LOOK_MS, FIRST_SWEEP_MS = 60_000, 1_000, 20_000


class Rounds(QObject):
    """Runs while somebody is signed in. `clock_looked(words)`: how wrong this machine is; empty when right.

    `cut_off(error)` when the database no longer lets this person in. On PostgreSQL a person's own login may not
    do what the keeper does: there it is `main.py keeper` alone that keeps (docs/decisions/011).
    """

    clock_looked = Signal(str)
    cut_off = Signal(object)

    def __init__(self, jobs: Jobs, seat: Seat, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._watch = jobs, ClockWatch(seat.db)
        self._keeping, self._stop, self._under_way = Keeping(seat), Event(), False
        self._own_login = seat.db.guarded
        self._looks, self._sweeps = QTimer(self), QTimer(self)
        self._looks.timeout.connect(self._look)
        self._sweeps.timeout.connect(self._sweep)

    @Slot(object)
    def begin(self, operator: Operator) -> None:
        """Somebody sits down. Neither look nor sweep holds up the first paint."""
        self._stop.clear()
        self._looks.start(FIRST_LOOK_MS)
        if operator.role in KEEPING and not self._own_login:
            self._jobs.at_close(KEEPER, self._keeping.release)
            self._sweeps.start(FIRST_SWEEP_MS)

    def ask(self, database: Database) -> None:
        """A new password brought a new way into the database."""
        self._watch = ClockWatch(database)

    @Slot()
    def end(self) -> None:
        """Somebody leaves: the keeper's place is free for the next console at once."""
        self._looks.stop()
        if self._sweeps.isActive():
            self._sweeps.stop()
            self._stop.set()
            self._jobs.on_lane(KEEPER, self, self._keeping.release, None, self._not_kept)

    @Slot()
    def stop(self) -> None:
        """The console closes: a sweep under way ends after the work order in hand."""
        self._looks.stop()
        self._sweeps.stop()
        self._stop.set()

    @Slot(bool, str)
    def look_when_away(self, connected: bool, _words: str) -> None:
        """The line is gone: is it the server, or is it us that it no longer wants."""
        if not connected and self._looks.isActive():
            self._look()

    @Slot()
    def _look(self) -> None:
        self._looks.setInterval(EVERY_MS)
        self._jobs.read(self, self._watch.look, self._looked, self._not_looked, CLOCK)

    def _looked(self, drift: Drift) -> None:
        keep_time(drift.behind)
        self.clock_looked.emit(drift.words)

    def _not_looked(self, error: Exception) -> None:
        """A database that is away says so elsewhere; the last look holds."""
        if isinstance(error, CutOff):
            self.cut_off.emit(error)
        elif not isinstance(error, UserError):
            self._looks.stop()
            self._jobs.unhandled.emit(error)

    @Slot()
    def _sweep(self) -> None:
        """Never two at once: a long sweep is not followed by the ones it made late."""
        self._sweeps.setInterval(EVERY_MS)
        if not self._under_way:
            self._under_way = True
            work = partial(self._keeping.round, self._stop.is_set)
            self._jobs.on_lane(KEEPER, self, work, self._swept, self._not_kept)

    def _swept(self, _done: object) -> None:
        """What it changed has gone round as `jobs.changed` already."""
        self._under_way = False

    def _not_kept(self, error: Exception) -> None:
        """Another minute, another try; a defect is told once and ends the rounds."""
        self._under_way = False
        if not isinstance(error, UserError):
            self._sweeps.stop()
            self._jobs.unhandled.emit(error)
