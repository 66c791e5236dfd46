"""Work orders that say the same uncommon words, the same on both databases: what the likely duplicates are read from.

Looking for every work order that has one of thirty pieces would read half the city with every key typed, so only
uncommon pieces are looked for: SQLite weighs them itself (bm25) among the newest, PostgreSQL knows from its own
statistics which are rare (`db/security/74_alike.sql`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text, bindparam, cast, column, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import SelectBase

from db.models.base import UtcDateTime
from db.search import NEWEST, normalise

# So many pieces are asked for at most; a report says what it is about early.
MOST_PIECES = 60
# One piece in common is chance.
FEWEST_SHARED = 2
_SQLITE = """
SELECT t.id FROM ticket_text_index i JOIN ticket t ON t.id = i.rowid
 WHERE i.pieces MATCH :alike AND i.rowid > (SELECT max(ticket_id) FROM ticket_text) - :newest
   AND t.state IN :open AND t.accepted_at >= :since
 ORDER BY i.rank LIMIT :most
"""


def askable(pieces: Sequence[str]) -> tuple[str, ...]:
    """Of two-character pieces those the index knows as they are, in order, each once."""
    return tuple(dict.fromkeys(p for p in pieces if len(p) == 2 and normalise(p) == p))[
        :MOST_PIECES
    ]


def alike(
    sqlite: bool,
    guarded: bool,
    pieces: Sequence[str],
    states: Sequence[str],
    since: datetime,
    most: int,
) -> SelectBase:
    """Ids of work orders in these states, taken since then, that share most uncommon `pieces`; for an `IN`."""
    if sqlite:
        match = " OR ".join(f'"{piece}"' for piece in pieces)
        found = text(_SQLITE).bindparams(
            bindparam("alike", match), bindparam("newest", NEWEST), bindparam("most", most),
            bindparam("since", since, UtcDateTime()), bindparam("open", list(states), expanding=True),
        )  # fmt: skip
        return found.columns(column("id", BigInteger)).subquery().select()
    function: Any = func.hotline.alike_tickets if guarded else func.hotline.alike_among
    asked = cast(list(pieces), ARRAY(Text)), cast(list(states), ARRAY(Text))
    return select(function(*asked, cast(since, DateTime(timezone=True)), most))
