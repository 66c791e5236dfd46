"""Beside a card: its building on paper by Ctrl+P, the map by F11, and what can be done in one row."""

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.domain.registers.kinds import Register
from console.domain.roles import Role, Workplace
from console.services.mapping import Mapping
from console.services.paper import preview
from console.services.registers import Registers
from console.settings import REGISTERS_MAP, Settings
from console.views.registers import RegistersPage, sheet_dialog
from console.views.registers.sheet_dialog import BuildingSheetDialog
from console.views.reports.printing import make_printer
from db.models import Building, Grid, PrintLog
from tests.registers.city import furnish
from tests.services.paper_pages import needs_poppler, pages
from tests.services.test_paper import paper
from tests.views.test_desks import Stage
from tests.views.test_registers_page import dialog, jobs, open_row  # noqa: F401
from tests.world import seat_for


def square(left: float) -> dict:
    corners = [[left, 0], [left + 400, 0], [left + 400, 400], [left, 400], [left, 0]]
    return {"type": "Polygon", "coordinates": [corners]}


# Side by side, in metres.
SQUARES = {30: square(0), 31: square(400), 32: square(800)}


class CountingMap(Mapping):
    """The real map, and how often it was asked for."""

    def __init__(self, seat) -> None:
        super().__init__(seat)
        self.asked = 0

    def city_map(self):
        self.asked += 1
        return super().city_map()


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(tmp_path / "settings.json")


def build(qtbot, jobs, world, settings, role=Role.GRID_LEADER) -> tuple[Stage, CountingMap]:  # noqa: F811
    furnish(world)
    with world.writing.begin() as session:
        for unit_id, shape in SQUARES.items():
            grid = session.get(Grid, unit_id)
            if grid is not None:
                grid.boundary = shape
    seat = seat_for(world, role)
    maps = CountingMap(seat)
    desk = Registers(seat, paper().render_building, preview)
    page = RegistersPage(
        jobs, desk, role, settings=settings, maps=maps, own=seat.operator.unit_code
    )
    stage = Stage(qtbot, jobs, world, role, Workplace.REGISTERS, page)
    stage.until(lambda: page.browse.table.records.rowCount() > 0)
    return stage, maps


@pytest.fixture
def built(qtbot, jobs, world, settings) -> tuple[Stage, CountingMap]:  # noqa: F811
    return build(qtbot, jobs, world, settings)


@pytest.fixture
def stage(built) -> Stage:
    return built[0]


# --- the map


def test_the_map_costs_nothing_until_it_is_shown(built) -> None:
    stage, maps = built
    open_row(stage, 11)
    assert (maps.asked, stage.page.beside.map.panel) == (0, None)
    stage.press("F11")
    stage.until(lambda: maps.asked == 1)
    canvas = stage.page.beside.map.panel.canvas
    stage.until(lambda: canvas._chosen == 30)
    assert stage.errors == []


def test_a_building_is_marked_in_its_grid_and_the_focus_stays(built, world) -> None:
    stage, maps = built
    with world.writing.begin() as session:
        building = session.get_one(Building, 1)
        building.x, building.y = 120.0, 260.0
    open_row(stage, 11)
    stage.page.browse.table.setFocus()
    assert QApplication.focusWidget() is stage.page.browse.table
    stage.press("F11")
    stage.until(lambda: stage.page.beside.map.panel is not None)
    canvas = stage.page.beside.map.panel.canvas
    stage.until(lambda: canvas._point is not None)
    assert canvas._point == pytest.approx((120, 260), abs=1)
    assert canvas._chosen == 30
    left, low, right, high = canvas.view.seen
    assert (left <= 0, right >= 400, low <= 0, high >= 400) == (True, True, True, True)
    assert QApplication.focusWidget() is stage.page.browse.table, QApplication.focusWidget()
    assert maps.building(999) is None


def test_it_is_remembered_and_hidden_by_the_same_key(qtbot, jobs, world, settings, built) -> None:  # noqa: F811
    stage, _maps = built
    stage.press("F11")
    assert settings.get(REGISTERS_MAP)
    stage.press("F11")
    assert not settings.get(REGISTERS_MAP)
    assert not stage.page.beside.map.isVisible()
    settings.put(REGISTERS_MAP, True)
    again = CountingMap(seat_for(world, Role.GRID_LEADER))
    page = RegistersPage(
        jobs, Registers(seat_for(world, Role.GRID_LEADER)), Role.GRID_LEADER, settings=settings, maps=again
    )  # fmt: skip
    qtbot.addWidget(page)
    assert again.asked == 0, "the page has not been looked at"
    page.show()
    qtbot.waitUntil(lambda: again.asked == 1, timeout=5000)


def test_a_grid_pointed_at_is_chosen_in_the_list(stage) -> None:
    page = stage.page
    stage.press("F11")
    panel = None

    def ready() -> bool:
        nonlocal panel
        panel = page.beside.map.panel
        return panel is not None and panel.canvas._fitted

    stage.until(ready)
    grid = page.browse.left.grid
    stage.until(lambda: grid.findData(30) > 0)
    at = panel.canvas.view.to_pixels(200, 200).toPoint()
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(at.x(), at.y()))
    stage.until(lambda: grid.currentData() == 30)
    page.go(Register.GRIDS)
    stage.until(lambda: page.browse.table.records.rowCount() > 1)
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(at.x(), at.y()))
    stage.until(lambda: page.browse.card is not None and page.browse.card.id == 30)
    assert page.browse.table.current.id == 30
    assert stage.errors == []


# --- paper


@needs_poppler
def test_a_building_is_looked_at_and_saved_as_a_numbered_copy(stage, world, tmp_path: Path) -> None:
    page = stage.page
    page.go(Register.BUILDINGS)
    stage.until(lambda: page.browse.table.records.rowCount() == 1)
    open_row(stage, 1)
    assert not page.beside.print.isEnabled()
    stage.press("Ctrl+P")
    assert "Ctrl+B" in stage.said
    stage.press("Ctrl+B")
    stage.until(lambda: page.browse.at_building)
    stage.press("Ctrl+P")
    asked = dialog(stage, BuildingSheetDialog)
    stage.until(lambda: asked.paper.pages == 1)
    stage.until(lambda: asked.paper.is_complete)
    assert asked.title.text() == "宝丽小区3栋楼栋表"
    with world.reading() as session:
        assert session.scalars(select(PrintLog)).all() == []
    asked.paper_size.choose(True)
    asked.reload()
    stage.until(lambda: asked.save_action.isEnabled() and asked.paper.is_complete)
    stick = tmp_path / "stick"
    stick.mkdir()
    asked.save_to(stick, False)
    stage.until(lambda: bool(list(stick.glob("*.pdf"))))
    assert "份号1（" in "".join(pages(next(stick.glob("*.pdf")).read_bytes()))
    with world.reading() as session:
        row = session.scalars(select(PrintLog)).one()
        assert (row.form, row.copy_no, row.manner, row.pages) == ("building_sheet:1", 1, "file", 1)
    stage.until(lambda: "已保存" in stage.said)
    assert stage.errors == []


@pytest.mark.parametrize("large", [False, True])
def test_each_copy_asked_of_the_printer_is_numbered_and_lies_across(
    qtbot, stage, world, tmp_path: Path, large: bool
) -> None:
    page = stage.page
    page.browse.show_building(1)
    stage.until(lambda: page.browse.at_building)
    page.beside.print.trigger()
    asked = dialog(stage, BuildingSheetDialog)
    stage.until(lambda: asked.paper.pages == 1)
    asked.paper_size.choose(large)
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "spool.pdf"))
    printer.setCopyCount(2)
    with qtbot.waitSignal(asked.said, timeout=20_000) as caught:
        asked.print_on(printer)
    assert caught.args[0] == "已送往打印机：2 份 2 页"
    document = pdfium.PdfDocument(tmp_path / "spool.pdf")
    sizes = [tuple(map(round, sheet.get_size())) for sheet in document]
    document.close()
    assert sizes == [(1191, 842) if large else (842, 595)] * 2
    with world.reading() as session:
        numbers = session.scalars(select(PrintLog.copy_no).order_by(PrintLog.id)).all()
    assert numbers == [1, 2]


def test_without_a_printer_nothing_is_numbered(stage, world, monkeypatch) -> None:
    monkeypatch.setattr(sheet_dialog, "has_printer", lambda: False)
    page = stage.page
    page.browse.show_building(1)
    stage.until(lambda: page.browse.at_building)
    page.beside.print.trigger()
    asked = dialog(stage, BuildingSheetDialog)
    stage.until(asked.print_action.isEnabled)
    asked.print_action.trigger()
    assert "没有可用的打印机" in asked.error.text()
    with world.reading() as session:
        assert session.scalars(select(PrintLog)).all() == []


# --- one row


def shown(stage: Stage) -> list[str]:
    row = stage.page.browse.card_view.buttons
    return [button.text() for button in row.buttons if button.isVisible()]


def test_what_can_be_done_stands_in_one_row_and_the_rest_in_a_menu(stage) -> None:
    open_row(stage, 11)
    row = stage.page.browse.card_view.buttons
    stage.until(lambda: row.more.isVisible())
    first = shown(stage)
    assert first[0] == "修改"
    assert {button.y() for button in row.buttons if button.isVisible()} == {0}
    assert row.more.geometry().right() <= row.width()
    inside = [action.text() for action in row.menu.actions()]
    assert all("\t" in text for text in inside), "every line has its key"
    names = first + [text.split("\t")[0] for text in inside]
    assert len(set(names)) == len(names)
    assert {"核实无误", "变动", "走访", "楼栋图", "完整信息"} <= set(names)
    stage.window.resize(3600, 900)
    stage.until(lambda: not row.more.isVisible())
    assert shown(stage) == names


def test_the_menu_does_what_the_key_does(stage) -> None:
    open_row(stage, 11)
    row = stage.page.browse.card_view.buttons
    stage.until(lambda: row.more.isVisible())
    row.more.click()
    item = next(one for one in row.menu.actions() if one.text().startswith("楼栋图"))
    item.trigger()
    stage.until(lambda: stage.page.browse.at_building)
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def test_whoever_only_looks_has_no_keepers_buttons(qtbot, jobs, world, settings) -> None:  # noqa: F811
    stage, _maps = build(qtbot, jobs, world, settings, Role.AGENT)
    open_row(stage, 11)
    row = stage.page.browse.card_view.buttons
    stage.until(lambda: shown(stage) != [])
    told = shown(stage) + [one.text().split("\t")[0] for one in row.menu.actions()]
    assert told == ["楼栋图", "完整信息"]
