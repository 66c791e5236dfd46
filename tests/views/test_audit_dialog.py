"""查阅记录 on a real database: asked by keys, answered in the list, a file read back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.domain.roles import Role
from console.jobs import Jobs
from console.services.auditing import Auditing
from console.services.exporting import Exporting
from console.services.orders import Orders
from console.services.paper import preview
from console.theme import Scheme, Theme
from console.views.auditing import AuditDialog
from tests.journeys import open_ticket
from tests.services.test_orders import PHONE, give_contact
from tests.world import seat_for


@pytest.fixture
def dialog(qtbot, world):
    Theme(QApplication.instance(), Scheme.LIGHT)
    ticket_id = open_ticket(world)
    give_contact(world, ticket_id)
    Orders(seat_for(world, Role.AGENT)).reveal(ticket_id, "phone", "回访核实")
    jobs, seat = Jobs(), seat_for(world, Role.SUPERVISOR)
    made = AuditDialog(jobs, Auditing(seat, preview), Exporting(seat))
    qtbot.addWidget(made)
    made.show()
    yield made
    jobs.close()


def test_a_number_and_enter(qtbot, dialog) -> None:
    qtbot.keyClicks(dialog.citizen, PHONE)
    qtbot.keyClick(dialog.citizen, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "共" in dialog.count.text())
    table = dialog.table.records
    rows = [table.row(table.index(at, 0)) for at in range(table.rowCount())]
    assert [row.who for row in rows if row.action == "reveal"] == ["李敏 0017"]


def test_half_a_number_is_said_at_its_field(qtbot, dialog) -> None:
    dialog.citizen.setText("1990000")
    dialog.search()
    qtbot.waitUntil(dialog.fields["citizen"].error.isVisible)


def test_an_export_and_its_file_read_back(qtbot, dialog, tmp_path: Path) -> None:
    dialog.search()
    qtbot.waitUntil(dialog.export.isEnabled)
    with qtbot.waitSignal(dialog.said):
        dialog._export_to(str(tmp_path / "查阅记录"))
    made = tmp_path / "查阅记录.xlsx"
    assert made.exists()
    dialog.read_copy(str(made))
    qtbot.waitUntil(lambda: "周正 0002" in dialog.copy.text())


def test_what_cannot_be_read_is_said(qtbot, dialog, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"no picture")
    dialog.read_copy(str(path))
    qtbot.waitUntil(dialog.error.isVisible)
    assert "图片" in dialog.error.text()
