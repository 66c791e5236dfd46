"""Who moves out or dies leaves nobody behind unnoticed; a visit that met nobody is not called one."""

from datetime import date
from pathlib import Path

import pytest

from console.domain.errors import Invalid
from console.domain.registers.kinds import Register
from console.domain.registers.life import LifeForm, LifeKind
from console.domain.registers.records import Typed
from console.domain.registers.visits import VisitForm
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.services.exporting import Exporting
from db.engine import Database
from db.models import Person
from tests.registers.city import ELDER, FAR, STREET, desk, paper, seat

HEAD = 11


def today(city: Database) -> date:
    with city.reading() as session:
        return civil_date(seat(city).now(session))


def child(city: Database) -> int:
    values = {
        "name": "郑小远", "id_number": paper(60, date(2015, 3, 4)), "household_id": "H2", "relation": "子",
        "residence_kind": "户籍",
    }  # fmt: skip
    return desk(city).saving.save(Typed(Register.PERSONS, None, 0, values)).ids[0]


def leaves(city: Database, kind: LifeKind, together: bool = False, day: date | None = None) -> str:
    version = desk(city).open(Register.PERSONS, HEAD).version
    form = LifeForm(kind, HEAD, version, day or today(city), "随子女居住", together=together)
    return desk(city).lives.happened(form).note


def state(city: Database, row_id: int) -> tuple[str, int | None]:
    with city.reading() as session:
        row = session.get_one(Person, row_id)
        return row.state, row.household_id


def test_a_head_who_leaves_alone_is_told_of(city: Database) -> None:
    other = child(city)
    said = leaves(city, LifeKind.MOVE_OUT)
    assert said == "已登记 郑* 迁出；原户还有 1 人，没有户主了，请改其中一人的“与户主关系”"
    assert (state(city, HEAD), state(city, other)) == (("moved", None), ("active", 2))


def test_all_at_home_move_out_together(city: Database) -> None:
    other = child(city)
    assert leaves(city, LifeKind.MOVE_OUT, together=True) == "已登记 郑* 迁出，同户 1 人一并迁出"
    assert (state(city, HEAD), state(city, other)) == (("moved", None), ("moved", None))
    card = desk(city).open(Register.PERSONS, other)
    assert [(one.kind, one.reason) for one in card.life] == [(LifeKind.MOVE_OUT, "随子女居住")]
    assert "状态" in [one.title for one in card.history]


def test_nobody_moves_when_one_of_them_cannot(city: Database) -> None:
    other = child(city)
    with pytest.raises(Invalid, match="早于出生日期"):
        leaves(city, LifeKind.MOVE_OUT, together=True, day=date(2012, 1, 1))
    assert (state(city, HEAD), state(city, other)) == (("active", 2), ("active", 2))


def test_nobody_dies_together(city: Database) -> None:
    other = child(city)
    assert "没有户主了" in leaves(city, LifeKind.DEATH, together=True)
    assert state(city, other) == ("active", 2)


def test_who_lives_alone_just_leaves(city: Database) -> None:
    assert leaves(city, LifeKind.MOVE_OUT) == "已登记 郑* 迁出"


def test_who_moved_out_is_in_no_export_of_residents(city: Database, tmp_path: Path) -> None:
    exporting = Exporting(seat(city, Role.STREET_DESK, STREET))
    before = exporting.export("persons", tmp_path / "a.csv").path.read_text("utf-8-sig")
    leaves(city, LifeKind.MOVE_OUT)
    after = exporting.export("persons", tmp_path / "b.csv").path.read_text("utf-8-sig")
    assert ("郑*" in before, "郑*" in after) == (True, False)


@pytest.mark.parametrize("met", [True, False])
def test_a_visit_says_whether_there_was_one(city: Database, met: bool) -> None:
    own = desk(city, Role.SUPERVISOR)
    member = ELDER if met else FAR
    version = own.open(Register.MEMBERS, member).version
    told = own.visiting.visited(
        VisitForm(member, version, None, met, "在家" if met else "敲门无人", "")
    )
    if met:
        assert told.note.startswith("已登记走访，下次走访 20")
    else:
        assert told.note.startswith("没见到本人，仍在走访名单上（")
