"""A table as a spreadsheet or as text: codes stay text, nothing is computed, whose copy it is stands on it."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import xlsxwriter

from console.domain.errors import Unavailable
from console.domain.worktime import civil

# A spreadsheet takes no more rows.
MOST = 1_048_000
_TEMPTING = ("=", "+", "-", "@", "\t", "\r")
_STEP = 500
Step = Callable[[int], None]


class Stamp:
    """Whose copy this is: who, when, the code that names both (peers 6.8)."""

    def __init__(self, heading: str, title: str, signature: str, at: datetime, trace: str) -> None:
        self.heading, self.title, self.signature = heading, title, signature
        self.at, self.trace = at, trace

    def lines(self, rows: int) -> tuple[str, ...]:
        return (
            f"{self.heading} {self.title}",
            f"导出人 {self.signature}",
            f"导出时间 {civil(self.at):%Y-%m-%d %H:%M}",
            f"行数 {rows:,}",
            f"追溯码 {self.trace}",
            "姓名、号码、证件号和住址已遮蔽；查看和外传都留有记录",
        )


def write(
    path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]], stamp: Stamp, step: Step
) -> int:
    """By the name of the file: .csv as text, anything else as xlsx. The number of rows.

    Written whole or not at all. Raises Unavailable, Cancelled by `step`.
    """
    with _whole(path) as part:
        if path.suffix.lower() == ".csv":
            return _as_text(part, encoding_of(path), headers, rows, stamp, step)
        return _as_workbook(part, headers, rows, stamp, step)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    part = path.with_name(f".{path.name}.part")
    try:
        # Said now, before a hundred thousand rows have been drawn up for a folder that is not there.
        part.touch()
        yield part
        os.replace(part, path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as fault:
        raise Unavailable("文件没有写成", "请换一个文件夹，或关闭已打开的同名文件") from fault
    finally:
        part.unlink(missing_ok=True)


def encoding_of(path: Path) -> str:
    """UTF-8 with the mark by which a spreadsheet knows it, or the national standard where its name asks for that."""
    return "gb18030" if path.name.lower().endswith(".gb18030.csv") else "utf-8-sig"


def _as_text(
    part: Path,
    encoding: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    stamp: Stamp,
    step: Step,
) -> int:
    count = 0
    with part.open("w", encoding=encoding, newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(headers)
        for count, row in enumerate(rows, 1):
            sheet.writerow([guarded(cell) for cell in row])
            _tell(count, step)
        # Below an empty line, so that nobody takes it for a row; fed again it is reported, not imported.
        sheet.writerow([])
        sheet.writerow([" ".join(stamp.lines(count))])
    return count


def guarded(cell: str) -> str:
    """What a citizen wrote must never run in a spreadsheet; the import takes the mark away again."""
    return f"'{cell}" if cell.startswith(_TEMPTING) else cell


def _as_workbook(
    part: Path, headers: Sequence[str], rows: Iterable[Sequence[str]], stamp: Stamp, step: Step
) -> int:
    book = xlsxwriter.Workbook(str(part), {"constant_memory": True})
    try:
        plain = book.add_format({"num_format": "@"})
        head = book.add_format(
            {"num_format": "@", "bold": True, "bg_color": "#E8EEF7", "border": 1}
        )
        sheet = book.add_worksheet(stamp.title[:31])
        sheet.set_column(0, max(len(headers) - 1, 0), 16)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        count = _fill(sheet, headers, rows, plain, head, step)
        _stamp(book, sheet, stamp, count)
    finally:
        book.close()
    return count


def _fill(sheet, headers, rows, plain, head, step: Step) -> int:  # type: ignore[no-untyped-def] # untyped library
    for at, title in enumerate(headers):
        sheet.write_string(0, at, title, head)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST:
            raise Unavailable(f"超过 {MOST:,} 行，一张表放不下", "请另存为 csv")
        for at, cell in enumerate(row):
            sheet.write_string(count, at, cell[:32_767], plain)
        _tell(count, step)
    return count


def _stamp(book, sheet, stamp: Stamp, count: int) -> None:  # type: ignore[no-untyped-def] # untyped library
    """On a sheet of its own, at the foot of every printed page and in the file's properties."""
    about = book.add_worksheet("导出说明")
    about.set_column(0, 0, 60)
    lines = stamp.lines(count)
    for at, line in enumerate(lines):
        about.write_string(at, 0, line)
    foot = " ".join(lines[1:3]).replace("&", "&&")
    sheet.set_footer(f"&L{foot}&C{stamp.trace}&R&P/&N")
    book.set_properties(
        {"title": stamp.title, "author": stamp.signature, "comments": " ".join(lines)}
    )
    book.set_custom_property("追溯码", stamp.trace)


def _tell(count: int, step: Step) -> None:
    if count % _STEP == 0:
        step(count)


__all__ = ["Stamp", "guarded", "write"]
