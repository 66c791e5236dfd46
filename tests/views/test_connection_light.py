"""The light says whether this console hears the others; what waited is sent when the line is back."""

import time

import pytest
from PySide6.QtCore import QObject, Qt

from console import live as module
from console.domain.changes import Changed, Link, Topic
from console.domain.errors import Unavailable
from console.domain.roles import Role
from console.jobs import Jobs
from console.live import Live
from console.theme import Tone
from console.views.call_bar import CallBar
from console.views.status_bar import StatusBar
from tests.world import operator


class Ear:
    """A listener as `db.changes` is one, that says what it is told to say."""

    def __init__(self) -> None:
        self.to_say: list[Changed | Link] = []
        self.nudged, self.ended = 0, 0

    def hear(self, announce, cancelled) -> None:
        while not cancelled():
            while self.to_say:
                announce(self.to_say.pop(0))
            time.sleep(0.005)
        announce(Link(connected=False))
        self.ended += 1

    def nudge(self) -> None:
        self.nudged += 1


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def live(jobs, ear, qtbot, monkeypatch):
    monkeypatch.setattr(module, "TOLD_MS", 60)
    monkeypatch.setattr(module, "SPREAD_MS", 40)
    owner = QObject()
    made = Live(jobs, owner)
    made.begin(ear.hear, ear.nudge)
    yield made
    made.end()


@pytest.fixture
def bar(qtbot, live):
    made = CallBar()
    qtbot.addWidget(made)
    live.link_shown.connect(made.show_connection)
    made.retry_connection.connect(live.retry)
    made.resize(1024, 56)
    made.show()
    return made


def test_lost_found_and_an_ordinary_day(qtbot, live, ear, bar) -> None:
    foot = StatusBar(operator(Role.AGENT))
    qtbot.addWidget(foot)
    foot.show()
    live.link_shown.connect(foot.show_link)
    said: list[str] = []
    live.link_shown.connect(lambda _connected, words: said.append(words))
    ear.to_say.append(Link(connected=True))
    qtbot.waitUntil(lambda: said == ["已连接"])
    assert bar.connection.mark.tone is Tone.OK
    ear.to_say.append(Link(connected=False))
    qtbot.waitUntil(lambda: bar.connection.mark.words == "连接中断，正在重连")
    assert bar.connection.mark.tone is Tone.BAD
    assert foot.link.isVisible()
    assert foot.link.text() == "连接中断，正在重连"
    with qtbot.waitSignal(live.back, timeout=2000):
        ear.to_say.append(Link(connected=True, again=True))
    assert "已恢复" in said
    assert not foot.link.isVisible()
    qtbot.waitUntil(lambda: bar.connection.mark.words == "已连接")


def test_lost_again_at_once_sends_nothing(qtbot, live, ear, monkeypatch) -> None:
    monkeypatch.setattr(module.random, "randint", lambda _low, _high: 200)
    told: list[bool] = []
    live.back.connect(lambda: told.append(True))
    shown: list[bool] = []
    live.link_shown.connect(lambda connected, _words: shown.append(connected))
    ear.to_say += [Link(connected=True, again=True), Link(connected=False)]
    qtbot.waitUntil(lambda: shown == [True, False])
    qtbot.wait(300)
    assert told == []


def test_whoever_meets_a_dead_database_first_makes_the_line_be_tried(
    qtbot, jobs, live, ear
) -> None:
    owner = QObject()

    def away() -> None:
        raise Unavailable("数据库连接中断")

    caught: list[Exception] = []
    jobs.read(owner, away, caught.append, caught.append)
    qtbot.waitUntil(lambda: bool(caught))
    assert ear.nudged == 1
    ear.to_say.append(Link(connected=False))
    qtbot.waitUntil(lambda: not live._connected)
    jobs.read(owner, away, caught.append, caught.append)
    qtbot.waitUntil(lambda: len(caught) == 2)
    assert ear.nudged == 1, "while it is away the tries stay spread"


def test_a_click_on_the_red_light_tries_at_once(qtbot, live, ear, bar) -> None:
    qtbot.mouseClick(bar.connection, Qt.MouseButton.LeftButton)
    assert ear.nudged == 0
    ear.to_say.append(Link(connected=False))
    qtbot.waitUntil(lambda: bar.connection.mark.tone is Tone.BAD)
    qtbot.mouseClick(bar.connection, Qt.MouseButton.LeftButton)
    assert ear.nudged == 1


def test_nothing_of_the_person_before_is_heard(qtbot, jobs, live, ear) -> None:
    """What the old listener says when it is stopped is not said of the new one's line."""
    shown: list[bool] = []
    live.link_shown.connect(lambda connected, _words: shown.append(connected))
    other = Ear()
    live.begin(other.hear, other.nudge)
    qtbot.waitUntil(lambda: ear.ended == 1)
    other.to_say.append(Link(connected=True))
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [True]
    live.end()
    qtbot.waitUntil(lambda: other.ended == 1)


def test_changes_of_others_reach_the_panels(qtbot, jobs, live, ear) -> None:
    with qtbot.waitSignal(jobs.changed) as told:
        ear.to_say.append(Changed(frozenset({Topic.CALLS}), (7,)))
    assert told.args[0].ids == (7,)
