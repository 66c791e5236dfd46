"""Nothing typed is lost: every form is journalled within a second, and waits here while the server is away."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.domain.errors import Unavailable, UserError
from console.domain.intake import Draft, IntakeForm, Registered
from console.jobs import Jobs
from console.views.intake.record_form import RecordForm
from console.views.intake.services import DraftBook, IntakeDesk

LANE = "drafts"


class Journal(QObject):
    """`kept` after each save; `found(drafts)` are forms not yet sent, other than the one open."""

    kept = Signal()
    found = Signal(object)
    troubled = Signal(object)

    DELAY_MS = 300

    def __init__(self, jobs: Jobs, drafts: DraftBook, form: RecordForm) -> None:
        super().__init__(form)
        self._jobs, self._drafts, self._form = jobs, drafts, form
        # Not restarted by the next key: someone typing without a pause is saved all the same.
        self._soon = QTimer(self, singleShot=True, interval=self.DELAY_MS)
        self._soon.timeout.connect(self.keep_now)
        form.changed.connect(self._changed)

    @Slot()
    def keep_now(self) -> None:
        self._soon.stop()
        form = self._form.form()
        if not form.blank:
            self._jobs.on_lane(
                LANE, self, partial(self._drafts.keep, form), self._kept, self.troubled.emit
            )

    def keep(self, form: IntakeForm) -> None:
        """Keep a form that leaves the screen unfinished, and tell what is waiting."""
        self._soon.stop()
        self._jobs.on_lane(
            LANE, self, partial(self._drafts.keep, form), self._kept, self.troubled.emit
        )
        self.look()

    def drop(self, key: str) -> None:
        """The server has it, or the operator does not want it."""
        if key == self._form.key:
            self._soon.stop()
        self._jobs.on_lane(LANE, self, partial(self._drafts.drop, key), None, self.troubled.emit)
        self.look()

    @Slot()
    def look(self) -> None:
        self._jobs.on_lane(LANE, self, self._drafts.all, self._found, self.troubled.emit)

    @Slot()
    def _changed(self, *_name: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _kept(self, _nothing: object) -> None:
        self.kept.emit()

    def _found(self, drafts: tuple[Draft, ...]) -> None:
        self.found.emit(
            tuple(draft for draft in drafts if draft.key != self._form.key and not draft.form.blank)
        )


class Outbox(QObject):
    """Forms submitted while the database was away; sent once each, in order, when it is back.

    `waiting(number)` for the operator's eyes; `sent(registered)`; `refused(form, error)` when the server,
    back again, finds the form wrong: it must be opened and mended.
    """

    waiting = Signal(int)
    sent = Signal(object)
    refused = Signal(object, object)

    RETRY_MS = 15_000

    def __init__(self, jobs: Jobs, drafts: DraftBook, desk: IntakeDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._drafts, self._desk = jobs, drafts, desk
        self._sending: IntakeForm | None = None
        self._looking = False
        self._again = QTimer(self, interval=self.RETRY_MS)
        self._again.timeout.connect(self.look)

    def queue(self, form: IntakeForm, dispatch: bool) -> None:
        self._jobs.on_lane(LANE, self, partial(self._drafts.queue, form, dispatch), self._queued)

    @Slot()
    def look(self) -> None:
        """At start, every now and then while something waits, and when the connection comes back."""
        if self._sending is None and not self._looking:
            self._looking = True
            self._jobs.on_lane(LANE, self, self._drafts.waiting, self._found, self._not_found)

    def _queued(self, _nothing: object) -> None:
        self._jobs.on_lane(LANE, self, self._drafts.waiting, self._count)
        self._again.start()

    def _count(self, waiting: tuple) -> None:
        self.waiting.emit(len(waiting))

    def _found(self, waiting: tuple) -> None:
        self._looking = False
        self.waiting.emit(len(waiting))
        if not waiting:
            self._again.stop()
            return
        self._again.start()
        self._sending = waiting[0].form
        work = partial(self._desk.submit, waiting[0].form, waiting[0].dispatch)
        self._jobs.write(self, work, self._sent, self._failed)

    def _not_found(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, UserError):
            raise error

    def _sent(self, registered: Registered) -> None:
        form, self._sending = self._sending, None
        self._drop(form)
        self.sent.emit(registered)
        self.look()

    def _failed(self, error: Exception) -> None:
        form, self._sending = self._sending, None
        if isinstance(error, Unavailable):
            return
        if not isinstance(error, UserError):
            raise error
        self._drop(form)
        self.refused.emit(form, error)
        self.look()

    def _drop(self, form: IntakeForm | None) -> None:
        if form is not None:
            self._jobs.on_lane(LANE, self, partial(self._drafts.drop, form.key))
