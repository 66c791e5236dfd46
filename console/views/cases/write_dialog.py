"""A form over the case that writes one thing: errors beside their field, what was typed stays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from console.domain.errors import Conflict, UserError
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.put_aside import Texts, give_back
from console.views.parts.clock import grouped_number
from console.views.parts.dialog import Dialog
from console.views.parts.field import Fields


class WriteDialog(Dialog):
    """`written(Move, result, sentence)` once it stands in the database. Override `work` and `sentence`."""

    written = Signal(object, object, str)
    tone = Tone.OK

    def __init__(
        self,
        jobs: Jobs,
        move: Move,
        case: CaseFile,
        title: str,
        accept: str,
        hint: str = "",
        danger: bool = False,
        width: int = 480,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, accept, hint, danger, width, parent)
        self._jobs, self._move, self._case = jobs, move, case
        self._kept: Texts = {}
        self.fields = Fields()

    def resume(self, kept: Texts) -> None:
        """Give back what was typed and put aside; a form still reading gets it when it has read."""
        self._kept = kept
        if self.accept_button.isEnabled():
            self._give_back()

    def wait(self, on: bool) -> None:
        super().wait(on)
        if not on:
            self._give_back()

    def _give_back(self) -> None:
        kept, self._kept = self._kept, {}
        give_back(self, kept)

    def work(self) -> Callable[[], Any] | None:
        """What is run on the write lane; None when something is missing and has been said."""
        raise NotImplementedError

    def sentence(self, _result: Any) -> str:
        """What the message strip says afterwards."""
        return f"{self.accept_button.text()}　{grouped_number(self._case.row.number)}"

    @Slot()
    def try_accept(self) -> None:
        self.fields.clear_errors()
        self.error.hide()
        work = self.work()
        if work is None:
            return
        self.wait(True)
        self._jobs.write(self, work, self._wrote, self._refused)

    def _wrote(self, result: Any) -> None:
        self.written.emit(self._move, result, self.sentence(result))
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.wait(False)
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        if isinstance(error, Conflict) and error.version is not None:
            # Told who did what: the next press goes against what stands now.
            self._case = replace(self._case, row=replace(self._case.row, version=error.version))
        rest = self.fields.show_errors(error)
        if isinstance(rest, UserError):
            self.fail("　".join(filter(None, (rest.text, rest.hint))))
