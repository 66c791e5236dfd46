"""The same schema, demo writer and ledger on a real PostgreSQL server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select, text

from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Channel, Nature, TicketState, Urgency
from console.ledger import Entry, Ledger, case_file
from console.ledger.queues import take_next
from console.services.archiving import Archiving
from db.engine import Database, open_database
from db.models import Ticket
from db.search import find_tickets, index_ticket
from db.setup import check, upgrade
from tests import server
from tests.desks import closed
from tests.world import fill_world, seat_for

STREET = {"id": 10, "code": "990101001", "name": "清河街道办事处", "parent_id": 2}


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with server.server_url() as url:
        yield url


@pytest.fixture(scope="module")
def shared(server_url: str) -> Iterator[Database]:
    upgrade(server_url)
    database = open_database(server_url)
    fill_world(database)
    with database.writing.begin() as session:
        for table in ("unit", "account", "staff", "person", "ticket"):
            session.execute(text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)"))
    yield database
    database.close()


def open_ticket(shared: Database) -> int:
    seat = seat_for(shared, Role.AGENT)
    with shared.writing.begin() as session:
        now = seat.now(session)
        ticket = Ticket(
            number=seat.numbers.next_number(session, now, Channel.PHONE), lookup_code="123456",
            nature=Nature.HELP, urgency=Urgency.NORMAL, channel=Channel.PHONE, title="下水道堵塞",
            content="宝丽西街门面下水道堵塞，油污外溢", creator_id=1, created_at=now, grid_id=30,
        )  # fmt: skip
        Ledger(seat).open(session, ticket, Entry(Move.REGISTER))
        index_ticket(session, ticket.id, ticket.title, ticket.content)
        return ticket.id


def test_the_schema_is_complete_and_sound(shared: Database, server_url: str) -> None:
    assert check(server_url).sound


def test_times_come_from_the_server_and_are_aware(shared: Database) -> None:
    with shared.reading() as session:
        assert abs((shared.now(session) - datetime.now(UTC)).total_seconds()) < 60


def test_a_work_order_walks_from_intake_to_signature(shared: Database) -> None:
    ticket_id = open_ticket(shared)
    for role, entry in (
        (Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET})),
        (Role.STREET_DESK, Entry(Move.SIGN)),
    ):
        seat = seat_for(shared, role)
        with shared.writing.begin() as session:
            Ledger(seat).move(session, ticket_id, entry)
    with shared.reading() as session:
        case = case_file(session, seat_for(shared, Role.STREET_DESK), ticket_id)
    assert case.row.state is TicketState.IN_PROGRESS
    assert [e.action for e in case.events] == ["register", "dispatch", "sign"]


def test_the_same_words_are_found_as_on_sqlite(shared: Database) -> None:
    ticket_id = open_ticket(shared)
    with shared.reading() as session:
        assert ticket_id in find_tickets(session, "油污外溢")
        assert ticket_id in find_tickets(session, "下水道 寶麗西街")


def test_two_seats_never_take_the_same_work_order(shared: Database) -> None:
    open_ticket(shared), open_ticket(shared)
    one, other = seat_for(shared, Role.DISPATCHER), seat_for(shared, Role.SUPERVISOR)
    with shared.writing() as first, shared.writing() as second:
        taken = take_next(first, one, TicketState.PENDING_DISPATCH)
        also = take_next(second, other, TicketState.PENDING_DISPATCH)
        first.commit(), second.commit()
    assert taken is not None
    assert also is not None
    assert taken != also


def test_two_clerks_at_once_never_give_one_archive_number_twice(
    shared: Database, server_url: str
) -> None:
    ids = [closed(shared) for _ in range(12)]
    clerks = [open_database(server_url) for _ in range(2)]
    together = Barrier(2)

    def work(db: Database, mine: list[int]) -> int:
        together.wait()
        return len(Archiving(seat_for(db, Role.CLERK)).archive_many(tuple(mine)).done)

    with ThreadPoolExecutor(2) as lanes:
        done = list(lanes.map(work, clerks, (ids[::2], ids[1::2])))
    for clerk in clerks:
        clerk.close()
    with shared.reading() as session:
        numbers = session.scalars(select(Ticket.archive_no).where(Ticket.id.in_(ids))).all()
    assert done == [6, 6]
    assert len(set(numbers)) == 12


def test_paths_are_not_needed(tmp_path: Path) -> None:
    """A SQLite file in a folder that does not exist yet is made."""
    upgrade(f"sqlite:///{tmp_path / 'new' / 'hotline.db'}")
    assert check(f"sqlite:///{tmp_path / 'new' / 'hotline.db'}").sound
