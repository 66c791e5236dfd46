"""One row of what can be done with a card: what fits as buttons, the rest under 更多 with its keys."""

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from console.views.parts.key_cap import KeyButton, MenuButton

GAP, HIGH = 6, 30


class ActionRow(QWidget):
    """Only what can be done now, in the order given; nothing moves to a second line."""

    def __init__(
        self, actions: tuple[tuple[QAction, str], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._actions = actions
        self._hidden: tuple[int, ...] = ()
        self.buttons = tuple(KeyButton(words, _key(action)) for action, words in actions)
        self.more = MenuButton(self.tr("更多"))
        self.menu = QMenu(self.more)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP)
        # Several actions change together when another card comes: the row is laid once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.settle)
        for (action, _words), button in zip(actions, self.buttons, strict=True):
            button.hide()
            button.clicked.connect(action.trigger)
            action.changed.connect(self._soon.start)
            line.addWidget(button)
        line.addWidget(self.more)
        line.addStretch(1)
        self.more.clicked.connect(self._open)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.settle()

    def sizeHint(self) -> QSize:
        return QSize(200, HIGH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()

    @Slot()
    def settle(self) -> None:
        """What can be done now and fits is a button; what does not fit is in the menu."""
        can = [
            at for at, (action, _words) in enumerate(self._actions)
            if action.isVisible() and action.isEnabled()
        ]  # fmt: skip
        wide = {at: self.buttons[at].sizeHint().width() + GAP for at in can}
        fits, room = can, self.width() + GAP
        if sum(wide.values()) > room:
            room -= self.more.sizeHint().width() + GAP
            fits = []
            for at in can:
                if wide[at] > room:
                    break
                fits.append(at)
                room -= wide[at]
        self._hidden = tuple(at for at in can if at not in fits)
        for at, button in enumerate(self.buttons):
            button.setVisible(at in fits)
        self.more.setVisible(bool(self._hidden))
        self._fill()

    def _fill(self) -> None:
        self.menu.clear()
        for at in self._hidden:
            action, words = self._actions[at]
            # Words of its own: the action's own key must not be made twice.
            item = self.menu.addAction(f"{words}\t{_key(action)}")
            item.triggered.connect(action.trigger)

    @Slot()
    def _open(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        self.menu.setFocus(Qt.FocusReason.PopupFocusReason)


def _key(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
