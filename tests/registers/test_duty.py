"""值班表: a unit's month, its leaders in turn, copied week by week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from console.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from console.domain.registers.duty import DutyForm, monday_of
from console.domain.registers.kinds import Register
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.services.registers import Registers
from db.engine import Database
from db.models import DutyRoster, RegisterChange, Staff, Unit
from tests.registers.city import COMMUNITY, OTHER_STREET, STREET, desk
from tests.services.intake_desk import desk as intake_desk


def today() -> date:
    return civil_date(datetime.now(UTC))


def turn(days: int = 0, **more: object) -> DutyForm:
    form = DutyForm(STREET, today() + timedelta(days=days), "周官", "199 0000 0301", rank="副主任")
    return replace(form, **more)


def keeper(city: Database) -> Registers:
    return desk(city, Role.STREET_DESK, STREET)


def test_whoever_is_on_duty_today_stands_on_the_units_card(city: Database) -> None:
    own = keeper(city)
    own.duties.put(turn())
    own.duties.put(turn(name="吴岗", phone="19900000302", rank="", leads=False, shift="夜班"))
    card = desk(city, Role.AGENT).open(Register.UNITS, STREET)
    duty = next(fact.shown for fact in card.facts if fact.name == "duty")
    assert duty == "带班 周官（副主任） 19900000301；值班 吴岗（夜班） 19900000302"
    assert [one.title for one in card.history] == ["值班", "值班"]
    assert "19900000301" not in " ".join(one.after for one in card.history)
    units = {one.id: one for one in own.duties.units()}
    assert units[STREET].today == duty
    assert units[STREET].missing == 6
    assert units[COMMUNITY].today == ""


def test_a_month_shows_the_days_nobody_has(city: Database) -> None:
    own = keeper(city)
    own.duties.put(turn())
    own.duties.put(turn(name="吴岗", phone="19900000302", leads=False))
    roster = own.duties.month(STREET)
    assert len({row.on_day for row in roster.rows}) >= 28
    named = [row.line.name for row in roster.rows if row.line]
    assert named == ["周官", "吴岗"]
    later = own.duties.month(STREET, today() + timedelta(days=62))
    assert later.empty_days == len(later.rows)
    assert later.may_edit
    assert not desk(city, Role.AGENT).duties.month(STREET).may_edit


def test_a_swap_is_a_change_on_record(city: Database) -> None:
    own = keeper(city)
    own.duties.put(turn(1))
    line = next(
        row.line for row in own.duties.month(STREET, today() + timedelta(1)).rows if row.line
    )
    own.duties.put(turn(1, name="吴岗", id=line.id, version=line.version))
    with pytest.raises(Conflict):
        own.duties.put(turn(1, name="何岗", id=line.id, version=line.version))
    own.duties.remove(line.id, line.version + 1)
    with pytest.raises(NotFound):
        own.duties.remove(line.id, line.version + 1)
    day = f"{today() + timedelta(1)}"
    told = [(one.before, one.after) for one in own.open(Register.UNITS, STREET).history]
    assert told == [(f"{day} 吴岗", ""), (f"{day} 周官", f"{day} 吴岗"), ("", f"{day} 周官")]


def test_last_week_is_copied_onto_days_nobody_has(city: Database) -> None:
    own, monday = keeper(city), monday_of(today()) + timedelta(days=7)
    with pytest.raises(Invalid, match="上一周没有排班"):
        own.duties.copy_week(STREET, monday)
    for at, name in enumerate(("周官", "吴岗", "何岗")):
        own.duties.put(turn(on_day=monday + timedelta(at), name=name))
    following = monday + timedelta(days=7)
    own.duties.put(turn(on_day=following, name="冯岗"))
    made = own.duties.copy_week(STREET, following + timedelta(days=4))
    assert made.note == "照抄上周，排了 2 天"
    with city.reading() as session:
        rows = session.scalars(select(DutyRoster).where(DutyRoster.on_day >= following))
        assert {(row.on_day, row.name) for row in rows} == {
            (following, "冯岗"),
            (following + timedelta(1), "吴岗"),
            (following + timedelta(2), "何岗"),
        }
    with pytest.raises(Invalid, match="都已有人"):
        own.duties.copy_week(STREET, following)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"shift": "中班"}, "shift"),
        ({"on_day": date(2020, 1, 1)}, "on_day"),
        ({"on_day": date(2099, 1, 1)}, "on_day"),
        ({"rank": "长" * 30}, "rank"),
    ],
)
def test_faults_stand_beside_their_fields(
    city: Database, more: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as met:
        keeper(city).duties.put(turn(**more))
    assert met.value.field == field


def test_nobody_is_put_on_one_shift_twice(city: Database) -> None:
    own = keeper(city)
    own.duties.put(turn(shift="白班"))
    own.duties.put(turn(shift="夜班"))
    for shift in ("白班", "全天"):
        with pytest.raises(Invalid, match="这天已排"):
            own.duties.put(turn(shift=shift))


def test_a_roster_is_kept_in_ones_own_branch(city: Database) -> None:
    other = desk(city, Role.STREET_DESK, OTHER_STREET)
    for refused in (
        lambda: other.duties.put(turn()),
        lambda: other.duties.month(STREET),
        lambda: other.duties.copy_week(STREET, today()),
        lambda: other.duties.candidates(STREET),
    ):
        with pytest.raises(NotFound):
            refused()
    for role in (Role.AGENT, Role.GRID_WORKER):
        with pytest.raises(NotAllowed, match="不能排值班"):
            desk(city, role).duties.put(turn(unit_id=COMMUNITY))
    desk(city).duties.put(turn(unit_id=COMMUNITY))
    assert [one.id for one in desk(city).duties.units()] == [COMMUNITY]
    desk(city, Role.SUPERVISOR).duties.put(turn(unit_id=OTHER_STREET))
    with city.reading() as session:
        rows = session.scalars(select(RegisterChange.row_id).where(RegisterChange.field == "duty"))
        assert set(rows) == {COMMUNITY, OTHER_STREET}


def test_people_of_the_unit_and_its_head_are_offered(city: Database) -> None:
    with city.writing.begin() as session:
        session.get_one(Unit, STREET).leader = "周官"
        session.get_one(Unit, STREET).leader_phone = "19900000301"
        session.get_one(Staff, 2).unit_id = STREET
    told = [(one.staff_id, one.name) for one in keeper(city).duties.candidates(STREET)]
    assert told == [(None, "周官"), (2, "陈晓燕")]


def test_the_grid_card_at_intake_names_who_is_on_duty(city: Database) -> None:
    keeper(city).duties.put(turn())
    desk(city).duties.put(turn(unit_id=COMMUNITY, name="何岗", phone="19900000303", rank="主任"))
    answer = intake_desk(city).place("宝丽西街105号", None)
    assert answer.owner is not None
    street, community = answer.owner.roster.splitlines()
    # Masked like the grid's own staff; the number to call stands in the unit's card.
    assert street.endswith("带班 周*（副主任） 199****0301")
    assert community == "清风社区 带班 何*（主任） 199****0303"
    chosen = intake_desk(city).grid(answer.owner.grid_id, "")
    assert chosen is not None
    assert chosen.roster == answer.owner.roster
    assert intake_desk(city).place("火星大道1号", None).owner is None
