"""A database of any size out of the demo's: the same year again and again, under other numbers. SQLite."""

import sqlite3
from pathlib import Path

# Far beyond any key of the demo.
APART = 1_000_000
# Tables that hang on a work order, with the columns that name it or must differ.
CHILDREN = ("assignment", "ticket_event", "promise", "suspension", "urging", "supervision")


def multiply(path: Path, wanted: int) -> int:
    """Copy the work orders of the demo until there are at least `wanted`; returns how many there are."""
    database = sqlite3.connect(path)
    database.execute("pragma synchronous=off")
    (there,) = database.execute("select count(*) from ticket").fetchone()
    for time in range(1, -(-wanted // there)):
        for table in ("ticket", *CHILDREN):
            _copy(database, table, time * APART)
        database.commit()
    database.execute("analyze")
    (now,) = database.execute("select count(*) from ticket").fetchone()
    database.close()
    return int(now)


def _copy(database: sqlite3.Connection, table: str, apart: int) -> None:
    columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
    values = ", ".join(_value(table, column, apart) for column in columns)
    into = f"insert into {table} ({', '.join(columns)})"
    database.execute(f"{into} select {values} from {table} where id < {APART}")


def _value(table: str, column: str, apart: int) -> str:
    if column in ("id", "ticket_id"):
        return f"{column} + {apart}"
    if (table, column) == ("ticket", "number"):
        return f"printf('%017d', id + {apart})"
    if column in ("form_key", "light_key"):
        return "null"
    if column in ("archive_no", "document_no"):
        return f"case {column} when '' then '' else {column} || '-{apart // APART}' end"
    return column
