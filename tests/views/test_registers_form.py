"""居民与网格: what a grid leader types a hundred times a day, by keyboard, on real services and a real database."""

import pytest
from PySide6.QtWidgets import QApplication

from console.domain.registers.kinds import Register
from console.domain.registers.life import LifeKind
from console.domain.registers.records import Typed
from console.domain.roles import Role, Workplace
from console.jobs import Jobs
from console.services.registers import Registers
from console.theme import Tone
from console.views.registers import RegistersPage
from console.views.registers.card_view import FAMILY
from console.views.registers.dialogs import BirthDialog, LifeFormDialog
from db.models import Person
from tests.registers.city import furnish, paper
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


FIRST, SECOND = "990101001001001", "990101001001002"


def hint(form, name: str) -> str:
    return form._rows[name].hint.text()


def facts(stage) -> dict[str, str]:
    return {fact.name: fact.shown for fact in stage.page.browse.card.facts}


def test_a_household_is_three_fields_and_its_number_is_given(stage) -> None:
    form = form_of(stage, Register.HOUSEHOLDS)
    assert form._controls["address"].hasFocus()
    type_into(form, address="宝丽小区3栋1单元201")
    grid = form._controls["grid_id"]
    stage.until(lambda: grid.value == FIRST)
    assert (grid.text(), hint(form, "grid_id")) == ("清风社区第一网格", "按住址")
    assert grid.property("suggested")
    stage.until(lambda: form._controls["number"].placeholderText() == "990101001001000001")
    assert hint(form, "number") == "保存时自动编号"
    stage.press("F8")
    stage.until(lambda: stage.page.browse.card is not None)
    assert facts(stage)["number"] == "990101001001000001"
    assert facts(stage)["grid_id"] == f"清风社区第一网格（{FIRST}）"
    assert stage.errors == []


def test_a_grid_is_chosen_by_its_initials_and_tab(stage) -> None:
    form = form_of(stage, Register.HOUSEHOLDS)
    grid = form._controls["grid_id"]
    type_into(form, address="宝丽小区3栋1单元201")
    stage.until(lambda: grid.value == FIRST)
    grid.setFocus()
    grid.selectAll()
    stage.type("qfsqde")
    stage.until(lambda: grid.is_open)
    stage.press("Tab")
    assert (grid.text(), grid.value) == ("清风社区第二网格", SECOND)
    # What somebody chose is not proposed away again.
    for _turn in range(20):
        stage.qtbot.wait(20)
    assert grid.value == SECOND
    stage.press("F8")
    stage.until(lambda: stage.page.browse.card is not None)
    assert facts(stage)["grid_id"] == f"清风社区第二网格（{SECOND}）"
    assert stage.errors == []


def test_a_grid_that_is_none_is_told_on_leaving(stage) -> None:
    form = form_of(stage, Register.HOUSEHOLDS)
    grid = form._controls["grid_id"]
    grid.setFocus()
    stage.type("xyz")
    form._controls["kind"].setFocus()
    stage.until(lambda: form.fields["grid_id"].has_error)
    grid.setFocus()
    grid.selectAll()
    stage.type(SECOND)
    form._controls["kind"].setFocus()
    stage.until(lambda: grid.text() == "清风社区第二网格")
    assert not form.fields["grid_id"].has_error


def test_the_keeper_of_one_grid_never_types_it(qtbot, jobs, world) -> None:
    stage = stage_for(qtbot, jobs, world, Role.GRID_WORKER)
    form = form_of(stage, Register.ENTERPRISES)
    assert (form._controls["grid_id"].value, hint(form, "grid_id")) == (FIRST, "只有这一个网格")
    assert not form.is_dirty


def test_a_wrong_number_is_told_on_leaving_and_a_right_one_says_sex_and_birth(stage) -> None:
    form = form_of(stage, Register.PERSONS)
    number = form._controls["id_number"]
    right = paper(40)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    number.setFocus()
    stage.type(wrong)
    stage.press("Tab")
    assert form.fields["id_number"].has_error
    assert "校验码" in form.fields["id_number"].error.text()
    assert form._controls["sex"].isEnabled()
    number.setFocus()
    number.selectAll()
    stage.type(right)
    assert (form._text("sex"), form._text("born_on")) == ("男", "1980-05-06")
    assert not form._controls["sex"].isEnabled()
    stage.press("Tab")
    assert form._controls["phone"].hasFocus()
    stage.type("12")
    stage.press("Tab")
    assert "请与本人核对" in form.fields["phone"].error.text()
    number.setFocus()
    stage.press("Backspace")
    assert form._controls["sex"].isEnabled()
    assert form._text("sex") == ""


def test_the_household_at_the_address_is_joined_by_one_key(stage, world) -> None:
    form = form_of(stage, Register.PERSONS)
    type_into(form, name="许晴朗")
    form._controls["id_number"].setFocus()
    stage.type(paper(40))
    type_into(form, home_address="宝丽小区3栋1单元101")
    stage.until(lambda: [b.text() for b in form.offers.buttons] == ["填入 郑*户（H2）：同一住址"])
    stage.press("Alt+1")
    assert form._controls["relation"].hasFocus()
    assert form._text("household_id") == "H2"
    stage.type("po")
    stage.until(lambda: form._controls["relation"].is_open)
    stage.press("Tab")
    assert form._text("relation") == "配偶"
    stage.until(lambda: form._text("residence_kind") == "户籍")
    stage.press("F8")
    stage.until(lambda: stage.page.browse.card is not None)
    shown = facts(stage)
    assert (shown["household_id"], shown["relation"]) == ("H2", "配偶")
    assert shown["grid_id"].startswith("清风社区第一网格")
    assert shown["occupation"] == "—"
    # Registered face to face today.
    assert stage.page.browse.card.checked.days == 0
    assert stage.errors == []


def test_a_member_is_added_from_the_card_of_the_household(stage, world) -> None:
    page, browse = stage.page, stage.page.browse
    page.go(Register.HOUSEHOLDS)
    stage.until(lambda: browse.table.records.find(2) >= 0)
    browse.table.select_id(2)
    stage.until(lambda: browse.card is not None and browse.card.id == 2)
    stage.press("Ctrl+Shift+N")
    stage.until(lambda: browse.at_form)
    form = browse.form_view
    assert {name: form._text(name) for name in ("household_id", "home_address", "grid_id")} == {
        "household_id": "H2",
        "home_address": "宝丽小区3栋1单元101",
        "grid_id": FIRST,
    }
    assert not form.is_dirty
    type_into(form, name="许晴朗", relation="女")
    form._controls["id_number"].setFocus()
    stage.type(paper(41, female=True))
    stage.press("F8")
    stage.until(lambda: not browse.at_form)
    stage.until(lambda: browse.card is not None and len(browse.card.relatives) == 2)
    # Back at the household, at its people: the next member is one key away.
    assert (browse.card.register, browse.card.id) == (Register.HOUSEHOLDS, 2)
    assert browse.card_view.tabs.currentIndex() == FAMILY
    assert page.family.add.isEnabled()
    assert "再添一人" in stage.said
    assert stage.errors == []


def test_whoever_only_looks_has_no_button_to_add(qtbot, jobs, world) -> None:
    stage = stage_for(qtbot, jobs, world, Role.AGENT)
    assert not stage.page.browse.left.add.isVisible()
    stage.page.browse.open_row(Register.HOUSEHOLDS, 2)
    stage.until(lambda: stage.page.browse.card is not None)
    assert not stage.page.family.add.isEnabled()


def test_the_main_act_has_a_button(stage) -> None:
    assert stage.page.browse.left.add.isVisible()
    stage.page.browse.left.add.click()
    stage.until(lambda: stage.page.browse.at_form)
    assert not stage.page.browse.left.add.isVisible()
    stage.press("Escape")
    stage.page.go(Register.GRIDS)
    stage.until(lambda: not stage.page.browse.left.add.isVisible())


def dialog(stage, kind: type):
    def found() -> list:
        every = QApplication.topLevelWidgets()
        return [one for one in every if isinstance(one, kind) and one.isVisible()]

    stage.until(lambda: bool(found()))
    return found()[0]


def test_a_birth_begins_with_the_name(stage) -> None:
    page, browse = stage.page, stage.page.browse
    page.go(Register.HOUSEHOLDS)
    stage.until(lambda: browse.table.records.find(2) >= 0)
    browse.table.select_id(2)
    stage.until(lambda: browse.card is not None and page.life.isEnabled())
    stage.press("Ctrl+E")
    made = dialog(stage, BirthDialog)
    stage.until(made.name.hasFocus)
    made.reject()


def test_moving_out_asks_for_the_others_at_home(stage, world) -> None:
    browse = stage.page.browse
    values = {"name": "许晴朗", "id_number": paper(61), "household_id": "H2", "relation": "配偶"}
    desk = Registers(seat_for(world, Role.GRID_LEADER))
    other = desk.saving.save(
        Typed(Register.PERSONS, None, 0, values | {"residence_kind": "户籍"})
    ).ids[0]
    browse.open_row(Register.PERSONS, 11)
    stage.until(lambda: browse.card is not None and stage.page.life.isEnabled())
    stage.press("Ctrl+E")
    made = dialog(stage, LifeFormDialog)
    assert made.together.text() == "同户还有 1 人（配偶），一并迁出"
    assert not made.together.isChecked()
    made.together.setChecked(True)
    made.reason.put("随子女居住")
    made.accept_button.click()
    stage.until(lambda: "同户 1 人一并迁出" in stage.said)
    with world.reading() as session:
        assert {session.get_one(Person, one).state for one in (11, other)} == {"moved"}
    assert stage.errors == []


def test_the_first_arrow_in_the_visits_lands_on_the_first(stage) -> None:
    page = stage.page
    page.go("visits")
    stage.until(lambda: page.visits.table.records.rowCount() == 1)
    page.nav.setFocus()
    stage.press("Return")
    assert page.visits.table.hasFocus()
    assert page.visits.table.selectionModel().hasSelection()
    stage.until(page.visit.isEnabled)
    page.go("patrols")
    page.patrols.table.setFocus()
    assert page.patrols.table.current is None


def test_a_household_is_joined_by_where_it_lives(stage) -> None:
    form = form_of(stage, Register.PERSONS)
    home = form._controls["household_id"]
    home.setFocus()
    commit(home, "3栋 101")
    stage.until(lambda: home.is_open)
    stage.press("Tab")
    assert home.text() == "H2"
    stage.until(lambda: form._text("home_address") == "宝丽小区3栋1单元101")
    assert form._controls["grid_id"].value == FIRST
    assert stage.errors == []


def test_moving_in_finds_household_and_grid_while_typing(stage, world) -> None:
    browse = stage.page.browse
    browse.open_row(Register.PERSONS, 1)
    stage.until(lambda: browse.card is not None and stage.page.life.isEnabled())
    stage.press("Ctrl+E")
    made = dialog(stage, LifeFormDialog)
    made.kind.choose(LifeKind.MOVE_IN)
    made._chosen(LifeKind.MOVE_IN)
    made.household.setFocus()
    commit(made.household, "3栋 101")
    stage.until(lambda: made.household.is_open)
    stage.press("Tab")
    assert made.household.text() == "H2"
    made.reason.put("与子女同住")
    made.accept_button.click()
    stage.until(lambda: "迁入" in stage.said)
    with world.reading() as session:
        assert session.get_one(Person, 1).household_id == 2
    assert stage.errors == []


def test_an_overdue_visit_is_red_in_the_list_and_the_address_has_its_room(stage) -> None:
    table = stage.page.browse.table
    tags = {row.id: table._tag(row) for row in table.records.rows}
    assert (tags[1].words, tags[1].tone) == ("走访逾期", Tone.BAD)
    assert tags[11] == "户籍"
    # All grids are of one community: its name is left out.
    assert {table._grid_short(row) for row in table.records.rows} == {"第一网格"}
    stage.page.go(Register.MEMBERS)
    stage.until(lambda: len(table.records.rows) == 2)
    assert {str(table._tag(row)) for row in table.records.rows} == {"独居老人", "严重精神障碍"}
