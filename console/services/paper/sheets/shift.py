"""交接班表 (field-facts 9.9): what the next shift must know before it takes the first call."""

from datetime import date

from console.domain.forms import Stamp
from console.domain.sheets import LitOrder, PromiseDue, ShiftHandover, ToResume, WaitingCall
from console.services.paper.forms.parts import GRID, pairs, seal_cell, wide
from console.services.paper.layout import ANNEX_HEAD, VALUE, WIDTH, Sheet
from console.services.paper.sheets.parts import (
    captions,
    carried_on,
    footnote,
    heading_of,
    line,
    nothing,
    sheet_head,
    titled,
)
from console.services.paper.tables import Cell, Row, Table, label
from console.services.paper.words import lapse, light, moment

_NAME = "交接班表"
_PROMISES = tuple(WIDTH * part / 100 for part in (6.5, 21.5, 21, 16, 19, 16))
_ORDERS = tuple(WIDTH * part / 100 for part in (6.5, 21.5, 32, 19, 21))
_CALLS = tuple(WIDTH * part / 100 for part in (6.5, 19, 17, 13, 13, 31.5))
_HELD = tuple(WIDTH * part / 100 for part in (6.5, 21.5, 23, 16.5, 18.5, 14))
_FIGURES_PER_ROW = 3


def shift_handover(sheet: Sheet, record: ShiftHandover, stamp: Stamp) -> None:
    """Whose shift, its figures, four lists, remarks, and both signatures."""
    heading = heading_of(record.heading, stamp)
    sheet_head(sheet, heading, "交\u2002接\u2002班\u2002表", record.basis)
    Table(sheet, GRID).draw(_shift(record))
    lists = (
        (f"一、待兑现承诺（{len(record.promises)}件）", _PROMISES, _promise_names(),
         [_promise(at, one) for at, one in enumerate(record.promises, 1)]),
        (f"二、黄灯与红灯工单（{len(record.orders)}件）", _ORDERS, _order_names(),
         [_order(at, one) for at, one in enumerate(record.orders, 1)]),
        (f"三、待接待回来电（{len(record.waiting)}个）", _CALLS, _call_names(),
         [_call(at, one) for at, one in enumerate(record.waiting, 1)]),
        (f"四、待恢复挂起工单（{len(record.suspended)}件）", _HELD, _held_names(),
         [_held(at, one) for at, one in enumerate(record.suspended, 1)]),
    )  # fmt: skip
    for name, columns, names, rows in lists:
        _list(sheet, heading, name, columns, names, rows)
    sheet.gap(8)
    end, again = _end(record), carried_on(heading, _NAME, 12)
    # With the remark below it.
    sheet.need(sum(row.height for row in end) + 40)
    Table(sheet, GRID, head=again if sheet.y == sheet.top else ()).draw(end)
    footnote(sheet, stamp, record.basis)


def _list(
    sheet: Sheet,
    heading: str,
    name: str,
    columns: tuple[float, ...],
    names: tuple[str, ...],
    rows: list[Row],
) -> None:
    """A list under its name, which never stands at the foot of a page without its first row."""
    sheet.gap(6)
    sheet.need(ANNEX_HEAD.leading + 24 + 40)
    sheet.paragraph(name, ANNEX_HEAD)
    again = carried_on(heading, _NAME, len(columns))
    body = rows or [nothing(len(columns))]
    Table(sheet, columns, head=(captions(names),), again=again).draw(body)


def _shift(record: ShiftHandover) -> list[Row]:
    since, until = moment(record.since), moment(record.until)
    spoken = f"{since} 至 {until[-5:] if since[:10] == until[:10] else until}" if since else ""
    rows = [
        pairs("班次", record.shift, "当班时间", spoken),
        pairs("交班人", record.handed_by, "接班人", record.taken_by),
    ]
    figures = record.figures
    for at in range(0, len(figures), _FIGURES_PER_ROW):
        part = [*figures[at : at + _FIGURES_PER_ROW]]
        part += [("", "")] * (_FIGURES_PER_ROW - len(part))
        cells = [(label(name, 2), Cell(value, 2, align="center")) for name, value in part]
        rows.append(Row(tuple(cell for pair in cells for cell in pair)))
    return rows


def _promise_names() -> tuple[str, ...]:
    return ("序号", "工单编号", "诉求标题", "承诺内容", "兑现时限", "承诺人")


def _promise(at: int, one: PromiseDue) -> Row:
    due = moment(one.due) + (f"\n{light(one.light)}" if one.light else "")
    who = "\n".join(part for part in (one.unit, one.made_by) if part)
    texts = (str(at), one.number, titled(one.title, one.confidential), one.what, due, who)
    return line(texts, frozenset({2, 3}))


def _order_names() -> tuple[str, ...]:
    return ("序号", "工单编号", "诉求标题", "承办单位", "办结时限和限时灯")


def _order(at: int, one: LitOrder) -> Row:
    said = titled(one.title, one.confidential) + (f"\n{one.note}" if one.note else "")
    unit = "\n".join(part for part in (one.unit, one.state) if part)
    due = f"{moment(one.finish_due)}\n{light(one.light)}".strip()
    texts = (str(at), one.number, said, unit, due)
    return line(texts, frozenset({2}))


def _call_names() -> tuple[str, ...]:
    return ("序号", "来电时间", "来电号码", "队列", "已等待", "说明")


def _call(at: int, one: WaitingCall) -> Row:
    texts = (str(at), moment(one.at), one.phone, one.queue, lapse(one.waited), one.note)
    return line(texts, frozenset({5}))


def _held_names() -> tuple[str, ...]:
    return ("序号", "工单编号", "诉求标题", "承办单位", "挂起原因", "恢复日期")


def _held(at: int, one: ToResume) -> Row:
    day = _day(one.resume_on) + (f"\n{one.by}" if one.by else "")
    texts = (str(at), one.number, titled(one.title, one.confidential), one.unit, one.reason, day)
    return line(texts, frozenset({2, 4}))


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _end(record: ShiftHandover) -> list[Row]:
    return [
        wide("其他事项", record.notes, 4 * VALUE.leading, ruled=True),
        Row(
            (
                label("交接签字", 2),
                seal_cell("交班人（签字）", None, 5),
                seal_cell("接班人（签字）", None, 5),
            ),
            90,
            whole=True,
        ),
    ]
