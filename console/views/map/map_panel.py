"""The map with its search and cards; it lies in a dialog or in a workplace."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.changes import Changed, Topic
from console.domain.city_map import (
    BORDER_METRES,
    PIN_SET_NAMES,
    Box,
    CityMap,
    MapLevel,
    MapPlace,
    Pin,
    Pins,
    PinSet,
    PointAnswer,
)
from console.domain.intake import PlaceAnswer
from console.domain.records import GridOwner
from console.jobs import Jobs
from console.views.map.map_canvas import MapCanvas
from console.views.map.services import MapDesk
from console.views.map.side_cards import Legend, PinCard, PointCard
from console.views.parts.card import Card, label
from console.views.parts.segmented import Segmented
from console.views.parts.type_ahead import Suggestion, TypeAhead

SIDE_WIDTH = 300
# A pointer is no surer than two pixels.
_PIXELS = 2.0


class MapPanel(QWidget):
    """`point_changed(PointAnswer | None)` when the picked point has, or has lost, one owner.

    `open_ticket(id)` from a pin, `failed(error)`. `own` is the operator's code prefix: other units' areas are
    paler. With `pins=False` nothing but the city is shown; `narrow` has no cards beside it.
    """

    point_changed = Signal(object)
    open_ticket = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        desk: MapDesk,
        own: str = "",
        pins: bool = True,
        narrow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._with_pins = jobs, desk, pins
        self._point: PointAnswer | None = None
        self._city = CityMap()
        self._focus: tuple[int | None, str] = (None, "")
        self.canvas = MapCanvas(own)
        self.search = TypeAhead(self.tr("找道路、小区、单位、网格"), name=self.tr("在地图上查找"))
        options = [(which, self.tr(name)) for which, name in PIN_SET_NAMES.items()]
        self.pin_sets = Segmented(options, self.tr("显示哪些工单"), numbers=False)
        self.count, self.fault = (
            label("", "muted", wrap=True),
            label("", "muted", wrap=True, tone="warn"),
        )
        self.point_card, self.pin_card = PointCard(), PinCard()
        self.legend = Legend()
        self._narrow = narrow
        if narrow:
            self._lay_out_narrow()
        else:
            self._lay_out()
        self.fault.hide()
        self._connect()
        self.pin_sets.choose(PinSet.TODAY)
        self.reload()

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(self.pin_sets)
        column.addWidget(self.count)
        column.addWidget(self.point_card)
        column.addWidget(self.pin_card)
        column.addStretch(1)
        column.addWidget(self.fault)
        keys = Card(self.tr("图例"), spacing=6)
        words = self.tr("方向键移动，+ − 缩放，Home 全图，N P 逐件看")
        keys.add(self.legend, label(words, "muted", wrap=True))
        column.addWidget(keys)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.canvas, 1)
        line.addWidget(side)
        for part in (self.pin_sets, self.count, self.legend):
            part.setVisible(self._with_pins)

    def _lay_out_narrow(self) -> None:
        """Beside a list: what is searched above, what was pointed at below."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.search, self.fault, self.canvas, self.point_card):
            column.addWidget(part, 1 if part is self.canvas else 0)
        for part in (self.pin_sets, self.count, self.pin_card, self.legend):
            part.setParent(self)
            part.hide()
        self.point_card.hide()

    def _connect(self) -> None:
        self.canvas.picked.connect(self._ask_point)
        self.canvas.pin_chosen.connect(self._show_pin)
        self.canvas.pin_opened.connect(self.open_ticket)
        self.pin_card.opened.connect(self.open_ticket)
        self.point_card.owner_picked.connect(self._pick_owner)
        self.point_card.left.connect(self._back)
        self.search.text_edited.connect(self._search)
        self.search.chosen.connect(self._go)
        self.pin_sets.chosen.connect(self._read_pins)
        self._jobs.changed.connect(self._changed)

    @property
    def point(self) -> PointAnswer | None:
        """What was picked, once it has one owner."""
        return self._point

    def look_at(self, unit_id: int | None = None, words: str = "") -> None:
        """Begin at this area, or at what these words name."""
        self._focus = (unit_id, words)
        self._begin_there()

    def show_landmark(self, entry_id: int, name: str) -> None:
        """The grid a landmark lies in, and beside the map who answers for it."""
        work = partial(self._desk.landmark, entry_id)
        self._jobs.read(self, work, partial(self._landmark_came, name), self._failed, key="point")

    def _landmark_came(self, name: str, place: PlaceAnswer) -> None:
        self.point_card.show_place(place, name)
        self._focus = (place.owner.grid_id if place.owner else None, "")
        self._begin_there()

    def show_place(self, place: MapPlace) -> None:
        """A mark in its grid, the whole of which is in sight; the focus stays where it is."""
        left, low, right, high = place.box
        shape = next((s for s in self._city.shapes if s.unit_id == place.unit_id), None)
        self.canvas.choose_area(place.unit_id)
        self.canvas.go(_wider(shape.box if shape is not None else place.box))
        self.canvas.show_point((left + right) / 2, (low + high) / 2)

    # --- reading

    @Slot()
    def reload(self) -> None:
        self._jobs.read(self, self._desk.city_map, self._map_came, self._failed, key="map")

    def _map_came(self, city: CityMap) -> None:
        self._city = city
        self.canvas.show_map(city)
        words = (
            self.tr("边界有误，图上没有：{0}").format("；".join(city.faults)) if city.faults else ""
        )
        if not city.shapes:
            words = self.tr("还没有网格边界。请管理员导入网格（含边界）后再看。")
        self.fault.setText(words)
        self.fault.setVisible(bool(words))
        self._begin_there()

    def _begin_there(self) -> None:
        unit_id, words = self._focus
        if not self._city.shapes:
            return
        shape = next((s for s in self._city.shapes if s.unit_id == unit_id), None)
        if shape is not None:
            self.canvas.choose_area(unit_id)
            self.canvas.go(self._room(shape.unit_id, shape.box))
        elif words.strip():
            work = partial(self._desk.find, words)
            self._jobs.read(self, work, self._first_found, self._failed, key="begin")
        self._focus = (None, "")

    def _first_found(self, places: Sequence[MapPlace]) -> None:
        if places:
            self._go(places[0])

    @Slot()
    def _read_pins(self, *_what: object) -> None:
        if self._with_pins:
            work = partial(self._desk.pins, self.pin_sets.value or PinSet.TODAY)
            self._jobs.read(self, work, self._pins_came, self._failed, key="pins")

    def _pins_came(self, found: Pins) -> None:
        self.canvas.show_pins(found.pins)
        words = [self.tr("图上 {0} 件").format(f"{len(found.pins):,}")]
        if found.cut:
            words.append(self.tr("只显示最新的"))
        if found.unplaced:
            words.append(self.tr("另有 {0} 件没有定位").format(f"{found.unplaced:,}"))
        self.count.setText("，".join(words))
        self._show_pin(self.canvas.pin)

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if Topic.PLACES in changed.topics:
            work = partial(_read_anew, self._desk, changed)
            self._jobs.read(self, work, self._map_came, self._failed, key="map")
        if Topic.TICKETS in changed.topics and self.isVisible():
            self._read_pins()

    # --- searching

    @Slot(str)
    def _search(self, typed: str) -> None:
        work = partial(_with_text, typed, self._desk)
        self._jobs.read(self, work, self._found, self._failed, key="find")

    def _found(self, answer: tuple[str, Sequence[MapPlace]]) -> None:
        typed, places = answer
        self.search.set_suggestions([Suggestion(p.text, p, p.hint) for p in places], typed)

    @Slot(object)
    def _go(self, place: object) -> None:
        place = place.value if isinstance(place, Suggestion) else place
        if isinstance(place, MapPlace):
            self.canvas.choose_area(place.unit_id)
            self.canvas.go(self._room(place.unit_id, place.box))
            self.canvas.by_keys = True
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _room(self, unit_id: int | None, box: Box) -> Box:
        """A grid is shown with something of what lies around it."""
        grid = any(s.unit_id == unit_id and s.level is MapLevel.GRID for s in self._city.shapes)
        return _wider(box) if grid else box

    # --- pointing

    @Slot(float, float, float)
    def _ask_point(self, x: float, y: float, metres: float) -> None:
        self._take_point(None)
        within = max(BORDER_METRES, _PIXELS * metres)
        work = partial(self._desk.at, x, y, within)
        self._jobs.read(self, work, self._point_came, self._failed, key="point")

    def _point_came(self, answer: PointAnswer) -> None:
        self.point_card.show_answer(answer)
        # In a narrow panel only a question takes room from the map.
        self.point_card.setVisible(not self._narrow or answer.place.owner is None)
        owner = answer.place.owner
        self.canvas.choose_area(owner.grid_id if owner else None)
        self._asked = answer
        self._take_point(answer if owner else None)

    @Slot(object)
    def _pick_owner(self, owner: GridOwner) -> None:
        """A point on a border: the operator asked and says which side."""
        rule = self.tr("{0}，在边界上，问清后选定").format(owner.rule)
        place = replace(self._asked.place, owner=owner, candidates=(), ask="", rule=rule)
        answer = replace(self._asked, place=place)
        self.point_card.show_answer(answer)
        self.point_card.setVisible(not self._narrow)
        self.canvas.choose_area(owner.grid_id)
        self._take_point(answer)
        self._back()

    def _take_point(self, answer: PointAnswer | None) -> None:
        self._point = answer
        self.point_changed.emit(answer)

    @Slot()
    def _back(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_pin(self, pin: Pin | None) -> None:
        self.pin_card.show_pin(pin)

    def _failed(self, error: Exception) -> None:
        self.failed.emit(error)


def _read_anew(desk: MapDesk, changed: Changed) -> CityMap:
    desk.heard(changed)
    return desk.city_map()


def _with_text(typed: str, desk: MapDesk) -> tuple[str, Sequence[MapPlace]]:
    return typed, desk.find(typed)


def _wider(box: Box) -> Box:
    across, up = box[2] - box[0], box[3] - box[1]
    return (box[0] - across / 2, box[1] - up / 2, box[2] + across / 2, box[3] + up / 2)
