"""Spreadsheets: looked over for macros, bombs, formulas and merged cells, then read by calamine."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from console.domain.errors import Invalid
from console.domain.importing.records import SourceFault, SourceRow
from console.services.importing.zips import LARGEST_PACKED, Stop, refuse_bomb

# calamine keeps a sheet as one dense block: a single cell in the far corner would take all memory.
MOST_CELLS = 30_000_000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = b"PK"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb"(?!\s*<(?:\w+:)?v>[^<])"
)
_BROKEN = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>.*?<(?:\w+:)?v>([^<]*)<',
    re.DOTALL,
)
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*[^/]>')
_MOST_FAULTS = 100_000
_TEXTS = "xl/sharedStrings.xml"
_LONG, _MOST_LONG, _MOST_TEXT = 4096, 100, 1 << 30


@dataclass(frozen=True)
class Sheet:
    """One sheet as read: every row up to the last that holds something, and what is wrong with single cells."""

    name: str
    names: tuple[str, ...]
    rows: Iterator[SourceRow]
    faults: tuple[SourceFault, ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    notes: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """By its name or its first bytes: an old workbook, or a packed one."""
    with path.open("rb") as file:
        head = file.read(8)
    packed = head.startswith(_PACKED) and path.suffix.lower() not in (".zip", ".json")
    return head == _OLD or packed


def read_workbook(path: Path, sheet: str, cancelled: Stop) -> Sheet:
    """Raises Invalid for macros, passwords, bombs, damage, or a sheet that is not there."""
    with path.open("rb") as file:
        old = file.read(8) == _OLD
    if old:
        _refuse_old(path)
    else:
        refuse_bomb(path, cancelled)
    try:
        book = CalamineWorkbook.from_path(path) if old else _looked_over(path)
    except PasswordError:
        raise _locked(path) from None
    except (
        CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        KeyError,
        ValueError,
    ) as fault:
        raise Invalid(
            f"“{path.name}”不是能读的电子表格", "请用 Excel 打开后另存为 xlsx", "file"
        ) from fault
    with book:
        return _read(path, book, sheet, old)


def _read(path: Path, book: CalamineWorkbook, wanted: str, old: bool) -> Sheet:
    names = tuple(book.sheet_names)
    if not names:
        raise Invalid(f"“{path.name}”里没有工作表", field="file")
    if wanted and wanted not in names:
        raise Invalid(f"没有工作表“{wanted}”", f"有：{'、'.join(names)}", "sheet")
    name = wanted or names[0]
    faults, notes = (
        ((), ("xls 旧格式看不出公式有没有出错，建议另存为 xlsx",)) if old else _scan(path, name)
    )
    sheet = book.get_sheet_by_name(name)
    left = sheet.start[1] if sheet.start else 0
    rows = (SourceRow(at, ("",) * left + tuple(row)) for at, row in enumerate(sheet.iter_rows(), 1))
    merged = tuple(sheet.merged_cell_ranges or ())
    return Sheet(name, names, rows if sheet.start else iter(()), faults, merged, notes)


def _refuse_old(path: Path) -> None:
    """An old workbook is a small file system; macros and passwords show in its directory."""
    content = path.read_bytes() if path.stat().st_size <= LARGEST_PACKED else b""
    if not content:
        raise Invalid(f"“{path.name}”过大", "请分成几个文件再导入", "file")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macro(path)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(path)


def _looked_over(path: Path) -> CalamineWorkbook:
    with zipfile.ZipFile(path) as packed:
        parts = packed.namelist()
        if any(
            "vbaproject" in part.lower() or part.lower().startswith("xl/macrosheets")
            for part in parts
        ):
            raise _macro(path)
        long = _long_texts(packed.read(_TEXTS)) if _TEXTS in parts else {}
        for name, sheet in _sheets(packed):
            text = packed.read(sheet)
            # One long text a million cells point to is small on disk, and a copy in each of them in memory.
            if sum(size * text.count(b"<v>%d</v>" % at) for at, size in long.items()) > _MOST_TEXT:
                raise Invalid(f"工作表“{name}”展开后过大，已拒绝", "请核对来源", "file")
            if b"<!DOCTYPE" in text[:2000] or _dense(text) > MOST_CELLS:
                raise Invalid(
                    f"工作表“{name}”的范围过大", "请删去右下角多余的单元格后再导入", "file"
                )
    return CalamineWorkbook.from_path(path)


def _long_texts(text: bytes) -> dict[int, int]:
    """Shared texts worth counting: their place in the list and their size."""
    starts = [found.start() for found in re.finditer(rb"<(?:\w+:)?si\b", text)]
    ends = [*starts[1:], len(text)]
    sizes = ((at, end - start) for at, (start, end) in enumerate(zip(starts, ends, strict=False)))
    longest = sorted((pair for pair in sizes if pair[1] > _LONG), key=itemgetter(1), reverse=True)
    return dict(longest[:_MOST_LONG])


def _sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Names of the sheets and where they lie."""
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    places = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet"):
            target = places.get(sheet.get(_RELATION), "").lstrip("/")
            place = target if target.startswith("xl/") else f"xl/{target}"
            if place in packed.namelist():
                yield sheet.get("name", ""), place


def _dense(text: bytes) -> int:
    """Cells of the block between A1 and the farthest row and column, at most."""
    row = rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]+)"'
    rows = max((int(found[1]) for found in re.finditer(row, text)), default=0)
    cell = rb'<(?:\w+:)?c\b[^>]*?\br="(%s)[0-9]'
    wide = [_column(f[1]) for f in re.finditer(cell % b"[A-Z]{2,3}", text)]
    return rows * (max(wide) + 1 if wide else 26)


def _scan(path: Path, name: str) -> tuple[tuple[SourceFault, ...], tuple[str, ...]]:
    """Formulas that have no computed value and cells that hold an error; calamine shows both as empty."""
    with zipfile.ZipFile(path) as packed:
        text = next((packed.read(place) for title, place in _sheets(packed) if title == name), b"")
    faults = []
    if b't="e"' in text:
        faults += [_fault(f, f"公式出错（{f[3].decode()}）") for f in _BROKEN.finditer(text)]
    formulas = text.count(b"<f>") + text.count(b"<f ") + text.count(b":f>")
    if formulas:
        faults += [
            _fault(f, "公式还没有算出结果，请用 Excel 打开并保存后再导入")
            for f in _FORMULA.finditer(text)
        ]
    notes = [f"有 {formulas} 个公式，按 Excel 最后一次算出的结果导入"] if formulas else []
    hidden = sum(1 for _row in _HIDDEN.finditer(text))
    if hidden:
        notes.append(f"有 {hidden:,} 行在表里被隐藏或筛掉了，也会导入")
    return tuple(faults[:_MOST_FAULTS]), tuple(notes)


def _fault(found: re.Match[bytes], reason: str) -> SourceFault:
    return SourceFault(int(found[2]), _column(found[1]), reason)


def _column(name: bytes) -> int:
    at = 0
    for letter in name:
        at = at * 26 + letter - 64
    return at - 1


def _macro(path: Path) -> Invalid:
    return Invalid(
        f"“{path.name}”带有宏，已拒绝", "请用 Excel 打开，另存为“Excel 工作簿（*.xlsx）”", "file"
    )


def _locked(path: Path) -> Invalid:
    return Invalid(f"“{path.name}”加了密码", "请用 Excel 打开，取消密码后再导入", "file")
