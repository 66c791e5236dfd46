"""The unit's inbox with a street's day in it, for `tests.screens`."""

import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from console.actions import ActionId
from console.domain.inbox import InboxTab, ReplyForm
from console.domain.reporting import ReportForm
from console.domain.roles import Role
from console.domain.states import Nature, Resolution, SupervisionLevel, Urgency
from console.domain.supervision import SuperviseForm
from console.jobs import Jobs
from console.services.deciding import Deciding
from console.services.handling import Handling, Reporting
from console.services.orders import Orders
from console.services.promises import Promises
from console.services.reviewing import Reviewing
from console.services.supervising import Supervising
from console.services.verifying import Verifying
from console.theme import mark
from console.views.inbox import Beside, InboxPage
from db.engine import Database
from db.models import Assignment, DutyRoster, NotifyCopy, Ticket, Unit
from db.pinyin import initials_column
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched, version_of
from tests.screens import register
from tests.world import make_world, seat_for

# fmt: off
TITLES = (
    ("宝丽西街门面下水道堵塞，油污外溢",
     "城市管理 › 市政设施 › 下水道堵塞", Nature.HELP, Urgency.NORMAL, "宝丽西街123-130号门面"),
    ("小区地下车库积水，车辆无法进出",
     "住房城建 › 物业管理 › 车库积水", Nature.COMPLAINT, Urgency.URGENT, "宝丽小区3栋地下车库"),
    ("夜间施工噪声扰民",
     "生态环境 › 噪声污染 › 施工噪声", Nature.COMPLAINT, Urgency.NORMAL, "清河路与宝丽西街交叉口工地"),
    ("消火栓被撞断，喷水",
     "城市管理 › 市政设施 › 消火栓", Nature.REPORT, Urgency.CRITICAL, "清河路88号"),
    ("路灯不亮，老人摔倒",
     "城市管理 › 市政设施 › 路灯", Nature.HELP, Urgency.NORMAL, "宝丽西街路口"),
    ("校门口占道经营，孩子走机动车道",
     "城市管理 › 市容秩序 › 占道经营", Nature.COMPLAINT, Urgency.NORMAL, "清河小学门口"),
    ("南山家属院雨污改造路面高差争议",
     "住房城建 › 老旧小区改造 › 雨污分流", Nature.COMPLAINT, Urgency.NORMAL, "南山家属院2栋"),
)
# fmt: on


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="inbox-"))


def _ticket(db: Database, at: int, unit: int = STREET, co: tuple[int, ...] = (), **more) -> int:
    title, category, nature, urgency, place = TITLES[at % len(TITLES)]
    values = {
        "title": title,
        "category_path": category,
        "nature": nature,
        "urgency": urgency,
        "address": place,
        "content": f"来电人反映：{place}{title}，已有三天，影响出行，希望尽快处理并回复。",
    }
    return dispatched(db, unit, co, **(values | more))


def _ago(db: Database, ticket_id: int, hours: float) -> None:
    """Let the share have been there for a while, so that lights differ."""
    span = timedelta(hours=hours)
    with db.writing.begin() as session:
        for share in session.query(Assignment).filter_by(ticket_id=ticket_id):
            for name in ("dispatched_at", "sign_due", "response_due", "finish_due", "signed_at"):
                value = getattr(share, name)
                if value is not None:
                    setattr(share, name, value - span)


def city(folder: Path) -> Database:
    """A street with something in every pile."""
    db = make_world(folder / "city.db")
    _second_community(db)
    street, community = _street(db), Handling(seat_for(db, Role.GRID_LEADER, COMMUNITY))
    for at, hours in ((1, 0.2), (3, 0.1), (4, 30), (5, 5)):
        _ago(db, _ticket(db, at), hours)
    for at, hours in ((2, 3), (6, 100), (0, 20)):
        ticket_id = _ticket(
            db, at, STREET, (DEPARTMENT,) if at == 0 else (), needs_site_proof=at == 0
        )
        street.sign(ticket_id)
        if at == 0:
            street.contact(
                ticket_id, datetime.now(UTC), "电话", "已说明办理安排，约定今天下午到现场。"
            )
            street.arrive(ticket_id)
            street.whistle(ticket_id, (DEPARTMENT,), "请到场联合处置油污。")
            for number, kind in ((1, "before"), (2, "before"), (3, "after")):
                street.attach(ticket_id, kind, _photo(folder, number))
        _ago(db, ticket_id, hours)
    below = _ticket(db, 4)
    street.sign(below)
    street.sub_dispatch(below, COMMUNITY, "请到场核实，联系诉求人，按时回复。")
    community.sign(below)
    street.sub_dispatch(below, 22, "请核对东侧路灯。")
    answered = _ticket(db, 1)
    street.sign(answered)
    street.sub_dispatch(answered, COMMUNITY, "请协调物业抽排。")
    community.sign(answered)
    community.contact(answered, datetime.now(UTC), "上门", "")
    community.reply(answered, REPLY)
    done = _ticket(db, 5)
    street.sign(done)
    street.contact(done, datetime.now(UTC), "电话", "")
    street.reply(done, REPLY)
    notice = SuperviseForm(
        below,
        version_of(db, below),
        SupervisionLevel.YELLOW,
        "群众不满意",
        "请街道主要负责人牵头，三天内修复全部路灯并书面反馈。",
        lead_unit_id=STREET,
        due=datetime.now(UTC) + timedelta(days=3),
        contact="郑督",
        contact_phone="19900000051",
    )
    Supervising(seat_for(db, Role.OVERSEER)).supervise(notice)
    with db.writing.begin() as session:
        session.query(Ticket).filter_by(id=answered).update({"redo_count": 1})
        for ticket_id in (done, answered):
            session.add(NotifyCopy(ticket_id=ticket_id, unit_id=GRID, told_at=datetime.now(UTC)))
    asked = _ticket(db, 3)
    street.ask_return(asked, "2", "“三定”规定：供水管网由供水集团维护", "供水集团")
    _to_verify(db, folder, street)
    return db


def _second_community(db: Database) -> None:
    with db.writing.begin() as session:
        name = "桂园社区"
        session.add(
            Unit(
                id=22, code="990101001002", name=name, kind="community", parent_id=STREET,
                initials=initials_column(name),
            )
        )  # fmt: skip
        session.flush()
        today = datetime.now(UTC) + timedelta(hours=8)
        for unit, who in ((STREET, "王启明"), (DEPARTMENT, "赵大城"), (GRID, "刘大海")):
            session.add(
                DutyRoster(unit_id=unit, on_day=today.date(), name=who, phone="19900000077", rank="副主任")
            )  # fmt: skip


def _to_verify(db: Database, folder: Path, street: Handling) -> None:
    """Two replies sent to the grid, one a dispute; and what the grid's worker reported."""
    for at in (0, 6):
        ticket_id = _ticket(db, at, needs_site_proof=True, dispute=at == 6)
        street.sign(ticket_id)
        street.contact(ticket_id, datetime.now(UTC), "电话", "")
        for number, kind in ((4, "before"), (6, "after")):
            street.attach(ticket_id, kind, _photo(folder, number + at))
        street.reply(ticket_id, REPLY)
        review = Reviewing(seat_for(db, Role.DISPATCHER))
        review.pass_reply(ticket_id, version_of(db, ticket_id), verify=True)
    _down_to_the_grid(db, street)
    worker = seat_for(db, Role.GRID_WORKER, GRID)
    Reporting(worker).report(REPORT)
    row = Verifying(worker).queue()[0]
    Verifying(worker).attach(row.id, "verify_after", _photo(folder, 9))


def _down_to_the_grid(db: Database, street: Handling) -> None:
    ticket_id = _ticket(db, 2)
    community = Handling(seat_for(db, Role.GRID_LEADER, COMMUNITY))
    worker = Handling(seat_for(db, Role.GRID_WORKER, GRID))
    for above, below in ((street, COMMUNITY), (community, GRID)):
        above.sign(ticket_id)
        above.sub_dispatch(ticket_id, below, "请到场核实，联系诉求人，按时回复。")
    worker.sign(ticket_id)
    worker.contact(ticket_id, datetime.now(UTC), "现场", "诉求人补充了情况。")


REPORT = ReportForm(
    key="screens",
    place="宝丽西街125号",
    grid_id=GRID,
    category_code="010304",
    content="雨水篦子被建筑垃圾堵住，路面积水，行人绕到车道上走。",
    settled=False,
)


REPLY = ReplyForm(
    true_appeal=True,
    resolution=Resolution.RESOLVED,
    cause="排水泵老化，雨量超过抽排能力",
    measures="抽干积水，更换水泵，加设挡水板",
    result="社区会同物业到场，两台水泵连续抽排三小时，车库积水已排空，水泵已更换。",
    public_reply="您反映的车库积水问题，社区已督促物业抽干积水并更换水泵，现车辆可正常进出。",
    explanation="抢险当时已在现场",
)


def _photo(folder: Path, number: int) -> Path:
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor.fromHsv(30 * number % 360, 90, 190))
    painter = QPainter(image)
    painter.setBrush(QColor.fromHsv(200, 60, 120))
    painter.drawEllipse(300, 200, 900, 700)
    painter.end()
    path = folder / f"IMG_2026112{number}_0931.jpg"
    image.save(str(path), "JPG")
    return path


def _street(db: Database) -> Handling:
    return Handling(seat_for(db, Role.STREET_DESK, STREET))


class _Stage(InboxPage):
    """Opens a tab and a form by itself once its rows are there."""

    def __init__(
        self,
        jobs: Jobs,
        db: Database,
        tab: InboxTab,
        act: ActionId | None,
        typed,
        row: int,
        who: tuple[Role, int],
    ) -> None:
        seat = seat_for(db, *who)
        beside = Beside(
            Verifying(seat), Reporting(seat), Promises(seat), Supervising(seat), Deciding(seat)
        )
        super().__init__(jobs, Handling(seat), Orders(seat), beside=beside)
        self._jobs_kept = jobs
        jobs.setParent(self)
        self._act_later, self._typed, self._row = act, typed, row
        mark(self, kind="page")
        self.pile.tabs.choose(tab)
        self.reload()
        QTimer.singleShot(120, self, self._choose)

    def _choose(self) -> None:
        if self.pile.rows:
            self.pile.table.selectRow(min(self._row, len(self.pile.rows) - 1))
        QTimer.singleShot(90, self, self._play)

    def _play(self) -> None:
        if self._act_later is ActionId.REPORT_MATTER:
            self._begin_report()
        elif self._act_later is ActionId.NEXT_STEP:
            self._next()
        elif self._act_later is not None:
            self._do(self._act_later)
        if self._typed is not None:
            self._typed(self)

    def closeEvent(self, event) -> None:
        self._jobs_kept.close()
        super().closeEvent(event)


_cities: dict[str, Database] = {}


def stage(
    size: tuple[int, int],
    tab: InboxTab,
    act: ActionId | None = None,
    typed=None,
    row: int = 0,
    empty: bool = False,
    who: tuple[Role, int] = (Role.STREET_DESK, STREET),
) -> QWidget:
    key = "empty" if empty else "full"
    if key not in _cities:
        _cities[key] = make_world(_folder() / "empty.db") if empty else city(_folder())
    page = _Stage(Jobs(), _cities[key], tab, act, typed, row, who)
    # The rail, the call bar and the foot take their share of the window.
    page.resize(size[0] - 72, size[1] - 96)
    return page


def _half_typed(page: InboxPage) -> None:
    panel = page.side.panel
    panel.result.put("网格员到场核实")
    panel.public.put("已处理")
    panel.promise.setText("三天内装好隔油池")
    page._submit()


def _contact_typed(page: InboxPage) -> None:
    page.side.panel.outcome.put("已约定上门时间。")


def _offers(page: InboxPage) -> None:
    page.side.panel.unit.clear()
    page.side.panel.unit.setFocus()
    page.side.panel._offer("")


def _all(page: InboxPage) -> None:
    page.pile.table.selectAll()


def _return_errors(page: InboxPage) -> None:
    page._submit()


def _verify_typed(page: InboxPage) -> None:
    page._submit()


def _promise_typed(page: InboxPage) -> None:
    page.side.panel.sentence.setText("明天下午五点前回电")


def _report_typed(page: InboxPage) -> None:
    panel = page.reports.panel
    panel.place.setText(REPORT.place)
    panel.content.put(REPORT.content)
    panel.settled.choose(True)
    QTimer.singleShot(60, panel, partial(_send_report, page))


def _report_filled(page: InboxPage) -> None:
    QTimer.singleShot(60, page, partial(_fill_report, page))


def _fill_report(page: InboxPage) -> None:
    panel = page.reports.panel
    panel.place.setText(REPORT.place)
    panel.category.put("下水道堵塞", panel._categories[0])
    panel.content.put(REPORT.content)
    panel.settled.choose(True)
    panel.result.put("已当场清理篦子，积水已退，商户答应清运建筑垃圾。")
    folder = _folder()
    panel._add("before", (_photo(folder, 2),))
    panel._add("after", (_photo(folder, 5),))


def _send_report(page: InboxPage) -> None:
    page.reports.send()


HAND, SIGN = InboxTab.IN_HAND, InboxTab.TO_SIGN
WORKER, LEADER = (Role.GRID_WORKER, GRID), (Role.GRID_LEADER, COMMUNITY)
GRID_SHOTS = {
    "verify": (InboxTab.TO_VERIFY, None, None, 0),
    "verify-form": (InboxTab.TO_VERIFY, ActionId.NEXT_STEP, None, 0),
    "verify-errors": (InboxTab.TO_VERIFY, ActionId.NEXT_STEP, _verify_typed, 1),
    "report": (SIGN, ActionId.REPORT_MATTER, None, 0),
    "report-filled": (SIGN, ActionId.REPORT_MATTER, _report_filled, 0),
    "report-errors": (SIGN, ActionId.REPORT_MATTER, _report_typed, 0),
    "reply": (HAND, ActionId.REPLY, None, 0),
    "reported": (InboxTab.REPORTED, None, None, 0),
    "copies": (InboxTab.COPIES, None, None, 0),
}
SHOTS = {
    "sign": (SIGN, None, None, 0),
    "sign-many": (SIGN, None, _all, 0),
    "hand": (HAND, None, None, 0),
    "contact": (HAND, ActionId.CONTACT, _contact_typed, 1),
    "down": (HAND, ActionId.SUB_DISPATCH, _offers, 1),
    "escalate": (HAND, ActionId.ESCALATE, None, 1),
    "return": (SIGN, ActionId.RETURN, _return_errors, 1),
    "extend": (HAND, ActionId.EXTEND, None, 2),
    "whistle": (HAND, ActionId.CO_HANDLE, None, 2),
    "mediate": (HAND, ActionId.MEDIATE, None, 1),
    "attach": (HAND, ActionId.ATTACH, None, 2),
    "explain": (HAND, ActionId.EXPLAIN, None, 1),
    "reply": (HAND, ActionId.REPLY, None, 2),
    "reply-errors": (HAND, ActionId.REPLY, _half_typed, 2),
    "passed": (InboxTab.PASSED_DOWN, None, None, 0),
    "take-back": (InboxTab.PASSED_DOWN, ActionId.TAKE_BACK, None, 0),
    "more": (InboxTab.PASSED_DOWN, ActionId.SUB_DISPATCH, None, 0),
    "feedback": (InboxTab.PASSED_DOWN, ActionId.FEEDBACK, None, 0),
    "promise": (HAND, ActionId.PROMISE, _promise_typed, 1),
    "notify": (HAND, ActionId.NOTIFY, None, 1),
    "undo-return": (HAND, ActionId.RETURN, None, 1),
    "review": (InboxTab.TO_REVIEW, ActionId.REPLY, None, 0),
    "replied": (InboxTab.REPLIED, None, None, 0),
}
for _name, (_tab, _act, _typed, _row) in SHOTS.items():
    for _size in ((1440, 900), (1280, 720)):
        register(f"inbox-{_name}-{_size[0]}", partial(stage, _size, _tab, _act, _typed, _row))
for _name in ("hand", "contact", "reply-errors"):
    _tab, _act, _typed, _row = SHOTS[_name]
    register(f"inbox-{_name}-1920", partial(stage, (1920, 1080), _tab, _act, _typed, _row))
for _name, (_tab, _act, _typed, _row) in GRID_SHOTS.items():
    for _size in ((1440, 900), (1280, 720)):
        register(
            f"inbox-grid-{_name}-{_size[0]}",
            partial(stage, _size, _tab, _act, _typed, _row, False, WORKER),
        )
register(
    "inbox-grid-leader-1280",
    partial(stage, (1280, 720), InboxTab.TO_VERIFY, None, None, 0, False, LEADER),
)
register("inbox-empty-1280", partial(stage, (1280, 720), SIGN, None, None, 0, True))
