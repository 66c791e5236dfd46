"""The unit's piles with their counts: one button each, four a line."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from console.domain.inbox import TAB_NAMES, InboxTab

ACROSS = 4
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: ACROSS, Qt.Key.Key_Up: -ACROSS}


class PileTabs(QWidget):
    """`picked(InboxTab)` on every change; arrows move from pile to pile."""

    picked = Signal(object)

    def __init__(self, tabs: Sequence[InboxTab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.setAccessibleName(self.tr("承办件分类"))
        self._tabs = tuple(tabs)
        self._group = QButtonGroup(self, exclusive=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for at, tab in enumerate(self._tabs):
            button = _PileButton(self._short(tab))
            button.setToolTip(TAB_NAMES[tab])
            button.setAccessibleName(TAB_NAMES[tab])
            self._group.addButton(button, at)
            grid.addWidget(button, at // ACROSS, at % ACROSS)
        for side in range(ACROSS):
            grid.setColumnStretch(side, 1)
        self._at = -1
        self._group.idToggled.connect(self._toggled)
        self.choose(self._tabs[0])
        self._follow_focus()

    @property
    def tab(self) -> InboxTab:
        return self._tabs[max(0, self._group.checkedId())]

    @property
    def tabs(self) -> tuple[InboxTab, ...]:
        return self._tabs

    def words(self, tab: InboxTab) -> str:
        """What its button says, with the count."""
        return self._button(tab).text()

    def choose(self, tab: InboxTab) -> None:
        if tab in self._tabs:
            self._button(tab).setChecked(True)

    def choose_next(self) -> None:
        """The pile after this one, after the last the first."""
        self.choose(self._tabs[(self._tabs.index(self.tab) + 1) % len(self._tabs)])

    def show_counts(self, counts: Mapping[InboxTab, int]) -> None:
        """Of those given; the others keep what they say."""
        for tab, number in counts.items():
            if tab in self._tabs:
                button = self._button(tab)
                button.setText(f"{self._short(tab)} {number}" if number else self._short(tab))
                button.setAccessibleName(f"{TAB_NAMES[tab]} {number}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        at = max(0, min(self._group.checkedId() + step, len(self._tabs) - 1))
        self._group.button(at).setChecked(True)
        self._group.button(at).setFocus(Qt.FocusReason.TabFocusReason)

    def _button(self, tab: InboxTab) -> QPushButton:
        button = self._group.button(self._tabs.index(tab))
        assert isinstance(button, QPushButton)
        return button

    def _short(self, tab: InboxTab) -> str:
        return {
            InboxTab.TO_REVIEW: self.tr("待审核"),
            InboxTab.TO_VERIFY: self.tr("待核查"),
            InboxTab.COPIES: self.tr("抄告"),
        }.get(tab, TAB_NAMES[tab])

    @Slot(int, bool)
    def _toggled(self, at: int, on: bool) -> None:
        if on and at != self._at:
            self._at = at
            self._follow_focus()
            self.picked.emit(self._tabs[at])

    def _follow_focus(self) -> None:
        """Tab goes to the chosen pile only; the arrows to the others."""
        for button in self._group.buttons():
            chosen = button.isChecked()
            button.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus
            )
        self.setFocusProxy(self._group.checkedButton())


class _PileButton(QPushButton):
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setProperty("kind", "pile")
        self.setCheckable(True)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A button would take the arrows itself, two dimensions into one.
        if Qt.Key(event.key()) in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)
