"""How a record leaves the desk: submitted, answered, joined, refused, handed over; typed text stays till it is safe."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.domain.changes import Changed
from console.domain.errors import Invalid, InvalidForm, Unavailable, UserError
from console.domain.intake import IntakeForm, Registered
from console.jobs import Jobs
from console.views.intake.journal import Journal, Outbox
from console.views.intake.record_form import RecordForm
from console.views.intake.services import IntakeDesk


@dataclass(frozen=True, slots=True)
class Filed:
    """A record that reached the server; `form` is what was sent, to be brought back by undo."""

    registered: Registered
    form: IntakeForm
    how: str


@dataclass(frozen=True, slots=True)
class Undo:
    """What Ctrl+Z within ten seconds takes back."""

    ticket_id: int
    form: IntakeForm


class Filing(QObject):
    """One record at a time: a second key press while one is on its way does nothing.

    `filed(Filed)`, `stored(form)` when the database is away, `refused(error)` for what has no field,
    `busy(bool)`, `undone(form)`.
    """

    filed = Signal(object)
    stored = Signal(object)
    refused = Signal(object)
    busy = Signal(bool)
    undone = Signal(object)

    def __init__(
        self, jobs: Jobs, desk: IntakeDesk, form: RecordForm, journal: Journal, outbox: Outbox
    ) -> None:
        super().__init__(form)
        self._jobs, self._desk, self._form = jobs, desk, form
        self._journal, self._outbox = journal, outbox
        self._sent: tuple[IntakeForm, str] | None = None
        self._taken_back: Undo | None = None
        self._away: tuple[IntakeForm, bool] | None = None

    @property
    def under_way(self) -> bool:
        return self._sent is not None

    def submit(self, dispatch: bool) -> None:
        """F8, or Ctrl+F8 without dispatch. Half-typed choices are faults here: the service only sees chosen ones."""
        self._form.fields.clear_errors()
        faults = self._half_typed()
        if faults:
            self._show(InvalidForm(faults))
            return
        form = self._form.form()
        self._send(
            partial(self._desk.submit, form, dispatch),
            form,
            "dispatched" if dispatch else "submitted",
        )

    def file(self, method: Callable[..., Any], how: str, *inputs: object) -> None:
        """Answer, join, reject, hand over, save as draft: `method(form, *inputs)` of the service."""
        form = self._form.form()
        self._send(partial(method, form, *inputs), form, how)

    def undo(self, undo: Undo) -> None:
        """Take a dispatch back; the form returns to the character."""
        self._taken_back = undo
        self._jobs.write(
            self, partial(self._desk.undo_dispatch, undo.ticket_id), self._undone, self.refused.emit
        )

    def _send(self, work: partial, form: IntakeForm, how: str) -> None:
        if self._sent is not None:
            return
        self._sent = (form, how)
        self.busy.emit(True)
        self._jobs.write(self, work, self._done, self._failed)

    def _end(self) -> tuple[IntakeForm, str]:
        sent, self._sent = self._sent, None
        self.busy.emit(False)
        if sent is None:
            raise RuntimeError("an answer without a question")
        return sent

    def _done(self, registered: Registered) -> None:
        form, how = self._end()
        self._journal.drop(form.key)
        self.filed.emit(Filed(registered, form, how))

    def _failed(self, error: Exception) -> None:
        form, how = self._sent
        if isinstance(error, Unavailable) and how in ("dispatched", "submitted"):
            self._away = (form, how == "dispatched")
            self._jobs.write(
                self, partial(_numbered, self._desk, form), self._store, self._store_unnumbered
            )
        else:
            self._end()
            self._show(error)

    def _store(self, form: IntakeForm) -> None:
        """The database is away: the record gets its final number from the leased block and waits in the outbox."""
        (_form, dispatch), self._away = self._away, None
        self._outbox.queue(form, dispatch)
        self._sent = None
        self.busy.emit(False)
        self.stored.emit(form)

    def _store_unnumbered(self, _error: Exception) -> None:
        self._store(self._away[0])

    def _show(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        rest = self._form.fields.show_errors(error)
        if rest is not None:
            self.refused.emit(rest)

    def _half_typed(self) -> tuple[Invalid, ...]:
        lines = (
            ("category_code", self._form.category),
            ("unit_id", self._form.unit),
            ("co_unit_ids", self._form.co_units.line),
        )
        hint = self.tr("按 ↓ 从列表里选，或清空。")
        return tuple(
            Invalid(self.tr("“{0}”还没有选定。").format(line.text().strip()), hint, name)
            for name, line in lines
            if line.text().strip() and line.value is None
        )

    def _undone(self, changed: Changed) -> None:
        undo, self._taken_back = self._taken_back, None
        if undo is not None:
            back = replace(undo.form, ticket_id=undo.ticket_id, version=changed.version)
            self.undone.emit(back)


def _numbered(desk: IntakeDesk, form: IntakeForm) -> IntakeForm:
    return (
        form
        if form.number or form.ticket_id
        else replace(form, number=desk.take_number(form.channel))
    )
