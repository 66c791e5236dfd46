"""The accountability list as a table or as paper: who took it, when, for which days; numbered and logged."""

import csv
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from sqlalchemy.orm import Session

from console.domain.errors import Unavailable
from console.domain.forms import Document, Stamp
from console.domain.reports import Manner
from console.domain.sheets import AccountabilityList, Basis, SheetKind, SheetRecord, sheet_code
from console.domain.states import SupervisionLevel
from console.domain.supervision import Accountability, Blame
from console.domain.trace import trace_code
from console.domain.worktime import civil
from console.ledger import Seat
from console.ledger.audit import record
from console.ledger.copies import note_pages, number_copy

Draw = Callable[[SheetKind, SheetRecord, Stamp], Document]
_HEAD = (
    "承办单位", "责任人", "承办件数", "超期", "超时签收", "退单", "退单被驳回", "重办", "未满意", "越关办结",
    "催办", "普通督办", "黄牌", "红牌", "扣分",
)  # fmt: skip


def table(session: Session, seat: Seat, made: Accountability, path: Path) -> Path:
    """For a spreadsheet; the audit keeps a line. Written whole or not at all. Raises Unavailable."""
    at = seat.now(session)
    code = trace_code(seat.operator.agent_no, at)
    text = StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow([f"{seat.heading} 问责清单", f"{made.since} 至 {made.until}"])
    who = f"导出人 {seat.operator.signature}"
    sheet.writerow([who, f"{civil(at):%Y-%m-%d %H:%M}", f"追溯码 {code}"])
    sheet.writerow(_HEAD)
    sheet.writerows(_cells(line) for line in (*made.units, *made.persons))
    # With the mark by which a spreadsheet knows the file is UTF-8.
    _write(path, text.getvalue().encode("utf-8-sig"))
    details = {"since": str(made.since), "until": str(made.until), "trace": code}
    record(
        session, seat, "export", ("accountability", str(made.until)), "问责清单", details=details
    )
    return path


def paper(seat: Seat, made: Accountability, path: Path, draw: Draw) -> Path:
    """As a landscape sheet, a numbered copy with its line in the log before it is drawn. Raises Unavailable."""
    kind = SheetKind.ACCOUNTABILITY_LIST
    with seat.db.writing.begin() as session:
        line, stamp = number_copy(session, seat, kind.value, Manner.FILE)
    basis = Basis(
        f"{made.since:%Y年%m月%d日} 至 {made.until:%Y年%m月%d日}",
        "按受理日期统计承办、超期与未满意，其余按发生日期",
        stamp.printed_at,
        sheet_code(kind, made.since, made.until),
    )
    sheet = AccountabilityList(made.units, made.persons, heading=seat.heading, basis=basis)
    document = draw(kind, sheet, stamp)
    with seat.db.writing.begin() as session:
        note_pages(session, line, document.pages)
    _write(path, document.pdf)
    return path


def _cells(line: Blame) -> tuple[str | int, ...]:
    cards = (line.cards.get(level, 0) for level in SupervisionLevel if level)
    return (
        line.unit, line.person or "（本单位合计）", line.handled, line.overdue, line.unsigned, line.returned,
        line.wrongly_returned, line.redone, line.unhappy, line.overrides, line.urged, *cards, line.points,
    )  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as fault:
        raise Unavailable("文件没有写成", "请换一个文件夹，或关闭已打开的同名文件") from fault
