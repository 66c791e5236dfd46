"""承办单 (field-facts 9.3): what the unit signs, writes and returns; two pages by hand or by machine."""

from datetime import datetime
from typing import cast

from console.domain.forms import HandlingFacts
from console.domain.records import AssignmentLine, CaseFile, HandlingResult
from console.domain.states import SATISFACTION_NAMES, AssignmentKind, Urgency
from console.services.paper.forms.parts import (
    GRID,
    SEAL_ROW,
    SIDED,
    Order,
    appeal_content,
    category,
    channel,
    co_units,
    dense,
    form_head,
    going_on,
    nature,
    number_rows,
    pairs,
    place,
    resolution,
    seal_cell,
    spaced,
    wide,
)
from console.services.paper.layout import MM, VALUE, Sheet
from console.services.paper.tables import Cell, Group, Row, Table, label, upright
from console.services.paper.words import choice, light, moment, or_blank, yes_no

_MANNERS = ("电话", "短信", "上门", "网络", "经热线中心转达")
_RESOLVED = ("已解决", "部分解决", "未解决")


def handling_sheet(sheet: Sheet, order: Order) -> None:
    """Lay out the handling sheet of a work order for its lead unit."""
    case, result = order.case, order.case.result
    facts = cast(HandlingFacts, order.details[0])
    form_head(sheet, order, spaced("承办单"), qr=True)
    again = going_on(order, "承办单", 12)
    Table(sheet, GRID, again=again, fill=True).draw([*_head(case), _office(case)])
    rows: list[Row | Group] = [_contacts(case, result, facts), _visit(case, result, facts)]
    rows += [_result(case, result, facts), _reply(result), *_sign_rows(case, result, facts)]
    # Two sides of one sheet of paper; only when the front runs over does the back follow at once.
    if len(sheet.pages) == 1:
        sheet.turn()
    on = going_on(order, "承办单", 13)
    head = on if sheet.y == sheet.top else ()
    Table(sheet, SIDED, again=on, fill=True).draw([*head, *rows])


def lead_assignment(case: CaseFile) -> AssignmentLine | None:
    """The lead unit's share: the one it is named for, else the first lead."""
    leads = [line for line in case.assignments if line.kind is AssignmentKind.LEAD]
    return next(
        (line for line in leads if line.unit == case.lead_unit), leads[0] if leads else None
    )


def _head(case: CaseFile) -> list[Row | Group]:
    lead = lead_assignment(case)
    signed = (
        (lead.unit, lead.signer, moment(lead.signed_at))
        if lead and lead.signed_at
        else ("", "", "")
    )
    return [
        *number_rows(case),
        pairs("来电人", "匿名" if case.anonymous else case.appellant, "联系电话", case.phone),
        pairs("信息来源", channel(case), "是否回复", yes_no(case.reply_wanted)),
        pairs("诉求性质", nature(case), "诉求分类", category(case), spans=(2, 2, 2, 6)),
        wide("事发地点", place(case)),
        wide("诉求标题", case.row.title),
        appeal_content(case, 6),
        wide("转办意见", case.dispatch_opinion, 2 * VALUE.leading + 6),
        pairs("主办单位", case.lead_unit, "协办单位", co_units(case)),
        pairs("签收时限", moment(case.sign_due), "办结时限", moment(case.finish_due)),
        pairs("派单员", case.dispatcher, "限时灯", light(case.row.light)),
        pairs("签收单位", signed[0], "签收人\n签收时间", f"{signed[1]}\n{signed[2]}".strip()),
        wide("领导批示", "", 40 * MM, ruled=True),
    ]


def _office(case: CaseFile) -> Row:
    """What the unit said when it passed the case on; the centre's own words stand above as 转办意见."""
    text = "\n".join(f"转{line.unit}：{line.opinion}" for line in _passed_on(case) if line.opinion)
    return wide("承办科室\n意见", text, 13 * MM, ruled=True)


def _passed_on(case: CaseFile) -> list[AssignmentLine]:
    lead = lead_assignment(case)
    return [line for line in case.assignments if lead and line.parent_id == lead.id]


def _manner(case: CaseFile) -> str:
    """How the citizen was spoken to, as the log has it: `已联系群众（电话）`."""
    notes = [event.note for event in reversed(case.events) if event.action == "contact"]
    return next((manner for note in notes for manner in _MANNERS if manner in note), "")


def _photos(case: CaseFile) -> str:
    """Number and kind; the number is that of the list of attachments."""
    shown = ("before", "after", "handling")
    numbered = enumerate(case.attachments, 1)
    return "、".join(f"附件{at} {item.kind_name}" for at, item in numbered if item.kind in shown)


def _contacts(case: CaseFile, result: HandlingResult | None, facts: HandlingFacts) -> Group:
    """The first contact in boxes, as the form has them, and what came of every one."""
    first = facts.contacts[0] if facts.contacts else None
    at = first.at if first else result.contacted_at if result else None
    number = first.phone if first else result.contact_number if result else ""
    who = first.by if first else result.handler if result and result.contacted else ""
    manner = first.manner if first and first.manner in _MANNERS else _manner(case)
    told = bool(facts.contacts) or (result.contacted if result else None)
    said = [(f"{moment(n.at)}　{n.by}", n.outcome) for n in facts.contacts if n.outcome]
    rows = [
        pairs("是否联系", yes_no(told, "已联系", "未联系"), "联系时间", moment(at)),
        pairs("联系号码", number, "联系人", who),
        wide("联系方式", choice(_MANNERS, manner)),
    ]
    if said:
        words = (
            said[0][1] if len(said) == 1 else "\n".join(f"{when}：{what}" for when, what in said)
        )
        rows.append(wide("联系情况", words))
    return Group(upright("联系群众"), tuple(rows))


def _visit(case: CaseFile, result: HandlingResult | None, facts: HandlingFacts) -> Group:
    """Who was on the spot and when; the grid's own check when there was one, else the unit's."""
    came_at, came_by = facts.arrived_at, facts.arrived_by
    if came_at is None:
        came_at, came_by = _logged(case, "arrive")
    checked_at, checked_by = (
        (facts.check.at, facts.check.by)
        if facts.check
        else _logged(case, "pass_verify", "fail_verify")
    )
    found = case.verify_result or (result.cause if result else "")
    came = pairs("到场时间", moment(came_at), "到场人员", came_by)
    # With no check apart from the unit's own visit, the visit was the check.
    checked = pairs("核查时间", moment(checked_at or came_at), "核查人员", checked_by or came_by)
    return Group(
        upright("现场核查"),
        (
            *((came,) if checked_at else ()),
            checked,
            wide("核查情况", found, 36, ruled=True),
            wide("照片编号", _photos(case) or ("无" if result else "")),
        ),
    )


def _logged(case: CaseFile, *actions: str) -> tuple[datetime | None, str]:
    """When the log last has it, and by whom."""
    found = [event for event in case.events if event.action in actions]
    return (found[-1].at, found[-1].actor) if found else (None, "")


def _result(case: CaseFile, result: HandlingResult | None, facts: HandlingFacts) -> Group:
    done = resolution(result.resolution) if result else ""
    did = _measures(result)
    beyond = yes_no(result.beyond_duty if result else None)
    if facts.beyond_duty_kind:
        beyond = f"{beyond}（{facts.beyond_duty_kind}）"
    return Group(
        upright("处理结果"),
        (
            pairs(
                "诉求属实",
                yes_no(result.true_appeal if result else None),
                "是否解决",
                choice(_RESOLVED, done, sep="\u2002"),
                spans=(2, 3, 2, 5),
            ),
            pairs(
                "超职责诉求",
                beyond,
                "反馈时间",
                moment(result.replied_at) if result else "",
                spans=(2, 3, 2, 5),
            ),
            wide("办理措施", did, 50, grow=True, ruled=True, style=dense(did)),
            *_co_replies(case, facts),
            pairs(
                "未解决原因",
                (result.unresolved_reason or "无") if result else "",
                "承诺期限",
                _promise(result),
                spans=(2, 4, 2, 4),
            ),
            wide("法律依据", facts.law_basis or ("见公开答复" if result else "")),
            wide("诉求人\n满意度", _satisfaction(case)),
        ),
    )


def _co_replies(case: CaseFile, facts: HandlingFacts) -> tuple[Row, ...]:
    """What each co-unit answered; the row is there as long as there is a co-unit."""
    if not case.co_units and not facts.co_replies:
        return ()
    lines = [
        f"{one.unit}（{one.by} {moment(one.at)}）：{one.text}".replace("（ ", "（")
        for one in facts.co_replies
    ]
    return (wide("协办意见", "\n".join(lines)),)


def _promise(result: HandlingResult | None) -> str:
    if result is None:
        return ""
    due = f"（{moment(result.promise_due)}前）" if result.promise_due else ""
    return f"{result.promise}{due}" if result.promise else "无"


def _satisfaction(case: CaseFile) -> str:
    """As the citizen said on the last callback that got through (R13b: the reply states it)."""
    heard = [line.satisfaction for line in case.callbacks if line.satisfaction]
    said = SATISFACTION_NAMES[heard[-1]] if heard else ""
    return choice(tuple(SATISFACTION_NAMES.values()), said, sep="\u2002")


def _measures(result: HandlingResult | None) -> str:
    if result is None:
        return ""
    return "\n".join(text for text in (result.measures, result.internal_note) if text)


def _reply(result: HandlingResult | None) -> Group:
    text = result.public_reply if result else ""
    cell = Cell(text, 12, dense(text), valign="top", ruled=not text)
    # Two characters a line: one a line would be taller than a short reply.
    return Group("公开\n答复\n内容", (Row((cell,), 56, grow=True),))


def _sign_rows(case: CaseFile, result: HandlingResult | None, facts: HandlingFacts) -> list[Row]:
    """Who answers for it: a weighty case (特急 or under supervision) is issued by the unit's chief (9.3)."""
    weighty = case.row.urgency is Urgency.CRITICAL or case.row.supervision > 0
    chief = "主要负责人\n签发" if weighty else "分管负责人\n签发"
    unit = result.unit if result else case.lead_unit
    written = Cell(
        f"承办人 {or_blank(result.handler if result else '', 10)}\n\n"
        f"承办人签字 {or_blank('', 10)}\n\n审核人签字 {or_blank('', 10)}",
        6,
        valign="middle",
    )
    at = result.replied_at if result else None
    return [
        Row((label(chief, 3), Cell(facts.signed_off_by, 10)), 12 * MM, whole=True),
        Row(
            (label("经 办", 1), written, seal_cell(f"{unit}（盖章）", at, 6)), SEAL_ROW, whole=True
        ),
    ]
