"""重新办理: a closed matter with a new fact goes back to its unit; what that means is said before it is done."""

from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.domain.callback import Outlook
from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.theme import Tone
from console.views.callback.services import ReopenDesk
from console.views.parts.card import label
from console.views.parts.clock import grouped_number
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field, Fields
from console.views.parts.snippet_edit import SnippetEdit


class ReopenDialog(Dialog):
    """`decided(sentence, tone)` once it stands in the database; a refusal by the rules stays in the dialog."""

    decided = Signal(str, object)

    def __init__(self, jobs: Jobs, desk: ReopenDesk, case: CaseFile, parent: QWidget) -> None:
        super().__init__(
            self.tr("重新办理　{0}").format(case.row.title), self.tr("重新办理"), danger=True,
            width=520, parent=parent,
        )  # fmt: skip
        self._jobs, self._desk, self._case = jobs, desk, case
        self.words = label(self.tr("正在计算新的时限"), wrap=True)
        self.warning = label("", "error", wrap=True)
        self.reason = SnippetEdit(self.tr("重新办理的原因"), 300, rows=3)
        self.fields = Fields(
            Field(
                self.tr("出现了什么新情况"), self.reason, "reason", required=True,
                hint=self.tr("写入经过，承办单位可见"),
            )
        )  # fmt: skip
        self.body.addWidget(self.words)
        self.body.addWidget(self.warning)
        self.body.addWidget(self.fields["reason"])
        self.warning.hide()
        read = partial(desk.outlook, case.row.id, Move.REOPEN)
        jobs.read(self, read, self._show_outlook, self._refused, key="outlook")

    def _show_outlook(self, outlook: Outlook) -> None:
        self.words.setText(outlook.words)
        self.warning.setText(outlook.warning)
        self.warning.setVisible(bool(outlook.warning))
        self._grow()

    def _grow(self) -> None:
        """Once the new words are laid out: nothing may lie over anything else."""
        QTimer.singleShot(0, self, self.adjustSize)

    @Slot()
    def try_accept(self) -> None:
        row = self._case.row
        self.wait(True)
        work = partial(self._desk.reopen, row.id, self.reason.text, row.version)
        self._jobs.write(self, work, self._written, self._refused)

    def _written(self, changed: Changed) -> None:
        words = self.tr("已重新办理　{0}").format(grouped_number(changed.number))
        self.decided.emit(words, Tone.OK)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.wait(False)
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        rest = self.fields.show_errors(error)
        if rest is not None:
            self.fail("　".join(filter(None, (rest.text, rest.hint))))
        self._grow()
