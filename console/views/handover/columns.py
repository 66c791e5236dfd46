"""The columns of the hand-over's four lists."""

from datetime import datetime

from console.domain.handover import Held, Missed
from console.domain.promises import PromiseLine, due_words
from console.domain.records import TicketRow
from console.domain.states import STATE_NAMES
from console.views.parts.clock import database_now, lasted, short_time
from console.views.parts.light_label import Mark, mark_of
from console.views.parts.record_table import Column


def promises() -> list[Column]:
    return [
        Column("时限灯", _light, width=110, sort_key=_due),
        Column("时限", _due_words, width=150, sort_key=_due),
        Column("承诺内容", _what, bold=True),
        Column("工单", _title, width=190),
        Column("承诺人", _maker, width=90),
    ]


def lit() -> list[Column]:
    return [
        Column("限时灯", _light, width=110, sort_key=_finish),
        Column("标题", _title, bold=True),
        Column("状态", _state, width=80),
        Column("承办单位", _unit, width=160),
    ]


def held() -> list[Column]:
    return [
        Column("恢复日期", _resume, width=110),
        Column("标题", _title, bold=True),
        Column("挂起原因", _reason, width=160),
        Column("承办单位", _unit, width=140),
    ]


def missed() -> list[Column]:
    return [
        Column("来电时间", _rang, width=140, bold=True),
        Column("号码", _phone, width=140),
        Column("等了多久", _waited, width=110),
        Column("队列", _queue),
    ]


def _light(line: PromiseLine | TicketRow) -> Mark:
    return mark_of(line.light)


def _due(line: PromiseLine) -> datetime:
    return line.due


def _due_words(line: PromiseLine) -> str:
    return due_words(line.due, database_now())


def _what(line: PromiseLine) -> str:
    return line.what


def _maker(line: PromiseLine) -> str:
    return line.made_by


def _title(line: PromiseLine | TicketRow | Held) -> str:
    return line.title


def _finish(row: TicketRow) -> datetime | None:
    return row.finish_due


def _state(row: TicketRow) -> str:
    return STATE_NAMES[row.state]


def _unit(line: TicketRow | Held) -> str:
    return line.unit


def _resume(held: Held) -> str:
    return f"{held.resume_on:%Y-%m-%d}"


def _reason(held: Held) -> str:
    return held.reason


def _rang(missed: Missed) -> str:
    return short_time(missed.at)


def _phone(missed: Missed) -> str:
    return missed.phone


def _waited(missed: Missed) -> str:
    return lasted(int(missed.waited.total_seconds()))


def _queue(missed: Missed) -> str:
    return missed.queue or "—"
