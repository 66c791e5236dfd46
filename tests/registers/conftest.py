"""The furnished city, on SQLite or, with CONSOLE_TEST_GUARD, on PostgreSQL with everybody's own login."""

import pytest

from db.engine import Database
from tests.registers.city import furnish


@pytest.fixture
def city(world: Database) -> Database:
    furnish(world)
    return world
