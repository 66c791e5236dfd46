"""A move that needs nothing but its reason: 撤回派单, 撤销合并, 作废; 放弃草稿 not even that."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.moves import MOVE_NAMES, Move
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.views.cases.services import EndDesk
from console.views.cases.write_dialog import WriteDialog
from console.views.parts.clock import grouped_number
from console.views.parts.field import Field, Fields
from console.views.parts.snippet_edit import SnippetEdit

Write = Callable[[int, str, int], Any]


class ReasonDialog(WriteDialog):
    """`write(ticket id, reason, version)`."""

    optional = frozenset({Move.DISCARD, Move.PASS_REVIEW})

    def __init__(
        self, jobs: Jobs, write: Write, move: Move, case: CaseFile, hint: str, parent: QWidget
    ) -> None:
        name = MOVE_NAMES[move]
        super().__init__(jobs, move, case, f"{name}　{case.row.title}", name, hint, parent=parent)
        self._write = write
        review = move in (Move.PASS_REVIEW, Move.FAIL_REVIEW)
        words, key = (self.tr("审核意见"), "comment") if review else (self.tr("理由"), "reason")
        self.reason = SnippetEdit(words, 500, rows=2)
        required = move not in self.optional
        self.fields = Fields(Field(words, self.reason, key, required=required))
        self.body.addWidget(self.fields[key])

    def work(self) -> Callable[[], Any]:
        row = self._case.row
        return partial(self._write, row.id, self.reason.text, row.version)

    def sentence(self, _result: Any) -> str:
        number = grouped_number(self._case.row.number)
        return self.tr("已{0}　{1}").format(MOVE_NAMES[self._move], number)


class WithdrawDialog(WriteDialog):
    """撤单: the number the caller is calling from now, and why; whether it is the same one the database knows."""

    def __init__(
        self, jobs: Jobs, desk: EndDesk, case: CaseFile, hint: str, parent: QWidget
    ) -> None:
        move = Move.WITHDRAW_APPEAL
        name = MOVE_NAMES[move]
        super().__init__(
            jobs, move, case, f"{name}　{case.row.title}", name, hint, True, parent=parent
        )
        self._desk = desk
        self.phone, self.reason = QLineEdit(), SnippetEdit(self.tr("撤单原因"), 500, rows=2)
        self.fields = Fields(
            Field(self.tr("现在来电的号码"), self.phone, "phone", required=True),
            Field(self.tr("撤单原因"), self.reason, "reason", required=True),
        )
        for key in ("phone", "reason"):
            self.body.addWidget(self.fields[key])
        self.phone.setFocus()

    def work(self) -> Callable[[], Any]:
        row = self._case.row
        return partial(
            self._desk.withdraw, row.id, self.phone.text(), self.reason.text, row.version
        )

    def sentence(self, _result: Any) -> str:
        return self.tr("已撤单　{0}").format(grouped_number(self._case.row.number))
