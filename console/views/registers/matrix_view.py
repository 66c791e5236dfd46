"""A building on one screen: floors from the top down, units side by side, each door in its colour and words."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolTip, QWidget

from console.domain.registers.matrix import OCCUPANCY_NAMES, Matrix, Occupancy, Room
from console.theme import SMALL, Tone, body_font, colours
from console.views.parts.card import Card, label
from console.views.parts.chip import Chip
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton
from console.views.registers.looks import OCCUPANCY_TONES

CELL, HIGH, GAP, HEAD, SIDE = 80, 46, 4, 26, 34


class MatrixCard(Card):
    """`show_matrix(matrix)`; `picked(room)` on Enter or a click."""

    picked = Signal(object)

    def __init__(self, print_sheet: QAction, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, spacing=8, parent=parent)
        self.body.setContentsMargins(12, 10, 1, 1)
        self.print_button = ActionButton(print_sheet, "", self.tr("打印楼栋表"))
        self.heading, self.line = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.legend = Flow()
        for one in Occupancy:
            self.legend.add(Chip(OCCUPANCY_NAMES[one], OCCUPANCY_TONES[one]))
        self.legend.add(Chip(self.tr("♥ 关怀对象"), Tone.WARN), Chip(self.tr("▲ 隐患"), Tone.BAD))
        self.doors = Doors()
        self.area = QScrollArea()
        self.area.setWidget(self.doors)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setProperty("kind", "clear")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 11, 0)
        head.addWidget(self.heading, 1)
        head.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        for widget in (self.line, self.legend):
            self.body.addWidget(widget)
        self.body.addWidget(self.area, 1)
        self.doors.picked.connect(self.picked)
        self.doors.moved.connect(self._follow)

    @property
    def building_id(self) -> int | None:
        return self.doors.building_id

    def show_matrix(self, matrix: Matrix) -> None:
        self.heading.setText(matrix.name)
        self.line.setText(matrix.words)
        self.doors.show_matrix(matrix)

    def _follow(self, box: QRect) -> None:
        self.area.ensureVisible(box.center().x(), box.center().y(), CELL, HIGH)


class Doors(QWidget):
    """Arrows move from door to door, Enter opens."""

    picked = Signal(object)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix: Matrix | None = None
        self._boxes: list[tuple[QRect, Room]] = []
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setProperty("kind", "clear")
        self.setAccessibleName(self.tr("楼栋图"))

    @property
    def building_id(self) -> int | None:
        return self._matrix.building_id if self._matrix is not None else None

    def show_matrix(self, matrix: Matrix) -> None:
        """The door one stood at stays the same when its building is shown anew."""
        before = self.room
        self._matrix, self._boxes = matrix, []
        wide = [
            max((len(floor[at]) for floor in matrix.cells), default=0) or 1
            for at in range(len(matrix.units))
        ]
        self._lefts, x = [], SIDE
        for rooms in wide:
            self._lefts.append(x)
            x += rooms * (CELL + GAP) + 3 * GAP
        for down, floor in enumerate(matrix.cells):
            for across, rooms_ in enumerate(floor):
                for at, room in enumerate(rooms_):
                    box = QRect(
                        self._lefts[across] + at * (CELL + GAP),
                        HEAD + down * (HIGH + GAP),
                        CELL,
                        HIGH,
                    )
                    self._boxes.append((box, room))
        ids = [room.id for _box, room in self._boxes]
        first = 0 if self._boxes else -1
        self._at = ids.index(before.id) if before is not None and before.id in ids else first
        self.resize(QSize(x, HEAD + len(matrix.floors) * (HIGH + GAP)))
        self.setMinimumSize(self.size())
        self._tell()
        self.update()

    @property
    def room(self) -> Room | None:
        return self._boxes[self._at][1] if 0 <= self._at < len(self._boxes) else None

    def keyPressEvent(self, event) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._boxes:
            self._move(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.room is not None:
            self.picked.emit(self.room)
        else:
            super().keyPressEvent(event)

    def _move(self, across: int, down: int) -> None:
        """The nearest door that way, in the same row or column if there is one."""
        here = self._boxes[self._at][0].center()

        def far(box: QRect) -> tuple[int, int]:
            gap = box.center() - here
            along, aside = (
                (gap.x() * across, abs(gap.y())) if across else (gap.y() * down, abs(gap.x()))
            )
            return (aside, along) if along > 0 else (1 << 20, 0)

        best = min(range(len(self._boxes)), key=lambda at: far(self._boxes[at][0]))
        if far(self._boxes[best][0])[0] < 1 << 20:
            self._take(best)

    def _take(self, at: int) -> None:
        self._at = at
        self._tell()
        self.moved.emit(self._boxes[at][0])
        self.update()

    def _tell(self) -> None:
        self.setAccessibleDescription(self.room.words if self.room is not None else "")

    def mousePressEvent(self, event) -> None:
        at = self._at_point(event.position().toPoint())
        if at >= 0:
            self._take(at)
            self.picked.emit(self._boxes[at][1])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            at = self._at_point(event.pos())  # type: ignore[attr-defined]
            QToolTip.showText(event.globalPos(), self._boxes[at][1].words if at >= 0 else "", self)  # type: ignore[attr-defined]
            return True
        return super().event(event)

    def _at_point(self, point: QPoint) -> int:
        return next((at for at, (box, _room) in enumerate(self._boxes) if box.contains(point)), -1)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event) -> None:
        if self._matrix is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_heads(painter, self._matrix)
        for at, (box, room) in enumerate(self._boxes):
            self._draw_door(painter, box, room, at == self._at)

    def _draw_heads(self, painter: QPainter, matrix: Matrix) -> None:
        painter.setPen(QColor(colours().muted))
        painter.setFont(body_font(SMALL))
        for unit, x in zip(matrix.units, self._lefts, strict=True):
            painter.drawText(
                QRect(x, 0, 2 * CELL, HEAD - 4), Qt.AlignmentFlag.AlignVCenter, f"{unit}单元"
            )
        for at, floor in enumerate(matrix.floors):
            box = QRect(0, HEAD + at * (HIGH + GAP), SIDE - 6, HIGH)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{floor}层"
            )

    def _draw_door(self, painter: QPainter, box: QRect, room: Room, here: bool) -> None:
        now, tone = colours(), OCCUPANCY_TONES[room.occupancy]
        focused = here and self.hasFocus()
        painter.setPen(QPen(QColor(now.accent if here else now.line), 2 if focused else 1))
        painter.setBrush(QColor(now.wash(tone)))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        upper, lower = box.adjusted(7, 3, -6, -HIGH // 2), box.adjusted(7, HIGH // 2 - 1, -6, -3)
        painter.setPen(QColor(now.ink(tone)))
        painter.setFont(body_font(SMALL, True))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, room.room)
        painter.setFont(body_font(SMALL))
        marks = ("♥" if room.care else "") + ("▲" if room.hazard else "")
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(
            upper, right, " ".join(filter(None, (marks, OCCUPANCY_NAMES[room.occupancy])))
        )
        painter.setPen(QColor(now.text))
        painter.drawText(
            lower, Qt.AlignmentFlag.AlignVCenter, room.head or ("—" if not room.people else "")
        )
        if room.people:
            painter.drawText(lower, right, f"{room.people}人")
