"""F11 on the real console: a point into the record, submitted and kept; a pin back to its work order."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select, update

from console.actions import ActionId
from console.domain.roles import Role, Workplace
from console.views.map import MapDialog
from db.models import Grid, Ticket
from tests.flows.conftest import Running
from tests.services.intake_desk import desk, form


def apart(world) -> None:
    """The small city's grids side by side, 100 metres each."""
    with world.writing.begin() as session:
        for at, unit_id in enumerate((30, 31, 32)):
            left, right = at * 100, at * 100 + 100
            ring = [[left, 0], [right, 0], [right, 100], [left, 100], [left, 0]]
            boundary = {"type": "Polygon", "coordinates": [ring]}
            session.execute(update(Grid).where(Grid.unit_id == unit_id).values(boundary=boundary))


def dialog_of(qtbot, window) -> MapDialog:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(MapDialog)))
    dialog = next(d for d in window.findChildren(MapDialog) if d.isVisible())
    qtbot.waitUntil(lambda: dialog.panel.canvas._fitted)
    return dialog


def test_a_point_picked_by_keys_goes_into_the_record_and_into_the_ticket(
    qtbot, running: Running, world
) -> None:
    apart(world)
    running.open(Role.AGENT)
    window, intake = running.console.window, running.console.frame.intake
    intake.record.content.put("人行道地砖破损，老人绊倒，请尽快修复路面")
    intake.act(ActionId.MAP)
    dialog = dialog_of(qtbot, window)
    intake.act(ActionId.MAP)
    assert len(window.findChildren(MapDialog)) == 1, "one map is enough"
    dialog.panel.canvas.go((130, 30, 170, 70))
    QTest.keyClick(dialog.panel.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.take_button.isEnabled)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert intake.open_form().grid_id == 31
    intake.act(ActionId.SAVE_DRAFT)
    newest = select(Ticket).order_by(Ticket.id.desc())

    def kept() -> Ticket | None:
        with world.reading() as session:
            return session.scalars(newest).first()

    qtbot.waitUntil(lambda: kept() is not None)
    row = kept()
    assert (round(row.x), round(row.y), row.grid_id) == (150, 50, 31)
    assert row.grid_rule.startswith("按坐标：图上选点")


def test_a_pin_leads_to_its_work_order(qtbot, running: Running, world) -> None:
    apart(world)
    done = desk(world).submit(form(x=50.0, y=50.0), True)
    running.open(Role.SUPERVISOR)
    window, orders = running.console.window, running.console.frame.routes.orders
    window.show_place(Workplace.ORDERS)
    orders.act(ActionId.MAP)
    dialog = dialog_of(qtbot, window)
    qtbot.waitUntil(lambda: len(dialog.panel.canvas.pins) == 1)
    QTest.keyClick(dialog.panel.canvas, Qt.Key.Key_N)
    QTest.keyClick(dialog.panel.canvas, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: orders.case.ticket_id == done.ticket_id)
    assert not dialog.isVisible()
