"""The intake desk in every state it can be in."""

from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.intake import Draft, IntakeForm
from console.domain.roles import Operator, Role, Workplace
from console.jobs import Jobs
from console.views.intake.page import IntakePage
from console.views.main_window import MainWindow
from console.views.parts.empty_state import EmptyState
from tests.screens import register
from tests.views.fake_intake import PHONE, FakeDrafts, FakeIntake

AGENT = Operator(1, "0017", "李敏", Role.AGENT, 1, "示范市12345热线中心", "4306")
CONTENT = (
    "门面下水道堵塞，油污外溢到人行道，路面湿滑，有老人滑倒，已持续三天，店家说是公共管道的问题。"
)


class Stage:
    """A window with the desk in it, led into a state step by step."""

    def __init__(self, size: tuple[int, int], drafts: FakeDrafts | None = None) -> None:
        self.jobs = Jobs(QApplication.instance())
        self.desk, self.drafts = FakeIntake(), drafts or FakeDrafts()
        self.page = IntakePage(self.jobs, self.desk, self.drafts)
        pages: dict[Workplace, QWidget] = {place: EmptyState() for place in Workplace}
        pages[Workplace.INTAKE] = self.page
        self.window = MainWindow(AGENT, pages)
        self.window.resize(*size)
        self.page.call_shown.connect(self._bar)
        self.page.undo_offered.connect(self.window.message.offer_undo)
        self.page.said.connect(self.window.message.say)
        self.page.noted.connect(self.window.status.show_note)
        self.page.keys_counted.connect(self.window.status.show_keys)
        self.window.stage = self

    def _bar(self, state, facts) -> None:
        from console.views.call_bar import PhoneState

        bar = self.window.call_bar
        {PhoneState.RINGING: bar.show_ring, PhoneState.TALKING: bar.show_call}.get(
            state, self._idle
        )(facts)

    def _idle(self, _facts) -> None:
        self.window.call_bar.show_idle()

    def ring(self, phone: str = PHONE) -> None:
        self.page.ringing(self.desk.caller(phone, 5))

    def talk(self, phone: str = PHONE) -> None:
        self.ring(phone)
        self.page.answer()

    def fill(self, address: str = "宝丽西街123号至130号门面", content: str = CONTENT) -> None:
        record = self.page.record
        self.page.callers.pick_resident(0)
        record.occurred.setText("今天 08:30 起")
        record.address.setText(address)
        record.content.setPlainText(content)
        record.wanted.setText("尽快疏通并清理路面")
        record.content.setFocus(Qt.FocusReason.OtherFocusReason)

    def play(self, *steps) -> QWidget:
        """Show the window, let the lookups answer, then do the steps."""
        self.window.show()
        self.window.activateWindow()
        for step in (None, *steps):
            if step is not None:
                step()
            loop = QEventLoop()
            QTimer.singleShot(900 if step is None else 350, loop.quit)
            loop.exec()
        return self.window


def idle(size: tuple[int, int]) -> QWidget:
    return Stage(size).window


def ringing(size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.ring()
    return stage.play()


def talking(size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.talk()
    stage.fill()
    return stage.play()


def ambiguous(size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.talk()
    stage.fill("宝丽西街")
    return stage.play()


def duplicates(size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.talk()
    stage.fill()
    return stage.play(stage.page.focus_duplicates)


def faults(size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.talk("1990000")
    record = stage.page.record
    record.name.setText("叶😀")
    record.occurred.setText("明年3月1日")
    record.address.setText("火星大道")
    record.content.setPlainText("路灯不亮")
    return stage.play(stage.page.submit_and_dispatch)


def task(name: str, size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.talk()
    stage.fill(content=CONTENT + ("店里着火了。" if name == "emergency" else ""))
    return stage.play(getattr(stage.page.tasks, name))


def restored(size: tuple[int, int]) -> QWidget:
    form = IntakeForm(
        "old", full_phone=PHONE, content="小区门口路灯不亮，晚上很黑", title="小区门口路灯不亮"
    )
    draft = Draft("old", form, datetime.now(UTC) - timedelta(minutes=9), "199****1234", True)
    return Stage(size, FakeDrafts(draft)).window


def dispatched(size: tuple[int, int]) -> QWidget:
    stage = Stage(size)
    stage.talk()
    stage.fill()
    return stage.play(stage.page.submit_and_dispatch)


SIZES = {"1280": (1280, 720), "1440": (1440, 900), "1920": (1920, 1080)}
for words, size in SIZES.items():
    register(f"intake-talking-{words}", partial(talking, size))
    register(f"intake-faults-{words}", partial(faults, size))
for name, make in (("idle", idle), ("ringing", ringing), ("ambiguous", ambiguous), ("duplicates", duplicates),
                   ("restored", restored), ("dispatched", dispatched)):  # fmt: skip
    register(f"intake-{name}", partial(make, SIZES["1440"]))
for name in ("answer", "emergency", "reject", "reveal", "promise", "explain"):
    register(
        f"intake-task-{name}", partial(task, name, SIZES["1280" if name == "answer" else "1440"])
    )
