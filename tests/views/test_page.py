"""The page base and the queue: reload when looked at, focus where it was, words of waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.jobs import Jobs
from console.views.parts.page import Page
from console.views.parts.queue_table import waited
from console.views.parts.record_table import Column, RecordTable

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
TICKETS = Changed(frozenset({Topic.TICKETS}))


class Desk(Page):
    """Counts its reloads."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self.reloads, self.acted, self.busy = 0, 0, False
        self.one, self.other = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.one)
        column.addWidget(self.other)
        add_action(self, ActionId.REFRESH, self.count)

    def reload(self) -> None:
        self.reloads += 1

    def count(self) -> None:
        self.acted += 1

    def home(self) -> QLineEdit:
        return self.one

    def holds_back(self) -> bool:
        return self.busy


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def stage(qtbot, jobs):
    stack = QStackedWidget()
    stack.addWidget(Desk(jobs))
    stack.addWidget(QLineEdit())
    qtbot.addWidget(stack)
    stack.show()
    stack.activateWindow()
    qtbot.waitUntil(stack.isActiveWindow)
    return stack


def test_it_reloads_when_first_seen_and_on_changes_of_its_own(stage, jobs) -> None:
    desk = stage.widget(0)
    assert desk.reloads == 1
    jobs.changed.emit(TICKETS)
    assert desk.reloads == 2
    jobs.changed.emit(Changed(frozenset({Topic.KNOWLEDGE})))
    assert desk.reloads == 2


def test_out_of_sight_it_waits_until_it_is_looked_at(stage, jobs) -> None:
    desk = stage.widget(0)
    stage.setCurrentIndex(1)
    jobs.changed.emit(TICKETS)
    jobs.changed.emit(TICKETS)
    assert desk.reloads == 1
    stage.setCurrentIndex(0)
    assert desk.reloads == 2


def test_nothing_is_reloaded_under_the_operators_hands(stage, jobs) -> None:
    desk = stage.widget(0)
    desk.busy = True
    jobs.changed.emit(TICKETS)
    assert desk.reloads == 1


def test_the_focus_comes_back_to_where_it_was(stage) -> None:
    desk = stage.widget(0)
    desk.setFocus()
    assert desk.one.hasFocus()
    desk.other.setFocus()
    stage.setCurrentIndex(1)
    stage.setCurrentIndex(0)
    desk.setFocus()
    assert desk.other.hasFocus()


def test_an_action_can_be_done_by_its_name(stage) -> None:
    desk = stage.widget(0)
    desk.act(ActionId.REFRESH)
    desk.act(ActionId.DISPATCH)
    assert desk.acted == 1


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "刚到"), (12, "等12分"), (200, "等3小时"), (3000, "等2天")]
)
def test_waiting_in_words(minutes, words) -> None:
    assert waited(NOW - timedelta(minutes=minutes), NOW) == words
    assert waited(None, NOW) == ""


def test_tick_boxes_can_be_taken_away(qapp) -> None:
    table = RecordTable([Column("", str)], identity=str, checkable=True)
    table.show(["a", "b"])
    table.check_all(True)
    table.set_checkable(False)
    assert table.checked() == ()
    table.set_checkable(True)
    assert table.checked() == ()
