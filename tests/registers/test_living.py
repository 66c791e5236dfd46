"""Life events, visits, tasks and patrols, staffing, the matrix: with their guards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed, NotFound
from console.domain.registers.kinds import Register
from console.domain.registers.life import Birth, LifeForm, LifeKind
from console.domain.registers.matrix import Occupancy
from console.domain.registers.records import Query, Typed
from console.domain.registers.rounds import PatrolForm
from console.domain.registers.visits import Due, VisitForm
from console.domain.roles import Role
from console.domain.worktime import civil_date
from db.engine import Database
from db.models import DailyTask, Household, LifeEvent, Patrol, Person, SpecialGroupMember, Visit
from tests.registers.city import ELDER, FAR, OTHER_STREET, STREET, WATCHED, desk, paper


def today(city: Database) -> date:
    return civil_date(datetime.now(UTC))


def event(kind: LifeKind, day: date | None, **more: object) -> LifeForm:
    return LifeForm(kind, 11, 1, day, **({"reason": "随子女居住"} | more))


def test_a_newborn_is_registered_with_its_birth_certificate(city: Database) -> None:
    own, day = desk(city), today(city) - timedelta(days=5)
    made = own.lives.born(Birth("H1", "叶新生", "P990000001", "女", day))
    card = own.open(Register.PERSONS, made.ids[0])
    assert [(one.kind, one.on_day) for one in card.life] == [(LifeKind.BIRTH, day)]
    assert {one.id for one in card.relatives if one.register is Register.PERSONS} == {1, 2}
    form = own.form(Register.PERSONS, made.ids[0])
    assert not next(one for one in form.fields if one.field.name == "id_number").fixed
    number = paper(300, day, female=True)
    own.saving.save(Typed(Register.PERSONS, made.ids[0], form.version, {"id_number": number}))
    assert own.reveal(Register.PERSONS, made.ids[0], "领证")["id_number"] == number
    fixed = {one.field.name for one in own.form(Register.PERSONS, made.ids[0]).fields if one.fixed}
    assert fixed == {"id_number", "sex", "born_on"}


def test_a_birth_needs_a_household_of_the_branch_and_a_paper(city: Database) -> None:
    lives, day = desk(city).lives, today(city)
    for birth, field in (
        (Birth("", "叶新生", "P990000001", "女", day), "household_id"),
        (Birth("H9", "叶新生", "P990000001", "女", day), "household_id"),
        (Birth("H1", "叶新生", "990000001", "女", day), "id_number"),
        (Birth("H1", "", "P990000001", "女", day), "name"),
        (Birth("H1", "叶新生", "P990000001", "", day), "sex"),
    ):
        with pytest.raises(Invalid) as met:
            lives.born(birth)
        fault = met.value.faults[0] if isinstance(met.value, InvalidForm) else met.value
        assert fault.field == field


def test_whoever_moves_out_leaves_house_and_lists(city: Database) -> None:
    own = desk(city)
    own.lives.happened(event(LifeKind.MOVE_OUT, today(city)))
    with city.reading() as session:
        row = session.get_one(Person, 11)
        assert (row.state, row.household_id, row.house_id) == ("moved", None, None)
        assert session.get_one(SpecialGroupMember, WATCHED).state == "closed"
        told = session.scalars(select(LifeEvent)).one()
        assert (told.kind, told.reason) == ("move_out", "随子女居住")
    assert own.find(Query(Register.PERSONS)).total == 2
    assert own.find(Query(Register.PERSONS, gone=True)).total == 3
    card = own.open(Register.PERSONS, 11)
    assert (card.state, card.offered) == ("已迁出", (LifeKind.MOVE_IN, LifeKind.DEATH))
    assert ("户号", "H2", "") in [(one.title, one.before, one.after) for one in card.history]


def test_whoever_comes_back_has_a_home_again(city: Database) -> None:
    own = desk(city)
    version = own.lives.happened(event(LifeKind.MOVE_OUT, today(city))).version
    with pytest.raises(Invalid, match="户号或网格"):
        own.lives.happened(replace(event(LifeKind.MOVE_IN, today(city)), version=version))
    own.lives.happened(
        replace(event(LifeKind.MOVE_IN, today(city), household="H1"), version=version)
    )
    with city.reading() as session:
        row = session.get_one(Person, 11)
        assert (row.state, row.household_id, row.house_id) == ("active", 1, 1)


def test_the_dead_stay_on_record_and_nothing_more_happens_to_them(city: Database) -> None:
    own = desk(city)
    version = own.lives.happened(event(LifeKind.DEATH, today(city), reason="因病")).version
    with city.reading() as session:
        assert session.get_one(Person, 11).household_id == 2
    with pytest.raises(NotAllowed, match="已死亡的人不能登记迁出"):
        own.lives.happened(replace(event(LifeKind.MOVE_OUT, today(city)), version=version))


@pytest.mark.parametrize(
    ("kind", "days", "reason", "field"),
    [
        (LifeKind.DEATH, None, "因病", "on_day"), (LifeKind.DEATH, 1, "因病", "on_day"),
        (LifeKind.DEATH, 0, "  ", "reason"), (LifeKind.MOVE_OUT, -20000, "迁往外地", "on_day"),
        (LifeKind.DEATH, 0, "因" * 301, "reason"),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_said(city: Database, kind, days, reason, field) -> None:
    day = None if days is None else today(city) + timedelta(days=days)
    with pytest.raises(Invalid) as met:
        desk(city).lives.happened(event(kind, day, reason=reason))
    assert met.value.field == field
    assert desk(city).open(Register.PERSONS, 11).version == 1


# --- visits


def visit(member_id: int, **more: object) -> VisitForm:
    return VisitForm(
        **({"member_id": member_id, "version": 1, "at": None, "condition": "在家，情况正常"} | more)
    )


def test_named_staff_see_restricted_classes_and_nobody_else(city: Database) -> None:
    assert [line.id for line in desk(city).visiting.due()] == [ELDER, WATCHED]
    assert [line.id for line in desk(city, Role.GRID_WORKER).visiting.due()] == [ELDER]
    assert desk(city, Role.STREET_DESK, STREET).find(Query(Register.MEMBERS)).total == 1
    assert desk(city, Role.AGENT).open(Register.PERSONS, 11).members == ()
    assert desk(city, Role.SUPERVISOR).find(Query(Register.MEMBERS)).total == 3
    with pytest.raises(NotFound):
        desk(city, Role.GRID_WORKER).open(Register.MEMBERS, WATCHED)
    with pytest.raises((NotFound, NotAllowed)):
        desk(city, Role.GRID_WORKER).visiting.visited(visit(WATCHED))
    with pytest.raises(NotFound):
        desk(city, Role.GRID_WORKER).reveal(Register.MEMBERS, WATCHED, "核对")
    assert desk(city).reveal(Register.MEMBERS, WATCHED, "核对")["details.诊断"] == "示例"


def test_due_lists_and_the_reminder_are_of_ones_own_grids(city: Database) -> None:
    leader = desk(city).visiting
    assert [line.id for line in leader.due(Due.OVERDUE)] == [ELDER]
    assert [line.words for line in leader.due(Due.SOON)] == ["还有2天"]
    assert leader.reminder().words == "1 人走访已逾期，1 人 7 天内应走访"
    assert desk(city, Role.GRID_WORKER).visiting.reminder().words == "1 人走访已逾期"
    assert [line.id for line in desk(city, Role.STREET_DESK, OTHER_STREET).visiting.due()] == [FAR]
    assert leader.due()[0].worker == "陈晓燕"


def test_a_visit_sets_the_next_one_by_the_citys_rule(city: Database) -> None:
    own, day = desk(city, Role.GRID_WORKER), today(city)
    own.visiting.visited(visit(ELDER, wants="希望帮忙联系 19900000444 修水管"))
    with city.reading() as session:
        row = session.get_one(SpecialGroupMember, ELDER)
        assert (row.next_visit_on, row.visit_interval_days) == (day + timedelta(days=7), 7)
        told = session.scalars(select(Visit)).one()
        assert told.visitor == "陈格"
        assert "19900000444" not in told.wants
        assert session.get_one(Person, 1).verified_on == day
        assert session.get_one(Household, 1).last_visit_on == day
    card = own.open(Register.PERSONS, 1)
    assert card.visits[0].condition == "在家，情况正常"
    assert card.members[0].due is Due.SOON


def test_nobody_met_is_no_visit(city: Database) -> None:
    own, day = desk(city, Role.GRID_WORKER), today(city)
    own.visiting.visited(visit(ELDER, met=False, condition=""))
    with city.reading() as session:
        assert session.get_one(SpecialGroupMember, ELDER).next_visit_on == day - timedelta(days=3)
        assert session.get_one(Person, 1).verified_on is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"condition": " "}, "condition"), ({"at": datetime.now(UTC) + timedelta(hours=2)}, "at"),
        ({"at": datetime.now(UTC) - timedelta(days=90)}, "at"), ({"wants": "要" * 1001}, "wants"),
    ],
)  # fmt: skip
def test_a_visit_that_cannot_be_is_refused(city: Database, more, field) -> None:
    with pytest.raises(Invalid) as met:
        desk(city, Role.GRID_WORKER).visiting.visited(visit(ELDER, **more))
    assert met.value.field == field


def test_two_visitors_do_not_overwrite_each_other(city: Database) -> None:
    desk(city, Role.GRID_WORKER).visiting.visited(visit(ELDER))
    with pytest.raises(Conflict):
        desk(city).visiting.visited(visit(ELDER))


def test_somebody_new_on_the_list_is_seen_soon(city: Database) -> None:
    own, day = desk(city), today(city)
    made = own.saving.save(Typed(Register.MEMBERS, None, 0, {
        "person_id": paper(11), "group_class": "独居老人", "risk_level": "高", "details.残疾类型": "",
    }))  # fmt: skip
    with city.reading() as session:
        row = session.get_one(SpecialGroupMember, made.ids[0])
        assert (row.next_visit_on, row.restricted) == (day + timedelta(days=1), False)
    with pytest.raises(Invalid, match="指定人员"):
        desk(city, Role.GRID_WORKER).saving.save(
            Typed(Register.MEMBERS, None, 0, {"person_id": paper(11), "group_class": "艾滋"})
        )


# --- staffing, matrix, rounds


def test_the_check_names_what_each_grid_lacks(city: Database) -> None:
    report = desk(city).staffing.check()
    gaps = {row.code: row.words for row in report.rows}
    assert gaps["990101001001001"] == "缺兼职网格员"
    assert gaps["990101001001002"] == "缺网格长、缺指导员、缺全科网格员、缺兼职网格员"
    assert report.rows[0].code == "990101001001002"
    assert report.words.startswith("2 个网格，0 个齐全；缺兼职网格员 2")


def test_the_matrix_shows_each_door_in_its_place(city: Database) -> None:
    matrix = desk(city).housing.matrix(1)
    assert (matrix.units, matrix.floors) == ((1, 2), (6, 5, 4, 3, 2, 1))
    rooms = {room.room: room for room in matrix.rooms}
    assert rooms["501"].words == "2单元5层501，自住，叶**户，2人，1名关怀对象"
    assert (rooms["101"].occupancy, rooms["101"].people) == (Occupancy.RENTED, 1)
    assert rooms["201"].words == "1单元2层201，空置，无人登记，隐患：电线老化"
    assert matrix.words == "3 套 · 3 人 · 自住 1 · 出租 1 · 空置 1"
    with pytest.raises(NotFound):
        desk(city, Role.STREET_DESK, OTHER_STREET).housing.matrix(1)


def test_tasks_are_given_done_and_checked_by_another(city: Database) -> None:
    leader, worker, agent = desk(city), desk(city, Role.GRID_WORKER), desk(city, Role.AGENT)
    made = leader.rounds.give([2], "沿街商铺消防检查")
    assert [line.task for line in worker.rounds.tasks()] == ["沿街商铺消防检查"]
    assert worker.visiting.reminder().tasks == 1
    worker.rounds.done(made.ids[0])
    with pytest.raises(NotAllowed):
        worker.rounds.checked(made.ids[0], "属实")
    with pytest.raises(Invalid, match="抽查结果"):
        agent.rounds.checked(made.ids[0], " ")
    agent.rounds.checked(made.ids[0], "已连线，检查 12 家商铺")
    line = leader.rounds.tasks()[0]
    assert (line.words, line.check_result, line.worker) == (
        "已完成",
        "已连线，检查 12 家商铺",
        "陈晓燕",
    )
    with pytest.raises(NotAllowed):
        worker.rounds.give([2], "别的任务")
    with pytest.raises(NotAllowed, match="管辖范围"):
        desk(city, Role.STREET_DESK, OTHER_STREET).rounds.give([2], "别的任务")
    assert desk(city, Role.STREET_DESK, OTHER_STREET).rounds.tasks() == ()


def test_overdue_visits_become_tasks_of_the_grids_worker_once(city: Database) -> None:
    leader = desk(city)
    assert leader.rounds.give_visits().note == "已派 1 项走访"
    assert leader.rounds.give_visits().note == "已派 0 项走访"
    assert [(line.worker, line.task) for line in leader.rounds.tasks()] == [
        ("陈晓燕", "走访独居老人叶**")
    ]


def test_a_patrol_keeps_what_was_found(city: Database) -> None:
    worker, now = desk(city, Role.GRID_WORKER), datetime.now(UTC)
    form = PatrolForm(
        30, "例行", now - timedelta(hours=2), now, 14, 3200, ("楼道堆物堵塞", "飞线充电"), "已劝导"
    )
    made = worker.rounds.patrolled(form, 2)
    line = worker.rounds.patrols()[0]
    assert (line.events_found, line.findings, line.number) == (
        2,
        "楼道堆物堵塞、飞线充电；已劝导",
        made.number,
    )
    assert worker.rounds.patrolled(form, 2).number.endswith("-2")
    for wrong, field in (
        ({"ended_at": now - timedelta(hours=3)}, "ended_at"), ({"kind": "散步"}, "kind"),
        ({"matters": ("外星人",)}, "matters"), ({"grid_id": 31}, "grid_id"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as met:
            worker.rounds.patrolled(replace(form, **wrong), 2)
        assert met.value.field == field
    with pytest.raises(NotAllowed):
        desk(city, Role.AGENT).rounds.patrolled(form, 2)
    with city.reading() as session:
        assert len(session.scalars(select(Patrol)).all()) == 2
        assert session.scalars(select(DailyTask)).all() == []


def test_workers_are_those_of_ones_own_grids_oneself_first(city: Database) -> None:
    found = desk(city, Role.GRID_WORKER).rounds.workers()
    assert found[0].name == "陈晓燕"
    assert found[0].grids == ((30, "清风社区第一网格"),)
    assert desk(city, Role.STREET_DESK, OTHER_STREET).rounds.workers() == ()
