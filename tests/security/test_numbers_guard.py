"""Ticket numbers under guard: leased in turn, in one's own name, and only those are used (peers 6.13)."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from console.domain.numbering import ticket_number
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.ledger.numbers import BLOCK
from console.services.intake import Intake
from db.engine import Database
from db.models import NumberLease, Ticket
from tests.journeys import open_ticket
from tests.security.test_attacks import AGENT, SUPERVISOR, owner, psql
from tests.world import seat_for

LEASE = """insert into number_lease (kind, day, channel, workstation, account_id, low, high, leased_at)
    values ('ticket', %s, '01', 'WS', 2, %s, %s, now())"""
TODAY = f"{civil_date(datetime.now(UTC)):%Y%m%d}"


@pytest.fixture
def city(guarded_world: Database) -> Database:
    return guarded_world


def register(city: Database, role: Role = Role.AGENT, **changes: str) -> int:
    """A work order made through that person's own login."""
    return open_ticket(seat_for(city, role).db, role, **changes)


def number_of(city: Database, ticket_id: int) -> str:
    with city.reading() as session:
        return session.get_one(Ticket, ticket_id).number


def test_a_work_order_is_numbered_from_the_operators_own_lease(city: Database) -> None:
    number = number_of(city, register(city))
    with city.reading() as session:
        lease = session.scalars(select(NumberLease)).one()
        assert (lease.account_id, lease.workstation) == (1, "WS-TEST")
        assert number[:10] == lease.day + lease.channel
        assert lease.low <= int(number[10:16]) <= lease.high


def test_a_number_taken_while_cut_off_is_accepted_afterwards(city: Database) -> None:
    number = Intake(seat_for(city, Role.AGENT)).take_number()
    assert number_of(city, register(city, number=number)) == number


def test_who_leases_is_written_by_the_database(city: Database) -> None:
    with psql(city, AGENT) as raw:
        raw.execute(LEASE, (TODAY, 1, 20))
    with owner(city) as raw:
        assert raw.execute(
            "select account_id, leased_at <= now() from number_lease"
        ).fetchall() == [(1, True)]


@pytest.mark.parametrize(
    ("day", "low", "high", "refusal"),
    [
        (TODAY, 1, 20_000, errors.InsufficientPrivilege),
        (TODAY, 1, 0, errors.InsufficientPrivilege),
        (TODAY, 2, 20, errors.UniqueViolation),
        (TODAY, -5, 20, errors.UniqueViolation),
        ("20200101", 1, 20, errors.InsufficientPrivilege),
        (
            f"{civil_date(datetime.now(UTC) + timedelta(days=3)):%Y%m%d}",
            1,
            20,
            errors.InsufficientPrivilege,
        ),
    ],
)
def test_no_block_out_of_turn(
    city: Database, day: str, low: int, high: int, refusal: type[psycopg.Error]
) -> None:
    with psql(city, AGENT) as raw, pytest.raises(refusal):
        raw.execute(LEASE, (day, low, high))


@pytest.mark.parametrize(
    "attack",
    [
        "update number_lease set high = 900000",
        "update number_lease set account_id = 1",
        "delete from number_lease",
        "truncate number_lease",
    ],
)
def test_a_lease_stands(city: Database, attack: str) -> None:
    with psql(city, AGENT) as raw:
        raw.execute(LEASE, (TODAY, 1, 20))
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(attack)


@pytest.mark.parametrize("sequence", [1, BLOCK + 1, 999_999])
def test_a_number_nobody_leased_is_refused(city: Database, sequence: int) -> None:
    number = ticket_number(civil_date(datetime.now(UTC)), "01", sequence)
    with pytest.raises(DBAPIError, match="not leased to this account"):
        register(city, number=number)


def test_anothers_number_is_refused(city: Database) -> None:
    number = Intake(seat_for(city, Role.AGENT)).take_number()
    with pytest.raises(DBAPIError, match="not leased to this account"):
        register(city, Role.SUPERVISOR, number=number)


def test_a_number_is_for_life(city: Database) -> None:
    ticket_id = register(city)
    other = Intake(seat_for(city, Role.AGENT)).take_number()
    with psql(city, AGENT) as raw, pytest.raises(errors.InsufficientPrivilege):
        raw.execute("update ticket set number = %s where id = %s", (other, ticket_id))


def test_marks_of_others_are_neither_seen_nor_written(city: Database) -> None:
    with psql(city, SUPERVISOR) as raw:
        raw.execute("insert into write_mark (holder, serial, at) values ('s', 7, now())")
    with psql(city, AGENT) as raw:
        assert raw.execute("select * from write_mark").fetchall() == []
        assert raw.execute("update write_mark set serial = 9").rowcount == 0
        assert raw.execute("delete from write_mark").rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(
                "insert into write_mark (holder, serial, at, login) values ('x', 1, now(), 'hl_0002')"
            )
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(
                "insert into write_mark (holder, serial, at) values ('s', 1, now())"
                " on conflict (holder) do update set serial = 1"
            )
    with owner(city) as raw:
        assert raw.execute("select holder, serial from write_mark where serial = 7").fetchone()


def test_the_program_leaves_its_marks_under_guard(city: Database) -> None:
    register(city)
    with owner(city) as raw:
        rows = raw.execute("select login, serial from write_mark where login like 'hl%'").fetchall()
    assert [login for login, _serial in rows] == ["hl_0017"]
    assert rows[0][1] >= 1
