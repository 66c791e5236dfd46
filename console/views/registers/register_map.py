"""Where the card in sight lies: the grid map under it, made when it is first wanted."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.city_map import MapPlace, PointAnswer
from console.domain.registers.records import RegisterCard
from console.jobs import Jobs
from console.views.map.map_panel import MapPanel
from console.views.map.services import MapDesk
from console.views.parts.card import Card


class RegisterMap(QWidget):
    """`show_card(card)`; `grid_picked(unit id)` when somebody points into a grid. `failed(error)`.

    Hidden it reads nothing and holds no map.
    """

    grid_picked = Signal(int)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: MapDesk, own: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._own = jobs, desk, own
        self._card: RegisterCard | None = None
        self._shown: tuple[int | None, int | None] = (None, None)
        self.panel: MapPanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(self.tr("地图"))
        self.hide()

    def show_card(self, card: RegisterCard | None) -> None:
        """Its building where that has a place, else its grid or area; what has neither leaves the map as it is."""
        self._card = card
        if self.isVisible() and self.panel is not None and card is not None:
            self._go(self.panel, card)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self.panel is None:
            self._make()
        self.show_card(self._card)

    def _make(self) -> None:
        self.panel = MapPanel(self._jobs, self._desk, self._own, pins=False, narrow=True)
        self.panel.point_changed.connect(self._pointed)
        self.panel.failed.connect(self.failed)
        frame = Card(padding=8, spacing=6)
        frame.add(self.panel)
        self._column.addWidget(frame)

    def _go(self, panel: MapPanel, card: RegisterCard) -> None:
        where = (card.area_id, card.building_id)
        if where == self._shown:
            return
        self._shown = where
        if card.building_id is not None:
            work = partial(self._desk.building, card.building_id)
            done = partial(self._building_came, card)
            self._jobs.read(self, work, done, self.failed.emit, key="building on map")
        elif card.area_id is not None:
            panel.look_at(card.area_id)

    def _building_came(self, card: RegisterCard, place: MapPlace | None) -> None:
        if self.panel is None or (card.area_id, card.building_id) != self._shown:
            return
        if place is None:
            self.panel.look_at(card.area_id)
        else:
            self.panel.show_place(place)

    @Slot(object)
    def _pointed(self, answer: PointAnswer | None) -> None:
        owner = answer.place.owner if answer is not None else None
        if owner is not None:
            # The card of this grid, should it open, must not pull the map from under the pointer.
            self._shown = (owner.grid_id, None)
            self.grid_picked.emit(owner.grid_id)

    def take_focus(self) -> None:
        if self.panel is not None:
            self.panel.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
