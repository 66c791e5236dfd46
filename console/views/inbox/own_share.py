"""The unit's own share over the case: its clocks, what it was told to do, who below has it, what happened."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.inbox import DUTY_NAMES, CalledUnit, Desk, Duty, InboxRow, Round
from console.domain.states import ASSIGNMENT_NAMES, STATE_NAMES, Light
from console.theme import Tone
from console.views.inbox.countdown import Countdown
from console.views.inbox.marks import AT_HAND, row_marks, translate
from console.views.inbox.scene_forms import called_words
from console.views.parts.card import Card, label
from console.views.parts.chip import Chip
from console.views.parts.clock import grouped_number, short_time
from console.views.parts.light_label import LightLabel, Mark, mark_of
from console.views.parts.wrapped import unbroken

_BASIS = "【属地依据】"


class OwnShare(Card):
    """The three clocks of this unit and the opinion it came with; over a wide form also what was asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=10, spacing=4, parent=parent)
        self.setAccessibleName(self.tr("本单位承办"))
        self.body.setContentsMargins(12, 8, 12, 8)
        self.title, self.number = label("", "title"), label("", "muted")
        self.clocks, self.light = label("", wrap=True), LightLabel()
        self.countdown = Countdown()
        self.chips = QHBoxLayout()
        self.chips.setSpacing(6)
        self.opinion = label("", "muted", wrap=True)
        self.below, self.people = label("", wrap=True), label("", "muted", wrap=True)
        self.scene = label("", "muted", wrap=True)
        self.appeal = label("", "muted", wrap=True)
        self.appeal.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.appeal.setMaximumHeight(self.appeal.fontMetrics().lineSpacing() * 2 + 6)
        self._lay_out()
        self.show_over(None, False)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.title, 1)
        first.addWidget(self.number)
        second = QHBoxLayout()
        second.setSpacing(10)
        second.addLayout(self.chips)
        second.addWidget(self.clocks, 1)
        second.addWidget(self.countdown)
        second.addWidget(self.light)
        self.body.addLayout(first)
        self.body.addLayout(second)
        self.add(self.below, self.opinion, self.scene, self.people, self.appeal)

    def show_desk(self, desk: Desk) -> None:
        own = desk.own
        self.title.setText(own.title or own.category)
        self.number.setText(grouped_number(own.number))
        self.light.show_light(_named(own))
        self.countdown.show_record(own)
        self._show_chips(own)
        clocks = self._clocks(desk) if own.share_state is not None else self._since(own)
        # A line breaks between two clocks only, the dot staying with the first.
        whole = [words for words in clocks if words]
        self.clocks.setText("\u00a0\u00a0·\u00a0 ".join(map(unbroken, whole)))
        self.clocks.setAccessibleName("，".join(whole))
        level = self.tr("本级限时：到时还没有办结、下派或上报，会亮给上级和督办员")
        self.clocks.setToolTip(level if own.level_due is not None else "")
        self._say(self.below, below_words(desk))
        self._say(self.people, people_words(desk))
        opinion = own.opinion or (desk.case.dispatch_opinion if not own.below else "")
        # By which rule the grid was found stands beside the grid; here only what somebody wrote.
        opinion = opinion.partition(_BASIS)[0].strip()
        self._say(self.opinion, self.tr("派单意见：{0}").format(opinion) if opinion else "")
        words = scene_words(desk.called, desk.rounds)
        self._say(self.scene, words.partition("\n")[0])
        self.scene.setToolTip(words)

    def show_over(self, desk: Desk | None, wide: bool, trace: str = "") -> None:
        """While a form takes the case's head: its title; a wide one also hides what was asked, so say it here."""
        words = desk.case.content if desk is not None and wide else ""
        if desk is not None:
            self.number.setText("　".join(filter(None, (grouped_number(desk.own.number), trace))))
        self._say(self.appeal, words)
        self.appeal.setToolTip(words)
        for part in (self.title, self.number):
            part.setVisible(desk is not None)
        small = desk is not None
        for part in (self.opinion, self.scene):
            part.setVisible(bool(part.text()) and not wide)
        # A form needs the room more than who is on duty does.
        self.people.setVisible(bool(self.people.text()) and not small)
        self.below.setVisible(bool(self.below.text()) and not wide)

    @staticmethod
    def _say(part: QWidget, words: str) -> None:
        part.setText(words)
        part.setVisible(bool(words))

    def _show_chips(self, own: InboxRow) -> None:
        while self.chips.count():
            item = self.chips.takeAt(0)
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        standing = self._standing(own)
        self.chips.addWidget(Chip(standing, Tone.ACCENT))
        for mark in row_marks(own):
            if (mark.of_share or own.share_state is None) and not standing.endswith(mark.words):
                self.chips.addWidget(Chip(mark.words, mark.tone))

    def _standing(self, own: InboxRow) -> str:
        if own.share_state is not None:
            return self.tr("本单位{0}").format(ASSIGNMENT_NAMES[own.share_state])
        standing = {Duty.VERIFY: self.tr("待现场核查"), Duty.READ: self.tr("抄告待阅")}
        return standing.get(own.duty, STATE_NAMES[own.state])

    def _since(self, own: InboxRow) -> tuple[str, ...]:
        """Whose work it is, and since when it lies here."""
        came = {Duty.VERIFY: self.tr("{0} 转来"), Duty.READ: self.tr("{0} 抄告")}
        unit = self.tr("承办 {0}").format(own.unit) if own.unit else ""
        since = came.get(own.duty, self.tr("{0} 上报"))
        return (unit, since.format(short_time(own.dispatched_at)))

    def _clocks(self, desk: Desk) -> tuple[str, ...]:
        own = desk.own
        # Whoever of the units spoke with the citizen, it counts for all of them.
        spoken = own.responded_at or (desk.contacts[0].at if desk.contacts else None)
        return (
            self._clock(self.tr("签收"), own.signed_at, own.sign_due),
            self._clock(self.tr("联系群众"), spoken, own.response_due),
            self.tr("✓ {0} 到场").format(short_time(own.arrived_at)) if own.arrived_at else "",
            self._level(own),
            self._clock(self.tr("办结"), own.replied_at, own.finish_due),
        )

    def _level(self, own: InboxRow) -> str:
        """This level solves it or passes it on by then (field-facts X3)."""
        if own.level_due is None or own.share_state not in AT_HAND:
            return ""
        return self.tr("本级限时 {0}").format(short_time(own.level_due))

    def _clock(self, words: str, done: datetime | None, due: datetime | None) -> str:
        if done is not None:
            return f"✓ {short_time(done)} {words}"
        return self.tr("{0} 前{1}").format(short_time(due), words) if due else ""


def _named(own: InboxRow) -> Mark | None:
    """Which of the clocks this light is: the answer's own stands beside it, the case's own below."""
    duty = Duty.FINISH if own.duty in (Duty.CONTACT, Duty.VERIFY, Duty.READ) else own.duty
    light = own.finish_light if duty is Duty.FINISH else own.light
    if light.light is Light.NONE:
        return None
    mark = mark_of(light)
    return replace(mark, words=f"{DUTY_NAMES[duty]} {mark.words}".strip())


def below_words(desk: Desk) -> str:
    """Every unit it was passed down to with its state: 清风社区 处理中；桂花社区 待签收."""
    parts = [f"{child.unit} {ASSIGNMENT_NAMES[child.state]}" for child in desk.children]
    words = translate("inbox", "下派 {0} 家：{1}")
    return words.format(len(parts), "；".join(parts)) if parts else ""


def people_words(desk: Desk) -> str:
    """Who was asked first, who is on duty today, whom it was copied to (field-facts H12, 3.4 rule 7)."""
    read, unread = translate("inbox", "{0} 已阅"), translate("inbox", "{0} 未阅")
    copied = "、".join((read if c.read_at else unread).format(c.unit) for c in desk.copied)
    parts = (
        translate("inbox", "首问责任 {0}").format(desk.first_receiver)
        if desk.first_receiver
        else "",
        translate("inbox", "今日值班 {0}").format(desk.duty) if desk.duty else "",
        translate("inbox", "抄告 {0}").format(copied) if copied else "",
    )
    return "　·　".join(filter(None, parts))


def scene_words(called: tuple[CalledUnit, ...], rounds: tuple[Round, ...]) -> str:
    """Who was whistled to the scene, and how mediation went."""
    lines = [translate("inbox", "吹哨 {0}").format(called_words(call)) for call in called]
    round_words = translate("inbox", "第 {0} 次调解 {1}　{2}　{3}：{4}")
    for turn in rounds:
        agreed = translate("inbox", "达成一致") if turn.agreed else translate("inbox", "未达成一致")
        lines.append(
            round_words.format(turn.number, turn.on_day, turn.participants, agreed, turn.result)
        )
    return "\n".join(lines)
