"""抄告单 (field-facts 3.4 rule 7): told for reading; it asks nobody to handle anything."""

from typing import cast

from console.domain.forms import CopyNotice
from console.domain.records import CaseFile
from console.domain.states import STATE_NAMES
from console.services.paper.forms.parts import (
    GRID,
    Order,
    category,
    co_units,
    dense,
    going_on,
    letter_head,
    nature,
    pairs,
    place,
    sign_off,
    titled,
    wide,
)
from console.services.paper.layout import ANNEX_HEAD, LABEL, LETTER, WIDTH, Sheet
from console.services.paper.tables import Cell, Row, Table
from console.services.paper.words import long_moment, moment, or_blank

_BLANK_NUMBER = "______〔____〕___号"
_COLUMNS = tuple(WIDTH * part / 100 for part in (37, 23, 17, 23))


def copy_notice(sheet: Sheet, order: Order) -> None:
    """A letter to the units told, the matter in a table, then who has read it."""
    case, notice = order.case, cast(CopyNotice, order.details[0])
    letter_head(sheet, order, "抄告单", notice.document_no or _BLANK_NUMBER)
    units = "、".join(one.unit for one in notice.told)
    sheet.paragraph(f"{or_blank(units, 16)}：", LETTER)
    sheet.paragraph(_words(case, notice), LETTER, indent=2)
    if notice.contact or notice.contact_phone:
        phone = f"　电话：{notice.contact_phone}" if notice.contact_phone else ""
        sheet.paragraph(f"联系人：{or_blank(notice.contact)}{phone}", LETTER, indent=2)
    sign_off(sheet, order.heading, notice.issued_at)
    # Annexes follow the seal (GB/T 9704 7.3.4): however long they are, it stays with the letter.
    sheet.gap(14)
    _annex(sheet, order, "工单情况", 120, GRID, (), _facts(case, notice))
    sheet.gap(6)
    names = ("抄告单位", "抄告时间", "阅知人", "阅知时间")
    head = Row(tuple(Cell(name, style=LABEL, align="center") for name in names), 22)
    readers = _readers(notice)
    _annex(sheet, order, "阅知情况", 22 + 20 * min(len(readers), 6), _COLUMNS, (head,), readers)


def _annex(
    sheet: Sheet,
    order: Order,
    name: str,
    least: float,
    columns: tuple[float, ...],
    head: tuple[Row, ...],
    rows: list[Row],
) -> None:
    """A table under its name, which never stands at a page's foot alone."""
    sheet.need(ANNEX_HEAD.leading + least)
    sheet.paragraph(name, ANNEX_HEAD)
    Table(sheet, columns, head, again=going_on(order, "抄告单", len(columns))).draw(rows)


def _words(case: CaseFile, notice: CopyNotice) -> str:
    came = long_moment(case.row.accepted_at or case.created_at)
    why = f"{notice.reason.rstrip('。')}。" if notice.reason else ""
    return (
        f"现将{came}受理的“{titled(case)}”办理情况抄告你单位，请阅知。{why}"
        "本件由主办单位办理，抄告不改变承办责任。"
    )


def _facts(case: CaseFile, notice: CopyNotice) -> list[Row]:
    reply = case.result.public_reply if case.result else "办理中"
    return [
        pairs("工单编号", case.row.number, "当前状态", STATE_NAMES[case.row.state]),
        pairs("诉求性质", nature(case), "诉求分类", category(case), spans=(2, 2, 2, 6)),
        wide("事发地点", place(case)),
        pairs("主办单位", case.lead_unit, "协办单位", co_units(case)),
        pairs("派单时间", moment(case.dispatched_at), "办结时限", moment(case.finish_due)),
        *([wide("抄告事项", notice.matter)] if notice.matter else []),
        wide("办理结果", reply, style=dense(reply)),
    ]


def _readers(notice: CopyNotice) -> list[Row]:
    return [
        Row(
            (
                Cell(one.unit),
                Cell(moment(one.told_at), align="center"),
                Cell(one.read_by or "未阅", align="center"),
                Cell(moment(one.read_at), align="center"),
            ),
            20,
        )
        for one in notice.told
    ] or [Row(tuple(Cell("") for _ in _COLUMNS)) for _ in range(2)]
