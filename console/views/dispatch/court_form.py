"""退单裁定: the window, all hops side by side, how this unit deals with this category, and the verdict."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.domain.court import ReturnHearing
from console.theme import Tone
from console.views.dispatch.hop_columns import HopColumns
from console.views.dispatch.judging_card import JudgingCard
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.snippet_edit import SnippetEdit


class CourtCard(JudgingCard):
    """`start(opinion)`, then `show_hearing(hearing)` when it has been read."""

    def __init__(self, grant: QAction, refuse: QAction, parent: QWidget | None = None) -> None:
        self.hop, self.window_chip = Chip(), Chip()
        super().__init__(self.tr("退单裁定"), self.hop, parent=parent)
        self.head.addWidget(self.window_chip)
        self.hops = HopColumns()
        self.window_words, self.record = label("", "muted"), label("", "muted")
        self.why = KeyButton(self.tr("怎么算的"), kind="quiet")
        self.why.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.arithmetic = label("", "muted", wrap=True)
        self.opinion = SnippetEdit(self.tr("裁定意见"), 500, rows=2)
        hint = self.tr("不同意时必填，写明为什么由该单位承办")
        self.fields = Fields(Field(self.tr("裁定意见"), self.opinion, "opinion", hint))
        self.buttons = (
            ActionButton(refuse, "danger", self.tr("不同意退单")),
            ActionButton(grant, "primary"),
        )
        self._lay_out()
        self.why.clicked.connect(self._explain)
        self._judge_in(self.opinion)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.record.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.record.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.window_words)
        line.addWidget(self.why)
        line.addWidget(self.record, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.arithmetic)
        self.body.addWidget(self.hops)
        self.body.addWidget(self.fields["opinion"])
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.buttons[0])
        foot.addStretch(1)
        foot.addWidget(self.buttons[1])
        self.body.addLayout(foot)
        self.arithmetic.hide()

    def start(self, opinion: str) -> None:
        self.fields.clear_errors()
        self.opinion.put(opinion)
        self.hops.show_hops(())
        self.arithmetic.hide()
        for words in (self.window_words, self.record):
            words.setText("")
        self.hop.say("")
        self.window_chip.say("")

    def show_hearing(self, heard: ReturnHearing) -> None:
        self.opinion.set_snippets(dict(heard.snippets))
        self.hops.show_hops(heard.hops)
        words = self.tr("已退 {0} 次，满 {1} 次转会商").format(heard.granted, heard.most)
        if heard.opens_sheet:
            words = self.tr("同意即第 {0} 次退单，转会商").format(heard.granted + 1)
        self.hop.say(words, Tone.BAD if heard.opens_sheet else Tone.NEUTRAL)
        asked = heard.asked
        self.record.setText(f"{asked.unit}：{heard.record.words}" if asked else heard.record.words)
        self.record.setToolTip(heard.record.last_refusal)
        self._show_window(heard)

    def _show_window(self, heard: ReturnHearing) -> None:
        window = heard.window
        self.why.setVisible(window is not None)
        if window is None:
            return
        inside = window.is_open
        self.window_chip.say(
            self.tr("在退单时限内提出") if inside else self.tr("超过退单时限"),
            Tone.OK if inside else Tone.BAD,
        )
        self.window_words.setText(window.words)
        self.arithmetic.setText("\n".join(window.lines))

    @Slot()
    def _explain(self) -> None:
        self.arithmetic.setVisible(self.arithmetic.isHidden())
