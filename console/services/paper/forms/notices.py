"""What the centre sends to units that are late or unwilling (field-facts 9.5, 9.6): 催办, 督办, 指定承办."""

from typing import cast

from console.domain.forms import DesignationNotice, SupervisionNotice, UrgingNotice
from console.domain.records import CaseFile
from console.domain.states import STATE_NAMES, SUPERVISION_NAMES, SupervisionLevel
from console.services.paper.forms.handling_sheet import lead_assignment
from console.services.paper.forms.parts import (
    GRID,
    SIGN_OFF,
    Order,
    copied_to,
    form_head,
    going_on,
    letter_head,
    note,
    pairs,
    seal_cell,
    sign_off,
    spaced,
    titled,
    wide,
)
from console.services.paper.layout import FOOT, LETTER, VALUE, Sheet
from console.services.paper.tables import Cell, Row, Table, label
from console.services.paper.words import choice, lapse, long_moment, moment, or_blank, ticked

_REASONS = ("超期未签收", "超期未办结", "群众不满意", "多次退单", "领导批示")
_LEVELS = tuple(SUPERVISION_NAMES[level] for level in SupervisionLevel if level)
# A red card goes to those who ask the unit's leaders (field-facts 9.5).
_RED_COPIES = "督察局、纪委监委"
_BLANK_NUMBER = "______〔____〕___号"


def urging_notice(sheet: Sheet, order: Order) -> None:
    """A letter to the unit, the facts in a table, copied to whoever supervises it."""
    case, notice = order.case, cast(UrgingNotice, order.details[0])
    unit = notice.to_unit or case.lead_unit
    letter_head(sheet, order, "催办通知书", notice.document_no or _BLANK_NUMBER)
    sheet.paragraph(f"{or_blank(unit, 12)}：", LETTER)
    sheet.paragraph(_urging(case, notice), LETTER, indent=2)
    facts = _urged_facts(case, notice)
    _keep_with_seal(sheet, facts, 4 + LETTER.leading)
    Table(sheet, GRID).draw(facts)
    sheet.gap(4)
    contact = f"联系人：{or_blank(notice.contact)}　电话：{or_blank(notice.contact_phone, 12)}"
    sheet.paragraph(contact, LETTER, indent=2)
    sign_off(sheet, order.heading, notice.issued_at, signer=notice.signed_by)
    copied_to(sheet, notice.copy_to)


def _keep_with_seal(sheet: Sheet, facts: list[Row], more: float) -> None:
    """The facts under a letter go to the next page with the seal below them, never without."""
    sheet.need(8 + len(facts) * (VALUE.leading + 6) + more + SIGN_OFF + 1)
    sheet.gap(8)


def _urging(case: CaseFile, notice: UrgingNotice) -> str:
    by = notice.due or case.finish_due
    due = long_moment(by)
    # Not late yet: the limit itself is what it asks for.
    finish = notice.finish_before or (by if notice.issued_at and not notice.overdue else None)
    late = f"已超时{lapse(notice.overdue)}" if notice.overdue else ""
    late = late or notice.reason.rstrip("。") or "临近或超过时限"
    asked = f"\n{notice.requirement}" if notice.requirement else ""
    return (
        f"你单位承办的“{titled(case)}”应于{due}前办结，{late}，尚未反馈办理结果。"
        f"请于{long_moment(finish)}前办结并反馈；因故不能按期办结的，"
        f"应说明原因、责任人和完成时限，并告知诉求人。{asked}"
    )


def _urged_facts(case: CaseFile, notice: UrgingNotice) -> list[Row]:
    lead = lead_assignment(case)
    signed = moment(lead.signed_at) if lead else ""
    times = f"第{notice.times}次" if notice.times else ""
    return [
        pairs("原工单", case.row.number, "当前状态", STATE_NAMES[case.row.state]),
        pairs("派单时间", moment(case.dispatched_at), "签收时间", signed or "未签收"),
        pairs(
            "应办时限",
            moment(notice.due or case.finish_due),
            "已超时间",
            lapse(notice.overdue) or ("未超时" if notice.issued_at else ""),
        ),
        pairs("催办次数", times, "催办时间", moment(notice.issued_at)),
    ]


def supervision_notice(sheet: Sheet, order: Order) -> None:
    """One table, as the county form of field-facts 9.5 has it."""
    case, notice = order.case, cast(SupervisionNotice, order.details[0])
    form_head(sheet, order, spaced("督办单"))
    levels = choice(_LEVELS, SUPERVISION_NAMES[notice.level])
    sheet.put(sheet.left, sheet.y - 4, levels, VALUE)
    sheet.put(sheet.right, sheet.y - 4, notice.document_no or _BLANK_NUMBER, VALUE, "right")
    sheet.y += VALUE.leading
    # The remark below the table needs its own line inside the text block.
    sheet.bottom -= FOOT.leading + 8
    again = going_on(order, "督办单", 12)
    Table(sheet, GRID, again=again, fill=True).draw(
        [*_supervised(case, notice), *_supervising(notice)]
    )
    sheet.bottom += FOOT.leading + 8
    note(sheet, "注：领导批示为工作秘密，不得擅自扩散。")


def _supervised(case: CaseFile, notice: SupervisionNotice) -> list[Row]:
    other = [reason for reason in notice.reasons if reason not in _REASONS]
    reasons = choice(
        (*_REASONS, "其他"), *notice.reasons, *(("其他",) if other else ()), sep="\u2002"
    )
    return [
        wide("督办事项", notice.matter or case.row.title),
        pairs("原工单", case.row.number, "办结时限", moment(case.finish_due)),
        pairs(
            "主送\n（牵头单位）",
            notice.to_unit or case.lead_unit,
            "配合单位",
            "、".join(notice.co_units) or ("无" if notice.issued_at else ""),
        ),
        wide(
            "抄送", notice.copy_to or (_RED_COPIES if notice.level is SupervisionLevel.RED else "")
        ),
        pairs("批示领导", notice.leader, "批示内容", notice.instruction, spans=(2, 2, 2, 6)),
        pairs("牵头领导", notice.lead_leader, "配合领导", notice.co_leader),
        wide("督办原因", f"{reasons} {'、'.join(other) or '________'}"),
    ]


def _supervising(notice: SupervisionNotice) -> list[Row]:
    days = notice.feedback_days
    every = f"每{days}天" if days else "每__天"
    cycle = f"{ticked('一次性', days == 0)}　{ticked('定期', bool(days))}（{every}）"
    return [
        wide("督办内容\n及要求", notice.requirement, 6 * VALUE.leading + 6, grow=True, ruled=True),
        pairs("交办时限", moment(notice.due), "反馈周期", cycle),
        pairs("督办联系人", notice.contact, "联系电话", notice.contact_phone),
        wide(
            "承办单位反馈\n（落实情况、\n原因、\n责任人、\n完成时限）",
            notice.feedback,
            80,
            ruled=True,
        ),
        wide("附件", notice.attachments),
        Row(
            (
                label("签发人", 2),
                Cell(notice.signed_by, 4),
                seal_cell("（印章）", notice.issued_at, 6),
            ),
            84,
            whole=True,
        ),
    ]


def designation_notice(sheet: Sheet, order: Order) -> None:
    """A letter that settles who handles it, and that it may not come back."""
    case, notice = order.case, cast(DesignationNotice, order.details[0])
    letter_head(sheet, order, "指定承办通知", notice.document_no or _BLANK_NUMBER)
    sheet.paragraph(f"{or_blank(notice.unit or case.lead_unit, 12)}：", LETTER)
    sheet.paragraph(_designation(case, notice), LETTER, indent=2)
    facts = _designated_facts(case, notice)
    _keep_with_seal(sheet, facts, 0.0)
    Table(sheet, GRID).draw(facts)
    sign_off(sheet, order.heading, notice.issued_at, signer=notice.signed_by)
    copied_to(sheet, "、".join(notice.co_units))


def _designated_facts(case: CaseFile, notice: DesignationNotice) -> list[Row]:
    times = f"{notice.dispatches}次" if notice.dispatches else ""
    due = notice.finish_due or case.finish_due
    return [
        pairs(
            "原工单", case.row.number, "受理时间", moment(case.row.accepted_at or case.created_at)
        ),
        pairs("派单次数", times, "办结时限", moment(due)),
    ]


def _designation(case: CaseFile, notice: DesignationNotice) -> str:
    times = str(notice.dispatches) if notice.dispatches else "__"
    basis = (
        f"依据{notice.basis.rstrip('。')}，" if notice.basis else "根据首接负责和指定承办的规定，"
    )
    helped = f"，{'、'.join(notice.co_units)}配合" if notice.co_units else ""
    reason = f"{notice.reason.rstrip('。')}。" if notice.reason else ""
    came = long_moment(case.row.accepted_at or case.created_at)
    due = long_moment(notice.finish_due or case.finish_due)
    return "\n".join(
        (
            f"{came}受理的“{titled(case)}”，经{times}次派单仍未确定承办单位。{reason}",
            f"{basis}现指定你单位为主办单位{helped}。本件指定后不得再次退单。",
            f"请于{due}前办结并反馈办理结果。{notice.requirement}",
            "办理中如涉及职责争议，先行办理，争议另按程序提请协调。",
        )
    )
