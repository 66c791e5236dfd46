"""The promise ledger on a real database: nothing promised is lost, and what is overdue turns red."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from console.domain.errors import Invalid, NotFound
from console.domain.roles import Role
from console.domain.states import Light
from console.services.promises import Promises
from db.engine import Database
from db.models import Promise, TicketEvent
from tests.journeys import dispatched, open_ticket
from tests.world import seat_for

SOON = timedelta(hours=2)


def desk(world: Database, role: Role = Role.AGENT, unit_id: int | None = None) -> Promises:
    return Promises(seat_for(world, role, unit_id))


def age(world: Database, promise_id: int, hours: float) -> None:
    """As if it had been promised so many hours ago, due two hours later."""
    made = datetime.now(UTC) - timedelta(hours=hours)
    with world.writing.begin() as session:
        change = update(Promise).where(Promise.id == promise_id)
        session.execute(change.values(made_at=made, due=made + SOON))


def test_a_promise_in_one_line_has_a_clock_and_a_line_in_the_log(world: Database) -> None:
    ticket_id = open_ticket(world)
    desk(world).promise_in_words(ticket_id, "两小时内回电告知进展")
    line = desk(world, Role.REVISITOR).of(ticket_id)[0]
    assert (line.what, line.light.light, line.made_by) == ("回电告知进展", Light.GREEN, "李敏 0017")
    assert timedelta(minutes=119) < line.due - datetime.now(UTC) <= SOON
    with world.reading() as session:
        last = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc())).first()
        assert last is not None
        assert last.note.endswith("前：回电告知进展")
        assert "回电" not in str(last.inputs)


def test_what_is_missing_is_said_beside_the_line(world: Database) -> None:
    ticket_id = open_ticket(world)
    for text in ("", "尽快回电", "昨天下午五点前回电"):
        with pytest.raises(Invalid) as refused:
            desk(world).promise_in_words(ticket_id, text)
        assert refused.value.field == "promise"
    with pytest.raises(Invalid, match="已经过了"):
        desk(world).promise(ticket_id, "回电", datetime.now(UTC))


def test_an_overdue_promise_turns_a_light(world: Database) -> None:
    ticket_id = open_ticket(world)
    desk(world).promise(ticket_id, "回电", datetime.now(UTC) + SOON)
    promise = desk(world).of(ticket_id)[0]
    assert desk(world).overdue().light is Light.GREEN
    age(world, promise.id, 1.75)
    assert desk(world).overdue().light is Light.YELLOW
    age(world, promise.id, 3)
    counts = desk(world).overdue()
    assert (counts.open, counts.overdue, counts.light) == (1, 1, Light.RED)
    assert desk(world).open()[0].light.words == "红 超1小时"


def test_kept_is_noted_once_with_who_and_when(world: Database) -> None:
    ticket_id = open_ticket(world)
    desk(world).promise(ticket_id, "回电", datetime.now(UTC) + SOON)
    promise = desk(world).of(ticket_id)[0]
    desk(world, Role.REVISITOR).keep(promise.id)
    desk(world).keep(promise.id)
    kept = desk(world).of(ticket_id)[0]
    assert (kept.kept_by, kept.light.light) == ("何静 0041", Light.ON_TIME)
    assert not desk(world).open()


def test_kept_late_says_so(world: Database) -> None:
    ticket_id = open_ticket(world)
    desk(world).promise(ticket_id, "回电", datetime.now(UTC) + SOON)
    promise = desk(world).of(ticket_id)[0]
    age(world, promise.id, 5)
    desk(world).keep(promise.id)
    assert desk(world).of(ticket_id)[0].light.words == "超时兑现"


def test_a_unit_promises_for_its_own_share_and_sees_no_others(world: Database) -> None:
    mine, foreign = dispatched(world), dispatched(world, 11)
    street = desk(world, Role.STREET_DESK, 10)
    street.promise(mine, "三日内清理", datetime.now(UTC) + SOON)
    desk(world).promise(foreign, "回电", datetime.now(UTC) + SOON)
    assert [line.ticket_id for line in street.open()] == [mine]
    other = desk(world).of(foreign)[0]
    with pytest.raises(NotFound):
        street.keep(other.id)


def test_phone_numbers_in_a_promise_are_masked(world: Database) -> None:
    ticket_id = open_ticket(world)
    desk(world).promise_in_words(ticket_id, "两小时内回电19900001234")
    assert "19900001234" not in desk(world).of(ticket_id)[0].what


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.floats(0, 400)), max_size=8))
def test_the_list_holds_every_open_promise(
    world: Database, said: list[tuple[int, bool, float]]
) -> None:
    """Whatever the state, the age or the maker: what is not kept is listed (peers 6.10)."""
    with world.writing.begin() as session:
        session.execute(delete(Promise))
    makers = ((Role.AGENT, None), (Role.DISPATCHER, None), (Role.STREET_DESK, 10))
    expected = set()
    for maker, kept, hours in said:
        ticket_id = dispatched(world)
        desk(world, *makers[maker]).promise(ticket_id, "回电", datetime.now(UTC) + SOON)
        promise = desk(world).of(ticket_id)[0]
        age(world, promise.id, hours)
        if kept:
            desk(world).keep(promise.id)
        else:
            expected.add(promise.id)
    supervisor = desk(world, Role.SUPERVISOR)
    assert {line.id for line in supervisor.open()} == expected
    counts = supervisor.overdue()
    assert counts.open == len(expected)
    reds = [line for line in supervisor.open() if line.light.light is Light.RED]
    assert counts.overdue == len(reds)
