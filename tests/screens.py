"""Renders every view, light and dark, at 100 % and 150 %, to PNG files for people to look at.

    python -m tests.screens --out DIR [--only NAME] [--scale 1.25]

A view is registered in SCREENS (or with `register`) as a function that makes the widget, at the size it wants.
"""

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

SCREENS: dict[str, Callable[[], QWidget]] = {}


def register(name: str, make: Callable[[], QWidget]) -> None:
    """Called by `tests/screens_*.py` modules at import; names may carry the window size: `orders-1280`."""
    SCREENS[name] = make


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument(
        "--scale",
        default="",
        help="one scale in this process; without it 1 and 1.5, each in its own",
    )
    wanted = parser.parse_args(arguments)
    wanted.out.mkdir(parents=True, exist_ok=True)
    if wanted.scale:
        return _render(wanted.out, wanted.only, wanted.scale)
    # Qt reads the scale once, when the application starts: every scale needs a process of its own.
    return max(_spawn(wanted.out, wanted.only, scale) for scale in ("1", "1.5"))


def _spawn(out: Path, only: str, scale: str) -> int:
    environment = os.environ | {"QT_SCALE_FACTOR": scale}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [
        sys.executable,
        "-m",
        "tests.screens",
        "--out",
        str(out),
        "--scale",
        scale,
        "--only",
        only,
    ]
    return subprocess.run(command, env=environment, check=False).returncode


def _render(out: Path, only: str, scale: str) -> int:
    from console.theme import Scheme, Theme

    app = QApplication(sys.argv[:1])
    theme = Theme(app, Scheme.LIGHT)
    _find_screens()
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.choose(scheme)
        for name, make in SCREENS.items():
            if only in name:
                file = out / f"{name}-{scheme}-{round(float(scale) * 100)}.png"
                _shoot(make(), file)
                sys.stdout.write(f"{file}\n")
    return 0


def _find_screens() -> None:
    import tests

    for module in pkgutil.iter_modules(tests.__path__):
        if module.name.startswith("screens_"):
            importlib.import_module(f"tests.{module.name}")


def _shoot(widget: QWidget, file: Path) -> None:
    widget.show()
    _settle()
    widget.grab().save(str(file))
    widget.close()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _settle(milliseconds: int = 900) -> None:
    """Let layouts, reads and zero timers come round: a real event loop, not processEvents."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    # Under the name the other modules import, so that there is one registry.
    from tests.screens import main as run

    sys.exit(run())
