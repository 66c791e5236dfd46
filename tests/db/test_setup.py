"""`db check`: what a database lacks is said, not found out by the first operator who needs it."""

import sqlite3
from pathlib import Path

import pytest

from console.domain.errors import Unavailable
from db.setup import check, upgrade
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


def test_an_upgrade_says_that_an_earlier_programs_tables_are_not_enough(tmp_path: Path) -> None:
    """One sentence, not a page of SQL, and before the guard is stated over what is not there."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade(url)
    with sqlite3.connect(tmp_path / "old.db") as raw:
        raw.execute("drop table duty_roster")
    with pytest.raises(Unavailable, match="缺少表 duty_roster 等 1 项"):
        upgrade(url)
