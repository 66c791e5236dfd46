"""What a form knows by itself: grids and houses while typing, numbers given, what follows from house and household."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from console.domain.errors import Invalid, InvalidForm, NotFound
from console.domain.registers.kinds import Register
from console.domain.registers.records import Query, Typed
from console.domain.roles import Role
from db.engine import Database
from db.models import Household
from tests.registers.city import OTHER_STREET, desk, paper

FIRST_GRID, SECOND_GRID, FAR_GRID = "990101001001001", "990101001001002", "990101002001001"
HOUSE = "宝丽小区3栋1单元201"


def home(**values: str) -> Typed:
    return Typed(Register.HOUSEHOLDS, None, 0, {"address": HOUSE, "grid_id": FIRST_GRID} | values)


def number_of(city: Database, row_id: int) -> str:
    with city.reading() as session:
        return session.get_one(Household, row_id).number


@pytest.mark.parametrize("words", ["第二网格", "qfsqdewg", SECOND_GRID, "QFSQDE"])
def test_a_grid_is_found_by_name_initials_and_code(city: Database, words: str) -> None:
    assert [one.code for one in desk(city).filling.grids(words)] == [SECOND_GRID]


def test_only_grids_of_the_branch_are_offered(city: Database) -> None:
    assert [one.code for one in desk(city).filling.grids()] == [FIRST_GRID, SECOND_GRID]
    assert [one.code for one in desk(city, Role.GRID_WORKER).filling.grids()] == [FIRST_GRID]
    assert desk(city).filling.grids(FAR_GRID) == ()


def test_a_grid_typed_by_its_initials_is_taken(city: Database) -> None:
    saved = desk(city).saving.save(home(grid_id="qfsqdewg")).ids[0]
    card = desk(city).open(Register.HOUSEHOLDS, saved)
    assert (
        next(f.shown for f in card.facts if f.name == "grid_id")
        == f"清风社区第二网格（{SECOND_GRID}）"
    )


def test_houses_are_offered_by_pieces_of_their_address(city: Database) -> None:
    assert [one.address for one in desk(city).filling.houses("宝丽 201")] == [HOUSE]
    assert desk(city, Role.STREET_DESK, OTHER_STREET).filling.houses("宝丽 201") == ()
    assert desk(city).filling.houses("宝") == ()


def test_numbers_of_households_are_given_one_after_the_other(city: Database) -> None:
    own = desk(city)
    proposed = own.filling.fill(Register.HOUSEHOLDS, {"grid_id": FIRST_GRID})
    assert proposed["number"].value == "990101001001000001"
    first = own.saving.save(home()).ids[0]
    # The other grid of the community counts on; the worker of one grid sees only his own households.
    second = own.saving.save(home(grid_id=SECOND_GRID)).ids[0]
    third = desk(city, Role.GRID_WORKER).saving.save(home()).ids[0]
    assert [number_of(city, one) for one in (first, second, third)] == [
        "990101001001000001", "990101001001000002", "990101001001000003",
    ]  # fmt: skip
    own.saving.save(home(number="990101001001000099"))
    assert (
        own.filling.fill(Register.HOUSEHOLDS, {"grid_id": FIRST_GRID})["number"].value
        == "990101001001000100"
    )
    # A number of one's own stays as typed, and one that is taken is refused as ever.
    assert number_of(city, own.saving.save(home(number="H88")).ids[0]) == "H88"


def test_two_at_once_are_given_two_numbers(city: Database) -> None:
    own = desk(city), desk(city, Role.GRID_WORKER), desk(city, Role.SUPERVISOR)
    with ThreadPoolExecutor(3) as pool:
        saved = [done.ids[0] for done in pool.map(lambda one: one.saving.save(home()), own)]
    assert len({number_of(city, one) for one in saved}) == 3


def test_the_grid_follows_from_address_household_or_the_only_one(city: Database) -> None:
    fill = desk(city).filling.fill
    assert fill(Register.HOUSEHOLDS, {"address": HOUSE})["grid_id"].label == "清风社区第一网格"
    assert "grid_id" not in fill(Register.HOUSEHOLDS, {"address": "别处1号"})
    only = desk(city, Role.GRID_WORKER).filling.fill(Register.ENTERPRISES, {"address": "别处1号"})
    assert (only["grid_id"].value, only["grid_id"].why) == (FIRST_GRID, "只有这一个网格")
    joined = fill(Register.PERSONS, {"household_id": "H2"})
    assert joined["home_address"].value == "宝丽小区3栋1单元101"
    assert joined["grid_id"].value == FIRST_GRID
    assert "relation" not in joined
    assert fill(Register.PERSONS, {"household_id": "H9"}) == {}


def test_a_member_begins_with_the_household(city: Database) -> None:
    own = desk(city)
    form = own.form(Register.PERSONS, None, (Register.HOUSEHOLDS, 2))
    known = {one.field.name: one.value for one in form.fields if one.value}
    assert known.pop("verified_on")
    assert known == {
        "household_id": "H2", "home_address": "宝丽小区3栋1单元101", "grid_id": FIRST_GRID, "residence_kind": "户籍",
    }  # fmt: skip
    empty = own.saving.save(home()).ids[0]
    fields = own.form(Register.PERSONS, None, (Register.HOUSEHOLDS, empty)).fields
    assert next(one.value for one in fields if one.field.name == "relation") == "户主"
    with pytest.raises(NotFound):
        own.form(Register.PERSONS, None, (Register.HOUSEHOLDS, 9))


def test_what_is_asked_at_the_door_comes_first(city: Database) -> None:
    names = [one.field.name for one in desk(city).form(Register.PERSONS).fields]
    assert names[:9] == [
        "name", "id_number", "sex", "born_on", "phone", "home_address", "grid_id", "household_id", "relation",
    ]  # fmt: skip
    assert len(names) == len(set(names)) > 30


def test_a_newcomer_is_of_some_kind_and_nobody_is_on_the_line(city: Database) -> None:
    values = {"name": "许晴朗", "id_number": paper(40), "household_id": "H2", "phone": "12"}
    with pytest.raises(InvalidForm) as told:
        desk(city).saving.save(Typed(Register.PERSONS, None, 0, values))
    faults = {fault.field: fault for fault in told.value.faults}
    assert faults["residence_kind"].text == "请填写人员属性"
    assert faults["phone"].hint == "请与本人核对后重填"


def test_empty_is_told_from_hidden_to_who_keeps_it(city: Database) -> None:
    own = desk(city)
    shown = {fact.name: fact.shown for fact in own.open(Register.PERSONS, 11).facts}
    assert (shown["former_name"], shown["workplace"], shown["class_details.流入原因"]) == (
        "—",
        "—",
        "—",
    )
    # Default of every row, and what would mark him out by being there at all.
    assert (shown["ethnicity"], shown["religion"], shown["special_attributes"]) == (
        "***",
        "***",
        "***",
    )
    version = own.open(Register.PERSONS, 11).version
    own.saving.save(
        Typed(
            Register.PERSONS, 11, version, {"workplace": "示范厂", "class_details.流入原因": "务工"}
        )
    )
    shown = {fact.name: fact.shown for fact in own.open(Register.PERSONS, 11).facts}
    assert (shown["workplace"], shown["class_details.流入原因"]) == ("***", "***")
    assert shown["class_details.健康状况"] == "***"
    told = {
        fact.shown
        for fact in desk(city, Role.AGENT).open(Register.PERSONS, 11).facts
        if fact.private
    }
    assert "—" not in told


def test_a_household_at_the_address_is_offered_with_its_head(city: Database) -> None:
    found = desk(city).compare(Register.PERSONS, {"home_address": "宝丽小区3栋1单元101"})
    assert [(one.title, one.household) for one in found] == [("郑*户（H2）", "H2")]


def test_a_household_without_any_grid_is_refused_beside_the_field(city: Database) -> None:
    with pytest.raises(InvalidForm) as told:
        desk(city).saving.save(Typed(Register.HOUSEHOLDS, None, 0, {"address": HOUSE}))
    assert [fault.field for fault in told.value.faults] == ["grid_id"]
    with pytest.raises(Invalid, match="管辖范围"):
        desk(city).saving.save(home(grid_id=FAR_GRID))


def test_a_row_just_saved_stands_first_whatever_is_asked(city: Database) -> None:
    rows = desk(city).find(Query(Register.PERSONS, "叶长青", first=11)).rows
    assert [row.id for row in rows] == [11, 1]
    assert [
        row.id for row in desk(city).find(Query(Register.PERSONS, "叶长青", first=12)).rows
    ] == [1]


def test_a_number_of_a_household_is_called_that_and_a_part_has_no_report_of_the_whole(
    city: Database,
) -> None:
    own = desk(city)
    number = own.filling.fill(Register.HOUSEHOLDS, {"grid_id": FIRST_GRID})["number"].value
    own.saving.save(home())
    found = own.find(Query(Register.HOUSEHOLDS, number))
    assert (found.meant, found.total, found.report) == ("户号", 1, None)
    assert own.find(Query(Register.HOUSEHOLDS)).report is not None
    assert [row.tag for row in own.find(Query(Register.HOUSEHOLDS)).rows] == ["家庭户"] * 3


def test_a_household_is_found_by_where_it_lives_or_a_part_of_its_number(city: Database) -> None:
    def found(words: str, *who) -> list[tuple[str, str]]:
        return [(one.number, one.head) for one in desk(city, *who).filling.households(words)]

    assert found("宝丽 101") == [("H2", "郑*")]
    assert found("H2") == [("H2", "郑*")]
    assert found("宝丽 101", Role.STREET_DESK, OTHER_STREET) == []
    assert found("宝") == []
    desk(city).saving.save(home(number="990101001001000099"))
    assert found("00099") == [("990101001001000099", "")]
    # A name would take a turn at every key.
    assert found("郑远") == []
