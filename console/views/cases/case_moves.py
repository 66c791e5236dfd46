"""The moves made from under a case, wherever the case is shown: each opens its form over it."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.domain.moves import Move
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.amend_dialog import AmendDialog
from console.views.cases.decision import DECISIONS, DecisionDialog
from console.views.cases.merge_dialog import MergeDialog
from console.views.cases.put_aside import Texts, typed
from console.views.cases.reason_dialog import ReasonDialog, WithdrawDialog
from console.views.cases.services import MoveDesks
from console.views.cases.split_dialog import SplitDialog
from console.views.cases.unit_dialogs import DismissDialog, UnitDialog, co_units
from console.views.cases.write_dialog import WriteDialog

# Beside a desk's own form; in the order of how often they are wanted.
CORRECTIONS = (
    Move.AMEND, Move.MERGE, Move.SPLIT, Move.ADD_CO_UNIT, Move.DISMISS_CO_UNIT, Move.NOTIFY, Move.RECALL,
    Move.UNMERGE,
)  # fmt: skip
# Ends before the end, and what a unit's leader decides where he reads: the reply of a unit below him.
ENDINGS = (Move.WITHDRAW_APPEAL, Move.VOID)
REVIEWS = (Move.PASS_REVIEW, Move.FAIL_REVIEW)
MOVES = (*DECISIONS, *CORRECTIONS)


class CaseMoves(QObject):
    """`act(move, case)` opens the form; `said(sentence, tone)` and `made(move, result)` once it is stored."""

    said = Signal(str, object)
    failed = Signal(object)
    made = Signal(object, object)

    def __init__(self, jobs: Jobs, desks: MoveDesks, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._desks, self._window = jobs, desks, window
        self._put_aside: dict[tuple[Move, int], Texts] = {}
        self._open: tuple[Move, int] = (Move.NOTE, 0)

    @Slot(object, object)
    def act(self, move: Move, case: CaseFile) -> None:
        """Nothing for a move that has its form elsewhere."""
        if move in DECISIONS:
            decision = DecisionDialog(self._jobs, self._desks.deciding, move, case, self._window)
            decision.decided.connect(self.said)
            decision.finished.connect(decision.deleteLater)
            decision.open()
            return
        dialog = self._form(move, case)
        if dialog is not None:
            self._open = (move, case.row.id)
            dialog.resume(self._put_aside.pop(self._open, {}))
            dialog.written.connect(self._written)
            dialog.rejected.connect(self._left)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    @Slot()
    def _left(self) -> None:
        """Esc: what was typed waits for the next time this form is opened for this work order."""
        words = typed(self.sender())
        if words:
            self._put_aside[self._open] = words

    def _form(self, move: Move, case: CaseFile) -> WriteDialog | None:
        jobs, desks, over = self._jobs, self._desks, self._window
        if move is Move.AMEND:
            return AmendDialog(jobs, desks.amending, case, over)
        if move is Move.MERGE:
            return MergeDialog(jobs, desks.merging, case, over)
        if move is Move.SPLIT:
            return SplitDialog(jobs, desks.splitting, desks.amending, case, over)
        if move in (Move.ADD_CO_UNIT, Move.NOTIFY):
            return UnitDialog(jobs, desks.dispatching, move, case, over)
        if move is Move.DISMISS_CO_UNIT:
            return self._dismissal(case)
        if move is Move.WITHDRAW_APPEAL:
            hint = self.tr("须由原来电号码提出；有其他诉求人或涉及公共安全的不能撤单")
            return WithdrawDialog(jobs, desks.ending, case, hint, over)
        return self._reasoned(move, case)

    def _dismissal(self, case: CaseFile) -> WriteDialog | None:
        if not co_units(case):
            self.said.emit(self.tr("本单没有协办单位"), Tone.WARN)
            return None
        return DismissDialog(self._jobs, self._desks.dispatching, case, self._window)

    def _reasoned(self, move: Move, case: CaseFile) -> WriteDialog | None:
        if move is Move.RECALL:
            hint = self.tr("单位还没有签收，撤回后回到待派单")
            write = self._desks.dispatching.recall
        elif move is Move.DISCARD:
            hint = self.tr("草稿作废，不再列在您的草稿里；编号不再使用")
            write = self._desks.orders.discard
        elif move is Move.UNMERGE:
            hint = self.tr("恢复到合并前的样子：状态、时限、承办单位和诉求人都不变")
            write = self._desks.merging.unmerge
        elif move is Move.VOID:
            hint = self.tr("只用于登记有误的工单；编号不再使用，记录保留")
            write = self._desks.ending.void
        elif move in REVIEWS:
            return self._review(move, case)
        else:
            return None
        return ReasonDialog(self._jobs, write, move, case, hint, self._window)

    def _review(self, move: Move, case: CaseFile) -> WriteDialog:
        reviewing = self._desks.reviewing
        said = case.result.public_reply if case.result is not None else ""
        hint = self.tr("公开答复：{0}").format(said) if said else ""
        passes = move is Move.PASS_REVIEW

        def write(ticket_id: int, comment: str, version: int) -> object:
            judge = reviewing.pass_reply if passes else reviewing.send_back
            return judge(ticket_id, version, comment)

        return ReasonDialog(self._jobs, write, move, case, hint, self._window)

    @Slot(object, object, str)
    def _written(self, move: Move, result: object, sentence: str) -> None:
        self.said.emit(sentence, Tone.OK)
        self.made.emit(move, result)
