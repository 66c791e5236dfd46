"""Files read as they are or refused with a sentence (issue 5: encodings, broken workbooks, bombs, macros)."""

import unicodedata
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from console.domain.errors import Cancelled, Invalid, Unavailable
from console.domain.importing.headers import as_toml, from_toml, match
from console.domain.importing.kinds import HOUSEHOLDS, PERSONS
from console.domain.importing.records import Columns
from console.services.importing.reading import Reading
from tests.importing.files import GRID, PEOPLE, person, write_csv, write_xlsx


def never() -> bool:
    return False


def read(path: Path, kind=PERSONS, sheet: str = ""):
    reading = Reading()
    try:
        return reading.read(path, kind, sheet, never)
    finally:
        reading.close()


@pytest.mark.parametrize(
    ("encoding", "name", "found"),
    [("utf-8", "石磊", "UTF-8"), ("utf-8-sig", "石磊", "UTF-8"), ("gbk", "石磊", "GBK"),
     ("gb18030", "王㛃", "GB18030"), ("utf-16", "王㛃", "UTF-16")],
)  # fmt: skip
def test_the_encoding_is_found(tmp_path: Path, encoding: str, name: str, found: str) -> None:
    source = read(write_csv(tmp_path / "a.csv", [PEOPLE, person(1, name)], encoding))
    assert source.encoding == found
    assert source.rows[0].cells[0] == name


def test_bytes_of_no_encoding_are_said_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,身份证号,网格\n".encode("gbk") + b"\xff\xff,1,2\n")
    with pytest.raises(Invalid, match="第 2 行"):
        read(path)


def test_separators_and_quotes_of_other_programs(tmp_path: Path) -> None:
    for mark in "\t;，":
        path = tmp_path / "a.txt"
        path.write_text(f'姓名{mark}身份证号{mark}网格\n石磊{mark}="0123"{mark}{GRID}\n', "utf-8")
        assert read(path).rows[0].cells == ("石磊", "0123", GRID)
    path.write_text('姓名,身份证号,网格\n石磊,"没有关\n,,\n', "utf-8")
    with pytest.raises(Invalid, match="引号"):
        read(path)


def every_character() -> list[str]:
    """All unified ideographs Python knows: the 8,105 standard ones and ten times as many."""
    blocks = (
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0x20000, 0x2A6DF),
        (0x2A700, 0x2EBE0),
        (0x30000, 0x3134A),
    )
    return [
        chr(code)
        for low, high in blocks
        for code in range(low, high + 1)
        if unicodedata.category(chr(code)) == "Lo"
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_every_character_comes_through_unchanged(tmp_path: Path, suffix: str) -> None:
    characters = every_character()
    assert len(characters) > 80_000
    assert set("㛃𬭎䶮𡐓") <= set(characters)
    texts = ["".join(characters[at : at + 190]) for at in range(0, len(characters), 190)]
    rows = [("户号", "住址", "网格"), *((f"H{n}", text, GRID) for n, text in enumerate(texts))]
    path = tmp_path / f"a.{suffix}"
    write_xlsx(path, rows) if suffix == "xlsx" else write_csv(path, rows, "gb18030")
    assert [row.cells[1] for row in read(path, HOUSEHOLDS).rows] == texts


def test_what_gb18030_once_had_no_place_for_becomes_the_real_character(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("户号,住址,网格\nH1,".encode("gb18030") + b"\xfe\x59" + f",{GRID}\n".encode())
    assert read(path, HOUSEHOLDS).rows[0].cells[1] == "\u9fb4"


def test_a_workbook_with_titles_blank_rows_and_numbers(tmp_path: Path) -> None:
    rows = [["示范市实有人口登记表"], [None] * 5, list(PEOPLE), person(1), *[[]] * 1000, person(2)]
    source = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert (source.header_line, source.blank_rows, source.sheet) == (3, 1000, "登记表")
    assert [row.line for row in source.rows] == [4, 1005]


def test_formulas_give_their_last_result_and_those_without_one_are_faults(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, PEOPLE)
    for line in (1, 2, 3):
        sheet.write_row(line, 0, person(line))
    sheet.write_formula(1, 3, '="宝丽"&"小区"', None, "宝丽小区")
    sheet.write_formula(2, 3, "=A1", None, "")
    sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
    book.close()
    source = read(tmp_path / "a.xlsx")
    assert source.rows[0].cells[3] == "宝丽小区"
    assert [(f.line, f.column) for f in source.faults] == [(4, 3), (3, 3)]
    assert "公式出错" in source.faults[0].reason
    assert "还没有算出" in source.faults[1].reason
    assert "3 个公式" in source.notes[0]


def test_cells_merged_over_rows_are_not_guessed(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 4, "人口登记表")
    sheet.write_row(1, 0, PEOPLE)
    for line in (2, 3):
        sheet.write_row(line, 0, person(line)[:3])
    sheet.merge_range(2, 3, 3, 3, "宝丽小区3栋")
    sheet.write_column(2, 4, [GRID, GRID])
    book.close()
    (fault,) = read(tmp_path / "a.xlsx").faults
    assert (fault.line, fault.column) == (4, 3)
    assert "第 3 行" in fault.reason


def test_a_macro_is_refused_under_any_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [PEOPLE, person(1)])
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    for name in ("a.xlsx", "a.xlsm"):
        target = tmp_path / name
        path.replace(target)
        path = target
        with pytest.raises(Invalid, match="宏"):
            read(path)


def packed(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return path


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [PEOPLE, person(1)])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as more:
        more.writestr("xl/worksheets/sheet9.xml", b"0" * 300_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(Invalid, match="炸弹"):
        read(path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", a=b"0" * 20_000_000)
    raw = bytearray(path.read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = raw.find(mark) + (22 if mark == b"PK\x03\x04" else 24)
        raw[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(Invalid):
        read(path)


def test_a_cell_in_the_far_corner_does_not_take_the_memory(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [PEOPLE, person(1)])
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    with pytest.raises(Invalid, match="范围过大"):
        read(path)


def test_one_long_text_in_very_many_cells_is_refused(tmp_path: Path) -> None:
    remark = "长" * 30_000
    rows = [[*PEOPLE, "备注"], *([*person(1), *[remark] * 300] for _ in range(60))]
    with pytest.raises(Invalid, match="展开后过大"):
        read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert (
        len(read(write_xlsx(tmp_path / "b.xlsx", [[*PEOPLE, "备注"], [*person(1), remark]])).rows)
        == 1
    )


def test_a_path_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("../outside.json", "[]")
    with pytest.raises(Invalid, match="路径"):
        read(path)
    assert not (tmp_path.parent / "outside.json").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.csv", b"", "空文件"), ("a.xlsx", b"PK\x03\x04broken", "损坏"), ("a.csv", b"\x00\x01\x02" * 50, "不是表格"),
     ("a.json", b"{", "JSON"), ("a.json", b"[]", "没有可以导入"), ("a.csv", "甲,乙\n1,2\n".encode(), "表头"),
     ("a.json", b"[" * 100_000, "JSON|嵌套")],
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid, match=says):
        read(path)


def test_old_and_locked_workbooks(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    path = tmp_path / "a.xls"
    path.write_bytes(old + "_VBA_PROJECT_CUR".encode("utf-16-le"))
    with pytest.raises(Invalid, match="宏"):
        read(path)
    path.write_bytes(old + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(Invalid, match="密码"):
        read(path)
    path.write_bytes(old)
    with pytest.raises(Invalid, match="不是能读的"):
        read(path)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises((Invalid, Unavailable)):
        read(tmp_path / "none.csv")


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1)])
    with pytest.raises(Cancelled):
        Reading().read(path, PERSONS, "", lambda: True)


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("说明").write(0, 0, "填表说明")
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, PEOPLE)
    sheet.write_row(1, 0, person(1))
    book.close()
    assert len(read(tmp_path / "a.xlsx", sheet="数据").rows) == 1
    with pytest.raises(Invalid) as refused:
        read(tmp_path / "a.xlsx", sheet="别的")
    assert refused.value.hint == "有：说明、数据"


def test_rows_wider_than_the_headings_are_reported(tmp_path: Path) -> None:
    source = read(write_csv(tmp_path / "a.csv", [PEOPLE, [*person(1), "", "多"]]))
    assert "表头只有 5 列" in source.faults[0].reason


# --- files put together by hand (session 5): each once, as an office sent it


def lines(*rows) -> list[str]:
    return [",".join(map(str, row)) for row in rows]


def test_a_file_of_two_encodings_is_read_line_by_line_and_says_so(tmp_path: Path) -> None:
    head, *rows = lines(PEOPLE, *(person(n) for n in range(1, 31)))
    # 联通 in GBK happens to be UTF-8 of another script.
    chance = ",".join(map(str, person(31, 现住地址="联通")))
    odd = [row.encode("gbk") for row in rows[10:12]]
    broken = b"\xff\xff" + rows[20].encode()
    body = [
        head.encode(),
        *(r.encode() for r in rows[:10]),
        *odd,
        *(r.encode() for r in rows[12:20]),
        broken,
    ]
    path = tmp_path / "a.csv"
    path.write_bytes(b"\r\n".join([*body, chance.encode("gbk")]))
    source = read(path)
    assert source.encoding == "UTF-8 和 GB18030 混合"
    assert [row.cells[0] for row in source.rows[:20]] == [person(n)[0] for n in range(1, 21)]
    assert source.rows[-1].cells[3] == "联通"
    assert "第 12、13、23 行是 GB18030" in source.notes[0]
    assert [(f.line, f.column) for f in source.faults] == [(22, -1)]


def test_the_sheet_with_the_headings_is_taken_when_the_first_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("填表说明").write(0, 0, "请按要求填写")
    sheet = book.add_worksheet("数据")
    for line, row in enumerate([PEOPLE, person(1)]):
        sheet.write_row(line, 0, row)
    book.close()
    source = read(path)
    assert (source.sheet, len(source.rows)) == ("数据", 1)
    assert "填表说明" in source.notes[0]
    with pytest.raises(Invalid, match="表头"):
        read(path, sheet="填表说明")


def test_headings_in_two_rows_under_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 5, "泊宁市实有人口登记表")
    sheet.write(1, 0, "填报单位：清河街道")
    for at, words in ((0, "姓名"), (1, "身份证号"), (4, "现住地址"), (5, "网格")):
        sheet.merge_range(2, at, 3, at, words)
    sheet.merge_range(2, 2, 2, 3, "联系方式")
    sheet.write_row(3, 2, ("手机", "固话"))
    name, number, phone, home, grid = person(1)
    sheet.write_row(4, 0, (name, number, phone, "", home, grid))
    book.close()
    source = read(path)
    assert source.headers == ("姓名", "身份证号", "手机", "固话", "现住地址", "网格")
    assert (source.header_line, len(source.rows), source.faults) == (4, 1, ())


def test_headings_of_one_name_are_mentioned_and_kept_apart_in_a_saved_mapping(
    tmp_path: Path,
) -> None:
    table = [
        ("姓名", "身份证号", "联系电话", "联系电话", "网格"),
        (*person(1)[:3], "19900009999", GRID),
    ]
    source = read(write_csv(tmp_path / "a.csv", table))
    assert "联系电话（C、D 列）" in source.notes[0]
    columns = match(source.headers, PERSONS)
    chosen = Columns({**columns.columns, "phone": 3})
    again = from_toml(as_toml(source.headers, PERSONS, chosen), source.headers, PERSONS)
    assert again.columns["phone"] == 3


def test_hidden_rows_empty_tables_and_pages_called_xls_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for line, row in enumerate([PEOPLE, person(1), person(2)]):
        sheet.write_row(line, 0, row)
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    assert "有 1 行在表里被隐藏" in read(path).notes[0]
    assert read(write_csv(tmp_path / "b.csv", [PEOPLE])).notes == ("表头下面没有数据",)
    page = tmp_path / "c.xls"
    page.write_text("<html><table><tr><td>姓名</td></tr></table></html>", "utf-8")
    with pytest.raises(Invalid, match="网页格式"):
        read(page)


def test_a_thousand_empty_rows_are_skipped_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    blank = [[None] * 5] * 1000
    spaces = [["  "] * 5] * 1000
    source = read(write_xlsx(tmp_path / "a.xlsx", [PEOPLE, person(1), *blank, person(2), *spaces]))
    assert [row.line for row in source.rows] == [2, 1003]
    assert source.blank_rows >= 1000


def test_old_line_ends_semicolons_and_a_mark_of_order(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\r".join(lines(PEOPLE, person(1), person(2))).encode())
    assert len(read(path).rows) == 2
    path.write_bytes(("\ufeff" + "\r\n".join(lines(PEOPLE, person(1))).replace(",", ";")).encode())
    assert read(path).rows[0].cells == tuple(person(1))
