"""What others register comes into 居民与网格 by itself, and moves nothing under one's hands."""

from datetime import date

from sqlalchemy import delete

from console.domain.changes import Changed, Topic
from console.domain.registers.kinds import Register
from console.domain.registers.records import PAGE
from db.models import House, Person, SpecialGroupMember
from db.pinyin import initials_column
from db.search import name_pieces
from tests.registers.city import paper
from tests.views.test_registers_page import jobs, open_row, stage, stage_for  # noqa: F401

PEOPLE = Changed(frozenset({Topic.PEOPLE}))
MANY = PAGE * 2 + 50


def moved_in(world, first: int, number: int) -> None:
    with world.writing.begin() as session:
        for id_ in range(first, first + number):
            name = "吕远"
            session.add(Person(
                id=id_, name=name, initials=initials_column(name), name_pieces=name_pieces(name),
                id_number=paper(id_ % 499, date(1970 + id_ // 499, 5, 6)), sex="男", born_on=date(1980, 5, 6),
                phone=f"1990001{id_:04d}", home_address="宝丽小区3栋", grid_id=30, relation="", class_details={},
                religion="无",
            ))  # fmt: skip


def test_a_list_read_to_the_third_page_stays_there(stage, world) -> None:  # noqa: F811
    browse, table = stage.page.browse, stage.page.browse.table
    moved_in(world, 1000, MANY)
    browse.reload()
    stage.until(lambda: table.records.rowCount() == PAGE)
    for pages in (2, 3):
        browse.left._more(table.records.rows[-1].id)
        stage.until(lambda pages=pages: table.records.rowCount() > PAGE * (pages - 1))
    number = table.records.rowCount()
    assert table.select_id(1000 + PAGE * 2)
    table.scrollToBottom()
    place = table.verticalScrollBar().value()
    moved_in(world, 5000, 1)
    jobs_of(stage).changed.emit(PEOPLE)
    stage.until(lambda: f"{number + 1:,}" in browse.report.text())
    assert table.records.rowCount() >= number
    assert table.current.id == 1000 + PAGE * 2
    assert table.verticalScrollBar().value() >= place - table.rowHeight(0)


def jobs_of(stage):  # noqa: F811
    return stage.page.jobs


def test_while_something_is_typed_nothing_is_read_and_afterwards_all_is(stage, world) -> None:  # noqa: F811
    open_row(stage, 11)
    stage.press("F4")
    stage.until(lambda: stage.page.browse.at_form)
    form = stage.page.browse.form_view
    form._controls["relation"].setFocus()
    form._controls["relation"].insert("人")
    assert form.is_dirty
    before = stage.page.browse.report.text()
    moved_in(world, 1000, 1)
    jobs_of(stage).changed.emit(PEOPLE)
    stage.qtbot.wait(300)
    assert stage.page.browse.report.text() == before
    assert form._controls["relation"].text().endswith("人")
    stage.press("Escape")
    stage.until(lambda: stage.page.browse.report.text() != before)
    assert stage.errors == []


def test_a_building_is_shown_anew_and_one_stands_at_the_same_door(stage, world) -> None:  # noqa: F811
    page = stage.page
    page.go(Register.BUILDINGS)
    stage.until(lambda: page.browse.table.records.rowCount() == 1)
    open_row(stage, 1)
    stage.press("Ctrl+B")
    stage.until(lambda: page.browse.at_building)
    doors = page.browse.matrix.doors
    stage.press("Down")
    at = doors.room
    hidden = page.browse.table.isColumnHidden(2)
    with world.writing.begin() as session:
        session.get_one(House, at.id).hazard = "电线老化、楼道堆物"
    jobs_of(stage).changed.emit(PEOPLE)
    stage.until(lambda: doors.room.hazard == "电线老化、楼道堆物")
    assert doors.room.id == at.id
    assert page.browse.at_building
    assert hidden
    assert page.browse.table.isColumnHidden(2)


def test_the_card_in_sight_follows_and_the_tab_stays(stage, world) -> None:  # noqa: F811
    open_row(stage, 1)
    view = stage.page.browse.card_view
    view.tabs.setCurrentIndex(3)
    with world.writing.begin() as session:
        session.execute(delete(SpecialGroupMember).where(SpecialGroupMember.person_id == 1))
    jobs_of(stage).changed.emit(PEOPLE)
    stage.until(lambda: stage.page.browse.card.members == ())
    assert view.tabs.currentIndex() == 3
    assert view.stack.currentIndex() == 3
