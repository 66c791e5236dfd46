"""What a keeper's own password gets him with a bare SQL client on PostgreSQL: what the console gives, and no more."""

# ruff: noqa: E501 - statements as they are typed

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from console.domain.registers.kinds import Register
from console.domain.registers.records import Typed
from console.domain.roles import Role
from db.engine import Database
from tests.registers.city import ELDER, OTHER_STREET, STREET, WATCHED, desk, furnish, seat


@pytest.fixture
def city(guarded_world: Database) -> Database:
    furnish(guarded_world)
    return guarded_world


def run(city: Database, role: Role, *statements: str, unit_id: int | None = None) -> list:
    """All in one transaction of that person's own login; the rows of the last one that has any."""
    rows: list = []
    with seat(city, role, unit_id).db.writing.begin() as session:
        for statement in statements:
            result = session.execute(text(statement))
            rows = list(result) if result.returns_rows else [result.rowcount]
    return rows


def noted(table: str, row_id: int) -> str:
    return (
        "INSERT INTO register_change (register, row_id, field, before, after, at, changed_by) "
        f"VALUES ('{table}', {row_id}, 'relation', '', 'x', now() - interval '9 days', '别人 0000')"
    )


LEADER, WORKER = Role.GRID_LEADER, Role.GRID_WORKER


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (LEADER, "SELECT name FROM person"),
        (LEADER, "SELECT id_number FROM person"),
        (LEADER, "SELECT class_details FROM person"),
        (LEADER, "SELECT details FROM special_group_member"),
        (LEADER, "SELECT owner_phone FROM house"),
        (LEADER, "UPDATE person SET relation = name WHERE id = 11"),
        (LEADER, "DELETE FROM person WHERE id = 11"),
        (LEADER, "UPDATE register_change SET before = 'x'"),
        (LEADER, "DELETE FROM register_change"),
        (LEADER, "UPDATE visit SET condition = 'x'"),
        (LEADER, "DELETE FROM life_event"),
        (LEADER, "SELECT * FROM hotline.register_disclosure"),
        (Role.AGENT, "UPDATE person SET relation = 'x' WHERE id = 11"),
        (Role.AGENT, "INSERT INTO visit (member_id, at, visitor, met, condition, wants) VALUES (1, now(), 'x', true, '', '')"),
        (Role.LIAISON, "UPDATE house SET usage = 'x' WHERE id = 1"),
        (Role.DISPATCHER, "UPDATE enterprise SET employees = 1 WHERE id = 1"),
        (LEADER, "UPDATE staff SET phone = '110' WHERE id = 1"),
        (LEADER, "UPDATE unit SET name = 'x' WHERE id = 20"),
        (LEADER, "SELECT hotline.merge_details('person', 12, '{\"流入原因\": \"x\"}')"),
        (LEADER, "SELECT hotline.ask_register('person', 12, ARRAY['name'], '核对', 'x')"),
        (LEADER, "SELECT hotline.ask_register('person', 11, ARRAY['name'], ' ', 'x')"),
        (LEADER, "SELECT hotline.ask_register('account', 1, ARRAY['password_hash'], '核对', 'x')"),
        (LEADER, "SELECT hotline.ask_register('person', 11, ARRAY['password_hash'], '核对', 'x')"),
        (WORKER, f"SELECT hotline.ask_register('special_group_member', {WATCHED}, ARRAY['details'], '核对', 'x')"),
        (Role.CLERK, "SELECT hotline.ask_register('person', 11, ARRAY['name'], '核对', 'x')"),
        (WORKER, "INSERT INTO daily_task (staff_id, on_day, task, check_result) VALUES (2, current_date, 'x', '')"),
        (WORKER, f"INSERT INTO visit (member_id, at, visitor, met, condition, wants) VALUES ({WATCHED}, now(), 'x', true, '', '')"),
    ],
)  # fmt: skip
def test_refused(city: Database, role: Role, statement: str) -> None:
    with pytest.raises(DBAPIError):
        run(city, role, statement)


def test_another_branch_is_out_of_sight_and_reach(city: Database) -> None:
    other = Role.STREET_DESK
    assert run(city, other, "SELECT id FROM person", unit_id=OTHER_STREET) == [(12,)]
    assert run(
        city, other, "UPDATE person SET relation = 'x' WHERE id = 11", unit_id=OTHER_STREET
    ) == [0]
    with pytest.raises(DBAPIError):
        run(city, LEADER, noted("person", 11), "UPDATE person SET grid_id = 32 WHERE id = 11")
    with pytest.raises(DBAPIError):
        run(city, LEADER, noted("person", 12))


def test_nothing_changes_without_its_history(city: Database) -> None:
    change = "UPDATE person SET relation = '配偶' WHERE id = 11"
    with pytest.raises(DBAPIError, match="history"):
        run(city, LEADER, change)
    run(city, LEADER, change, noted("person", 11))
    by, ago = run(
        city, LEADER, "SELECT changed_by, now() - at < interval '1 minute' FROM register_change"
    )[0]
    assert (by, ago) == ("刘社 C201", True)


def test_a_restricted_class_is_seen_by_named_staff_and_stays_so(city: Database) -> None:
    seen = "SELECT id FROM special_group_member ORDER BY id"
    assert run(city, LEADER, seen) == [(ELDER,), (WATCHED,)]
    assert run(city, WORKER, seen) == [(ELDER,)]
    assert run(city, Role.STREET_DESK, seen, unit_id=STREET) == [(ELDER,)]
    assert (WATCHED,) not in run(city, Role.AGENT, seen)
    for change in ("restricted = false", "group_class = '残疾'", "person_id = 2"):
        with pytest.raises(DBAPIError):
            run(
                city,
                LEADER,
                noted("special_group_member", WATCHED),
                f"UPDATE special_group_member SET {change} WHERE id = {WATCHED}",
            )
    public = (
        "INSERT INTO special_group_member (person_id, group_class, restricted, risk_level, details, guardian, guardian_post, "
        "guardian_phone, registered_by, state, visit_interval_days, version) "
        "VALUES (1, '艾滋', false, 'normal', '{}', '', '', '', 'x', 'active', 90, 1)"
    )
    with pytest.raises(DBAPIError, match="restricted"):
        run(city, LEADER, public)


def test_the_history_of_a_restricted_row_is_hidden_with_it(city: Database) -> None:
    own = desk(city)
    version = own.open(Register.MEMBERS, WATCHED).version
    own.saving.save(Typed(Register.MEMBERS, WATCHED, version, {"risk_level": "高"}))
    seen = "SELECT count(*) FROM register_change WHERE register = 'special_group_member'"
    assert run(city, LEADER, seen)[0][0] > 0
    assert run(city, WORKER, seen) == [(0,)]


def test_asked_and_told_in_one_transaction_is_told_nothing(city: Database) -> None:
    with seat(city).db.writing() as session:
        asked = "SELECT hotline.ask_register('person', 11, ARRAY['name'], '核对', 'x')"
        line = session.scalar(text(asked))
        with pytest.raises(DBAPIError):
            session.execute(text(f"SELECT hotline.tell_register({line})"))
        session.rollback()
    line = run(city, LEADER, asked)[0][0]
    assert run(city, LEADER, f"SELECT hotline.tell_register({line})") == [(["郑远"],)]
    with pytest.raises(DBAPIError):
        run(city, Role.SUPERVISOR, f"SELECT hotline.tell_register({line})")
    # The other door does not open to this key.
    with pytest.raises(DBAPIError):
        run(city, LEADER, f"SELECT hotline.disclose({line})")


def test_the_hour_has_its_cap(city: Database) -> None:
    asked = "SELECT hotline.ask_register('person', 11, ARRAY['name'], '核对', 'x')"

    def go_on_asking() -> None:
        for _time in range(100):
            run(city, LEADER, asked)

    with pytest.raises(DBAPIError) as met:
        go_on_asking()
    assert met.value.orig.sqlstate == "HL002"


def test_nobody_checks_his_own_task(city: Database) -> None:
    made = desk(city).rounds.give([2], "检查")
    with pytest.raises(DBAPIError):
        run(
            city,
            WORKER,
            f"UPDATE daily_task SET checked_at = now(), check_result = '属实' WHERE id = {made.ids[0]}",
        )
    with pytest.raises(DBAPIError):
        run(city, WORKER, f"UPDATE daily_task SET task = '别的' WHERE id = {made.ids[0]}")
    run(city, WORKER, f"UPDATE daily_task SET done_at = now() WHERE id = {made.ids[0]}")


@pytest.mark.parametrize(
    ("role", "unit", "told"),
    [
        (LEADER, None, ["phone", "home_address"]), (WORKER, None, ["phone", "home_address"]),
        (Role.AGENT, None, None), (Role.STREET_DESK, OTHER_STREET, None), (Role.LIAISON, None, None),
    ],
)  # fmt: skip
def test_what_is_filled_is_told_to_who_keeps_the_row(city: Database, role, unit, told) -> None:
    """Never a value, never belief, health or special attributes."""
    wanted = "ARRAY['phone', 'home_address', 'former_name', 'religion', 'special_attributes', 'class_details.健康状况']"
    asked = f"SELECT hotline.filled_columns('person', 11, {wanted})"
    assert run(city, role, asked, unit_id=unit) == [(told,)]


@pytest.mark.parametrize(("role", "prefix", "told"), [
    (LEADER, "990101001001", "990101001001000007"), (LEADER, "990101002001", ""), (LEADER, "99", ""),
    (Role.AGENT, "990101001001", ""),
])  # fmt: skip
def test_the_last_number_is_told_of_ones_own_community(city: Database, role, prefix, told) -> None:
    typed = Typed(Register.HOUSEHOLDS, None, 0, {
        "address": "别处1号", "grid_id": "990101001001002", "number": "990101001001000007",
    })  # fmt: skip
    desk(city).saving.save(typed)
    assert run(city, role, f"SELECT hotline.last_household(30, '{prefix}', 6)") == [(told,)]
