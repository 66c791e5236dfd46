"""The callback's own clock: from the unit's reply on, by the pack's limit, in the queue (field-facts 4.1)."""

from datetime import timedelta

from sqlalchemy import select, update

from console.domain.roles import Role
from console.domain.worktime import civil
from console.services.callbacks import Callbacks
from db.models import Assignment
from tests.desks import to_call_back
from tests.world import seat_for


def test_the_queue_says_until_when_and_then_that_it_is_late(world) -> None:
    ticket_id = to_call_back(world)
    desk = Callbacks(seat_for(world, Role.REVISITOR))
    with world.reading() as session:
        query = select(Assignment.replied_at).where(Assignment.ticket_id == ticket_id)
        replied = session.scalars(query.order_by(Assignment.seq)).first()
    due = civil(replied + timedelta(hours=24))
    assert desk.queue().waits[0].note == f"{due:%m-%d %H:%M} 前回访"
    with world.writing.begin() as session:
        session.execute(update(Assignment).values(replied_at=replied - timedelta(hours=25)))
    assert desk.queue().waits[0].note == "回访超时"
