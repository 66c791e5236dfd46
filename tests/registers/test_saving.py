"""A row typed in, compared, changed: masked, on record, and nobody's change is lost."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed, NotFound
from console.domain.registers.freshness import Freshness, FreshnessRules
from console.domain.registers.kinds import Register
from console.domain.registers.records import Query, Typed
from console.domain.roles import Role
from console.domain.rules import Rules
from console.ledger import contacts
from console.services.registers import Registers
from db.engine import Database
from db.models import Enterprise, Household, Person, RegisterChange
from tests.registers.city import OTHER_STREET, STREET, desk, paper, seat

NEW = {
    "name": "许晴朗",
    "phone": "199 0000 0088",
    "household_id": "H1",
    "relation": "子女",
    "residence_kind": "户籍",
    "class_details.流入原因": "务工",
}


def person(values: dict[str, str], row_id: int | None = None, version: int = 0) -> Typed:
    return Typed(Register.PERSONS, row_id, version, values)


def test_a_list_shows_masks_and_freshness_of_ones_own_branch(city: Database) -> None:
    found = desk(city).find(Query(Register.PERSONS))
    assert [row.title for row in found.rows] == ["叶**", "王*", "郑*"]
    assert [row.checked.freshness for row in found.rows] == [
        Freshness.NEVER,
        Freshness.NEVER,
        Freshness.AGEING,
    ]
    assert [row.overdue for row in found.rows] == [1, 0, 0]
    assert found.report.words == "将过期 1 · 未核实 2（66.7% 超过 180 天或从未核实）"
    assert desk(city, Role.STREET_DESK, OTHER_STREET).find(Query(Register.PERSONS)).total == 1
    assert desk(city, Role.SUPERVISOR).find(Query(Register.PERSONS)).total == 4


def test_how_long_a_row_is_fresh_is_the_citys_own(city: Database) -> None:
    """List, footer, filter and card alike; 郑 was verified a hundred days ago."""
    sitting = seat(city)
    pack = replace(sitting.rules.pack, registers=FreshnessRules(30, 60))
    own = Registers(replace(sitting, rules=Rules(pack, sitting.rules.calendar)))
    found = own.find(Query(Register.PERSONS))
    assert [row.checked.freshness for row in found.rows][2] is Freshness.STALE
    assert found.report.words == "已过期 1 · 未核实 2（100.0% 超过 60 天或从未核实）"
    assert own.find(Query(Register.PERSONS, freshness=Freshness.AGEING)).total == 0
    assert [
        row.id for row in own.find(Query(Register.PERSONS, freshness=Freshness.STALE)).rows
    ] == [11]
    assert own.open(Register.PERSONS, 11).checked.freshness is Freshness.STALE


@pytest.mark.parametrize("words", ["叶长青", "ycq", "19900001234", "1234", "宝丽小区3栋2单元501"])
def test_people_are_found_by_whatever_is_said(city: Database, words: str) -> None:
    assert "叶**" in [row.title for row in desk(city).find(Query(Register.PERSONS, words)).rows]


def test_an_identity_number_finds_its_person_and_nobody_else(city: Database) -> None:
    rows = desk(city, Role.SUPERVISOR).find(Query(Register.PERSONS, paper(11))).rows
    assert [row.id for row in rows] == [11]


def test_every_register_is_listed_and_opened(city: Database) -> None:
    own = desk(city, Role.SUPERVISOR)
    for register in Register:
        found = own.find(Query(register))
        assert found.rows, register
        card = own.open(register, found.rows[0].id)
        assert card.title
        assert card.facts
        assert own.form(register, found.rows[0].id).fields


def test_a_card_gives_nothing_away(city: Database) -> None:
    card = desk(city).open(Register.PERSONS, 11)
    told = " ".join(fact.shown for fact in card.facts) + card.title + card.subtitle
    assert "郑远" not in told
    assert paper(11) not in told
    assert "1990000" not in told
    assert {"name", "id_number", "phone", "religion"} <= set(card.private)


def test_a_new_person_takes_home_and_grid_from_the_household(city: Database) -> None:
    own = desk(city)
    made = own.saving.save(person(NEW | {"id_number": paper(77, date(2001, 2, 3), True)}))
    with city.reading() as session:
        row = session.get_one(Person, made.ids[0])
        assert (row.name_masked, row.sex, row.born_on) == ("许**", "女", date(2001, 2, 3))
        assert (row.household_id, row.house_id, row.grid_id) == (1, 1, 30)
        assert row.phone_end == "0088"
    found = own.find(Query(Register.PERSONS, "19900000088"))
    assert [one.id for one in found.rows] == [made.ids[0]]
    assert own.reveal(Register.PERSONS, made.ids[0], "核对")["class_details.流入原因"] == "务工"
    history = own.open(Register.PERSONS, made.ids[0]).history
    assert [(one.title, one.after) for one in history] == [("登记", "新登记")]


def test_what_is_not_typed_stays_and_what_is_leaves_a_masked_line(city: Database) -> None:
    own = desk(city)
    form = own.form(Register.PERSONS, 11)
    shown = {one.field.name: one for one in form.fields}
    assert (shown["name"].value, shown["name"].shown) == ("", "郑*")
    assert shown["id_number"].fixed
    typed = {
        "name": "",
        "phone": "19900000999",
        "relation": "户主",
        "education": "大专",
        "class_details.健康状况": "良好",
    }
    own.saving.save(person(typed, 11, form.version))
    full = own.reveal(Register.PERSONS, 11, "核对改动")
    assert (full["name"], full["phone"], full["education"]) == ("郑远", "19900000999", "大专")
    assert full["class_details.健康状况"] == "良好"
    lines = {one.title: (one.before, one.after) for one in own.open(Register.PERSONS, 11).history}
    assert lines["联系电话"] == ("199****0011", "199****0999")
    assert lines["文化程度"] == ("***", "***")
    assert "姓名" not in lines
    assert all(
        one.by == own.open(Register.PERSONS, 11).history[0].by
        for one in own.open(Register.PERSONS, 11).history
    )


def test_a_detail_is_changed_beside_the_others(city: Database) -> None:
    own = desk(city)
    for key, value in (("流入原因", "务工"), ("健康状况", "良好"), ("流入原因", "无")):
        version = own.form(Register.PERSONS, 11).version
        own.saving.save(person({f"class_details.{key}": value}, 11, version))
    full = own.reveal(Register.PERSONS, 11, "核对")
    assert (full["class_details.流入原因"], full["class_details.健康状况"]) == ("", "良好")


def test_somebody_elses_change_is_not_overwritten(city: Database) -> None:
    own, other = desk(city), desk(city, Role.SUPERVISOR)
    form = own.form(Register.PERSONS, 11)
    other.saving.save(person({"relation": "配偶"}, 11, form.version))
    with pytest.raises(Conflict, match="刚被他人修改") as met:
        own.saving.save(person({"relation": "子女"}, 11, form.version))
    assert met.value.version == form.version + 1


def test_a_known_identity_number_is_told_beside_the_field(city: Database) -> None:
    own = desk(city)
    matches = own.compare(Register.PERSONS, {"id_number": paper(11), "phone": "19900001234"})
    assert [(one.id, one.certain) for one in matches] == [(11, True), (1, False), (2, False)]
    with pytest.raises(Invalid, match=r"已登记（郑\*）") as met:
        own.saving.save(person(NEW | {"id_number": paper(11)}))
    assert met.value.field == "id_number"


def test_one_registered_in_another_branch_is_said_without_saying_where(city: Database) -> None:
    assert desk(city).compare(Register.PERSONS, {"id_number": paper(12)}) == ()
    with pytest.raises((Conflict, Invalid), match=r"已登记|已经登记"):
        desk(city).saving.save(person(NEW | {"id_number": paper(12)}))


def test_faults_stand_beside_their_fields_and_nothing_is_written(city: Database) -> None:
    own = desk(city)
    with pytest.raises(InvalidForm) as met:
        own.saving.save(person({"id_number": paper(5)[:-1] + "Z", "phone": "12", "name": ""}))
    assert {fault.field for fault in met.value.faults} == {
        "name",
        "id_number",
        "phone",
        "residence_kind",
    }
    with pytest.raises(Invalid, match="性别与身份证号不符"):
        own.saving.save(person(NEW | {"id_number": paper(5), "sex": "女"}))
    with pytest.raises(Invalid, match="网格") as met2:
        own.saving.save(person(NEW | {"id_number": paper(5), "household_id": ""}))
    assert met2.value.field == "grid_id"
    with pytest.raises(Invalid, match="不在您的管辖范围内"):
        own.saving.save(
            person(NEW | {"id_number": paper(5), "household_id": "", "grid_id": "990101002001001"})
        )
    assert own.find(Query(Register.PERSONS)).total == 3


@pytest.mark.parametrize(
    ("role", "unit"), [(Role.AGENT, None), (Role.DISPATCHER, None), (Role.LIAISON, None)]
)
def test_who_does_not_keep_registers_writes_none(
    city: Database, role: Role, unit: int | None
) -> None:
    with pytest.raises(NotAllowed, match="不能修改居民登记"):
        desk(city, role, unit).saving.save(person({"relation": "子女"}, 11, 1))


def test_another_branch_is_not_there(city: Database) -> None:
    with pytest.raises(NotFound):
        desk(city).open(Register.PERSONS, 12)
    with pytest.raises(NotFound):
        desk(city).saving.save(person({"relation": "子女"}, 12, 1))
    with pytest.raises(NotFound):
        desk(city).reveal(Register.PERSONS, 12, "核对")


def test_revealing_is_on_record_and_needs_a_reason(city: Database) -> None:
    own = desk(city)
    with pytest.raises(Invalid, match="理由"):
        own.reveal(Register.PERSONS, 11, " ")
    assert own.reveal(Register.PERSONS, 11, "上门核对")["id_number"] == paper(11)
    with city.reading() as session:
        from db.models import AuditEntry

        line = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (line.action, line.subject_kind, line.subject_key, line.reason) == (
        "reveal",
        "person",
        "11",
        "上门核对",
    )
    assert "id_number" in line.details["fields"]


def test_a_firm_is_known_by_its_code_telephone_name_and_place(city: Database) -> None:
    own = desk(city)
    typed = {"uscc": "9135 0100 M000 100Y 43", "name": "另一家"}
    assert own.compare(Register.ENTERPRISES, typed)[0].certain
    with pytest.raises(Invalid, match="信用代码已登记"):
        own.saving.save(
            Typed(
                Register.ENTERPRISES,
                None,
                0,
                typed | {"address": "宝丽西街1号", "grid_id": "990101001001001"},
            )
        )
    for told in (
        {"phone": "19900000077"},
        {"name": "示范市清风早餐店"},
        {"address": "宝丽西街105号"},
    ):
        assert [one.id for one in own.compare(Register.ENTERPRISES, told)] == [1]
    assert own.compare(Register.ENTERPRISES, typed, but=1) == ()
    card = own.open(Register.ENTERPRISES, 1)
    own.saving.save(
        Typed(
            Register.ENTERPRISES,
            1,
            card.version,
            {"employees": "12", "beds": "", "manager": "胡一"},
        )
    )
    with city.reading() as session:
        assert session.get_one(Enterprise, 1).employees == 12


def test_a_house_lies_within_its_building(city: Database) -> None:
    own = desk(city)
    values = {
        "estate": "宝丽小区",
        "number": "3",
        "unit_no": "2",
        "floor": "3",
        "room": "301",
        "grid_id": "990101001001001",
    }
    made = own.saving.save(
        Typed(Register.HOUSES, None, 0, values | {"owner": "叶长青", "usage": "出租"})
    )
    card = own.open(Register.HOUSES, made.ids[0])
    assert card.title == "宝丽小区3栋2单元301"
    assert "叶**" in [fact.shown for fact in card.facts]
    for wrong, field in (
        ({"unit_no": "9"}, "unit_no"),
        ({"floor": "60"}, "floor"),
        ({"number": "8"}, "number"),
    ):
        with pytest.raises(Invalid) as met:
            own.saving.save(Typed(Register.HOUSES, None, 0, values | {"room": "302"} | wrong))
        assert met.value.field == field
    with pytest.raises(Invalid, match="早于出租起"):
        own.saving.save(
            Typed(
                Register.HOUSES,
                made.ids[0],
                1,
                {"rented_from": "2026-5-1", "rented_to": "2026-4-1"},
            )
        )


def test_a_new_building_brings_its_estate(city: Database) -> None:
    own = desk(city)
    values = {
        "estate": "清风里",
        "number": "1",
        "grid_id": "清风社区第一网格",
        "units": "3",
        "floors_above": "11",
        "property_phone": "19900000066",
    }
    made = own.saving.save(Typed(Register.BUILDINGS, None, 0, values))
    matrix = own.housing.matrix(made.ids[0])
    assert (matrix.name, matrix.units, len(matrix.floors)) == ("清风里1栋", (1, 2, 3), 11)
    assert (
        own.reveal(Register.BUILDINGS, made.ids[0], "核对物业")["property_phone"] == "19900000066"
    )


def test_a_household_is_found_by_who_lives_there(city: Database) -> None:
    own = desk(city)
    assert [row.title for row in own.find(Query(Register.HOUSEHOLDS, "郑远")).rows] == ["郑*户"]
    made = own.saving.save(Typed(Register.HOUSEHOLDS, None, 0, {
        "number": "H3", "address": "宝丽小区3栋1单元201", "grid_id": "990101001001001", "low_income": "是",
    }))  # fmt: skip
    with city.reading() as session:
        row = session.get_one(Household, made.ids[0])
        assert (row.house_id, row.low_income, row.place) == (3, True, "宝丽小区3栋***")


def test_looked_at_today_is_a_change_on_record(city: Database) -> None:
    own = desk(city)
    card = own.open(Register.PERSONS, 11)
    own.saving.verify(Register.PERSONS, 11, card.version)
    now = own.open(Register.PERSONS, 11)
    assert now.checked.words == "今天核实"
    assert now.history[0].title == "核实日期"
    assert own.saving.verify(Register.PERSONS, 11, now.version).version == now.version


def test_staff_change_posts_and_grids_with_their_history(city: Database) -> None:
    own = desk(city, Role.SUPERVISOR)
    card = own.open(Register.STAFF, 2)
    own.saving.save(Typed(Register.STAFF, 2, card.version, {
        "post": "网格长", "grids": "990101001001001、990101001001002", "unit_id": "990101001001001",
    }))  # fmt: skip
    report = {row.code: row for row in own.staffing.check().rows}
    assert report["990101001001001"].gaps == ("网格长多1人", "缺全科网格员", "缺兼职网格员")
    assert report["990101001001002"].counts[0] == 1
    assert "负责网格" in [one.title for one in own.open(Register.STAFF, 2).history]
    with pytest.raises(NotAllowed):
        desk(city).saving.save(Typed(Register.STAFF, 2, card.version + 1, {"post": "网格长"}))


@pytest.mark.unguarded
def test_the_history_holds_no_full_value(city: Database) -> None:
    own = desk(city)
    own.saving.save(person(NEW | {"id_number": paper(78)}))
    own.saving.save(
        person(
            {"phone": "19900000555", "name": "郑远远", "home_address": "宝丽小区5栋1单元909"}, 11, 1
        )
    )
    with city.reading() as session:
        told = " ".join(
            f"{row.before} {row.after}" for row in session.scalars(select(RegisterChange))
        )
        key = contacts.key_of(session, seat(city), "19900000555")
        assert session.scalar(select(Person.id).where(Person.phone_key == key)) == 11
    for secret in ("19900000555", "郑远", "909", paper(78)):
        assert secret not in told


def test_a_form_of_nothing_typed_changes_nothing(city: Database) -> None:
    own = desk(city, Role.STREET_DESK, STREET)
    form = own.form(Register.PERSONS, 11)
    typed = {one.field.name: one.value for one in form.fields}
    saved = own.saving.save(person(typed, 11, form.version))
    assert saved.version == form.version
    assert replace(own.form(Register.PERSONS, 11), version=0) == replace(form, version=0)
