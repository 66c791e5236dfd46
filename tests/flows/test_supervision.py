"""The overseer's whole way on the real console: from the pool to the notice, from the notice to its paper."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from console.domain.forms import FormKind
from console.domain.moves import Move
from console.domain.roles import Role, Workplace
from console.ledger import Entry
from db.models import Supervision, Ticket
from tests.desks import move
from tests.flows.conftest import Running
from tests.flows.test_routes import button
from tests.journeys import STREET, dispatched


def overdue(world) -> int:
    ticket_id = dispatched(world)
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN, note="签收"), STREET)
    ago = datetime.now(UTC) - timedelta(days=9)
    with world.writing.begin() as session:
        values = {"finish_due": ago, "total_due": ago, "yellow_at": ago}
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(values))
    return ticket_id


def notices(world) -> list[Supervision]:
    with world.reading() as session:
        return list(session.scalars(select(Supervision)))


def test_from_the_pool_to_the_notice_to_its_paper(qtbot, running: Running, world) -> None:
    ticket_id = overdue(world)
    running.open(Role.OVERSEER)
    window, routes = running.console.window, running.console.frame.routes
    assert window.place is Workplace.SUPERVISION
    routes.open_ticket(ticket_id)
    assert window.place is Workplace.ORDERS
    qtbot.waitUntil(lambda: button(window, "督办") is not None)
    routes._act(Move.SUPERVISE, routes.orders.case.case)
    assert window.place is Workplace.SUPERVISION
    side = routes.supervision.board.side
    form = side.forms["supervise"]
    qtbot.waitUntil(form.isVisible)
    form.submitted.emit()
    qtbot.waitUntil(lambda: len(notices(world)) == 1)
    qtbot.waitUntil(lambda: "已发普通督办单" in running.told)
    window.message.next_step.emit("print")
    qtbot.waitUntil(lambda: window.place is Workplace.REPORTS)
    preview = routes.reports.print_desk.preview
    qtbot.waitUntil(lambda: preview.shown is not None, timeout=15_000)
    assert preview.shown.form is FormKind.SUPERVISION_NOTICE


def test_an_inspector_watches_and_has_nothing_to_press(qtbot, running: Running, world) -> None:
    ticket_id = overdue(world)
    running.open(Role.INSPECTOR)
    assert running.console.window.place is Workplace.SUPERVISION
    board = running.console.frame.routes.supervision.board
    qtbot.waitUntil(lambda: [row.id for row in board.table.records.rows] == [ticket_id])
    assert board.side.forms == {}
