"""At the first start of the demo every workplace has something to show, and its numbers go on from there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.knowledge import Pile
from console.domain.policy import default_pack
from console.domain.roles import Operator, Role
from console.domain.states import SupervisionLevel, TicketState
from console.domain.worktime import civil_date
from console.services.knowledge.reading import pile_condition
from db.demo.build import build_demo
from db.engine import Database, open_database
from db.models import (
    Account,
    JointSheet,
    KnowledgeEntry,
    MediationRound,
    NotifyCopy,
    NumberLease,
    PoliceTransfer,
    Promise,
    Supervision,
    Ticket,
    TicketEvent,
    Urging,
    Verification,
)

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("desks") / "demo.db"
    build_demo(path, NOW)
    return open_database(f"sqlite:///{path}")


def _street(session: Session) -> int:
    query = select(Account.unit_id).where(Account.role == Role.STREET_DESK.value)
    return session.scalars(query.order_by(Account.id).limit(1)).one()


def test_notices_have_points_and_numbers_of_the_series(demo: Database) -> None:
    penalties = default_pack().supervision.penalties
    with demo.reading() as session:
        for table, kind, letter in ((Supervision, "notice", "督"), (Urging, "urging", "催")):
            rows = session.scalars(select(table)).all()
            numbers = [row.document_no for row in rows]
            assert len(set(numbers)) == len(numbers) > 20
            assert all(number.startswith(f"示政热{letter}〔20") for number in numbers)
            leases = session.scalars(select(NumberLease).where(NumberLease.kind == kind)).all()
            assert sum(lease.high for lease in leases) == len(rows)
        for row in session.scalars(select(Supervision)):
            assert row.penalty == penalties.get(SupervisionLevel(row.level), 0)
            assert row.unit_id is not None


def test_the_street_has_copies_to_read_and_disputes_that_were_mediated(demo: Database) -> None:
    with demo.reading() as session:
        copies = session.scalars(select(NotifyCopy).where(NotifyCopy.unit_id == _street(session)))
        assert sorted(row.read_at is None for row in copies) == [False, True, True, True]
        mediated = set(session.scalars(select(MediationRound.ticket_id)))
        disputes = set(session.scalars(select(Ticket.id).where(Ticket.dispute)))
        assert disputes == mediated
        assert len(disputes) >= 3
        signed = select(Verification.id).where(
            Verification.ticket_id.in_(disputes), Verification.signed_off
        )
        assert session.scalar(signed.limit(1)) is not None
        in_log = select(TicketEvent.ticket_id).where(TicketEvent.move == "amend")
        assert disputes <= set(session.scalars(in_log))


def test_promises_fall_due_today(demo: Database) -> None:
    with demo.reading() as session:
        open_ones = session.scalars(select(Promise.due).where(Promise.kept_at.is_(None)))
        today = [due for due in open_ones if civil_date(due) == civil_date(NOW)]
    assert len(today) >= 3


def test_one_joint_sheet_is_open_and_one_concluded(demo: Database) -> None:
    with demo.reading() as session:
        sheets = session.scalars(select(JointSheet).order_by(JointSheet.concluded_at)).all()
        tickets = [session.get_one(Ticket, sheet.ticket_id) for sheet in sheets]
    assert [bool(sheet.conclusion) for sheet in sheets] == [False, True]
    assert all(ticket.return_count == 3 for ticket in tickets)
    assert tickets[0].state is TicketState.PENDING_DISPATCH


def test_hand_overs_go_both_ways(demo: Database) -> None:
    with demo.reading() as session:
        query = select(PoliceTransfer.direction, PoliceTransfer.result, func.count())
        groups = session.execute(query.group_by(PoliceTransfer.direction, PoliceTransfer.result))
        found = {(way, result): count for way, result, count in groups}
    assert found["out", "accepted"] == 3
    assert found["out", "refused"] == 1
    assert found["in", "accepted"] > 0


def test_the_knowledge_base_has_something_in_every_list_of_its_editors(demo: Database) -> None:
    with demo.reading() as session:
        editor = session.scalars(select(Account).where(Account.role == Role.KB_EDITOR.value)).one()
        cited = session.scalar(select(func.count()).where(Ticket.knowledge_id.is_not(None)))
        used = session.scalar(select(func.sum(KnowledgeEntry.hit_count)))
        for pile in Pile:
            condition = pile_condition(session, pile, _operator(editor), civil_date(NOW))
            count = select(func.count()).select_from(KnowledgeEntry).where(condition)
            assert session.scalar(count), pile
        answering = set(session.scalars(select(KnowledgeEntry.responsible_unit)))
        assert used == cited > 100
        assert "所在街道" in answering
        assert not any(unit.isascii() for unit in answering)


def _operator(account: Account) -> Operator:
    return Operator(account.id, account.agent_no, account.name, Role(account.role), 1, "", "990101")
