"""Cells as spreadsheets give them (issue 5: both date styles, scientific notation, text that looks like numbers)."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import Invalid
from console.domain.importing.fields import Field, Reads
from console.domain.importing.headers import apply, as_toml, header_row, match, missing
from console.domain.importing.kinds import (
    ENTERPRISES,
    GRIDS,
    KINDS,
    PERSONS,
    UNITS,
    kind_named,
    kinds_for,
)
from console.domain.importing.values import read_cell
from console.domain.roles import Role
from tests.importing.files import identity

TODAY = date(2026, 11, 22)
BORN, NUMBER, PHONE = PERSONS.field("born_on"), PERSONS.field("id_number"), PERSONS.field("phone")


@pytest.mark.parametrize(
    "cell",
    ["2026-1-3", "2026/1/3", "2026.01.03", "2026年1月3日", "２０２６－１－３", "20260103", 20260103, 46025, 46025.0,
     "46025", date(2026, 1, 3), datetime(2026, 1, 3),  # noqa: DTZ001 - a spreadsheet's
     "2026-01-03 08:00:00", "2026年1月3日 8时5分"],
)  # fmt: skip
def test_every_way_an_office_writes_a_day(cell) -> None:
    assert read_cell(BORN, cell, TODAY) == date(2026, 1, 3)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2026-2-30", "没有"),
        ("1/3/2026", "分不清"),
        ("去年", "不是日期"),
        ("0026-01-03", "年份"),
        (1.5, "不是日期"),
    ],
)
def test_a_day_that_is_none_is_said(cell, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_cell(BORN, cell, TODAY)


def test_moments_are_beijing_time() -> None:
    field = Field("at", "时间", Reads.MOMENT)
    assert read_cell(field, "2026/1/3 8:05", TODAY) == datetime(2026, 1, 3, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("cell", [1.1010519491231e17, 110105194912310021, "1.10105E+17", "1.1E17"])
def test_an_identity_number_excel_has_cut_is_refused(cell) -> None:
    with pytest.raises(Invalid, match="末位已丢失") as refused:
        read_cell(NUMBER, cell, TODAY)
    assert refused.value.hint


def test_codes_and_phones_that_fit_a_number_are_taken_whole() -> None:
    assert read_cell(UNITS.field("code"), 430602001001.0, TODAY) == "430602001001"
    assert read_cell(PHONE, 19900001234.0, TODAY) == "19900001234"
    assert read_cell(PHONE, "+86 199-0000-1234 / 0730-8888888", TODAY) == "19900001234"


def test_nothing_is_nothing() -> None:
    for cell in (None, "", "  ", "无", "/", "—", "NULL"):
        assert read_cell(PHONE, cell, TODAY) is None


def test_a_failed_formula_is_said() -> None:
    with pytest.raises(Invalid, match="公式出错"):
        read_cell(PHONE, "#REF!", TODAY)


def test_excel_control_marks_go() -> None:
    assert read_cell(PERSONS.field("home_address"), "宝丽小区_x000D_\n3栋", TODAY) == "宝丽小区 3栋"


def test_a_name_with_a_number_in_it_is_refused() -> None:
    with pytest.raises(Invalid):
        read_cell(PERSONS.field("name"), "19900001234", TODAY)


@given(
    st.one_of(
        st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.none()
    )
)
def test_no_cell_breaks_any_reader(cell) -> None:
    for kind in KINDS.values():
        for field in kind.fields:
            with suppress(Invalid):
                read_cell(field, cell, TODAY)


def test_headings_are_known_by_chinese_and_english_words() -> None:
    headers = ("序号", "姓 名*", "ID Number", "手机号码（必填）", "住址", "所属网格")
    found = match(headers, PERSONS).columns
    assert [found[n] for n in ("name", "id_number", "phone", "home_address", "grid_id")] == [
        1,
        2,
        3,
        4,
        5,
    ]


def test_the_title_above_the_headings_is_passed_over() -> None:
    rows = [
        ("示范市实有人口登记表", "", ""),
        ("填表日期", "2026-1-3", ""),
        ("姓名", "身份证号", "网格"),
    ]
    assert header_row(rows, PERSONS)[0] == 2


def test_headings_merged_over_two_rows_are_joined() -> None:
    rows = [("姓名", "证件", "", "网格"), ("", "身份证号", "联系电话", "")]
    assert header_row(rows, PERSONS) == (1, ("姓名", "身份证号", "联系电话", "网格"))


def test_a_sheet_without_headings_is_refused_with_what_is_wanted() -> None:
    with pytest.raises(Invalid, match="表头") as refused:
        header_row([("a", "b"), ("1", "2")], PERSONS)
    assert "身份证号" in refused.value.hint


def test_a_mapping_of_ones_own_wins_and_survives_its_file() -> None:
    import tomllib

    headers = ("户籍人", "号码", "网格", "备注")
    columns = apply(headers, PERSONS, {"姓名": "户籍人", "身份证号": "B"}, {"民族": "汉族"})
    assert (columns.columns["name"], columns.columns["id_number"]) == (0, 1)
    assert not missing(columns, PERSONS)
    again = tomllib.loads(as_toml(headers, PERSONS, columns))
    assert apply(headers, PERSONS, again["columns"], again["defaults"]) == columns
    with pytest.raises(Invalid, match="没有“电邮”"):
        apply(headers, PERSONS, {"电邮": "备注"}, {})
    with pytest.raises(Invalid, match="没有“邮箱”这一列"):
        apply(headers, PERSONS, {"姓名": "邮箱"}, {})


def test_no_two_fields_of_a_kind_are_one_column_and_every_title_finds_itself() -> None:
    for kind in KINDS.values():
        headers = tuple(field.title for field in kind.fields)
        found = match(headers, kind).columns
        assert [found[field.name] for field in kind.fields] == list(range(len(headers))), kind.name


def test_who_may_import_what() -> None:
    assert not kinds_for(Role.CLERK)
    assert {kind.name for kind in kinds_for(Role.AGENT)} == {"police"}
    # The administrator keeps the skeleton of the city and sees no citizen.
    assert {kind.name for kind in kinds_for(Role.ADMIN)} == {
        "staff",
        "units",
        "grids",
        "roads",
        "landmarks",
    }
    assert kind_named("居民") is PERSONS
    assert kind_named("GRIDS") is GRIDS
    assert ENTERPRISES.key_titles == "统一社会信用代码"


def test_a_mark_typed_before_a_number_to_keep_it_as_text_is_no_part_of_it() -> None:
    assert read_cell(NUMBER, f"'{identity(1)}", TODAY) == identity(1)
    assert read_cell(PHONE, "’19900001234", TODAY) == "19900001234"
    assert read_cell(PHONE, "'", TODAY) is None


def test_nobody_is_on_the_line_while_a_list_is_read() -> None:
    with pytest.raises(Invalid) as told:
        read_cell(PERSONS.field("phone"), "12", date(2026, 11, 20))
    assert told.value.hint == "请与本人核对后重填"
