"""卷内目录 (field-facts 3.3, 10.10): what an archived work order consists of, as DA/T 22 lists it, and its seal."""

from typing import cast

from console.domain.forms import ArchiveIndex, IndexLine
from console.domain.records import CaseFile
from console.services.paper.forms.parts import (
    GRID,
    Order,
    form_head,
    going_on,
    note,
    pairs,
    signatures,
    spaced,
    wide,
)
from console.services.paper.layout import COMPACT, FOOT, LABEL, WIDTH, Sheet
from console.services.paper.tables import Cell, Row, Table
from console.services.paper.words import moment

_COLUMNS = tuple(WIDTH * part / 100 for part in (7, 12, 18, 32, 15.5, 15.5))
_NAMES = ("序号", "文号", "责任者", "题名", "日期", "备注")
_EMPTY_LINES = 12
_NOTE = "注：备注栏中的页数为最近一次打印的页数，文件后为其校验码的前 10 位。"


def archive_index(sheet: Sheet, order: Order) -> None:
    """Which file; every document and every attachment in it; who closed it."""
    case = order.case
    record = cast(ArchiveIndex, order.details[0]) if order.details else ArchiveIndex()
    form_head(sheet, order, spaced("卷内目录"))
    sheet.bottom -= FOOT.leading + 8
    Table(sheet, GRID).draw(_which(case, record))
    sheet.gap(8)
    head = Row(tuple(Cell(name, style=LABEL, align="center") for name in _NAMES), 24)
    rows = [_line(at, line) for at, line in enumerate(record.lines, 1)]
    rows = rows or [_line(at, IndexLine("")) for at in range(1, _EMPTY_LINES + 1)]
    again = going_on(order, "卷内目录", len(_NAMES))
    Table(sheet, _COLUMNS, head=(head,), again=again).draw([*rows, _signed(record)])
    sheet.bottom += FOOT.leading + 8
    note(sheet, _NOTE)


def _which(case: CaseFile, record: ArchiveIndex) -> list[Row]:
    came = case.row.accepted_at or case.created_at
    return [
        pairs("档号", record.archive_no or case.archive_no, "工单编号", case.row.number),
        wide("案卷题名", case.row.title),
        pairs("受理时间", moment(came), "办结时间", moment(case.closed_at)),
        pairs("主办单位", case.lead_unit, "归档时间", moment(record.archived_at)),
        wide("封存校验码", record.digest, style=COMPACT),
    ]


def _line(at: int, line: IndexLine) -> Row:
    pages = f"{line.pages}页" if line.pages else ""
    texts = (str(at), line.number, line.by, line.title, moment(line.at)[:10], line.mark or pages)
    centred = (0, 4, 5)
    return Row(
        tuple(
            Cell(text, style=COMPACT, align="center" if index in centred else "left")
            for index, text in enumerate(texts)
        ),
        24,
    )


def _signed(record: ArchiveIndex) -> Row:
    text = signatures("立卷人", record.archived_by, "检查人", "", "日期", "")
    return Row((Cell(text, len(_NAMES)),), 30, whole=True)
