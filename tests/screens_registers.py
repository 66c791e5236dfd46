"""居民与网格, on a piece of the demo city."""

import os
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from console.domain.registers.kinds import Register
from console.domain.roles import Operator, Role, Workplace
from console.jobs import Jobs
from console.ledger import Seat, open_seat
from console.services.mapping import Mapping
from console.services.paper import Paper, preview
from console.services.registers import Registers
from console.theme import mark
from console.views.main_window import MainWindow
from console.views.registers import RegistersPage
from console.views.registers.page import PATROLS, STAFFING, TASKS, VISITS
from console.views.registers.sheet_dialog import BuildingSheetDialog
from db.demo.build import build_demo
from db.engine import Database, open_database
from db.models import Account, Unit
from tests.screens import register
from tests.screens_desks import later


@cache
def city() -> Database:
    """The demo city; `CONSOLE_DEMO_FILE` spares the twenty seconds of building it."""
    given = os.environ.get("CONSOLE_DEMO_FILE")
    path = Path(given) if given else Path(tempfile.mkdtemp()) / "city.db"
    if not given:
        build_demo(path)
    return open_database(f"sqlite:///{path}")


def sitting(login: str) -> Seat:
    seat = open_seat(city(), "WS-SHOW")
    with seat.db.reading() as session:
        account = session.scalars(select(Account).where(Account.login == login)).one()
        unit = session.get_one(Unit, account.unit_id)
        seat.sit(Operator(
            account.id, account.agent_no, account.name, Role(account.role), unit.id, unit.name, unit.code
        ))  # fmt: skip
    return seat


def shown(login: str, size: tuple[int, int], *steps: Callable[[RegistersPage], None]) -> QWidget:
    seat, jobs = sitting(login), Jobs()
    registers = Registers(seat, Paper().render_building, preview)
    maps, own = Mapping(seat), seat.operator.unit_code
    page = RegistersPage(jobs, registers, seat.operator.role, maps=maps, own=own)
    mark(page, kind="page")
    window = MainWindow(seat.operator, {Workplace.REGISTERS: page})
    page.said.connect(window.message.say)
    page.failed.connect(window.message.say_error)
    window.resize(*size)
    window.show_place(Workplace.REGISTERS)
    later(window, *(partial(step, page) for step in steps))
    return window


def place(name: str) -> Callable[[RegistersPage], None]:
    def go(page: RegistersPage) -> None:
        page.go(name)

    return go


def wait(_page: RegistersPage) -> None:
    """Another turn for what is read."""


def row(at: int) -> Callable[[RegistersPage], None]:
    def go(page: RegistersPage) -> None:
        page.view.table.selectRow(
            at
        ) if page.view is not page.browse else page.browse.table.selectRow(at)

    return go


def tab(at: int) -> Callable[[RegistersPage], None]:
    def go(page: RegistersPage) -> None:
        page.browse.card_view.tabs.setCurrentIndex(at)

    return go


def pressed(name: str) -> Callable[[RegistersPage], None]:
    def go(page: RegistersPage) -> None:
        getattr(page, name).trigger()

    return go


def member(page: RegistersPage) -> None:
    """Ctrl+Shift+N on the card of a household."""
    page.family.add.trigger()


def typed_number(page: RegistersPage) -> None:
    """A name, a whole identity number, a phone that is too short."""
    form = page.browse.form_view
    for name, words in (("name", "许晴朗"), ("id_number", "99010119800506081X"), ("phone", "1990")):
        form._controls[name].setText(words)
        form._controls[name].textEdited.emit(words)
    form._controls["phone"].editingFinished.emit()


def at_a_house(page: RegistersPage) -> None:
    """The address of a house known: its grid and the next number follow."""
    line = page.browse.form_view._controls["address"]
    line.setText(Registers(sitting(LEADER)).filling.houses("迎宾街")[0].address)
    line.textEdited.emit(line.text())


def mapped(page: RegistersPage) -> None:
    page.beside.toggle.trigger()


LEADER, WORKER, HEAD, AGENT = "2001", "3001", "0101", "0017"
SIZES = {"1280": (1280, 720), "1440": (1440, 900), "1920": (1920, 1080)}
BUILDINGS, MEMBERS = Register.BUILDINGS, Register.MEMBERS
MAKE = {
    "registers-persons-1440": (LEADER, "1440", wait, row(3), wait),
    "registers-persons-1280": (AGENT, "1280", wait, row(1), wait),
    "registers-family-1440": (LEADER, "1440", row(0), wait, tab(1)),
    "registers-visited-1280": (LEADER, "1280", place(MEMBERS), wait, row(0), wait, wait, tab(3)),
    "registers-form-1440": (LEADER, "1440", row(0), wait, wait, pressed("edit"), wait),
    "registers-form-1280": (LEADER, "1280", place(Register.ENTERPRISES), wait, pressed("add"), wait),
    "registers-member-1440": (
        LEADER, "1440", place(Register.HOUSEHOLDS), wait, row(1), wait, wait, wait, member, wait, wait, wait, wait,
        typed_number, wait, wait, wait, wait, wait,
    ),
    "registers-household-1440": (
        LEADER, "1440", place(Register.HOUSEHOLDS), wait, wait, pressed("add"), wait, wait, wait, wait, at_a_house,
        wait, wait, wait, wait,
    ),
    "registers-building-1440": (LEADER, "1440", place(BUILDINGS), wait, row(0), wait, wait, pressed("building")),
    "registers-building-1920": (LEADER, "1920", place(BUILDINGS), wait, row(1), wait, wait, pressed("building")),
    "registers-map-1440": (LEADER, "1440", wait, row(3), wait, mapped, wait, wait, wait),
    "registers-map-building-1280": (
        LEADER, "1280", place(BUILDINGS), wait, row(1), wait, mapped, wait, wait, wait,
    ),
    "registers-grids-map-1920": (HEAD, "1920", place(Register.GRIDS), wait, row(4), wait, mapped, wait, wait, wait),
    "registers-visits-1440": (LEADER, "1440", place(VISITS), wait, row(0)),
    "registers-staffing-1280": (HEAD, "1280", place(STAFFING)),
    "registers-tasks-1280": (HEAD, "1280", place(TASKS)),
    "registers-patrols-1280": (LEADER, "1280", place(PATROLS)),
    "registers-enterprises-1920": (HEAD, "1920", place(Register.ENTERPRISES), wait, row(0)),
}  # fmt: skip


def building_sheet() -> QWidget:
    """What Ctrl+P shows of the first building."""
    seat = sitting(LEADER)
    desk = Registers(seat, Paper().render_building, preview)
    return BuildingSheetDialog(Jobs(), desk.sheets, 5)


register("registers-sheet", building_sheet)
for _name, (_login, _size, *_steps) in MAKE.items():
    register(_name, partial(shown, _login, SIZES[_size], *_steps))
