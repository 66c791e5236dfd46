"""The demo's year of work orders: enough of every state, and every log true to its case."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.domain.case import Case
from console.domain.lifecycle import replay
from console.domain.policy import default_pack
from console.domain.rules import Rules
from console.domain.states import TicketState
from console.domain.worktime import civil_date
from console.ledger.writing import case_of
from db.demo.build import build_demo, live_a_year
from db.demo.city import build_city
from db.demo.histories import History
from db.engine import Database, open_database
from db.models import Assignment, Enterprise, Grid, Person, Ticket, TicketEvent, Unit
from db.search import find_tickets
from db.setup import check

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
PACK = default_pack()
RULES = Rules(PACK, PACK.calendar())


@pytest.fixture(scope="module")
def year() -> list[History]:
    return live_a_year(build_city(12345, civil_date(NOW)), RULES, NOW)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    build_demo(path, NOW)
    return open_database(f"sqlite:///{path}")


def test_three_thousand_in_every_state(year: list[History]) -> None:
    states = Counter(history.case.state for history in year)
    assert len(year) == 3000
    assert set(states) == set(TicketState)
    assert min(states.values()) >= 2


def test_nothing_happens_in_the_future_or_out_of_order(year: list[History]) -> None:
    for history in year:
        times = [step.at for step, _note, _said in history.steps]
        assert times == sorted(times)
        assert times[-1] <= NOW


def test_the_rules_themselves_made_the_log(year: list[History]) -> None:
    for history in year[::7]:
        if history.case.merged_into:
            continue
        first = history.case
        case = Case(
            first.number, first.nature, first.urgency, first.channel, first.created_at, first.creator_id,
            confidential=first.confidential, needs_site_proof=first.needs_site_proof,
            own_limit=first.own_limit, grid_code=first.grid_code,
        )  # fmt: skip
        for step, _note, _said in history.steps:
            case = replay(case, step, RULES)
        assert case == history.case


def test_the_same_seed_and_moment_give_the_same_year(year: list[History]) -> None:
    again = live_a_year(build_city(12345, civil_date(NOW)), RULES, NOW)
    assert [h.case for h in again] == [h.case for h in year]


def test_the_database_is_sound_and_full(demo: Database) -> None:
    assert check(demo.url).sound
    with demo.reading() as session:
        counts = {
            t: session.scalar(select(func.count()).select_from(t))
            for t in (Ticket, Person, Enterprise, Grid)
        }
        departments = session.scalar(select(func.count()).where(Unit.kind == "department"))
    assert counts == {Ticket: 3000, Person: 20_000, Enterprise: 4000, Grid: 193}
    assert departments >= 60


def test_stored_cases_equal_what_their_logs_replay_to(demo: Database) -> None:
    with demo.reading() as session:
        for ticket in session.scalars(select(Ticket).where(Ticket.id % 97 == 0)):
            rows = tuple(
                session.scalars(
                    select(Assignment)
                    .where(Assignment.ticket_id == ticket.id)
                    .order_by(Assignment.seq)
                )
            )
            stored = case_of(ticket, rows)
            last = session.scalars(
                select(TicketEvent.state_after)
                .where(TicketEvent.ticket_id == ticket.id)
                .order_by(TicketEvent.id.desc())
            ).first()
            assert stored.state == last


def test_search_finds_a_word_of_the_year(demo: Database) -> None:
    with demo.reading() as session:
        found = find_tickets(session, "下水道")
        titles = session.scalars(select(Ticket.content).where(Ticket.id.in_(found))).all()
    assert found
    assert all("下水道" in text for text in titles)


def test_a_half_built_file_is_never_left_as_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("db.demo.build.load_registers", breaks)
    with pytest.raises(OSError, match="disk full"):
        build_demo(tmp_path / "demo.db", NOW)
    assert not (tmp_path / "demo.db").exists()
