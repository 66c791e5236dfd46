"""居民与网格 by keyboard, on real services and a real database."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain.registers.kinds import Register
from console.domain.registers.records import Typed
from console.domain.roles import Role, Workplace
from console.jobs import Jobs
from console.services.registers import Registers
from console.views.registers import RegistersPage
from console.views.registers.dialogs import BirthDialog, LifeFormDialog, RevealForm, VisitDialog
from console.views.registers.page import STAFFING, TASKS, VISITS
from console.views.registers.rounds_dialogs import PatrolDialog, TaskDialog
from db.models import DailyTask, Household, Person, SpecialGroupMember
from tests.registers.city import furnish, paper
from tests.views.test_desks import Stage
from tests.world import seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def stage_for(qtbot, jobs, world, role: Role) -> Stage:
    furnish(world)
    page = RegistersPage(jobs, Registers(seat_for(world, role)), role)
    stage = Stage(qtbot, jobs, world, role, Workplace.REGISTERS, page)
    stage.until(lambda: page.browse.table.records.rowCount() > 0)
    return stage


@pytest.fixture
def stage(qtbot, jobs, world):
    return stage_for(qtbot, jobs, world, Role.GRID_LEADER)


def open_row(stage: Stage, row_id: int) -> None:
    browse = stage.page.browse
    assert browse.table.select_id(row_id)
    stage.until(lambda: browse.card is not None and browse.card.id == row_id)


def dialog(stage: Stage, kind: type):
    stage.until(
        lambda: any(isinstance(w, kind) and w.isVisible() for w in QApplication.topLevelWidgets())
    )
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())


def back(stage: Stage) -> None:
    """A window manager gives the window its focus back; the offscreen screen has none."""
    stage.window.activateWindow()
    stage.until(stage.window.isActiveWindow)


def shown_facts(stage: Stage) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in stage.page.browse.card_view.findChildren(QLabel))


def test_typing_a_name_finds_and_arrows_open(stage) -> None:
    browse = stage.page.browse
    browse.box.setFocus()
    stage.type("zy")
    stage.until(lambda: [row.title for row in browse.table.records.rows] == ["郑*"])
    stage.press("Return")
    stage.until(lambda: browse.card is not None and browse.card.id == 11)
    assert "按拼音首字母查" in browse.report.text()
    assert stage.errors == []


def test_a_card_hides_until_a_reason_is_given(stage) -> None:
    open_row(stage, 11)
    assert "郑远" not in shown_facts(stage)
    stage.press("Ctrl+R")
    asked = dialog(stage, RevealForm)
    asked.other.setText("核对户口")
    asked.accept_button.click()
    stage.until(lambda: "郑远" in shown_facts(stage))
    assert paper(11) in shown_facts(stage)
    open_row(stage, 1)
    stage.until(lambda: "郑远" not in shown_facts(stage))


def test_a_row_is_edited_by_keys_and_private_values_stay(stage, world) -> None:
    open_row(stage, 11)
    stage.press("F4")
    form = stage.page.browse.form_view
    stage.until(lambda: stage.page.browse.at_form)
    assert (form._controls["name"].text(), form._controls["name"].placeholderText()) == ("", "郑*")
    assert not form._controls["id_number"].isEnabled()
    form._controls["relation"].setFocus()
    form._controls["relation"].insert("人")
    stage.press("F8")
    stage.until(lambda: not stage.page.browse.at_form)
    with world.reading() as session:
        row = session.get_one(Person, 11)
        assert (row.relation, row.name_masked) == ("户主人", "郑*")
    stage.until(lambda: [one.title for one in stage.page.browse.card.history] == ["与户主关系"])
    assert stage.errors == []


def test_full_values_come_into_the_form_and_are_not_written_back(stage, world) -> None:
    open_row(stage, 11)
    stage.press("F4")
    stage.until(lambda: stage.page.browse.at_form)
    stage.press("Ctrl+R")
    dialog(stage, RevealForm).accept_button.click()
    form = stage.page.browse.form_view
    stage.until(lambda: form._controls["name"].text() == "郑远")
    assert not form.is_dirty
    form._controls["phone"].setText("19900000321")
    back(stage)
    stage.press("F8")
    stage.until(lambda: not stage.page.browse.at_form)
    with world.reading() as session:
        assert session.get_one(Person, 11).phone_end == "0321"
    stage.until(lambda: [one.title for one in stage.page.browse.card.history] == ["联系电话"])


def test_what_is_typed_survives_escape_and_faults_stand_beside_their_fields(stage) -> None:
    page, browse = stage.page, stage.page.browse
    stage.press("Ctrl+N")
    stage.until(lambda: browse.at_form)
    form = browse.form_view
    form._controls["name"].insert("许晴朗")
    form._controls["phone"].setText("12")
    stage.press("F8")
    stage.until(lambda: form.fields["id_number"].has_error)
    assert form.fields["phone"].has_error
    stage.press("Escape")
    stage.until(lambda: not browse.at_form)
    stage.press("Ctrl+N")
    stage.until(lambda: browse.at_form)
    assert form._controls["name"].text() == "许晴朗"
    assert page.holds_back()
    assert stage.errors == []


def test_who_was_just_registered_is_the_one_shown(stage, world) -> None:
    browse = stage.page.browse
    stage.press("Ctrl+N")
    stage.until(lambda: browse.at_form)
    form = browse.form_view
    for name, words in (
        ("name", "许晴朗"),
        ("id_number", paper(40)),
        ("grid_id", "990101001001001"),
    ):
        form._controls[name].setText(words)
    form._controls["residence_kind"].setCurrentText("户籍")
    stage.press("F8")
    stage.until(lambda: not browse.at_form)
    stage.until(lambda: not stage.page.jobs.is_busy)
    assert browse.card is not None
    assert browse.card.title == "许**"
    assert stage.errors == []


def test_a_number_known_already_is_told_while_typing(stage) -> None:
    stage.press("Ctrl+N")
    form = stage.page.browse.form_view
    stage.until(lambda: stage.page.browse.at_form)
    form._controls["id_number"].setFocus()
    QTest.keyClicks(form._controls["id_number"], paper(11))
    stage.until(lambda: bool(form.offers.buttons))
    assert "郑*：身份证号相同" in form.offers.buttons[0].text()
    form.offers.buttons[0].click()
    stage.until(lambda: stage.page.browse.card is not None and stage.page.browse.card.id == 11)


def test_a_colleagues_change_keeps_what_is_typed(stage, world, jobs) -> None:
    open_row(stage, 11)
    stage.press("F4")
    form = stage.page.browse.form_view
    stage.until(lambda: stage.page.browse.at_form)
    form._controls["relation"].setText("配偶")
    Registers(seat_for(world, Role.SUPERVISOR)).saving.save(
        Typed(Register.PERSONS, 11, 1, {"education": "大专"})
    )
    stage.press("F8")
    stage.until(lambda: form.form is not None and form.form.version == 2)
    assert form._controls["relation"].text() == "配偶"
    stage.press("F8")
    stage.until(lambda: not stage.page.browse.at_form)
    with world.reading() as session:
        assert session.get_one(Person, 11).relation == "配偶"


def test_the_building_is_walked_by_arrows(stage) -> None:
    page, browse = stage.page, stage.page.browse
    page.go(Register.BUILDINGS)
    stage.until(lambda: [row.id for row in browse.table.records.rows] == [1])
    open_row(stage, 1)
    stage.press("Ctrl+B")
    doors = browse.matrix.doors
    stage.until(doors.hasFocus)
    rooms = {room.room: room for _box, room in doors._boxes}
    assert set(rooms) == {"501", "101", "201"}
    seen = {doors.room.room}
    for key in (
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Down,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
    ):
        QTest.keyClick(doors, key)
        seen.add(doors.room.room)
    assert seen == {"501", "101", "201"}
    QTest.keyClick(doors, Qt.Key.Key_Return)
    stage.until(lambda: browse.card is not None and browse.card.register is Register.HOUSES)
    assert stage.errors == []


def test_a_visit_is_due_written_down_and_gone_from_the_list(stage, world) -> None:
    page = stage.page
    page.go(VISITS)
    stage.until(lambda: [line.name for line in page.visits.table.records.rows] == ["叶**"])
    # The numbers on the heaps are read with the list; they must not set off another reading.
    stage.until(lambda: not page.jobs.is_busy)
    page.visits.table.selectRow(0)
    stage.press("Ctrl+K")
    form = dialog(stage, VisitDialog)
    form.accept_button.click()
    stage.until(lambda: form.fields["condition"].has_error)
    form.condition.put("在家，精神好")
    form.accept_button.click()
    stage.until(lambda: page.visits.table.records.rowCount() == 0)
    with world.reading() as session:
        assert session.get_one(SpecialGroupMember, 1).visit_interval_days == 7
    assert stage.errors == []


def test_a_move_out_is_two_keys_and_a_reason(stage, world) -> None:
    open_row(stage, 11)
    stage.press("Ctrl+E")
    form = dialog(stage, LifeFormDialog)
    form.accept_button.click()
    stage.until(lambda: form.fields["reason"].has_error)
    form.reason.put("随子女居住")
    form.accept_button.click()
    stage.until(
        lambda: stage.page.browse.card is not None and stage.page.browse.card.state == "已迁出"
    )
    with world.reading() as session:
        assert session.get_one(Person, 11).household_id is None


def test_a_birth_is_registered_from_the_household(stage, world) -> None:
    page = stage.page
    page.go(Register.HOUSEHOLDS)
    stage.until(lambda: page.browse.table.records.find(1) >= 0)
    open_row(stage, 1)
    stage.press("Ctrl+E")
    form = dialog(stage, BirthDialog)
    assert form.household.text() == "H1"
    form.name.setText("叶新生")
    form.paper.setText("p990000001")
    form.sex.choose("女")
    form.accept_button.click()
    stage.until(lambda: len(page.browse.card.relatives) == 3)
    with world.reading() as session:
        assert session.get_one(Household, 1).number == "H1"


def test_tasks_are_given_and_done(stage, world) -> None:
    page = stage.page
    page.go(TASKS)
    stage.until(page.add.isEnabled)
    stage.press("Ctrl+N")
    form = dialog(stage, TaskDialog)
    form.task.put("沿街商铺消防检查")
    form.people.item(0).setCheckState(Qt.CheckState.Checked)
    form.accept_button.click()
    stage.until(lambda: page.tasks.table.records.rowCount() == 1)
    page.tasks.table.selectRow(0)
    stage.until(page.done.isEnabled)
    back(stage)
    stage.press("Ctrl+I")

    def done() -> bool:
        with world.reading() as session:
            return session.query(DailyTask).one().done_at is not None

    stage.until(done)


def test_the_list_of_matters_is_narrowed_by_typing(stage, world) -> None:
    page = stage.page
    page.go("patrols")
    stage.until(page.add.isEnabled)
    stage.press("Ctrl+N")
    form = dialog(stage, PatrolDialog)
    form.search.setText("井盖")
    seen = [form.matters.item(at) for at in range(form.matters.count())]
    assert [item.text() for item in seen if not item.isHidden()] == ["道路与管线　井盖缺失松动"]
    form.reject()


def test_one_grid_of_the_branch_is_looked_at(stage) -> None:
    browse = stage.page.browse
    stage.until(lambda: browse.left.grid.count() == 3)
    browse.left.grid.setCurrentIndex(browse.left.grid.findText("清风社区第二网格"))
    stage.until(lambda: browse.table.records.rowCount() == 0)
    browse.left.grid.setCurrentIndex(0)
    stage.until(lambda: browse.table.records.rowCount() == 3)


def test_gaps_of_the_staffing_are_listed(stage) -> None:
    page = stage.page
    page.go(STAFFING)
    stage.until(lambda: page.staffing.table.records.rowCount() == 2)
    assert page.staffing.summary.text().startswith("2 个网格，0 个齐全")


def test_an_agent_looks_and_has_no_keeper_s_keys(qtbot, jobs, world) -> None:
    stage = stage_for(qtbot, jobs, world, Role.AGENT)
    open_row(stage, 11)
    page = stage.page
    assert not any(
        action.isVisible() for action in (page.add, page.edit, page.verified, page.life, page.visit)
    )
    assert page.reveal.isEnabled()
    assert page.browse.card.members == ()
