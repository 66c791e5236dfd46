"""A move that needs nothing but its reason: 撤回派单, 撤销合并; 放弃草稿 not even that."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from console.domain.moves import MOVE_NAMES, Move
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.views.cases.write_dialog import WriteDialog
from console.views.parts.clock import grouped_number
from console.views.parts.field import Field, Fields
from console.views.parts.snippet_edit import SnippetEdit

Write = Callable[[int, str, int], Any]


class ReasonDialog(WriteDialog):
    """`write(ticket id, reason, version)`."""

    def __init__(
        self, jobs: Jobs, write: Write, move: Move, case: CaseFile, hint: str, parent: QWidget
    ) -> None:
        name = MOVE_NAMES[move]
        super().__init__(jobs, move, case, f"{name}　{case.row.title}", name, hint, parent=parent)
        self._write = write
        self.reason = SnippetEdit(self.tr("理由"), 500, rows=2)
        required = move is not Move.DISCARD
        self.fields = Fields(Field(self.tr("理由"), self.reason, "reason", required=required))
        self.body.addWidget(self.fields["reason"])

    def work(self) -> Callable[[], Any]:
        row = self._case.row
        return partial(self._write, row.id, self.reason.text, row.version)

    def sentence(self, _result: Any) -> str:
        number = grouped_number(self._case.row.number)
        return self.tr("已{0}　{1}").format(MOVE_NAMES[self._move], number)
