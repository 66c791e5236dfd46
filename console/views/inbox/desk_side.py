"""Right: one case, the unit's clocks over it, the form at hand, and the acts with the blue one first."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from console.actions import ActionId
from console.domain.inbox import Desk
from console.views.inbox.case_body import CaseBody
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.own_share import OwnShare
from console.views.inbox.steps import NextStep, allowed, declines, next_step
from console.views.parts.card import Card, label
from console.views.parts.empty_state import EmptyState
from console.views.parts.key_cap import ActionButton

# The bar, left to right; the blue button comes first.
BAR = (
    ActionId.CONTACT, ActionId.ARRIVE, ActionId.SUB_DISPATCH, ActionId.TAKE_BACK, ActionId.REPLY,
    ActionId.ESCALATE, ActionId.EXTEND, ActionId.RETURN, ActionId.CO_HANDLE, ActionId.MEDIATE,
    ActionId.ATTACH,
)  # fmt: skip

PANEL_OF = {
    ActionId.CONTACT: "contact",
    ActionId.SUB_DISPATCH: "sub_dispatch",
    ActionId.TAKE_BACK: "take_back",
    ActionId.REPLY: "reply",
    ActionId.ESCALATE: "escalate",
    ActionId.EXTEND: "extend",
    ActionId.RETURN: "return",
    ActionId.CO_HANDLE: "whistle",
    ActionId.MEDIATE: "mediate",
    ActionId.ATTACH: "attach",
    ActionId.EXPLAIN: "explain",
}
ACTION_OF = {panel: action for action, panel in PANEL_OF.items()} | {"decline": ActionId.RETURN}


class DeskSide(QWidget):
    """`show_desk(desk)`, `open_panel(panel)`, `close_panel()`; `step` is what F8 does now."""

    panel_closed = Signal()

    def __init__(self, actions: Mapping[ActionId, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._desk = actions, None
        self.panel: FormPanel | None = None
        self.step = NextStep(None, "")
        self.share, self.body = OwnShare(), CaseBody()
        self.stale = label("", "muted", tone="warn", wrap=True)
        self.stale.hide()
        self.empty = EmptyState(
            self.tr("选一张工单"), self.tr("↑↓ 选择，F8 办理下一步，F1 看全部按键")
        )
        self.primary = NextButton(actions[ActionId.NEXT_STEP], "primary", self.tr("下一步"))
        self.buttons = {
            action: PlainButton(actions[action], "", short_words(action)) for action in BAR
        }
        self.print_button = PlainButton(actions[ActionId.PRINT], "", self.tr("打印"))
        self._lay_out()
        self.show_desk(None)

    def _lay_out(self) -> None:
        self.card = Card(padding=0, spacing=0)
        self.card.setAccessibleName(self.tr("工单"))
        inner = QWidget()
        inner.setProperty("kind", "clear")
        self.upper = QVBoxLayout(inner)
        self.upper.setContentsMargins(16, 12, 10, 0)
        self.upper.setSpacing(8)
        self.upper.addWidget(self.share)
        self.upper.addWidget(self.stale)
        self.upper.addWidget(self.body, 1)
        self.card.body.addWidget(inner, 1)
        self.host = QVBoxLayout()
        self.host.setContentsMargins(0, 0, 0, 0)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.card, 1)
        column.addLayout(self.host)
        column.addWidget(self._bar())
        self._column = column
        self.pages = QStackedLayout(self)
        self.pages.addWidget(filled)
        blank = Card(padding=0)
        blank.body.addWidget(self.empty)
        self.pages.addWidget(blank)

    def _bar(self) -> QWidget:
        bar = Card(padding=8, spacing=0)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.primary)
        line.addSpacing(6)
        for button in self.buttons.values():
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self.print_button)
        bar.body.addLayout(line)
        return bar

    @property
    def open_action(self) -> ActionId | None:
        """The action whose form is open: the blue button stands for it."""
        return ACTION_OF.get(self.panel.name) if self.panel is not None else None

    @property
    def desk(self) -> Desk | None:
        return self._desk

    def show_desk(self, desk: Desk | None) -> None:
        """None: nothing is chosen."""
        self._desk = desk
        self.pages.setCurrentIndex(1 if desk is None else 0)
        if desk is not None:
            self.share.show_desk(desk)
            self.body.show_desk(desk)
            self.step = next_step(desk)
        self.show_actions()

    def show_actions(self) -> None:
        """Enable what fits the case; the blue button says what F8 does."""
        desk, panel = self._desk, self.panel
        for action in BAR:
            can = desk is not None and allowed(desk, action)
            self._actions[action].setEnabled(can)
            shown = can and action is not (self.open_action or self.step.action)
            self.buttons[action].setVisible(shown)
        self._actions[ActionId.SIGN].setEnabled(desk is not None and allowed(desk, ActionId.SIGN))
        self._actions[ActionId.PRINT].setEnabled(desk is not None)
        self._actions[ActionId.EXPLAIN].setEnabled(desk is not None)
        if desk is not None and declines(desk):
            self.buttons[ActionId.RETURN].set_words(self.tr("拒绝协办"))
        else:
            self.buttons[ActionId.RETURN].set_words(short_words(ActionId.RETURN))
        if panel is not None:
            self.say_next(panel.accept_words, True)
        else:
            self.say_next(self.step.words, self.step.action is not None)

    def say_next(self, words: str, can: bool) -> None:
        self._actions[ActionId.NEXT_STEP].setEnabled(can)
        self.primary.say(words)

    def say_stale(self, words: str) -> None:
        """The case changed under an open form."""
        self.stale.setText(words)
        self.stale.setVisible(bool(words))

    def open_panel(self, panel: FormPanel) -> None:
        """Small panels under the case, wide ones in its place."""
        self._take_out()
        self.panel = panel
        self.body.setVisible(not panel.wide)
        self.share.show_appeal(self._desk if panel.wide else None)
        self.host.addWidget(panel)
        self._column.setStretch(0, 0 if panel.wide else 1)
        self._column.setStretch(1, 1 if panel.wide else 0)
        panel.show()
        self.show_actions()

    @Slot()
    def close_panel(self) -> None:
        if self.panel is None:
            return
        self._take_out()
        self.body.show()
        self.share.show_appeal(None)
        self._column.setStretch(0, 1)
        self._column.setStretch(1, 0)
        self.say_stale("")
        self.show_actions()
        self.panel_closed.emit()

    def _take_out(self) -> None:
        if self.panel is not None:
            self.host.removeWidget(self.panel)
            self.panel.hide()
            self.panel = None


class NextButton(ActionButton):
    """The blue button: its words follow the case."""

    def say(self, words: str) -> None:
        self._own_text = words
        self._follow()


class PlainButton(ActionButton):
    """A quieter act: its key stands in the tooltip and on the key sheet, not on the button."""

    def set_key(self, key: str) -> None:
        super().set_key("")
        self.setToolTip(f"{self._action.text()} {key}".strip())

    @Slot()
    def _follow(self) -> None:
        # Shown or hidden by the bar, which knows the case.
        self.set_key(self._action.shortcut().toString())
        self.setEnabled(self._action.isEnabled())


def short_words(action: ActionId) -> str:
    return {
        ActionId.CONTACT: "联系",
        ActionId.ARRIVE: "到场",
        ActionId.SUB_DISPATCH: "下派",
        ActionId.TAKE_BACK: "收回下派",
        ActionId.REPLY: "回复",
        ActionId.ESCALATE: "上报",
        ActionId.EXTEND: "延期",
        ActionId.RETURN: "退单",
        ActionId.CO_HANDLE: "吹哨",
        ActionId.MEDIATE: "调解",
        ActionId.ATTACH: "照片",
    }[action]
