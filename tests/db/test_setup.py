"""`db check`: what a database lacks is said, not found out by the first operator who needs it."""

import sqlite3
from pathlib import Path

from db.setup import check
from tests.world import make_world


def test_a_database_of_an_older_program_is_not_called_sound(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_world(path).close()
    assert check(f"sqlite:///{path}").sound
    with sqlite3.connect(path) as raw:
        raw.execute("alter table ticket drop column scale")
    health = check(f"sqlite:///{path}")
    assert not health.sound
    assert health.broken == ("ticket 缺少列 scale",)
