"""Inspections, rectification, rosters and corrected numbers by keyboard, on real services and a real database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.domain.registers.duty import DutyForm
from console.domain.registers.inspections import InspectionForm
from console.domain.registers.kinds import Register
from console.domain.registers.records import Typed
from console.domain.registers.visits import Due
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.services.registers import Registers
from console.views.registers.correct_dialog import CorrectDialog
from console.views.registers.duty_dialog import DutyDialog
from console.views.registers.follow_up import DUTY, HAZARDS, FollowUp
from console.views.registers.inspection_dialogs import InspectionDialog, RectifyDialog
from db.models import DutyRoster, Inspection, Person, Unit
from tests.registers.city import COMMUNITY, paper
from tests.views.test_registers_page import back, dialog, jobs, open_row, stage, stage_for
from tests.world import seat_for

__all__ = ["jobs", "stage"]
FIRM = 1


def today() -> date:
    return civil_date(datetime.now(UTC))


def at_firm(stage) -> None:
    stage.page.go(Register.ENTERPRISES)
    browse = stage.page.browse
    stage.until(lambda: browse.table.records.find(FIRM) >= 0)
    open_row(stage, FIRM)
    stage.until(stage.page.follow_up.inspect.isEnabled)


def hazard(world, days: int, role: Role = Role.GRID_LEADER) -> None:
    at = datetime.now(UTC) - timedelta(days=20)
    form = InspectionForm(
        FIRM,
        "日常检查",
        at,
        "刘社",
        ("消火栓与灭火器",),
        "灭火器过期",
        today() + timedelta(days=days),
    )
    Registers(seat_for(world, role)).inspecting.record(form)


def seen(stage) -> str:
    return " ".join(one.text() for one in stage.page.browse.card_view.findChildren(QLabel))


def test_an_inspection_is_entered_from_the_firms_card(stage, world) -> None:
    at_firm(stage)
    stage.press("Ctrl+G")
    form = dialog(stage, InspectionDialog)
    assert form.inspector.currentText() == "刘社（本人）"
    form.accept_button.click()
    stage.until(lambda: form.fields["points"].has_error)
    assert not form.until.isEnabled()
    form.points.setFocus()
    QTest.keyClick(form.points, Qt.Key.Key_Right)
    QTest.keyClick(form.points, Qt.Key.Key_Space)
    form.hazards.setFocus()
    form.hazards.put("灭火器过期")
    assert form.until.isEnabled()
    form.deadline.quick.choose(3)
    assert form.deadline.value == today() + timedelta(days=3)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    tabs = stage.page.browse.card_view.tabs
    stage.until(lambda: tabs.tabText(3) == "检查 1")
    assert not tabs.isTabVisible(1)
    tabs.setCurrentIndex(3)
    stage.until(lambda: "隐患：灭火器过期" in seen(stage))
    assert "还有3天" in seen(stage)
    with world.reading() as session:
        row = session.query(Inspection).one()
        assert (row.points, row.inspector, row.staff_id) == ("消火栓与灭火器", "刘社", None)
    assert stage.errors == []


def test_somebody_elses_name_is_typed_or_chosen(stage, world) -> None:
    at_firm(stage)
    tabs = stage.page.browse.card_view.tabs
    for nth, (typed, name) in enumerate(
        ((None, "陈格"), ("区消防大队 李明", "区消防大队 李明")), 1
    ):
        back(stage)
        stage.press("Ctrl+G")
        form = dialog(stage, InspectionDialog)
        if typed is None:
            at = next(
                n for n in range(form.inspector.count()) if "网格员" in form.inspector.itemText(n)
            )
            form.inspector.setCurrentIndex(at)
            name = form.inspector.itemData(at).name
        else:
            form.inspector.setEditText(typed)
        form.points.item(0).setCheckState(Qt.CheckState.Checked)
        form.accept_button.click()
        stage.until(lambda n=nth: tabs.tabText(3) == f"检查 {n}")
        with world.reading() as session:
            row = session.query(Inspection).order_by(Inspection.id.desc()).first()
            assert row.inspector == name
            assert (row.staff_id is None) == (typed is not None)


def test_hazards_are_worked_off_in_their_list(stage, world) -> None:
    hazard(world, -3)
    page = stage.page
    page.go(HAZARDS)
    view = page.follow_up.hazards
    stage.until(lambda: view.table.records.rowCount() == 1)
    view.table.selectRow(0)
    stage.press("Ctrl+L")
    form = dialog(stage, RectifyDialog)
    form.passed.choose(False)
    assert form.until.isEnabled()
    form.accept_button.click()
    stage.until(lambda: form.fields["done"].has_error)
    form.told.put("只换了一具")
    form.accept_button.click()
    stage.until(lambda: view.table.records.rowCount() == 0)
    view.which.choose(Due.SOON)
    stage.until(lambda: view.table.records.rowCount() == 1)
    assert view.table.records.rows[0].recheck == "failed"
    view.table.selectRow(0)
    back(stage)
    view.table.setFocus()
    stage.press("Return")
    form = dialog(stage, RectifyDialog)
    form.told.put("已全部更换")
    form.accept_button.click()
    stage.until(lambda: view.table.records.rowCount() == 0)
    assert stage.errors == []


def test_a_worker_is_reminded_of_late_rectification(qtbot, jobs, world) -> None:
    offered: list[tuple] = []
    stage = stage_for(qtbot, jobs, world, Role.GRID_WORKER)
    hazard(world, -3)
    stage.page.step_offered.connect(lambda *told: offered.append(told))
    reminder = Registers(seat_for(world, Role.GRID_WORKER)).visiting.reminder()
    stage.page._reminded(reminder)
    assert "1 处隐患整改已逾期" in offered[-1][0]
    assert FollowUp.place_of(type(reminder)(hazards_overdue=1)) == HAZARDS
    stage.page.take_step(HAZARDS)
    stage.until(lambda: stage.page.follow_up.hazards.table.records.rowCount() == 1)


def test_a_week_of_duty_is_arranged_by_keys_and_copied(qtbot, jobs, world) -> None:
    with world.writing.begin() as session:
        session.get_one(Unit, COMMUNITY).leader = "周官"
        session.get_one(Unit, COMMUNITY).leader_phone = "19900000301"
    stage = stage_for(qtbot, jobs, world, Role.GRID_LEADER)
    page, duty = stage.page, stage.page.follow_up.duty
    page.go(DUTY)
    stage.until(lambda: duty.row is not None and duty.row.on_day == today())
    stage.press("Ctrl+N")
    form = dialog(stage, DutyDialog)
    assert form.name.itemText(0) == "周官（负责人）"
    form.name.setCurrentIndex(0)
    form.name.activated.emit(0)
    assert form.phone.text() == "19900000301"
    form.accept_button.click()
    stage.until(lambda: duty.row is not None and duty.row.line is not None)
    assert (duty.row.line.name, duty.row.line.leads) == ("周官", True)
    stage.until(lambda: duty.unit is not None and "周官" in duty.unit.today)
    back(stage)
    duty.table.setFocus()
    stage.press("F4")
    form = dialog(stage, DutyDialog)
    assert form.name.currentText() == "周官"
    form.shift.choose("白班")
    form.accept_button.click()
    stage.until(lambda: duty.row.line is not None and duty.row.line.shift == "白班")
    week = today() + timedelta(days=7)
    if week.month != today().month:
        stage.press("Alt+Right")
    stage.until(lambda: any(row.on_day == week for row in duty.table.records.rows))
    stage.until(lambda: duty._goto is None)
    at = next(n for n, row in enumerate(duty.table.records.rows) if row.on_day == week)
    duty.table.selectRow(at)
    back(stage)
    duty.table.setFocus()
    stage.until(page.follow_up.copy_week.isEnabled)
    stage.press("Ctrl+Shift+U")

    def days() -> list[date]:
        with world.reading() as session:
            return [row.on_day for row in session.query(DutyRoster).order_by(DutyRoster.on_day)]

    stage.until(lambda: days() == [today(), week])
    stage.until(lambda: duty.row is not None and duty.row.line is not None)
    stage.until(page.follow_up.remove_duty.isEnabled)
    stage.press("Ctrl+Shift+B")
    stage.until(lambda: days() == [today()])
    assert stage.errors == []


def test_the_units_card_leads_to_its_roster(qtbot, jobs, world) -> None:
    own = Registers(seat_for(world, Role.SUPERVISOR))
    own.duties.put(DutyForm(COMMUNITY, today(), "周官", "19900000301", rank="主任"))
    stage = stage_for(qtbot, jobs, world, Role.SUPERVISOR)
    page = stage.page
    page.go(Register.UNITS)
    stage.until(lambda: page.browse.table.records.find(COMMUNITY) >= 0)
    open_row(stage, COMMUNITY)
    stage.until(lambda: "带班 周官（主任） 19900000301" in seen(stage))
    page.go(DUTY)
    duty = page.follow_up.duty
    stage.until(lambda: duty.roster is not None and duty.roster.unit_id == COMMUNITY)
    stage.press("Alt+Right")
    first = (today().replace(day=28) + timedelta(days=4)).replace(day=1)
    stage.until(lambda: duty.roster.first == first)
    stage.press("Alt+Left")
    stage.until(lambda: duty.roster.first == today().replace(day=1))


def test_an_agent_reads_rosters_and_changes_none(qtbot, jobs, world) -> None:
    stage = stage_for(qtbot, jobs, world, Role.AGENT)
    page = stage.page
    page.go(DUTY)
    stage.until(lambda: page.follow_up.duty.row is not None)
    for action in (page.add, page.edit, page.follow_up.copy_week, page.follow_up.remove_duty):
        assert not action.isEnabled()


def test_a_wrong_number_is_put_right_and_its_owner_told_at_once(stage, world) -> None:
    open_row(stage, 11)
    stage.until(stage.page.follow_up.correct.isEnabled)
    stage.press("Shift+F4")
    form = dialog(stage, CorrectDialog)
    assert "男　1980-05-06" in form.says.text()
    right = paper(480, date(1981, 6, 7), female=True)
    form.number.setFocus()
    QTest.keyClicks(form.number, right)
    assert form.says.text() == "更正后：女　1981-06-07"
    form.accept_button.click()
    stage.until(lambda: form.fields["reason"].has_error)
    form.reason.put("登记时抄错，已核对原件")
    form.accept_button.click()
    stage.until(lambda: stage.page.browse.card.version == 2)
    with world.reading() as session:
        assert session.get_one(Person, 11).sex == "女"
    assert {one.title for one in stage.page.browse.card.history} >= {"身份证号", "更正原因"}
    assert stage.errors == []


def test_a_number_that_is_somebody_elses_leads_to_him(stage, world) -> None:
    own = Registers(seat_for(world, Role.GRID_LEADER))
    values = {
        "name": "许晴朗",
        "household_id": "H1",
        "residence_kind": "户籍",
        "id_number": paper(77),
    }
    other = own.saving.save(Typed(Register.PERSONS, None, 0, values)).ids[0]
    open_row(stage, 11)
    stage.until(stage.page.follow_up.correct.isEnabled)
    stage.press("Shift+F4")
    form = dialog(stage, CorrectDialog)
    QTest.keyClicks(form.number, paper(77))
    stage.until(form.other.isVisible)
    assert "许**" in form.other.text()
    form.reason.put("登记时抄错，已核对原件")
    form.accept_button.click()
    stage.until(lambda: form.fields["id_number"].has_error)
    form.other.click()
    stage.until(lambda: stage.page.browse.card is not None and stage.page.browse.card.id == other)


@pytest.mark.parametrize("role", [Role.SUPERVISOR])
def test_a_career_stands_on_the_staff_card(qtbot, jobs, world, role: Role) -> None:
    stage = stage_for(qtbot, jobs, world, role)
    own = Registers(seat_for(world, role))
    version = own.form(Register.STAFF, 2).version
    own.saving.save(Typed(Register.STAFF, 2, version, {"post": "网格长"}))
    page = stage.page
    page.go(Register.STAFF)
    stage.until(lambda: page.browse.table.records.find(2) >= 0)
    open_row(stage, 2)
    tabs = page.browse.card_view.tabs
    stage.until(lambda: tabs.tabText(1) == "任职 1")
    assert not tabs.isTabVisible(3)
    tabs.setCurrentIndex(1)
    assert f"{today()} 至今" in seen(stage)
