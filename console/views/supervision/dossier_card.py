"""What has been done about a work order: the leader's word first, then ladder, notices and urgings; the keys below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.forms import FormKind
from console.domain.states import SUPERVISION_NAMES
from console.domain.supervision import Card as Notice
from console.domain.supervision import Dossier, Urged
from console.theme import Tone
from console.views.parts.card import Card, label, scrolled
from console.views.parts.chip import Chip
from console.views.parts.clock import short_time
from console.views.parts.key_cap import ActionButton, small_button
from console.views.parts.light_label import LightLabel, supervision_mark

LEAST, MOST = 70, 220


class DossierCard(Card):
    """`show_dossier(dossier or None)`; `print_wanted(FormKind)` for the letters on record.

    In a low window it is folded into one line until somebody unfolds it: the case comes first.
    """

    print_wanted = Signal(object)

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        self.state, self.gist = Chip(), Chip()
        super().__init__(self.tr("督办记录"), self.state, parent=parent)
        self.head.insertWidget(1, self.gist)
        self.letters = {
            FormKind.URGING_NOTICE: small_button(self.tr("催办通知书")),
            FormKind.SUPERVISION_NOTICE: small_button(self.tr("督办单")),
        }
        for form, button in self.letters.items():
            button.setObjectName(form.value)
            button.setToolTip(self.tr("打印最近一份"))
            button.clicked.connect(self._print)
            self.head.addWidget(button)
        self.fold = small_button(self.tr("收起"))
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fold.clicked.connect(self._turn)
        self.head.addWidget(self.fold)
        # What the person here asked for goes before what the window has room for.
        self._wish: bool | None = None
        self._height, self._low = 0, False
        self._inner = QWidget()
        self._lines = QVBoxLayout(self._inner)
        self._lines.setContentsMargins(0, 0, 4, 0)
        self._lines.setSpacing(4)
        self._area = scrolled(self._inner)
        self._area.setMinimumHeight(LEAST)
        self.body.addWidget(self._area, 1)
        self._foot(actions)
        self._settle()
        self.show_dossier(None)

    def _foot(self, actions: Sequence[QAction]) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for at, action in enumerate(actions):
            line.addWidget(ActionButton(action, "" if at else "primary"))
        line.addStretch(1)
        if actions:
            self.body.addLayout(line)

    @property
    def is_folded(self) -> bool:
        return self._low if self._wish is None else self._wish

    def set_room(self, height: int, low: bool) -> None:
        """How high the column is in which it stands below the case, and whether that is low."""
        self._height, self._low = height, low
        self._settle()

    @Slot()
    def _turn(self) -> None:
        wish = not self.is_folded
        self._wish = None if wish is self._low else wish
        self._settle()

    def _settle(self) -> None:
        folded = self.is_folded
        self._area.setVisible(not folded)
        self.gist.setVisible(folded and bool(self.gist.text()))
        self.fold.setText(self.tr("展开") if folded else self.tr("收起"))
        tall = QSizePolicy.Policy.Maximum if folded else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        self.setMinimumHeight(0 if folded else max(160, min(300, self._height // 3)))
        self.setMaximumHeight(MOST + 90)

    @property
    def words(self) -> str:
        """Everything that is said, for a screen reader."""
        return self._inner.accessibleDescription()

    def show_dossier(self, dossier: Dossier | None) -> None:
        self._clear()
        self._said: list[str] = []
        self.letters[FormKind.URGING_NOTICE].setVisible(
            dossier is not None and any(not one.warning for one in dossier.urgings)
        )
        self.letters[FormKind.SUPERVISION_NOTICE].setVisible(bool(dossier and dossier.cards))
        self.state.say("")
        self.gist.say(_gist(dossier) if dossier is not None else "", Tone.MUTED)
        if dossier is not None:
            self._fill(dossier)
        self._settle()
        self._inner.setAccessibleDescription("；".join(self._said))
        self._lines.addStretch(1)

    def _fill(self, dossier: Dossier) -> None:
        if dossier.resume_due:
            self.state.say(self.tr("恢复日期已到"), Tone.WARN)
        for at, who, words in dossier.instructions:
            self._say(self.tr("批示"), f"{words}　—— {who}　{short_time(at)}", "violet")
        if dossier.suspended:
            self._say(self.tr("挂起"), dossier.suspended, "warn" if dossier.resume_due else "")
        for notice in dossier.cards:
            self._notice(notice)
        for at, line in enumerate(dossier.ladder):
            self._say(self.tr("阶梯") if at == 0 else "", line, _urgent(line))
        for urged in dossier.urgings:
            caption = self.tr("预警") if urged.warning else self.tr("催办")
            self._say(caption, _urging(urged))
        if not self._lines.count():
            self._say("", self.tr("还没有催办或督办"))

    def _notice(self, notice: Notice) -> None:
        mark = supervision_mark(notice.level) if notice.lifted_at is None else None
        self._say(SUPERVISION_NAMES[notice.level][:2], _notice_words(notice), mark=mark)
        if notice.answer_late_since is not None:
            words = self.tr("应于 {0} 反馈，单位至今没有反馈")
            self._say(self.tr("反馈"), words.format(short_time(notice.answer_late_since)), "bad")
        if notice.feedback:
            self._say(self.tr("反馈"), notice.feedback, "ok")

    def _say(self, caption: str, words: str, tone: str = "", mark=None) -> None:
        self._said.append(" ".join(filter(None, (caption, words))))
        line = QHBoxLayout()
        line.setSpacing(8)
        if mark is not None:
            line.addWidget(LightLabel(mark, wash=False), 0, Qt.AlignmentFlag.AlignTop)
        else:
            head = label(caption, "caption")
            head.setFixedWidth(34)
            line.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(words, "" if tone else "muted", wrap=True, tone=tone), 1)
        self._lines.addLayout(line)

    def _clear(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            while item.layout() is not None and (part := item.layout().takeAt(0)) is not None:
                part.widget().hide()
                part.widget().setParent(None)
                part.widget().deleteLater()

    @Slot()
    def _print(self) -> None:
        self.print_wanted.emit(FormKind(self.sender().objectName()))


def _gist(dossier: Dossier) -> str:
    """One line for the folded card: the gravest card that is not lifted, then how often was urged."""
    cards = [notice for notice in dossier.cards if notice.lifted_at is None]
    urged = sum(not one.warning for one in dossier.urgings)
    parts = (
        f"批示 {len(dossier.instructions)}" if dossier.instructions else "",
        SUPERVISION_NAMES[max(notice.level for notice in cards)] if cards else "",
        "反馈超期" if any(notice.answer_late_since for notice in cards) else "",
        f"催办 {urged} 次" if urged else "",
    )
    return " · ".join(filter(None, parts)) or "还没有催办或督办"


def _urgent(line: str) -> str:
    return "bad" if line.endswith("尚未发出") else ""


def _urging(urged: Urged) -> str:
    who = "系统" if urged.automatic else urged.by
    return "　".join(filter(None, (short_time(urged.at), who, urged.document_no, urged.reason)))


def _notice_words(notice: Notice) -> str:
    """Number, reason, until when; a lifted one says why it was lifted."""
    units = "、".join(filter(None, (notice.lead_unit, notice.co_units)))
    due = f"{short_time(notice.due)} 前反馈" if notice.due else ""
    every = f"每 {notice.feedback_every_days} 天反馈" if notice.feedback_every_days else ""
    points = f"扣 {notice.penalty} 分" if notice.penalty else ""
    if notice.lifted_at is not None:
        due, every = f"{short_time(notice.lifted_at)} 解除：{notice.lift_reason}", ""
    who = "系统" if notice.automatic else notice.issued_by
    parts = (notice.document_no, notice.reason, units, due, every, points, who)
    return "　".join(filter(None, parts))
