"""The desks suggest what the city's closed work orders teach, on both databases."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.domain.intake import IntakeForm
from console.ledger import memory as ledger
from console.memory.building import learn
from console.memory.corpus import Learned
from console.memory.pieces import Message
from console.memory.storing import packed
from db.engine import open_database
from db.models import Ticket, Unit
from db.models.suggestions import SuggestionModel
from db.setup import upgrade
from tests.server import server_url
from tests.services.intake_desk import add_categories, desk, form, statements

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LAMPS, SEWERS = "城市管理 › 市政设施 › 路灯", "城市管理 › 市政设施 › 下水道堵塞"


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    ledger.forget()
    yield
    ledger.forget()


def closed(count: int = 40) -> list[Learned]:
    """Matters told in words no catalogue has, so that only what was learned can know them."""
    rows = []
    for at in range(count):
        moment = NOW - timedelta(days=count - at)
        rows += [
            Learned(
                Message("黑咕隆咚", f"晚上黑咕隆咚伸手不见五指，第{at}回了"),
                LAMPS,
                "城市管理局",
                moment,
                f"2026110301{at:06}",
            ),
            Learned(
                Message("咕嘟咕嘟", f"地上咕嘟咕嘟往外冒，踩一脚泥，第{at}回了"),
                SEWERS,
                "清河街道办事处",
                moment,
                f"2026110401{at:06}",
            ),
        ]
    return rows


def teach(db, rows: list[Learned]) -> None:
    memory = learn(rows, half_life=None)
    with db.writing.begin() as session:
        ledger.keep(session, packed(memory, NOW), len(rows), NOW)
    ledger.forget()


def said(**changes: object) -> IntakeForm:
    return form(title="", content="巷子里晚上黑咕隆咚的，伸手不见五指", category_code="", **changes)


def test_nothing_learned_costs_one_statement_and_changes_nothing(world) -> None:
    add_categories(world)
    intake = desk(world)
    first = intake.suggest(said())
    assert first.category is None
    with statements(world) as seen:
        assert intake.suggest(said()) == first
    assert not any("suggestion_model" in one for one in seen)


def test_the_intake_desk_suggests_what_was_learned_with_the_work_orders_it_is_like(world) -> None:
    add_categories(world)
    teach(world, closed())
    found = desk(world).suggest(said())
    assert found.category is not None
    assert found.category.key == "010303"
    assert "像2026110301" in found.category_reason
    assert "按关键词“" in found.category_reason


def test_the_unit_is_the_one_such_matters_really_went_to(world) -> None:
    add_categories(world)
    with world.reading() as session:
        names = {unit.name: unit.id for unit in session.query(Unit)}
    there = next(name for name in names if "街道办事处" in name)
    teach(
        world,
        [
            Learned(r.message, r.category, there if r.category == LAMPS else "别处", r.at, r.number)
            for r in closed()
        ],
    )
    found = desk(world).suggest(said(unit_id=None))
    assert found.unit is not None
    assert found.unit.id == names[there]
    assert found.unit_reason.startswith("以往这类诉求")


def test_a_damaged_model_stops_no_call(world, caplog: pytest.LogCaptureFixture) -> None:
    add_categories(world)
    with world.writing.begin() as session:
        session.add(
            SuggestionModel(learned_at=NOW, messages=1, digest="0" * 64, content=b"rubbish")
        )
    found = desk(world).suggest(said())
    assert found.category is None
    assert "cannot be read" in caplog.text
    caplog.clear()


def test_confidential_work_orders_and_numbers_in_the_text_are_not_learned_from(world) -> None:
    intake = desk(world)
    done = [
        intake.submit(form(content=text), True).ticket_id
        for text in (
            "家门口的下水道堵了好几天，请打19900001234",
            "家门口的下水道又堵了，污水流了一地，请回电",
        )
    ]
    with world.writing.begin() as session:
        for ticket_id in done:
            session.get(Ticket, ticket_id).state = "closed"
        session.get(Ticket, done[1]).confidential = True
    with world.reading() as session:
        (row,) = ledger.closed_work_orders(session)
    assert "19900001234" not in row.message.detail
    assert row.category.endswith("下水道堵塞")
    assert row.unit


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_last_three_models_are_kept_and_the_newest_counts(kind: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = (
            f"sqlite:///{tmp_path}/a.db" if kind == "sqlite" else stack.enter_context(server_url())
        )
        upgrade(url)
        database = open_database(url)
        stack.callback(database.close)
        for count in (10, 11, 12, 13):
            teach(database, closed(count))
        with database.reading() as session:
            assert session.query(SuggestionModel).count() == 3
            known = ledger.known(session)
            assert known is not None
            assert known.memory.facts["messages"] == 26
            assert known.memory.categories(Message("", "黑咕隆咚"), known.words)[0].label == LAMPS
