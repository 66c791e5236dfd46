"""110联动, promises, hand-over and tags, with a small city behind them."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget
from sqlalchemy import update

from console.domain.linkage import Basis, Incoming, Pile
from console.domain.policy import PACKS, load_pack
from console.domain.roles import Role, Workplace
from console.domain.rules import Rules
from console.domain.states import Platform
from console.jobs import Jobs
from console.services.handover import Handover
from console.services.linkage import Linkage
from console.services.orders import Orders
from console.services.paper import Paper, preview
from console.services.promises import Promises
from console.services.tallies import Tallies
from console.theme import mark
from console.views.cases import CaseView
from console.views.cases.promise_strip import PromiseStrip
from console.views.cases.tag_strip import TagStrip
from console.views.handover import HandoverDialog
from console.views.linkage import LinkagePage
from console.views.main_window import MainWindow
from console.views.tallies import TalliesDialog
from db.engine import Database
from db.models import Call, PoliceTransfer, Promise, Ticket
from tests.journeys import dispatched, open_ticket
from tests.screens import register
from tests.screens_desks import later
from tests.world import make_world, operator, seat_for

SHEET = """警情编号：JQ202611220058
报警时间：今天10:12  案发地点：宝丽西街105号人行道
报警人：叶长青  联系电话：199 0000 1234
接警员：0231
简要警情：路面井盖缺失，无人受伤，报警人要求尽快修复。"""
CAME = (
    (
        "商铺占道经营与城管人员争执，现场已平息，要求规范经营秩序",
        "清河大道88号农贸市场东门",
        "0231",
    ),
    ("楼上装修噪声扰民，双方已劝离，希望协调施工时间", "宝丽小区3栋2单元", "0231"),
    ("邻居长期在楼道堆放杂物，多次口角", "宝丽小区7栋", "0245"),
    ("有人持刀在店内争吵，店主称与租金纠纷有关", "宝丽西街123号门面", "0245"),
)
GIVEN = (
    ("欠薪讨要过程中发生推搡", "清河大道工地", Basis.DUTY, "双方肢体冲突"),
    ("老人走失三小时", "桂花社区", Basis.DANGER, ""),
)


@cache
def city() -> Database:
    """Both queues filled, yesterday and last year counted."""
    database = make_world(Path(tempfile.mkdtemp()) / "linkage.db")
    agent = Linkage(seat_for(database, Role.AGENT))
    came = [
        agent.take_in(
            Incoming(
                f"k{n}",
                f"JQ2026112200{n + 31}",
                "今天上午",
                place,
                "张先生",
                "19900000008",
                text,
                who,
                n == 1,
            )
        ).ids[0]
        for n, (text, place, who) in enumerate(CAME)
    ]
    for n in range(9):
        done = agent.take_in(Incoming(f"d{n}", content="110转来的一般求助事项")).ids[0]
        agent.refuse(done, "属治安案件", "0231") if n == 4 else agent.accept(done)
    for text, place, basis, why in GIVEN:
        ticket_id = open_ticket(
            database, title=text, content=f"{text}，请协助处理。", address=place
        )
        agent.give(ticket_id, "0231", basis, why, three_way=basis is Basis.DUTY)
    back = open_ticket(database, title="夜间广场舞噪声", address="清河广场")
    agent.give(back, "0231", Basis.DUTY, "多次劝阻无效")
    agent.handed_back(back, "属社会生活噪声，由城管和社区协调", "0231")
    with database.writing.begin() as session:
        for first, last, hours in ((5, 8, 24), (9, 10, 24 * 365)):
            old = update(PoliceTransfer).where(PoliceTransfer.id.between(first, last))
            session.execute(old.values(at=datetime.now(UTC) - timedelta(hours=hours)))
    promises = Promises(seat_for(database, Role.AGENT))
    promises.promise_in_words(came[1], "两小时内回电告知协调时间")
    promises.promise_in_words(came[0], "明天上午派人到现场查看并回电")
    with database.writing.begin() as session:
        late = update(Promise).where(Promise.id == 1)
        session.execute(
            late.values(
                made_at=datetime.now(UTC) - timedelta(hours=4),
                due=datetime.now(UTC) - timedelta(hours=2),
            )
        )
    return database


def shown(role: Role, size: tuple[int, int], *steps: Callable[[LinkagePage], None]) -> QWidget:
    """The page inside the real window."""
    database = city()
    seat = seat_for(database, role)
    jobs = Jobs()
    page = LinkagePage(jobs, Linkage(seat), Orders(seat))
    mark(page, kind="page")
    window = MainWindow(operator(role), {Workplace.LINKAGE: page})
    page.setProperty("jobs", jobs)
    page.said.connect(window.message.say)
    window.resize(*size)
    window.show_place(Workplace.LINKAGE)
    later(window, *(partial(step, page) for step in steps))
    return window


def judge(page: LinkagePage) -> None:
    page.panel.table.selectRow(1)


def danger(page: LinkagePage) -> None:
    page.panel.table.selectRow(3)


def incoming(page: LinkagePage) -> None:
    page.take_in.trigger()


def pasted(page: LinkagePage) -> None:
    page.side.incoming.fill(SHEET)


def pile(which: Pile) -> Callable[[LinkagePage], None]:
    def go(page: LinkagePage) -> None:
        page.panel.show_pile(which.value)

    return go


def first_row(page: LinkagePage) -> None:
    page.panel.table.selectRow(0)


def reason(page: LinkagePage) -> None:
    page.side.hand_back.reason.put("非警务事项，属劳动保障监察")


def agreed(page: LinkagePage) -> None:
    page.side.give.basis.choose(Basis.AGREED)


SIZES = {"1280": (1280, 720), "1440": (1440, 900), "1920": (1920, 1080)}
register("linkage-judge-1280", partial(shown, Role.AGENT, SIZES["1280"], judge))
register("linkage-judge-1440", partial(shown, Role.AGENT, SIZES["1440"], judge))
register("linkage-danger-1440", partial(shown, Role.DISPATCHER, SIZES["1440"], danger))
register(
    "linkage-agreed-1280",
    partial(shown, Role.DISPATCHER, SIZES["1280"], pile(Pile.RETURNED), first_row, agreed),
)
register("linkage-empty-1280", partial(shown, Role.AGENT, SIZES["1280"]))
register("linkage-incoming-1280", partial(shown, Role.AGENT, SIZES["1280"], incoming, pasted))
register(
    "linkage-given-1440",
    partial(shown, Role.AGENT, SIZES["1440"], pile(Pile.GIVEN), first_row, reason),
)
register(
    "linkage-returned-1920",
    partial(shown, Role.DISPATCHER, SIZES["1920"], pile(Pile.RETURNED), first_row),
)


def handing_over(role: Role, size: tuple[int, int]) -> QWidget:
    database = shifts()
    seat = seat_for(database, role)
    dialog = HandoverDialog(Jobs(), Handover(seat, Paper().render_sheet, preview))
    dialog.resize(*size)
    return dialog


@cache
def shifts() -> Database:
    """Promises in every colour, lit work orders, one to resume, one missed, two notes."""
    database = make_world(Path(tempfile.mkdtemp()) / "shift.db")
    now = datetime.now(UTC)
    agent = Promises(seat_for(database, Role.AGENT))
    texts = (
        "回电告知停水恢复时间",
        "派人到现场查看井盖",
        "书面答复电梯加装流程",
        "回访噪声是否整改",
        "告知咨询结果",
    )
    for at, what in enumerate(texts):
        ticket_id = dispatched(database, title=TITLES[at])
        agent.promise(ticket_id, what, now + timedelta(hours=1 + 5 * at))
        if at < 2:
            with database.writing.begin() as session:
                moved = now - timedelta(hours=3 - 2 * at)
                session.execute(
                    update(Promise)
                    .where(Promise.id == at + 1)
                    .values(
                        made_at=now - timedelta(hours=9),
                        due=moved if not at else now + timedelta(minutes=20),
                    )
                )
    with database.writing.begin() as session:
        for at, hours in enumerate((-30, -3, 1)):
            values = {
                "finish_due": now + timedelta(hours=hours),
                "yellow_at": now - timedelta(hours=1),
            }
            session.execute(update(Ticket).where(Ticket.id == at + 1).values(values))
        session.add(
            Call(
                call_no="c1",
                caller_no="19900000055",
                ring_at=now - timedelta(minutes=12),
                ended_at=now,
                result="abandoned",
                wait_s=42,
                queue="普通",
            )
        )
    desk = Handover(seat_for(database, Role.SUPERVISOR), Paper().render_sheet, preview)
    desk.leave_note("清河大道今晚抢修停水，预计 22:00 恢复，统一口径见知识库“清河大道停水”。")
    desk.leave_note("宝丽小区电梯困人已处置，家属情绪激动，来电请转值班长。")
    return database


def case_with_promises(size: tuple[int, int], opened: bool) -> QWidget:
    database = shifts()
    seat = seat_for(database, Role.SUPERVISOR)
    view = CaseView(Jobs(), Orders(seat))
    view.add_strip(PromiseStrip(view._jobs, Promises(seat), view))
    view.add_strip(TagStrip(view._jobs, Tallies(seat), view))
    view.resize(*size)
    mark(view, kind="page")
    view.open_case(1)
    if opened:
        later(
            view,
            view._strips[0].ask,
            partial(view._strips[0].edit.put, "明天上午十点前回电"),
            view._strips[1].ask,
        )
    return view


TITLES = (
    "南山家属院停水半天无人告知",
    "路面井盖缺失",
    "老旧小区加装电梯咨询",
    "工地夜间施工噪声扰民",
    "社保转移办理咨询",
)
register("handover-1080", partial(handing_over, Role.SUPERVISOR, (1080, 640)))
register("handover-wide", partial(handing_over, Role.SUPERVISOR, (1440, 800)))
register("promises-case-460", partial(case_with_promises, (520, 700), False))
register("promises-case-open", partial(case_with_promises, (620, 760), True))


def tallied() -> QWidget:
    database = shifts()
    pack = load_pack(PACKS / "longting-two-lights")
    seat = replace(seat_for(database, Role.SUPERVISOR), rules=Rules(pack, pack.calendar()))
    desk = Tallies(seat)
    if not desk.campaign_table().tickets:
        for ticket_id, platform, codes in (
            (1, Platform.ENFORCEMENT, ("environment", "civilised")), (2, Platform.GOVERNANCE, ("risk",)),
            (3, None, ("civilised", "sanitary")), (4, Platform.OVERSIGHT, ("environment",)), (5, None, ("allowance",)),
        ):  # fmt: skip
            desk.tag(ticket_id, platform, codes)
    return TalliesDialog(Jobs(), desk)


register("tallies", tallied)
