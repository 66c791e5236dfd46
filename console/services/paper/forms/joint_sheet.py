"""会商单 (peers 6.6): every unit's reasons for refusing side by side, and what the meeting decided."""

from typing import cast

from console.domain.forms import JointSheet, Refusal
from console.domain.records import CaseFile
from console.services.paper.forms.parts import (
    GRID,
    Order,
    category,
    dense,
    form_head,
    going_on,
    nature,
    note,
    pairs,
    place,
    seal_cell,
    signatures,
    spaced,
    wide,
)
from console.services.paper.layout import ANNEX_HEAD, COMPACT, FOOT, LABEL, VALUE, WIDTH, Sheet
from console.services.paper.tables import Cell, Row, Table, label
from console.services.paper.words import moment

_COLUMNS = tuple(WIDTH * part / 100 for part in (7, 20, 14, 27, 17, 15))
_NOTE = "注：会商结论由参会单位共同签字后生效；主办单位依结论办理，不得再次退单。"
_EMPTY_LINES = 3


def joint_sheet(sheet: Sheet, order: Order) -> None:
    """Which matter; who refused it and why; what was agreed and by whom."""
    case, record = order.case, cast(JointSheet, order.details[0])
    form_head(sheet, order, spaced("会商单"))
    again = going_on(order, "会商单", 12)
    Table(sheet, GRID, again=again).draw(_matter(case, record))
    sheet.gap(8)
    _refusals(sheet, order, record)
    sheet.gap(8)
    sheet.bottom -= FOOT.leading + 8
    rows = [*_decision(record), *_signatures(record)]
    _together(sheet, rows, 190)
    head = again if sheet.y == sheet.top else ()
    # On a page of its own the decision needs no more room than it takes.
    Table(sheet, GRID, again=again, fill=not head).draw([*head, *rows])
    sheet.bottom += FOOT.leading + 8
    note(sheet, _NOTE)


def _matter(case: CaseFile, record: JointSheet) -> list[Row]:
    came = case.row.accepted_at or case.created_at
    return [
        pairs("工单编号", case.row.number, "受理时间", moment(came)),
        pairs("诉求性质", nature(case), "诉求分类", category(case), spans=(2, 2, 2, 6)),
        wide("诉求标题", case.row.title),
        wide("事发地点", place(case)),
        Row((label("诉求内容", 2), Cell(case.content, 10, dense(case.content), valign="top")), 40),
        pairs("提请时间", moment(record.opened_at), "提请人", record.opened_by),
        pairs("会商地点", record.place, "主持人", record.chaired_by),
        wide("参加单位", "、".join(record.units or _refusing(record))),
    ]


def _refusing(record: JointSheet) -> tuple[str, ...]:
    """Before anybody is invited: those who refused."""
    return tuple(dict.fromkeys(one.unit for one in record.refusals))


def _refusals(sheet: Sheet, order: Order, record: JointSheet) -> None:
    names = ("次序", "退单单位", "退单理由", "依据", "建议承办单位", "中心意见")
    head = Row(tuple(Cell(name, style=LABEL, align="center") for name in names), 24)
    rows = [_refusal(at, one) for at, one in enumerate(record.refusals, 1)]
    rows = rows or [_blank(at) for at in range(1, _EMPTY_LINES + 1)]
    sheet.need(ANNEX_HEAD.leading + 24 + 60)
    sheet.paragraph("各单位退单理由对照", ANNEX_HEAD)
    again = going_on(order, "会商单", len(names))
    Table(sheet, _COLUMNS, head=(head,), again=again).draw(rows)


def _refusal(at: int, one: Refusal) -> Row:
    answer = {True: "同意退单", False: "不同意退单", None: "待审"}[one.granted]
    asked = moment(one.asked_at).replace(" ", "\n")
    texts = (
        str(at),
        "\n".join(part for part in (one.unit, one.asked_by) if part),
        "\n".join(part for part in (one.reason, asked) if part),
        one.basis,
        one.suggested_unit or "未提出",
        "\n".join(part for part in (answer, one.opinion) if part),
    )
    centred = (0, 2)
    return Row(
        tuple(
            Cell(text, style=COMPACT, align="center" if index in centred else "left")
            for index, text in enumerate(texts)
        ),
        34,
    )


def _blank(at: int) -> Row:
    return Row((Cell(str(at), style=COMPACT, align="center"), *(Cell("") for _ in range(5))), 34)


def _decision(record: JointSheet) -> list[Row]:
    said = record.conclusion
    helpers = "、".join(record.co_units) or ("无" if record.lead_unit else "")
    return [
        wide("会商结论", said, 72, grow=True, ruled=True),
        pairs("主办单位", record.lead_unit, "协办单位", helpers),
    ]


def _signatures(record: JointSheet) -> list[Row]:
    """One line for each unit at the table, then the centre's seal."""
    units = record.units or _refusing(record)
    lines = "\n\n".join(f"{unit} __________" for unit in units) or signatures("参会单位", "")
    chair = signatures("主持人", record.chaired_by, "记录人", "")
    cells = (
        label("参会单位\n签字", 2),
        Cell(f"{lines}\n\n{chair}", 6, VALUE),
        seal_cell("热线中心（章）", record.concluded_at, 4),
    )
    return [Row(cells, 100, whole=True)]


def _together(sheet: Sheet, rows: list[Row], least: float) -> None:
    """The decision is not torn from the signatures under it."""
    tallest = least + 2 * VALUE.leading * max(0, rows[-1].cells[1].text.count("\n\n") - 2)
    sheet.need(min(tallest, sheet.bottom - sheet.top))
