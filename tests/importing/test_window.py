"""The import window at real desks: a file chosen, columns mended, rows written, a run stopped."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select

from console.domain.errors import Cancelled
from console.domain.importing.headers import match
from console.domain.importing.kinds import PERSONS
from console.domain.importing.records import Checked, Loaded
from console.domain.roles import Role
from console.jobs import Jobs
from console.services.exporting import Exporting
from console.services.importing import Importing
from console.theme import Tone
from console.views.importing import ExportDialog, ImportDialog
from db.models import Person
from tests.importing.files import PEOPLE, identity, person, write_csv, write_xlsx
from tests.world import seat_for


@pytest.fixture
def jobs(qtbot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot, jobs, world) -> ImportDialog:
    made = ImportDialog(jobs, Importing(seat_for(world, Role.SUPERVISOR)))
    qtbot.addWidget(made)
    made.show()
    return made


def people(world) -> int:
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_from_the_file_to_the_register(qtbot, dialog, world, tmp_path: Path) -> None:
    before = people(world)
    rows = [PEOPLE, person(1, "王㛃"), person(2, 网格="哪里"), person(3)]
    said: list[tuple[str, Tone]] = []
    dialog.said.connect(lambda words, tone: said.append((words, tone)))
    dialog.choose_file(write_xlsx(tmp_path / "a.xlsx", rows))
    qtbot.waitUntil(lambda: dialog.go.isEnabled())
    assert dialog.go.text() == "导入 2 人"
    assert "Excel，3 行" in dialog.facts.text()
    # The faults are in sight first, and nobody's name or number is shown in full.
    assert dialog.outcome.stack.currentWidget() is dialog.outcome.faults
    assert [f.place for f in dialog.outcome.faults.records.rows] == ["E列 网格"]
    dialog.outcome._picked("new")
    cells = [row.cells for row in dialog.outcome.rows.records.rows]
    assert cells[0][:3] == ("王*", f"{identity(1)[:6]}********{identity(1)[-4:]}", "199****0001")
    qtbot.keyClick(dialog, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: bool(said))
    assert people(world) == before + 2
    assert "新增 2" in said[0][0]
    assert "1 行有错" in said[0][0]
    assert said[0][1] is Tone.WARN
    # What is written is not written again by a second key.
    assert not dialog.go.isEnabled()
    dialog._failed_picked(str(tmp_path / "b.xlsx"))
    qtbot.waitUntil(lambda: (tmp_path / "b.xlsx").exists() and not dialog.error.isHidden())
    dialog.choose_file(tmp_path / "b.xlsx")
    qtbot.waitUntil(lambda: dialog.outcome.faults.records.rowCount() == 1 and not dialog._running)


def test_columns_are_chosen_by_hand_and_kept(qtbot, dialog, tmp_path: Path) -> None:
    rows = [("户籍人姓名", "号码", "所属网格"), (*person(1)[:2], person(1)[4])]
    path = write_csv(tmp_path / "a.csv", rows, "gb18030")
    dialog.choose_file(path)
    qtbot.waitUntil(lambda: bool(dialog.mapping.choices))
    assert not dialog.check_button.isEnabled()
    assert dialog.mapping._examples["id_number"].text() == "必填，请选一列"
    dialog.mapping.choices["id_number"].setCurrentIndex(2)
    assert dialog.check_button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: dialog.go.isEnabled())
    dialog._mapping_picked(str(tmp_path / "m.toml"))
    qtbot.waitUntil(lambda: (tmp_path / "m.toml").exists())
    dialog.choose_file(path)
    qtbot.waitUntil(lambda: not dialog._running and bool(dialog.mapping.choices))
    dialog._saved_picked(str(tmp_path / "m.toml"))
    qtbot.waitUntil(lambda: dialog.mapping.columns.columns["id_number"] == 1)
    # What was checked before holds no longer once a column is another one.
    assert not dialog.go.isEnabled()


def test_a_refused_file_is_said_beside_it(qtbot, dialog, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    path.write_bytes(b"PK")
    dialog.choose_file(path)
    qtbot.waitUntil(lambda: dialog.path_field.has_error)
    assert "宏" in dialog.path_field.error.text()
    dialog.choose_file(write_csv(tmp_path / "a.csv", [PEOPLE, person(1)]))
    qtbot.waitUntil(lambda: dialog.go.isEnabled())
    assert not dialog.path_field.has_error


class Slow(Importing):
    """Writes until it is told to stop."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.began = Event()

    def load(self, checked: Checked, progress=None, cancelled=None) -> Loaded:
        def stop() -> bool:
            self.began.set()
            while not cancelled():
                Event().wait(0.01)
            return True

        return super().load(checked, progress, stop)


def test_esc_stops_the_writing_first_and_nothing_is_written(
    qtbot, jobs, world, tmp_path: Path
) -> None:
    desk = Slow(seat_for(world, Role.SUPERVISOR))
    dialog = ImportDialog(jobs, desk)
    qtbot.addWidget(dialog)
    dialog.show()
    before = people(world)
    dialog.choose_file(write_csv(tmp_path / "a.csv", [PEOPLE, person(1)]))
    qtbot.waitUntil(lambda: dialog.go.isEnabled())
    dialog.load()
    assert not dialog.kind.isEnabled()
    qtbot.waitUntil(desk.began.is_set)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog._running)
    assert dialog.isVisible()
    assert "什么都没有写入" in dialog.error.text()
    assert people(world) == before
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert issubclass(Cancelled, Exception)


def test_a_grid_worker_sees_what_he_may_import(qtbot, jobs, world) -> None:
    dialog = ImportDialog(jobs, Importing(seat_for(world, Role.GRID_WORKER)))
    qtbot.addWidget(dialog)
    assert [dialog.kind.itemText(at) for at in range(dialog.kind.count())] == ["网格上报"]
    assert not dialog.folder.isHidden()
    assert dialog.existing_field.isHidden()


def test_an_export_asks_for_a_second_person_when_it_is_large(
    qtbot, jobs, world, tmp_path: Path
) -> None:
    seat = seat_for(world, Role.SUPERVISOR)
    desk = Importing(seat)
    rows = [PEOPLE, *(person(n, "石磊") for n in range(1, 260))]
    source = desk.read(write_csv(tmp_path / "a.csv", rows), "persons")
    desk.load(desk.check(source, "persons", match(source.headers, PERSONS)))
    dialog = ExportDialog(jobs, Exporting(seat))
    qtbot.addWidget(dialog)
    said: list[str] = []
    dialog.said.connect(lambda words, _tone: said.append(words))
    dialog.show()
    dialog.choose("persons")
    dialog.path.setText("nowhere")
    dialog.accept_button.click()
    assert dialog.path_field.has_error
    dialog.path.setText(str(tmp_path / "b.xlsx"))
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.second_field.has_error)
    assert "两人同意" in dialog.second_field.error.text()
    assert not (tmp_path / "b.xlsx").exists()
    dialog.login.setText("0051")
    dialog.try_accept()
    qtbot.waitUntil(lambda: bool(said))
    assert "已导出 261 行" in said[0]
    assert (tmp_path / "b.xlsx").exists()
    assert not dialog.isVisible()
