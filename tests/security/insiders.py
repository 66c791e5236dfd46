"""The city that insiders attack, and one try of one of them, judged (tests/security/tries.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from db.engine import Database, open_database
from db.models import Appellant, Ticket
from tests.journeys import DEPARTMENT, STREET, dispatch, open_ticket
from tests.security.traces import Book
from tests.security.tries import (
    ARCHIVED,
    BUREAUS,
    CITY,
    DRAFT,
    NAME,
    PHONE,
    REPORT,
    SECRET,
    SECRETS,
    STREETS,
    Try,
)
from tests.world import GUARDED, PASSWORD


@dataclass(frozen=True)
class Outcome:
    """`refusal` is the server's sentence, empty where the try was answered with nothing."""

    refusal: str
    told: bool
    changed: frozenset[str]
    traced: bool

    @property
    def stopped(self) -> bool:
        return not self.told and not self.changed


def make_city(db: Database) -> None:
    """Seven work orders: a street's, a department's, the centre's; confidential, archived, draft, reported."""
    for number in range(1, 8):
        ticket_id = open_ticket(db)
        with db.writing.begin() as session:
            ticket = session.get_one(Ticket, ticket_id)
            if number not in (DRAFT, REPORT):
                session.add(
                    Appellant(
                        ticket_id=ticket_id, name=NAME, phone=PHONE, person_id=1, joined_at=ticket.created_at
                    )
                )  # fmt: skip
        if number in (STREETS, SECRET, ARCHIVED):
            dispatch(db, ticket_id, STREET)
        elif number == BUREAUS:
            dispatch(db, ticket_id, DEPARTMENT)
        assert ticket_id == number
    with owner(db) as raw:
        for statement in CITY:
            raw.execute(statement)


# --- running them


@contextmanager
def psql(db: Database, login: str) -> Iterator[psycopg.Connection[Any]]:
    """A plain connection as that person."""
    url = make_url(db.url).set(drivername="postgresql", username=f"hl_{login}", password=PASSWORD)
    with psycopg.connect(url.render_as_string(False), autocommit=True) as raw:
        yield raw


@contextmanager
def owner(db: Database) -> Iterator[psycopg.Connection[Any]]:
    url = make_url(db.url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(False), autocommit=True) as raw:
        yield raw


def contents(root: psycopg.Connection[Any]) -> dict[str, str]:
    """What stands in every table, as one digest each."""
    names = root.execute(
        "select format('%I.%I', schemaname, tablename) from pg_tables"
        " where schemaname in ('public', 'hotline')"
    ).fetchall()
    each = (
        f"select '{name}', md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from {name} x"
        for (name,) in names
    )
    found = dict(root.execute(sql.SQL(" union all ".join(each))).fetchall())  # type: ignore[arg-type]
    roles = root.execute("select md5(string_agg(r::text, '|' order by rolname)) from pg_roles r")
    return found | {"roles": roles.fetchone()[0]}  # type: ignore[index]


def attempt(raw: psycopg.Connection[Any], one: Try) -> tuple[str, bool]:
    """The refusal, empty for none; whether anything was told that nobody may know by this way."""
    told: list[str] = []
    refusal = ""
    try:
        with raw.transaction():
            for statement in one.statements:
                found = raw.execute(statement)  # type: ignore[call-overload]
                told += map(str, found.fetchall()) if found.description else []
    except psycopg.Error as error:
        refusal = str(error).splitlines()[0]
        told.append(str(error))
    for setting in ("hotline.veiling", "row_security", "role"):
        raw.execute(sql.SQL("reset {}").format(sql.SQL(setting)))
    mine = [text for text in told if any(secret in text for secret in SECRETS)]
    # What one typed oneself is no secret told.
    return refusal, any(
        not any(s in "".join(one.statements) for s in SECRETS if s in t) for t in mine
    )


@contextmanager
def lent_city(server: str) -> Iterator[Database]:
    """A city of its own on a guarded server (tests/conftest.py `guarded_server`)."""
    base = make_url(server)
    name = f"insiders_{uuid4().hex[:12]}"
    plain = base.set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain, autocommit=True) as raw:
        raw.execute(
            sql.SQL("create database {} template guarded_base").format(sql.Identifier(name))
        )
        # A copy does not take over what db/security/35_arrival.sql said of its template.
        raw.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        raw.execute(
            sql.SQL("grant connect on database {} to hotline_staff").format(sql.Identifier(name))
        )
    db = open_database(base.set(database=name).render_as_string(False))
    GUARDED[db.url] = {}
    try:
        make_city(db)
        yield db
    finally:
        for each in (*GUARDED.pop(db.url).values(), db):
            each.close()
        with psycopg.connect(plain, autocommit=True) as raw:
            raw.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def run(
    db: Database, root: psycopg.Connection[Any], before: dict[str, str], login: str, one: Try
) -> Outcome:
    """One try of one person, judged by the owner: what it told, what it changed, what the server's log says of it."""
    book = Book(root)
    with psql(db, login) as raw:
        refusal, told = attempt(raw, one)
    # What was refused was rolled back as a whole.
    after = {} if refusal else contents(root)
    changed = frozenset(name for name in after if after[name] != before.get(name))
    return Outcome(refusal, told, changed, f"hl_{login}@" in book.read())
