"""Tables as text: which encoding, which separator; every character as it was written."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from console.domain.errors import Invalid
from console.domain.importing.records import SourceRow

# Characters that GB18030-2000 had no Unicode place for; files of its time come out as private ones
# (GB 18030-2022, appendix; the eight of GBK's last rows).
_PRIVATE = {
    0xE81E: "\u9fb4", 0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7", 0xE832: "\u9fb8", 0xE843: "\u9fb9",
    0xE854: "\u9fba", 0xE864: "\u9fbb",
}  # fmt: skip
_SEPARATORS = "\t,;，；|"
# What our own exports write so that a spreadsheet computes nothing, and what others write to keep zeros.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
_AS_FORMULA = re.compile(r'="([^"]*)"')
LONGEST_CELL = 131_072


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, what it was written in, what the operator should know, and the lines that could not be read."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    broken: frozenset[int] = frozenset()


def decode_lines(content: bytes) -> Decoded:
    """As `decode`; a file put together from two encodings is read line by line, and lines of none are named.

    Raises Invalid when more than a few lines are of no encoding.
    """
    try:
        return Decoded(*decode(content))
    except Invalid:
        lines = content.split(b"\n")
        read = [_line(line) for line in lines]
        broken = frozenset(at for at, (_text, name) in enumerate(read, 1) if not name)
        if 10 * len(broken) > len(lines) or content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise
    odd = [at for at, (_text, name) in enumerate(read, 1) if name == "GB18030"]
    more = f" 等 {len(odd):,} 行" if len(odd) > 3 else ""
    which = "、".join(map(str, odd[:3]))
    note = f"文件里混有两种编码，已逐行识别：第 {which} 行{more}是 GB18030，其余是 UTF-8，请核对这些行的字"
    text = "\n".join(text for text, _name in read)
    return Decoded(text, "UTF-8 和 GB18030 混合", (note,) if odd else (), broken)


def _line(line: bytes) -> tuple[str, str]:
    """One line on its own. What is UTF-8 by chance, being GBK, has no Chinese character in it."""
    try:
        text = line.decode("utf-8-sig")
        if text.isascii() or re.search(r"[\u2e80-\uffff\U00010000-\U0010ffff]", text):
            return text, "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return line.decode("gb18030").translate(_PRIVATE), "GB18030"
    except UnicodeDecodeError:
        return line.decode("utf-8", "replace"), ""


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Invalid with the line that is neither."""
    for mark, name, words in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if content.startswith(mark):
            return _strict(content, name, words)
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        text, _ = _strict(content, "gb18030", "GB18030")
    return text.translate(_PRIVATE), "GBK" if _is_gbk(content) else "GB18030"


def _strict(content: bytes, name: str, words: str) -> tuple[str, str]:
    try:
        return content.decode(name), words
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise Invalid(
            f"第 {line} 行的文字编码不是 UTF-8、GBK 或 GB18030",
            "请用 Excel 打开后另存为 xlsx 再导入",
            "file",
        ) from None


def _is_gbk(content: bytes) -> bool:
    """Whether the older code would have done: no character of four bytes."""
    try:
        content.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def read_rows(text: str) -> Iterator[SourceRow]:
    """Rows with the number of the line each begins on. Raises Invalid for a quote that never closes."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield SourceRow(line, tuple(map(_plain, cells)))
            line = reader.line_num + 1
    except csv.Error:
        raise Invalid(f"第 {line} 行的引号没有配对", "请在原表里改好这一行", "file") from None


def _plain(cell: str) -> str:
    if not cell or cell[0] not in "'=":
        return cell
    wrapped = _AS_FORMULA.fullmatch(cell)
    return wrapped[1] if wrapped else _GUARDED.sub("", cell, count=1)


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most columns."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in _SEPARATORS}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","
