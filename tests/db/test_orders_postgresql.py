"""The pool, the one box and the audit chain on a real PostgreSQL server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from console.domain.finding import Kind
from console.domain.orders import Criteria, Period, Sort, Stage, Whose
from console.domain.roles import Role
from console.domain.states import Channel, Nature
from console.ledger.audit import verify_chain
from console.services.finding import Finding
from console.services.orders import Orders
from db.engine import Database, open_database
from db.models import Appellant, AuditEntry, Ticket
from db.search import index_ticket
from db.setup import upgrade
from tests import server
from tests.desks import closed, replied
from tests.journeys import STREET, dispatched, open_ticket
from tests.world import fill_world, seat_for

PHONE = "19900001234"


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with server.server_url() as url:
        yield url


@pytest.fixture(scope="module")
def city(server_url: str) -> Iterator[tuple[Database, dict[str, int]]]:
    upgrade(server_url)
    database = open_database(server_url)
    fill_world(database)
    with database.writing.begin() as session:
        for table in ("unit", "account", "staff", "person", "ticket"):
            session.execute(text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)"))
    made = {
        "new": open_ticket(database),
        "street": dispatched(database, STREET),
        "other": dispatched(database, 11),
        "review": replied(database),
        "closed": closed(database),
    }
    with database.writing.begin() as session:
        now = seat_for(database, Role.AGENT).now(session)
        for ticket_id in made.values():
            index_ticket(session, ticket_id, "下水道堵塞，油污外溢")
            session.add(
                Appellant(
                    ticket_id=ticket_id,
                    name="叶长青",
                    phone=PHONE,
                    joined_at=now,
                )
            )
    yield database, made
    database.close()


def every(desk: Orders, criteria: Criteria) -> list[int]:
    ids: list[int] = []
    after = None
    while True:
        page = desk.page(criteria, after)
        ids += [row.id for row in page.rows]
        if page.next is None:
            return ids
        after = page.next


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("period", list(Period))
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STREET_DESK])
def test_counters_are_the_lengths_of_their_lists(city, monkeypatch, role, period, sort) -> None:
    from console.services.orders import listing

    monkeypatch.setattr(listing, "ROWS", 2)
    database, _made = city
    desk = Orders(seat_for(database, role))
    counters = desk.counters(Criteria(period=period))
    for stage in Stage:
        listed = every(desk, Criteria(stage=stage, period=period, sort=sort))
        assert len(listed) == len(set(listed))
        assert counters[stage] in (len(listed), None)


def test_conditions(city) -> None:
    database, made = city
    desk = Orders(seat_for(database, Role.SUPERVISOR))
    criteria = Criteria(
        Whose.ALL, Stage.OPEN, Period.NOW, (Nature.HELP,), (Channel.PHONE,), "0103", "", "990101001", "", "油污外溢"
    )  # fmt: skip
    assert set(every(desk, criteria)) == {made["street"], made["review"]}
    assert every(Orders(seat_for(database, Role.STREET_DESK, 11)), Criteria()) == [made["other"]]
    assert desk.units("qhjd")
    assert desk.categories("xsd")
    assert desk.explain(made["street"])


def test_the_box(city) -> None:
    database, made = city
    finding = Finding(seat_for(database, Role.AGENT))
    for said in (
        "1234",
        PHONE,
        "油污",
        "叶长青",
        "ycq",
        "宝丽小区3栋",
        "清河街道",
        "qhjd",
    ):
        groups = finding.find(said)
        assert groups, said
    kinds = {group.kind for group in finding.find("1234")}
    assert {Kind.RESIDENT, Kind.OPEN, Kind.ENDED} <= kinds
    theirs = Finding(seat_for(database, Role.STREET_DESK, 11)).find("1234")
    assert {hit.id for group in theirs for hit in group.hits} == {made["other"]}


def test_many_at_once_make_one_chain(city) -> None:
    """Every console's line hangs on the one before, whoever waited for whom."""
    database, made = city
    desks = [Orders(seat_for(open_database(database.url), Role.AGENT)) for _ in range(6)]

    def look(desk: Orders) -> None:
        for _ in range(3):
            desk.reveal(made["new"], "phone", "回访核实")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, desks))
    with database.reading() as session:
        assert verify_chain(session) is None
        digests = session.scalars(select(AuditEntry.digest)).all()
        assert len(set(digests)) == len(digests) >= 18
    for desk in desks:
        desk._seat.db.close()


def test_open_work_has_an_index_of_its_own(city) -> None:
    """The condition of the lists implies that of the partial indexes, or they would be of no use."""
    database, _made = city
    with database.writing.begin() as session:
        session.execute(text("set local enable_seqscan = off"))
        from console.services.orders import listing

        query = select(Ticket.state).where(listing._open())
        plan = session.execute(text(f"explain {query.compile(session.get_bind())}")).scalars().all()
        assert any("ix_ticket_open" in line for line in plan), plan
