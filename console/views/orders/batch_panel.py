"""Beside the list when several are ticked: what to do with all of them, and what became of each."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.desks import BulkResult, UnitChoice
from console.domain.errors import Invalid
from console.domain.records import TicketRow
from console.domain.roles import Role
from console.domain.supervision import UrgeForm
from console.jobs import Jobs
from console.theme import Tone
from console.views.orders.batch import BatchRun
from console.views.orders.services import Act, BatchDesks, acts_of, merge_into, tag_more
from console.views.parts.campaign_picker import CampaignPicker
from console.views.parts.card import Card, label
from console.views.parts.clock import grouped_number
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.outcome_list import OutcomeList
from console.views.parts.progress_bar import LongJobBar
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead


class BatchPanel(QWidget):
    """`left()` on Esc; `ran(ids that failed)` when it is over; `said(sentence, tone)`."""

    left = Signal()
    ran = Signal(object)
    said = Signal(str, object)

    def __init__(self, jobs: Jobs, desks: BatchDesks, role: Role, parent: QWidget | None = None):
        super().__init__(parent)
        self._jobs, self._desks = jobs, desks
        self.run = BatchRun(jobs, self)
        self.list = OutcomeList(self.tr("批量办理"), narrow=True)
        self.act = Segmented([(act, self.tr(words)) for act, words in acts_of(role)], numbers=True)
        self._make_fields()
        self.go = KeyButton(self.tr("办理"), "F8", "primary")
        self.leave = KeyButton(self.tr("取消勾选"), "Esc")
        self.bar = LongJobBar()
        self._lay_out()
        self._listen()
        self.act.choose(acts_of(role)[0][0] if acts_of(role) else None)
        self._follow()

    def _make_fields(self) -> None:
        self.unit = TypeAhead(self.tr("名称或拼音首字母，如 qhjd"), name=self.tr("改派给"))
        self.reason = SnippetEdit(self.tr("理由"), 500, rows=2)
        self.campaigns = CampaignPicker()
        self.main = QLineEdit()
        self.main.setPlaceholderText(self.tr("工单编号"))
        self.note = label("", "muted", wrap=True)
        self.fields = Fields(
            Field(self.tr("做什么"), self.act, "act"),
            Field(self.tr("改派给"), self.unit, "unit", required=True),
            Field(self.tr("理由"), self.reason, "reason", required=True),
            Field(self.tr("专项活动"), self.campaigns, "campaigns"),
            Field(self.tr("主工单"), self.main, "main_number", required=True),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.list, 1)
        card = self.form = Card()
        for name in ("act", "unit", "reason", "campaigns", "main_number"):
            card.add(self.fields[name])
        card.add(self.note, self.bar)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.go)
        card.body.addLayout(foot)
        column.addWidget(card)

    def _listen(self) -> None:
        self.act.chosen.connect(self._follow)
        self.unit.text_edited.connect(self._ask_unit)
        self.go.clicked.connect(self.begin)
        self.leave.clicked.connect(self._leave)
        self.run.progressed.connect(self.bar.progressed)
        self.run.finished.connect(self._finished)
        # F8 belongs to whatever is in sight; hidden with the panel, the key is free again.
        add_action(self, ActionId.BATCH, self.begin)
        self._escape = QShortcut(QKeySequence("Esc"), self)
        self._escape.activated.connect(self._leave)
        read = self._desks.tallies.campaigns
        self._jobs.read(self, read, self.campaigns.show_choices, key="campaigns")

    # --- what is ticked

    def show_rows(self, rows: Sequence[TicketRow]) -> None:
        """Not while it runs: the results belong to those it began with."""
        if not self.run.is_running:
            self.list.show_rows(rows)
            self._suggest_main(rows)
            self.go.set_words(self.tr("办理 {0} 件").format(len(rows)))
            self.go.setEnabled(bool(rows))

    def _suggest_main(self, rows: Sequence[TicketRow]) -> None:
        """Whoever reported first, as long as nobody typed another number."""
        taken = [row for row in rows if row.accepted_at is not None] or list(rows)
        if taken and not self.main.isModified():
            first = min(taken, key=lambda row: (row.accepted_at, row.id))
            self.main.setText(grouped_number(first.number))

    @Slot()
    def _follow(self) -> None:
        """Only the fields of what is to be done."""
        act = self.act.value
        self.fields.clear_errors()
        self.fields["unit"].setVisible(act is Act.REASSIGN)
        self.fields["reason"].setVisible(act in (Act.REASSIGN, Act.URGE))
        self.fields["campaigns"].setVisible(act is Act.TAG)
        self.fields["main_number"].setVisible(act is Act.MERGE)
        notes = {
            Act.REASSIGN: self.tr("未签收的撤回后改派，待派单的直接派出；已签收的逐件说明原因"),
            Act.ARCHIVE: self.tr("已办结且没有未解除督办、未兑现承诺的才能归档"),
            Act.TAG: self.tr("在原有专项之外加上勾选的"),
            Act.MERGE: self.tr(
                "其余各件并入主工单（已填最早的一件，可改）；诉求人各自回访，以后可逐件撤销合并"
            ),
        }
        self.note.setText(notes.get(act, ""))
        self.note.setVisible(bool(self.note.text()))

    # --- units

    @Slot(str)
    def _ask_unit(self, text: str) -> None:
        done = partial(self._show_units, text)
        self._jobs.read(self, partial(self._desks.dispatching.units, text), done, key="unit")

    def _show_units(self, text: str, found: Sequence[UnitChoice]) -> None:
        self.unit.set_suggestions([Suggestion(u.name, u, u.reason, u.hint) for u in found], text)

    # --- doing it

    @Slot()
    def begin(self) -> None:
        """All that have not been done yet, one after the other."""
        rows = [outcome.row for outcome in self.list.outcomes if not outcome.done]
        if self.run.is_running or not rows or not self._complete():
            return
        self.go.setEnabled(False)
        self.leave.setEnabled(False)
        self.bar.start(self.tr("正在逐件办理"), self.run)
        self.run.start(rows, self._work())

    def _complete(self) -> bool:
        self.fields.clear_errors()
        act = self.act.value
        if act is Act.REASSIGN and not isinstance(self.unit.value, UnitChoice):
            self.fields.show_errors(
                Invalid(self.tr("请选择改派给哪个单位"), self.tr("输入名称或拼音首字母"), "unit")
            )
        elif act in (Act.REASSIGN, Act.URGE) and not self.reason.text.strip():
            self.fields.show_errors(Invalid(self.tr("请填写理由"), field="reason"))
        elif act is Act.TAG and not self.campaigns.codes:
            self.fields["campaigns"].show_error(self.tr("请勾选专项活动"))
        elif act is Act.MERGE and not self._merges_something():
            self.fields["main_number"].show_error(
                self.tr("请另勾选要并入主工单的工单，或改主工单编号")
            )
        else:
            return True
        return False

    def _merges_something(self) -> bool:
        main = self._main_number()
        return bool(main) and any(outcome.row.number != main for outcome in self.list.outcomes)

    def _main_number(self) -> str:
        return "".join(filter(str.isdigit, self.main.text()))

    def _work(self) -> Any:
        act, said, desks = self.act.value, self.reason.text.strip(), self._desks
        if act is Act.REASSIGN:
            return partial(_reassign, desks, self.unit.value.id, said)
        if act is Act.URGE:
            return partial(_urge, desks, said)
        if act is Act.ARCHIVE:
            return partial(_archive, desks)
        if act is Act.MERGE:
            return partial(_merge, desks, self._main_number())
        return partial(_tag, desks, self.campaigns.codes)

    def _finished(self, result: BulkResult) -> None:
        words = dict(acts_of(None))[self.act.value]
        self.list.show_result(result, self.tr("已{0}").format(words))
        left = [outcome.row for outcome in self.list.outcomes if outcome.done is False]
        tried = len(result.done) + len(result.failed)
        untried = len(self.list.outcomes) - tried
        said = self.tr("{0} {1} 件").format(words, len(result.done))
        if result.failed:
            said += self.tr("，{0} 件没有成，原因见列表，仍勾着").format(len(result.failed))
        if untried:
            said += self.tr("，已停止，余 {0} 件未动").format(untried)
        self.bar.hide()
        self.leave.setEnabled(True)
        self.go.setEnabled(bool(left or untried))
        self.go.set_words(self.tr("再办理 {0} 件").format(len(left) + untried))
        self.said.emit(said, Tone.WARN if result.failed or untried else Tone.OK)
        done = set(result.done)
        self.ran.emit([o.id for o in self.list.outcomes if o.row.number not in done])

    @Slot()
    def _leave(self) -> None:
        if not self.run.is_running:
            self.bar.hide()
            self.main.setModified(False)
            self.left.emit()


def _reassign(desks: BatchDesks, unit_id: int, reason: str, row: TicketRow) -> Any:
    return partial(desks.dispatching.reassign, row.id, unit_id, reason)


def _urge(desks: BatchDesks, reason: str, row: TicketRow) -> Any:
    return partial(desks.supervising.urge, UrgeForm((row.id,), reason))


def _archive(desks: BatchDesks, row: TicketRow) -> Any:
    return partial(desks.archiving.archive, row.id)


def _tag(desks: BatchDesks, codes: tuple[str, ...], row: TicketRow) -> Any:
    return partial(tag_more, desks.tallies, row.id, codes)


def _merge(desks: BatchDesks, number: str, row: TicketRow) -> Any:
    return partial(merge_into, desks.merging, number, row)
