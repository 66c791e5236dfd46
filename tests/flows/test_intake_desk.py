"""The intake desk on the real service and database: from the ring to the rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from console.domain.states import TicketState
from console.services.drafts import Drafts
from db.engine import Database
from db.models import Appellant, Call, Ticket, TicketEvent
from tests.services.intake_desk import PHONE, desk
from tests.views.intake_bench import Bench

ADDRESS = "宝丽西街123号门面"
CONTENT = "门面下水道堵塞，油污外溢到人行道，路面湿滑，有老人滑倒，希望尽快疏通。"


@pytest.fixture
def bench(qtbot, world: Database, tmp_path: Path) -> Iterator[Bench]:
    drafts = Drafts(tmp_path / "drafts")
    made = Bench(qtbot, desk(world), drafts)
    yield made
    made.close()
    drafts.close()


def tickets(world: Database) -> list[Ticket]:
    with world.reading() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def complaint(bench: Bench, phone: str = PHONE) -> None:
    """Ring, answer, pick who it is, tell, sort: keys only."""
    bench.ring(phone)
    bench.keys("F2", "Alt+1")
    bench.until(lambda: bench.record.name.text() == "叶长青")
    bench.words(ADDRESS)
    bench.keys("Tab")
    bench.words(CONTENT)
    bench.settle()


def dispatch(bench: Bench) -> None:
    before = len(bench.registered)
    bench.keys("F8")
    bench.until(lambda: len(bench.registered) > before or faults(bench))
    assert not faults(bench)


def faults(bench: Bench) -> dict[str, str]:
    return {n: f.error.text() for n, f in bench.record.by_name.items() if f.has_error}


def test_from_the_ring_to_the_street_in_few_keys(bench: Bench, world: Database):
    complaint(bench)
    assert bench.page.assist.place.path.text().startswith("清河街道")
    dispatch(bench)
    keys = bench.page.last_count[2]
    bench.keys("F12")
    bench.settle()
    (ticket,) = tickets(world)
    assert ticket.state is TicketState.PENDING_SIGN
    assert (ticket.grid_id, ticket.category_code, ticket.content) == (30, "010304", CONTENT)
    assert keys + 1 <= 12
    with world.reading() as session:
        call = session.scalars(select(Call)).one()
        assert call.answered_at is not None
        assert call.ended_at is not None
        assert session.scalars(select(Appellant)).one().name == "叶长青"


def test_undo_and_dispatch_again_is_one_ticket(bench: Bench, world: Database):
    complaint(bench)
    dispatch(bench)
    bench.keys("Ctrl+Z")
    bench.until(lambda: bench.form.content == CONTENT)
    bench.settle()
    (ticket,) = tickets(world)
    assert ticket.state is TicketState.PENDING_DISPATCH
    bench.words("请从速。")
    bench.settle()
    dispatch(bench)
    (ticket,) = tickets(world)
    assert ticket.state is TicketState.PENDING_SIGN
    assert "请从速" in ticket.content


def test_faults_of_the_real_rules_stand_beside_their_fields(bench: Bench, world: Database):
    bench.ring("1990000")
    bench.keys("F2")
    bench.words("990101196001010012")
    bench.keys("Tab")
    bench.words("12345678901234567")
    bench.keys("Tab")
    bench.words("明天下午3点")
    bench.keys("Tab")
    bench.words("宝丽西街")
    bench.keys("Tab")
    bench.paste("路灯😀\x07" + "很黑" * 6000)
    bench.settle()
    bench.keys("F8")
    bench.until(lambda: bool(faults(bench)))
    assert {"name", "contact_phone", "occurred", "address", "content"} <= set(faults(bench))
    assert bench.focus is bench.record.name
    assert len(bench.form.content) > 12_000
    assert not tickets(world)


def test_the_next_caller_joins_the_running_matter(bench: Bench, world: Database):
    complaint(bench)
    dispatch(bench)
    bench.keys("F12")
    bench.ring("19911112222")
    bench.keys("F2")
    bench.words("欧阳春")
    bench.keys("Tab", "Tab", "Tab")
    bench.words(ADDRESS)
    bench.keys("Tab")
    bench.words("门面下水道堵塞，油污外溢到人行道，路面湿滑。")
    bench.settle()
    assert bench.page.assist.duplicates.list.lines
    before = len(bench.registered)
    bench.keys("F7", "Enter")
    bench.until(lambda: len(bench.registered) > before)
    with world.reading() as session:
        states = [ticket.state for ticket in session.scalars(select(Ticket))]
        names = {appellant.name for appellant in session.scalars(select(Appellant))}
    assert states.count(TicketState.PENDING_SIGN) == 1
    assert names == {"叶长青", "欧阳春"}
    assert any("已并入" in words for words in bench.said)


def test_a_promise_is_logged_on_the_ticket(bench: Bench, world: Database):
    complaint(bench)
    bench.keys("Ctrl+M")
    bench.words("明天下午五点前回电告知进展")
    bench.keys("Ctrl+Enter")
    dispatch(bench)
    bench.settle()
    with world.reading() as session:
        notes = [event.note for event in session.scalars(select(TicketEvent))]
    assert any("回电告知进展" in (note or "") for note in notes)


def test_every_key_is_in_the_journal_and_gone_once_filed(bench: Bench):
    complaint(bench)
    bench.settle()
    assert [draft.form.content for draft in bench.drafts.all()] == [CONTENT]
    dispatch(bench)
    bench.until(lambda: not bench.drafts.all())
