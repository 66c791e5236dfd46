"""What the window needs of the desk."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from console.domain.importing.fields import Kind
from console.domain.importing.records import Checked, Columns, Existing, Loaded, Source

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


class ImportDesk(Protocol):
    """console.services.importing.Importing, as far as the window uses it."""

    def kinds(self) -> tuple[Kind, ...]: ...
    def read(self, path: Path, kind: str, sheet: str = "", cancelled: Stop = ...) -> Source: ...
    def check(
        self, source: Source, kind: str, columns: Columns, existing: Existing = ...,
        progress: Progress = ..., cancelled: Stop = ...,
    ) -> Checked: ...  # fmt: skip
    def load(self, checked: Checked, progress: Progress = ..., cancelled: Stop = ...) -> Loaded: ...
    def save_failed(self, checked: Checked, path: Path) -> Path: ...
    def save_template(self, kind: str, path: Path) -> Path: ...
    def history(self, most: int = 20) -> Sequence[str]: ...
    def close(self) -> None: ...


# Plain functions: a worker must hold no widget, and the lane hands progress and cancel in itself.


def read(
    desk: ImportDesk, path: Path, kind: str, sheet: str, _progress: Progress, cancelled: Stop
) -> Source:
    return desk.read(path, kind, sheet, cancelled)


def check(
    desk: ImportDesk, source: Source, kind: str, columns: Columns, existing: Existing,
    progress: Progress, cancelled: Stop,
) -> Checked:  # fmt: skip
    return desk.check(source, kind, columns, existing, progress, cancelled)


def load(desk: ImportDesk, checked: Checked, progress: Progress, cancelled: Stop) -> Loaded:
    return desk.load(checked, progress, cancelled)
