"""Text → search terms, the same for SQLite and PostgreSQL (product.md 10).

Every text is normalised and cut into overlapping two-character pieces with their places. A query is the
same pieces in a row, so a hit is an exact piece of the normalised text and needs no second look. SQLite
keeps the pieces as text under FTS5, PostgreSQL as a `tsvector` under GIN. Neither needs an extension, and
no tokenizer's Unicode tables are involved: rare characters of every plane are found.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.lookalikes import LOOKALIKES
from db.pinyin import full_pinyin, initials, initials_column, matches_initials

__all__ = [
    "find_tickets",
    "full_pinyin",
    "index_many",
    "index_ticket",
    "initials",
    "initials_column",
    "install_postgresql",
    "install_sqlite",
    "matches_initials",
    "name_pieces",
    "normalise",
    "piece_text",
    "piece_vector",
    "pieces",
    "postgresql_match",
    "query_pieces",
    "remove_ticket",
    "simplify",
    "sqlite_match",
]

# Stands between two texts of one ticket, so that no piece is found across the joint. Normalised text
# has no such character.
JOINT = "¦"
# A tsvector knows places up to 16,383; PostgreSQL silently lowers higher ones.
_LAST_PLACE = 16_383
# A tsvector keeps at most 256 places of one lexeme.
_MOST_PLACES = 256
_CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


class _Characters(dict[int, str]):
    """Character → what it counts as in a search: Simplified, or nothing for punctuation and symbols."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = unicodedata.category(character)
        counted = kind[0] in "LN" or kind == "Co"
        # One character at a time: what a character becomes must not depend on its neighbours, or a
        # query cut out of the text would be normalised differently from the text.
        self[code] = _simplifier().convert(character) if counted else ""
        return self[code]


_characters = _Characters()


@cache
def _simplifier() -> Any:
    # Slow to load; first used when somebody searches.
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(words: str) -> str:
    """Traditional → Simplified with regard to context, for showing and for parsing addresses."""
    return str(_simplifier().convert(_encodable(words)))


@cache
def _simplified(character: str) -> str:
    return str(_simplifier().convert(character))


def fold(words: str) -> str:
    """Traditional → Simplified character by character, everything else kept: how names are compared with sentences.

    Without context, so that a name and the sentence it stands in are folded the same way. What is a standard
    character of its own stays: 刘昇 is not 刘升.
    """
    return "".join(
        _simplified(c) if ord(c) > 0x2E7F and c not in LOOKALIKES else c for c in _encodable(words)
    )


def _encodable(words: str) -> str:
    """`words` without half surrogates, pasted from elsewhere, which opencc cannot encode."""
    return words.encode("utf-8", "ignore").decode()


def normalise(words: str) -> str:
    """What two texts have in common when an operator would call them the same.

    Full width = half width, capital = small, Traditional = Simplified, 三栋 = 3栋; punctuation, blanks
    and emoji count for nothing.
    """
    plain = unicodedata.normalize("NFKC", _encodable(words)).lower()
    return plain.translate(_characters).translate(_CHINESE_DIGITS)


def pieces(words: str) -> list[str]:
    """The overlapping two-character pieces of `words`, in order, repeats included."""
    plain = normalise(words)
    return [plain[place : place + 2] for place in range(len(plain) - 1)]


def name_pieces(name: str) -> str:
    """What goes into a `name_pieces` column: the pieces of a name with a blank on either side."""
    return f" {' '.join(pieces(name))} "


def query_pieces(query: str) -> list[list[str]]:
    """The pieces of each blank-separated word of a query; words of one character are dropped."""
    return [found for found in map(pieces, query.split()) if found]


def piece_text(*texts: str) -> str:
    """The pieces of all texts of a ticket as stored on SQLite: blank-separated, texts kept apart."""
    return f" {JOINT} ".join(" ".join(pieces(words)) for words in texts if words)


def piece_vector(*texts: str) -> str:
    """The pieces of all texts of a ticket as a PostgreSQL `tsvector` literal with places."""
    places: dict[str, list[int]] = {}
    place = 0
    for words in texts:
        for piece in pieces(words):
            place += 1
            found = places.setdefault(piece, [])
            if place <= _LAST_PLACE and len(found) < _MOST_PLACES:
                found.append(place)
        place += 1
    # Normalised pieces hold no quotes, backslashes or blanks, so quoting is all there is to escape.
    return " ".join(
        f"'{piece}':{','.join(map(str, found))}" if found else f"'{piece}'"
        for piece, found in places.items()
    )


def sqlite_match(query: str) -> str:
    """An FTS5 MATCH expression: every word of the query as a row of pieces; empty if there is none."""
    return " AND ".join('"' + " ".join(row) + '"' for row in query_pieces(query))


def postgresql_match(query: str) -> str:
    """The same as a `tsquery` literal."""
    rows = (" <-> ".join(f"'{piece}'" for piece in row) for row in query_pieces(query))
    return " & ".join(f"({row})" for row in rows)


# `ticket_text` is a plain table on both; on SQLite triggers keep an FTS5 index beside it. The tokenizer
# "ascii" takes every character beyond ASCII as part of a word, whatever its category.
SQLITE_STATEMENTS = (
    "CREATE TABLE IF NOT EXISTS ticket_text (ticket_id INTEGER PRIMARY KEY, pieces TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS ticket_text_index USING fts5("
    "pieces, content='ticket_text', content_rowid='ticket_id', tokenize='ascii')",
    "CREATE TRIGGER IF NOT EXISTS ticket_text_added AFTER INSERT ON ticket_text BEGIN "
    "INSERT INTO ticket_text_index(rowid, pieces) VALUES (new.ticket_id, new.pieces); END",
    "CREATE TRIGGER IF NOT EXISTS ticket_text_removed AFTER DELETE ON ticket_text BEGIN "
    "INSERT INTO ticket_text_index(ticket_text_index, rowid, pieces) "
    "VALUES ('delete', old.ticket_id, old.pieces); END",
    "CREATE TRIGGER IF NOT EXISTS ticket_text_changed AFTER UPDATE ON ticket_text BEGIN "
    "INSERT INTO ticket_text_index(ticket_text_index, rowid, pieces) "
    "VALUES ('delete', old.ticket_id, old.pieces); "
    "INSERT INTO ticket_text_index(rowid, pieces) VALUES (new.ticket_id, new.pieces); END",
)
POSTGRESQL_STATEMENTS = (
    "CREATE TABLE IF NOT EXISTS ticket_text ("
    "ticket_id bigint CONSTRAINT pk_ticket_text PRIMARY KEY, pieces tsvector NOT NULL)",
    # The schema is one for both databases and knows the pieces as text.
    "ALTER TABLE ticket_text ALTER COLUMN pieces TYPE tsvector USING CAST(pieces AS tsvector)",
    # Without this a search would wait for the pending inserts of every console before it.
    "CREATE INDEX IF NOT EXISTS ix_ticket_text_pieces ON ticket_text "
    "USING gin (pieces) WITH (fastupdate = off)",
)

# INSERT OR REPLACE would skip SQLite's delete trigger and leave the old pieces in the index.
_PUT = (
    "INSERT INTO ticket_text (ticket_id, pieces) VALUES (:ticket_id, {pieces}) "
    "ON CONFLICT (ticket_id) DO UPDATE SET pieces = excluded.pieces"
)
_PUT_SQLITE = text(_PUT.format(pieces=":pieces"))
_PUT_POSTGRESQL = text(_PUT.format(pieces="CAST(:pieces AS tsvector)"))
FIND_SQLITE = text(
    "SELECT rowid FROM ticket_text_index WHERE ticket_text_index MATCH :query "
    "ORDER BY rowid DESC LIMIT :limit"
)
# PostgreSQL misjudges how rare a word is: walking the key downwards for one that hardly occurs read all
# of a million tickets (0.6 s), the GIN index for one in every ticket as many. So the newest are walked
# first, and only what is too rare to fill a page there is looked up in the index: 10 + 20 ms at worst.
NEWEST = 20_000
FIND_NEWEST_POSTGRESQL = text(
    "SELECT ticket_id FROM ticket_text "
    "WHERE ticket_id > (SELECT max(ticket_id) FROM ticket_text) - :newest "
    "AND pieces @@ CAST(:query AS tsquery) ORDER BY ticket_id DESC LIMIT :limit"
)
FIND_ALL_POSTGRESQL = text(
    "WITH hits AS MATERIALIZED "
    "(SELECT ticket_id FROM ticket_text WHERE pieces @@ CAST(:query AS tsquery)) "
    "SELECT ticket_id FROM hits ORDER BY ticket_id DESC LIMIT :limit"
)


def install_sqlite(connection: Connection) -> None:
    """Make the search index of a SQLite database, and its table where the schema has not."""
    for statement in SQLITE_STATEMENTS:
        connection.execute(text(statement))


def install_postgresql(connection: Connection) -> None:
    """Make the GIN index on PostgreSQL, and its table where the schema has not."""
    for statement in POSTGRESQL_STATEMENTS:
        connection.execute(text(statement))


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def index_ticket(session: Session, ticket_id: int, *texts: str) -> None:
    """Make a ticket findable by `texts` (title, content, address, names …); replaces what was there."""
    index_many(session, [(ticket_id, texts)])


def index_many(session: Session, tickets: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Index many tickets in one statement; for millions COPY `piece_vector` yourself and index after."""
    on_sqlite = _on_sqlite(session)
    cut, put = (piece_text, _PUT_SQLITE) if on_sqlite else (piece_vector, _PUT_POSTGRESQL)
    rows = [{"ticket_id": ticket_id, "pieces": cut(*texts)} for ticket_id, texts in tickets]
    if rows:
        session.execute(put, rows)


def remove_ticket(session: Session, ticket_id: int) -> None:
    """Make a ticket unfindable."""
    session.execute(text("DELETE FROM ticket_text WHERE ticket_id = :id"), {"id": ticket_id})


def find_tickets(session: Session, query: str, limit: int = 50) -> list[int]:
    """Ids of tickets that contain every word of `query`, newest first.

    Raises Invalid when no word has two characters. On PostgreSQL under row policies call it inside a
    definer function or as a role that may read `ticket_text`: `@@` is not leakproof.
    """
    on_sqlite = _on_sqlite(session)
    match = sqlite_match(query) if on_sqlite else postgresql_match(query)
    if not match:
        raise Invalid("请至少输入两个字", field="search")
    asked = {"query": match, "limit": limit}
    if on_sqlite:
        return list(session.scalars(FIND_SQLITE, asked))
    newest = list(session.scalars(FIND_NEWEST_POSTGRESQL, asked | {"newest": NEWEST}))
    return newest if len(newest) == limit else list(session.scalars(FIND_ALL_POSTGRESQL, asked))
