"""督办: watch the whole city in two colours, act with two keys, and see who answers for it."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from console.actions import BY_ID, ActionId, add_action
from console.domain.forms import FORM_NAMES, FormKind
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.domain.roles import Role
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.services import CaseDesk
from console.views.parts.page import Page
from console.views.supervision.accountability_view import AccountabilityView
from console.views.supervision.board_view import BoardView
from console.views.supervision.overrides_view import OverridesView
from console.views.supervision.services import SupervisionDesk

ACTS = (
    ActionId.INSTRUCT, ActionId.URGE, ActionId.SUPERVISE, ActionId.LIFT, ActionId.SUSPEND,
)  # fmt: skip
# Which key makes each move, for the pool to lead here.
KEYS = {
    Move.INSTRUCT: ActionId.INSTRUCT, Move.URGE: ActionId.URGE, Move.SUPERVISE: ActionId.SUPERVISE,
    Move.LIFT_SUPERVISION: ActionId.LIFT, Move.SUSPEND: ActionId.SUSPEND, Move.RESUME: ActionId.SUSPEND,
}  # fmt: skip
# Which letter each form leaves behind.
LETTERS = {"urge": FormKind.URGING_NOTICE, "supervise": FormKind.SUPERVISION_NOTICE}


class SupervisionPage(Page):
    """What a role may not do has no button and no key. `print_wanted(CaseFile, FormKind)` after `offer_print()`."""

    print_wanted = Signal(object, object)

    def __init__(
        self,
        jobs: Jobs,
        supervising: SupervisionDesk,
        orders: CaseDesk,
        role: Role = Role.OVERSEER,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, parent)
        self._prints, self._printable = False, None
        self.acts = {
            act: add_action(self, act, self._act) for act in ACTS if role in BY_ID[act].roles
        }
        judges = role in BY_ID[ActionId.ACCEPT_OVERRIDE].roles
        self.board = BoardView(jobs, supervising, orders, self.acts)
        self.overrides = OverridesView(jobs, supervising, orders, *self._verdicts(judges))
        self.export_action = add_action(self, ActionId.EXPORT, self._export)
        self.accountability = AccountabilityView(jobs, supervising, self.export_action)
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self._lay_out()
        self._connect()

    def _verdicts(self, judges: bool) -> tuple[QAction | None, QAction | None]:
        if not judges:
            return None, None
        accept = add_action(self, ActionId.ACCEPT_OVERRIDE, self._accept)
        back = add_action(self, ActionId.SEND_BACK, self._send_back)
        for action in (accept, back):
            action.setEnabled(False)
        return accept, back

    def _lay_out(self) -> None:
        self.setAccessibleName(self.tr("督办"))
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(self.tr("督办的三个视图"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        views = (self.board, self.overrides, self.accountability)
        for words, view in zip(self._words(0), views, strict=True):
            self.tabs.addTab(words)
            self.stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(6)
        column.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.stack, 1)

    def _words(self, waiting: int) -> tuple[str, str, str]:
        number = f" {waiting}" if waiting else ""
        return self.tr("双色看板"), self.tr("越关复核") + number, self.tr("问责清单")

    def _connect(self) -> None:
        add_action(self, ActionId.REFRESH, self.reload)
        add_action(self, ActionId.NEXT_VIEW, self._next_view)
        self.tabs.currentChanged.connect(self._view_changed)
        side = self.board.side
        side.said.connect(self.said)
        side.letter_written.connect(self._letter_written)
        side.print_wanted.connect(self.print_wanted)
        side.left.connect(self._catch_up)
        for view in (self.board, self.overrides, self.accountability):
            view.failed.connect(self.failed)
        for view in (self.overrides, self.accountability):
            view.said.connect(self.said)
        self.overrides.counted.connect(self._say_waiting)

    @property
    def moves(self) -> tuple[Move, ...]:
        """What this person can do here with a work order."""
        return tuple(move for move, key in KEYS.items() if key in self.acts)

    @property
    def view(self) -> Any:
        """The view in sight."""
        return self.stack.currentWidget()

    def home(self) -> QWidget:
        return self.view.home()

    def holds_back(self) -> bool:
        """Nothing moves under somebody who is filling in a form."""
        return self.board.is_typing or self.overrides.is_typing

    def offer_print(self) -> None:
        """Somebody listens to `print_wanted`."""
        self._prints = True

    def begin(self, ticket_id: int, move: Move) -> None:
        """From another workplace: this work order with the form for this move open."""
        self.tabs.setCurrentIndex(0)
        self.board.show_ticket(ticket_id)
        self.board.side.press(KEYS[move])

    @Slot()
    def reload(self) -> None:
        self.board.reload()
        self.overrides.reload()
        if self.view is self.accountability:
            self.accountability.reload()

    @Slot()
    def _catch_up(self) -> None:
        if self._stale and self.isVisible() and not self.holds_back():
            self._stale = False
            self.reload()

    @Slot()
    def _next_view(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())

    @Slot(int)
    def _view_changed(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        if self.view is self.accountability:
            self.accountability.reload()
        self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _say_waiting(self, number: int) -> None:
        self.tabs.setTabText(1, self._words(number)[1])

    # --- keys

    @Slot()
    def _act(self) -> None:
        if self.view is self.board:
            self.board.press(ActionId(self.sender().objectName()))

    @Slot()
    def _accept(self) -> None:
        if self.view is self.overrides:
            self.overrides.accept()

    @Slot()
    def _send_back(self) -> None:
        if self.view is self.overrides:
            self.overrides.send_back()

    @Slot()
    def _export(self) -> None:
        if self.view is not self.accountability:
            self.tabs.setCurrentIndex(2)
        self.accountability.export()

    # --- letters

    @Slot(str, object)
    def _letter_written(self, sentence: str, form: str) -> None:
        case, letter = self.board.side.case, LETTERS.get(form)
        self.board.home().setFocus(Qt.FocusReason.OtherFocusReason)
        if letter is None or case is None or not self._prints:
            self.said.emit(sentence, Tone.OK)
            return
        self._printable = (case, letter)
        words = self.tr("打印{0}").format(FORM_NAMES[letter])
        self.step_offered.emit(sentence, Tone.OK, words, "print")

    @Slot(str)
    def take_step(self, step: str) -> None:
        if step == "print" and self._printable is not None:
            case: CaseFile = self._printable[0]
            self.print_wanted.emit(case, self._printable[1])
