"""What a unit asks of the centre: 退单申请单 and 延期申请表 (field-facts 9.6)."""

from typing import cast

from console.domain.forms import ExtensionRequest, ReturnRequest
from console.domain.records import CaseFile
from console.services.paper.forms.parts import (
    GRID,
    Order,
    category,
    form_head,
    going_on,
    nature,
    pairs,
    place,
    seal_cell,
    signatures,
    spaced,
    wide,
)
from console.services.paper.layout import Sheet
from console.services.paper.tables import Cell, Row, Table, label
from console.services.paper.words import choice, moment, yes_no

_REASONS = ("属地不符", "职责不符", "权属不清", "内容不清", "重复")


def return_request(sheet: Sheet, order: Order) -> None:
    """Why the unit thinks the work order is not its own, on what basis, and whose it is."""
    case, request = order.case, cast(ReturnRequest, order.details[0])
    unit = request.unit or case.lead_unit
    other = [reason for reason in request.reasons if reason not in _REASONS]
    reasons = choice(
        (*_REASONS, "其他"), *request.reasons, *(("其他",) if other else ()), sep="\u2002"
    )
    times = f"第{request.times}次" if request.times else ""
    said = "\n".join(text for text in (request.basis, request.explanation) if text.strip())
    form_head(sheet, order, spaced("退单申请单"))
    rows = [
        *_which(case, request, unit),
        pairs("申请单位", unit, "退单次数", times),
        wide("退单理由", f"{reasons} {'、'.join(other)}".strip()),
        wide("法律法规、\n三定依据\n及情况说明", said, 150, grow=True, ruled=True),
        wide("建议承办单位", request.suggested_unit),
        _asked(request, unit),
        _decided(request, "同意退单，另行派单", "不同意退单，由原单位办理"),
    ]
    Table(sheet, GRID, again=going_on(order, "退单申请单", 12), fill=True).draw(rows)


def extension_request(sheet: Sheet, order: Order) -> None:
    """How many days more, why, and whether the citizen was told."""
    case, request = order.case, cast(ExtensionRequest, order.details[0])
    unit = request.unit or case.lead_unit
    days = f"{request.days}个工作日" if request.days else ""
    form_head(sheet, order, spaced("延期申请表"))
    rows = [
        *_which(case, request, unit),
        pairs("申请单位", unit, "申请天数", days),
        pairs(
            "原办结时限",
            moment(request.original_due or case.finish_due),
            "申请延至",
            moment(request.extend_to),
        ),
        wide("延期理由", request.reason, 96, grow=True, ruled=True),
        wide("法定时限\n依据", request.legal_basis, 60, ruled=True),
        wide("已告知诉求人", yes_no(request.told_citizen)),
        _asked(request, unit),
        _decided(request, "同意延期", "不同意延期，按原时限办结"),
    ]
    Table(sheet, GRID, again=going_on(order, "延期申请表", 12), fill=True).draw(rows)


def _which(case: CaseFile, request: ReturnRequest | ExtensionRequest, unit: str) -> list[Row]:
    """Which work order; when this unit got it, which is not when the first unit did."""
    sent, signed = request.dispatched_at, request.signed_at
    if sent is None:
        share = next((line for line in reversed(case.assignments) if line.unit == unit), None)
        sent, signed = (
            (share.dispatched_at, share.signed_at) if share else (case.dispatched_at, None)
        )
    came = case.row.accepted_at or case.created_at
    return [
        pairs("工单编号", case.row.number, "受理时间", moment(came)),
        pairs("派单时间", moment(sent), "签收时间", moment(signed) or ("未签收" if sent else "")),
        pairs("诉求性质", nature(case), "诉求分类", category(case), spans=(2, 2, 2, 6)),
        wide("诉求标题", case.row.title),
        wide("事发地点", place(case)),
    ]


def _asked(request: ReturnRequest | ExtensionRequest, unit: str) -> Row:
    names = signatures("经办", request.handler) + "\n\n" + signatures("审核", request.reviewer)
    cells = (
        label("申请单位\n意见", 2),
        Cell(names, 4),
        seal_cell(f"{unit}（盖章）", request.asked_at, 6),
    )
    return Row(cells, 100, whole=True)


def _decided(request: ReturnRequest | ExtensionRequest, yes: str, no: str) -> Row:
    answer = yes_no(request.approved, yes, no).replace("　", "\n")
    who = signatures("审批人", request.decided_by)
    text = "\n".join(part for part in (answer, request.opinion, "", who) if part or part == "")
    cells = (
        label("热线中心\n审批意见", 2),
        Cell(text, 5),
        seal_cell("热线中心（章）", request.decided_at, 5),
    )
    return Row(cells, 100, whole=True)
