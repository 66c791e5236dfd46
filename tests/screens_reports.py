"""The report workplace on a little real database, with its own paper."""

import tempfile
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from console.domain.forms import FormKind
from console.domain.reports import Stage
from console.domain.roles import Role
from console.domain.sheets import SheetKind
from console.jobs import Jobs
from console.services.archiving import Archiving
from console.services.paper import Paper, preview
from console.services.reports import Reports
from console.services.reports.sheets import Sheets
from console.theme import mark
from console.views.reports.page import ReportsPage
from console.views.reports.paper_view import Fit
from console.views.reports.period import Span
from console.views.reports.save_dialog import SaveDialog
from db.engine import Database
from db.models import Supervision
from tests.desks import closed
from tests.journeys import dispatched
from tests.screens import register
from tests.world import make_world, seat_for

TITLES = (
    "宝丽西街门面下水道堵塞，油污外溢",
    "南山家属院雨污改造后路面高差较大，老人出行不便",
    "工地夜间施工噪声扰民",
    "消火栓被撞断，喷水",
    "小区停车位被占用，物业不处理",
    "路灯三天不亮，放学路上看不清",
    "井盖破损翘起，电动车压上去会弹",
)


@cache
def city() -> Database:
    database = make_world(Path(tempfile.mkdtemp()) / "reports.db")
    for at in range(14):
        closed(database, title=TITLES[at % len(TITLES)], confidential=at == 11)
    dispatched(database, title=TITLES[1])
    return database


@cache
def paper() -> Paper:
    return Paper()


def page(size: tuple[int, int], role: Role = Role.CLERK) -> ReportsPage:
    seat = seat_for(city(), role)
    jobs = Jobs()
    sheets = Sheets(seat, paper().render_sheet, preview)
    made = ReportsPage(jobs, Reports(seat, paper(), preview), Archiving(seat), sheets=sheets)
    jobs.setParent(made)
    made.destroyed.connect(jobs.close)
    mark(made, kind="page")
    made.resize(size[0] - 72, size[1] - 92)
    return made


def ticked(size: tuple[int, int]) -> QWidget:
    made = page(size)
    made.print_desk.bar.start("正在生成办结报告", None)
    made.print_desk.bar.progressed(371, 1000)
    made.print_desk.finder.show_ticked(tuple(range(1, 9)))
    made.print_desk.finder.stage.choose(Stage.CLOSED)
    return made


def finished(size: tuple[int, int]) -> QWidget:
    made = page(size)
    made.print_desk.bar.start("", None)
    made.print_desk.bar.finish("已生成 1,000 件，共 1,000 个文件")
    made.show_ticket(15, FormKind.CLOSURE_REPORT)
    made.print_desk.preview.size.choose(Fit.PAGE)
    return made


def disk_full(size: tuple[int, int]) -> QWidget:
    made = page(size)
    made.print_desk.bar.fail(
        "磁盘已满，文件没有写完；此前 37 件已完整保存　请清理磁盘，或换一个文件夹再试"
    )
    made.print_desk.bar.show()
    made.print_desk.preview.form.choose(FormKind.TICKET_FORM)
    made.print_desk.preview.size.choose(Fit.ACTUAL)
    made.print_desk.finder.period.choose(Span.CHOSEN)
    return made


def notice(size: tuple[int, int]) -> QWidget:
    made = page(size)
    made.show_ticket(15, FormKind.VERIFICATION)
    return made


def nothing(size: tuple[int, int]) -> QWidget:
    made = page(size)
    made.print_desk.finder.text.setText("99999999")
    made.print_desk.finder.stage.choose(Stage.ARCHIVED)
    return made


def archive_tab(size: tuple[int, int]) -> QWidget:
    made = page(size)
    made.tabs.setCurrentIndex(1)
    return made


@cache
def supervised() -> None:
    with city().writing.begin() as session:
        now = seat_for(city(), Role.CLERK).now(session)
        for at in range(1, 7):
            session.add(
                Supervision(ticket_id=at, level=(1, 100, 200)[at % 3], reason="超期未办结", lead_unit="清河街道办事处",
                            document_no=f"示政热督〔2026〕{at}号", issued_at=now, issued_by="郑督 0051", penalty=at % 3)
            )  # fmt: skip


def ledger_tab(size: tuple[int, int], kind: SheetKind = SheetKind.SUPERVISION_LEDGER) -> QWidget:
    supervised()
    made = page(size)
    made.tabs.setCurrentIndex(2)
    made.ledgers.kind.choose(kind)
    return made


def save_dialog() -> QWidget:
    return SaveDialog("办结报告", 128, Path("/home/clerk/文档/办结报告"), False)


SMALL, MIDDLE, LARGE = (1280, 720), (1440, 900), (1920, 1080)
register("reports-1280", partial(page, SMALL))
register("reports-1440", partial(page, MIDDLE))
register("reports-1920", partial(page, LARGE))
register("reports-batch-1280", partial(ticked, SMALL))
register("reports-done-1440", partial(finished, MIDDLE))
register("reports-full-1280", partial(disk_full, SMALL))
register("reports-empty-1280", partial(nothing, SMALL))
register("reports-archive-1280", partial(archive_tab, SMALL))
register("reports-notice-1280", partial(notice, SMALL))
register("reports-ledger-1280", partial(ledger_tab, SMALL))
register("reports-ledger-1920", partial(ledger_tab, LARGE, SheetKind.RETURN_STATISTICS))
register("reports-save", save_dialog)
