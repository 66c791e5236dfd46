"""What two people changed at once, side by side: mine and theirs, one choice for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from console.theme import mark
from console.views.parts.card import label
from console.views.parts.segmented import Segmented


@dataclass(frozen=True, slots=True)
class Pair:
    """One fact in both wordings."""

    name: str
    caption: str
    mine: str
    theirs: str


class ClashStrip(QFrame):
    """`chosen(name, mine)` at every choice. Hidden while there is nothing to choose; nothing is chosen at first."""

    chosen = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="strip", tone="warn")
        self.setAccessibleName(self.tr("两人同时改了的内容"))
        self.says = label("", "strong", wrap=True)
        self.choices: dict[str, Segmented] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.says)
        column.addLayout(self._grid)
        self.hide()

    def show_pairs(self, by: str, pairs: Sequence[Pair]) -> None:
        """Mine and theirs of each; what was chosen before is asked again, since theirs is new."""
        self.clear()
        self.says.setText(
            self.tr("{0} 同时改了下面的内容，请逐项选定；其余都已合在一起").format(by)
        )
        heads = (self.tr("您填的"), self.tr("对方改的"))
        for at, words in enumerate(heads, start=1):
            self._grid.addWidget(label(words, "muted"), 0, at)
        for line, pair in enumerate(pairs, start=1):
            self._add(line, pair)
        self.setVisible(bool(pairs))
        if pairs:
            self.choices[pairs[0].name].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, line: int, pair: Pair) -> None:
        options = ((True, self.tr("用我的")), (False, self.tr("用对方的")))
        choice = Segmented(options, pair.caption)
        choice.setObjectName(pair.name)
        choice.chosen.connect(self._chosen)
        self.choices[pair.name] = choice
        words = (pair.caption, pair.mine, pair.theirs)
        for at, text in enumerate(words):
            kind = "caption" if at == 0 else ""
            shown = label(text or self.tr("空"), kind, wrap=at > 0)
            self._grid.addWidget(shown, line, at)
        self._grid.addWidget(choice, line, 3)

    @property
    def open_names(self) -> tuple[str, ...]:
        """Still to be chosen."""
        return tuple(name for name, choice in self.choices.items() if choice.value is None)

    def clear(self) -> None:
        """Settled, or out of date."""
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().deleteLater()
        self.choices = {}
        self.hide()

    @Slot(object)
    def _chosen(self, mine: object) -> None:
        sender: QObject | None = self.sender()
        if sender is not None and mine is not None:
            self.chosen.emit(sender.objectName(), bool(mine))
