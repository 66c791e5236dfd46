"""延期裁定: what was asked for and why, the limit before and after with its arithmetic, and the verdict."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.court import ExtensionHearing
from console.theme import Tone
from console.views.cases.sections import FactGrid
from console.views.dispatch.judging_card import JudgingCard
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import long_time, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.snippet_edit import SnippetEdit


class ExtensionCard(JudgingCard):
    """`start(opinion)`, then `show_hearing(hearing)` when it has been read."""

    def __init__(self, grant: QAction, refuse: QAction, parent: QWidget | None = None) -> None:
        self.days, self.told = Chip(), Chip()
        super().__init__(self.tr("延期裁定"), self.days, parent=parent)
        self.head.addWidget(self.told)
        self.facts = FactGrid()
        self.sum, self.why = label("", "muted"), KeyButton(self.tr("怎么算的"), kind="quiet")
        self.why.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.arithmetic = label("", "muted")
        self.arithmetic.hide()
        self.opinion = SnippetEdit(self.tr("裁定意见"), 500, rows=2)
        hint = self.tr("不同意时必填")
        self.fields = Fields(Field(self.tr("裁定意见"), self.opinion, "opinion", hint))
        self.buttons = (
            ActionButton(refuse, "danger", self.tr("不同意延期")),
            ActionButton(grant, "primary"),
        )
        self._lay_out()
        self.why.clicked.connect(self._explain)
        self._judge_in(self.opinion)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.sum)
        line.addWidget(self.why)
        line.addStretch(1)
        self.body.addWidget(self.facts)
        self.body.addLayout(line)
        self.add(self.arithmetic, self.fields["opinion"])
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.buttons[0])
        foot.addStretch(1)
        foot.addWidget(self.buttons[1])
        self.body.addLayout(foot)

    def start(self, opinion: str) -> None:
        self.fields.clear_errors()
        self.opinion.put(opinion)
        self.facts.show_pairs(())
        self.arithmetic.setText("")
        self.arithmetic.hide()
        self.sum.setText("")
        self.days.say("")
        self.told.say("")

    def show_hearing(self, heard: ExtensionHearing) -> None:
        self.opinion.set_snippets(dict(heard.snippets))
        self.days.say(self.tr("申请 {0} 个工作日").format(heard.days), Tone.WARN)
        if heard.told:
            self.told.say(self.tr("已告知诉求人"), Tone.OK)
        else:
            self.told.say(self.tr("未告知诉求人"), Tone.BAD)
        who = "　".join(filter(None, (heard.unit, heard.asked_by, short_time(heard.asked_at))))
        self.facts.show_pairs(
            (
                (self.tr("申请单位"), who),
                (self.tr("理由"), heard.reason),
                (self.tr("依据"), heard.basis),
                (self.tr("原时限"), long_time(heard.old_due)),
                (self.tr("延至"), long_time(heard.new_due)),
            )
        )
        self.arithmetic.setText("\n".join(heard.lines))
        self.sum.setText(heard.lines[-1] if heard.lines else "")
        self.why.setVisible(bool(heard.lines))

    @Slot()
    def _explain(self) -> None:
        self.arithmetic.setVisible(self.arithmetic.isHidden())
