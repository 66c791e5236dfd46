"""Which row holds the headings, and which column feeds which field."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from console.domain.errors import Invalid
from console.domain.importing.fields import Field, Kind
from console.domain.importing.records import OUR_TITLES, Cell, Columns, letters
from console.domain.importing.values import text_of

# Headings stand within this many rows: above them lie a title, a unit, a date.
DEEPEST = 20


@lru_cache(maxsize=4096)
def plain_heading(text: str) -> str:
    """姓 名 *（必填） → 姓名; ID Number → idnumber."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"[(\[【][^)\]】]*(?:必填|选填|必输|格式|如|例)[^)\]】]*[)\]】]", "", plain)
    return re.sub(r"[\s*:：_\-.·]", "", plain)


def _words(field: Field) -> list[str]:
    return [plain_heading(word) for word in (field.title, *field.synonyms, field.name)]


def header_row(rows: Sequence[Sequence[Cell]], kind: Kind) -> tuple[int, tuple[str, ...]]:
    """Index of the row with the most known headings, and the headings; one merged from above fills a gap.

    Raises Invalid when no row has two of them (one is enough for a table of one or two columns).
    """
    known = {word for field in kind.fields for word in _words(field)}
    best, most = -1, 0
    for index in range(min(len(rows), DEEPEST)):
        hits = len(known.intersection(map(plain_heading, _filled(rows, index))))
        own = known.intersection(plain_heading(text_of(cell)) for cell in rows[index])
        # 联系方式 over 手机 and 固话: the lower of two rows says the same and more.
        lower = hits == most and index == best + 1 and bool(own) and len(own) < hits
        if hits > most or lower:
            best, most = index, hits
    if best < 0 or (most < 2 and len(kind.fields) > 2):
        wanted = "、".join(field.title for field in kind.fields if field.required)
        raise Invalid(f"前 {DEEPEST} 行里没有找到表头", f"至少要有：{wanted}", "header")
    return best, _filled(rows, best)


def _filled(rows: Sequence[Sequence[Cell]], at: int) -> tuple[str, ...]:
    """The headings; a heading merged over two rows stands in the upper one."""
    above: Sequence[Cell] = rows[at - 1] if at else ()
    width = max(map(len, rows[at : at + 1]), default=0)
    names = []
    for column in range(width):
        own = text_of(rows[at][column])
        names.append(own or (text_of(above[column]) if column < len(above) else ""))
    return tuple(names)


def match(headers: Sequence[str], kind: Kind) -> Columns:
    """Each field's column: its title first, then its synonyms in order. A column feeds one field."""
    plain = [plain_heading(header) for header in headers]
    ours = {plain_heading(title) for title in OUR_TITLES}
    taken: set[int] = set()
    found = dict.fromkeys((field.name for field in kind.fields), -1)
    # All titles before any synonym: 地址 belongs to 现住地址 only where there is no better column.
    depth = max(len(_words(field)) for field in kind.fields)
    for rank in range(depth):
        for field in kind.fields:
            words = _words(field)
            if found[field.name] >= 0 or rank >= len(words) or words[rank] in ours:
                continue
            at = next((i for i, h in enumerate(plain) if h == words[rank] and i not in taken), -1)
            if at >= 0:
                found[field.name] = at
                taken.add(at)
    return Columns(found)


def apply(
    headers: Sequence[str], kind: Kind, wanted: Mapping[str, str], defaults: Mapping[str, str]
) -> Columns:
    """The matched columns with an operator's own mapping over them: field title or name → heading or letter.

    An empty heading leaves the field out. Raises Invalid naming what is not there.
    """
    found = dict(match(headers, kind).columns)
    for word, heading in wanted.items():
        found[_field(kind, word).name] = _column(headers, heading) if heading else -1
    return Columns(found, {_field(kind, word).name: str(v) for word, v in defaults.items()})


def _field(kind: Kind, word: str) -> Field:
    for field in kind.fields:
        if word in (field.title, field.name) or plain_heading(word) in _words(field):
            return field
    known = "、".join(field.title for field in kind.fields)
    raise Invalid(f"{kind.title}没有“{word}”这一项", f"可用：{known}", "mapping")


def _column(headers: Sequence[str], heading: str) -> int:
    plain = plain_heading(heading)
    for at, header in enumerate(headers):
        if plain_heading(header) == plain:
            return at
    if re.fullmatch(r"[A-Za-z]{1,2}", heading):
        at = 0
        for letter in heading.upper():
            at = at * 26 + ord(letter) - 64
        if at <= len(headers):
            return at - 1
    raise Invalid(f"表里没有“{heading}”这一列", "请核对对照表", "mapping")


def missing(columns: Columns, kind: Kind) -> tuple[Field, ...]:
    """Required fields that nothing feeds."""
    return tuple(
        field
        for field in kind.fields
        if field.required and columns.columns.get(field.name, -1) < 0 and field.name not in columns.defaults
    )  # fmt: skip


def from_toml(text: str, headers: Sequence[str], kind: Kind) -> Columns:
    """The columns by a mapping file. Raises Invalid for what it cannot mean."""
    try:
        given = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as fault:
        raise Invalid(f"列对照写法不对：{fault}", "可重新存一份再改", "mapping") from None
    tables = [given.get("columns", {}), given.get("defaults", {})]
    if not all(isinstance(table, dict) for table in tables):
        raise Invalid("列对照里应有 [columns] 和 [defaults]", "可重新存一份再改", "mapping")
    wanted, defaults = ({str(k): str(v) for k, v in table.items()} for table in tables)
    return apply(headers, kind, wanted, defaults)


def as_toml(headers: Sequence[str], kind: Kind, columns: Columns) -> str:
    """The mapping as a file that `--mapping` reads."""
    lines = [
        f"# 导入{kind.title}的列对照：左边是登记项，右边是表头；删去一行则自动匹配",
        "[columns]",
    ]
    for field in kind.fields:
        at = columns.columns.get(field.name, -1)
        heading = _heading(headers, at) if at >= 0 else ""
        lines.append(f"{_quoted(field.title)} = {_quoted(heading)}")
    lines += ["", "# 空格子填什么", "[defaults]"]
    lines += [f"{_quoted(kind.field(n).title)} = {_quoted(v)}" for n, v in columns.defaults.items()]
    return "\n".join(lines) + "\n"


def _heading(headers: Sequence[str], at: int) -> str:
    """By its words where no other column has them, by its letter where one has."""
    plain = [plain_heading(header) for header in headers]
    return headers[at] if plain[at] and plain.count(plain[at]) == 1 else letters(at)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
