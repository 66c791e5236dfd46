"""Lists that are filled anew while somebody works on them: nothing moves, nothing else becomes current."""

from dataclasses import dataclass

import pytest

from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView


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
