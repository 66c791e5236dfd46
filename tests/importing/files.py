"""Files as offices send them: well made and broken ones. Everybody in them is invented."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from console.domain.identity import credit_code_check, identity_check

GRID, OTHER_GRID, FAR_GRID = "990101001001001", "990101001001002", "990101002001001"


def identity(number: int) -> str:
    """A valid identity number of the impossible province 99."""
    year, month, day = 1940 + number % 60, 1 + number // 60 % 12, 1 + number // 720 % 28
    first = f"990101{year:04d}{month:02d}{day:02d}{number // 20160 % 1000:03d}"
    return first + identity_check(first)


def credit_code(number: int) -> str:
    first = f"91990101MA{number:07d}"
    return first + credit_code_check(first)


def write_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Texts as texts, numbers as numbers, `=…` as a formula."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("登记表")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and not cell.startswith("="):
                sheet.write_string(line, column, cell)
            elif cell is not None:
                sheet.write(line, column, cell)
    book.close()
    return path


PEOPLE = ("姓名", "身份证号", "联系电话", "现住地址", "网格")


def person(number: int, name: str = "", **more: Any) -> list[Any]:
    cells = {
        "姓名": name or f"石{chr(0x4E00 + number)}",
        "身份证号": identity(number),
        "联系电话": f"1990001{number:04d}",
        "现住地址": f"宝丽小区3栋2单元{number:03d}",
        "网格": GRID,
    } | more
    return [cells[title] for title in PEOPLE]
