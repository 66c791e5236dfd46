"""What stands beside a card: its building on paper, and the map that shows where it lies."""

from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication

from console.actions import ActionId
from console.domain.registers.kinds import Register
from console.jobs import Jobs
from console.settings import REGISTERS_MAP, Settings
from console.theme import Tone
from console.views.map.services import MapDesk
from console.views.registers.register_map import RegisterMap
from console.views.registers.services import RegisterDesk
from console.views.registers.sheet_dialog import BuildingSheetDialog


class Beside(QObject):
    """A part of the registers' page with two keys: Ctrl+P prints the building in sight, F11 shows the map or hides it.

    Whether the map is shown is remembered on this workstation.
    """

    def __init__(
        self,
        page: Any,
        jobs: Jobs,
        desk: RegisterDesk,
        settings: Settings | None,
        maps: MapDesk | None,
        own: str,
    ) -> None:
        super().__init__(page)
        self._page, self._jobs, self._desk = page, jobs, desk
        self._settings = settings
        self.print = page.make_action(ActionId.PRINT, self._print)
        self.toggle = page.make_action(ActionId.MAP, self._toggle)
        self.map = RegisterMap(jobs, maps, own) if maps is not None else None
        self.toggle.setVisible(self.map is not None)

    def join(self) -> None:
        """Once the page has its lists."""
        if self.map is None:
            return
        self._page.browse.add_below(self.map)
        self.map.grid_picked.connect(self._grid_picked)
        self.map.failed.connect(self._page.failed)
        self.map.setVisible(self._settings is not None and self._settings.get(REGISTERS_MAP))

    def enable(self) -> None:
        """After the page has settled its own actions."""
        page = self._page
        here = page.view is page.browse
        page.allow(self.print, here and page.browse.at_building)
        page.allow(self.toggle, here and self.map is not None)
        if self.map is not None and here:
            self.map.show_card(page.browse.card)

    # --- paper

    @Slot()
    def _print(self) -> None:
        building = self._page.browse.matrix.building_id
        if building is None:
            return
        sheets = self._desk.sheets
        dialog = BuildingSheetDialog(self._jobs, sheets, building, self._settings, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.said.connect(self._page.said)
        dialog.open()

    # --- the map

    @Slot()
    def _toggle(self) -> None:
        if self.map is None:
            return
        on = not self.map.isVisible()
        inside = self.map.isAncestorOf(QApplication.focusWidget())
        self.map.setVisible(on)
        if self._settings is not None:
            self._settings.put(REGISTERS_MAP, on)
        if inside and not on:
            self._page.browse.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _grid_picked(self, grid_id: int) -> None:
        """In the list of grids its row, elsewhere its rows alone."""
        browse = self._page.browse
        if browse.is_typing:
            self._page.said.emit(self.tr("先按 F8 保存，或按 Esc 放下（内容会留着）"), Tone.WARN)
        elif not browse.left.choose_grid(grid_id):
            if browse.register is Register.GRIDS:
                browse.open_row(Register.GRIDS, grid_id)
            else:
                self._page.said.emit(self.tr("这个网格不在您的管辖范围内"), Tone.WARN)
