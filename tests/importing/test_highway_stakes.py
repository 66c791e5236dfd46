"""Stretches of highways by their stakes: from a table into the book, out again, and asked by sentence."""

from pathlib import Path

import pytest

from console.domain.ownership import AnswerKind
from console.domain.roles import Role
from console.services.exporting import Exporting
from console.services.handling.grids import grids_of
from console.services.intake.city import read_city
from console.services.intake.places import owner_of
from db.models import RoadRange
from tests.importing.files import FAR_GRID, GRID, OTHER_GRID, write_csv, write_xlsx
from tests.importing.test_registers import check, reasons, rows
from tests.world import seat_for

HEAD = ("道路", "起始门牌", "终止门牌", "单双号", "网格")
STRETCHES = (
    ("G107国道", "K1518+000", "K1520+500", "桩号", GRID),
    ("G107国道", "K1520+500", "K1523+000", "", OTHER_GRID),
    ("国道107线", "1", "99", "单号", FAR_GRID),
)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_stakes_come_in_go_out_and_decide(city, desk, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    table = [HEAD, *STRETCHES]
    desk.load(
        check(
            desk, "roads", write_xlsx(path, table) if ending == "xlsx" else write_csv(path, table)
        )
    )
    stored = [row for row in rows(city, RoadRange, "low", "high", "side") if row[2] == "km"]
    assert stored == [(1_518_000, 1_520_500, "km"), (1_520_500, 1_523_000, "km")]
    with city.reading() as session:
        known = read_city(session, {})
        found = owner_of(session, known, "107国道往长沙方向1519公里处有个大坑")
        assert (found.kind, found.grid.code) == (AnswerKind.FOUND, GRID)
        assert found.rule == "按桩号：G107国道 K1518+000–K1520+500"
        assert owner_of(session, known, "国道107线15号").grid.code == FAR_GRID
        assert owner_of(session, known, "G107 K1520").kind is AnswerKind.AMBIGUOUS
        assert owner_of(session, known, "G107 K1700+100").kind is AnswerKind.OUTSIDE
        leader = seat_for(city, Role.GRID_LEADER, 20).operator
        assert [one.id for one in grids_of(session, leader, "国道107 K1522+100")] == [31]
    made = Exporting(seat_for(city, Role.SUPERVISOR)).export("roads", tmp_path / f"b.{ending}")
    assert not check(desk, "roads", made.path).to_write


def test_two_grids_share_the_stake_at_which_they_meet_and_no_metre(city, desk, tmp_path) -> None:
    over = ("G107国道", "K1520+400", "K1521+000", "桩号", FAR_GRID)
    checked = check(desk, "roads", write_csv(tmp_path / "a.csv", [HEAD, *STRETCHES[:2], over]))
    assert checked.to_write == 2
    assert "K1518+000–K1520+500 重叠" in reasons(checked)[0]


@pytest.mark.parametrize(
    ("low", "high", "side"),
    [("K1+000", "12", ""), ("1", "K2+000", "桩号"), ("1", "9", "桩号"), ("K1+0", "K2+0", "单号")],
)
def test_stakes_and_doors_are_not_mixed(city, desk, tmp_path, low, high, side) -> None:
    path = write_csv(tmp_path / "a.csv", [HEAD, ("G107国道", low, high, side, GRID)])
    assert "桩号和门牌号不能混填" in reasons(check(desk, "roads", path))[0]
