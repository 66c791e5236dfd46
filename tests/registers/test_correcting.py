"""A wrong identity number put right."""

from datetime import date

import pytest
from sqlalchemy import select

from console.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from console.domain.registers.correcting import CorrectionForm
from console.domain.registers.kinds import Register
from console.domain.registers.life import Birth
from console.domain.registers.records import Query, Typed
from console.domain.roles import Role
from db.engine import Database
from db.models import AuditEntry, Person, RegisterChange
from tests.registers.city import desk, paper

RIGHT = paper(480, date(1981, 6, 7), female=True)
REASON = "登记时抄错，已核对身份证原件"


def correction(number: str = RIGHT, reason: str = REASON, version: int = 1, person: int = 11):
    return CorrectionForm(person, version, number, reason)


def test_gender_and_birth_follow_and_the_old_number_stays_masked(city: Database) -> None:
    own = desk(city)
    assert own.open(Register.PERSONS, 11).may_correct
    made = own.correcting.correct(correction(f" {RIGHT[:6]} {RIGHT[6:]} "))
    assert made.version == 2
    with city.reading() as session:
        row = session.get_one(Person, 11)
        assert (row.sex, row.born_on) == ("女", date(1981, 6, 7))
    assert own.reveal(Register.PERSONS, 11, "核对")["id_number"] == RIGHT
    history = {one.title: (one.before, one.after) for one in own.open(Register.PERSONS, 11).history}
    assert history["性别"] == ("男", "女")
    assert history["出生日期"] == ("1980-05-06", "1981-06-07")
    assert history["更正原因"] == ("", REASON)
    assert set(history) == {"身份证号", "性别", "出生日期", "更正原因"}
    assert all("*" in number for number in history["身份证号"])
    assert [row.id for row in own.find(Query(Register.PERSONS, RIGHT)).rows] == [11]
    assert own.find(Query(Register.PERSONS, paper(11))).rows == ()


@pytest.mark.unguarded
def test_it_is_in_the_audit_chain_without_a_number(city: Database) -> None:
    desk(city).correcting.correct(correction())
    with city.reading() as session:
        line = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        told = [f"{one.before} {one.after}" for one in session.scalars(select(RegisterChange))]
    assert (line.action, line.subject_kind, line.subject_key) == (
        "correct_identity",
        "person",
        "11",
    )
    assert line.reason == REASON
    for number in (RIGHT, paper(11)):
        assert number not in " ".join((*told, str(line.details), line.reason))


def test_somebody_elses_number_is_refused_and_he_is_named(city: Database) -> None:
    own = desk(city)
    number = paper(77)
    values = {"name": "许晴朗", "household_id": "H1", "residence_kind": "户籍", "id_number": number}
    first = own.saving.save(Typed(Register.PERSONS, None, 0, values)).ids[0]
    with pytest.raises(Invalid, match=r"已登记（许\*\*）") as met:
        own.correcting.correct(correction(number))
    assert met.value.field == "id_number"
    offered = own.compare(Register.PERSONS, {"id_number": number}, but=11)
    assert [(one.id, one.certain) for one in offered] == [(first, True)]
    with pytest.raises(Conflict, match="别的网格"):
        own.correcting.correct(correction(paper(12)))
    assert own.open(Register.PERSONS, 11).version == 1


@pytest.mark.parametrize(
    ("number", "reason", "field"),
    [
        (paper(11), REASON, "id_number"),
        (RIGHT[:-1] + ("1" if RIGHT[-1] != "1" else "2"), REASON, "id_number"),
        (RIGHT[:-1], REASON, "id_number"),
        ("99010119990230001X", REASON, "id_number"),
        ("P990000001", REASON, "id_number"),
        (RIGHT, " ", "reason"),
        (RIGHT, "长" * 201, "reason"),
    ],
)
def test_faults_stand_beside_their_fields(
    city: Database, number: str, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as met:
        desk(city).correcting.correct(correction(number, reason))
    assert met.value.field == field


def test_it_is_a_keepers_and_of_the_row_as_it_was_seen(city: Database) -> None:
    with pytest.raises(NotAllowed):
        desk(city, Role.AGENT).correcting.correct(correction())
    assert not desk(city, Role.AGENT).open(Register.PERSONS, 11).may_correct
    with pytest.raises(NotFound):
        desk(city).correcting.correct(correction(person=12))
    with pytest.raises(Conflict, match="刚被他人修改"):
        desk(city).correcting.correct(correction(version=9))


def test_a_birth_certificate_becomes_an_identity_number_in_the_form(city: Database) -> None:
    own = desk(city)
    day = date(2026, 1, 5)
    made = own.lives.born(Birth("H1", "叶新生", "P990000001", "女", day))
    assert not own.open(Register.PERSONS, made.ids[0]).may_correct
    with pytest.raises(Invalid, match="不是身份证号") as met:
        own.correcting.correct(correction(person=made.ids[0]))
    assert "F4" in met.value.hint
