"""核查单 (field-facts 3.3, H17, X4): what the grid's own worker saw, held against what the unit says it did."""

from typing import cast

from console.domain.forms import CheckNote, Verification
from console.domain.records import CaseFile
from console.services.paper.forms.parts import (
    SIDED,
    Order,
    category,
    dense,
    form_head,
    going_on,
    nature,
    note,
    pairs,
    place,
    resolution,
    signatures,
    spaced,
    wide,
)
from console.services.paper.layout import FOOT, VALUE, Sheet
from console.services.paper.tables import Cell, Group, Row, Table, label, upright
from console.services.paper.text import Style
from console.services.paper.words import choice, moment, yes_no

_NOTE = (
    "注：核查人不得是本件的承办人；矛盾件须当事人认可并签字后方可通过。照片编号与工单附件清单一致。"
)

# Room to sign between the lines.
_SIGNING = Style(VALUE.role, VALUE.size, 27)


def verification(sheet: Sheet, order: Order) -> None:
    """What was asked, what the unit claims, then one group for each check; an empty one before the first."""
    case, record = order.case, cast(Verification, order.details[0])
    form_head(sheet, order, spaced("核查单"))
    # The remark below the table needs its own line inside the text block.
    sheet.bottom -= FOOT.leading + 8
    groups = [_check(record, check, at) for at, check in enumerate(record.checks or (None,), 1)]
    again = going_on(order, "核查单", 13)
    rows: list[Row | Group] = [*_asked(case, record), _claimed(case), *groups, _signed()]
    Table(sheet, SIDED, again=again, fill=True).draw(rows)
    sheet.bottom += FOOT.leading + 8
    note(sheet, _NOTE)


def _six(*items: str) -> Row:
    first, one, second, two = items
    return Row((label(first, 3), Cell(one, 4), label(second, 2), Cell(two, 4)))


def _across(caption: str, text: str, height: float = 22.0) -> Row:
    return Row((label(caption, 3), Cell(text, 10)), height)


def _asked(case: CaseFile, record: Verification) -> list[Row]:
    came = case.row.accepted_at or case.created_at
    worker = record.worker or (case.grid.worker if case.grid else "")
    return [
        _six("工单编号", case.row.number, "受理时间", moment(came)),
        _across("性质和分类", f"{nature(case)}　{category(case)}"),
        _across("诉求标题", case.row.title),
        _across("事发地点", place(case)),
        Row((label("诉求内容", 3), Cell(case.content, 10, dense(case.content), valign="top")), 40),
        _six("网格员", worker, "是否矛盾件", yes_no(record.dispute)),
    ]


def _claimed(case: CaseFile) -> Group:
    """What the unit says it did; the check is of this."""
    result = case.result
    done = resolution(result.resolution) if result else ""
    said = (
        "\n".join(part for part in (result.measures, result.internal_note) if part)
        if result
        else ""
    )
    reply = result.public_reply if result else ""
    return Group(
        upright("办理反馈"),
        (
            pairs(
                "承办单位",
                result.unit if result else case.lead_unit,
                "反馈时间",
                moment(result.replied_at) if result else "",
            ),
            pairs("承办人", result.handler if result else "", "办理结果", done),
            wide("办理情况", said, 40, ruled=True, style=dense(said)),
            wide("公开答复", reply, 40, ruled=True, style=dense(reply)),
        ),
    )


def _check(record: Verification, check: CheckNote | None, at: int) -> Group:
    named = "现场核查" if len(record.checks) < 2 else f"第{at}次核查"
    return Group(
        upright(named),
        (
            pairs(
                "核查时间",
                moment(check.at) if check else "",
                "核查人员",
                check.by if check else "",
            ),
            pairs(
                "处置前照片",
                _photos(record.before, check),
                "处置后照片",
                _photos(record.after, check),
            ),
            wide("核查情况", check.result if check else "", 52, grow=True, ruled=True),
            wide("核查结论", _verdict(check)),
            wide("当事人签字", yes_no(check.signed_off if check else None, "已签字认可", "未签字")),
        ),
    )


def _verdict(check: CheckNote | None) -> str:
    said = "" if check is None or check.passed is None else "通过" if check.passed else "发回重办"
    return choice(("通过", "发回重办"), said)


def _photos(numbers: tuple[str, ...], check: CheckNote | None) -> str:
    """Their numbers; 无 once somebody has checked without any."""
    return "、".join(numbers) or ("无" if check else "")


def _signed() -> Row:
    text = f"{signatures('核查人', '', '当事人', '')}\n{signatures('网格长', '', '日期', '')}"
    return Row((label("签字", 3), Cell(text, 10, _SIGNING)), 60, whole=True)
