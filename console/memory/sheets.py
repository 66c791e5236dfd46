"""Work orders out of any city's export: CSV in UTF-8, GB 18030 or UTF-16, spreadsheets; Chinese or English headings."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from console.domain.errors import Invalid, NotFound
from console.memory.corpus import Learned
from console.memory.pieces import Message

# Heading → field, the most telling heading first: where a sheet has several, the first one found is taken.
_HEADINGS: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "title": ("title 标题 主题 留言主题 工单标题 诉求标题 事件标题 来信标题 subject 名称"),
        "detail": (
            "detail content 内容 详情 留言详情 留言内容 工单内容 "
            "诉求内容 事件描述 问题描述 来电内容 反映内容 诉求描述 案件描述 正文 "
            "描述 description text body details"
        ),
        "place": (
            "place address 地点 地址 事发地点 事发地址 发生地址 "
            "发生地点 诉求地址 事件地址 问题地点 location 位置 详细地址 "
            "区域 所属区域 所属区县"
        ),
        "category": (
            "category 一级标签 类别 分类 诉求分类 诉求类别 事件类别 "
            "工单分类 问题分类 一级分类 一级类别 事项分类 诉求类型 问题类别 "
            "label 标签 class type 类型 工单类型"
        ),
        "unit": (
            "unit 承办单位 主办单位 处理单位 处置单位 办理单位 承办部门 "
            "处置部门 处理部门 责任单位 办理部门 主办部门 责任部门 "
            "department dept 派遣单位 单位 部门 responder"
        ),
        "time": (
            "time 时间 留言时间 受理时间 来电时间 诉求时间 创建时间 登记时间 "
            "上报时间 反映时间 发生时间 日期 date datetime "
            "created_at createtime"
        ),
        "number": ("id number 编号 工单编号 工单号 留言编号 流水号 序号 诉求编号 案件编号 no"),
    }.items()
}
_MOMENT = re.compile(
    r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D*(?:(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2}))?)?"
)
_PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")
_CIVIL = timezone(timedelta(hours=8))
_SHEETS = (".xlsx", ".xls", ".xlsb", ".ods")
_MOST_FAULTS = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet; `line` is where it begins in the file, empty fields were not given."""

    line: int
    number: str = ""
    title: str = ""
    detail: str = ""
    place: str = ""
    category: str = ""
    unit: str = ""
    time: datetime | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.title or self.detail)

    @property
    def message(self) -> Message:
        return Message(self.title, self.detail, self.place)

    @property
    def learned(self) -> Learned:
        return Learned(self.message, self.category, self.unit, self.time, self.number)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every row in the order of the file, those that say nothing too; in words what could not be read, by line."""

    rows: tuple[Row, ...]
    faults: tuple[str, ...]
    fields: tuple[str, ...]


def read_sheet(path: Path) -> Sheet:
    """NotFound without the file, Invalid when no heading is known."""
    if not path.is_file():
        raise NotFound(f"没有文件 {path.name}", "请检查 --from 后面的路径")
    lines = _spreadsheet(path) if path.suffix.lower() in _SHEETS else _separated(path)
    first = next(lines, None)
    if first is None:
        raise Invalid(f"{path.name} 是空的", "请给出带表头的 CSV 文件")
    places = _places(first[1])
    if not {"title", "detail"} & places.keys():
        raise Invalid(
            f"{path.name} 的第一行没有可认的表头",
            "请用 title, detail, place, category, unit, time，或 标题、内容、地点、类别、承办单位、时间",
        )
    rows, faults = [], []
    for line, cells in _to_the_last(lines):
        row, fault = _row(line, cells, places, len(first[1]))
        if fault:
            faults.append(fault)
        rows.append(row)
    return Sheet(tuple(rows), tuple(faults[:_MOST_FAULTS]), tuple(places))


def _places(headings: Sequence[str]) -> dict[str, int]:
    known = [
        re.sub(r"[\s_（(].*$|[\s\"“”*:：]", "", _clean(one).lower()) or _clean(one).lower()
        for one in headings
    ]
    whole = [_clean(one).lower().replace(" ", "") for one in headings]
    places: dict[str, int] = {}
    for name, words in _HEADINGS.items():
        for word in words:
            at = next(
                (at for at, one in enumerate(whole) if one == word and at not in places.values()),
                None,
            )
            at = (
                next(
                    (
                        at
                        for at, one in enumerate(known)
                        if one == word and at not in places.values()
                    ),
                    None,
                )
                if at is None
                else at
            )
            if at is not None:
                places[name] = at
                break
    return places


def _to_the_last(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Rows up to the last that has anything in it; a line of a text file without any cell is no row."""
    empty: list[tuple[int, list[str]]] = []
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            yield from empty
            empty = []
            yield line, cells
        elif cells:
            empty.append((line, cells))


def _row(line: int, cells: Sequence[str], places: dict[str, int], width: int) -> tuple[Row, str]:
    given = {name: _clean(cells[at]) if at < len(cells) else "" for name, at in places.items()}
    said = given.get("time", "")
    moment = read_moment(said)
    missing = [name for name, at in places.items() if at >= len(cells)]
    fault = f"第{line}行缺少{len(missing)}列（{'、'.join(missing)}）" if missing else ""
    if said and moment is None:
        fault = f"{fault}；第{line}行的时间看不懂" if fault else f"第{line}行的时间看不懂"
    if not (given.get("title") or given.get("detail")):
        fault = f"第{line}行没有标题也没有内容，不学也不给建议"
    if len(cells) > width:
        fault = fault or f"第{line}行多出{len(cells) - width}列，已略过多出的部分"
    texts = {name: value for name, value in given.items() if name != "time"}
    texts["number"] = texts.get("number", "") or str(line)
    return Row(line=line, time=moment, **texts), fault


def _clean(cell: str) -> str:
    return cell.replace("\x00", "").replace("\ufeff", "").strip()


def read_moment(said: str) -> datetime | None:
    """`2020/1/6 12:09`, `2019-01-06`, `2020年1月6日`, `20200106`, a spreadsheet's day number; None otherwise."""
    packed = _PACKED.match(said)
    found = packed or _MOMENT.search(said)
    try:
        if found:
            return datetime(*(int(part or 0) for part in found.groups()), tzinfo=_CIVIL)  # type: ignore[arg-type, misc]
        days = float(said)
        return (
            datetime(1899, 12, 30, tzinfo=_CIVIL) + timedelta(days=days)
            if 20_000 < days < 80_000
            else None
        )
    except (ValueError, OverflowError):
        return None


def _separated(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = decoded(path.read_bytes())
    csv.field_size_limit(1 << 24)
    sheet = csv.reader(
        io.StringIO(text.replace("\x00", ""), newline=""), delimiter=_separator(text)
    )
    line = 1
    try:
        for cells in sheet:
            yield line, cells
            line = sheet.line_num + 1
    except csv.Error as error:
        raise Invalid(f"{path.name} 从第{line}行起不是CSV", "请检查这一行的引号") from error


def decoded(content: bytes) -> str:
    """The text whatever a city's program wrote it in; what cannot be read becomes a sign for that."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    # One damaged character must not turn a file of one encoding into rubbish of the other: GB text read as
    # UTF-8 is damaged at every other character.
    text = content.decode("utf-8-sig", "replace")
    return text if text.count("\ufffd") * 50 <= len(text) else content.decode("gb18030", "replace")


def _separator(text: str) -> str:
    head = text[: text.find("\n")] if "\n" in text else text
    return max(",\t;|", key=head.count)


def _spreadsheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = (
            CalamineWorkbook.from_path(str(path))
            .get_sheet_by_index(0)
            .to_python(skip_empty_area=False)
        )
    except (CalamineError, OSError, IndexError) as error:
        raise Invalid(f"{path.name} 打不开", "请另存为 CSV 再试") from error
    for line, cells in enumerate(rows, 1):
        yield line, [_cell(cell) for cell in cells]


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
