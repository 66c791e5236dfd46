"""督办台账 and 退单统计表 on A4 across (field-facts 9.9)."""

from console.domain.forms import Stamp
from console.domain.sheets import (
    ReturnStatistics,
    ReturnTally,
    SupervisionEntry,
    SupervisionLedger,
)
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.services.paper.layout import SMALL_LABEL, Sheet
from console.services.paper.sheets.lists import Part, lists
from console.services.paper.sheets.parts import count, line, stacked, titled
from console.services.paper.tables import Cell, Row
from console.services.paper.words import moment

_LEDGER = ("序号", "文号", "工单编号", "督办事项", "级别", "督办原因", "承办单位", "交办时间", "反馈时限", "反馈情况",
           "解除时间", "扣分")  # fmt: skip
_LEDGER_PARTS = (4, 9.4, 13.2, 13.2, 5.2, 8.2, 11, 8, 8, 11.8, 8, 4)


def supervision_ledger(sheet: Sheet, record: SupervisionLedger, stamp: Stamp) -> None:
    """Every supervision notice of the period, how it stands, and how many of each level."""
    rows = [_supervision(at, one) for at, one in enumerate(record.rows, 1)]
    levels = [
        f"{SUPERVISION_NAMES[level]} {sum(one.level == level for one in record.rows)} 件"
        for level in SupervisionLevel
        if level
    ]
    lifted = sum(one.lifted_at is not None for one in record.rows)
    points = sum(one.points for one in record.rows)
    words = (
        f"合计 {len(rows)} 件：{'，'.join(levels)}；已解除 {lifted} 件，"
        f"未解除 {len(rows) - lifted} 件；扣分 {points}"
    )
    lists(sheet, record, stamp, "督办台账", [Part(_LEDGER, _LEDGER_PARTS, rows)], words)


def _supervision(at: int, one: SupervisionEntry) -> Row:
    said = one.feedback or ("未反馈" if one.lifted_at is None else "")
    feedback = f"{stacked(moment(one.feedback_at))}\n{said}".strip()
    texts = (
        str(at),
        one.document_no or "未编号",
        one.number,
        titled(one.title, one.confidential),
        SUPERVISION_NAMES[one.level].replace("督办", "\n督办"),
        "\n".join(part for part in (one.reason, one.leader) if part),
        one.unit,
        stacked(moment(one.issued_at)),
        stacked(moment(one.due)) or "未定",
        feedback,
        stacked(moment(one.lifted_at)) or "未解除",
        str(one.points) if one.points else "—",
    )
    return line(texts, frozenset({3, 6, 9}))


def return_statistics(sheet: Sheet, record: ReturnStatistics, stamp: Stamp) -> None:
    """Units and categories, how many were returned, why, and what the centre said."""
    names = (
        "序号",
        "单位",
        "诉求类别",
        "派单",
        "退单",
        "退单率",
        *map(_halved, record.reasons),
        "同意",
        "不同意",
        "待审",
        "指定\n承办",
    )
    each = 44 / (len(record.reasons) + 4)
    parts = (4, 18, 16, 6, 6, 6, *(each for _ in range(len(record.reasons) + 4)))
    rows = [_tally(str(at), one, len(record.reasons)) for at, one in enumerate(record.rows, 1)]
    total = _total(record)
    if rows:
        rows.append(_tally("", total, len(record.reasons), strong=True))
    units = len({one.unit for one in record.rows})
    words = f"合计 {units} 个单位，派单 {total.dispatched} 件，退单 {total.asked} 件，退单率 {_rate(total)}"
    lists(sheet, record, stamp, "退单统计表", [Part(names, parts, rows)], words)


def _halved(reason: str) -> str:
    """Four characters in two lines of two, as narrow columns are headed."""
    return f"{reason[:2]}\n{reason[2:]}" if len(reason) == 4 else reason


def _tally(at: str, one: ReturnTally, reasons: int, strong: bool = False) -> Row:
    counts = (*one.by_reason, *(0 for _ in range(reasons)))[:reasons]
    rest = (*counts, one.granted, one.refused, one.pending, one.designated)
    texts = (
        at, one.unit, one.category, str(one.dispatched), str(one.asked), _rate(one), *map(count, rest),
    )  # fmt: skip
    row = line(texts, frozenset({1, 2}))
    if not strong:
        return row
    return Row(tuple(Cell(text, style=SMALL_LABEL, align="center") for text in texts), 24)


def _rate(one: ReturnTally) -> str:
    return f"{one.asked * 100 / one.dispatched:.1f}%" if one.dispatched else "—"


def _total(record: ReturnStatistics) -> ReturnTally:
    rows = record.rows
    reasons = tuple(
        sum((*one.by_reason, *(0 for _ in record.reasons))[at] for one in rows)
        for at in range(len(record.reasons))
    )
    return ReturnTally(
        "合计",
        "",
        sum(one.dispatched for one in rows),
        sum(one.asked for one in rows),
        reasons,
        sum(one.granted for one in rows),
        sum(one.refused for one in rows),
        sum(one.pending for one in rows),
        sum(one.designated for one in rows),
    )
