"""A confidential caller named in the title is struck out of every list, at the price of one statement a page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from console.domain.forms import FormKind
from console.domain.inbox import InboxTab
from console.domain.linkage import Incoming, Pile
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.reports import Criteria, Stage
from console.domain.roles import Role
from console.domain.states import SupervisionLevel, TicketState
from console.domain.supervision import Watch, WatchCriteria
from console.domain.withholding import WITHHELD
from console.domain.worktime import civil_date
from console.ledger import Entry, Ledger, promises
from console.ledger.papers.lists import supervision_ledger
from console.ledger.supervision import open_supervision
from console.services.finding import Finding
from console.services.handling import Handling
from console.services.linkage import Linkage
from console.services.supervising import Supervising
from console.services.supervising.overrides import overrides
from console.services.verifying import Verifying
from db.models import Appellant, GateOverride, NotifyCopy, Suspension, Ticket
from db.search import index_ticket
from tests.journeys import DEPARTMENT, GRID, STREET, dispatched, open_ticket
from tests.services.intake_desk import statements
from tests.services.test_handover import desk as handover
from tests.services.test_reports import desk
from tests.world import operator, seat_for

NAME, PHONE = "叶长青", "19900001234"
TITLE = "叶长青（199 0000 1234）举报油污直排"


def hide(db, ticket_id: int) -> int:
    """Make it confidential, with its caller in its title."""
    with db.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.title, ticket.confidential = TITLE, True
        ticket.creator_id = operator(Role.SUPERVISOR).account_id
        session.add(
            Appellant(
                ticket_id=ticket_id, main=True, name=NAME, phone=PHONE,
                joined_at=datetime.now(UTC),
            )
        )  # fmt: skip
        index_ticket(session, ticket_id, "油污直排")
    return ticket_id


def secret(db, **changes) -> int:
    return hide(db, dispatched(db, **changes))


def is_struck(title: str) -> bool:
    return WITHHELD in title and NAME not in title and "1234" not in title


@pytest.mark.parametrize("tab", [InboxTab.TO_SIGN, InboxTab.IN_HAND])
def test_in_the_piles_of_a_unit(world, tab: InboxTab) -> None:
    first, street = secret(world), Handling(seat_for(world, Role.STREET_DESK, STREET))
    secret(world)
    if tab is InboxTab.IN_HAND:
        for row in street.inbox(InboxTab.TO_SIGN):
            street.sign(row.id)
    with statements(world) as sent:
        rows = street.inbox(tab)
    assert len(sent) == 2
    assert [is_struck(row.title) for row in rows] == [True, True]
    assert is_struck(street.open(first).own.title)


def test_in_the_piles_of_copies_and_verification(world) -> None:
    ticket_id = secret(world)
    worker = seat_for(world, Role.GRID_WORKER, GRID)
    with world.writing.begin() as session:
        session.add(NotifyCopy(ticket_id=ticket_id, unit_id=DEPARTMENT, told_at=datetime.now(UTC)))
        session.execute(update(Ticket).values(state=TicketState.PENDING_VERIFY))
    liaison = Handling(seat_for(world, Role.LIAISON, DEPARTMENT))
    (copied,) = liaison.inbox(InboxTab.COPIES)
    (waiting,) = Verifying(worker).queue()
    assert is_struck(copied.title)
    assert is_struck(liaison.open_other(ticket_id).own.title)
    assert is_struck(waiting.title)
    assert is_struck(Verifying(worker).open(ticket_id).own.title)


def test_on_the_board_the_list_of_overrides_and_the_ledger(world) -> None:
    ticket_id = secret(world)
    seat = seat_for(world, Role.INSPECTOR)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.supervision = SupervisionLevel.YELLOW
        now = seat.now(session)
        open_supervision(session, seat, ticket, SupervisionLevel.YELLOW, "群众不满意")
        words = f"已告知{NAME}"
        session.add(
            GateOverride(ticket_id=ticket_id, finding="无记录", explanation=words, at=now, by="甲")
        )
    with statements(world) as sent:
        (row,) = Supervising(seat).watch(WatchCriteria(Watch.SUPERVISED)).rows
    assert is_struck(row.row.title)
    assert len(sent) == 2
    with world.reading() as session:
        (judged,) = overrides(session, seat, judged=False)
        today = (datetime.now(UTC) + timedelta(hours=8)).date()
        ledger = supervision_ledger(session, seat, today, today)
    assert is_struck(judged.title)
    assert NAME not in judged.explanation
    assert is_struck(ledger.rows[0].title)


@pytest.mark.unguarded
def test_whoever_may_know_the_caller_reads_the_title_as_it_was_written(world) -> None:
    ticket_id = secret(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).supervision = SupervisionLevel.YELLOW
    overseer = Supervising(seat_for(world, Role.OVERSEER))
    (row,) = overseer.watch(WatchCriteria(Watch.SUPERVISED)).rows
    assert row.row.title == mask_text(TITLE)


def test_in_what_the_finder_and_the_report_desk_find(world) -> None:
    ticket_id = secret(world)
    groups = Finding(seat_for(world, Role.DISPATCHER)).find("油污直排")
    hits = [hit for group in groups for hit in group.hits if hit.id == ticket_id]
    assert [is_struck(hit.text) for hit in hits] == [True]
    reports = desk(world, Role.DISPATCHER)
    rows = reports.orders(Criteria(stage=Stage.OPEN)).rows
    assert [is_struck(row.ticket.title) for row in rows] == [True]
    assert is_struck(reports.find(ticket_id, FormKind.TICKET_FORM).ticket.title)


def test_in_the_queues_of_the_linkage_desk(world) -> None:
    agent = Linkage(seat_for(world, Role.AGENT))
    ticket_id = agent.take_in(Incoming(key="k", content="商户油污直排河道，气味难闻")).ids[0]
    hide(world, ticket_id)
    (row,) = agent.queue(Pile.INCOMING).rows
    assert is_struck(row.title)


def test_on_the_handover(world) -> None:
    ticket_id = secret(world)
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        soon = seat.now(session) + timedelta(hours=2)
        promises.make_promise(session, seat, ticket_id, f"给{NAME}回电", soon)
        past = seat.now(session) - timedelta(days=1)
        session.execute(update(Ticket).values(finish_due=past))
    held = secret(world)
    Handling(seat_for(world, Role.STREET_DESK, STREET)).sign(held)
    with world.writing.begin() as session:
        overseer = seat_for(world, Role.OVERSEER)
        resume = {"reason": "等待检测结果", "resume_on": "2020-01-01"}
        Ledger(overseer).move(session, held, Entry(Move.SUSPEND, resume))
        now = overseer.now(session)
        session.add(
            Suspension(
                ticket_id=held, reason_kind="1", reason="等待检测结果", since=now,
                resume_on=civil_date(now), by="甲",
            )
        )  # fmt: skip
    shift = handover(world, role=Role.DISPATCHER).shift()
    (line,) = shift.promises
    assert is_struck(line.title)
    assert NAME not in line.what
    assert [is_struck(row.title) for row in shift.lit] == [True]
    assert [is_struck(row.title) for row in shift.held] == [True]


def test_a_plain_one_costs_nothing(world) -> None:
    open_ticket(world, title=TITLE)
    dispatched(world)
    with statements(world) as sent:
        Handling(seat_for(world, Role.STREET_DESK, STREET)).inbox(InboxTab.TO_SIGN)
    assert len(sent) == 1
