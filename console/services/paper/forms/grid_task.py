"""网格任务单 (field-facts 9.4): a half-page slip, two to a sheet with a cut line between."""

from datetime import timedelta
from typing import cast

from console.domain.forms import GridTask
from console.domain.records import CaseFile
from console.services.paper.forms.parts import GRID, Order, pairs, place, signatures, wide
from console.services.paper.layout import (
    FOOT,
    FORM_TITLE,
    LABEL,
    LEFT,
    MM,
    PAGE_WIDTH,
    RIGHT,
    VALUE,
    Bars,
    Rule,
    Sheet,
)
from console.services.paper.tables import Row, Table
from console.services.paper.words import choice, marks, moment

_KINDS = ("响应", "核实", "走访", "核查")
_CUT = 146 * MM
_HALVES = ((12 * MM, 136 * MM), (152 * MM, 275 * MM))
_TASK_LINES = 4


def grid_task(sheet: Sheet, order: Order) -> None:
    """Two tasks on a sheet; a single one is printed twice, the lower half being the stub the office keeps."""
    tasks = [cast(GridTask, record) for record in order.details]
    slips = [(task, "网格员联") for task in tasks]
    if len(tasks) == 1:
        slips.append((tasks[0], "存根联"))
    for index, (task, name) in enumerate(slips):
        half = index % 2
        if index and half == 0:
            sheet.turn()
        sheet.y, sheet.bottom = _HALVES[half]
        _slip(sheet, order, task, name, foot=half == 0)
        if half == 0:
            _cut_line(sheet)


def _cut_line(sheet: Sheet) -> None:
    sheet.add(Rule(10 * MM, _CUT, PAGE_WIDTH - 10 * MM, _CUT, 0.5, (3.0, 3.0), 0.3))
    sheet.put(LEFT, _CUT - FOOT.leading, "✂ 沿虚线裁开", FOOT)


def _slip(sheet: Sheet, order: Order, task: GridTask, name: str, foot: bool) -> None:
    case = order.case
    sheet.add(Bars(RIGHT - 50 * MM, sheet.y, 50 * MM, 7 * MM, case.row.number))
    sheet.put(RIGHT - 25 * MM, sheet.y + 7 * MM, case.row.number, FOOT, "center")
    shown = "".join(f"【{mark}】" for mark in marks(case))
    # A long name of a hotline gives way to the barcode beside it.
    fits = sheet.measure(sheet.clean(order.heading), VALUE) < RIGHT - LEFT - 52 * MM
    sheet.put(LEFT, sheet.y, order.heading, VALUE if fits else FOOT)
    title = f"网格任务单（{name}）"
    sheet.put(LEFT, sheet.y + VALUE.leading, title, FORM_TITLE)
    after = LEFT + sheet.measure(title, FORM_TITLE)
    sheet.put(after, sheet.y + VALUE.leading + 5, shown, LABEL)
    sheet.y += VALUE.leading + FORM_TITLE.leading + 2
    sheet.bottom -= FOOT.leading + 4 if foot else 0
    # A slip ends where its half ends: a text too long for it says where the rest is.
    Table(sheet, GRID, fill=True).draw(_rows(sheet, case, task))
    if foot:
        stamp = order.stamp
        sheet.put(
            LEFT,
            sheet.y + 2,
            f"打印人 {stamp.printed_by}　打印时间 {moment(stamp.printed_at)}",
            FOOT,
        )
        sheet.put(RIGHT, sheet.y + 2, f"份号 {stamp.copy_no}", FOOT, "right")


def _rows(sheet: Sheet, case: CaseFile, task: GridTask) -> list[Row]:
    grid = case.grid
    where = task.grid or (f"{grid.community}{grid.grid_name}" if grid else "")
    limit = "　".join(part for part in (task.limit or _span(task), moment(task.due)) if part)
    return [
        pairs("任务编号", task.task_no, "母单号", case.row.number),
        pairs("网格", where, "网格员", task.worker or (grid.worker if grid else "")),
        wide("任务类型", choice(_KINDS, task.kind)),
        pairs("下达时间", moment(task.issued_at), "时限", limit),
        wide("地点", _clipped(sheet, place(case), 2)),
        wide("任务内容", _clipped(sheet, task.task or case.row.title, _TASK_LINES)),
        pairs("到场时间", moment(task.arrived_at), "照片编号", task.photos),
        wide("现场情况", _clipped(sheet, task.situation, _TASK_LINES), 60, grow=True, ruled=True),
        wide("签字", signatures("网格员", "", "网格长", "", "日期", "")),
    ]


def _span(task: GridTask) -> str:
    """The limit in words when it is a short one: working days do not come out of a subtraction."""
    if task.due is None or task.issued_at is None:
        return ""
    span = task.due - task.issued_at
    return f"{span // timedelta(minutes=1)}分钟" if timedelta() < span <= timedelta(hours=2) else ""


def _clipped(sheet: Sheet, text: str, lines: int) -> str:
    """No more than so many lines of the wide column."""
    room = sum(GRID[2:]) - 10
    found = sheet.wrap(text, VALUE, room)
    if len(found) <= lines:
        return text
    kept = "".join(line.text for line in found[:lines])
    return kept[: len(kept) - 8] + "……（详见工单）"
