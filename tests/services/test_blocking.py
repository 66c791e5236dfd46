"""骚扰号码: asked for by degree, in force only on the supervisor's word, ended with a reason (field-facts 3.7)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.roles import Role
from console.domain.rules import Rules
from console.services.blocking import Blocking
from console.services.intake import Intake
from db.models import AuditEntry, BlockedNumber
from tests.world import seat_for

PHONE = "13800001234"


def harass(world, seat=None) -> None:
    intake = Intake(seat or seat_for(world, Role.AGENT))
    call_id = intake.ring(PHONE, "12345").call_id
    intake.harassment(call_id, "反复辱骂，无诉求")


def chief(world) -> Blocking:
    return Blocking(seat_for(world, Role.SUPERVISOR))


def warning(world) -> str:
    return Intake(seat_for(world, Role.AGENT)).ring(PHONE, "12345").warning


def test_it_is_in_force_when_the_supervisor_says_so(world) -> None:
    harass(world)
    (asked,) = chief(world).numbers()
    assert (asked.phone, asked.degree, asked.approved_by) == ("138****1234", "劝导", "")
    assert "待值班长批准" in warning(world)
    chief(world).approve(asked.id)
    assert "待值班长批准" not in warning(world)
    assert chief(world).numbers()[0].approved_by == "周正 0002"
    with pytest.raises(NotAllowed, match="已批准"):
        chief(world).approve(asked.id)
    with world.reading() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert "block_number" in actions


def test_it_ends_with_a_reason_at_once(world) -> None:
    harass(world)
    (asked,) = chief(world).numbers()
    with pytest.raises(Invalid) as refused:
        chief(world).end(asked.id, " ")
    assert refused.value.field == "reason"
    chief(world).end(asked.id, "核实是老人误拨")
    assert chief(world).numbers() == ()
    assert warning(world) == ""
    with pytest.raises(NotFound):
        chief(world).approve(asked.id)


def test_only_the_supervisor_decides(world) -> None:
    harass(world)
    agent = Blocking(seat_for(world, Role.AGENT))
    with pytest.raises(NotAllowed, match="值班长"):
        agent.numbers()
    with pytest.raises(NotAllowed, match="值班长"):
        agent.approve(1)


def test_too_seldom_asks_for_nothing(world) -> None:
    """`harassment.persuade_from`: the first slip is noted on the call and no more."""
    seat = seat_for(world, Role.AGENT)
    pack = seat.rules.pack
    later = replace(pack, harassment=replace(pack.harassment, persuade_from=2))
    seat.rules = Rules(later, seat.rules.calendar)
    harass(world, seat)
    with world.reading() as session:
        assert session.scalars(select(BlockedNumber)).all() == []
    harass(world, seat)
    with world.reading() as session:
        assert len(session.scalars(select(BlockedNumber)).all()) == 1
