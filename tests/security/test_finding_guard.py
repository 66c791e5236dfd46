"""Whoever searches finds what the row policies show him of it, no more and no less: rare words and frequent ones."""

import pytest
from sqlalchemy import func, select, text, update

from console.domain.roles import Role
from db.engine import Database
from db.models import Ticket
from db.search import piece_vector, postgresql_match
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched, open_ticket
from tests.world import seat_for

OTHER_STREET = 11
# More hits than are looked up one by one (db/security/73_finding.sql).
MANY = 2_100


@pytest.fixture
def city(guarded_world: Database) -> Database:
    """One work order for every rule of the scope, all with the same words."""
    open_ticket(guarded_world)
    complaints = []
    for unit in (STREET, OTHER_STREET, COMMUNITY, GRID, DEPARTMENT):
        dispatched(guarded_world, unit)
        complaints.append(dispatched(guarded_world, unit))
    dispatched(guarded_world, STREET, co=(DEPARTMENT,))
    to_verify, draft, own = (open_ticket(guarded_world) for _ in range(3))
    with guarded_world.writing.begin() as session:
        about = {"confidential": True, "respondent_code": "990101001"}
        session.execute(update(Ticket).where(Ticket.id.in_(complaints)).values(**about))
        states = ((to_verify, {"state": "pending_verify"}), (draft, {"state": "draft"}))
        for id_, values in (*states, (own, {"creator_id": 10})):
            session.execute(update(Ticket).where(Ticket.id == id_).values(**values))
        put = "insert into ticket_text select id, CAST(:pieces AS tsvector) from ticket on conflict do nothing"
        session.execute(text(put), {"pieces": piece_vector("下水道堵塞")})
    return guarded_world


def fill(city: Database) -> None:
    """The words become frequent; of work orders that nobody has, so that only their number counts."""
    with city.writing.begin() as session:
        session.execute(text("set local session_replication_role = replica"))
        put = "insert into ticket_text select g, CAST(:pieces AS tsvector) from generate_series(900001, :last) g"
        pieces = {"pieces": piece_vector("下水道堵塞"), "last": 900_000 + MANY}
        session.execute(text(put), pieces)


@pytest.mark.parametrize("frequent", [False, True])
def test_found_is_what_is_seen(city: Database, frequent: bool) -> None:
    if frequent:
        fill(city)
    counts = set()
    for role, unit in (
        (Role.AGENT, None), (Role.DISPATCHER, None), (Role.STREET_DESK, STREET), (Role.STREET_DESK, OTHER_STREET),
        (Role.GRID_LEADER, COMMUNITY), (Role.GRID_WORKER, GRID), (Role.LIAISON, DEPARTMENT),
    ):  # fmt: skip
        with seat_for(city, role, unit).db.reading() as session:
            seen = set(session.scalars(select(Ticket.id)))
            asked = func.hotline.find_tickets(postgresql_match("下水道"), 2000)
            found = list(session.scalars(select(asked)))
        assert set(found) == seen, (role, unit)
        assert found == sorted(found, reverse=True)
        counts.add(len(found))
    # The scopes differ, or this would prove nothing.
    assert len(counts) > 3
