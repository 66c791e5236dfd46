"""提出知识条目: a key under a finished case, and the dialog with what its answer suggests."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.knowledge import Proposal
from console.domain.records import CaseFile
from console.domain.states import TicketState
from console.jobs import Jobs
from console.views.knowledge.entry_form import EntryForm
from console.views.knowledge.services import KnowledgeDesk
from console.views.parts.clock import grouped_number
from console.views.parts.dialog import Dialog
from console.views.parts.key_cap import ActionButton

FINISHED = frozenset({TicketState.ANSWERED, TicketState.CLOSED, TicketState.ARCHIVED})


class ProposalStrip(QWidget):
    """In the head of a case that is finished and not confidential. `wanted(CaseFile)`."""

    wanted = Signal(object)
    failed = Signal(object)
    settled = Signal()
    is_typing = False

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._case: CaseFile | None = None
        self.propose = add_action(owner, ActionId.PROPOSE_ENTRY, self._want)
        self.button = ActionButton(self.propose, "quiet", self.tr("提出知识条目"))
        self.button.setFixedHeight(22)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(self.button)
        self.clear()

    def clear(self) -> None:
        self._case = None
        self.propose.setEnabled(False)
        self.hide()

    @Slot(object)
    def show_case(self, case: CaseFile) -> None:
        self._case = case
        may = case.row.state in FINISHED and not case.row.confidential
        self.propose.setEnabled(may)
        self.setVisible(may)

    @Slot()
    def _want(self) -> None:
        if self._case is not None:
            self.wanted.emit(self._case)


class ProposalDialog(Dialog):
    """`begin()` reads what the work order suggests and opens; `proposed(title)` when it is handed in."""

    proposed = Signal(str)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, desk: KnowledgeDesk, case: CaseFile, parent: QWidget | None = None
    ) -> None:
        hint = (
            "来电人的姓名和号码已去掉；请再删去具体地址等只属于这一件的内容，写成对谁都适用的答案。"
        )
        super().__init__("提出知识条目", "提交审核", hint, width=680, parent=parent)
        self.setWindowTitle(self.tr("提出知识条目"))
        self._jobs, self._desk, self._case = jobs, desk, case
        number = grouped_number(case.row.number)
        self.title.setText(self.tr("提出知识条目　来自 {0}").format(number))
        self.form = EntryForm(jobs, desk, short=True)
        self.body.addWidget(self.form)

    def begin(self) -> None:
        work = partial(self._desk.proposal, self._case.row.id)
        self._jobs.read(self, work, self._read, self._refused, key="proposal")

    def _read(self, proposal: Proposal) -> None:
        self.form.put(proposal.text, " › ".join(self._case.category_path))
        self.open()

    def _refused(self, error: Exception) -> None:
        """Before it opened: said in the window, and the dialog is gone."""
        self.failed.emit(error)
        self.deleteLater()

    @Slot()
    def try_accept(self) -> None:
        self.form.fields.clear_errors()
        self.error.hide()
        try:
            text = self.form.collect()
        except UserError as error:
            self.form.fields.show_errors(error)
            return
        self.wait(True)
        work = partial(self._desk.propose, self._case.row.id, text)
        self._jobs.write(self, work, partial(self._done, text.title), self._not_taken)

    def _done(self, title: str, _changed: Changed) -> None:
        self.proposed.emit(title)
        self.accept()

    def _not_taken(self, error: Exception) -> None:
        self.wait(False)
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        rest = self.form.fields.show_errors(error)
        if isinstance(rest, UserError):
            self.fail(rest.sentence)
