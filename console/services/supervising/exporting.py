"""The accountability list as a table file: who took it, when, for which days; the audit keeps a line of it."""

import csv
import os
from io import StringIO
from pathlib import Path

from sqlalchemy.orm import Session

from console.domain.errors import Unavailable
from console.domain.states import SupervisionLevel
from console.domain.supervision import Accountability, Blame
from console.domain.trace import trace_code
from console.domain.worktime import civil
from console.ledger import Seat
from console.ledger.audit import record

_HEAD = (
    "承办单位", "责任人", "承办件数", "超期", "超时签收", "退单", "退单被驳回", "重办", "未满意", "越关办结",
    "催办", "普通督办", "黄牌", "红牌", "扣分",
)  # fmt: skip


def export(session: Session, seat: Seat, made: Accountability, path: Path) -> Path:
    """Written whole or not at all. Raises Unavailable."""
    at = seat.now(session)
    code = trace_code(seat.operator.agent_no, at)
    text = StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow([f"{seat.heading} 问责清单", f"{made.since} 至 {made.until}"])
    sheet.writerow(
        [f"导出人 {seat.operator.signature}", f"{civil(at):%Y-%m-%d %H:%M}", f"追溯码 {code}"]
    )
    sheet.writerow(_HEAD)
    sheet.writerows(_cells(line) for line in (*made.units, *made.persons))
    _write(path, text.getvalue())
    details = {"since": str(made.since), "until": str(made.until), "trace": code}
    record(
        session, seat, "export", ("accountability", str(made.until)), "问责清单", details=details
    )
    return path


def _cells(line: Blame) -> tuple[str | int, ...]:
    cards = (line.cards.get(level, 0) for level in SupervisionLevel if level)
    return (
        line.unit, line.person or "（本单位合计）", line.handled, line.overdue, line.unsigned, line.returned,
        line.wrongly_returned, line.redone, line.unhappy, line.overrides, line.urged, *cards, line.points,
    )  # fmt: skip


def _write(path: Path, text: str) -> None:
    """With the mark by which a spreadsheet knows the file is UTF-8."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(text.encode("utf-8-sig"))
        os.replace(part, path)
    except OSError as fault:
        raise Unavailable("文件没有写成", "请换一个文件夹，或关闭已打开的同名文件") from fault
