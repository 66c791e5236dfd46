"""110, the hand-over and campaigns on the real console: from the pool to the linkage desk, to paper, and back."""

from datetime import UTC, datetime, timedelta

from console.domain.forms import FormKind
from console.domain.linkage import Basis
from console.domain.moves import Move
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.services.linkage import Linkage
from console.services.promises import Promises
from console.services.tallies import Tallies
from console.views.cases.promise_strip import PromiseStrip
from console.views.handover import HandoverDialog
from console.views.tallies import TalliesDialog
from tests.flows.conftest import Running
from tests.flows.test_routes import button, state_of
from tests.journeys import open_ticket
from tests.world import seat_for


def test_the_pool_leads_to_the_linkage_desk_and_110_gets_it(qtbot, running: Running, world) -> None:
    ticket_id = open_ticket(world)
    running.open(Role.DISPATCHER)
    window, routes = running.console.window, running.console.frame.routes
    routes.open_ticket(ticket_id)
    qtbot.waitUntil(lambda: _offered(routes))
    routes.orders.act.emit(Move.HAND_TO_POLICE, routes.orders.case.case)
    page = routes.linkage
    qtbot.waitUntil(lambda: window.place is Workplace.LINKAGE and page.side.at == "give")
    qtbot.waitUntil(page.give.isEnabled)
    page.side.give.receiver.put("0231")
    page.give.trigger()
    qtbot.waitUntil(lambda: state_of(world, ticket_id) is TicketState.ANSWERED)
    qtbot.waitUntil(lambda: page.side.at == "hand_back")


def _offered(routes) -> bool:
    case = routes.orders.case.case
    return case is not None and Move.HAND_TO_POLICE in case.permitted


def test_the_hand_over_sheet_of_110_is_printed_from_the_desk(
    qtbot, running: Running, world
) -> None:
    ticket_id = open_ticket(world)
    Linkage(seat_for(world, Role.AGENT)).give(ticket_id, "0231", Basis.DUTY, "邻里斗殴")
    running.open(Role.SUPERVISOR)
    window, routes = running.console.window, running.console.frame.routes
    window.show_place(Workplace.LINKAGE)
    routes.linkage.show_ticket(ticket_id)
    view = routes.linkage.case_view
    qtbot.waitUntil(lambda: view.case is not None)
    view.print_wanted.emit(view.case)
    qtbot.waitUntil(lambda: window.place is Workplace.REPORTS)
    preview = routes.reports.print_desk.preview
    qtbot.waitUntil(lambda: preview.shown is not None, timeout=15_000)
    assert preview.shown.form is FormKind.POLICE_HANDOVER
    assert preview.shown.note == ""


def test_lamp_hand_over_and_back_into_the_pool(qtbot, running: Running, world) -> None:
    ticket_id = open_ticket(world)
    agent = Promises(seat_for(world, Role.AGENT))
    agent.promise(ticket_id, "回电", datetime.now(UTC) + timedelta(hours=2))
    running.open(Role.SUPERVISOR)
    window, routes = running.console.window, running.console.frame.routes
    qtbot.waitUntil(lambda: routes.beside.lamp.counts.open == 1)
    window.show_place(Workplace.ORDERS)
    button(window, "交接班").click()
    dialog = window.findChild(HandoverDialog)
    qtbot.waitUntil(lambda: dialog.promises.records.rowCount() == 1)
    dialog.promises.opened.emit(dialog.promises.records.rows[0])
    qtbot.waitUntil(lambda: routes.orders.case.ticket_id == ticket_id)
    strip = routes.orders.case.findChild(PromiseStrip)
    qtbot.waitUntil(lambda: len(strip.lines) == 1)


def test_a_campaign_of_the_table_is_listed_in_the_pool(qtbot, running: Running, world) -> None:
    inside, _outside = open_ticket(world), open_ticket(world)
    Tallies(seat_for(world, Role.DISPATCHER)).tag(inside, None, ("smoke",))
    running.open(Role.DISPATCHER)
    window, routes = running.console.window, running.console.frame.routes
    window.show_place(Workplace.ORDERS)
    routes.beside.show_tallies()
    dialog = window.findChild(TalliesDialog)
    qtbot.waitUntil(lambda: dialog.table.records.rowCount() > 0)
    smoke = next(row for row in dialog.table.records.rows if row.code == "smoke")
    assert smoke.total == 1
    dialog.table.opened.emit(smoke)
    pool = routes.orders
    qtbot.waitUntil(lambda: [row.id for row in pool.table.records.rows] == [inside])
    assert pool.filters.campaign.text() == "控烟"
    pool.filters.campaign.click()
    qtbot.waitUntil(lambda: pool.table.records.rowCount() == 2)
