"""The caller at a glance: number, how often, special care, who it is; or where else a matter comes from."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from console.domain.intake import CallerCard, Resident
from console.domain.states import CHANNEL_NAMES, Channel
from console.theme import Tone, mark
from console.views.parts.card import Card, label, row
from console.views.parts.chip import Chip
from console.views.parts.field import Field
from console.views.parts.key_cap import small_button

_CHIPS_WIDTH = 250


class CallerFacts(Card):
    """Masked as it comes; `number` is set in full only after a reason was given."""

    def __init__(self) -> None:
        super().__init__("", spacing=6)
        self.setAccessibleName(self.tr("来电人"))
        self.number, self.origin = label("", "big"), label("", "muted", wrap=True)
        self.reveal = small_button(self.tr("显示"), "Ctrl+R")
        self.reveal.setToolTip(self.tr("说明理由后显示完整号码"))
        self.chips = _Chips()
        self.person, self.home = label("", "strong", wrap=True), label("", "muted", wrap=True)
        self.warning = label("", "strong", wrap=True, tone="bad")
        self.fault = label("", "caption", wrap=True, tone="warn")
        self.channel = QComboBox()
        for channel in Channel:
            self.channel.addItem(CHANNEL_NAMES[channel], channel)
        self.source = Field(self.tr("信息来源"), self.channel)
        self.add(
            row(self.number, None, self.reveal), self.chips, self.origin, self.person, self.home
        )
        self.add(self.warning, self.fault, self.source)

    def show_caller(self, card: CallerCard, talking: bool) -> None:
        """`talking` false while it rings: the number stands in the accent."""
        self.number.setText(card.phone)
        mark(self.number, face="big", tone="" if talking else "accent")
        self.chips.show_words(self._words(card))
        self.origin.setText(" · ".join(filter(None, (card.area, card.kind, card.enterprise))))
        _say(self.warning, card.warning)
        _say(self.fault, card.fault.sentence if card.fault else "")
        self.show_person(None)
        self.reveal.show()
        self.source.hide()

    def show_person(self, resident: Resident | None) -> None:
        facts = (
            (resident.name, resident.sex, f"{resident.age}岁" if resident.age else "")
            if resident
            else ()
        )
        _say(self.person, " ".join(filter(None, facts)))
        # The call bar says it too: it makes room for the person.
        self.origin.setVisible(bool(self.origin.text()) and resident is None)
        where = (resident.home, resident.grid_path) if resident else ()
        _say(self.home, "\n".join(filter(None, where)))

    def show_nobody(self) -> None:
        self.number.setText(self.tr("等待来电"))
        mark(self.number, face="title", tone="muted")
        self.chips.show_words(())
        self.origin.setText(self.tr("来电时按 F2 接听。窗口、信件、转办的诉求可以直接登记。"))
        self.show_person(None)
        for part in (self.reveal, self.warning, self.fault):
            part.hide()
        self.source.show()

    def _words(self, card: CallerCard) -> list[tuple[str, Tone]]:
        number = card.calls_before + 1
        often = (
            (self.tr("第 {0} 次来电").format(number), Tone.WARN)
            if number > 1
            else (self.tr("首次来电"), Tone.MUTED)
        )
        today = (
            [(self.tr("今天第 {0} 次").format(card.calls_today + 1), Tone.WARN)]
            if card.calls_today
            else []
        )
        care = dict.fromkeys(word for resident in card.residents for word in resident.care)
        return [often, *today, *((word, Tone.VIOLET) for word in care)]


class _Chips(QWidget):
    """How often, and special-care flags, each with its word; as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._lines: list[QWidget] = []

    def show_words(self, words: Sequence[tuple[str, Tone]]) -> None:
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [
            row(*line, None, spacing=6) for line in _in_lines([Chip(*word) for word in words])
        ]
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(words))


def _in_lines(chips: Sequence[Chip]) -> list[list[Chip]]:
    lines: list[list[Chip]] = []
    left = 0
    for chip in chips:
        width = chip.sizeHint().width() + 6
        if width > left:
            lines.append([])
            left = _CHIPS_WIDTH
        lines[-1].append(chip)
        left -= width
    return lines


def _say(part, words: str) -> None:
    part.setText(words)
    part.setVisible(bool(words))
