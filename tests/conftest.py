"""What every test starts from: no screen, and a small city copied from one prepared file."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import Database, open_database
from tests.world import make_world


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "world.db"
    database = make_world(path)
    database.close()
    return path


@pytest.fixture
def world(world_file: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "hotline.db"
    shutil.copy(world_file, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()
