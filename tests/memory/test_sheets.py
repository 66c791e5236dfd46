"""Any city's export is read; what cannot be read is said by line and stops nothing."""

from pathlib import Path

import pytest
from xlsxwriter import Workbook

from console.domain.errors import Invalid, NotFound
from console.memory.sheets import read_moment, read_sheet

CHINESE = (
    "留言编号,留言主题,留言详情,一级标签,承办单位,留言时间\n"
    "1,路灯不亮,清风路路灯不亮,城乡建设,路灯所,2020/1/6 12:09\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_a_city_writes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CHINESE.encode(encoding))
    (row,) = read_sheet(path).rows
    assert (row.number, row.title, row.category, row.unit) == (
        "1",
        "路灯不亮",
        "城乡建设",
        "路灯所",
    )
    assert row.time is not None
    assert (row.time.year, row.time.hour, row.line) == (2020, 12, 2)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_english_headings_and_other_separators(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    heads = ("Title", "Detail", "Place", "Category", "Unit", "Time")
    cells = ("停水", "三天没水", "锦湖小区", "供水", "水司", "2026-11-03")
    path.write_text(separator.join(heads) + "\n" + separator.join(cells) + "\n", "utf-8")
    (row,) = read_sheet(path).rows
    assert (row.title, row.detail, row.place, row.category, row.unit) == cells[:5]


def test_rows_that_are_short_long_empty_or_without_words_are_said_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'title,detail,category,time\n停水,没水,供水,2026-1-1\n停电,停了\n\n,,供水,\n噪声,太吵,环保,昨天,多的\n"换\n行",有,供水,\n',
        "utf-8",
    )
    sheet = read_sheet(path)
    assert [row.title for row in sheet.rows] == ["停水", "停电", "", "噪声", "换\n行"]
    assert [row.line for row in sheet.rows] == [2, 3, 5, 6, 7]
    assert [row.says_something for row in sheet.rows] == [True, True, False, True, True]
    said = "；".join(sheet.faults)
    assert "第3行缺少2列" in said
    assert "第5行没有标题也没有内容" in said
    assert "第6行" in said


def test_a_damaged_character_spoils_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(("标题,内容\n" + "路灯不亮,晚上很黑\n" * 50).encode() + b"\xff\xfe\x80,\xe6\n")
    rows = read_sheet(path).rows
    assert sum(row.title == "路灯不亮" for row in rows) == 50


def test_a_spreadsheet_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["工单编号", "标题", "内容", "类别", "承办单位"])
    sheet.write_row(1, 0, [20261103, "停水", "没水", "供水", "水司"])
    book.close()
    (row,) = read_sheet(path).rows
    assert (row.number, row.title, row.unit) == ("20261103", "停水", "水司")


def test_no_file_an_empty_one_and_one_without_headings_are_refused_with_a_next_step(
    tmp_path: Path,
) -> None:
    with pytest.raises(NotFound):
        read_sheet(tmp_path / "none.csv")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n", "utf-8")
    for path in (empty, strange):
        with pytest.raises(Invalid) as refused:
            read_sheet(path)
        assert refused.value.hint


@pytest.mark.parametrize(
    ("said", "day"),
    [("2020/1/6 12:09:38", 6), ("2019年1月16日", 16), ("20200123", 23), ("43852", 22),
     ("2020-01-09T08:00:00", 9), ("昨天", None), ("2020-13-45", None), ("", None)],
)  # fmt: skip
def test_moments_as_cities_write_them(said: str, day: int | None) -> None:
    moment = read_moment(said)
    assert (moment.day if moment else None) == day
