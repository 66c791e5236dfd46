"""Everybody who saw this number, in one step: from a work order, a resident's card, a number; and what is copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.actions import BY_ID, ActionId
from console.domain.registers.kinds import Register
from console.domain.roles import Role, Workplace
from console.services.orders import Orders
from console.views.auditing import AuditDialog
from db.models import AuditEntry
from tests.journeys import dispatched
from tests.services.test_orders import PHONE, give_contact
from tests.world import seat_for


@pytest.fixture
def seen(world) -> int:
    ticket_id = dispatched(world)
    give_contact(world, ticket_id)
    Orders(seat_for(world, Role.REVISITOR)).reveal(ticket_id, "phone", "回访核实")
    return ticket_id


@pytest.fixture
def sit(running, qtbot):
    def at(role: Role):
        running.open(role)
        window = running.console.window
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return at


def press(window, keys: str) -> None:
    combination = QKeySequence(keys)[0]
    where = QApplication.focusWidget() or window
    QTest.keyClick(where, combination.key(), combination.keyboardModifiers())


def answered(window, qtbot) -> AuditDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(AuditDialog)))
    dialog = window.findChildren(AuditDialog)[0]
    qtbot.waitUntil(lambda: "共" in dialog.count.text())
    return dialog


def looked(dialog: AuditDialog) -> list[str]:
    table = dialog.table.records
    rows = [table.row(table.index(at, 0)) for at in range(table.rowCount())]
    return [row.who for row in rows if row.action == "reveal"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OVERSEER, Role.INSPECTOR])
def test_one_key_on_a_work_order(running, sit, seen, qtbot, role: Role) -> None:
    window = sit(role)
    running.console.frame.routes.open_ticket(seen)
    pool = window.pages[Workplace.ORDERS]
    qtbot.waitUntil(lambda: pool.case.case is not None and pool.case.case.row.id == seen)
    press(window, "Ctrl+Shift+W")
    dialog = answered(window, qtbot)
    assert looked(dialog) == ["何静 0041"]
    assert PHONE not in dialog.citizen.text()


def test_typing_over_it_asks_about_somebody_else(running, sit, seen, qtbot) -> None:
    window = sit(Role.INSPECTOR)
    running.console.frame.routes.open_ticket(seen)
    pool = window.pages[Workplace.ORDERS]
    qtbot.waitUntil(lambda: pool.case.case is not None)
    press(window, "Ctrl+Shift+W")
    dialog = answered(window, qtbot)
    dialog.citizen.setText("19900009999")
    dialog.count.setText("")
    QTest.keyClick(dialog.citizen, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "共" in dialog.count.text())
    assert looked(dialog) == []


def test_one_key_on_a_residents_card(sit, world, qtbot) -> None:
    from console.ledger.contacts import Wanted, disclose

    disclose(seat_for(world, Role.SUPERVISOR), Wanted("person", 1, ("phone",)), "核对身份与地址")
    window = sit(Role.SUPERVISOR)
    window.show_place(Workplace.REGISTERS)
    page = window.pages[Workplace.REGISTERS]
    page.show_row(Register.PERSONS, 1)
    qtbot.waitUntil(lambda: page.browse.card is not None and page.browse.card.id == 1)
    press(window, "Ctrl+Shift+W")
    assert looked(answered(window, qtbot)) == ["周正 0002"]


def test_nobody_else_has_the_key(sit, seen, qtbot) -> None:
    window = sit(Role.AGENT)
    for page in window.pages.values():
        assert ActionId.AUDIT not in {action.objectName() for action in page.actions()}
    assert Role.AGENT not in BY_ID[ActionId.AUDIT].roles


def test_what_is_copied_elsewhere_is_on_record(running, sit, seen, world, qtbot) -> None:
    window = sit(Role.AGENT)
    running.console.frame.routes.open_ticket(seen)
    pool = window.pages[Workplace.ORDERS]
    qtbot.waitUntil(lambda: pool.case.case is not None and pool.case.case.row.id == seen)
    QGuiApplication.clipboard().setText(PHONE)
    app = QGuiApplication.instance()
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)

    def lines() -> list[AuditEntry]:
        with world.reading() as session:
            return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "copy")))

    qtbot.waitUntil(lambda: len(lines()) == 1)
    (line,) = lines()
    assert line.subject_key == pool.case.case.row.number
    assert line.phone_digest
    assert PHONE not in repr(vars(line))
    assert QGuiApplication.clipboard().text() == PHONE
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
