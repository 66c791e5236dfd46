"""查阅记录 on a real database: asked by keys, answered in the list, a file read back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.domain.roles import Role
from console.jobs import Jobs
from console.ledger.audit import record
from console.services.auditing import Auditing
from console.services.exporting import Exporting
from console.services.orders import Orders
from console.services.paper import preview
from console.theme import Scheme, Theme
from console.views.auditing import AuditDialog
from console.views.auditing.watch_dialog import WatchDialog
from db.models import AuditEntry
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


def test_a_long_list_leaves_with_a_second_person(qtbot, world, dialog, tmp_path: Path) -> None:
    seat = seat_for(world, Role.SUPERVISOR)
    for _time in range(210):
        with seat.db.writing.begin() as session:
            record(session, seat, "search", ("box", "1"))
    dialog.search()
    qtbot.waitUntil(lambda: dialog.table.records.rowCount() > 200)
    path = tmp_path / "查阅记录.xlsx"
    dialog._export_to(str(path))
    qtbot.waitUntil(lambda: dialog.second is not None)
    asked = dialog.second
    assert "两人同意" in asked.hint.text()
    assert not path.exists()
    asked.accept_button.click()
    assert asked.second_field.has_error
    # Oneself is no second person.
    asked.login.setText("0002")
    asked.try_accept()
    qtbot.waitUntil(lambda: "不是本人" in asked.second_field.error.text())
    assert not path.exists()
    asked.login.setText("0051")
    with qtbot.waitSignal(dialog.said):
        asked.try_accept()
    assert path.exists()
    with world.reading() as session:
        lines = select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.id)
        assert session.scalars(lines).all()[-1].details["second"] == "0051"


def test_what_cannot_be_read_is_said(qtbot, dialog, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"no picture")
    dialog.read_copy(str(path))
    qtbot.waitUntil(dialog.error.isVisible)
    assert "图片" in dialog.error.text()


def test_a_number_put_on_the_list_marks_who_saw_it(qtbot, dialog) -> None:
    dialog.search()
    qtbot.waitUntil(lambda: "共" in dialog.count.text())
    dialog._watch()
    asked = next(one for one in dialog.findChildren(WatchDialog))
    qtbot.keyClicks(asked.number, PHONE[:7])
    qtbot.keyClick(asked.number, Qt.Key.Key_Return)
    qtbot.waitUntil(asked.fields["number"].error.isVisible)
    asked.number.setText(PHONE)
    asked.why.setText("本市公众人物")
    qtbot.keyClick(asked.why, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked.table.records.rowCount() == 1)
    assert asked.number.text() == ""
    asked.reject()
    table = dialog.table.records
    qtbot.waitUntil(lambda: any("关注号码" in row.unusual_words for row in table.rows))
    dialog._watch()
    again = next(one for one in dialog.findChildren(WatchDialog) if one.isVisible())
    qtbot.waitUntil(lambda: again.table.records.rowCount() == 1)
    again.table.selectRow(0)
    again.remove.click()
    qtbot.waitUntil(lambda: again.table.records.rowCount() == 0)
    again.reject()
