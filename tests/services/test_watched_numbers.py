"""关注号码: kept as keys by auditors alone, every look at them marked, every change of the list on record."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from console.domain.auditing import Question, Unusual
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.registers.kinds import Register
from console.domain.roles import Role
from console.ledger.contacts import key_of
from console.services.auditing import Auditing
from console.services.auditing.watching import Watching
from console.services.paper import preview
from console.services.registers import Registers
from db.models import AuditEntry, WatchedNumber
from tests.registers.city import furnish, paper
from tests.services.test_auditing import PHONE, look, matter
from tests.world import seat_for


def watching(db, role: Role = Role.INSPECTOR) -> Watching:
    return Watching(seat_for(db, role))


def marked(db) -> list[tuple[str, str]]:
    seen = Auditing(seat_for(db, Role.INSPECTOR), preview).search(Question()).seen
    return [(one.who, one.action) for one in seen if Unusual.WATCHED in one.unusual]


def test_a_look_at_a_watched_number_is_marked_and_others_are_not(world) -> None:
    watched, other = matter(world), matter(world, "19900005678")
    look(world, watched.id)
    look(world, other.id)
    assert marked(world) == []
    watching(world).watch(f"+86 {PHONE}", "本市公众人物")
    assert [action for _who, action in marked(world)] == ["reveal"]


def test_a_resident_is_watched_by_his_identity_number_as_well(world) -> None:
    furnish(world)
    Registers(seat_for(world, Role.GRID_LEADER)).reveal(Register.PERSONS, 11, "核对户口")
    assert marked(world) == []
    watching(world).watch(paper(11), "被跟踪者")
    assert [action for _who, action in marked(world)] == ["reveal"]


def test_the_list_holds_keys_and_masks_and_no_number(world) -> None:
    desk = watching(world)
    desk.watch(PHONE, "本市公众人物")
    seat = seat_for(world, Role.INSPECTOR)
    with seat.db.reading() as session:
        row = session.scalars(select(WatchedNumber)).one()
        assert row.key == key_of(session, seat, PHONE)
        assert PHONE not in (row.key, row.shown, row.why)
    shown = watching(world, Role.SUPERVISOR).numbers()
    assert [(one.shown, one.why, one.added_by) for one in shown] == [
        ("199****1234", "本市公众人物", "督察 I001")
    ]


def test_putting_on_and_taking_off_is_on_record_once(world) -> None:
    desk = watching(world)
    row_id = desk.watch(PHONE, "本市公众人物").ids[0]
    watching(world, Role.SUPERVISOR).unwatch(row_id)
    assert desk.numbers() == ()
    with pytest.raises(NotFound):
        desk.unwatch(row_id)
    with world.reading() as session:
        query = (
            select(AuditEntry).where(AuditEntry.subject_kind == "watched").order_by(AuditEntry.id)
        )
        found = [
            (row.action, row.actor_name, row.subject_key, row.reason)
            for row in session.scalars(query)
        ]
    assert [line[0] for line in found] == ["watch", "unwatch"]
    assert found[0][1:] == ("督察 I001", "199****1234", "本市公众人物")


@pytest.mark.parametrize(
    ("number", "why", "field"),
    [("1990000", "x", "number"), ("", "x", "number"), (PHONE, " ", "why"), ("990101198005060220", "x", "number")],
)  # fmt: skip
def test_half_a_number_or_no_reason_is_refused(world, number: str, why: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        watching(world).watch(number, why)
    assert caught.value.field == field


def test_a_number_is_on_the_list_once(world) -> None:
    watching(world).watch(PHONE, "本市公众人物")
    with pytest.raises(Invalid, match="已经在名单里"):
        watching(world, Role.SUPERVISOR).watch(PHONE, "再加一次")


@pytest.mark.parametrize("role", [Role.AGENT, Role.DISPATCHER, Role.GRID_LEADER, Role.ADMIN])
def test_nobody_else_knows_who_is_watched(world, role: Role) -> None:
    desk = watching(world, role)
    for ask in (desk.numbers, lambda: desk.watch(PHONE, "x"), lambda: desk.unwatch(1)):
        with pytest.raises(NotAllowed):
            ask()


def test_with_a_bare_client_neither(guarded_world) -> None:
    """On PostgreSQL with one's own password: no reading, and no change without its line in the audit."""
    watching(guarded_world).watch(PHONE, "本市公众人物")
    for role, statement in (
        (Role.AGENT, "SELECT key FROM watched_number"),
        (Role.DISPATCHER, "DELETE FROM watched_number"),
        (Role.INSPECTOR, "UPDATE watched_number SET why = 'x'"),
        (
            Role.INSPECTOR,
            "INSERT INTO watched_number (key, shown, why, added_at, added_by, account_id) "
            "VALUES ('19900001234', 'x', 'x', now(), 'x', 1)",
        ),
    ):
        with pytest.raises(DBAPIError), seat_for(guarded_world, role).db.writing.begin() as session:
            session.execute(text(statement))
    with seat_for(guarded_world, Role.INSPECTOR).db.writing.begin() as session:
        session.execute(text("DELETE FROM watched_number"))
    with guarded_world.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject_kind == "watched")
        assert sorted(session.scalars(query)) == ["unwatch", "watch"]
