"""What has been done about a work order: the leader's word first, then ladder, notices and urgings; the keys below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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
    """`show_dossier(dossier or None)`; `print_wanted(FormKind)` for the letters on record."""

    print_wanted = Signal(object)

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        self.state = Chip()
        super().__init__(self.tr("督办记录"), self.state, parent=parent)
        self.letters = {
            FormKind.URGING_NOTICE: small_button(self.tr("催办通知书")),
            FormKind.SUPERVISION_NOTICE: small_button(self.tr("督办单")),
        }
        for form, button in self.letters.items():
            button.setObjectName(form.value)
            button.setToolTip(self.tr("打印最近一份"))
            button.clicked.connect(self._print)
            self.head.addWidget(button)
        self._inner = QWidget()
        self._lines = QVBoxLayout(self._inner)
        self._lines.setContentsMargins(0, 0, 4, 0)
        self._lines.setSpacing(4)
        self._area = scrolled(self._inner)
        self._area.setMinimumHeight(LEAST)
        self.body.addWidget(self._area, 1)
        self.setMaximumHeight(MOST + 90)
        self._foot(actions)
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
        if dossier is not None:
            self._fill(dossier)
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
