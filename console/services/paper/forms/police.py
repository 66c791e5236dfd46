"""110联动交接单 with the three-way call (field-facts 10.12): who handed what to whom, what came of it."""

from typing import cast

from console.domain.forms import PoliceHandover
from console.domain.records import CaseFile
from console.services.paper.forms.parts import (
    SEAL_ROW,
    SIDED,
    Order,
    dense,
    form_head,
    going_on,
    nature,
    note,
    pairs,
    place,
    seal_cell,
    signatures,
    wide,
)
from console.services.paper.layout import FOOT, VALUE, Sheet
from console.services.paper.tables import Cell, Group, Row, Table, label, upright
from console.services.paper.words import choice, lapse, moment, yes_no

_SERVICES = ("110", "119", "120", "122")
_NOTE = (
    "注：职责清楚的一键移交；不清楚的三方通话协商，仍不一致的由首接方先行受理；危及生命财产安全的立即移交。"
    "诉求人联系电话在通话中转告，本单不印出。"
)


def police_handover(sheet: Sheet, order: Order) -> None:
    """Direction, moment and both handlers; the matter; the three-way call; the answer; both signatures."""
    case, record = order.case, cast(PoliceHandover, order.details[0])
    form_head(sheet, order, f"{record.service or '110'}联动交接单")
    # The remark below the table needs its own lines inside the text block.
    sheet.bottom -= 2 * FOOT.leading + 10
    again = going_on(order, f"{record.service or '110'}联动交接单", 13)
    rows: list[Row | Group] = [
        _handed(record),
        _matter(case),
        _call(record),
        _answer(record),
        *_signed(order, record),
    ]
    Table(sheet, SIDED, again=again, fill=True).draw(rows)
    sheet.bottom += 2 * FOOT.leading + 10
    note(sheet, _NOTE)


def _sides(record: PoliceHandover) -> tuple[str, str]:
    """Who hands over and who receives."""
    ours, theirs = "12345热线", f"{record.service or '110'}指挥中心"
    return (theirs, ours) if record.direction == "in" else (ours, theirs)


def _handed(record: PoliceHandover) -> Group:
    other = record.service or "110"
    ways = (f"12345→{other}", f"{other}→12345")
    way = {"out": ways[0], "in": ways[1]}.get(record.direction, "")
    first = {"12345": "12345", other: other}.get(record.got_it_first, "")
    return Group(
        upright("移交情况"),
        (
            wide("移交方向", choice(ways, way)),
            wide("联动单位", choice(_SERVICES, record.service if record.direction else "")),
            pairs("移交时间", moment(record.at), "首接方", choice(("12345", other), first)),
            pairs("移交人", record.handed_by, "接收人工号", record.receiver_no),
            wide("移交理由", record.reason, 24),
        ),
    )


def _matter(case: CaseFile) -> Group:
    came = case.row.accepted_at or case.created_at
    who = "匿名" if case.anonymous else case.appellant
    return Group(
        upright("诉求情况"),
        (
            pairs("工单编号", case.row.number, "来电时间", moment(came)),
            pairs("来电人", who, "诉求性质", nature(case)),
            wide("事发地点", place(case)),
            wide("诉求标题", case.row.title),
            wide(
                "诉求内容",
                case.content,
                3 * VALUE.leading + 6,
                grow=True,
                ruled=True,
                style=dense(case.content),
            ),
        ),
    )


def _call(record: PoliceHandover) -> Row | Group:
    """三方通话记录; one line when there was none."""
    if record.three_way is False and not record.agreed:
        return Row((label("三方通话", 3), Cell("无三方通话", 10)))
    began, ended = record.call_began, record.call_ended
    times = [moment(at) for at in (began, ended) if at]
    took = lapse(ended - began) if began and ended else ""
    spoken = "、".join(times[:1]) if len(times) < 2 else f"{times[0]} 至 {times[1][-5:]}"
    return Group(
        upright("三方通话记录"),
        (
            pairs("三方通话", yes_no(record.three_way), "通话编号", record.call_no),
            pairs("通话时间", spoken, "通话时长", took),
            wide("协商意见", "", 36, ruled=True),
            wide("双方同意人", record.agreed),
        ),
    )


def _answer(record: PoliceHandover) -> Group:
    said = {True: "接收", False: "退回", None: ""}[record.accepted]
    refusal = record.refusal or ("无" if record.accepted else "")
    return Group(
        upright("移交结果"),
        (
            pairs(
                "处理结果",
                choice(("接收", "退回"), said),
                "警情编号",
                record.police_no,
            ),
            wide("退回理由", refusal),
            pairs(
                "结果时间",
                moment(record.settled_at),
                "经手人",
                "、".join(filter(None, (record.settled_by, record.receiver_back))),
            ),
        ),
    )


def _signed(order: Order, record: PoliceHandover) -> list[Row]:
    """Both sides sign and seal, the one that hands over at the left."""
    giving, taking = _sides(record)
    names = signatures("移交人", "") + "\n\n" + signatures("接收人", "")
    return [
        Row(
            (
                label("签\n字", 1),
                Cell(names, 4),
                seal_cell(f"{giving}（章）", None, 4),
                seal_cell(f"{taking}（章）", None, 4),
            ),
            SEAL_ROW,
            whole=True,
        )
    ]
