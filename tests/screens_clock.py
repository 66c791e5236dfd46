"""The foot of a window whose machine has a wrong clock."""

from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QWidget

from console.domain.clock import Drift
from tests.gallery import frame
from tests.screens import register


def slow_clock(size: tuple[int, int]) -> QWidget:
    window = frame(size, "idle")
    window.status.show_clock(Drift(timedelta(minutes=12)).words)
    return window


register("clock-slow", partial(slow_clock, (1440, 900)))
register("clock-slow-1280", partial(slow_clock, (1280, 720)))
