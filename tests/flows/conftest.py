"""A whole console on the small city, with nothing left behind."""

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from console.app import Console
from console.domain.roles import Role
from console.settings import Settings
from tests.world import operator


class NoVault:
    """A machine without a keyring."""

    def get(self, name: str) -> str | None:
        from console.domain.errors import Unavailable

        raise Unavailable("没有密钥库")

    put = drop = get


class Running:
    def __init__(self, qapp, world, folder: Path) -> None:
        self.console = Console(
            qapp, world.url, True, Settings(folder / "s.json"), folder, folder.name
        )
        self.console.desks._vault = NoVault()
        self.faults: list[Exception] = []
        self.console.jobs.unhandled.connect(self._fault)

    def _fault(self, error: Exception) -> None:
        self.faults.append(error)

    def open(self, role: Role) -> None:
        self.console.open_window(operator(role))

    @property
    def told(self) -> str:
        return self.console.window.message.sentence.text()


@pytest.fixture
def running(qtbot, qapp, world, tmp_path):
    made = Running(qapp, world, tmp_path / "home")
    yield made
    qtbot.waitUntil(lambda: not made.console.jobs.is_busy, timeout=10_000)
    made.console.shut_window()
    made.console.close()
    made.console.deleteLater()
    sweep()
    assert made.faults == []


def sweep() -> None:
    """Let go of everything that is only waiting to be let go."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
