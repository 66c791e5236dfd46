"""The demo's 110 hand-overs and campaigns: true to its work orders, and no archived one altered by them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.domain.policy import default_pack
from console.domain.states import Channel, TicketState
from console.ledger.campaigns import codes_of, names_of
from db.demo.build import build_demo
from db.engine import Database, open_database
from db.manifests import broken_seals
from db.models import PoliceTransfer, Ticket, TicketCampaign

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("demo") / "demo.db"
    build_demo(path, NOW)
    return open_database(f"sqlite:///{path}")


def test_every_110_matter_has_its_hand_over(demo: Database) -> None:
    with demo.reading() as session:
        here = session.scalars(select(Ticket.id).where(Ticket.channel == Channel.POLICE_110)).all()
        rows = session.scalars(select(PoliceTransfer).where(PoliceTransfer.direction == "in")).all()
        assert {row.ticket_id for row in rows} == set(here)
        assert len(rows) == len(here) > 20
        for row in rows:
            waits = session.get_one(Ticket, row.ticket_id).state is TicketState.PENDING_ACCEPT
            assert (row.result, row.settled_at is None) == (
                "pending" if waits else "accepted",
                waits,
            )


def test_campaigns_on_the_work_order_are_those_of_the_rows(demo: Database) -> None:
    pack = default_pack()
    with demo.reading() as session:
        tagged = session.scalars(select(Ticket).where(Ticket.special_tags != "")).all()
        assert len(tagged) > 20
        for ticket in tagged:
            names = names_of(pack, codes_of(session, pack, ticket.id))
            assert "、".join(names) == ticket.special_tags
        in_rows = session.scalar(select(func.count(func.distinct(TicketCampaign.ticket_id))))
        assert in_rows == len(tagged)
        assert not list(broken_seals(session))
