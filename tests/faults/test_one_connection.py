"""No desk holds a connection while it waits for another: with few of them that would be a knot nobody unties."""

import threading
import traceback
from contextlib import suppress

import pytest
from sqlalchemy import event

from console.domain.errors import UserError
from console.domain.roles import Role
from console.domain.states import Channel
from console.services.intake import Intake
from db.engine import Database
from tests.services.intake_desk import PHONE, form
from tests.world import engine_of, seat_for


@pytest.fixture
def nested(world: Database) -> list[str]:
    """Where a thread took a second connection."""
    held, found = threading.local(), []

    def taken(_connection: object, _record: object, _proxy: object) -> None:
        held.count = getattr(held, "count", 0) + 1
        if held.count > 1:
            found.append("".join(traceback.format_stack(limit=12)))

    def given_back(_connection: object, _record: object) -> None:
        held.count -= 1

    engines = {engine_of(world), world.writing.kw["bind"]}
    for engine in engines:
        event.listen(engine, "checkout", taken)
        event.listen(engine, "checkin", given_back)
    return found


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk: desk.ring(PHONE),
        lambda desk: desk.caller(PHONE),
        lambda desk: desk.residents("叶"),
        lambda desk: desk.resident(1),
        lambda desk: desk.place("宝丽西街123号", None),
        lambda desk: desk.addresses("宝丽"),
        lambda desk: desk.categories("xsd"),
        lambda desk: desk.units("清河"),
        lambda desk: desk.suggest(form()),
        lambda desk: desk.duplicates(form()),
        lambda desk: desk.knowledge("下水道"),
        lambda desk: desk.read_back(form()),
        lambda desk: desk.check(form(), True),
        lambda desk: desk.submit(form(), True),
        lambda desk: desk.save_draft(form()),
        lambda desk: desk.answer(form(), "已经答复来电人。"),
        lambda desk: desk.reject(form(), "harassment", "已告知", 2),
        lambda desk: desk.hand_to_police(form(), "110", "接警员001", False),
        lambda desk: desk.take_number(Channel.PHONE),
        lambda desk: desk.warm(),
    ],
)
def test_an_intake_desk_that_has_read_nothing_yet(
    world: Database, nested: list[str], ask: object
) -> None:
    desk = Intake(seat_for(world, Role.AGENT))
    with suppress(UserError):
        ask(desk)  # type: ignore[operator]
    assert nested == []
