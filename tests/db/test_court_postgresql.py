"""Returns, merging and splitting where locks matter: several consoles on one PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from console.domain.corrections import Half, SplitForm
from console.domain.desks import DispatchForm
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.orders import Criteria
from console.domain.piles import Pile
from console.domain.roles import Role
from console.domain.states import TicketState
from console.services.amending import Amending
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from console.services.merging import Merging
from console.services.orders import Orders
from console.services.splitting import Splitting
from db.engine import Database, open_database
from db.models import Appellant, JointSheet, Ticket, TicketEvent
from db.setup import upgrade
from tests import server
from tests.journeys import DEPARTMENT, STREET, dispatch, dispatched, open_ticket, version_of
from tests.services.court import ask_return, grant, returned, sent_round
from tests.services.test_corrections import TWO
from tests.services.test_merging import caller
from tests.world import fill_world, seat_for


@pytest.fixture(scope="module")
def city() -> Iterator[Database]:
    with server.server_url() as url:
        upgrade(url)
        database = open_database(url)
        fill_world(database)
        with database.writing.begin() as session:
            for table in ("unit", "account", "staff", "person", "ticket"):
                session.execute(
                    text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)")
                )
        yield database
        database.close()


def ticket_of(db: Database, ticket_id: int) -> Ticket:
    with db.reading() as session:
        return session.get_one(Ticket, ticket_id)


def all_at_once(*works) -> list[object]:
    """What each returned, or the sentence it was refused with."""

    def run(work) -> object:
        try:
            return work()
        except UserError as error:
            return error.text

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_the_court_reads_and_counts_as_on_sqlite(city: Database) -> None:
    ticket_id = sent_round(city, STREET, DEPARTMENT, 11)
    desk = Dispatching(seat_for(city, Role.DISPATCHER))
    shown = desk.help(ticket_id)
    assert shown.sheet.units == "清河街道办事处、城市管理局、明月街道办事处"
    assert all(unit.record is not None for unit in shown.units)
    waiting = returned(city)
    heard = Deciding(seat_for(city, Role.DISPATCHER)).returning(waiting)
    assert heard.window.is_open
    assert desk.counts()[Pile.RETURNS] == 1
    assert [row.id for row in desk.queue(Pile.RETURNS).rows] == [waiting]
    assert desk.queue(Pile.EXTENSIONS).rows == ()


def test_two_dispatchers_grant_one_return_once(city: Database) -> None:
    ticket_id = sent_round(city, STREET, DEPARTMENT)
    dispatch(city, ticket_id, 11)
    ask_return(city, ticket_id, 11)
    seen = version_of(city, ticket_id)

    def decide() -> str:
        desk = Deciding(seat_for(city, Role.DISPATCHER))
        return desk.decide(ticket_id, Move.GRANT_RETURN, "", seen).words

    answers = all_at_once(*[decide] * 4)
    assert answers.count("已同意退单，已退 3 次，转会商") == 1
    assert sum("刚有变动：您本人" in str(answer) for answer in answers) == 3
    with city.reading() as session:
        query = select(func.count(JointSheet.id)).where(JointSheet.ticket_id == ticket_id)
        assert session.scalar(query) == 1


def test_two_merged_into_each_other_end_as_one_and_nobody_waits_for_ever(city: Database) -> None:
    one, other = open_ticket(city), open_ticket(city)
    caller(city, one, "19900005551")
    caller(city, other, "19900005552")

    def merge(ticket_id: int, main_id: int) -> str:
        desk = Merging(seat_for(city, Role.DISPATCHER))
        return desk.merge(ticket_id, main_id, version_of(city, ticket_id)).number

    answers = all_at_once(lambda: merge(one, other), lambda: merge(other, one))
    states = {ticket_of(city, key).state for key in (one, other)}
    assert states == {TicketState.MERGED, TicketState.PENDING_DISPATCH}
    assert sum(str(answer).isdigit() for answer in answers) == 1


def test_many_join_one_main_at_once_and_all_are_kept(city: Database) -> None:
    main_id = open_ticket(city)
    caller(city, main_id, "19900006660")
    ids = [open_ticket(city) for _ in range(6)]
    for at, ticket_id in enumerate(ids):
        caller(city, ticket_id, f"1990000666{at + 1}")

    def merge(ticket_id: int) -> str:
        desk = Merging(seat_for(city, Role.DISPATCHER))
        return desk.merge(ticket_id, main_id, version_of(city, ticket_id)).number

    answers = all_at_once(*[lambda key=key: merge(key) for key in ids])
    assert all(str(answer).isdigit() for answer in answers), answers
    with city.reading() as session:
        people = select(func.count(Appellant.id)).where(Appellant.ticket_id == main_id)
        assert session.scalar(people) == 7
    for ticket_id in ids:
        Merging(seat_for(city, Role.DISPATCHER)).unmerge(ticket_id, "不是同一事项")
    with city.reading() as session:
        assert session.scalar(people) == 1
    assert ticket_of(city, main_id).special_tags == ""


def test_a_split_and_a_reassignment_at_once_leave_whole_work_orders(city: Database) -> None:
    ticket_id = open_ticket(city, content=TWO)
    seen = version_of(city, ticket_id)
    form = SplitForm(
        ticket_id, seen, "下水道堵塞", "路灯不亮", (Half.KEPT, Half.KEPT, Half.NEW, Half.BOTH)
    )

    def split() -> object:
        return Splitting(seat_for(city, Role.DISPATCHER)).split(form).number

    def send() -> object:
        sent = DispatchForm(ticket_id, seen, STREET)
        return Dispatching(seat_for(city, Role.DISPATCHER)).dispatch(sent).number

    answers = all_at_once(split, send)
    assert sum("刚有变动" in str(answer) or "待签收" in str(answer) for answer in answers) == 1
    with city.reading() as session:
        log = select(TicketEvent.move).where(TicketEvent.ticket_id == ticket_id)
        assert len(session.scalars(log).all()) == 2


def test_fifty_reassigned_while_units_sign_are_either_moved_or_left(city: Database) -> None:
    from console.services.handling import Handling

    ids = [dispatched(city) for _ in range(12)]

    def sign() -> None:
        for ticket_id in ids[::2]:
            try:
                Handling(seat_for(city, Role.STREET_DESK, STREET)).sign(ticket_id)
            except UserError:
                continue

    def reassign() -> int:
        moved = 0
        for ticket_id in ids:
            try:
                desk = Dispatching(seat_for(city, Role.SUPERVISOR))
                desk.reassign(ticket_id, DEPARTMENT, "交接班改派")
                moved += 1
            except UserError:
                continue
        return moved

    all_at_once(sign, reassign)
    for ticket_id in ids:
        after = ticket_of(city, ticket_id)
        expected = (
            TicketState.IN_PROGRESS if after.holder_unit_id == STREET else TicketState.PENDING_SIGN
        )
        assert after.state is expected
        assert after.holder_unit_id in (STREET, DEPARTMENT)


def test_amending_titles_and_drafts_read_the_same(city: Database) -> None:
    from dataclasses import replace

    from console.domain.states import Urgency

    told = {"title": "叶长青反映邻居报复", "confidential": True}
    ticket_id = open_ticket(city, **told)
    caller(city, ticket_id, "19900007777", "叶长青")
    rows = Orders(seat_for(city, Role.DISPATCHER)).page(Criteria(text="报复")).rows
    assert [row.title for row in rows] in ([], ["（保密）反映邻居报复"])
    desk = Amending(seat_for(city, Role.DISPATCHER))
    wanted = replace(desk.open(ticket_id).form, urgency=Urgency.CRITICAL, reason="危及人身")
    assert desk.preview(wanted).moves_limit
    desk.amend(wanted)
    rows = Orders(seat_for(city, Role.DISPATCHER)).page(Criteria(text="报复")).rows
    assert [row.title for row in rows] == ["（保密）反映邻居报复"]
    grant(city, returned(city))
