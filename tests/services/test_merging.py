"""Merge and exact un-merge (peers 6.3, 6.4) on a real database."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from console.domain.corrections import GATHERED
from console.domain.errors import Conflict, Invalid, NotAllowed
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import TicketState
from console.ledger import Entry
from console.services.merging import Merging
from db.models import Appellant, Assignment, Callback, Ticket, TicketEvent
from tests.desks import closed, move
from tests.journeys import STREET, dispatch, open_ticket, version_of
from tests.services.court import ask_return
from tests.world import seat_for

# Raised by every move, so that a stale form is told; nothing a person could have seen.
COUNTERS = {"version", "moved_at"}


def desk(world, role: Role = Role.DISPATCHER) -> Merging:
    return Merging(seat_for(world, role))


def caller(world, ticket_id: int, phone: str, name: str = "叶长青", **columns: Any) -> int:
    with world.writing.begin() as session:
        row = Appellant(
            ticket_id=ticket_id, name=name, phone=phone,
            joined_at=seat_for(world, Role.AGENT).now(session), **columns,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def pair(world) -> tuple[int, int]:
    """A work order and the main one it belongs to, each with its caller."""
    ticket_id, main_id = open_ticket(world), open_ticket(world)
    caller(world, ticket_id, "19900001111")
    caller(world, main_id, "19900002222", "周小满")
    return ticket_id, main_id


def merge(world, ticket_id: int, main_id: int) -> None:
    desk(world).merge(ticket_id, main_id, version_of(world, ticket_id))


def picture(world, *ticket_ids: int) -> dict[str, Any]:
    """Everything stored about these work orders."""
    with world.reading() as session:
        return {
            table.__tablename__: [
                {
                    column.name: getattr(row, column.key)
                    for column in table.__table__.columns
                    if column.name not in COUNTERS
                }
                for row in session.scalars(
                    select(table).where(key.in_(ticket_ids)).order_by(table.id)
                )
            ]
            for table, key in (
                (Ticket, Ticket.id),
                (Assignment, Assignment.ticket_id),
                (Appellant, Appellant.ticket_id),
                (TicketEvent, TicketEvent.ticket_id),
            )
        }


def phones(world, ticket_id: int) -> list[str]:
    with world.reading() as session:
        query = select(Appellant.phone).where(Appellant.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(Appellant.id)))


def ticket_of(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def notes(world, ticket_id: int) -> list[str]:
    with world.reading() as session:
        query = select(TicketEvent.note).where(TicketEvent.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(TicketEvent.id)))


def test_everyone_is_kept_and_called_back_on_the_main_one(world) -> None:
    ticket_id, main_id = pair(world)
    merge(world, ticket_id, main_id)
    after = ticket_of(world, ticket_id)
    assert (after.state, after.main_ticket_id) == (TicketState.MERGED, main_id)
    assert after.merged_into == ticket_of(world, main_id).number
    assert phones(world, main_id) == ["19900002222", "19900001111"]
    assert phones(world, ticket_id) == ["19900001111"]
    assert notes(world, main_id)[-1].endswith("共 2 人反映")


def test_the_same_caller_on_both_is_called_back_once(world) -> None:
    ticket_id, main_id = open_ticket(world), open_ticket(world)
    for one in (ticket_id, main_id):
        caller(world, one, "19900001111")
    merge(world, ticket_id, main_id)
    assert phones(world, main_id) == ["19900001111"]


def test_from_three_callers_on_it_is_gathered_and_no_longer_after_unmerging(world) -> None:
    ticket_id, main_id = pair(world)
    caller(world, main_id, "19900003333", "赵一", main=False)
    merge(world, ticket_id, main_id)
    assert ticket_of(world, main_id).special_tags == GATHERED
    assert notes(world, main_id)[-1].endswith("共 3 人反映，属集中反映，请考虑提高紧急程度")
    desk(world).unmerge(ticket_id, "不是同一事项")
    assert ticket_of(world, main_id).special_tags == ""


def test_a_mark_somebody_else_set_stays(world) -> None:
    ticket_id, main_id = pair(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, main_id).special_tags = f"营商环境、{GATHERED}"
    merge(world, ticket_id, main_id)
    desk(world).unmerge(ticket_id, "不是同一事项")
    assert ticket_of(world, main_id).special_tags == f"营商环境、{GATHERED}"


def test_what_cannot_be_the_main_one_says_why(world) -> None:
    ticket_id, main_id = pair(world)
    with pytest.raises(Invalid) as none:
        desk(world).merge(ticket_id, None, version_of(world, ticket_id))
    with pytest.raises(Invalid, match="它自己"):
        merge(world, ticket_id, ticket_id)
    with pytest.raises(Invalid) as unknown:
        desk(world).main("2026110101000001")
    done = closed(world)
    with pytest.raises(NotAllowed, match="办结，不能再并入"):
        merge(world, ticket_id, done)
    assert [none.value.field, unknown.value.field] == ["main_number"] * 2
    with pytest.raises(Conflict):
        desk(world).merge(ticket_id, main_id, version_of(world, ticket_id) - 1)


def test_a_confidential_caller_is_not_shown_to_an_open_matters_units(world) -> None:
    main_id = open_ticket(world)
    ticket_id = open_ticket(world, confidential=True)
    with pytest.raises(NotAllowed, match="保密件只能并入保密件"):
        merge(world, ticket_id, main_id)
    secret = open_ticket(world, confidential=True)
    merge(world, ticket_id, secret)


def test_into_a_merged_one_means_into_its_main_one(world) -> None:
    first, main_id = pair(world)
    merge(world, first, main_id)
    second = open_ticket(world)
    merge(world, second, first)
    assert ticket_of(world, second).main_ticket_id == main_id


def test_a_main_one_merged_on_must_come_back_first(world) -> None:
    first, main_id = pair(world)
    merge(world, first, main_id)
    greater = open_ticket(world)
    merge(world, main_id, greater)
    assert phones(world, greater) == ["19900002222", "19900001111"]
    with pytest.raises(NotAllowed, match="主工单已并入"):
        desk(world).unmerge(first, "不同")
    desk(world).unmerge(main_id, "不同")
    desk(world).unmerge(first, "不同")
    assert phones(world, greater) == []
    assert phones(world, main_id) == ["19900002222"]


def test_months_later_with_the_main_one_in_the_archive(world, monkeypatch) -> None:
    """The work order comes back exactly as it was; the archive is read-only."""
    ticket_id, main_id = pair(world)
    before = picture(world, ticket_id)
    merge(world, ticket_id, main_id)
    with world.writing.begin() as session:
        joined = session.scalars(
            select(Appellant).where(Appellant.merged_from_id == ticket_id)
        ).one()
        session.add(
            Callback(
                ticket_id=main_id, appellant_id=joined.id, attempt=1, at=joined.joined_at,
                revisitor_id=4, revisitor_name="何静", reached=True,
            )
        )  # fmt: skip
    with world.writing.begin() as session:
        archived = update(Ticket).where(Ticket.id == main_id)
        session.execute(archived.values(state=TicketState.ARCHIVED))
    later = ticket_of(world, ticket_id).closed_at + timedelta(days=120)
    monkeypatch.setattr("console.ledger.seat.Seat.now", lambda _seat, _session: later)
    desk(world).unmerge(ticket_id, "查明不是同一事项")
    after = picture(world, ticket_id)
    assert after["ticket"] == before["ticket"]
    assert phones(world, main_id) == ["19900002222", "19900001111"]


def test_a_call_made_to_who_joined_goes_back_with_them(world) -> None:
    ticket_id, main_id = pair(world)
    merge(world, ticket_id, main_id)
    with world.writing.begin() as session:
        joined = session.scalars(
            select(Appellant).where(Appellant.merged_from_id == ticket_id)
        ).one()
        joined.called_back_at = joined.joined_at
        session.add(
            Callback(
                ticket_id=main_id, appellant_id=joined.id, attempt=1, at=joined.joined_at,
                revisitor_id=4, revisitor_name="何静", reached=True,
            )
        )  # fmt: skip
    desk(world).unmerge(ticket_id, "查明不是同一事项")
    with world.reading() as session:
        own = session.scalars(select(Appellant).where(Appellant.ticket_id == ticket_id)).one()
        assert session.scalars(select(Callback.appellant_id)).one() == own.id
        assert own.called_back_at is not None


def test_unmerging_needs_a_reason_and_the_dispatch_desk(world) -> None:
    ticket_id, main_id = pair(world)
    merge(world, ticket_id, main_id)
    with pytest.raises(Invalid) as none:
        desk(world).unmerge(ticket_id, "  ")
    assert none.value.field == "reason"
    with pytest.raises(NotAllowed):
        desk(world, Role.AGENT).unmerge(ticket_id, "不同")


def _ask_extension(world, ticket_id: int) -> None:
    asked = {"days": 2, "reason": "会商", "basis": "办法"}
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.ASK_EXTENSION, asked), STREET)


def _suspend(world, ticket_id: int) -> None:
    why = {"reason": "3", "resume_on": "2027-01-05"}
    move(world, ticket_id, Role.OVERSEER, Entry(Move.SUSPEND, why))


def _sign(world, ticket_id: int) -> None:
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)


def _contact(world, ticket_id: int) -> None:
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.CONTACT, {"contacted": True}), STREET)


def _co_unit(world, ticket_id: int) -> None:
    from console.services.dispatching import Dispatching

    Dispatching(seat_for(world, Role.DISPATCHER)).add_co_unit(ticket_id, 41, "配合")


def _round(world, ticket_id: int) -> None:
    from tests.services.court import refuse

    ask_return(world, ticket_id, STREET)
    refuse(world, ticket_id)


HISTORIES = {
    "waiting": (),
    "sent": (dispatch,),
    "with a co-unit": (dispatch, _co_unit),
    "signed": (dispatch, _sign),
    "return refused": (dispatch, _round),
    "asked for days": (dispatch, _sign, _contact, _ask_extension),
    "standing still": (dispatch, _sign, _suspend),
}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    history=st.sampled_from(sorted(HISTORIES)),
    on_ticket=st.integers(1, 3),
    on_main=st.integers(0, 3),
    times=st.integers(1, 2),
)
def test_merge_and_unmerge_leave_every_byte_and_two_log_lines(
    world, history: str, on_ticket: int, on_main: int, times: int
) -> None:
    """peers 6.4: byte-identical rows and history, plus the two lines that say so."""
    ticket_id, main_id = open_ticket(world), open_ticket(world)
    for at in range(on_ticket):
        caller(world, ticket_id, f"1990000{ticket_id % 100:02d}1{at}", f"来电{at}", main=at == 0)
    for at in range(on_main):
        caller(world, main_id, f"1990000{main_id % 100:02d}2{at}", f"旁人{at}", main=at == 0)
    for step in HISTORIES[history]:
        step(world, ticket_id)
    before = picture(world, ticket_id, main_id)
    for _ in range(times):
        merge(world, ticket_id, main_id)
        assert ticket_of(world, ticket_id).state is TicketState.MERGED
        desk(world).unmerge(ticket_id, "不是同一事项")
    after = picture(world, ticket_id, main_id)
    log, old = after.pop("ticket_event"), before.pop("ticket_event")
    assert after == before
    assert [event for event in log if event in old] == old
    new = [event["move"] for event in log if event not in old and event["ticket_id"] == ticket_id]
    assert new == ["merge", "unmerge"] * times
    assert len(log) == len(old) + 4 * times


def test_likely_main_ones_are_offered_with_reasons(world) -> None:
    ticket_id, main_id = open_ticket(world), open_ticket(world)
    for one in (ticket_id, main_id):
        caller(world, one, "19900001111")
    offered = desk(world).offer(ticket_id).likely
    assert [card.ticket_id for card in offered] == [main_id]
    assert any("同一来电" in reason for reason in offered[0].reasons)
    shown = desk(world).main(f" {offered[0].number[:8]} {offered[0].number[8:]} ")
    assert (shown.id, shown.place) == (main_id, "宝丽西街123-***")
