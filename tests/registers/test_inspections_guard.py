"""Inspections, rosters and identity numbers against a bare SQL client with a keeper's own password."""

# ruff: noqa: E501 - statements as they are typed

import pytest
from sqlalchemy.exc import DBAPIError

from console.domain.roles import Role
from db.engine import Database
from tests.registers.city import COMMUNITY, OTHER_STREET, STREET, furnish
from tests.registers.test_guard import run

LEADER, WORKER, DESK = Role.GRID_LEADER, Role.GRID_WORKER, Role.STREET_DESK


@pytest.fixture
def city(guarded_world: Database) -> Database:
    furnish(guarded_world)
    return guarded_world


def noted(table: str, row_id: int, field: str) -> str:
    return (
        "INSERT INTO register_change (register, row_id, field, before, after, at, changed_by) "
        f"VALUES ('{table}', {row_id}, '{field}', '', 'x', now(), '别人 0000')"
    )


def inspection(**more: str) -> str:
    values = {
        "enterprise_id": "1", "at": "now()", "kind": "'日常检查'", "inspector": "'刘社'", "points": "''",
        "hazards": "'灭火器过期'", "rectify_by": "current_date + 3", "rectification": "''", "recheck": "''",
        "rechecked_by": "''", "recorded_by": "'别人 0000'", "version": "1",
    } | more  # fmt: skip
    return f"INSERT INTO inspection ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def duty(unit: int, day: str = "current_date") -> str:
    return (
        "INSERT INTO duty_roster (unit_id, on_day, shift, name, phone, rank, leads, version) "
        f"VALUES ({unit}, {day}, '全天', '周官', '19900000301', '', true, 1)"
    )


FOUND, PUT = noted("enterprise", 1, "inspection"), noted("enterprise", 1, "rectification")
PASSED = "UPDATE inspection SET recheck = 'passed', rectified_at = now(), rectification = '已换', rechecked_by = '别人 0000'"


def test_an_inspection_bears_its_writers_name_and_stays_as_it_was_found(city: Database) -> None:
    run(city, WORKER, inspection(), FOUND)
    assert run(city, WORKER, "SELECT recorded_by FROM inspection") == [("陈格 G301",)]
    for refused in (
        "UPDATE inspection SET hazards = ''",
        "UPDATE inspection SET inspector = '别人'",
        "UPDATE inspection SET at = now() - interval '1 year'",
        "DELETE FROM inspection",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            run(city, WORKER, refused, PUT)
    with pytest.raises(DBAPIError, match="a look at the place"):
        run(city, WORKER, "UPDATE inspection SET rectify_by = current_date + 300", PUT)
    with pytest.raises(DBAPIError, match="history"):
        run(city, WORKER, PASSED)
    run(city, WORKER, PASSED, PUT)
    assert run(city, WORKER, "SELECT recheck, rechecked_by FROM inspection") == [
        ("passed", "陈格 G301")
    ]
    with pytest.raises(DBAPIError, match="nothing is open"):
        run(city, WORKER, "UPDATE inspection SET recheck = 'failed'", PUT)


@pytest.mark.parametrize(
    ("role", "unit", "statements"),
    [
        (WORKER, None, (inspection(),)),
        (WORKER, None, (inspection(), noted("enterprise", 1, "name"))),
        (WORKER, None, (inspection(recheck="'passed'"), FOUND)),
        (WORKER, None, (inspection(rectify_by="NULL"), FOUND)),
        (WORKER, None, (inspection(at="now() + interval '1 day'"), FOUND)),
        (DESK, OTHER_STREET, (inspection(),)),
        (Role.AGENT, None, (inspection(),)),
        (Role.DISPATCHER, None, (inspection(),)),
        (Role.LIAISON, None, (inspection(),)),
        (WORKER, None, (duty(COMMUNITY),)),
        (Role.AGENT, None, (duty(STREET),)),
        (DESK, OTHER_STREET, (duty(STREET),)),
        (DESK, STREET, (duty(STREET),)),
        (DESK, STREET, (duty(STREET), noted("unit", COMMUNITY, "duty"))),
        (DESK, STREET, (duty(STREET, "current_date - 5"), noted("unit", STREET, "duty"))),
        (DESK, STREET, (noted("unit", STREET, "name"),)),
        (DESK, STREET, (noted("unit", OTHER_STREET, "duty"),)),
        (WORKER, None, (noted("unit", COMMUNITY, "duty"),)),
        (LEADER, None, ("UPDATE post_history SET ended_on = current_date",)),
        (LEADER, None, ("UPDATE person SET id_number = '990101198005060014' WHERE id = 11",)),
    ],
)  # fmt: skip
def test_refused(city: Database, role: Role, unit: int | None, statements: tuple[str, ...]) -> None:
    with pytest.raises(DBAPIError):
        run(city, role, *statements, unit_id=unit)


def test_another_branch_sees_no_inspection(city: Database) -> None:
    run(city, WORKER, inspection(), FOUND)
    count = "SELECT count(*) FROM inspection"
    assert run(city, DESK, count, unit_id=STREET) == [(1,)]
    assert run(city, DESK, count, unit_id=OTHER_STREET) == [(0,)]
    assert run(city, Role.AGENT, count) == [(1,)]
    assert run(city, DESK, PASSED, unit_id=OTHER_STREET) == [0]


def test_a_roster_is_kept_with_its_history_and_days_that_are_over_stay(city: Database) -> None:
    line = noted("unit", STREET, "duty")
    run(city, DESK, duty(STREET), line, unit_id=STREET)
    with pytest.raises(DBAPIError, match="history"):
        run(city, DESK, "UPDATE duty_roster SET name = '吴岗'", unit_id=STREET)
    with pytest.raises(DBAPIError, match="history"):
        run(city, DESK, "DELETE FROM duty_roster", unit_id=STREET)
    assert run(city, LEADER, "DELETE FROM duty_roster") == [0]
    with pytest.raises(DBAPIError, match="on record"):
        run(city, DESK, "UPDATE duty_roster SET on_day = current_date - 9", line, unit_id=STREET)
    with pytest.raises(DBAPIError):
        run(city, DESK, f"UPDATE duty_roster SET unit_id = {COMMUNITY}", line, unit_id=STREET)
    assert run(city, DESK, "DELETE FROM duty_roster", line, unit_id=STREET)
