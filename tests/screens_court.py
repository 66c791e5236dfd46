"""The dispatch desk's court and the forms of the corrections, with a city that has been through a year of returns."""

import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from console.domain.moves import Move
from console.domain.piles import Pile
from console.domain.policy import PACKS, load_pack
from console.domain.roles import Role, Workplace
from console.domain.rules import Rules
from console.jobs import Jobs
from console.ledger import Entry
from console.services.amending import Amending
from console.services.archiving import Archiving
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from console.services.merging import Merging
from console.services.orders import Orders
from console.services.reviewing import Reviewing
from console.services.splitting import Splitting
from console.services.supervising import Supervising
from console.services.tallies import Tallies
from console.views.cases.case_moves import CORRECTIONS, CaseMoves
from console.views.dispatch import DispatchPage
from console.views.orders import OrdersPage
from console.views.orders.services import Act
from db.engine import Database
from db.models import ExtensionRequest
from tests.desks import move, replied
from tests.journeys import DEPARTMENT, STREET, dispatch, dispatched, open_ticket, version_of
from tests.screens import register
from tests.screens_desks import window
from tests.services.court import ask_return, grant, refuse, returned, sent_round
from tests.services.test_corrections import TWO
from tests.services.test_merging import caller
from tests.world import make_world, seat_for

DUTY = "承办单位职责目录 D019 水务局：污水、内涝"
PLACE = "网格归属：事发地属清河街道办事处（按路段门牌：宝丽西街单号101至199号）"


class Office:
    """The desks behind the moves, at one seat."""

    def __init__(self, seat) -> None:
        self.orders, self.dispatching, self.deciding = (
            Orders(seat),
            Dispatching(seat),
            Deciding(seat),
        )
        self.merging, self.splitting, self.amending = Merging(seat), Splitting(seat), Amending(seat)
        self.reviewing = Reviewing(seat)


@cache
def city() -> Database:
    """Returns of every kind, an extension, a site check, two likely the same."""
    database = make_world(Path(tempfile.mkdtemp()) / "hotline.db")
    for _ in range(9):
        dispatched(database, STREET)
    grant(database, returned(database, STREET))
    refuse(database, returned(database, STREET), "属地管理，由街道牵头")
    asked = sent_round(
        database, STREET, ticket_id=open_ticket(database, title="下水道堵塞，油污外溢")
    )
    dispatch(database, asked, DEPARTMENT)
    ask_return(database, asked, DEPARTMENT, DUTY, "供水集团")
    last = sent_round(
        database, STREET, DEPARTMENT, ticket_id=open_ticket(database, title="路面塌陷，无人承办")
    )
    dispatch(database, last, 11)
    ask_return(database, last, 11, PLACE, "清河街道办事处")
    sent_round(
        database,
        STREET,
        DEPARTMENT,
        11,
        ticket_id=open_ticket(database, title="雨污混流，三家互推"),
    )
    _extension(database)
    seen = replied(database, title="消火栓被撞断，喷水漫过人行道")
    Reviewing(seat_for(database, Role.DISPATCHER)).pass_reply(
        seen, version_of(database, seen), verify=True
    )
    for title in ("楼下路灯不亮，下水道堵塞", "下水道堵塞，污水倒灌"):
        caller(database, open_ticket(database, title=title, content=TWO), "19900001111")
    return database


def _extension(database: Database) -> None:
    ticket_id = dispatched(database, title="南山家属院雨污改造后路面高差")
    move(database, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    asked = {"days": 5, "reason": "管线产权单位未到场", "basis": "办法第八条"}
    move(database, ticket_id, Role.STREET_DESK, Entry(Move.ASK_EXTENSION, asked), STREET)
    with database.writing.begin() as session:
        session.add(
            ExtensionRequest(
                ticket_id=ticket_id, share_seq=1, days=5, citizen_told=True, asked_by="王街 S101",
                reason="需与管线产权单位会商改造方案，对方本周内不能到场。",
                basis="《便民热线工作办法》第八条：情况复杂的，经批准可延期。",
                asked_at=seat_for(database, Role.DISPATCHER).now(session),
            )
        )  # fmt: skip


def later(widget: QWidget, *steps: Callable[[], None]) -> None:
    for at, step in enumerate(steps):
        QTimer.singleShot(50 + 65 * at, widget, step)


def desk(size=(1440, 900), what: str = "return") -> QWidget:
    jobs, office = Jobs(), Office(seat_for(city(), Role.DISPATCHER))
    page = DispatchPage(jobs, office.dispatching, office.reviewing, office.deciding, office.orders)
    made = window(Role.DISPATCHER, Workplace.DISPATCH, page, size)
    page.case_view.offer(CORRECTIONS)
    made.moves = CaseMoves(jobs, office, made)
    pile, title = _OPEN[what]
    later(made, partial(page.panel.show_pile, pile), partial(_open, page, title))
    return made


def _open(page: DispatchPage, title: str) -> None:
    rows = page.panel.table.records.rows
    page.begin(next(row.id for row in rows if title in row.row.title))


_OPEN = {
    "return": (Pile.RETURNS, "油污"),
    "third": (Pile.RETURNS, "塌陷"),
    "sheet": (Pile.DISPATCH, "三家互推"),
    "record": (Pile.DISPATCH, "路灯"),
    "extension": (Pile.EXTENSIONS, "高差"),
    "watch": (Pile.WATCH, "消火栓"),
}


class _Shown(QWidget):
    """A form by itself, with the title it would float under."""


def form(move_: Move, what: str) -> QWidget:
    jobs, office = Jobs(), Office(seat_for(city(), Role.DISPATCHER))
    holder = _Shown()
    moves = CaseMoves(jobs, office, holder)
    with city().reading() as session:
        from sqlalchemy import select

        from db.models import Ticket

        ids = session.scalars(select(Ticket.id).where(Ticket.title.contains(what))).all()
    case = office.orders.case(ids[-1])
    dialog = moves._form(move_, case)
    dialog.setParent(None)
    dialog.keeps = (holder, moves, jobs)
    return dialog


for _what in _OPEN:
    register(f"court-{_what}-1440", partial(desk, what=_what))
for _what in ("return", "sheet"):
    register(f"court-{_what}-1280", partial(desk, (1280, 720), _what))
register("court-third-1920", partial(desk, (1920, 1080), "third"))
register("court-form-merge", partial(form, Move.MERGE, "倒灌"))
register("court-form-split", partial(form, Move.SPLIT, "路灯"))
register("court-form-amend", partial(form, Move.AMEND, "塌陷"))
register("court-form-couunit", partial(form, Move.ADD_CO_UNIT, "塌陷"))


def pool(size=(1440, 900), what: str = "ticked") -> QWidget:
    """Several ticked in the pool: before, and after with one that could not be done."""
    jobs, seat = Jobs(), seat_for(_pool_city(), Role.SUPERVISOR)
    desks = Office(seat)
    desks.supervising, desks.archiving, desks.tallies = (
        Supervising(seat),
        Archiving(seat),
        Tallies(seat),
    )
    page = OrdersPage(jobs, desks.orders, None, desks, Role.SUPERVISOR)
    made = window(Role.SUPERVISOR, Workplace.ORDERS, page, size)
    steps = [partial(_tick, page)]
    if what == "campaigns":
        steps.append(partial(page.batch.act.choose, Act.TAG))
    if what == "merge":
        steps.append(partial(page.batch.act.choose, Act.MERGE))
    if what == "done":
        steps += [partial(_choose, page), page.batch.begin]
    later(made, *steps)
    return made


def _tick(page: OrdersPage) -> None:
    page.table.set_ticking(True)
    page.table.records.check([row.id for row in page.table.records.rows[1:6]])


def _choose(page: OrdersPage) -> None:
    unit = page.batch._desks.dispatching.units("csglj")[0]
    page.batch.unit.put(unit.name, unit)
    page.batch.reason.put("交接班，请城管局接办")


@cache
def _pool_city() -> Database:
    database = make_world(Path(tempfile.mkdtemp()) / "hotline.db")
    titles = (
        "路灯不亮",
        "下水道堵塞，油污外溢",
        "井盖破损",
        "夜间施工噪声扰民",
        "占道经营",
        "违停挡路",
        "小区停水",
        "电梯困人",
    )
    ids = [dispatched(database, title=title) for title in titles]
    move(database, ids[3], Role.STREET_DESK, Entry(Move.SIGN), STREET)
    return database


for _what in ("ticked", "campaigns", "merge", "done"):
    register(f"court-pool-{_what}-1440", partial(pool, what=_what))
register("court-pool-ticked-1280", partial(pool, (1280, 720)))


def loop_of(pack: str, size=(1440, 900)) -> QWidget:
    """A gathered matter through another city's loop."""
    jobs, seat = Jobs(), seat_for(_gathered(), Role.SUPERVISOR)
    loaded = load_pack(PACKS / pack)
    seat.rules = Rules(loaded, loaded.calendar())
    page = OrdersPage(jobs, Orders(seat), None)
    page.case.offer(CORRECTIONS)
    made = window(Role.SUPERVISOR, Workplace.ORDERS, page, size)
    later(made, partial(page.show_ticket, 1))
    return made


@cache
def _gathered() -> Database:
    database = make_world(Path(tempfile.mkdtemp()) / "hotline.db")
    main = replied(database, title="夜间施工噪声扰民，多人反映")
    caller(database, main, "19900003330")
    desk = Merging(seat_for(database, Role.DISPATCHER))
    for at in range(3):
        ticket_id = open_ticket(database, title="工地夜里施工")
        caller(database, ticket_id, f"1990000333{at + 1}", "周小满")
        desk.merge(ticket_id, main, version_of(database, ticket_id))
    return database


for _pack in ("default", "xiangyang-five-level", "haikou-30min"):
    register(f"court-loop-{_pack}", partial(loop_of, _pack))
