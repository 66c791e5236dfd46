"""What the row being typed may be, or whom it joins: one button each, Alt and a digit press it."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from console.domain.registers.records import Match
from console.views.parts.flow import Flow
from console.views.parts.key_cap import KeyButton

KEYS = 4


class Matches(QObject):
    """`show(matches, joins)`; `pressed(match)`. The shortcuts hold inside `form`."""

    pressed = Signal(object)

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        self.row = Flow()
        self.buttons: list[KeyButton] = []
        self._matches: tuple[Match, ...] = ()
        for at in range(KEYS):
            keys = QShortcut(QKeySequence(f"Alt+{at + 1}"), form)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.setProperty("at", at)
            keys.activated.connect(self._asked)
        self.show(())

    def show(self, matches: tuple[Match, ...], joins: bool = False) -> None:
        """`joins`: a household at the same address is filled in, not opened."""
        for old in self.buttons:
            old.hide()
            old.deleteLater()
        self._matches, self.buttons = matches, []
        for at, match in enumerate(matches):
            joined = joins and bool(match.household)
            words = self.tr("填入 {0}：{1}") if joined else "{0}：{1}"
            key = f"Alt+{at + 1}" if at < KEYS else ""
            button = KeyButton(
                words.format(match.title, match.why), key, "danger" if match.certain else ""
            )
            button.setProperty("at", at)
            button.clicked.connect(self._asked)
            self.row.add(button)
            button.show()
            self.buttons.append(button)
        self.row.setVisible(bool(matches))

    @Slot()
    def _asked(self) -> None:
        """By its button or by its key."""
        at = self.sender().property("at")
        if at < len(self._matches):
            self.pressed.emit(self._matches[at])
