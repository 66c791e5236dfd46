"""A point from the map in the record: grid, rule and coordinates, until the address is changed."""

import pytest

from console.domain.city_map import PointAnswer
from console.domain.intake import PlaceAnswer
from tests.views.fake_intake import OTHER_GRID
from tests.views.intake_bench import Bench

RULE = "按坐标：图上选点（12，34）"
POINT = PointAnswer(
    12.0, 34.0, PlaceAnswer(OTHER_GRID, (), RULE, confidence="按坐标"), "和园公寓 1栋", 8
)


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.close()


def test_a_point_fills_an_empty_address_and_stays(bench) -> None:
    bench.page.matter.take_point(POINT)
    bench.settle()
    form = bench.form
    assert (form.x, form.y) == (12.0, 34.0)
    assert (form.grid_id, form.grid_rule) == (OTHER_GRID.grid_id, RULE)
    assert form.address == "和园公寓 1栋附近"
    assert bench.page.assist.place.path.text() == OTHER_GRID.path
    assert bench.page.assist.place.rule_chip.text() == "按坐标"


def test_a_point_decides_where_the_words_were_ambiguous(bench) -> None:
    bench.record.address.setFocus()
    bench.words("宝丽西街")
    bench.settle()
    assert bench.form.grid_id is None
    bench.page.matter.take_point(POINT)
    bench.settle()
    assert bench.form.address == "宝丽西街", "what the operator typed stays"
    assert (bench.form.grid_id, bench.form.x) == (OTHER_GRID.grid_id, 12.0)
    bench.record.content.setFocus()
    bench.words("下水道堵塞，油污外溢。")
    bench.settle()
    assert bench.form.x == 12.0, "other fields change nothing"


def test_another_address_lets_go_of_the_point(bench) -> None:
    bench.page.matter.take_point(POINT)
    bench.settle()
    bench.record.address.setFocus()
    bench.record.address.selectAll()
    bench.words("宝丽西街123号")
    bench.settle()
    assert bench.form.grid_id == 30
    assert (bench.form.x, bench.form.y) == (None, None)


def test_the_next_record_begins_without_a_point(bench) -> None:
    bench.page.matter.take_point(POINT)
    bench.page.new_record()
    bench.settle()
    assert (bench.form.x, bench.form.grid_id) == (None, None)


def test_a_draft_brings_its_point_back(bench) -> None:
    bench.page.matter.take_point(POINT)
    bench.settle()
    kept = bench.form
    bench.page.new_record()
    bench.settle()
    bench.page.matter.bring_back(kept)
    bench.settle()
    assert (bench.form.x, bench.form.grid_rule) == (12.0, RULE)
    assert bench.page.assist.place.rule.text() == RULE


def test_a_point_without_an_owner_changes_nothing(bench) -> None:
    bench.page.matter.take_point(PointAnswer(1.0, 1.0, PlaceAnswer(rule="不在任何网格内")))
    assert bench.form.x is None
    assert bench.form.address == ""
