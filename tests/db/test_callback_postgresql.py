"""Callback and archive on PostgreSQL: everyone called, sealed, and an alteration found."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text, update

from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.services.archiving import Archiving
from console.services.callbacks import Callbacks
from db.engine import Database, open_database
from db.manifests import broken_seals
from db.models import Callback, Ticket
from db.setup import upgrade
from tests import server
from tests.desks import HAPPY
from tests.journeys import version_of
from tests.services.test_callback_people import three
from tests.world import engine_of, fill_world, seat_for


@pytest.fixture(scope="module")
def pg() -> Iterator[Database]:
    with server.server_url() as url:
        upgrade(url)
        database = open_database(url)
        fill_world(database)
        with database.writing.begin() as session:
            for table in ("unit", "account", "staff", "person", "ticket", "appellant"):
                session.execute(
                    text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)")
                )
        yield database
        database.close()


def test_three_are_called_then_closed_archived_and_proved(pg) -> None:
    ticket_id, caller, one, two = three(pg)
    desk = Callbacks(seat_for(pg, Role.REVISITOR))
    notes = {wait.ticket_id: wait.note for wait in desk.queue().waits}
    assert notes[ticket_id] == "3 位诉求人，已回访 0"
    desk.hear(ticket_id, one, HAPPY, version_of(pg, ticket_id))
    with pytest.raises(NotAllowed, match="还有 1 位"):
        desk.close(ticket_id, HAPPY, version_of(pg, ticket_id), caller)
    desk.hear(ticket_id, two, HAPPY, version_of(pg, ticket_id))
    desk.close(ticket_id, HAPPY, version_of(pg, ticket_id), caller)
    desk.undo_close(ticket_id)
    desk.close(ticket_id, HAPPY, version_of(pg, ticket_id), caller)
    with pg.reading() as session:
        rows = session.scalars(select(Callback).where(Callback.ticket_id == ticket_id)).all()
        assert sorted(row.appellant_id for row in rows) == sorted((caller, one, two))
    Archiving(seat_for(pg, Role.CLERK)).archive(ticket_id)
    with pg.reading() as session:
        assert list(broken_seals(session, [ticket_id])) == []
    with engine_of(pg).begin() as connection:
        connection.execute(update(Ticket).where(Ticket.id == ticket_id).values(title="已改"))
    with pg.reading() as session:
        (broken,) = broken_seals(session, [ticket_id])
    assert broken.faults == ("工单内容被改动",)
