"""A sheet of one or more lists, the last one ending in the total and the signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.forms import Stamp
from console.domain.sheets import AccountabilityList, Basis, ReturnStatistics, SupervisionLedger
from console.services.paper.layout import ANNEX_HEAD, SMALL_LABEL, Sheet
from console.services.paper.sheets.parts import (
    captions,
    carried_on,
    footnote,
    heading_of,
    nothing,
    sheet_head,
    signed,
)
from console.services.paper.tables import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class Part:
    """One list: its name when there are several, column names and their shares of the width, its rows."""

    names: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Row]
    name: str = ""


def lists(
    sheet: Sheet,
    record: SupervisionLedger | ReturnStatistics | AccountabilityList,
    stamp: Stamp,
    name: str,
    parts: Sequence[Part],
    words: str,
) -> None:
    """Head, the lists with their names repeated on every page, the total, signatures, what it counts."""
    heading, basis = heading_of(record.heading, stamp), record.basis
    sheet_head(sheet, heading, name, basis)
    sheet.bottom -= _note_height(basis)
    for at, part in enumerate(parts):
        if part.name:
            sheet.gap(8 if at else 0)
            sheet.need(ANNEX_HEAD.leading + 60)
            sheet.paragraph(part.name, ANNEX_HEAD)
        width = len(part.names)
        end: tuple[Row, ...] = ()
        if part is parts[-1]:
            summary = Row((Cell(words, width, SMALL_LABEL),), 24, whole=True)
            who = signed(width, "制表人", stamp.printed_by, "审核", "", "负责人", "", "日期", "")
            end = (summary, who)
        columns = [sheet.width * share / sum(part.shares) for share in part.shares]
        again = carried_on(heading, name, width)
        body = part.rows or [nothing(width, "本期无记录")]
        Table(sheet, columns, head=(captions(part.names),), again=again).draw([*body, *end])
    sheet.bottom += _note_height(basis)
    footnote(sheet, stamp, basis)


def _note_height(basis: Basis) -> float:
    """The remark below the table needs its own lines inside the text block."""
    return 30.0 if basis.filter or basis.code else 0.0
