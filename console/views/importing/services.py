"""What the window needs of the desk."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from console.domain.errors import Invalid, Unavailable
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


def read_text(path: Path) -> str:
    """A saved mapping. Raises Invalid."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Invalid("读不到这份列对照", "应为 UTF-8 的 toml 文件") from None


def save_text(path: Path, text: str) -> Path:
    """Raises Unavailable."""
    try:
        path.write_text(text, "utf-8")
    except OSError:
        raise Unavailable("文件没有写成", "请换一个文件夹") from None
    return path
