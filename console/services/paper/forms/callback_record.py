"""回访记录单 (field-facts 9.7): every attempt, and satisfaction with the unit apart from that with the hotline."""

from console.domain.records import CallbackLine, CaseFile
from console.domain.states import NOT_REACHED_NAMES, RESOLUTION_NAMES, SATISFACTION_NAMES
from console.services.paper.forms.parts import (
    SIDED,
    Order,
    form_head,
    going_on,
    not_reached,
    pairs,
    resolution,
    signatures,
    spaced,
    wide,
)
from console.services.paper.layout import Sheet
from console.services.paper.tables import Cell, Group, Row, Table, label, upright
from console.services.paper.words import choice, moment, yes_no

_SCALE = tuple(SATISFACTION_NAMES.values())
_CONCLUSIONS = ("结案", "重办", "督办")
_WHY = ("结果", "态度", "时效", "其他")


def callback_record(sheet: Sheet, order: Order) -> None:
    """One group of rows for each attempt; an empty one when nobody has called yet."""
    case = order.case
    form_head(sheet, order, spaced("回访记录单"))
    attempts = case.callbacks or (None,)
    groups = [_attempt(line) for line in attempts]
    again = going_on(order, "回访记录单", 13)
    Table(sheet, SIDED, again=again, fill=True).draw([*_which(case), *groups, _tail(case)])


def _which(case: CaseFile) -> list[Row]:
    result = case.result
    answered = moment(result.replied_at) if result else ""
    return [
        _six("工单编号", case.row.number, "办理单位", case.lead_unit),
        _six("来电人", "匿名" if case.anonymous else case.appellant, "联系电话", case.phone),
        _six("反馈时间", answered, "回访次数", str(len(case.callbacks)) if case.callbacks else ""),
        Row((label("诉求标题", 3), Cell(case.row.title, 10))),
        Row(
            (label("答复内容", 3), Cell(result.public_reply if result else "", 10, valign="top")),
            50,
        ),
    ]


def _six(first: str, one: str, second: str, two: str) -> Row:
    return Row((label(first, 3), Cell(one, 4), label(second, 2), Cell(two, 4)))


def _attempt(line: CallbackLine | None) -> Group:
    if line is None:
        return Group(upright("第1次"), _rows(None))
    return Group(upright(f"第{line.attempt}次"), _rows(line))


def _rows(line: CallbackLine | None) -> tuple[Row, ...]:
    whom = f"　{line.who}" if line and line.who else ""
    head = pairs(
        "回访时间",
        (moment(line.at) if line else "") + whom,
        "回访员",
        line.revisitor if line else "",
    )
    through = yes_no(line.reached if line else None, "接通", "未接通")
    why = not_reached(line.not_reached) if line else ""
    reached = wide(
        "是否接通",
        f"{through}（{choice(tuple(NOT_REACHED_NAMES.values()), why, sep=chr(0x2002))}）",
    )
    if line is None or line.reached:
        return head, reached, *_answers(line)
    # Not reached and yet closed: the conclusion is the record's whole point.
    ended = (wide("回访结论", line.conclusion),) if line.conclusion else ()
    return head, reached, *ended


def _answers(line: CallbackLine | None) -> tuple[Row, ...]:
    unit = SATISFACTION_NAMES[line.satisfaction] if line and line.satisfaction else ""
    hotline = (
        SATISFACTION_NAMES[line.hotline_satisfaction] if line and line.hotline_satisfaction else ""
    )
    reason = line.dissatisfied_reason if line else ""
    other = reason if reason and reason not in _WHY else ""
    thin = chr(0x2002)
    return (
        wide("承办单位\n是否联系您", yes_no(line.contacted if line else None)),
        wide(
            "是否解决",
            choice(tuple(RESOLUTION_NAMES.values()), resolution(line.resolution) if line else ""),
        ),
        wide("对办理情况", choice(_SCALE, unit, sep=thin)),
        wide("不满意原因", f"{choice(_WHY, reason, '其他' if other else '')} {other}".strip()),
        wide("对热线服务", choice(_SCALE, hotline, sep=thin)),
        wide("诉求人意见", line.comment if line else "", 44, grow=True, ruled=True),
        wide("回访结论", choice(_CONCLUSIONS, line.conclusion if line else "")),
    )


def _tail(case: CaseFile) -> Row:
    last = case.callbacks[-1] if case.callbacks else None
    text = signatures("回访员", last.revisitor if last else "", "审核", "", "日期", "")
    return Row((label("签字", 3), Cell(text, 10)), 36, whole=True)
