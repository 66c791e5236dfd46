"""Opens the map over a window, one at a time."""

from PySide6.QtWidgets import QWidget

from console.jobs import Jobs
from console.views.map.map_dialog import MapDialog
from console.views.map.services import MapDesk


def open_map(
    jobs: Jobs, desk: MapDesk, window: QWidget, own: str, takes_point: bool = False
) -> MapDialog | None:
    """A new map, shown; None when one is open already: it is brought forward."""
    for shown in window.findChildren(MapDialog):
        if shown.isVisible():
            shown.raise_()
            shown.activateWindow()
            return None
    dialog = MapDialog(jobs, desk, own, takes_point, window)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()
    return dialog
