"""Rows that could not be taken, as a spreadsheet to be corrected and fed again; blank forms to fill in."""

import csv
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

from console.domain.errors import Unavailable
from console.domain.importing.fields import Kind
from console.domain.importing.records import (
    COLUMN_TITLE,
    LINE_TITLE,
    REASON_TITLE,
    Cell,
    Checked,
    Fault,
)
from console.domain.importing.values import text_of

_TROUBLE = (LINE_TITLE, COLUMN_TITLE, REASON_TITLE)
_TEMPTING = ("=", "+", "-", "@", "\t", "\r")


def save_failed(checked: Checked, path: Path) -> Path:
    """The failed rows as they were, with line, column and reason at the right end. Raises Unavailable."""
    ours = [at for at, h in enumerate(checked.source.headers) if h in _TROUBLE]
    headers = [h for at, h in enumerate(checked.source.headers) if at not in ours]
    rows = list(_rows(checked, set(ours)))
    content = (
        _as_csv([[*headers, *_TROUBLE], *rows])
        if path.suffix.lower() == ".csv"
        else _as_workbook([*headers, *_TROUBLE], rows, len(headers))
    )
    return write_whole(path, content)


def _rows(checked: Checked, ours: set[int]) -> Iterator[list[str]]:
    told: defaultdict[int, list[Fault]] = defaultdict(list)
    for fault in checked.faults:
        told[fault.line].append(fault)
    width = len(checked.source.headers)
    for row in checked.source.rows:
        faults = told.get(row.line)
        if faults:
            cells = [*row.cells, *[""] * (width - len(row.cells))]
            kept = [text(cell) for at, cell in enumerate(cells) if at not in ours]
            where = "；".join(fault.place for fault in faults)
            yield [*kept, str(row.line), where, "；".join(fault.reason for fault in faults)]


def text(cell: Cell) -> str:
    """A cell as it will be read again."""
    return cell if isinstance(cell, str) else text_of(cell)


def save_template(kind: Kind, path: Path) -> Path:
    """An empty form with every heading; codes and numbers are text, so that Excel takes no digit away."""
    headers = [field.label for field in kind.fields]
    return write_whole(path, _as_workbook(headers, [], len(headers)))


def _as_workbook(headers: Sequence[str], rows: Sequence[Sequence[str]], own: int) -> bytes:
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = book.add_worksheet("导入")
    plain, head, bad = (book.add_format(look) for look in _LOOKS)
    sheet.set_column(0, max(len(headers) - 1, 0), 18, plain)
    sheet.freeze_panes(1, 0)
    for at, header in enumerate(headers):
        sheet.write_string(0, at, header, head)
    for line, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            sheet.write_string(line, at, cell[:32_767], bad if at >= own else plain)
    book.close()
    return memory.getvalue()


_LOOKS: tuple[dict[str, Any], ...] = (
    {"num_format": "@"},
    {"num_format": "@", "bold": True, "bg_color": "#E8EEF7", "border": 1},
    {"num_format": "@", "font_color": "#B3261E"},
)


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    memory = StringIO(newline="")
    csv.writer(memory).writerows([map(guarded, row) for row in rows])
    return memory.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """A spreadsheet must compute nothing of what a citizen wrote."""
    return f"'{cell}" if cell.startswith(_TEMPTING) else cell


def write_whole(path: Path, content: bytes) -> Path:
    """A file is there whole or not at all. Raises Unavailable."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise Unavailable("文件没有写成", "请换一个文件夹，或关闭已打开的同名文件") from fault
    return path
