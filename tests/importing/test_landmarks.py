"""Landmarks and other names: from a table into the book, out again, and told by whom they may be brought in."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from console.domain.errors import NotAllowed
from console.domain.importing.records import Standing
from console.domain.ownership import AnswerKind
from console.domain.roles import Role
from console.services.exporting import Exporting
from console.services.importing import Importing
from console.services.intake.city import read_city
from console.services.intake.places import owner_of
from db.models import AddressBookEntry, Estate, RegisterChange, Road
from tests.importing.files import FAR_GRID, GRID, OTHER_GRID, write_csv, write_xlsx
from tests.importing.test_registers import check, feature, reasons, rows, square
from tests.registers.test_guard import run
from tests.world import seat_for

HEAD = ("名称", "类别", "地址", "网格编码", "经度", "纬度", "曾用名")
PLACES = (
    ("泊宁第三中学", "学校", "宝丽西街88号", GRID, "", "", "泊宁工农中学、三中"),
    ("渡口农贸市场", "市场", "", OTHER_GRID, "", "", ""),
    ("柳林公交站", "公交站", "", FAR_GRID, "", "", ""),
)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_landmarks_come_in_go_out_and_decide(city, desk, tmp_path: Path, ending: str) -> None:
    before = len(rows(city, AddressBookEntry, "name"))
    write = write_xlsx if ending == "xlsx" else write_csv
    path = write(tmp_path / f"a.{ending}", [HEAD, *PLACES])
    desk.load(check(desk, "landmarks", path))
    assert len(rows(city, AddressBookEntry, "name")) == before + 3
    with city.reading() as session:
        school = session.scalar(select(AddressBookEntry).where(AddressBookEntry.kind == "学校"))
        assert school.initials.split()[0] == "pndszx"
        assert school.other_names == "泊宁工农中学、三中"
        found = owner_of(session, read_city(session, {}), "渡口农贸市场门口污水横流")
        assert (found.kind, found.grid.code) == (AnswerKind.FOUND, OTHER_GRID)
    made = Exporting(seat_for(city, Role.SUPERVISOR)).export("landmarks", tmp_path / f"b.{ending}")
    assert made.rows == before + 3
    assert not check(desk, "landmarks", made.path).to_write


def test_a_landmark_is_brought_up_to_date_and_every_change_noted(city, desk, tmp_path) -> None:
    desk.load(check(desk, "landmarks", write_csv(tmp_path / "a.csv", [HEAD, *PLACES])))
    moved = (*PLACES[1][:2], "沿江路5号", *PLACES[1][3:])
    twin = ("渡口农贸市场", "市场", "", GRID, "", "", "")
    checked = check(desk, "landmarks", write_csv(tmp_path / "b.csv", [HEAD, moved, twin]))
    assert (checked.counts[Standing.CHANGED], checked.counts[Standing.NEW]) == (1, 1)
    assert any("同名的地标" in note for note in checked.notes)
    desk.load(checked)
    assert ("沿江路5号",) in rows(city, AddressBookEntry, "place")
    noted = rows(city, RegisterChange, "register", "field", "after")
    assert ("address_book_entry", "place", "沿江路5号") in noted


def draw_apart(desk: Importing, tmp_path: Path) -> None:
    """The small city's grids all lie on one square; give two of them their own."""
    shapes = [
        feature(OTHER_GRID, "清风社区第二网格", square(200, 0, 90)),
        feature(FAR_GRID, "桂花社区第一网格", square(400, 0, 90)),
    ]
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), "utf-8")
    desk.load(check(desk, "grids", path))


def test_a_point_says_the_grid_and_what_contradicts_it_is_refused(city, desk, tmp_path) -> None:
    draw_apart(desk, tmp_path)
    table = [
        HEAD,
        ("甲幼儿园", "幼儿园", "", "", 50, 50, ""),
        ("乙幼儿园", "幼儿园", "", "", 5000, 5000, ""),
        ("丙幼儿园", "幼儿园", "", FAR_GRID, 50, 50, ""),
        ("丁幼儿园", "幼儿园", "", "", 50, "", ""),
        ("戊幼儿园", "幼儿园", "", "", "", "", ""),
        ("己幼儿园", "幼儿园", "", GRID, "", "", "9"),
    ]
    checked = check(desk, "landmarks", write_csv(tmp_path / "a.csv", table))
    said = reasons(checked)
    assert "不在任何网格的边界里" in said[0]
    assert f"填的是 {FAR_GRID}" in said[1]
    assert "经度和纬度要一起填" in said[2]
    assert "没有网格，也没有坐标" in said[3]
    assert "太短或只有数字" in said[4]
    desk.load(checked)
    assert rows(city, AddressBookEntry, "name", "grid_id", "x", "y")[-1] == ("甲幼儿园", 30, 50, 50)


def test_points_of_a_geojson_and_of_one_column(city, desk, tmp_path: Path) -> None:
    draw_apart(desk, tmp_path)
    point = {"type": "Point", "coordinates": [40.5, 60]}
    feature = {
        "type": "Feature",
        "geometry": point,
        "properties": {"name": "乙站", "kind": "公交站"},
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    desk.load(check(desk, "landmarks", path))
    assert rows(city, AddressBookEntry, "name", "grid_id", "x")[-1] == ("乙站", 30, 40.5)
    table = [("名称", "类别", "坐标"), ("甲站", "公交站", "40.5, 60"), ("丙站", "公交站", "某处")]
    checked = check(desk, "landmarks", write_csv(tmp_path / "b.csv", table))
    assert checked.to_write == 1
    assert "坐标认不出" in reasons(checked)[0]


def test_other_names_of_roads_and_estates_come_in_and_go_out(city, desk, tmp_path) -> None:
    head = ("道路", "起始门牌", "终止门牌", "网格", "别称")
    table = [
        head,
        ("新港路", 1, 99, GRID, "解放路；红旗路／新港路"),
        ("新港路", 101, 199, GRID, ""),
    ]
    desk.load(check(desk, "roads", write_csv(tmp_path / "a.csv", table)))
    assert ("新港路", "解放路、红旗路") in rows(city, Road, "name", "other_names")
    table[2] = ("新港路", 101, 199, GRID, "光明路")
    path = write_csv(tmp_path / "b.csv", [head, table[2]])
    desk.load(check(desk, "roads", path))
    assert ("新港路", "光明路") in rows(city, Road, "name", "other_names")
    assert ("road", "光明路") in rows(city, RegisterChange, "register", "after")
    assert not check(desk, "roads", path).to_write
    both = [head, ("新港路", 1, 99, GRID, "甲乙路"), ("新港路", 101, 199, GRID, "丙丁路")]
    assert (
        "与前面写的“甲乙路”不同"
        in reasons(check(desk, "roads", write_csv(tmp_path / "c.csv", both)))[0]
    )
    estates = [("小区名称", "楼号", "网格", "小区曾用名"), ("清荷苑", "1", GRID, "纺织厂宿舍")]
    desk.load(check(desk, "buildings", write_csv(tmp_path / "d.csv", estates)))
    assert ("清荷苑", "纺织厂宿舍") in rows(city, Estate, "name", "other_names")
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    for kind in ("roads", "buildings"):
        made = exporting.export(kind, tmp_path / f"out_{kind}.csv")
        assert not check(desk, kind, made.path).to_write


def test_the_skeleton_is_not_for_everybody(city, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [HEAD, *PLACES])
    for role in (Role.AGENT, Role.STREET_DESK, Role.GRID_LEADER, Role.GRID_WORKER):
        with pytest.raises(NotAllowed):
            Importing(seat_for(city, role)).read(path, "landmarks")


ENTRY = (
    "INSERT INTO address_book_entry (id, kind, name, initials, other_names, place, contact, x, y, grid_id)"
    " VALUES (9001, '学校', '某校', '', '', '', '', 0, 0, 30)"
)
NOTED = (
    "INSERT INTO register_change (register, row_id, field, before, after, at, changed_by)"
    " VALUES ('{0}', {1}, '*', '', 'x', now(), '别人 0000')"
)
RENAMED = "UPDATE road SET other_names = '某旧路' WHERE id = 1"


@pytest.mark.parametrize("role", [Role.AGENT, Role.STREET_DESK, Role.GRID_LEADER, Role.ADMIN])
def test_a_bare_client_of_others_writes_neither(guarded_world, role) -> None:
    for statement in (ENTRY, RENAMED):
        with pytest.raises(DBAPIError):
            run(guarded_world, role, statement)


def test_the_head_s_bare_client_writes_with_history_and_never_renames(guarded_world) -> None:
    head = Role.SUPERVISOR
    for statement in (ENTRY, RENAMED, "UPDATE road SET name = '某路' WHERE id = 1"):
        with pytest.raises(DBAPIError):
            run(guarded_world, head, statement)
    run(guarded_world, head, ENTRY, NOTED.format("address_book_entry", 9001))
    run(guarded_world, head, RENAMED, NOTED.format("road", 1))
    with pytest.raises(DBAPIError):
        run(guarded_world, head, "DELETE FROM address_book_entry")
