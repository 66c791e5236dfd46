"""The map in a window beside the work: look, and where a record is open, take a point into it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.city_map import PointAnswer
from console.domain.errors import UserError
from console.jobs import Jobs
from console.views.map.map_panel import MapPanel
from console.views.map.services import MapDesk
from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton

SIZE = (1120, 720)


class MapDialog(QDialog):
    """`point_taken(PointAnswer)` by the button or Ctrl+Enter, only with `takes_point`; `open_ticket(id)`."""

    point_taken = Signal(object)
    open_ticket = Signal(int)

    def __init__(
        self,
        jobs: Jobs,
        desk: MapDesk,
        own: str = "",
        takes_point: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.setWindowTitle(self.tr("地图"))
        self.setAccessibleName(self.tr("地图"))
        self.panel = MapPanel(jobs, desk, own)
        self.panel.pin_card.offer_open(not takes_point)
        self.error = label("", "error", wrap=True)
        self.take_button = KeyButton(self.tr("填入这个点"), "Ctrl+Enter", "primary")
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        for button in (self.take_button, self.close_button):
            button.setAutoDefault(False)
        self.take_button.setVisible(takes_point)
        self.take_button.setEnabled(False)
        self._lay_out()
        self._connect(takes_point)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.error, 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        column.addWidget(self.panel, 1)
        column.addLayout(foot)
        self.resize(*SIZE)

    def _connect(self, takes_point: bool) -> None:
        self.panel.point_changed.connect(self._point_changed)
        self.panel.failed.connect(self._failed)
        self.take_button.clicked.connect(self._take)
        self.close_button.clicked.connect(self.reject)
        if takes_point:
            for keys in ("Ctrl+Return", "Ctrl+Enter"):
                QShortcut(QKeySequence(keys), self).activated.connect(self._take)
        else:
            self.panel.open_ticket.connect(self._open)

    def look_at(self, unit_id: int | None = None, words: str = "") -> None:
        self.panel.look_at(unit_id, words)

    def show_landmark(self, entry_id: int, name: str) -> None:
        self.panel.show_landmark(entry_id, name)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.panel.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _point_changed(self, answer: PointAnswer | None) -> None:
        self.error.setText("")
        self.take_button.setEnabled(answer is not None)

    @Slot()
    def _take(self) -> None:
        point = self.panel.point
        if point is not None:
            self.point_taken.emit(point)
            self.accept()

    @Slot(int)
    def _open(self, ticket_id: int) -> None:
        self.open_ticket.emit(ticket_id)
        self.accept()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.error.setText(" ".join(filter(None, (error.text, error.hint))))
        else:
            self._jobs.unhandled.emit(error)
