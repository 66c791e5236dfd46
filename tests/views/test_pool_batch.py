"""Many work orders at once in the pool: ticked by keyboard, done one by one, failures kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from console.domain.desks import BulkResult
from console.domain.moves import Move
from console.domain.orders import Criteria, Stage
from console.domain.roles import Role
from console.domain.states import TicketState
from console.jobs import Jobs
from console.ledger import Entry
from console.services.archiving import Archiving
from console.services.dispatching import Dispatching
from console.services.merging import Merging
from console.services.orders import Orders
from console.services.supervising import Supervising
from console.services.tallies import Tallies
from console.settings import Settings
from console.theme import Scheme, Theme
from console.views.orders import OrdersPage
from console.views.orders.services import Act, acts_of
from db.models import Appellant, Ticket, TicketCampaign, Urging
from tests.desks import closed, move
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket
from tests.world import seat_for


class Desks:
    """The desks behind the batch panel at one seat."""

    def __init__(self, seat) -> None:
        self.dispatching, self.supervising = Dispatching(seat), Supervising(seat)
        self.archiving, self.tallies = Archiving(seat), Tallies(seat)
        self.merging = Merging(seat)


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    made.faults = []
    made.unhandled.connect(made.faults.append)
    yield made
    made.close()
    assert made.faults == []


@pytest.fixture
def pool(qtbot, jobs, world, tmp_path):
    def make(role: Role = Role.SUPERVISOR, number: int = 0) -> OrdersPage:
        Theme(QApplication.instance(), Scheme.LIGHT)
        seat = seat_for(world, role)
        page = OrdersPage(jobs, Orders(seat), Settings(tmp_path / "s.json"), Desks(seat), role)
        page.heard = []
        page.said.connect(lambda words, _tone: page.heard.append(words))
        qtbot.addWidget(page)
        page.resize(1440, 860)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        qtbot.waitUntil(lambda: page.table.records.rowCount() == number)
        page.table.setFocus()
        return page

    return make


def ids_ticked(page: OrdersPage) -> set[int]:
    return {row.id for row in page.table.records.checked()}


def states(world, ids) -> list[int | None]:
    with world.reading() as session:
        return [session.get_one(Ticket, key).holder_unit_id for key in ids]


def choose_unit(qtbot, page: OrdersPage, letters: str) -> None:
    unit = page.batch.unit
    unit.setFocus()
    QTest.keyClicks(unit, letters)
    qtbot.waitUntil(lambda: unit.is_open)
    QTest.keyClick(unit, Qt.Key.Key_Return)


def test_fifty_are_reassigned_at_shift_change_with_one_reason(qtbot, world, pool) -> None:
    ids = [dispatched(world, title=f"第{at}件") for at in range(50)]
    signed = ids[7]
    move(world, signed, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    page = pool(number=50)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(ids_ticked(page)) == 50
    panel = page.batch
    assert page.right.currentWidget() is panel
    assert panel.act.value is Act.REASSIGN
    choose_unit(qtbot, page, "csglj")
    panel.reason.put("交接班改派")
    seen: list[tuple[int, int]] = []
    panel.run.progressed.connect(lambda at, total: seen.append((at, total)))
    with qtbot.waitSignal(panel.run.finished, timeout=60_000):
        QTest.keyClick(panel.reason, Qt.Key.Key_F8)
    assert seen[0] == (0, 50)
    assert len(seen) == 50
    assert states(world, ids) == [STREET if key == signed else DEPARTMENT for key in ids]
    outcome = next(o for o in panel.list.outcomes if o.id == signed)
    assert (outcome.done, "已签收" in outcome.words) == (False, True)
    assert ids_ticked(page) == {signed}
    assert page.heard[-1] == "改派 49 件，1 件没有成，原因见列表，仍勾着"
    assert panel.go.text() == "再办理 1 件"


def test_space_ticks_and_shift_ticks_a_range_and_esc_lets_go(qtbot, world, pool) -> None:
    for _ in range(4):
        dispatched(world)
    page = pool(number=4)
    table = page.table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert len(ids_ticked(page)) == 1
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert ids_ticked(page) == set()
    assert page.right.currentWidget() is page.case
    table.selectRow(0)
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(ids_ticked(page)) == 3
    assert page.batch.go.text() == "办理 3 件"


def test_a_stop_leaves_nothing_half_done(qtbot, world, pool) -> None:
    ids = [dispatched(world) for _ in range(12)]
    page = pool(number=12)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    choose_unit(qtbot, page, "csglj")
    page.batch.reason.put("交接班改派")
    page.batch.run.progressed.connect(page.batch.run.cancel)
    with qtbot.waitSignal(page.batch.run.finished, timeout=20_000) as ended:
        page.batch.begin()
    result: BulkResult = ended.args[0]
    assert len(result.done) == 1
    with world.reading() as session:
        query = select(func.count()).where(Ticket.state == TicketState.PENDING_SIGN)
        assert session.scalar(query) == 12
    assert sorted(states(world, ids)).count(DEPARTMENT) == 1
    assert len(ids_ticked(page)) == 11
    assert "余 11 件未动" in page.heard[-1]


def test_many_are_urged_and_each_has_its_letter(qtbot, world, pool) -> None:
    for _ in range(3):
        dispatched(world)
    page = pool(number=3)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.batch.act.choose(Act.URGE)
    page.batch.begin()
    assert page.batch.fields["reason"].has_error
    page.batch.reason.put("临近时限，请加快办理")
    with qtbot.waitSignal(page.batch.run.finished, timeout=20_000):
        page.batch.begin()
    with world.reading() as session:
        assert session.scalar(select(func.count(Urging.id))) == 3


def test_many_are_put_into_a_campaign_beside_what_they_are_in(qtbot, world, pool) -> None:
    ids = [dispatched(world) for _ in range(3)]
    codes = [c.code for c in Tallies(seat_for(world, Role.SUPERVISOR)).campaigns()]
    Tallies(seat_for(world, Role.SUPERVISOR)).tag(ids[0], None, (codes[0],))
    page = pool(number=3)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.batch.act.choose(Act.TAG)
    qtbot.waitUntil(lambda: bool(page.batch.campaigns._boxes))
    page.batch.campaigns._boxes[codes[1]].setChecked(True)
    with qtbot.waitSignal(page.batch.run.finished, timeout=20_000):
        page.batch.begin()
    with world.reading() as session:
        assert session.scalar(select(func.count(TicketCampaign.ticket_id))) == 4


def test_many_are_archived_and_a_supervised_one_says_why_not(qtbot, world, pool) -> None:
    ids = [closed(world) for _ in range(2)]
    with world.writing.begin() as session:
        session.get_one(Ticket, ids[0]).supervision = 1
    open_ticket(world)
    page = pool(number=1)
    page.show_criteria(Criteria(stage=Stage.CLOSED))
    qtbot.waitUntil(lambda: page.table.records.rowCount() == 2)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.batch.act.choose(Act.ARCHIVE)
    with qtbot.waitSignal(page.batch.run.finished, timeout=20_000):
        page.batch.begin()
    outcomes = {o.id: o for o in page.batch.list.outcomes}
    assert (outcomes[ids[0]].done, outcomes[ids[1]].done) == (False, True)
    assert "督办" in outcomes[ids[0]].words


def test_who_may_do_nothing_to_many_is_offered_nothing(qtbot, world, pool) -> None:
    dispatched(world)
    assert acts_of(Role.AGENT) == ()
    page = pool(Role.AGENT, number=1)
    assert page.batch is None
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert ids_ticked(page) == set()
    assert [act for act, _ in acts_of(Role.CLERK)] == [Act.ARCHIVE]


def people(world, ticket_id: int) -> int:
    with world.reading() as session:
        query = select(func.count(Appellant.id)).where(Appellant.ticket_id == ticket_id)
        return session.scalar(query)


def called_from(world, ticket_id: int, phone: str) -> None:
    with world.writing.begin() as session:
        there = select(Appellant).where(Appellant.ticket_id == ticket_id)
        caller = session.scalar(there) or Appellant(ticket_id=ticket_id, main=True, name="叶长青")
        caller.phone, caller.joined_at = phone, session.get_one(Ticket, ticket_id).created_at
        session.add(caller)


def test_several_are_merged_into_the_first_and_are_a_gathered_matter(qtbot, world, pool) -> None:
    """集中反映: one main work order, everyone on it, each with a callback of his own."""
    ids = [dispatched(world, title=f"第{at}件") for at in range(5)]
    for at, id_ in enumerate(ids):
        called_from(world, id_, f"1990000100{at}")
    page = pool(Role.DISPATCHER, 5)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    panel = page.batch
    panel.act.choose(Act.MERGE)
    assert panel.fields["main_number"].isVisible()
    assert not panel.fields["reason"].isVisible()
    with world.reading() as session:
        assert panel._main_number() == session.get_one(Ticket, ids[0]).number
    with qtbot.waitSignal(panel.run.finished, timeout=60_000):
        panel.begin()
    with world.reading() as session:
        found = [session.get_one(Ticket, id_) for id_ in ids]
        assert [one.state for one in found[1:]] == [TicketState.MERGED] * 4
        assert found[0].state is TicketState.PENDING_SIGN
        assert "集中反映" in found[0].special_tags
    assert people(world, ids[0]) == 5
    assert page.heard[-1] == "合并 5 件"


def test_one_alone_is_not_merged_and_a_wrong_number_is_said(qtbot, world, pool) -> None:
    dispatched(world)
    page = pool(Role.DISPATCHER, 1)
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    panel = page.batch
    panel.act.choose(Act.MERGE)
    panel.begin()
    assert not panel.run.is_running
    assert "另勾选" in panel.fields["main_number"].error.text()
    panel.main.setFocus()
    panel.main.selectAll()
    QTest.keyClicks(panel.main, "20200101010000018")
    with qtbot.waitSignal(panel.run.finished, timeout=20_000):
        panel.begin()
    assert "没有这个编号的工单" in panel.list.outcomes[0].words
