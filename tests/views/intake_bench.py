"""The intake desk in a real main window, driven by the keyboard alone."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.roles import Operator, Role, Workplace
from console.jobs import Jobs
from console.views.call_bar import PhoneState
from console.views.intake.page import IntakePage
from console.views.main_window import MainWindow
from tests.views.fake_intake import PHONE, FakeDrafts, FakeIntake

AGENT = Operator(1, "0017", "李敏", Role.AGENT, 1, "示范市12345热线中心", "4306")
KEYS = {
    "F2": Qt.Key.Key_F2,
    "F4": Qt.Key.Key_F4,
    "F6": Qt.Key.Key_F6,
    "F7": Qt.Key.Key_F7,
    "F8": Qt.Key.Key_F8,
    "F9": Qt.Key.Key_F9,
    "F12": Qt.Key.Key_F12,
    "Tab": Qt.Key.Key_Tab,
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Down": Qt.Key.Key_Down,
    "Space": Qt.Key.Key_Space,
    "Backspace": Qt.Key.Key_Backspace,
}
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}


class Bench:
    """Window, page and fakes; `keys("F2", "Alt+1")`, `words("…")` as an input method commits them."""

    def __init__(self, qtbot, desk=None, drafts=None, focus: bool = True) -> None:
        self.qtbot = qtbot
        self.jobs = Jobs(QApplication.instance())
        self.desk, self.drafts = desk or FakeIntake(), drafts or FakeDrafts()
        self.page = IntakePage(self.jobs, self.desk, self.drafts)
        self.window = MainWindow(AGENT, {Workplace.INTAKE: self.page})
        self.said: list[str] = []
        self.errors: list[Exception] = []
        self.spoken: list[str] = []
        self.registered: list = []
        self.bar: list = []
        self._connect()
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitUntil(self.window.isActiveWindow)
        if focus:
            self.record.name.setFocus()
        self.settle()

    def _connect(self) -> None:
        page, strip = self.page, self.window.message
        self.window.wanted.connect(page.act)
        page.undo_offered.connect(strip.offer_undo)
        strip.undo.connect(page.undo)
        page.said.connect(strip.say)
        page.said.connect(lambda words, _tone: self.said.append(words))
        page.step_offered.connect(lambda words, *_rest: self.said.append(words))
        page.failed.connect(self.errors.append)
        page.speak.connect(self.spoken.append)
        page.registered.connect(self.registered.append)
        page.call_shown.connect(lambda state, facts: self.bar.append((state, facts)))
        self.jobs.unhandled.connect(self.errors.append)

    def close(self) -> None:
        self.jobs.close()

    @property
    def record(self):
        return self.page.record

    @property
    def form(self):
        return self.page.record.form()

    @property
    def focus(self) -> QWidget:
        return QApplication.focusWidget()

    @property
    def phone_state(self) -> PhoneState:
        return self.bar[-1][0]

    def settle(self) -> None:
        """Until no lookup is due, no job runs and no save is pending."""
        self.until(
            lambda: (
                not self.page.lookups._delay.isActive()
                and not self.jobs.is_busy
                and not self.page.journal._soon.isActive()
            )
        )

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=5000)

    def ring(self, phone: str = PHONE) -> None:
        before = len(self.bar)
        self.page.ring(phone)
        self.until(lambda: len(self.bar) > before)

    def keys(self, *names: str) -> None:
        for name in names:
            *held, key = name.split("+")
            modifiers = Qt.KeyboardModifier.NoModifier
            for one in held:
                modifiers |= MODIFIERS[one]
            QTest.keyClick(
                self.focus or self.window,
                KEYS.get(key, key.lower() if len(key) == 1 else key),
                modifiers,
            )

    def words(self, text: str) -> None:
        """One composition: letters first, then the characters."""
        self.compose("pin yin")
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(self.focus, event)

    def compose(self, letters: str) -> None:
        QApplication.sendEvent(self.focus, QInputMethodEvent(letters, []))

    def latin(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def paste(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.keys("Ctrl+V")

    def complaint(self) -> None:
        """A known caller's whole complaint up to F8."""
        self.ring()
        self.keys("F2", "Alt+1")
        self.until(lambda: self.record.name.text() == "叶长青")
        self.words("宝丽西街123号")
        self.keys("Tab")
        self.words("门面下水道堵塞，油污外溢到人行道。")
        self.settle()
