"""The centre's desks: dispatch, review, callback, archive, with a small city behind them."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from console.domain.desks import CallbackAnswers
from console.domain.piles import Pile
from console.domain.roles import Role, Workplace
from console.domain.states import Channel, Nature, NotReached, Satisfaction, TicketState, Urgency
from console.jobs import Jobs
from console.services.archiving import Archiving
from console.services.callbacks import Callbacks
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from console.services.orders import Orders
from console.services.reviewing import Reviewing
from console.theme import mark
from console.views.archive import ArchivePanel
from console.views.callback import CallbackPage
from console.views.dispatch import DispatchPage
from console.views.main_window import MainWindow
from db.engine import Database
from db.models import Account, Snippet, Ticket
from tests.desks import closed, replied, to_call_back
from tests.journeys import open_ticket, version_of
from tests.screens import register
from tests.world import make_world, operator, seat_for

MATTERS = (
    ("110 转入：电梯困人已救出，要求检修", Urgency.CRITICAL, Nature.HELP, "宝丽小区3栋2单元"),
    ("消火栓被撞断，喷水漫过人行道", Urgency.URGENT, Nature.REPORT, "宝丽西街与清河大道交叉口东北角公交站旁"),
    ("下水道堵塞，油污外溢", Urgency.NORMAL, Nature.HELP, "宝丽西街123-130号门面"),
    ("工地夜间施工噪声扰民", Urgency.NORMAL, Nature.COMPLAINT, "清河大道88号"),
    ("60岁独生子女年审认证咨询", Urgency.NORMAL, Nature.INQUIRY, ""),
    ("南山家属院雨污改造后路面高差，雨天积水进院", Urgency.NORMAL, Nature.COMPLAINT, "宝丽小区7栋"),
    ("路灯不亮", Urgency.NORMAL, Nature.HELP, "宝丽西街105号"),
    ("建议在公交站增设遮阳棚", Urgency.NORMAL, Nature.SUGGESTION, "清河公交站"),
)  # fmt: skip


@cache
def city() -> Database:
    """Every pile filled."""
    database = make_world(Path(tempfile.mkdtemp()) / "desks.db")
    for title, urgency, nature, place in MATTERS:
        open_ticket(database, title=title, urgency=urgency, nature=nature, address=place)
    outside = open_ticket(database, title="网格上报：井盖破损", channel=Channel.GRID)
    with database.writing.begin() as session:
        session.get_one(Ticket, outside).state = TicketState.PENDING_ACCEPT
        session.add(Snippet(initials="xchs", title="现场核实", text="请现场核实并逐项答复来电人。"))
        session.add(
            Account(id=90, login="0032", agent_no="0032", name="钱进", role="dispatcher", unit_id=1)
        )
    for title in ("下水道堵塞，油污外溢", "商家油烟直排居民楼", "校门口占道经营"):
        replied(database, title=title)
    callbacks = [to_call_back(database, title=title) for title, *_rest in MATTERS[1:5]]
    desk = Callbacks(seat_for(database, Role.REVISITOR))
    desk.not_reached(callbacks[1], NotReached.NO_ANSWER, version_of(database, callbacks[1]))
    for title, *_rest in MATTERS[2:7]:
        closed(database, title=title)
    with database.writing.begin() as session:
        supervised = session.query(Ticket).filter(Ticket.state == TicketState.CLOSED).first()
        supervised.supervision = 100
    other = seat_for(database, Role.DISPATCHER)
    other.sit(replace(operator(Role.DISPATCHER), account_id=90, name="钱进"))
    Dispatching(other).hold(2)
    return database


def later(widget: QWidget, *steps: Callable[[], None]) -> None:
    """Do things one after the other once the window is up."""
    for at, step in enumerate(steps):
        QTimer.singleShot(60 + 90 * at, widget, step)


def window(role: Role, place: Workplace, page: QWidget, size: tuple[int, int]) -> MainWindow:
    made = MainWindow(operator(role), {place: page})
    made.resize(*size)
    made.jobs = page.jobs if hasattr(page, "jobs") else page._jobs
    if hasattr(page, "said"):
        page.said.connect(made.message.say)
    if hasattr(page, "undo_offered"):
        page.undo_offered.connect(made.message.offer_undo)
        page.failed.connect(made.message.say_error)
    return made


def dispatch(size=(1440, 900), what: str = "open") -> QWidget:
    jobs, seat = Jobs(), seat_for(city(), Role.DISPATCHER)
    page = DispatchPage(jobs, Dispatching(seat), Reviewing(seat), Deciding(seat), Orders(seat))
    made = window(Role.DISPATCHER, Workplace.DISPATCH, page, size)
    later(made, *_DISPATCH[what](page))
    return made


def _ticked(page: DispatchPage) -> None:
    records = page.panel.table.records
    records._checked = {row.id for row in records.rows[2:5]}
    records.checks_changed.emit()


def _begin_first(page: DispatchPage) -> None:
    page.begin(page.panel.table.records.rows[2].id)


def _spoil(page: DispatchPage) -> None:
    page.form.unit.put("")
    page.form.opinion.put("请现场核实，三日内答复来电人；如属两家餐饮隔油池未清掏，一并处置。")
    page.decide.trigger()


def _send_empty(page: DispatchPage) -> None:
    page.redo.trigger()


_DISPATCH = {
    "empty": lambda page: (),
    "open": lambda page: (partial(_begin_first, page),),
    "error": lambda page: (partial(_begin_first, page), partial(_spoil, page)),
    "accept": lambda page: (page.panel.next_pile, page.take_next),
    "review": lambda page: (partial(page.panel.show_pile, Pile.REVIEW), page.take_next),
    "refuse": lambda page: (
        partial(page.panel.show_pile, Pile.REVIEW), page.take_next, partial(_send_empty, page),
    ),
    "bulk": lambda page: (partial(_ticked, page),),
}  # fmt: skip


def callback(size=(1440, 900), what: str = "open") -> QWidget:
    jobs, seat = Jobs(), seat_for(city(), Role.REVISITOR)
    page = CallbackPage(jobs, Callbacks(seat), Orders(seat))
    made = window(Role.REVISITOR, Workplace.CALLBACK, page, size)
    later(made, *_CALLBACK[what](page))
    return made


def _open_rung(page: CallbackPage) -> None:
    rows = page.panel.table.records.rows
    page.open_one(next(row.id for row in rows if "下水道" in row.row.title))


def _answer(page: CallbackPage) -> None:
    page.form._put(
        CallbackAnswers(True, "partly", Satisfaction.DISSATISFIED, Satisfaction.SATISFIED, "结果")
    )


_CALLBACK = {
    "empty": lambda page: (),
    "open": lambda page: (page.take_next,),
    "answered": lambda page: (partial(_open_rung, page), partial(_answer, page)),
    "error": lambda page: (partial(_open_rung, page), page.decide.trigger),
    "unreached": lambda page: (partial(_open_rung, page), page.unreached.trigger),
}


def archive(size=(1440, 900), what: str = "list") -> QWidget:
    jobs = Jobs()
    panel = ArchivePanel(jobs, Archiving(seat_for(city(), Role.CLERK)))
    panel.setContentsMargins(12, 12, 12, 12)
    made = window(Role.CLERK, Workplace.REPORTS, panel, size)
    if what == "done":
        later(made, panel._tick_all, panel.archive)
    mark(panel, kind="page")
    return made


for _what in _DISPATCH:
    register(f"dispatch-{_what}-1440", partial(dispatch, what=_what))
for _what in ("open", "review", "bulk"):
    register(f"dispatch-{_what}-1280", partial(dispatch, (1280, 720), _what))
for _what in _CALLBACK:
    register(f"callback-{_what}-1440", partial(callback, what=_what))
for _what in ("open", "answered"):
    register(f"callback-{_what}-1280", partial(callback, (1280, 720), _what))
register("dispatch-open-1920", partial(dispatch, (1920, 1080)))
register("callback-open-1920", partial(callback, (1920, 1080)))
register("archive-list-1440", archive)
register("archive-list-1280", partial(archive, (1280, 720)))
register("archive-zdone-1440", partial(archive, what="done"))
