"""The unit's reply, inside and outside side by side, and the centre's verdict on it."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from console.domain.records import HandlingResult
from console.domain.states import RESOLUTION_NAMES, Resolution
from console.theme import Tone
from console.views.dispatch.judging_card import JudgingCard
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton
from console.views.parts.snippet_edit import SnippetEdit

_TONES = {
    RESOLUTION_NAMES[Resolution.RESOLVED]: Tone.OK,
    RESOLUTION_NAMES[Resolution.PARTLY]: Tone.WARN,
    RESOLUTION_NAMES[Resolution.UNRESOLVED]: Tone.BAD,
}


class ReviewCard(JudgingCard):
    """`start(result, comment)`; the verdicts are the page's actions, the comment is `comment.text`."""

    def __init__(
        self, passes: QAction, verify: QAction, back: QAction, parent: QWidget | None = None
    ) -> None:
        self.resolution, self.contact = Chip(), Chip()
        super().__init__(self.tr("审核回复"), self.resolution, parent=parent)
        self.who = label("", "muted")
        self.head.insertWidget(1, self.who)
        self.head.addWidget(self.contact)
        self.inside = _reading(self.tr("内部办理情况"))
        self.outside = _reading(self.tr("公开答复"))
        self.comment = SnippetEdit(self.tr("审核意见"), 500, rows=2)
        self.fields = Fields(
            Field(
                self.tr("审核意见"), self.comment, "comment", self.tr("发回重办时必填，写明差什么")
            )
        )
        self.buttons = (
            ActionButton(back, "danger", self.tr("发回重办")),
            ActionButton(verify, "", self.tr("转现场核查")),
            ActionButton(passes, "primary"),
        )
        self.buttons[2].setToolTip(self.tr("也可按 Alt+1"))
        self._lay_out()
        self._judge_in(self.comment)

    def _lay_out(self) -> None:
        beside = QHBoxLayout()
        beside.setSpacing(16)
        note = self.tr("只供内部查看")
        beside.addWidget(Field(self.tr("内部办理情况"), self.inside, hint=note), 1)
        reply = self.tr("来电人会看到")
        beside.addWidget(Field(self.tr("公开答复"), self.outside, hint=reply), 1)
        self.body.addLayout(beside, 1)
        self.body.addWidget(self.fields["comment"])
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.buttons[0])
        foot.addStretch(1)
        foot.addWidget(self.buttons[1])
        foot.addWidget(self.buttons[2])
        self.body.addLayout(foot)

    def start(self, result: HandlingResult | None, comment: str) -> None:
        self.fields.clear_errors()
        self.comment.put(comment)
        self.inside.setPlainText(_inside(result) if result else self.tr("没有办理记录"))
        self.outside.setPlainText(result.public_reply if result else self.tr("没有公开答复"))
        self._say_result(result)

    def set_snippets(self, snippets: Sequence[tuple[str, str]]) -> None:
        self.comment.set_snippets(dict(snippets))

    def _say_result(self, result: HandlingResult | None) -> None:
        if result is None:
            self.who.setText("")
            self.resolution.say("")
            self.contact.say("")
            return
        when = self.tr("{0} 回复").format(short_time(result.replied_at))
        self.who.setText(" · ".join(filter(None, (result.unit, result.handler, when))))
        self.resolution.say(result.resolution, _TONES.get(result.resolution, Tone.NEUTRAL))
        if result.contacted:
            self.contact.say(self.tr("已联系 {0}").format(short_time(result.contacted_at)), Tone.OK)
        else:
            self.contact.say(self.tr("未联系来电人"), Tone.BAD)


def _inside(result: HandlingResult) -> str:
    """The note, then whatever else the unit filled in."""
    lines = [result.internal_note]
    for caption, text in (
        ("成因", result.cause), ("措施", result.measures), ("承诺", result.promise),
        ("未解决原因", result.unresolved_reason),
    ):  # fmt: skip
        if text:
            lines.append(f"{caption}：{text}")
    if result.true_appeal is False:
        lines.append("承办单位认为诉求不属实")
    return "\n".join(filter(None, lines))


def _reading(name: str) -> QPlainTextEdit:
    """Text to read and scroll, not to change."""
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setProperty("kind", "reading")
    made.setMinimumHeight(66)
    return made
