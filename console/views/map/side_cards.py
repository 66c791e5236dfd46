"""Beside the map: what lies at the point, the work order under the mark, and what the marks mean."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from console.domain.city_map import Pin, PointAnswer
from console.domain.intake import PlaceAnswer
from console.domain.records import GridOwner
from console.domain.states import STATE_NAMES
from console.theme import Tone
from console.views.intake.pick_list import Line, ListCard, PickList
from console.views.parts.card import Card, label, row
from console.views.parts.chip import Chip
from console.views.parts.clock import grouped_number
from console.views.parts.key_cap import KeyButton
from console.views.parts.light_label import LightLabel, Mark, Shape, mark_of


class PointCard(ListCard):
    """Whose grid the point lies in; on a border `owner_picked(GridOwner)` of those on either side."""

    owner_picked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        self.chip = Chip()
        super().__init__(self.tr("选点"), self.chip)
        self.path, self.ask = (
            label("", "strong", wrap=True),
            label("", "strong", wrap=True, tone="warn"),
        )
        self.nearest, self.people = label("", wrap=True), label("", "muted", wrap=True)
        self.rule = label("", "muted", wrap=True)
        self.owners = PickList(self.tr("边界两侧的网格"))
        self.pad(self.path, self.ask)
        self.add(self.owners)
        self.pad(self.nearest, self.people, self.rule)
        self.owners.picked.connect(self.owner_picked)
        self.owners.left.connect(self.left)
        self.say_how()

    def say_how(self) -> None:
        """Before anything was picked."""
        self.chip.say("")
        hint = self.tr("点一下地图，或用方向键移到十字处按 Enter，查看属哪个网格。")
        self._show(rule=hint)

    def show_answer(self, answer: PointAnswer) -> None:
        place = answer.place
        nearest = self.tr("最近的地址：{0}").format(answer.words) if answer.words else ""
        if place.owner is not None:
            self.chip.say(self.tr("已定位"), Tone.ACCENT)
            self._show(place.owner.path, "", nearest, _people(place.owner), place.rule)
        elif place.candidates:
            self.chip.say(self.tr("边界"), Tone.WARN)
            self._show("", place.ask, nearest, "", "")
        else:
            self.chip.say(self.tr("网格外"), Tone.WARN)
            self._show(self.tr("不在任何网格内"), place.ask, "", "", place.rule)
        self._list(place.candidates)

    def show_place(self, place: PlaceAnswer, name: str) -> None:
        """A place found by name: its grid, who answers for it, and the line of the book that says so."""
        owner = place.owner
        self.chip.say(name, Tone.ACCENT)
        words = owner.path if owner is not None else self.tr("不在任何网格内")
        self._show(words, place.ask, "", _people(owner) if owner is not None else "", place.rule)

    def _show(
        self, path: str = "", ask: str = "", nearest: str = "", people: str = "", rule: str = ""
    ) -> None:
        pairs = (
            (self.path, path), (self.ask, ask), (self.nearest, nearest), (self.people, people), (self.rule, rule),
        )  # fmt: skip
        for part, words in pairs:
            part.setText(words)
            part.setVisible(bool(words))
        self._list(())

    def _list(self, owners: Sequence[GridOwner]) -> None:
        lines = [Line(one.path, one, one.rule, key=str(at)) for at, one in enumerate(owners, 1)]
        self.owners.show_lines(lines)


def _people(owner: GridOwner) -> str:
    known = ((owner.leader, owner.leader_phone), (owner.worker, owner.worker_phone))
    return "　".join(f"{name} {phone}" for name, phone in known if name)


class PinCard(Card):
    """One work order, masked; `opened(ticket id)`."""

    opened = Signal(int)

    def __init__(self) -> None:
        self.light = LightLabel()
        super().__init__(self.tr("工单"), self.light)
        self._pin: Pin | None = None
        self.number, self.words = label("", "muted"), label("", "strong", wrap=True)
        self.where, self.unit = label("", wrap=True), label("", "muted", wrap=True)
        self.open_button = KeyButton(self.tr("打开工单"), "O")
        self.open_button.clicked.connect(self._open)
        self.add(self.number, self.words, self.where, self.unit, row(self.open_button, None))
        self.hide()

    def offer_open(self, on: bool) -> None:
        self.open_button.setVisible(on)

    def show_pin(self, pin: Pin | None) -> None:
        self._pin = pin
        self.setVisible(pin is not None)
        if pin is None:
            return
        self.light.show_light(mark_of(pin.light))
        self.number.setText(grouped_number(pin.number))
        self.words.setText(pin.title)
        place = pin.place if pin.exact else self.tr("{0}（只知道网格）").format(pin.place)
        self.where.setText(place)
        self.where.setVisible(bool(place))
        self.unit.setText(" · ".join(filter(None, (pin.unit, STATE_NAMES[pin.state]))))

    @Slot()
    def _open(self) -> None:
        if self._pin is not None:
            self.opened.emit(self._pin.ticket_id)


class Legend(QWidget):
    """What the shapes mean: the same as in every list."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        marks = (
            Mark(Shape.RING, Tone.OK, self.tr("时限内")),
            Mark(Shape.DISC, Tone.WARN, self.tr("黄灯 将到期")),
            Mark(Shape.SQUARE, Tone.BAD, self.tr("红灯 已超期")),
            Mark(Shape.TRIANGLE, Tone.VIOLET, self.tr("督办中")),
            Mark(Shape.PAUSE, Tone.MUTED, self.tr("挂起")),
            Mark(Shape.TICK, Tone.MUTED, self.tr("按时办结")),
        )
        for at, mark in enumerate(marks):
            left = Qt.AlignmentFlag.AlignLeft
            grid.addWidget(LightLabel(mark, wash=False), at // 2, at % 2, left)
            grid.setColumnStretch(at % 2, 1)
        words = self.tr("圈里的数：几件挤在一起，点一下放大。虚线圈：只知道网格。")
        grid.addWidget(label(words, "muted", wrap=True), 3, 0, 1, 2)
