"""The frame around the workplaces. It navigates and nothing else; it knows no service and no page by name."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from console.actions import PLACES, ActionId, add_action, places_of
from console.domain.roles import Operator, Workplace
from console.settings import WINDOW, WORKPLACE, Settings
from console.theme import RESOURCES, mark
from console.views.call_bar import CallBar
from console.views.key_sheet import KeySheet
from console.views.parts.ime import ime_guard
from console.views.parts.message_strip import MessageStrip
from console.views.rail import Rail
from console.views.status_bar import StatusBar


class MainWindow(QMainWindow):
    """Rail, call bar, the page, the foot.

    `place_shown(workplace)` after every change of page, `wanted(action id)` for the keys of the window
    itself: answer, end of call, theme, and an undo nobody else took. `closing` before the window goes.
    """

    place_shown = Signal(object)
    wanted = Signal(object)
    closing = Signal()

    def __init__(
        self,
        operator: Operator,
        pages: Mapping[Workplace, QWidget],
        settings: Settings | None = None,
        training: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.operator, self._settings = operator, settings
        self.pages = {place: pages[place] for place in places_of(operator.role, frozenset(pages))}
        self._sheet: KeySheet | None = None
        ime_guard()
        self._places: dict[str, Workplace] = {}
        self._window_actions()
        self.call_bar = CallBar(self.answer, self.end)
        self.rail = Rail(tuple(self.pages))
        self.status = StatusBar(operator, self._own)
        self.stack = QStackedWidget()
        self._lay_out()
        self._dress(training)
        self.rail.picked.connect(self.show_place)
        self._open_first()

    @property
    def message(self) -> MessageStrip:
        """The one place for a sentence and a next step."""
        return self.status.message

    @property
    def place(self) -> Workplace | None:
        """The workplace in sight."""
        shown = self.stack.currentWidget()
        return next((place for place, page in self.pages.items() if page is shown), None)

    @Slot(object)
    def show_place(self, place: Workplace) -> None:
        """Bring a workplace to the front; a page's own focus comes back with it."""
        page = self.pages.get(place)
        if page is None:
            return
        if self.stack.currentWidget() is not page:
            # Leaving in the middle of a composition would throw its letters away.
            QGuiApplication.inputMethod().commit()
            self.stack.setCurrentWidget(page)
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.focusWidget() is None:
            # The first page of a new window: without this Qt would begin at its first tab bar.
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.rail.show_place(place)
        if Workplace.INTAKE not in self.pages:
            self.call_bar.without_phone(PLACES[place].name)
        self.setWindowTitle(f"{PLACES[place].name} - 12345热线工作台")
        if self._settings is not None:
            self._settings.put(WORKPLACE, str(place))
        self.place_shown.emit(place)

    def show_training(self, on: bool) -> None:
        """Coloured frame and 演练 stamp, so that nobody takes practice for the real thing."""
        mark(self._frame, training=on)
        self._frame.layout().setContentsMargins(*((6, 6, 6, 6) if on else (0, 0, 0, 0)))
        self.call_bar.show_training(on)

    def closeEvent(self, event) -> None:
        self.closing.emit()
        if self._settings is not None:
            self._settings.put(WINDOW, self.saveGeometry().toBase64().toStdString())
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self._frame = QWidget()
        mark(self._frame, kind="frame")
        for page in self.pages.values():
            mark(page, kind="page")
            self.stack.addWidget(page)
        # First into the frame, first in the order of Tab: the page comes before the bars around it.
        self.stack.setParent(self._frame)
        outer = QHBoxLayout(self._frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.call_bar)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        outer.addWidget(self.rail)
        outer.addLayout(right, 1)
        self.setCentralWidget(self._frame)

    def _dress(self, training: bool) -> None:
        self.setWindowTitle("12345热线工作台")
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "console.svg")))
        self.setMinimumSize(1024, 640)
        self.resize(1440, 900)
        self.show_training(training)
        stored = self._settings.get(WINDOW) if self._settings else ""
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(stored.encode("ascii")))

    def _window_actions(self) -> None:
        self.answer = add_action(self, ActionId.ANSWER, self._window_key)
        self.end = add_action(self, ActionId.END_CALL, self._window_key)
        add_action(self, ActionId.SWITCH_THEME, self._window_key)
        leave = add_action(self, ActionId.SIGN_OUT, self._window_key)
        self._own = (add_action(self, ActionId.CHANGE_PASSWORD, self._window_key), leave)
        add_action(self, ActionId.UNDO, self._undo)
        add_action(self, ActionId.KEYS, self.show_keys)
        add_action(self, ActionId.FIND, self._find)
        for at, place in enumerate(tuple(self.pages)[:9]):
            go = QAction(PLACES[place].name, self)
            go.setShortcut(QKeySequence(f"Ctrl+{at + 1}"))
            go.setObjectName(place)
            go.triggered.connect(self._go)
            self._places[place] = place
            self.addAction(go)

    def _open_first(self) -> None:
        last = self._settings.get(WORKPLACE) if self._settings else ""
        first = next((place for place in self.pages if place == last), next(iter(self.pages), None))
        if first is not None:
            self.show_place(first)

    @Slot()
    def show_keys(self) -> None:
        """F1, again to close."""
        self._sheet = KeySheet(self.place, self.operator.role, self.pages, self)
        self._sheet.open()

    @Slot()
    def _window_key(self) -> None:
        self.wanted.emit(ActionId(self.sender().objectName()))

    @Slot()
    def _undo(self) -> None:
        if not self.message.take_undo():
            self.wanted.emit(ActionId.UNDO)

    @Slot()
    def _find(self) -> None:
        ime_guard().run_when_idle(self, self.call_bar.focus_find)

    @Slot()
    def _go(self) -> None:
        self.show_place(self._places[self.sender().objectName()])
