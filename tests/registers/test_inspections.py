"""Enterprises inspected, hazards followed up, reminded of, on record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from console.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from console.domain.registers.inspections import InspectionForm, Recheck, RectifyForm
from console.domain.registers.kinds import Register
from console.domain.registers.visits import Due
from console.domain.roles import Role
from console.domain.worktime import civil_date
from db.engine import Database
from db.models import Inspection
from tests.registers.city import OTHER_STREET, desk

FIRM = 1


def today(city: Database) -> date:
    return civil_date(datetime.now(UTC))


def found(city: Database, days: int = 7, **more: object) -> InspectionForm:
    form = InspectionForm(
        FIRM, "专项检查", None, "刘社", ("消火栓与灭火器",), "后厨灭火器过期，联系 19900000077",
        today(city) + timedelta(days=days),
    )  # fmt: skip
    return replace(form, **more)


def again(line: object, passed: bool, **more: object) -> RectifyForm:
    form = RectifyForm(line.id, line.version, None, "已换 2 具，压力正常", passed)  # type: ignore[attr-defined]
    return replace(form, **more)


def test_hazards_stand_on_the_card_until_a_recheck_passed(city: Database) -> None:
    own = desk(city, Role.GRID_WORKER)
    own.inspecting.record(found(city))
    own.inspecting.record(found(city, hazards="", rectify_by=None))
    card = own.open(Register.ENTERPRISES, FIRM)
    assert [(one.is_open, one.words) for one in card.inspections] == [
        (True, "还有7天"),
        (False, "未发现隐患"),
    ]
    line = card.inspections[0]
    assert (line.hazards, line.points) == (
        "后厨灭火器过期，联系 199****0077",
        "消火栓与灭火器",
    )
    later = today(city) + timedelta(days=3)
    own.inspecting.rectify(again(line, False, next_by=later, done="只换了一具"))
    line = own.inspecting.due()[0]
    assert (line.recheck, line.rectify_by, line.words) == (Recheck.FAILED, later, "还有3天")
    own.inspecting.rectify(again(line, True))
    assert own.inspecting.due() == ()
    told = [(one.title, one.after) for one in own.open(Register.ENTERPRISES, FIRM).history]
    assert [title for title, _after in told] == ["整改", "整改", "检查", "检查"]
    assert told[0][1].endswith("复查通过：已换 2 具，压力正常")
    assert "只换了一具" in told[1][1]


def test_what_is_late_leads_the_list_and_is_reminded_of(city: Database) -> None:
    own = desk(city, Role.GRID_WORKER)
    week_ago = datetime.now(UTC) - timedelta(days=9)
    own.inspecting.record(found(city, days=20))
    own.inspecting.record(found(city, days=-2, at=week_ago))
    own.inspecting.record(found(city, days=0))
    assert [one.due for one in own.inspecting.due()] == [Due.OVERDUE, Due.SOON, Due.AHEAD]
    assert [one.words for one in own.inspecting.due(Due.OVERDUE)] == ["逾期2天"]
    assert [one.worker for one in own.inspecting.due(Due.SOON)] == ["陈晓燕"]
    reminder = own.visiting.reminder()
    assert (reminder.hazards_overdue, reminder.hazards_soon, reminder.hazards_ahead) == (1, 1, 1)
    assert "1 处隐患整改已逾期，1 处隐患 7 天内应整改" in reminder.words
    assert desk(city, Role.STREET_DESK, OTHER_STREET).visiting.reminder().hazards_overdue == 0


def test_open_hazards_come_before_newer_inspections(city: Database) -> None:
    own = desk(city)
    own.inspecting.record(found(city, at=datetime.now(UTC) - timedelta(days=3)))
    own.inspecting.record(found(city, hazards="", rectify_by=None))
    assert [one.is_open for one in own.open(Register.ENTERPRISES, FIRM).inspections] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "随便看看"}, "kind"),
        ({"inspector": " "}, "inspector"),
        ({"points": ()}, "points"),
        ({"points": ("星座",)}, "points"),
        ({"rectify_by": None}, "rectify_by"),
        ({"rectify_by": date(2020, 1, 1)}, "rectify_by"),
        ({"rectify_by": date(2099, 1, 1)}, "rectify_by"),
        ({"hazards": "长" * 1001}, "hazards"),
        ({"at": datetime(2099, 1, 1, tzinfo=UTC)}, "at"),
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "at"),
        ({"staff_id": 99_999}, "inspector"),
    ],
)
def test_faults_stand_beside_their_fields(
    city: Database, more: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as met:
        desk(city).inspecting.record(found(city, **more))
    assert met.value.field == field
    with city.reading() as session:
        assert session.scalars(select(Inspection)).all() == []


def test_a_recheck_says_what_was_seen_and_a_failed_one_when_next(city: Database) -> None:
    own = desk(city)
    own.inspecting.record(found(city))
    line = own.inspecting.due()[0]
    for form, field in (
        (again(line, True, done=" "), "done"),
        (again(line, False), "next_by"),
        (again(line, False, next_by=today(city) - timedelta(days=1)), "next_by"),
        (again(line, True, at=line.at - timedelta(hours=2)), "at"),
    ):
        with pytest.raises(Invalid) as met:
            own.inspecting.rectify(form)
        assert met.value.field == field
    own.inspecting.rectify(again(line, True))
    with pytest.raises(Conflict, match="刚被他人"):
        own.inspecting.rectify(again(line, True))
    with pytest.raises(Invalid, match="没有待整改"):
        own.inspecting.rectify(again(line, True, version=line.version + 1))


def test_who_inspects_is_named(city: Database) -> None:
    own = desk(city)
    people = own.inspecting.inspectors(FIRM)
    assert (people[0].name, people[0].staff_id) == ("刘社", None)
    other = next(one for one in people if one.staff_id == 2)
    own.inspecting.record(found(city, staff_id=other.staff_id, inspector=other.name))
    own.inspecting.record(found(city, inspector="区消防大队 李明"))
    assert {one.inspector for one in own.inspecting.due()} == {other.name, "区消防大队 李明"}
    with city.reading() as session:
        assert {one.recorded_by for one in session.scalars(select(Inspection))} == {"刘社 C201"}


def test_only_keepers_of_the_branch_inspect(city: Database) -> None:
    with pytest.raises(NotAllowed):
        desk(city, Role.AGENT).inspecting.record(found(city))
    other = desk(city, Role.STREET_DESK, OTHER_STREET)
    with pytest.raises(NotFound):
        other.inspecting.record(found(city))
    with pytest.raises(NotFound):
        other.inspecting.inspectors(FIRM)
    own = desk(city)
    own.inspecting.record(found(city))
    line = own.inspecting.due()[0]
    with pytest.raises(NotFound):
        other.inspecting.rectify(again(line, True))
    assert other.inspecting.due() == ()
    assert len(desk(city, Role.AGENT).inspecting.due()) == 1
