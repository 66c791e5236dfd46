"""办结报告 (field-facts 9.8): a letter in official form, then the table of every step."""

from datetime import datetime, timedelta

from console.domain.records import (
    AssignmentLine,
    CallbackLine,
    CaseFile,
    EventLine,
    HandlingResult,
    LightText,
)
from console.domain.states import (
    ASSIGNMENT_NAMES,
    SATISFACTION_NAMES,
    AssignmentKind,
    AssignmentState,
    Light,
)
from console.services.paper.forms.parts import (
    SIGN_OFF,
    Order,
    channel,
    form_top,
    named,
    nature,
    not_reached,
    resolution,
    sign_off,
    told_at_once,
)
from console.services.paper.layout import (
    ANNEX_HEAD,
    LETTER,
    LETTER_HEAD,
    LETTER_TITLE,
    SMALL,
    SMALL_LABEL,
    WIDTH,
    Sheet,
)
from console.services.paper.prose import in_one, later_moment, person
from console.services.paper.tables import Cell, Row, Table
from console.services.paper.words import (
    blank_lines,
    date,
    lapse,
    light,
    long_moment,
    moment,
    or_blank,
)

_STEP_COLUMNS = tuple(WIDTH * part / 100 for part in (6, 13, 11, 25, 14, 10, 21))
_GIVEN_UP = frozenset(
    {
        AssignmentState.WITHDRAWN,
        AssignmentState.RETURNED,
        AssignmentState.DECLINED,
        AssignmentState.ESCALATED,
    }
)
_AT_ONCE = timedelta(minutes=1)
_UNIT_COLUMNS = tuple(WIDTH * part / 100 for part in (27, 7, 9, 16, 16, 16, 9))


def closure_report(sheet: Sheet, order: Order) -> None:
    """Lay out the closure report and its table of steps."""
    case = order.case
    sheet.title(f"关于“{named(case)}”", "诉求办理情况的报告", style=LETTER_TITLE)
    sheet.gap(LETTER.leading * 0.8)
    sheet.paragraph(f"{order.heading}：", LETTER)
    sections = _sections(case)
    for heading, text in sections:
        last = heading == sections[-1][0]
        sheet.need(_end_height(sheet, case, text) if last else 2 * LETTER.leading)
        sheet.paragraph(heading, LETTER_HEAD, indent=2)
        sheet.paragraph(text, LETTER, indent=2)
    _attachments(sheet, case)
    result = case.result
    # It tells of the callback, so it cannot be older than the closing.
    at = case.closed_at or (result.replied_at if result else None)
    unit = result.unit if result else case.lead_unit
    sign_off(sheet, unit or (order.heading if told_at_once(case) else ""), at)
    sheet.letter_pages.update(range(len(sheet.pages)))
    _annex(sheet, case)


def _sections(case: CaseFile) -> list[tuple[str, str]]:
    result, told = case.result, told_at_once(case)
    if told:
        heard = _opinion(case) if case.callbacks else "本件在通话中答复，未另行回访。"
        return [("一、基本情况", _basics(case)), *_answered(told), ("四、群众意见", heard)]
    return [
        ("一、基本情况", _basics(case)),
        ("二、调查核实", _findings(case, result)),
        ("三、办理措施", _measures(result)),
        ("四、办理结果及效果", _outcome(result)),
        ("五、群众意见", _opinion(case)),
        ("六、下一步工作", _next(result)),
    ]


def _answered(told: str) -> list[tuple[str, str]]:
    """Closed on the phone: no unit looked into it, took measures or owes anything."""
    how = "该诉求由12345热线在通话中直接答复，未转承办单位办理。"
    return [("二、办理方式", how), ("三、答复内容", told)]


def _basics(case: CaseFile) -> str:
    """Who asked what, where, and when it moved. No telephone number: the report travels further than the case."""
    who = "匿名诉求人" if case.anonymous else f"诉求人{case.appellant}"
    came = long_moment(case.row.accepted_at or case.created_at)
    kind = "，".join(part for part in (f"{nature(case)}类", "—".join(case.category_path)) if part)
    # A matter without a place, such as wages, is no form left blank.
    grid = f"（{in_one(case.grid.path)}）" if case.grid else ""
    where = f"事发地点为{case.address}{grid}。" if case.address else ""
    start = case.row.accepted_at or case.created_at
    closed = f"，{later_moment(case.closed_at, start)}办结" if case.closed_at else ""
    times = f"该件受理后，于{later_moment(case.dispatched_at, start)}派单{closed}。"
    helped = f"，协办单位为{'、'.join(case.co_units)}" if case.co_units else ""
    handled = f"{times}主办单位为{or_blank(case.lead_unit)}{helped}。"
    if told_at_once(case):
        handled = f"该件由热线直接答复{closed}。"
    return (
        f"{came}，{who}通过{channel(case)}反映（{kind}）：{case.content or blank_lines(3)}\n"
        f"{where}{handled}"
    )


def _findings(case: CaseFile, result: HandlingResult | None) -> str:
    if result is None:
        return blank_lines(3)
    truth = {
        True: "经核查，诉求人反映的情况属实。",
        False: "经核查，诉求人反映的情况不属实。",
        None: "",
    }[result.true_appeal]
    checked = case.verify_result.removeprefix("核查通过：").rstrip("。")
    verified = f"现场核查：{checked}。" if checked else ""
    cause = (
        f"产生问题的原因：{result.cause}"
        if result.cause
        else f"产生问题的原因：{blank_lines(1, 34)}"
    )
    beyond = "该诉求超出本单位职责范围。" if result.beyond_duty else ""
    return "\n".join(part for part in (truth + beyond, verified, cause) if part)


def _measures(result: HandlingResult | None) -> str:
    if result is None:
        return blank_lines(3)
    contact = ""
    if result.contacted:
        when = long_moment(result.contacted_at)
        contact = f"{when}，承办人{person(result.handler)}与诉求人取得联系。"
    done = [text for text in (result.measures, result.internal_note) if text]
    return "\n".join(part for part in (contact, *(done or [blank_lines(2)])) if part)


def _outcome(result: HandlingResult | None) -> str:
    if result is None:
        return blank_lines(3)
    parts = [f"办理结果：{resolution(result.resolution)}。"]
    if result.unresolved_reason:
        parts.append(f"未解决原因：{result.unresolved_reason}")
    parts.append(f"答复内容：{result.public_reply or blank_lines(2)}")
    return "\n".join(parts)


def _opinion(case: CaseFile) -> str:
    if not case.callbacks:
        return blank_lines(2)
    return "\n".join(_callback(line) for line in case.callbacks)


def _callback(line: CallbackLine) -> str:
    head = f"第{line.attempt}次回访（{long_moment(line.at)}）："
    if not line.reached:
        return f"{head}未接通（{not_reached(line.not_reached)}）。"
    contacted = {True: "承办单位已联系", False: "承办单位未联系", None: "未说明是否联系"}[
        line.contacted
    ]
    parts = [f"诉求人反馈{contacted}", f"问题{resolution(line.resolution)}"]
    if line.satisfaction:
        parts.append(f"对办理情况{SATISFACTION_NAMES[line.satisfaction]}")
    if line.dissatisfied_reason:
        parts.append(f"不满意原因为{line.dissatisfied_reason}")
    if line.hotline_satisfaction:
        parts.append(f"对热线服务{SATISFACTION_NAMES[line.hotline_satisfaction]}")
    said = f"诉求人意见：{line.comment}" if line.comment else ""
    return f"{head}{'，'.join(parts)}。{said}"


def _next(result: HandlingResult | None) -> str:
    if result is None:
        return blank_lines(2)
    if not result.promise:
        return "本件无尚待兑现的承诺事项。"
    due = f"，承诺于{date(result.promise_due)}前完成" if result.promise_due else ""
    return f"{result.promise.rstrip('。')}{due}。"


def _attachments(sheet: Sheet, case: CaseFile) -> None:
    """附件 below the text, one line each (GB/T 9704 7.3.4)."""
    sheet.gap(LETTER.leading)
    names = [f"{item.kind_name}（{item.name}）" for item in case.attachments] + ["办理流程附表"]
    for index, name in enumerate(names):
        lead = "附件：" if index == 0 else "\u3000\u3000\u3000"
        sheet.paragraph(f"{lead}{index + 1}. {name}", LETTER, indent=2)


def _annex(sheet: Sheet, case: CaseFile) -> None:
    sheet.top = form_top()
    sheet.turn()
    sheet.paragraph("附表", LETTER_HEAD)
    sheet.title("办理流程表", style=LETTER_TITLE)
    sheet.gap(6)
    sheet.paragraph(
        f"工单编号 {case.row.number}　限时灯 {light(case.row.light)}　全程用时 {_total(case)}",
        SMALL,
    )
    head = _head("序号", "时间", "环节", "单位及经办人", "用时", "灯", "说明")
    rows = [_step(case, index, event) for index, event in enumerate(case.events, 1)]
    Table(sheet, _STEP_COLUMNS, head=(head,)).draw(rows)
    if case.assignments:
        sheet.gap(12)
        # A few rows keep together: one of them alone on a last page says nothing.
        sheet.need(min(60.0 + 30 * len(case.assignments), 300.0))
        sheet.paragraph("承办单位时限情况", ANNEX_HEAD)
        units = _head("单位", "主协", "状态", "派单", "签收", "反馈", "灯")
        Table(sheet, _UNIT_COLUMNS, head=(units,)).draw([_unit(line) for line in case.assignments])


def _end_height(sheet: Sheet, case: CaseFile, text: str) -> float:
    """The last section with everything below it: the seal never stands on a page without text (GB/T 9704 7.3.5)."""
    lines = sum(
        len(sheet.wrap("\u3000\u3000" + part, LETTER, sheet.width)) for part in text.split("\n")
    )
    below = 1 + len(case.attachments) + 1
    height = (1 + lines + below) * LETTER.leading + SIGN_OFF
    return height if height < sheet.bottom - sheet.top else 2 * LETTER.leading


def _took(took: timedelta | None) -> str:
    """As exact as anybody asks: minutes within a day, hours beyond."""
    if took is not None and took < _AT_ONCE:
        return "即时"
    if took is not None and took >= timedelta(days=1):
        took = timedelta(hours=took // timedelta(hours=1))
    return lapse(took, "—")


def _head(*names: str) -> Row:
    return Row(tuple(Cell(name, style=SMALL_LABEL, align="center") for name in names), 20)


def _step(case: CaseFile, index: int, event: EventLine) -> Row:
    who = f"{_short_unit(case, event)}\n{event.actor}".strip()
    said = "；".join(
        [
            _said(event),
            *(f"{key}：{value}" for key, value in event.details if key not in ("light", "灯")),
        ]
    )
    texts = (
        str(index),
        moment(event.at).replace(" ", "\n"),
        event.action_name,
        who,
        _took(event.took),
        _step_light(case, event),
    )
    cells = [Cell(text, style=SMALL, align="center") for text in texts]
    return Row((*cells, Cell(said.strip("；"), style=SMALL)), 20)


def _short_unit(case: CaseFile, event: EventLine) -> str:
    """The centre's whole name in every second row would make two pages of one."""
    own = event.unit.startswith(case.heading) and bool(case.heading)
    return "热线中心" if own else event.unit


def _said(event: EventLine) -> str:
    """The note without what the columns before it have said already."""
    note = event.note.removeprefix(event.unit) if event.unit else event.note
    rest = note.removeprefix("已").removeprefix(event.action_name)
    if not rest or rest[0] in "：，":
        return rest[1:]
    if rest[0] == "（" and rest[-1] == "）":
        return rest[1:-1]
    return event.note


def _unit(line: AssignmentLine) -> Row:
    kind = "主办" if line.kind is AssignmentKind.LEAD else "协办"
    kind = "下派" if line.depth else kind
    texts = (
        "\u3000" * line.depth + line.unit, kind, ASSIGNMENT_NAMES[line.state],
        moment(line.dispatched_at).replace(" ", "\n"),
        _against(line.signed_at, line.sign_due), _against(line.replied_at, line.finish_due), _share_light(line),
    )  # fmt: skip
    return Row(
        tuple(
            Cell(text, style=SMALL, align="left" if i == 0 else "center")
            for i, text in enumerate(texts)
        ),
        20,
    )


def _share_light(line: AssignmentLine) -> str:
    """A share that was taken back, returned, declined or passed up was neither in time nor late."""
    return "—" if line.state in _GIVEN_UP and line.replied_at is None else light(line.light)


def _against(at: datetime | None, due: datetime | None) -> str:
    """When it was done and by when it had to be, without the year, which stands beside it."""
    done, limit = moment(at, "—")[-11:], moment(due, "—")[-11:]
    return f"{done}\n限 {limit}"


def _step_light(case: CaseFile, event: EventLine) -> str:
    """The light of a step: its own if the log has one, else by comparing with the limit it answered."""
    for key, value in event.details:
        if key in ("light", "灯"):
            return value
    if event.action in ("urge", "supervise"):
        return "● 黄" if event.action == "urge" else "■ 红"
    for line in case.assignments:
        for at, due in (
            (line.signed_at, line.sign_due),
            (line.replied_at, line.finish_due),
            (line.responded_at, line.response_due),
        ):
            if at == event.at and due is not None:
                return light(LightText(Light.ON_TIME if event.at <= due else Light.LATE, ""))
    return "—"


def _total(case: CaseFile) -> str:
    start = case.row.accepted_at or case.created_at
    end = case.closed_at or (case.events[-1].at if case.events else None)
    return lapse(end - start if end else None, "—")
