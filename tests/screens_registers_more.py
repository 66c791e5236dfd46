"""居民与网格: inspections, rectification, rosters, careers, a corrected number, on a piece of the demo city."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from console.domain.registers.kinds import Register
from console.domain.registers.records import Query
from console.jobs import Jobs
from console.services.registers import Registers
from console.views.registers import RegistersPage
from console.views.registers.correct_dialog import CorrectDialog
from console.views.registers.duty_dialog import DutyDialog
from console.views.registers.follow_up import DUTY, HAZARDS
from console.views.registers.inspection_dialogs import InspectionDialog, RectifyDialog
from tests.screens import register
from tests.screens_registers import (
    HEAD,
    LEADER,
    SIZES,
    WORKER,
    place,
    row,
    shown,
    sitting,
    tab,
    wait,
)


def at_hazardous(page: RegistersPage) -> None:
    """The firm of the most urgent hazard."""
    line = Registers(sitting(LEADER)).inspecting.due()[0]
    page.show_row(Register.ENTERPRISES, line.enterprise_id)


def inspecting() -> QWidget:
    own = Registers(sitting(LEADER))
    line = own.inspecting.due()[0]
    people = own.inspecting.inspectors(line.enterprise_id)
    made = InspectionDialog(Jobs(), own.inspecting, (line.enterprise_id, line.enterprise), people)
    for at in (0, 1, 3):
        made.points.item(at).setCheckState(Qt.CheckState.Checked)
    made.hazards.put("后厨液化气瓶与灶台距离不足 0.5 米，软管老化")
    return made


def rectifying() -> QWidget:
    own = Registers(sitting(LEADER))
    made = RectifyDialog(Jobs(), own.inspecting, own.inspecting.due()[:2])
    made.passed.choose(False)
    return made


def correcting() -> QWidget:
    own = Registers(sitting(LEADER))
    first, other = own.find(Query(Register.PERSONS)).rows[:2]
    number = own.reveal(Register.PERSONS, other.id, "示范")["id_number"]
    made = CorrectDialog(Jobs(), own, own.open(Register.PERSONS, first.id))
    made.number.setText(number)
    made._typed()
    made.fields["reason"].show_error("请写明更正原因。例如：登记时抄错第 17 位，已核对身份证原件")
    return made


def arranging() -> QWidget:
    own = Registers(sitting(LEADER))
    unit = own.duties.units()[0]
    roster = own.duties.month(unit.id)
    line = next(row for row in roster.rows if row.line and row.open)
    people = own.duties.candidates(unit.id)
    return DutyDialog(Jobs(), own.duties, (unit.id, unit.name), people, line.on_day, line.line)


STAFF, UNITS = Register.STAFF, Register.UNITS
MAKE = {
    "registers-hazards-1280": (WORKER, "1280", place(HAZARDS), wait, row(0)),
    "registers-hazards-1440": (HEAD, "1440", place(HAZARDS), wait, row(0)),
    "registers-inspected-1280": (LEADER, "1280", place(HAZARDS), wait, wait, at_hazardous, wait, wait, tab(3)),
    "registers-inspected-1440": (LEADER, "1440", place(HAZARDS), wait, wait, at_hazardous, wait, wait, tab(3)),
    "registers-career-1440": (HEAD, "1440", place(STAFF), wait, row(2), wait, wait, tab(1)),
    "registers-unit-1440": (HEAD, "1440", place(UNITS), wait, row(3), wait),
    "registers-duty-1280": (LEADER, "1280", place(DUTY), wait, wait),
    "registers-duty-1920": (HEAD, "1920", place(DUTY), wait, wait),
}  # fmt: skip
for _name, (_login, _size, *_steps) in MAKE.items():
    register(_name, partial(shown, _login, SIZES[_size], *_steps))
for _name, _make in (
    ("inspect", inspecting),
    ("rectify", rectifying),
    ("correct", correcting),
    ("duty-form", arranging),
):
    register(f"registers-{_name}", _make)
