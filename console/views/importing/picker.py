"""Asking for files without standing in the way: one native window at a time."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

Picked = Callable[[str], None]


class FilePicker:
    """Opens the system's file windows over `owner`; what is picked goes to a bound method of it."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._open: QFileDialog | None = None

    def file(self, title: str, filters: str, near: str, picked: Picked) -> None:
        window = self._window(title, filters, near, picked)
        window.setFileMode(QFileDialog.FileMode.ExistingFile)
        window.open()

    def folder(self, title: str, near: str, picked: Picked) -> None:
        window = self._window(title, "", near, picked)
        window.setFileMode(QFileDialog.FileMode.Directory)
        window.open()

    def save(self, title: str, name: str, near: str, picked: Picked) -> None:
        window = self._window(title, "", near, picked)
        window.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        window.selectFile(name)
        window.open()

    def _window(self, title: str, filters: str, near: str, picked: Picked) -> QFileDialog:
        start = Path(near.strip()) if near.strip() else Path.home()
        where = start if start.is_dir() else start.parent
        window = QFileDialog(self._owner, title, str(where), filters)
        window.fileSelected.connect(picked)
        window.finished.connect(window.deleteLater)
        self._open = window
        return window
