"""Right: one case, the unit's clocks over it, the form at hand, and the acts with the blue one first."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from console.actions import ActionId
from console.domain.inbox import Desk
from console.domain.states import AssignmentState
from console.jobs import Jobs
from console.views.cases.case_view import CaseView
from console.views.cases.services import CaseDesk
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.own_share import OwnShare
from console.views.inbox.steps import NextStep, allowed, declines, next_step, withdraws
from console.views.parts.card import Card, label
from console.views.parts.empty_state import EmptyState
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton

# The bar, left to right; the blue button comes first.
BAR = (
    ActionId.CONTACT, ActionId.ARRIVE, ActionId.SUB_DISPATCH, ActionId.TAKE_BACK, ActionId.REPLY,
    ActionId.ESCALATE, ActionId.EXTEND, ActionId.RETURN, ActionId.CO_HANDLE, ActionId.MEDIATE,
    ActionId.ATTACH, ActionId.PROMISE, ActionId.NOTIFY, ActionId.FEEDBACK,
)  # fmt: skip

translate = QCoreApplication.translate
UNLIMITED, CASE_AT_LEAST = 16_777_215, 110
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
    ActionId.PROMISE: "promise",
    ActionId.NOTIFY: "notify",
    ActionId.FEEDBACK: "feedback",
}
ACTION_OF = {panel: action for action, panel in PANEL_OF.items()} | {
    "decline": ActionId.RETURN,
    "undo_return": ActionId.RETURN,
}


class DeskSide(QWidget):
    """`show_desk(desk)`, `open_panel(panel)`, `close_panel()`; `step` is what F8 does now."""

    panel_closed = Signal()

    def __init__(
        self,
        actions: Mapping[ActionId, QAction],
        jobs: Jobs,
        orders: CaseDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._desk = actions, None
        self.panel: FormPanel | None = None
        self.reporting = False
        self.prints = False
        # Acts this desk has no service for are never offered.
        self.never: frozenset[ActionId] = frozenset()
        self.step = NextStep(None, "")
        self.share, self.case = OwnShare(), CaseView(jobs, orders)
        # Ctrl+L explains the unit's own clock here; the light in the case explains the whole one's.
        self.case.explain.setShortcut(QKeySequence())
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
        self.host = QVBoxLayout()
        self.host.setContentsMargins(0, 0, 0, 0)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.share)
        column.addWidget(self.stale)
        self.room = Room(self.case)
        column.addWidget(self.room, 1)
        column.addLayout(self.host)
        column.addWidget(self._bar())
        self._column = column
        self.pages = QStackedLayout(self)
        self.pages.addWidget(filled)
        blank = Card(padding=0)
        blank.body.addWidget(self.empty)
        self.pages.addWidget(blank)
        self.report = Card(padding=0, spacing=8)
        self.report.setProperty("kind", "clear")
        self.pages.addWidget(self.report)

    def show_report(self, panel: FormPanel | None, sending: bool = False) -> None:
        """The report from the grid in place of the case; None gives the case back."""
        if panel is not None and panel.parent() is not self.report:
            self.report.body.addWidget(panel, 1)
            self.report.body.addWidget(self._report_bar())
        if panel is not None:
            panel.show()
            self.report_button.say(panel.accept_words)
            self._actions[ActionId.NEXT_STEP].setEnabled(not sending)
            self._actions[ActionId.ATTACH].setEnabled(not sending)
        self.reporting = panel is not None
        self.pages.setCurrentIndex(2 if self.reporting else 1 if self._desk is None else 0)
        if panel is None:
            self.show_actions()

    def _report_bar(self) -> QWidget:
        bar = Card(padding=8, spacing=0)
        self.report_button = NextButton(self._actions[ActionId.NEXT_STEP], "primary", "")
        line = QHBoxLayout()
        line.addWidget(self.report_button)
        line.addStretch(1)
        bar.body.addLayout(line)
        return bar

    def _bar(self) -> QWidget:
        bar = Card(padding=8, spacing=0)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.primary, 0, Qt.AlignmentFlag.AlignTop)
        line.addSpacing(6)
        # Goes on in a second line where the window is narrow; nothing is ever cut off.
        line.addWidget(Flow(*self.buttons.values()), 1)
        line.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignTop)
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
        if not self.reporting:
            self.pages.setCurrentIndex(1 if desk is None else 0)
        if desk is None:
            self.case.close_case()
        else:
            self.share.show_desk(desk)
            self.step = next_step(desk)
            if self.case.ticket_id != desk.own.id:
                self.case.open_case(desk.own.id)
        self.show_actions()

    def show_actions(self) -> None:
        """Enable what fits the case; the blue button says what F8 does."""
        desk, panel = self._desk, self.panel
        for action in BAR:
            can = desk is not None and action not in self.never and allowed(desk, action)
            self._actions[action].setEnabled(can)
            shown = can and action is not (self.open_action or self.step.action)
            self.buttons[action].setVisible(shown)
        if hasattr(panel, "evidence"):
            self._actions[ActionId.ATTACH].setEnabled(True)
        self._actions[ActionId.SIGN].setEnabled(desk is not None and allowed(desk, ActionId.SIGN))
        self._actions[ActionId.PRINT].setEnabled(desk is not None and self.prints)
        self.print_button.setVisible(self.prints)
        self._actions[ActionId.EXPLAIN].setEnabled(desk is not None)
        if desk is not None:
            self._rename(desk)
        if panel is not None:
            self.say_next(panel.accept_words, True)
        else:
            self.say_next(self.step.words, self.step.can)

    def _rename(self, desk: Desk) -> None:
        """The same act under the name it has for this case."""
        back = self.tr("拒绝协办") if declines(desk) else short_words(ActionId.RETURN)
        back = self.tr("撤回退单") if withdraws(desk) else back
        self.buttons[ActionId.RETURN].set_words(back)
        again = desk.own.share_state is AssignmentState.PASSED_DOWN
        down = self.tr("加派") if again else short_words(ActionId.SUB_DISPATCH)
        self.buttons[ActionId.SUB_DISPATCH].set_words(down)

    def say_next(self, words: str, can: bool) -> None:
        if self.reporting:
            return
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
        self._make_room(panel)
        self.host.addWidget(panel)
        panel.show()
        self.show_actions()

    @Slot()
    def close_panel(self) -> None:
        if self.panel is None:
            return
        self._take_out()
        self._make_room(None)
        self.say_stale("")
        self.show_actions()
        self.panel_closed.emit()

    def _make_room(self, panel: FormPanel | None) -> None:
        """The case gives way to a wide form, and gives up its head and its note box to a small one."""
        wide = panel is not None and panel.wide
        self.share.show_over(
            self._desk if panel is not None else None, wide, self.case.head.trace.text()
        )
        # Squeezed, not hidden: hiding it would tell the others that nobody is at work here any more.
        self.room.setMaximumHeight(0 if wide else UNLIMITED)
        self.case.setEnabled(not wide)
        for part in (self.case.head, self.case.foot):
            part.setMaximumHeight(0 if panel is not None else UNLIMITED)
        self.case.body.setContentsMargins(
            12, 4 if panel is not None else 12, 12, 4 if panel is not None else 12
        )
        self._column.setStretchFactor(self.room, 0 if wide else 1)
        self._column.setStretchFactor(self.host, 1 if wide else 0)

    def _take_out(self) -> None:
        if self.panel is not None:
            self.host.removeWidget(self.panel)
            self.panel.hide()
            self.panel = None


class Room(QWidget):
    """Takes what height is left for the case. A small form is whole before the case is: the case scrolls.

    No layout: one would ask for all the lines the case's sentences need at this width, and take them from the form.
    """

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        inner.setParent(self)

    def sizeHint(self) -> QSize:
        return QSize(self._inner.minimumWidth(), CASE_AT_LEAST)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._inner.setGeometry(self.rect())


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
        ActionId.CONTACT: translate("inbox", "联系"),
        ActionId.ARRIVE: translate("inbox", "到场"),
        ActionId.SUB_DISPATCH: translate("inbox", "下派"),
        ActionId.TAKE_BACK: translate("inbox", "收回下派"),
        ActionId.REPLY: translate("inbox", "回复"),
        ActionId.ESCALATE: translate("inbox", "上报"),
        ActionId.EXTEND: translate("inbox", "延期"),
        ActionId.RETURN: translate("inbox", "退单"),
        ActionId.CO_HANDLE: translate("inbox", "吹哨"),
        ActionId.MEDIATE: translate("inbox", "调解"),
        ActionId.ATTACH: translate("inbox", "照片"),
        ActionId.PROMISE: translate("inbox", "承诺"),
        ActionId.NOTIFY: translate("inbox", "抄告"),
        ActionId.FEEDBACK: translate("inbox", "督办反馈"),
    }[action]
