"""待核查: who is to look at it on site, since when; the centre may take it back and decide without."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.records import CaseFile
from console.theme import Tone
from console.views.cases.sections import FactGrid
from console.views.dispatch.judging_card import JudgingCard
from console.views.parts.chip import Chip
from console.views.parts.clock import database_now, long_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton
from console.views.parts.queue_table import waited
from console.views.parts.snippet_edit import SnippetEdit


class WatchCard(JudgingCard):
    """`start(case, reason)`; F8 does nothing here: the grid's own people decide."""

    def __init__(self, take_back: QAction, parent: QWidget | None = None) -> None:
        self.since = Chip()
        super().__init__(self.tr("现场核查"), self.since, parent=parent)
        self.facts = FactGrid()
        self.reason = SnippetEdit(self.tr("撤回理由"), 500, rows=2)
        hint = self.tr("撤回后回到待审核，由审核直接裁定")
        self.fields = Fields(Field(self.tr("撤回理由"), self.reason, "reason", hint))
        self.button = ActionButton(take_back, "danger", self.tr("撤回核查"))
        self.add(self.facts, self.fields["reason"])
        foot = QHBoxLayout()
        foot.addWidget(self.button)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self._judge_in(self.reason)

    def start(self, case: CaseFile, reason: str) -> None:
        self.fields.clear_errors()
        self.reason.put(reason)
        sent = next((e.at for e in reversed(case.events) if e.action == "pass_review"), None)
        self.since.say(waited(sent, database_now()), Tone.WARN)
        grid = case.grid
        worker = " ".join(filter(None, (grid.worker, grid.worker_phone))) if grid else ""
        leader = " ".join(filter(None, (grid.leader, grid.leader_phone))) if grid else ""
        self.facts.show_pairs(
            (
                (self.tr("核查网格"), grid.path if grid else self.tr("没有网格归属")),
                (self.tr("网格员"), worker),
                (self.tr("网格长"), leader),
                (self.tr("转核查时间"), long_time(sent)),
            )
        )
