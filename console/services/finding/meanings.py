"""Conditions for what somebody may mean; every one is answered by an index, or by a table of a few thousand rows."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_
from sqlalchemy.orm import Session

from console.domain.address import parse_address
from console.domain.box import Intent, IntentKind
from console.domain.lookalikes import loosely
from console.domain.numbering import check_digit
from console.domain.states import Channel
from console.domain.worktime import civil
from console.ledger import Seat, contacts
from console.ledger.places import at_door
from db.models import Appellant, Estate, Person, Ticket

Condition = ColumnElement[bool]
# A number read out from its end is looked for among the tickets of so many days.
RECENT_DAYS = 45
# Of a number's end no more is compared than its mask shows: digit by digit nobody finds out the rest.
TAIL = 4
# Of a common name so many people are looked at.
MOST_NAMED = 200


def begins(column: Any, start: str) -> Condition:
    """A prefix as a half-open range, which an index answers; LIKE would scan on SQLite."""
    found: Condition = (column >= start) & (column < start[:-1] + chr(ord(start[-1]) + 1))
    return found


def of_person(session: Session, seat: Seat, intent: Intent) -> Condition | None:
    """People by number, its last four digits, identity number, name, initials or door."""
    value = intent.value
    match intent.kind:
        case IntentKind.PHONE:
            return Person.phone_key == contacts.key_of(session, seat, value)
        case IntentKind.PHONE_TAIL if len(value) >= TAIL:
            return Person.phone_end == value[-TAIL:]
        case IntentKind.IDENTITY:
            return Person.id_key == contacts.key_of(session, seat, value)
        case IntentKind.NAME:
            named = re.sub(r"(先生|女士|老师|师傅|大爷|大妈|阿姨)$", "", value) or value
            return _one_of(contacts.people_called(session, seat, named, "", MOST_NAMED))
        case IntentKind.INITIALS if len(value) > 1:
            return _one_of(contacts.people_called(session, seat, "", value, MOST_NAMED))
        case IntentKind.ADDRESS:
            return _at_home(value)
    return None


def _at_home(value: str) -> Condition | None:
    """Who lives at a door; a whole estate or a road is no person."""
    parts = parse_address(value)
    if not parts.estate or not parts.building:
        return None
    return at_door(Estate.name == parts.estate, parts)


def _one_of(people: list[int]) -> Condition | None:
    return Person.id.in_(people) if people else None


def of_appellant(session: Session, seat: Seat, intent: Intent) -> Condition | None:
    """Tickets by who asked."""
    value = intent.value
    match intent.kind:
        case IntentKind.PHONE:
            return Appellant.phone_key == contacts.key_of(session, seat, value)
        case IntentKind.PHONE_TAIL if len(value) >= TAIL:
            return Appellant.phone_end == value[-TAIL:]
    return None


def of_number(intent: Intent, now: datetime) -> Condition | None:
    """Tickets by number; by its last seven digits among those of the last weeks."""
    if intent.kind is IntentKind.TICKET:
        return Ticket.number == intent.value
    if intent.kind is IntentKind.TICKET_TAIL and intent.value:
        return Ticket.number.in_(_numbers_ending(intent.value, now))
    return None


def _numbers_ending(tail: str, now: datetime) -> list[str]:
    """Every number that can end so: the check digit settles which of the days and channels fit."""
    sequence = tail[:-1].zfill(6) if len(tail) > 1 else ""
    if not sequence:
        return []
    today = civil(now).date()
    days = (f"{today - timedelta(days=back):%Y%m%d}" for back in range(RECENT_DAYS))
    stems = (f"{day}{channel.value}{sequence}" for day in days for channel in Channel)
    return [stem + tail[-1] for stem in stems if check_digit(stem) == tail[-1]]


def called(names: Iterable[Intent], name: Any, initials: Any = None) -> Condition | None:
    """Rows of a small table whose name contains, or is contained in, what was typed; or by initials."""
    said: list[Condition] = []
    for intent in names:
        value = intent.value
        if intent.kind is IntentKind.INITIALS and initials is not None and len(value) > 1:
            said += [initials.startswith(value), initials.contains(f" {value}")]
        elif (
            intent.kind in (IntentKind.TEXT, IntentKind.NAME, IntentKind.ADDRESS) and len(value) > 1
        ):
            # 東昇街 may be 东升街: what is found is shown, and looked at.
            for written in dict.fromkeys((value, loosely(value))):
                said.append(name.contains(written, autoescape=True))
                if intent.kind is IntentKind.ADDRESS:
                    said.append(and_(name != "", literal(written).contains(name)))
    return or_(*said) if said else None
