"""受理单 (field-facts 9.2): one page when the content is of ordinary length."""

from console.domain.records import CaseFile
from console.domain.states import SUPERVISION_NAMES, URGENCY_NAMES, TicketState
from console.services.paper.forms.parts import (
    GRID,
    SEAL_ROW,
    Order,
    appeal_content,
    category,
    channel,
    co_units,
    form_head,
    going_on,
    nature,
    number_rows,
    pairs,
    place,
    seal_cell,
    signatures,
    spaced,
    told_at_once,
    wide,
)
from console.services.paper.layout import VALUE, Sheet
from console.services.paper.tables import Cell, Row, Table, label
from console.services.paper.words import light, moment, yes_no


def ticket_form(sheet: Sheet, order: Order) -> None:
    """Lay out the acceptance form of a work order."""
    case = order.case
    form_head(sheet, order, spaced("受理单"), qr=True)
    Table(sheet, GRID, again=going_on(order, "受理单", 12), fill=True).draw(
        [*_caller(case), *_appeal(case), *(_ended_here(case) or _dispatch(case)), _tail(case)]
    )


def _caller(case: CaseFile) -> list[Row]:
    kind = f"重复（原工单{case.repeat_of}）" if case.repeat_of else case.caller_kind
    return [
        *number_rows(case),
        pairs("来电人", "匿名" if case.anonymous else case.appellant, "联系电话", case.phone),
        pairs("信息来源", channel(case), "来电类别", kind),
        pairs("是否回复", yes_no(case.reply_wanted), "紧急程度", URGENCY_NAMES[case.row.urgency]),
        pairs("事发时间", case.occurred or "未说明", "事项标签", "、".join(case.tags) or "无"),
        wide("事发地点", place(case)),
    ]


def _appeal(case: CaseFile) -> list[Row]:
    return [
        pairs("诉求性质", nature(case), "诉求分类", category(case), spans=(2, 2, 2, 6)),
        wide("诉求标题", case.row.title),
        appeal_content(case, 8, "诉求内容\n（起因、\n经过、\n诉求）"),
        wide("诉求人期望", case.wanted or "见诉求内容"),
    ]


def _ended_here(case: CaseFile) -> list[Row]:
    """What became of it when no unit got it: a form full of empty dispatch boxes would look forgotten."""
    told = case.direct_answer.strip()
    at = moment(case.closed_at or case.row.accepted_at or case.created_at)
    if case.row.state is TicketState.MERGED and case.merged_into:
        return [wide("办理方式", f"与工单{case.merged_into}为同一事项，已并入一并办理")]
    if case.row.state is TicketState.REJECTED:
        how, caption = "不予受理，已告知诉求人", "告知内容"
    elif told_at_once(case) and case.dispatched_at is None:
        how, caption = "热线直接答复，未转承办单位", "答复内容"
    else:
        return []
    return [
        wide("办理方式", how),
        wide(caption, told, 4 * VALUE.leading, ruled=True),
        pairs("答复人", case.agent, "答复时间", at),
    ]


def _dispatch(case: CaseFile) -> list[Row]:
    signed = signatures("派单员", case.dispatcher, "审核", "", "时间", moment(case.dispatched_at))
    shown = light(case.row.light)
    level = SUPERVISION_NAMES[case.row.supervision]
    return [
        wide("拟办意见", f"{case.dispatch_opinion}\n{signed}", 3 * VALUE.leading),
        pairs("主办单位", case.lead_unit, "协办单位", co_units(case)),
        pairs("签收时限", moment(case.sign_due), "办结时限", moment(case.finish_due)),
        wide("限时灯", f"{shown}　{level}".strip()),
    ]


def _tail(case: CaseFile) -> Row:
    cells = (
        label("受理员", 2),
        Cell(case.agent, 4),
        seal_cell("热线中心（章）", case.row.accepted_at or case.created_at, 6),
    )
    return Row(cells, SEAL_ROW, whole=True)
