"""居民与网格: what a grid leader types a hundred times a day, by keyboard, on real services and a real database."""

import pytest
from PySide6.QtWidgets import QApplication

from console.domain.registers.kinds import Register
from console.domain.roles import Role, Workplace
from console.jobs import Jobs
from console.services.registers import Registers
from console.views.registers import RegistersPage
from tests.registers.city import furnish
from tests.views.ime import commit
from tests.views.test_desks import Stage
from tests.world import seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def stage_for(qtbot, jobs, world, role: Role = Role.GRID_LEADER) -> Stage:
    furnish(world)
    page = RegistersPage(jobs, Registers(seat_for(world, role)), role)
    stage = Stage(qtbot, jobs, world, role, Workplace.REGISTERS, page)
    stage.until(lambda: page.browse.table.records.rowCount() > 0)
    return stage


@pytest.fixture
def stage(qtbot, jobs, world):
    return stage_for(qtbot, jobs, world)


def test_the_list_of_registers_is_walked_by_arrows(stage) -> None:
    page = stage.page
    page.nav.setFocus()
    seen = []
    for _step in range(page.nav.count() - 1):
        stage.press("Down")
        for _turn in range(20):
            QApplication.processEvents()
        assert page.nav.hasFocus(), page.place
        seen.append(page.place)
    assert seen[-1] == "patrols"
    page.go(Register.HOUSEHOLDS)
    stage.until(lambda: page.browse.table.records.rowCount() > 0)
    page.nav.setFocus()
    stage.press("Return")
    stage.until(page.browse.table.hasFocus)
    assert stage.errors == []


def form_of(stage, register: Register):
    """A new row of this register, ready to be typed."""
    page = stage.page
    page.go(register)
    stage.until(lambda: page.browse.left.table.records.rowCount() > 0)
    stage.press("Ctrl+N")
    stage.until(lambda: page.browse.at_form)
    return page.browse.form_view


def type_into(form, **values: str) -> None:
    for name, words in values.items():
        form._controls[name].setFocus()
        commit(form._controls[name], words)


def test_a_row_just_saved_is_the_one_in_sight_whatever_the_list_shows(stage, world) -> None:
    browse = stage.page.browse
    stage.page.go(Register.HOUSEHOLDS)
    stage.until(lambda: browse.table.records.find(1) >= 0)
    browse.box.setFocus()
    stage.type("H1")
    stage.until(lambda: [row.id for row in browse.table.records.rows] == [1])
    form = form_of(stage, Register.HOUSEHOLDS)
    type_into(form, number="H77", address="宝丽小区3栋1单元201", grid_id="990101001001001")
    stage.press("F8")
    stage.until(lambda: browse.card is not None and browse.card.title == "户 H77")
    stage.until(lambda: browse.table.current is not None and browse.table.current.title == "户 H77")
    assert [row.title for row in browse.table.records.rows] == ["户 H77", "叶**户"]
    assert browse.table.hasFocus()
    for _turn in range(50):
        QApplication.processEvents()
    assert browse.card.title == "户 H77"
    stage.press("Down")
    stage.until(lambda: browse.card is not None and browse.card.id == 1)
    assert stage.errors == []


def test_escape_leaves_the_card_there_was(stage) -> None:
    browse = stage.page.browse
    browse.open_row(Register.PERSONS, 11)
    stage.until(lambda: browse.card is not None)
    stage.press("F4")
    stage.until(lambda: browse.at_form)
    stage.press("Escape")
    stage.until(browse.table.hasFocus)
    for _turn in range(50):
        QApplication.processEvents()
    assert browse.card.id == 11
