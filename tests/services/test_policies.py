"""A changed rule shows which open work orders would move, before it is applied (peers 6.7)."""

import pytest
from sqlalchemy import func, select

from console.commands import run
from console.domain.errors import Invalid
from console.domain.roles import Role
from console.services.policies import Policies
from db.models import Ticket, TicketEvent
from tests.desks import closed
from tests.journeys import dispatched, open_ticket
from tests.world import seat_for


@pytest.fixture
def stricter(tmp_path):
    """Help in one working day instead of three."""
    folder = tmp_path / "packs"
    (folder / "strict").mkdir(parents=True)
    (folder / "default").symlink_to(_default())
    path = folder / "strict" / "pack.toml"
    words = 'extends = "default"\nname = "从严"\n[limits.normal.by_nature]\nhelp = { finish = "1工作日" }\n'
    path.write_text(words, "utf-8")
    return path


def _default():
    from console.domain.policy import PACKS

    return PACKS / "default"


def rows(world):
    with world.reading() as session:
        events = session.scalar(select(func.count(TicketEvent.id)))
        return events, session.execute(select(Ticket.id, Ticket.finish_due, Ticket.version)).all()


def test_what_would_move_and_nothing_does(world, stricter) -> None:
    waiting, in_hand = open_ticket(world), dispatched(world)
    other = open_ticket(world, own_limit="4工作时")
    done, before = closed(world), rows(world)
    change = Policies(seat_for(world, Role.SUPERVISOR)).would_move(str(stricter))
    assert rows(world) == before
    with world.reading() as session:
        due = {t.number: t.finish_due for t in session.scalars(select(Ticket))}
        numbers = {i: session.get_one(Ticket, i).number for i in (waiting, in_hand, other, done)}
    assert {one.number for one in change.moved} == {numbers[waiting], numbers[in_hand]}
    assert all(one.before == due[one.number] and one.after < one.before for one in change.moved)
    assert change.looked_at == 3


def test_the_same_pack_moves_nothing(world) -> None:
    dispatched(world)
    change = Policies(seat_for(world, Role.SUPERVISOR)).would_move("default")
    assert change.moved == ()


def test_a_pack_that_is_none_is_said(world) -> None:
    with pytest.raises(Invalid, match="没有规则包"):
        Policies(seat_for(world, Role.SUPERVISOR)).would_move("nowhere")


def test_the_command_prints_them(world, stricter, capsys) -> None:
    dispatched(world)
    assert run(["db", "policy", str(stricter), "--dry-run", "--url", world.url]) == 0
    said = capsys.readouterr().out
    assert "提前" in said
    assert "办结时限会变的 1 件（提前 1，推后 0）" in said
    with pytest.raises(SystemExit):
        run(["db", "policy", str(stricter), "--url", world.url])
