"""Lists that are filled anew while somebody works on them: nothing moves, nothing else becomes current."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from console.domain.blocking import BlockRequest
from console.domain.changes import Changed, Topic
from console.domain.roles import Role
from console.jobs import Jobs
from console.services.archiving import Archiving
from console.views.archive import ArchivePanel
from console.views.orders.blocked import BlockedDialog
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from tests.desks import closed
from tests.world import seat_for


@dataclass(frozen=True)
class Row:
    id: int


def _words(row: Row) -> str:
    return str(row.id)


@pytest.fixture
def table(qtbot):
    model = RecordTable([Column("号", _words)])
    made = TableView(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    made.show_rows([Row(n) for n in range(100, 200)])
    return made


def shown(table: TableView) -> list[int]:
    """The rows in sight, top first."""
    first = table.rowAt(0)
    return [table.records.rows[at].id for at in range(first, first + 5)]


def test_rows_coming_in_above_do_not_push_what_is_read(table) -> None:
    table.select_id(150)
    table.verticalScrollBar().setValue(45)
    before = shown(table)
    table.show_rows([Row(n) for n in (1, 2, 3, *range(100, 200))])
    assert shown(table) == before
    assert table.current.id == 150


def test_rows_leaving_above_and_at_the_top_do_not_move_the_rest(table) -> None:
    table.verticalScrollBar().setValue(45)
    before = shown(table)
    table.show_rows([Row(n) for n in range(100, 200) if n not in (103, 104, before[0])])
    assert shown(table)[1:] == before[1:], "each where it was"


def test_at_the_very_top_new_ones_are_seen(table) -> None:
    table.select_id(101)
    table.show_rows([Row(n) for n in (1, *range(100, 200))])
    assert shown(table)[0] == 1
    assert table.current.id == 101


def test_what_was_marked_for_one_key_stays_marked(table) -> None:
    table.select_id(110)
    for at in (12, 14):
        table.selectionModel().select(
            table.records.index(at, 0),
            table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows,
        )
    assert [row.id for row in table.chosen] == [110, 112, 114]
    table.show_rows([Row(n) for n in (1, *range(100, 200)) if n != 112])
    assert [row.id for row in table.chosen] == [110, 114]


def test_a_current_row_that_is_gone_leaves_none_and_the_view_stays(table, qtbot) -> None:
    table.verticalScrollBar().setValue(45)
    table.select_id(148)
    before = shown(table)
    told: list[object] = []
    table.selected.connect(told.append)
    table.show_rows([Row(n) for n in range(100, 200) if n != 148])
    assert table.current is None
    assert told == [None]
    assert shown(table)[:3] == before[:3]


# --- pages that choose the first row by themselves


class Numbers:
    """What a supervisor decides about, as far as the dialog asks."""

    def __init__(self) -> None:
        at = datetime(2026, 3, 9, 8, tzinfo=UTC)
        self.rows = tuple(
            BlockRequest(n, f"199****000{n}", "refuse", "骚扰", "李敏 0017", at, at, 3)
            for n in (1, 2)
        )
        self.approved: list[int] = []

    def numbers(self) -> tuple[BlockRequest, ...]:
        return self.rows

    def approve(self, request_id: int) -> Changed:
        self.approved.append(request_id)
        self.rows = tuple(row for row in self.rows if row.id != request_id)
        return Changed(frozenset({Topic.CALLS}), (request_id,))

    def end(self, request_id: int, reason: str) -> Changed:
        raise NotImplementedError


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def test_an_approval_never_falls_on_another_number(qtbot, jobs) -> None:
    desk = Numbers()
    dialog = BlockedDialog(jobs, desk)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.table.current is not None)
    assert dialog.table.current.id == 1
    desk.rows = desk.rows[1:]
    jobs.announce(Changed(frozenset({Topic.CALLS}), (1,)))
    qtbot.waitUntil(lambda: dialog.table.records.rowCount() == 1)
    assert dialog.table.current is None
    assert not dialog.approve_button.isEnabled()
    dialog.approve_button.click()
    assert desk.approved == []


def test_after_ones_own_decision_the_next_one_is_at_hand(qtbot, jobs) -> None:
    desk = Numbers()
    dialog = BlockedDialog(jobs, desk)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.approve_button.isEnabled)
    dialog.approve_button.click()
    qtbot.waitUntil(lambda: dialog.table.current is not None and dialog.table.current.id == 2)


def test_f8_archives_nothing_that_came_under_the_cursor_by_itself(qtbot, jobs, world) -> None:
    first, second = closed(world), closed(world)
    desk = Archiving(seat_for(world, Role.CLERK))
    panel = ArchivePanel(jobs, desk)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.table.current is not None)
    mine = panel.table.current.id
    other = second if mine == first else first
    jobs.announce(desk.archive(mine))
    qtbot.waitUntil(lambda: [row.id for row in panel.table.records.rows] == [other])
    assert panel.table.current is None
    panel.archive()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert [row.id for row in desk.queue().rows] == [other]
