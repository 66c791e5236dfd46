"""The unit's own share at the head of the case: its clocks, whom it is with, what it was told to do."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.inbox import Desk, InboxRow
from console.domain.states import ASSIGNMENT_NAMES, NATURE_NAMES, Light, Nature
from console.theme import Tone
from console.views.inbox.piles import row_marks
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import grouped_number, short_time
from console.views.parts.light_label import LightLabel

_NATURE_TONES = {Nature.COMPLAINT: Tone.WARN, Nature.REPORT: Tone.WARN}


class OwnShare(QWidget):
    """Title, marks, the three clocks of this unit, and the opinion it came with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.title = label("", "big", wrap=True)
        self.number = label("", "muted")
        self.light = LightLabel()
        self.chips = QHBoxLayout()
        self.chips.setSpacing(6)
        self.clocks = label("", wrap=True)
        self.opinion = label("", "muted", wrap=True)
        self.appeal = label("", "muted", wrap=True)
        self.appeal.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.appeal.setContentsMargins(0, 0, 0, 8)
        self.appeal.setMaximumHeight(self.appeal.fontMetrics().lineSpacing() * 2 + 12)
        self.appeal.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title, 1)
        head.addWidget(self.light)
        marks = QHBoxLayout()
        marks.setSpacing(12)
        marks.addLayout(self.chips)
        marks.addStretch(1)
        marks.addWidget(self.number)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(marks)
        column.addWidget(self.clocks)
        column.addWidget(self.opinion)
        column.addWidget(self.appeal)

    def show_desk(self, desk: Desk) -> None:
        own = desk.own
        self.title.setText(own.title or own.category)
        self.number.setText(grouped_number(own.number))
        self.light.show_light(own.light if own.light.light is not Light.NONE else None)
        self._show_chips(own)
        self.clocks.setText("　·　".join(filter(None, self._clocks(desk))))
        opinion = own.opinion or (desk.case.dispatch_opinion if not own.below else "")
        self.opinion.setText(self.tr("派单意见：{0}").format(opinion) if opinion else "")
        self.opinion.setVisible(bool(opinion))

    def show_appeal(self, desk: Desk | None) -> None:
        """While a wide form hides the case: what was asked, in two lines, the whole under the mouse."""
        words = desk.case.content if desk is not None else ""
        self.appeal.setText(words)
        self.appeal.setToolTip(words)
        self.appeal.setVisible(bool(words))
        self.opinion.setVisible(bool(self.opinion.text()) and desk is None)

    def _show_chips(self, own: InboxRow) -> None:
        while self.chips.count():
            item = self.chips.takeAt(0)
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        state = ASSIGNMENT_NAMES[own.share_state]
        self.chips.addWidget(
            Chip(NATURE_NAMES[own.nature], _NATURE_TONES.get(own.nature, Tone.ACCENT))
        )
        self.chips.addWidget(Chip(self.tr("本单位{0}").format(state)))
        for words, tone in row_marks(own, False):
            self.chips.addWidget(Chip(words.replace("▲", "▲ "), tone))

    def _clocks(self, desk: Desk) -> tuple[str, ...]:
        own = desk.own
        # Whoever of the units spoke with the citizen, it counts for all of them.
        spoken = own.responded_at or (desk.contacts[0].at if desk.contacts else None)
        return (
            self._clock(self.tr("签收"), own.signed_at, own.sign_due),
            self._clock(self.tr("联系群众"), spoken, own.response_due),
            self.tr("✓ {0} 到场").format(short_time(own.arrived_at)) if own.arrived_at else "",
            self._clock(self.tr("办结"), own.replied_at, own.finish_due),
        )

    def _clock(self, words: str, done: datetime | None, due: datetime | None) -> str:
        if done is not None:
            return f"✓ {short_time(done)} {words}"
        return self.tr("{0} 前{1}").format(short_time(due), words) if due else ""
