"""What the review of issue 3 found without a window: each reached by its own person, by hand (docs/conformity.md)."""

from dataclasses import replace

import pytest
from shiboken6 import isValid

from console.domain.moves import Move
from console.domain.roles import Operator, Role, Workplace
from console.domain.states import TicketState
from console.views.cases.amend_dialog import AmendDialog
from console.views.cases.reason_dialog import ReasonDialog, WithdrawDialog
from console.views.orders.blocked import BlockedDialog
from db.models import Account, Ticket
from tests.desks import replied
from tests.journeys import open_ticket
from tests.services.test_blocking import harass
from tests.services.test_ending import PHONE, told_by

CHIEF = Operator(71, "S001", "街道主任", Role.LEADER, 10, "清河街道办事处", "990101001")
ELSEWHERE = replace(
    CHIEF, account_id=72, unit_id=11, unit_name="明月街道办事处", unit_code="990101002"
)


def state(world, ticket_id: int) -> TicketState:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id).state


class Pool:
    """The pool of a whole console, with one work order open."""

    def __init__(self, qtbot, running, who: Role | Operator, ticket_id: int) -> None:
        if isinstance(who, Role):
            running.open(who)
        else:
            running.console.open_window(who)
        self.qtbot, self.running = qtbot, running
        self.window = running.console.window
        self.window.show_place(Workplace.ORDERS)
        self.page = self.window.pages[Workplace.ORDERS]
        self.page.show_ticket(ticket_id)
        qtbot.waitUntil(lambda: self.page.case.case is not None, timeout=10_000)

    @property
    def offered(self) -> set[Move]:
        return set(self.page.case.foot._shown)

    def choose(self, move: Move, kind: type):
        assert move in self.offered
        self.page.case.foot.chosen.emit(move)
        return self.window.findChildren(kind)[-1]

    def accept(self, dialog) -> None:
        dialog.accept_button.click()
        self.qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.isVisible(), timeout=10_000)


def test_an_agent_withdraws_for_the_caller(qtbot, running, world) -> None:
    ticket_id = told_by(world, open_ticket(world), PHONE)
    pool = Pool(qtbot, running, Role.AGENT, ticket_id)
    dialog = pool.choose(Move.WITHDRAW_APPEAL, WithdrawDialog)
    dialog.phone.setText("19900009999")
    dialog.reason.setPlainText("物业已处理好")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: "原来电号码" in dialog.error.text(), timeout=10_000)
    assert dialog.reason.text == "物业已处理好", "what was typed stays"
    dialog.phone.setText(PHONE)
    pool.accept(dialog)
    assert state(world, ticket_id) is TicketState.VOID
    assert Move.VOID not in pool.offered


def test_a_supervisor_voids_a_wrong_entry(qtbot, running, world) -> None:
    ticket_id = open_ticket(world)
    pool = Pool(qtbot, running, Role.SUPERVISOR, ticket_id)
    dialog = pool.choose(Move.VOID, ReasonDialog)
    dialog.reason.setPlainText("重复登记")
    pool.accept(dialog)
    assert state(world, ticket_id) is TicketState.VOID


@pytest.mark.parametrize(
    ("move", "words", "after"),
    [
        (Move.PASS_REVIEW, "", TicketState.PENDING_CALLBACK),
        (Move.FAIL_REVIEW, "没有答复何时完工", TicketState.REDO),
    ],
)
def test_a_units_leader_signs_off_his_units_reply(
    qtbot, running, world, move, words, after
) -> None:
    """field-facts 3.3: the lead unit's chief signs."""
    ticket_id = replied(world)
    with world.writing.begin() as session:
        session.add(
            Account(
                id=71,
                login="s001",
                agent_no="S001",
                name="街道主任",
                role="leader",
                unit_id=10,
                demo=True,
            )
        )
    pool = Pool(qtbot, running, CHIEF, ticket_id)
    dialog = pool.choose(move, ReasonDialog)
    dialog.reason.setPlainText(words)
    pool.accept(dialog)
    assert state(world, ticket_id) is after


def test_a_neighbours_leader_does_not_even_see_it(qtbot, running, world) -> None:
    ticket_id = replied(world)
    running.console.open_window(ELSEWHERE)
    page = running.console.window.pages[Workplace.ORDERS]
    running.console.window.show_place(Workplace.ORDERS)
    qtbot.waitUntil(lambda: not running.console.jobs.is_busy, timeout=10_000)
    assert page.table.records.rowCount() == 0
    assert state(world, ticket_id) is TicketState.PENDING_REVIEW


def test_a_known_old_trouble_is_marked_in_a_correction(qtbot, running, world) -> None:
    ticket_id = open_ticket(world)
    pool = Pool(qtbot, running, Role.DISPATCHER, ticket_id)
    dialog = pool.choose(Move.AMEND, AmendDialog)
    qtbot.waitUntil(lambda: dialog._stored is not None, timeout=10_000)
    dialog.legacy.click()
    dialog.reason.setText("2015年起多次反映")
    pool.accept(dialog)
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).legacy_issue
    qtbot.waitUntil(lambda: "历史遗留" in pool.page.case.head.tags.text(), timeout=10_000)


def test_the_supervisor_approves_a_harassing_number(qtbot, running, world) -> None:
    harass(world)
    running.open(Role.SUPERVISOR)
    window = running.console.window
    window.show_place(Workplace.ORDERS)
    running.console.frame.routes.beside.show_blocked()
    (dialog,) = window.findChildren(BlockedDialog)
    qtbot.waitUntil(dialog.approve_button.isEnabled, timeout=10_000)
    dialog.approve_button.click()
    qtbot.waitUntil(lambda: not dialog.approve_button.isEnabled(), timeout=10_000)
    dialog.end_button.click()
    qtbot.waitUntil(lambda: dialog.fields["reason"].has_error, timeout=10_000)
    dialog.reason.setPlainText("核实是误拨")
    dialog.end_button.click()
    qtbot.waitUntil(lambda: dialog.table.records.rowCount() == 0, timeout=10_000)
