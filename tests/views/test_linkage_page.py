"""110联动 by keyboard alone, on real services and a real database."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtTest import QTest
from sqlalchemy import select

from console.domain.changes import Changed, Topic
from console.domain.linkage import Basis, Incoming, Pile, Result, Side
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.jobs import Jobs
from console.services.amending import Amending
from console.services.linkage import Linkage
from console.services.orders import Orders
from console.views.linkage import LinkagePage
from db.models import PoliceTransfer, Ticket
from tests.journeys import dispatch, open_ticket
from tests.screens_linkage import SHEET
from tests.views.test_desks import Stage
from tests.world import seat_for

SAID = "宝丽西街123号门面前路面井盖缺失，希望尽快修复。"


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def stage(qtbot, jobs, world):
    seat = seat_for(world, Role.AGENT)
    page = LinkagePage(jobs, Linkage(seat), Orders(seat))
    return Stage(qtbot, jobs, world, Role.AGENT, Workplace.LINKAGE, page)


def ticket(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def test_a_sheet_pasted_into_the_form_is_taken_in_and_accepted(stage, world, qtbot) -> None:
    page = stage.page
    stage.press("Ctrl+N")
    sheet = QMimeData()
    sheet.setText(SHEET)
    page.side.incoming.content.insertFromMimeData(sheet)
    values = page.side.incoming.collect()
    assert (values.name, values.handed_by, values.police_no) == ("叶长青", "0231", "JQ202611220058")
    stage.press("F8")
    qtbot.waitUntil(lambda: page.side.at == "judge" and page.accept.isEnabled())
    assert page.panel.pile == Pile.INCOMING
    stage.press("F8")
    qtbot.waitUntil(lambda: ticket(world, 1).state is TicketState.PENDING_DISPATCH)
    assert stage.errors == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_of_110_dropped_onto_the_content_fills_the_form(
    stage, qtbot, tmp_path, encoding
) -> None:
    page = stage.page
    path = tmp_path / "移交单.txt"
    path.write_bytes(SHEET.encode(encoding))
    stage.press("Ctrl+N")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    page.side.incoming.content.insertFromMimeData(dropped)
    qtbot.waitUntil(lambda: page.side.incoming.collect().police_no == "JQ202611220058")
    path.write_bytes(b"\x00\xff\xfe" * 9)
    page.side.incoming.content.insertFromMimeData(dropped)
    qtbot.waitUntil(lambda: page.side.incoming.fields["content"].has_error)


def test_refusing_asks_beside_the_fields_and_what_is_typed_stays(stage, world, qtbot) -> None:
    page = stage.page
    Linkage(seat_for(world, Role.AGENT)).take_in(Incoming("k", content=SAID))
    page.reload()
    qtbot.waitUntil(lambda: page.panel.table.records.rowCount() == 1)
    page.panel.table.selectRow(0)
    qtbot.waitUntil(lambda: page.back.isEnabled())
    page.side.judge.reason.put("属治安案件")
    stage.press("Ctrl+B")
    field = page.side.judge.fields["receiver"]
    qtbot.waitUntil(lambda: field.has_error)
    assert page.side.judge.reason.text == "属治安案件"
    page.side.judge.receiver.put("0231")
    stage.press("Ctrl+B")
    qtbot.waitUntil(lambda: ticket(world, 1).state is TicketState.REJECTED)
    with world.reading() as session:
        assert session.scalars(select(PoliceTransfer)).one().result == Result.REFUSED


def test_a_matter_of_the_pool_is_given_with_f9(stage, world, qtbot) -> None:
    page, ticket_id = stage.page, open_ticket(world)
    page.show_ticket(ticket_id)
    qtbot.waitUntil(lambda: page.side.at == "give" and page.give.isEnabled())
    qtbot.waitUntil(page.side.give.receiver.hasFocus)
    QTest.keyClicks(page.side.give.receiver, "0231")
    stage.press("F9")
    qtbot.waitUntil(lambda: ticket(world, ticket_id).state is TicketState.ANSWERED)
    qtbot.waitUntil(lambda: page.side.at == "hand_back")


def test_what_110_hands_back_says_what_the_rule_says(stage, world, qtbot) -> None:
    page, ticket_id = stage.page, open_ticket(world)
    Linkage(seat_for(world, Role.AGENT)).give(ticket_id, "0231", Basis.DUTY)
    page.panel.show_pile(Pile.GIVEN.value)
    qtbot.waitUntil(lambda: page.panel.table.records.rowCount() == 1)
    page.panel.table.selectRow(0)
    form = page.side.hand_back
    qtbot.waitUntil(lambda: page.side.at == "hand_back" and page.back.isEnabled())
    assert form.rule.text() == "12345 先接到，按首接规则由 12345 受理"
    assert form.consent.isHidden()
    form.first_side.choose(Side.POLICE)
    assert "须两个中心都同意" in form.rule.text()
    form.reason.put("非警务")
    form.receiver.put("0231")
    stage.press("Ctrl+B")
    qtbot.waitUntil(lambda: form.fields["agreed"].has_error)
    form.agreed.put("周正、张警官")
    stage.press("Ctrl+B")
    qtbot.waitUntil(lambda: ticket(world, ticket_id).state is TicketState.PENDING_DISPATCH)


def test_danger_typed_is_shown_at_once(stage, qtbot) -> None:
    page = stage.page
    stage.press("Ctrl+N")
    page.side.incoming.content.put("有人持刀打架")
    qtbot.waitUntil(lambda: not page.side.typed_danger.isHidden())
    assert "请立即转 110" in page.side.typed_danger.words.text()


def test_counts_are_shown_with_their_formula(stage, world, qtbot) -> None:
    page = stage.page
    agent = Linkage(seat_for(world, Role.AGENT))
    agent.accept(agent.take_in(Incoming("k", content=SAID)).ids[0])
    page.reload()
    qtbot.waitUntil(lambda: page.figures.figures["came"].number.text() == "1")
    assert "我方受理 ÷ 110转来 = 1 ÷ 1 = 100.00%" in page.figures.formula.text()
    assert page.figures.figures["given"].moved.text() == "环比 —　同比 —"


def test_what_is_typed_stays_while_a_colleague_moves_the_matter(stage, world, jobs) -> None:
    """Registered only, then a colleague accepts it: it can still be handed to 110, and what was typed is there."""
    ticket_id = open_ticket(world)
    stage.page.show_ticket(ticket_id)
    stage.until(lambda: stage.page.side.at == "give" and stage.page.give.isEnabled())
    form = stage.page.side.give
    form.receiver.setText("0231")
    amending = Amending(seat_for(world, Role.SUPERVISOR))
    base = amending.open(ticket_id).form
    jobs.announce(amending.amend(replace(base, title="路口有人争执", reason="属实"), base))
    stage.until(lambda: stage.page.case.row.title == "路口有人争执")
    assert form.receiver.text() == "0231"
    dispatch(world, ticket_id)
    jobs.announce(Changed(frozenset({Topic.TICKETS}), (ticket_id,)))
    stage.until(lambda: "现为“待签收”" in stage.said)
    assert stage.said.startswith(seat_for(world, Role.DISPATCHER).operator.name)
