"""F3, from the keyboard alone: type, arrows, Enter. Nothing takes the focus or breaks into a composition."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from console.actions import PLACES, ActionId, actions_of, places_of
from console.domain.finding import Command, Group, Hit, Kind
from console.domain.roles import Operator, Workplace
from console.jobs import Jobs
from console.views.finder.result_list import ResultList
from console.views.parts.type_ahead import TypeAhead

LIMIT = 5
_OURS = (Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindingDesk(Protocol):
    """What the box needs from below."""

    def find(
        self, text: str, limit: int = 5, commands: tuple[Command, ...] = ()
    ) -> tuple[Group, ...]: ...


class Frame(Protocol):
    """What the finder asks of the window it lies in."""

    operator: Operator

    @property
    def place(self) -> Workplace | None: ...


class Finder(QObject):
    """Asks when the line pauses, shows what was found, and tells what was chosen.

    `open_ticket(id)`, `fill_caller(person id)`, `show_unit(Hit)` for units and grids, `show_place(Hit)`,
    `show_enterprise(Hit)`, `go(Workplace)`, `command(ActionId)`; `failed(error)`.
    """

    open_ticket = Signal(int)
    fill_caller = Signal(int)
    show_unit = Signal(object)
    show_place = Signal(object)
    show_enterprise = Signal(object)
    go = Signal(object)
    command = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, finding: FindingDesk, line: TypeAhead, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._finding, self._line, self._window = jobs, finding, line, window
        self._composing = False
        self._before: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.list = ResultList(window)
        self.list.picked.connect(self._choose)
        line.text_edited.connect(self._ask)
        line.entered.connect(self._ask)
        line.installEventFilter(self)
        window.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        return self.list.isVisible()

    @Slot()
    def close(self) -> None:
        self.list.hide()

    @Slot(str)
    def _ask(self, text: str) -> None:
        if not text.strip():
            self.close()
            return
        work = partial(self._finding.find, text, LIMIT, self._commands())
        self._jobs.read(self, work, partial(self._found, text), self.failed.emit, key="find")

    def _found(self, text: str, groups: tuple[Group, ...]) -> None:
        """Late answers, for other words or after the line was left, are dropped."""
        if text == self._line.text() and self._line.hasFocus() and not self._composing:
            self.list.show_groups(groups, text)
            self.list.place(self._line)

    def _commands(self) -> tuple[Command, ...]:
        window: Frame = self._window  # type: ignore[assignment]
        role, place = window.operator.role, window.place
        goes = tuple(Command(f"go {p}", self.tr("去") + PLACES[p].name) for p in places_of(role))
        actions = actions_of(place, role)
        does = tuple(Command(action.id.value, action.words, action.key_words) for action in actions)
        return goes + does

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Resize and self.is_open:
                self.list.place(self._line)
            return False
        if isinstance(event, QInputMethodEvent):
            self._compose(event)
        elif event.type() == QEvent.Type.FocusOut:
            self.close()
        elif isinstance(event, QKeyEvent) and not self._composing:
            return self._key(event) if self.is_open else self._leave(event)
        return False

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is self._line:
            self._before = old

    def _leave(self, event: QKeyEvent) -> bool:
        """Esc with no list open: nothing was wanted after all, back to where one was typing."""
        if Qt.Key(event.key()) is not Qt.Key.Key_Escape or event.type() != QEvent.Type.KeyPress:
            return False
        self._line.clear()
        before = self._before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _compose(self, event: QInputMethodEvent) -> None:
        """The input method's own list hangs where ours would."""
        self._composing = bool(event.preeditString())
        if self._composing:
            self.close()

    def _key(self, event: QKeyEvent) -> bool:
        if Qt.Key(event.key()) not in _OURS:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._handler(Qt.Key(event.key()))()
        return True

    def _handler(self, key: Qt.Key) -> Callable[[], None]:
        down, up = partial(self.list.step, 1), partial(self.list.step, -1)
        known = {Qt.Key.Key_Down: down, Qt.Key.Key_Up: up, Qt.Key.Key_Escape: self.close}
        return known.get(key, self._take)

    def _take(self) -> None:
        if self.list.current is not None:
            self._choose(self.list.current)

    @Slot(object)
    def _choose(self, hit: Hit) -> None:
        self.close()
        self._line.clear()
        if hit.kind in (Kind.OPEN, Kind.ENDED):
            self.open_ticket.emit(hit.id)
        elif hit.kind is Kind.RESIDENT:
            self.fill_caller.emit(hit.id)
        elif hit.kind is Kind.COMMAND:
            self._order(hit.key)
        else:
            told = {Kind.PLACE: self.show_place, Kind.ENTERPRISE: self.show_enterprise}
            told.get(hit.kind, self.show_unit).emit(hit)

    def _order(self, key: str) -> None:
        if key.startswith("go "):
            self.go.emit(Workplace(key.removeprefix("go ")))
        else:
            self.command.emit(ActionId(key))
