"""The test server's own log, set up as docs/operations.md says, read like an administrator reads it."""

import os
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

# The lines of docs/operations.md, "Traces".
SETTINGS = {
    "log_line_prefix": "%m [%p] %u@%d %h %a ",
    "log_connections": "on",
    "log_statement": "mod",
    "log_min_error_statement": "error",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "on",
}


def keep_traces(url: str) -> None:
    """Have the server log so from now on; skips where the server is not ours."""
    if os.environ.get("CONSOLE_TEST_PG"):
        pytest.skip("the log of a server that is not ours")
    set_up(url)


def set_up(url: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain, autocommit=True) as raw:
        for name, value in SETTINGS.items():
            raw.execute(
                sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
        raw.execute("select pg_reload_conf()")
        raw.execute("select pg_sleep(0.3)")


class Book:
    """What was logged from now on, read by the superuser through the server itself."""

    def __init__(self, root: psycopg.Connection[Any]) -> None:
        self._root = root
        self._from = self._size()

    def read(self) -> str:
        """Since the last look."""
        size, start = self._size(), self._from
        self._from = size
        found = self._root.execute(
            "select convert_from(pg_read_binary_file('log', %s, %s), 'UTF8')",
            (start, max(0, size - start)),
        ).fetchone()
        return str(found[0]) if found else ""

    def _size(self) -> int:
        found = self._root.execute("select size from pg_stat_file('log')").fetchone()
        return int(found[0]) if found else 0
