"""Columns that say who somebody is, and the twins beside them that everybody may read (docs/decisions/012).

A private column is not read with its row: the program asks `console.ledger.contacts` for it, and on PostgreSQL no
operator's login may select it. What lists show, compare and search by are its twins: the mask, the last four digits,
and a key that is the same for the same value and leads back to nobody who does not hold the city's secret.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import String, event
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.orm import MappedColumn, Mapper, mapped_column

from console.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from console.domain.withholding import Known
from db.pinyin import initials
from db.search import fold

Made = Callable[..., str]
KEY_LENGTH = 32
# Demo and training databases only, which hold invented people. PostgreSQL has a secret of its own for each city
# and makes the keys itself (db/security/65_keys.sql), by the same rule.
SECRET = b"12345 hotline console: invented people only"


def private(kind: Any, **more: Any) -> MappedColumn[Any]:
    """A column that nobody reads by the way."""
    return mapped_column(
        kind, deferred=True, deferred_group="private", info={"private": True}, **more
    )


def twin(kind: Any, make: Made, *of: str, deferred: bool = False) -> MappedColumn[Any]:
    """A column that follows the columns `of` by itself: on every insert, and when the ORM sets one of them."""

    def first(context: ExecutionContext) -> str:
        given = context.get_current_parameters()  # type: ignore[attr-defined]
        return make(*(given.get(name) or "" for name in of))

    more: dict[str, Any] = {"deferred_group": "private"} if deferred else {}
    return mapped_column(
        kind,
        default=first,
        deferred=deferred,
        info={"twin": (make, of), "private": deferred},
        **more,
    )


def with_twins(kind: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for an UPDATE that the ORM does not make itself, with the twins of what is among them."""
    found = dict(values)
    for column in kind.__table__.columns:
        if "twin" in column.info:
            make, of = column.info["twin"]
            if all(name in values for name in of):
                found[column.key] = make(*(values[name] or "" for name in of))
    return found


def key_of(text: str, secret: bytes = SECRET) -> str:
    """The same for the same number; empty for none."""
    if not text:
        return ""
    inner = sha256(secret + text.encode()).digest()
    return sha256(secret + inner).hexdigest()[:KEY_LENGTH]


def last_four(number: str) -> str:
    """What the mask of a number shows of its end anyway; nothing of a fixed line, whose end is hidden."""
    end = number[-4:]
    return end if len(end) == 4 and mask_phone(number).endswith(end) else ""


def spellings(name: str, phone: str) -> str:
    """How a name and a number may stand in a text, as a pattern; for striking them out of confidential matters."""
    return Known([name] if name else [], [phone] if phone else []).pattern


def sought_by(name: str) -> str:
    """A name as it is compared: Traditional as Simplified, without blanks and points, small letters."""
    return re.sub(r"[\s·•・.]", "", fold(name)).lower()


def other_initials(name: str) -> str:
    """The initials of a name's second reading; empty where it has one reading."""
    found = initials(name)
    return found[1] if len(found) > 1 else ""


def masked_name(of: str = "name") -> MappedColumn[Any]:
    return twin(String(60), mask_name, of)


def masked_phone(of: str = "phone") -> MappedColumn[Any]:
    return twin(String(24), mask_phone, of)


def masked_identity(of: str = "id_number") -> MappedColumn[Any]:
    return twin(String(20), mask_identity, of)


def masked_address(of: str) -> MappedColumn[Any]:
    return twin(String(200), mask_address, of)


def key(of: str) -> MappedColumn[Any]:
    return twin(String(KEY_LENGTH), key_of, of)


def number_end(of: str) -> MappedColumn[Any]:
    return twin(String(4), last_four, of)


@event.listens_for(Mapper, "mapper_configured")
def _have_twins_follow(mapper: Mapper[Any], _kind: type[Any]) -> None:
    for column in mapper.columns:
        if "twin" in column.info:
            make, of = column.info["twin"]
            for name in of:
                _follow(mapper.class_, mapper.get_property_by_column(column).key, make, name, of)


def _follow(kind: type[Any], its: str, make: Made, changed: str, of: tuple[str, ...]) -> None:
    def was_set(row: Any, value: str, _old: object, _initiator: object) -> None:
        known = row.__dict__
        if all(name == changed or name in known for name in of):
            given = (value if name == changed else known[name] for name in of)
            setattr(row, its, make(*(each or "" for each in given)))

    event.listen(getattr(kind, changed), "set", was_set)
