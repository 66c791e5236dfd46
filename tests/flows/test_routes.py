"""Ways from one workplace to another, on the real console: drafts, decisions, print, F3, changing places."""

import pytest
from sqlalchemy import select

from console.actions import ActionId
from console.domain.finding import Hit, Kind
from console.domain.forms import FormKind
from console.domain.moves import MOVE_NAMES, Move
from console.domain.orders import Criteria, Stage
from console.domain.registers.kinds import Register
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.ledger import Entry
from console.views.callback.reopen import ReopenDialog
from console.views.cases.decision import DecisionDialog
from console.views.importing import ExportDialog, ImportDialog
from console.views.parts.key_cap import KeyButton
from db.models import Grid, Ticket
from tests.desks import closed, to_call_back
from tests.flows.conftest import Running
from tests.journeys import dispatched
from tests.services.test_ledger import STREET, move, open_ticket

MATTER = "宝丽西街门面前下水道堵塞，污水流到路面上，请尽快疏通"


def state_of(world, ticket_id: int) -> TicketState:
    with world.reading() as session:
        return session.get(Ticket, ticket_id).state


def newest(world) -> int | None:
    with world.reading() as session:
        return session.scalars(select(Ticket.id).order_by(Ticket.id.desc())).first()


def button(window, words: str) -> KeyButton | None:
    found = window.findChildren(KeyButton)
    return next(
        (b for b in found if b.isVisible() and words in b.accessibleName() + b.text()), None
    )


def test_a_record_put_aside_is_taken_up_again(qtbot, running: Running, world) -> None:
    running.open(Role.AGENT)
    window, intake = running.console.window, running.console.frame.intake
    intake.record.content.put(MATTER)
    intake.act(ActionId.SAVE_DRAFT)
    qtbot.waitUntil(lambda: newest(world) is not None)
    ticket_id = newest(world)
    assert state_of(world, ticket_id) is TicketState.DRAFT
    running.console.frame.routes.open_ticket(ticket_id)
    words = MOVE_NAMES[Move.REGISTER]
    qtbot.waitUntil(lambda: button(window, words) is not None)
    button(window, words).click()
    qtbot.waitUntil(lambda: intake.open_form().content == MATTER)
    assert window.place is Workplace.INTAKE
    assert intake.open_form().ticket_id == ticket_id


@pytest.fixture
def asked(world) -> int:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    grounds = {"reason": "2", "basis": "三定方案第五条", "suggested_unit": "城市管理局"}
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.ASK_RETURN, grounds))
    return ticket_id


def test_a_dispatcher_refuses_a_return_with_an_opinion(
    qtbot, running: Running, world, asked: int
) -> None:
    running.open(Role.DISPATCHER)
    window = running.console.window
    running.console.frame.routes.open_ticket(asked)
    words = MOVE_NAMES[Move.REFUSE_RETURN]
    qtbot.waitUntil(lambda: button(window, words) is not None)
    button(window, words).click()
    dialog = window.findChild(DecisionDialog)
    dialog.try_accept()
    qtbot.waitUntil(lambda: dialog.fields["opinion"].has_error)
    dialog.opinion.put("属你单位职责，请按期办理")
    dialog.try_accept()
    qtbot.waitUntil(lambda: state_of(world, asked) is TicketState.IN_PROGRESS)
    qtbot.waitUntil(lambda: "不同意退单" in running.told)


def test_the_inbox_prints_its_handling_sheet(qtbot, running: Running, world) -> None:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    running.open(Role.STREET_DESK)
    window = running.console.window
    inbox = window.pages[Workplace.INBOX]
    qtbot.waitUntil(lambda: inbox.ticket_id == ticket_id)
    inbox.act(ActionId.PRINT)
    qtbot.waitUntil(lambda: window.place is Workplace.REPORTS)
    paper = window.pages[Workplace.REPORTS].print_desk.preview.paper
    qtbot.waitUntil(lambda: paper.pages > 0, timeout=10_000)


def test_what_f3_finds_leads_somewhere(qtbot, running: Running, world) -> None:
    running.open(Role.AGENT)
    window, finder = running.console.window, running.console.frame.routes.finder
    finder.show_unit.emit(Hit(Kind.UNIT, 10, "清河街道办事处", key="990101001"))
    assert window.pages[Workplace.ORDERS].criteria.unit_code == "990101001"
    finder.fill_caller.emit(1)
    qtbot.waitUntil(lambda: running.console.frame.intake.open_form().person_id == 1)
    finder.go.emit(Workplace.REPORTS)
    assert window.place is Workplace.REPORTS


def test_what_f3_finds_opens_its_card_where_the_registers_are(
    qtbot, running: Running, world
) -> None:
    """An agent's record takes the caller; whoever looks among the registers gets the card."""
    running.open(Role.GRID_LEADER)
    window, finder = running.console.window, running.console.frame.routes.finder
    browse = window.pages[Workplace.REGISTERS].browse
    finder.fill_caller.emit(1)
    assert window.place is Workplace.REGISTERS
    qtbot.waitUntil(lambda: shown(browse) == (Register.PERSONS, 1))
    with world.reading() as session:
        grid_id = session.scalars(select(Grid.unit_id).order_by(Grid.unit_id)).first()
    finder.show_unit.emit(Hit(Kind.GRID, grid_id, "网格"))
    qtbot.waitUntil(lambda: shown(browse) == (Register.GRIDS, grid_id))


def shown(browse):
    return browse.card and (browse.card.register, browse.card.id)


def test_the_registers_page_exports_its_own_register(qtbot, running: Running) -> None:
    running.open(Role.GRID_LEADER)
    window = running.console.window
    window.show_place(Workplace.REGISTERS)
    page = window.pages[Workplace.REGISTERS]
    page.go(Register.HOUSES.value)
    page.act(ActionId.EXPORT)
    (dialog,) = window.findChildren(ExportDialog)
    assert dialog.kind.currentData() == "houses"
    dialog.reject()
    page.act(ActionId.IMPORT)
    (imports,) = window.findChildren(ImportDialog)
    assert imports.isVisible()


def test_the_pool_exports_what_it_lists(qtbot, running: Running, world, tmp_path) -> None:
    """Not the whole history: as many rows as the list says, under its conditions."""
    for _ in range(3):
        dispatched(world)
    closed(world)
    running.open(Role.SUPERVISOR)
    window = running.console.window
    window.show_place(Workplace.ORDERS)
    pool = window.pages[Workplace.ORDERS]
    pool.show_criteria(Criteria(stage=Stage.TO_SIGN))
    qtbot.waitUntil(lambda: pool.table.records.rowCount() == 3)
    pool.act(ActionId.EXPORT)
    (dialog,) = window.findChildren(ExportDialog)
    assert dialog.kind.currentText() == "工单：当前列表（共 3 件）"
    path = tmp_path / "list.csv"
    dialog.path.setText(str(path))
    dialog.try_accept()
    qtbot.waitUntil(lambda: "已导出 3 行" in running.told)
    assert path.read_text(encoding="utf-8-sig").count("下水道堵塞") >= 3


def test_changing_places_ends_at_the_sign_in(qtbot, running: Running) -> None:
    running.open(Role.AGENT)
    running.console.window.wanted.emit(ActionId.SIGN_OUT)
    assert running.console.window is None
    assert running.console.sign_in.isVisible()


def test_the_supervisor_reopens_from_the_pool_and_prints_the_letters(
    qtbot, running: Running, world
) -> None:
    ticket_id = closed(world)
    running.open(Role.SUPERVISOR)
    window, routes = running.console.window, running.console.frame.routes
    routes.open_ticket(ticket_id)
    words = MOVE_NAMES[Move.REOPEN]
    qtbot.waitUntil(lambda: button(window, words) is not None)
    button(window, words).click()
    (dialog,) = window.findChildren(ReopenDialog)
    qtbot.waitUntil(lambda: dialog.words.text().startswith("发回清河街道办事处"))
    dialog.reason.put("同一位置再次堵塞")
    dialog.try_accept()
    qtbot.waitUntil(lambda: state_of(world, ticket_id) is TicketState.REDO)


def test_the_callback_desk_prints_its_record_and_after_closing_the_letters(
    qtbot, running: Running, world
) -> None:
    waits, done = to_call_back(world), closed(world)
    running.open(Role.SUPERVISOR)
    window = running.console.window
    page = window.pages[Workplace.CALLBACK]
    reports = window.pages[Workplace.REPORTS]
    for ticket_id, form in ((waits, FormKind.CALLBACK_RECORD), (done, FormKind.REPLY_LETTER)):
        window.show_place(Workplace.CALLBACK)
        page.open_one(ticket_id)
        qtbot.waitUntil(
            lambda wanted=ticket_id: page.case is not None and page.case.row.id == wanted
        )
        page.case_view.print_wanted.emit(page.case)
        assert window.place is Workplace.REPORTS
        qtbot.waitUntil(lambda wanted=form: reports.print_desk.form is wanted)
