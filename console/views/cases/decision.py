"""One sentence for a decision: granting may go without, refusing may not."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from console.domain.desks import Done
from console.domain.errors import Conflict, UserError
from console.domain.moves import MOVE_NAMES, Move
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.services import DecisionDesk
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field, Fields
from console.views.parts.snippet_edit import SnippetEdit

DECISIONS = (
    Move.GRANT_RETURN, Move.REFUSE_RETURN, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION,
)  # fmt: skip
DRASTIC = frozenset({Move.REFUSE_RETURN, Move.REFUSE_EXTENSION})


class DecisionDialog(Dialog):
    """`decided(sentence, tone)` once it stands in the database; a refusal by the rules stays beside the field."""

    decided = Signal(str, object)

    def __init__(
        self, jobs: Jobs, desk: DecisionDesk, move: Move, case: CaseFile, parent: QWidget
    ) -> None:
        name = MOVE_NAMES[move]
        asked = next((e.note for e in reversed(case.events) if e.action.startswith("ask_")), "")
        super().__init__(f"{name}　{case.row.title}", name, asked, move in DRASTIC, parent=parent)
        self._jobs, self._desk, self._move, self._case = jobs, desk, move, case
        self.opinion = SnippetEdit(self.tr("意见"), 500, rows=3)
        self.fields = Fields(
            Field(self.tr("意见"), self.opinion, "opinion", required=move in DRASTIC)
        )
        self.body.addWidget(self.fields["opinion"])
        self.opinion.setFocus()

    @Slot()
    def try_accept(self) -> None:
        row = self._case.row
        work = partial(self._desk.decide, row.id, self._move, self.opinion.text, row.version)
        self.wait(True)
        self._jobs.write(self, work, self._written, self._refused)

    def _written(self, done: Done) -> None:
        self.decided.emit(f"{done.words}　{done.number}", Tone.OK)
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
        if rest is not None:
            self.fail("　".join(filter(None, (rest.text, rest.hint))))
