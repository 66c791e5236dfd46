"""Numbers of citizens typed into a text are masked before it is stored; the words as typed are kept apart.

A handling unit's reply, a note, a reason: whoever may read the row reads it masked, on both databases and with any
tool. `original_text` keeps what was typed; on PostgreSQL it is told through `hotline.ask` and `hotline.tell` only
(docs/decisions/012). Names in confidential matters are struck out by the server (db/security/65_texts.sql).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import String, Text, event, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction

from console.domain.masking import mask_text
from console.domain.states import TicketState
from db.models import Base, Contact, OriginalText, Ticket, TicketEvent

SHORTEST = 120
# Shorter, and in people's own words all the same.
ALSO = frozenset({"occurred_text"})
# Said to the public and naming the office to ring: numbers stay; who asked for confidence is struck out as anywhere.
SAID_IN_PUBLIC = frozenset({"public_reply", "direct_answer"})
# Names of units and lists of categories, tags and grids.
PLAIN = frozenset(
    "category_path holder_name co_unit_names unit_name grid_rule special_tags place "
    "address units called_unit suggested_unit lead_unit co_units copied_to participants pieces recording_ref".split()
)
_KEPT = "texts as typed"
_WORDS = re.compile(r"[^\x21-\x7e]")
Typed = tuple[Base, str, str]
_ORIGINALS = Base.metadata.tables[OriginalText.__tablename__]


@cache
def struck_columns(kind: type[Base]) -> tuple[str, ...]:
    """Texts of a work order and of what hangs on it that a confidential caller is struck out of."""
    table = kind.__table__
    if kind is OriginalText or not (kind is Ticket or "ticket_id" in table.columns):
        return ()
    free = (c for c in table.columns if c.key not in PLAIN and "twin" not in c.info)
    # On which number a unit reached the citizen says, of a confidential matter, who it was.
    also = ALSO | {"phone_masked"} if kind is Contact else ALSO
    return tuple(c.key for c in free if c.key in also or _is_long(c.type))


@cache
def spoken_columns(kind: type[Base]) -> tuple[str, ...]:
    """Those of them that numbers are masked in."""
    return tuple(name for name in struck_columns(kind) if name not in SAID_IN_PUBLIC)


def _is_long(kind: Any) -> bool:
    return isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or 0) >= SHORTEST)


def listen(maker: Any) -> None:
    """Have every session of this maker mask what it writes."""
    event.listen(maker, "before_flush", _mask)
    event.listen(maker, "after_flush", _keep)


def _mask(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in (*session.new, *session.dirty):
        for name, typed in _changed(row):
            masked = mask_text(typed)
            if masked != typed:
                setattr(row, name, masked)
                session.info.setdefault(_KEPT, []).append((row, name, typed))
        if isinstance(row, TicketEvent) and row in session.new:
            row.inputs = _inside(row.inputs)


def _changed(row: Base) -> Iterator[tuple[str, str]]:
    """A draft is read by its writer alone and stays as typed until it is registered."""
    if isinstance(row, Ticket) and row.state is TicketState.DRAFT:
        return
    state = inspect(row)
    if isinstance(row, Ticket) and TicketState.DRAFT in (
        state.attrs["state"].history.deleted or ()
    ):
        yield from ((name, getattr(row, name) or "") for name in spoken_columns(Ticket))
        return
    for name in spoken_columns(type(row)):
        history = state.attrs[name].history
        if history.added and isinstance(history.added[0], str):
            yield name, history.added[0]


def _inside(value: Any) -> Any:
    """Words are masked; a code, a number or a moment, which has no word in it, stays what the rules read."""
    if isinstance(value, str):
        return mask_text(value) if _WORDS.search(value) else value
    if isinstance(value, dict):
        return {key: _inside(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_inside(each) for each in value]
    return value


def _keep(session: Session, _context: UOWTransaction) -> None:
    kept: list[Typed] = session.info.pop(_KEPT, [])
    rows = [
        {
            "table_name": type(row).__tablename__,
            "row_id": row.id,  # type: ignore[attr-defined]
            "column_name": name,
            "words": typed,
        }
        for row, name, typed in kept
    ]
    if rows:
        # Many at once: nothing is read back, for nobody may read what is kept here.
        session.connection().execute(insert(_ORIGINALS).inline(), rows)


__all__ = ["listen", "spoken_columns", "struck_columns"]
