"""Every standard character out of the console in a file and in again at another one, unchanged."""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from console.domain.importing.records import Standing
from console.domain.roles import Role
from console.services.exporting import Exporting
from console.services.importing import Importing
from db.models import Enterprise, Road, RoadRange
from tests.importing.files import GRID, credit_code, write_csv, write_xlsx
from tests.importing.test_registers import check, rows
from tests.standard_characters import NAMED, STANDARD, pieces
from tests.world import seat_for

SHOPS = [
    ("企业名称", "统一社会信用代码", "经营地址", "网格"),
    *((f"{text}店", credit_code(at), f"{text}路{at}号", GRID) for at, text in enumerate(pieces(45), 1)),
]  # fmt: skip
STREETS = [
    ("道路", "起始门牌", "终止门牌", "单双号", "网格"),
    *((f"{text}路", 1, 99, "全部", GRID) for text in pieces(45)),
]
ENDINGS = ["xlsx", "csv", "gb18030.csv"]


def read_cells(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    encoding = "gb18030" if "gb18030" in path.name else "utf-8-sig"
    return list(csv.reader(path.read_text(encoding).splitlines()))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("kind", "table", "column"), [("enterprises", SHOPS, 0), ("roads", STREETS, 0)]
)
def test_out_and_in_again(
    city, desk, tmp_path: Path, ending: str, kind: str, table: list, column: int
) -> None:
    desk.load(check(desk, kind, write_xlsx(tmp_path / "first.xlsx", table)))
    made = Exporting(seat_for(city, Role.SUPERVISOR)).export(kind, tmp_path / f"out.{ending}")
    cells = [row[column] for row in read_cells(made.path) if row]
    expected = [row[column] for row in table[1:]]
    assert sorted(cell for cell in cells if cell in set(expected)) == sorted(expected)
    assert set("".join(expected)) >= set(STANDARD)
    again = check(desk, kind, made.path)
    assert not again.to_write, "what came out is what is there"
    assert again.counts[Standing.SAME] >= len(expected)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_one_console_wrote_another_reads(on_file, on_server, tmp_path: Path, ending) -> None:
    first, second = (Importing(seat_for(db, Role.SUPERVISOR)) for db in (on_file, on_server))
    first.load(check(first, "enterprises", write_csv(tmp_path / "a.csv", SHOPS, "gb18030")))
    made = Exporting(seat_for(on_file, Role.SUPERVISOR)).export(
        "enterprises", tmp_path / f"out.{ending}"
    )
    second.load(check(second, "enterprises", made.path))
    columns = (Enterprise, "uscc", "name", "address")
    assert rows(on_server, *columns) == rows(on_file, *columns)
    assert [name for _code, name, _place in rows(on_server, *columns)] == [
        row[0] for row in SHOPS[1:]
    ]
    first.close()
    second.close()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_list_as_a_window_shows_it(city, tmp_path: Path, ending: str) -> None:
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    texts = [f"{text}，{NAMED}" for text in pieces(100)]
    made = exporting.table("清单", ("内容",), [(t,) for t in texts], tmp_path / f"a.{ending}")
    assert [row[0] for row in read_cells(made.path)[1 : len(texts) + 1]] == texts


def test_the_encoding_is_the_one_the_name_says(city, tmp_path: Path) -> None:
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    for name, encoding in (("a.csv", "utf-8-sig"), ("a.gb18030.csv", "gb18030")):
        made = exporting.table("清单", ("姓名",), [("张𬭎",)], tmp_path / name)
        assert "张𬭎" in made.path.read_bytes().decode(encoding)
    assert not (tmp_path / "a.csv").read_bytes().startswith("姓".encode("gb18030"))


def test_roads_keep_their_names_in_both_tables(city, desk, tmp_path: Path) -> None:
    desk.load(check(desk, "roads", write_csv(tmp_path / "a.csv", STREETS, "gb18030")))
    names = {name for (name,) in rows(city, Road, "name")}
    assert {row[0] for row in STREETS[1:]} <= names
    assert len(rows(city, RoadRange, "low")) >= len(STREETS) - 1
