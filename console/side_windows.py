"""Windows beside the work, opened by key: map, import, export, hand-over, counted campaigns, blocked numbers."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from console.actions import BY_ID, ActionId, add_action
from console.desks import Desks
from console.domain.registers.kinds import Register
from console.domain.roles import Workplace
from console.jobs import Jobs
from console.views.handover import HandoverDialog
from console.views.handover.lamp import PromiseLamp
from console.views.importing import ExportDialog, ImportDialog
from console.views.intake.page import IntakePage
from console.views.main_window import MainWindow
from console.views.map import MapDialog, open_map
from console.views.orders import OrdersPage
from console.views.orders.blocked import BlockedDialog
from console.views.orders.services import read_all
from console.views.parts.key_cap import KeyButton
from console.views.registers import RegistersPage
from console.views.tallies import TalliesDialog


class SideWindows(QObject):
    """Hangs each on the pages that have it. `open_ticket(id)` and `criteria_wanted` lead back to the pool."""

    open_ticket = Signal(int)
    criteria_wanted = Signal(object)
    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, window: MainWindow, desks: Desks, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._desks, self._jobs = window, desks, jobs
        pages = window.pages
        if isinstance(orders := pages.get(Workplace.ORDERS), OrdersPage):
            self._join_handover(orders)
            self._join_blocked(orders)
            self._join_sheets(orders)
            map_here = add_action(orders, ActionId.MAP, self.show_map)
            orders.filters.add(_short(map_here, self.tr("地图")))
        if isinstance(registers := pages.get(Workplace.REGISTERS), RegistersPage):
            self._join_register_sheets(registers)
        intake = pages.get(Workplace.INTAKE)
        self._intake = intake if isinstance(intake, IntakePage) else None
        if self._intake is not None:
            add_action(self._intake, ActionId.MAP, self.point_on_map)

    # --- promises, campaigns, blocked numbers

    def _join_handover(self, orders: OrdersPage) -> None:
        """The lamp of open promises for everybody; the hand-over for those who hand over a shift."""
        self.lamp = PromiseLamp(self._jobs, self._desks.promises)
        self._window.status.add_lamp(self.lamp)
        tallies = add_action(orders, ActionId.TALLIES, self.show_tallies)
        orders.filters.add(_short(tallies, self.tr("专项活动")))
        if self._may(ActionId.HAND_OVER_SHIFT):
            action = add_action(orders, ActionId.HAND_OVER_SHIFT, self.hand_over)
            orders.filters.add(_short(action, self.tr("交接班")))
            self.lamp.pressed.connect(self.hand_over)
        else:
            self.lamp.button.hide()

    def _join_blocked(self, orders: OrdersPage) -> None:
        """骚扰号码: agents ask, the supervisor decides (field-facts 3.7)."""
        if self._may(ActionId.BLOCKED):
            action = add_action(orders, ActionId.BLOCKED, self.show_blocked)
            orders.filters.add(_short(action, self.tr("骚扰号码")))

    @Slot()
    def show_blocked(self) -> None:
        dialog = BlockedDialog(self._jobs, self._desks.blocking, self._window)
        dialog.said.connect(self.said)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    @Slot()
    def show_tallies(self) -> None:
        """平台与专项活动 counted; a row lists its work orders in the pool."""
        dialog = TalliesDialog(self._jobs, self._desks.tallies, self._window)
        dialog.criteria_wanted.connect(self.criteria_wanted)
        dialog.failed.connect(self.failed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    @Slot()
    def hand_over(self) -> None:
        """交接班 in a window beside the work."""
        dialog = HandoverDialog(self._jobs, self._desks.handover, self._window)
        dialog.open_ticket.connect(self.open_ticket)
        self._show(dialog)

    # --- import and export

    def _join_sheets(self, orders: OrdersPage) -> None:
        """导出 for everybody by key, 导入 for whoever may import anything."""
        add_action(orders, ActionId.EXPORT, self.show_export)
        if self._may(ActionId.IMPORT):
            action = add_action(orders, ActionId.IMPORT, self.show_import)
            orders.filters.add(_short(action, self.tr("导入")))

    def _join_register_sheets(self, registers: RegistersPage) -> None:
        registers.add_tool(
            _short(
                add_action(registers, ActionId.EXPORT, self.show_register_export), self.tr("导出")
            )
        )
        if self._may(ActionId.IMPORT):
            action = add_action(registers, ActionId.IMPORT, self.show_import)
            registers.add_tool(_short(action, self.tr("导入")))
        self._registers = registers

    @Slot()
    def show_export(self) -> None:
        """What this operator may see anyway, as a file that says whose it is."""
        dialog = ExportDialog(self._jobs, self._desks.exporting, self._window)
        dialog.choose("orders")
        orders = self._window.pages[Workplace.ORDERS]
        if isinstance(orders, OrdersPage):
            words = self.tr("工单：当前列表（{0}）").format(orders.total.text())
            dialog.offer_listed(words, partial(read_all, self._desks.orders, orders.criteria))
        self._show(dialog)

    @Slot()
    def show_register_export(self) -> None:
        """The register that is open; a work list has none of its own."""
        place = self._registers.place
        dialog = ExportDialog(self._jobs, self._desks.exporting, self._window)
        dialog.choose(place if place in {*Register} else Register.PERSONS.value)
        self._show(dialog)

    @Slot()
    def show_import(self) -> None:
        """In a window beside the work: a large file takes its time."""
        self._show(ImportDialog(self._jobs, self._desks.open_imports(), self._window))

    # --- the map

    @Slot()
    def point_on_map(self) -> None:
        """The map at the grid or the address of the record; a point goes back into it."""
        if self._intake is not None and (dialog := self._open_map(takes_point=True)) is not None:
            form = self._intake.open_form()
            dialog.look_at(form.grid_id, form.address)
            dialog.point_taken.connect(self._intake.matter.take_point)

    @Slot()
    def show_map(self) -> None:
        if (dialog := self._open_map()) is not None:
            dialog.open_ticket.connect(self.open_ticket)

    @Slot(int, str)
    def show_landmark(self, entry_id: int, name: str) -> None:
        """A landmark that F3 found, on the map that is open or on a new one."""
        shown = [one for one in self._window.findChildren(MapDialog) if one.isVisible()]
        dialog = self._open_map() or next(iter(shown), None)
        if dialog is not None:
            if not shown:
                dialog.open_ticket.connect(self.open_ticket)
            dialog.show_landmark(entry_id, name)

    def _open_map(self, takes_point: bool = False) -> MapDialog | None:
        own = self._window.operator.unit_code
        return open_map(self._jobs, self._desks.mapping, self._window, own, takes_point)

    # --- all of them

    def _may(self, action: ActionId) -> bool:
        return self._window.operator.role in BY_ID[action].roles

    def _show(self, dialog: HandoverDialog | ExportDialog | ImportDialog) -> None:
        dialog.said.connect(self.said)
        dialog.failed.connect(self.failed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()


def _short(action: QAction, words: str) -> KeyButton:
    """A button for the row of conditions, where there is no room for the key: it is in the tip and on the key sheet."""
    button = KeyButton(words, kind="quiet")
    button.setToolTip(f"{action.text()}　{action.shortcut().toString()}")
    button.clicked.connect(action.trigger)
    return button
