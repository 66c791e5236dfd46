"""A file of any kind that is taken as one table with headings."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from console.domain.errors import Cancelled, Invalid, Unavailable
from console.domain.importing.fields import Kind
from console.domain.importing.headers import DEEPEST, header_row, plain_heading
from console.domain.importing.records import Source, SourceFault, SourceRow, letters
from console.domain.importing.values import is_blank
from console.services.importing import documents
from console.services.importing.texts import decode_lines, read_rows
from console.services.importing.workbooks import Sheet, is_workbook, read_workbook
from console.services.importing.zips import LARGEST_PACKED, Stop, unpack

MOST_ROWS = 1_048_576
_LARGEST_TEXT = 2 * LARGEST_PACKED
_PAGES = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"mime-version")
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


class Reading:
    """Reads files; what it unpacks lies in a private folder until `close`."""

    def __init__(self) -> None:
        self._folders: list[Path] = []

    def close(self) -> None:
        """Throw away what was unpacked: it may hold citizens' photographs."""
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        self._folders.clear()

    def read(self, path: Path, kind: Kind, sheet: str, cancelled: Stop) -> Source:
        """The table in the file. Raises Invalid when it is none, Unavailable when it cannot be read, Cancelled."""
        try:
            if path.is_dir():
                return self._of_folder(path, path, _digest_of_folder(path), kind)
            _refuse_odd(path)
            digest = _digest(path, cancelled)
            if path.suffix.lower() == ".zip":
                return self._of_zip(path, digest, kind, cancelled)
            if path.suffix.lower() in (".json", ".geojson"):
                return _of_document(path, digest, kind)
            if is_workbook(path):
                return _of_workbook(path, digest, sheet, kind, cancelled)
            return _of_text(path, digest, kind, cancelled)
        except OSError as fault:
            raise Unavailable(
                f"读不到文件“{path.name}”", "请确认文件还在、没有被占用", "file"
            ) from fault

    def _of_zip(self, path: Path, digest: str, kind: Kind, cancelled: Stop) -> Source:
        folder = Path(tempfile.mkdtemp(prefix="hotline-import-"))
        self._folders.append(folder)
        unpack(path, folder, cancelled)
        return self._of_folder(path, folder, digest, kind)

    def _of_folder(self, path: Path, folder: Path, digest: str, kind: Kind) -> Source:
        records, encoding = documents.folder_records(folder)
        headers, rows = documents.as_rows(records)
        header_row([headers], kind)
        return Source(path.name, digest, encoding, headers, rows, header_line=0, base=str(folder))


def _refuse_odd(path: Path) -> None:
    if not path.is_file():
        raise Invalid(f"没有文件“{path.name}”", "请重新选择", "file")
    if path.stat().st_size == 0:
        raise Invalid(f"“{path.name}”是空文件", "请重新选择", "file")
    if path.suffix.lower() in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise Invalid(f"“{path.name}”可能带有宏，已拒绝", "请用 Excel 打开，另存为 xlsx", "file")
    if path.stat().st_size > _LARGEST_TEXT:
        raise Invalid(f"“{path.name}”过大", "请分成几个文件再导入", "file")


def _digest(path: Path, cancelled: Stop) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            if cancelled():
                raise Cancelled
    return digest.hexdigest()


def _digest_of_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.json")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _of_document(path: Path, digest: str, kind: Kind) -> Source:
    records, encoding = documents.file_records(path)
    headers, rows = documents.as_rows(records)
    header_row([headers], kind)
    return Source(path.name, digest, encoding, headers, rows, header_line=0, base=str(path.parent))


def _of_text(path: Path, digest: str, kind: Kind, cancelled: Stop) -> Source:
    content = path.read_bytes()
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(
            f"“{path.name}”不是表格文件", "可导入 xlsx、xls、csv、GeoJSON 和 JSON", "file"
        )
    if content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        # What some systems give out as .xls.
        raise Invalid(
            f"“{path.name}”是网页格式，不是真正的表格",
            "请用 Excel 打开，另存为 xlsx 再导入",
            "file",
        )
    read = decode_lines(content)
    table = _table(read_rows(read.text), kind, (), cancelled)
    table.faults += [
        SourceFault(
            row.line, -1, "本行有字不是 UTF-8、GBK 或 GB18030 编码，读不出来，请在原表里改好"
        )
        for row in table.rows
        if row.line in read.broken
    ]
    return _source(path, digest, read.encoding, table, notes=read.notes)


def _of_workbook(path: Path, digest: str, sheet: str, kind: Kind, cancelled: Stop) -> Source:
    """The sheet asked for; where none is, the first with headings: before it there may be one of explanations."""
    first = read_workbook(path, sheet, cancelled)
    try:
        return _of_sheet(path, digest, first, kind, cancelled)
    except Invalid as fault:
        if sheet or fault.field != "header" or len(first.names) < 2:
            raise
        for name in first.names[1:]:
            try:
                found = _of_sheet(
                    path, digest, read_workbook(path, name, cancelled), kind, cancelled
                )
            except Invalid as other:
                if other.field != "header":
                    raise
            else:
                note = f"第一张工作表“{first.name}”没有表头，读的是“{name}”"
                return replace(found, notes=(note, *found.notes))
        raise Invalid(
            f"{len(first.names)} 张工作表里都没有找到表头", fault.hint, "header"
        ) from None


def _of_sheet(path: Path, digest: str, sheet: Sheet, kind: Kind, cancelled: Stop) -> Source:
    table = _table(sheet.rows, kind, sheet.merged, cancelled)
    return _source(path, digest, "Excel", table, sheet)


def _source(
    path: Path, digest: str, encoding: str, table: "_Table", sheet: Sheet | None = None,
    notes: tuple[str, ...] = (),
) -> Source:  # fmt: skip
    below = [f for f in (sheet.faults if sheet else ()) if f.line > table.line]
    return Source(
        path.name, digest, encoding, table.headers, table.rows,
        sheet=sheet.name if sheet else "",
        sheets=sheet.names if sheet else (),
        header_line=table.line,
        blank_rows=table.blanks,
        notes=(*notes, *(sheet.notes if sheet else ()), *_repeated(table.headers), *table.notes),
        faults=(*below, *table.faults),
        base=str(path.parent),
    )  # fmt: skip


def _repeated(headers: Sequence[str]) -> Iterable[str]:
    """Headings that stand over several columns: which of them is meant, nobody knows."""
    places: dict[str, list[str]] = {}
    for at, header in enumerate(headers):
        places.setdefault(plain_heading(header), []).append(letters(at))
    words = [
        f"{headers[plain.index(name)]}（{'、'.join(at)} 列）"
        for plain in (list(map(plain_heading, headers)),)
        for name, at in places.items()
        if name and len(at) > 1
    ]
    if words:
        yield f"表头有重名：{'；'.join(words)}，用的是前面一列，不对请在列对照里改选"


class _Table:
    """Headings and rows below them; blank rows are counted, rows wider than the headings reported."""

    def __init__(self, line: int, headers: tuple[str, ...]) -> None:
        self.line, self.headers = line, headers
        self.rows: list[SourceRow] = []
        self.blanks = 0
        self.faults: list[SourceFault] = []

    @property
    def notes(self) -> tuple[str, ...]:
        return () if self.rows else ("表头下面没有数据",)

    def add(self, row: SourceRow) -> None:
        if all(map(is_blank, row.cells)):
            self.blanks += 1
            return
        width = len(self.headers)
        if any(not is_blank(cell) for cell in row.cells[width:]):
            reason = f"本行有 {len(row.cells)} 格，表头只有 {width} 列，可能多了分隔符"
            self.faults.append(SourceFault(row.line, -1, reason))
        self.rows.append(row)


def _table(rows: Iterable[SourceRow], kind: Kind, merged: Merged, cancelled: Stop) -> _Table:
    rows = iter(rows)
    head = list(islice(rows, DEEPEST))
    at, headers = header_row([row.cells for row in head], kind)
    table = _Table(head[at].line, headers)
    for count, row in enumerate(chain(head[at + 1 :], rows)):
        if count > MOST_ROWS:
            raise Invalid(f"超过 {MOST_ROWS:,} 行", "请分成几个文件再导入", "file")
        if count % 2000 == 0 and cancelled():
            raise Cancelled
        table.add(row)
    # Blank rows at the end are no more than where the spreadsheet was once scrolled to.
    table.faults += _merged_faults(merged, table)
    return table


def _merged_faults(merged: Merged, table: _Table) -> list[SourceFault]:
    """A cell merged over several rows says nothing of the lower ones; guessing would be a false entry."""
    there = {row.line for row in table.rows} if merged else set()
    return [
        SourceFault(line + 1, column, f"与第 {top + 1} 行合并了单元格，请取消合并后逐行填写")
        for (top, left), (bottom, right) in merged
        if bottom > top and bottom - top < 5000 and right - left < 200
        for line in range(top + 1, bottom + 1)
        for column in range(left, right + 1)
        if line + 1 > table.line and line + 1 in there
    ]
