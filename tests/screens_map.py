"""The map alone and in the window: by day, a point picked, a point on a border, a crowd of pins."""

import random
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.city_map import PinSet
from console.domain.finding import LANDMARK
from console.domain.roles import Role
from console.jobs import Jobs
from console.theme import mark
from console.views.map import MapDialog, MapPanel
from tests.screens import register
from tests.screens_orders import demo_seat


def _wait(milliseconds: int = 700) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def dialog(role: Role = Role.AGENT, takes_point: bool = True) -> MapDialog:
    from console.services.mapping import Mapping

    seat = demo_seat(role)
    jobs = Jobs(QApplication.instance())
    made = MapDialog(jobs, Mapping(seat), seat.operator.unit_code, takes_point)
    made.show()
    _wait(900)
    return made


def whole() -> QWidget:
    made = dialog(takes_point=False)
    made.panel.pin_sets.choose(PinSet.OPEN)
    _wait()
    made.panel.canvas.next_pin()
    return made


def street() -> QWidget:
    made = dialog(Role.STREET_DESK, takes_point=False)
    made.look_at(3)
    made.panel.pin_sets.choose(PinSet.OPEN)
    return made


def picked() -> QWidget:
    made = dialog()
    made.look_at(words="宝丽西街123号")
    _wait()
    made.panel.canvas._pick_middle()
    return made


def landmark() -> QWidget:
    """As F3 leads here: a school, whose grid, who answers for it."""
    from console.services.finding import Finding

    groups = Finding(demo_seat(Role.AGENT)).find("望台小学")
    hit = next(hit for group in groups for hit in group.hits if hit.key == LANDMARK)
    made = dialog(takes_point=False)
    made.show_landmark(hit.id, hit.text)
    _wait()
    return made


def border() -> QWidget:
    made = dialog()
    made.look_at(words="宝丽西街123号")
    _wait()
    shape = next(s for s in made.panel._city.shapes if s.full == "钟鼓社区第二网格")
    x, y = shape.rings[0][0]
    made.panel.canvas.go((x - 300, y - 300, x + 300, y + 300))
    made.panel.canvas._pick_middle()
    return made


def outside() -> QWidget:
    made = dialog()
    made.panel.canvas.picked.emit(-3000.0, -3000.0, 1.0)
    return made


def crowd() -> QWidget:
    made = dialog(takes_point=False)
    rng, pins = random.Random(3), made.panel.canvas.pins
    left, low, right, high = made.panel._city.box
    many = [
        replace(
            rng.choice(pins), ticket_id=at, x=rng.uniform(left, right), y=rng.uniform(low, high)
        )
        for at in range(5000)
    ]
    made.panel.canvas.show_pins(many)
    return made


def panel() -> QWidget:
    from console.services.mapping import Mapping

    made = MapPanel(Jobs(QApplication.instance()), Mapping(demo_seat(Role.AGENT)), "", pins=False)
    mark(made, kind="page")
    made.resize(1000, 620)
    return made


class _Nowhere:
    """A draft book that keeps nothing."""

    def all(self):
        return ()

    def waiting(self):
        return ()

    def keep(self, _form) -> None: ...
    def drop(self, _key) -> None: ...


def intake(address: str, point: bool = False) -> QWidget:
    """The intake desk on the demo city: what it says of an address, and a point taken from the map."""
    from console.domain.roles import Workplace
    from console.services.intake import Intake
    from console.services.mapping import Mapping
    from console.views.intake.page import IntakePage
    from console.views.main_window import MainWindow

    seat = demo_seat(Role.AGENT)
    page = IntakePage(Jobs(QApplication.instance()), Intake(seat), _Nowhere())
    window = MainWindow(seat.operator, {Workplace.INTAKE: page})
    window.resize(1440, 900)
    window.show()
    _wait(600)
    page.record.address.setText(address)
    _wait(900)
    if point:
        page.matter.take_point(Mapping(seat).at(547.0, 160.0))
    return window


for name, make in (
    ("intake-found", partial(intake, "宝丽西街123号门面")),
    ("intake-range", partial(intake, "宝丽西街123到130号门面")),
    ("intake-heard", partial(intake, "保利西街123号")),
    ("intake-near", partial(intake, "望台小学对面")),
    ("intake-outside", partial(intake, "宝丽西街999号")),
    ("intake-point", partial(intake, "", True)),
):
    register(f"map-{name}", make)
for name, make in (("whole", whole), ("street", street), ("picked", picked), ("border", border), ("landmark", landmark),
                   ("outside", outside), ("crowd", crowd), ("panel", panel)):  # fmt: skip
    register(f"map-{name}", partial(make))
