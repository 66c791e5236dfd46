"""Many rows in one statement: PostgreSQL takes them as one document, and asks its row policies once for all of them."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from db.models import Base
from db.models.private import Made

Row = dict[str, Any]


def put(session: Session, table: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert in bulk; the new keys in the order of the rows."""
    if not rows:
        return []
    key = table.__mapper__.primary_key[0].name
    ids = [row[key] for row in rows] if key in rows[0] else next_ids(session, table, len(rows))
    # Keys taken beforehand: asking the server for them row by row takes four times as long.
    insert_rows(session, table, [row | {key: id_} for row, id_ in zip(rows, ids, strict=True)])
    return ids


def next_ids(session: Session, table: type[Base], count: int) -> list[int]:
    """Keys for new rows: PostgreSQL's own counter; on SQLite whoever writes is alone."""
    key = table.__mapper__.primary_key[0]
    if _is_server(session):
        counter = select(func.pg_get_serial_sequence(table.__tablename__, key.name))
        name = session.scalar(counter)
        many = func.generate_series(1, count).table_valued("n")
        return list(session.scalars(select(func.nextval(name)).select_from(many)))
    last = session.scalar(select(func.max(key))) or 0
    return list(range(last + 1, last + count + 1))


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Every row has the same columns; twins are added."""
    if not rows:
        return
    if not _is_server(session):
        session.execute(insert(cast(Table, table.__table__)), list(rows))
        return
    made = [
        row | {n: make(*(row[of] or "" for of in all_of)) for n, make, all_of in _twins(table)}
        for row in rows
    ]
    columns = _quoted(made[0])
    session.execute(
        text(f"INSERT INTO {_name(table)} ({columns}) SELECT {columns} FROM {_document(table)}"),
        {"rows": as_json(made)},
    )


@cache
def _twins(table: type[Base]) -> tuple[tuple[str, Made, tuple[str, ...]], ...]:
    """Columns that follow others, how, and which (db/models/private.py)."""
    return tuple((c.key, *c.info["twin"]) for c in table.__table__.columns if "twin" in c.info)


def update_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> int:
    """Every row has its key and the same columns, twins among them. How many there were to change."""
    key = table.__mapper__.primary_key[0]
    names = [name for name in rows[0] if name != key.name]
    if not _is_server(session):
        for row in rows:
            values = {name: row[name] for name in names}
            change = update(table).where(key == row[key.name]).values(**values)
            session.execute(change, execution_options={"synchronize_session": False})
        return len(rows)
    told = ", ".join(f'"{name}" = given."{name}"' for name in names)
    query = text(
        f"UPDATE {_name(table)} AS its SET {told} FROM {_document(table)} AS given"
        f' WHERE its."{key.name}" = given."{key.name}"'
    )
    return cast(CursorResult[Any], session.execute(query, {"rows": as_json(rows)})).rowcount


def as_json(rows: Sequence[Row]) -> str:
    """Rows as PostgreSQL reads them into columns."""
    return json.dumps(rows, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _is_server(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _name(table: type[Base]) -> str:
    return f'public."{table.__tablename__}"'


def _quoted(row: Row) -> str:
    return ", ".join(f'"{name}"' for name in row)


def _document(table: type[Base]) -> str:
    return f"jsonb_populate_recordset(CAST(NULL AS {_name(table)}), CAST(:rows AS jsonb))"
