"""The pool, the case and the finder on a copy of the demo city."""

import shutil
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from console.commands import _is_current, demo_path
from console.domain.orders import Criteria, Period, Stage
from console.domain.roles import WORKPLACES, Operator, Role, Workplace
from console.jobs import Jobs
from console.ledger import Seat, open_seat
from console.services.finding import Finding
from console.services.orders import Orders
from console.services.reception import Reception
from console.services.vault import Vault
from console.views.cases import CaseView
from console.views.finder import Finder
from console.views.main_window import MainWindow
from console.views.orders import OrdersPage
from console.views.parts.empty_state import EmptyState
from db.demo.build import build_demo
from db.engine import open_database
from tests.screens import _settle, register


def demo_seat(role: Role) -> Seat:
    """A seat of that role in a copy of its own."""
    folder = Path(tempfile.mkdtemp())
    target = folder / "demo.db"
    # One that an older program built may lack what the views read, or hold numbers nobody leased.
    if demo_path().exists() and _is_current(demo_path()):
        shutil.copy(demo_path(), target)
    else:
        build_demo(target)
    seat = open_seat(open_database(f"sqlite:///{target}"))
    people: tuple[Operator, ...] = Reception(seat, Vault()).demo_people()
    seat.sit(next(person for person in people if person.role is role))
    return seat


def pool(
    size: tuple[int, int],
    role: Role = Role.SUPERVISOR,
    row: int = 3,
    find: str = "",
    explain: bool = False,
) -> QWidget:
    seat, jobs = demo_seat(role), Jobs(QApplication.instance())
    page = OrdersPage(jobs, Orders(seat))
    pages: dict[Workplace, QWidget] = {place: EmptyState() for place in WORKPLACES[role]}
    pages[Workplace.ORDERS] = page
    window = MainWindow(seat.operator, pages)
    window.resize(*size)
    window.show()
    window.show_place(Workplace.ORDERS)
    _settle(500)
    page.table.selectRow(row)
    _settle(500)
    if find:
        window.activateWindow()
        window.finder = Finder(jobs, Finding(seat), window.call_bar.find, window)
        window.call_bar.find.setFocus()
        window.call_bar.find.setText(find)
        window.finder._ask(find)
    if explain:
        page.case._explain()
    _settle(400)
    return window


def case(role: Role, stage: Stage, width: int) -> QWidget:
    orders = Orders(demo_seat(role))
    view = CaseView(Jobs(QApplication.instance()), orders)
    view.resize(width, 860)
    view.open_case(orders.page(Criteria(stage=stage, period=Period.ALL)).rows[0].id)
    return view


for width, height in ((1280, 720), (1440, 900), (1920, 1080)):
    register(f"orders-{width}", partial(pool, (width, height)))
register("orders-street-1280", partial(pool, (1280, 720), Role.STREET_DESK, 0))
register("orders-explained-1440", partial(pool, (1440, 900), explain=True))
register("finder-1440", partial(pool, (1440, 900), find="1234"))
register("finder-words-1280", partial(pool, (1280, 720), find="望台街道"))
register("finder-landmark-1280", partial(pool, (1280, 720), find="小学"))
register("finder-nothing-1280", partial(pool, (1280, 720), find="火星"))
register("case-closed", partial(case, Role.SUPERVISOR, Stage.CLOSED, 520))
register("case-callback", partial(case, Role.SUPERVISOR, Stage.TO_CALL_BACK, 720))
