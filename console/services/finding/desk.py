"""The box: what was typed, its meanings, one question to each kind of thing."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true, union
from sqlalchemy.orm import Session

from console.domain.box import Intent, IntentKind, intents
from console.domain.codes import code_range
from console.domain.errors import Invalid
from console.domain.finding import Command, Group, Hit, Kind
from console.domain.masking import mask_text
from console.domain.roles import UNIT_ROLES, Operator, Role, Scope
from console.domain.states import OPEN_STATES, STATE_NAMES
from console.domain.withholding import Known
from console.ledger import Seat, contacts, visible
from console.ledger.audit import record
from console.ledger.cases import SEES_CONFIDENTIAL
from console.ledger.withheld import known_of
from console.services.finding import registers
from console.services.finding.meanings import of_appellant, of_number, of_person
from db.models import Appellant, Grid, Person, Ticket
from db.pinyin import matches_initials
from db.search import fold

# Whose work is with citizens; the others find work orders, units and places only (field-facts 10.3).
SEES_RESIDENTS = UNIT_ROLES | {
    Role.AGENT,
    Role.SUPERVISOR,
    Role.DISPATCHER,
    Role.REVISITOR,
    Role.OVERSEER,
}
# Of a piece of a number so many people are looked at, whoever called last first among them.
MOST_PEOPLE = 200
MOST_TICKETS = 400
LONGEST_NAME = 4
_FULL = frozenset({IntentKind.PHONE, IntentKind.IDENTITY})
_FIRST: dict[IntentKind, tuple[Kind, ...]] = {
    IntentKind.TICKET: (Kind.OPEN, Kind.ENDED),
    IntentKind.TICKET_TAIL: (Kind.OPEN, Kind.ENDED),
    IntentKind.ADDRESS: (Kind.PLACE, Kind.GRID),
    IntentKind.INITIALS: (Kind.UNIT, Kind.PLACE, Kind.RESIDENT),
    IntentKind.TEXT: (Kind.OPEN, Kind.ENDED),
    IntentKind.COMMAND: (Kind.COMMAND,),
}


class Finding:
    """Finds people, work orders, units, places, grids, enterprises and commands by whatever a caller says."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def find(
        self, text: str, limit: int = 5, commands: Sequence[Command] = ()
    ) -> tuple[Group, ...]:
        """Groups of masked hits, the likeliest meaning first; at most five statements.

        Looking for a full phone or identity number is written into the audit.
        """
        meant = intents(_as_registered(text))
        if not meant:
            return ()
        found = [_commands(meant, commands, limit)]
        if not (len(meant) == 1 and meant[0].kind is IntentKind.COMMAND):
            self._log(meant)
            with self._seat.db.reading() as session:
                found += self._found(session, meant, limit)
        return _in_order([group for group in found if group.hits or group.note], meant)

    def _found(self, session: Session, meant: tuple[Intent, ...], limit: int) -> list[Group]:
        now = self._seat.now(session)
        operator = self._seat.operator
        groups = (
            self._tickets(session, meant, limit, now) if operator.scope is not Scope.NONE else []
        )
        if operator.role in SEES_RESIDENTS:
            groups.append(self._people(session, meant, limit))
        return [*groups, *registers.find(session, self._seat, meant, limit)]

    def _log(self, meant: tuple[Intent, ...]) -> None:
        """Who looked for a number in full: found or not, a citizen's number was in somebody's hands."""
        full = next((intent for intent in meant if intent.kind in _FULL), None)
        if full is None:
            return
        phone = full.value if full.kind is IntentKind.PHONE else ""
        details = {"by": full.kind.value}
        with self._seat.db.writing.begin() as session:
            record(
                session,
                self._seat,
                "search",
                ("box", full.kind.value),
                phone_key=contacts.key_of(session, self._seat, phone),
                details=details,
            )

    # --- people

    def _people(self, session: Session, meant: tuple[Intent, ...], limit: int) -> Group:
        """Several on one number are usual; whoever was in touch last comes first."""
        conditions = [
            c for c in (of_person(session, self._seat, i) for i in meant) if c is not None
        ]
        if not conditions:
            return Group(Kind.RESIDENT, ())
        some = select(Person.id).where(
            or_(*conditions), Person.state == "active", *self._in_scope()
        )
        some = some.limit(MOST_PEOPLE)
        last = select(func.max(Appellant.joined_at)).where(Appellant.person_id == Person.id)
        contact = last.correlate(Person).scalar_subquery()
        query = select(
            Person.id, Person.name_masked, Person.phone_masked, Person.home, Person.relation
        )
        query = query.where(Person.id.in_(some)).order_by(contact.desc().nulls_last(), Person.id)
        rows: list[Any] = list(session.execute(query.limit(limit + 1)))
        hits = tuple(_resident(row) for row in rows[:limit])
        return Group(Kind.RESIDENT, hits, len(rows) > limit)

    def _in_scope(self) -> tuple[Any, ...]:
        operator = self._seat.operator
        if operator.scope is Scope.ALL:
            return ()
        low, high = code_range(operator.unit_code)
        grids = select(Grid.unit_id).where(Grid.code >= low, Grid.code < high)
        return (Person.grid_id.in_(grids),)

    # --- work orders

    def _tickets(
        self, session: Session, meant: tuple[Intent, ...], limit: int, now: datetime
    ) -> list[Group]:
        """Open ones and ended ones apart, newest first. One statement, one more for words, one for names to hide."""
        conditions = [c for c in (of_number(intent, now) for intent in meant) if c is not None]
        askers = [c for c in (of_appellant(session, self._seat, i) for i in meant) if c is not None]
        if askers:
            ids = select(Appellant.ticket_id).where(or_(*askers)).limit(MOST_TICKETS)
            conditions.append(Ticket.id.in_(ids) & _may_know(self._seat.operator))
        words = _searched(session, self._seat, meant)
        if words:
            conditions.append(Ticket.id.in_(words))
        if not conditions:
            return [Group(Kind.OPEN, (), note=_doubt(meant))]
        columns = (
            Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.holder_name,
            Ticket.confidential,
        )  # fmt: skip
        # Each by its own index, then joined: over an OR of them PostgreSQL would walk the whole history.
        found = union(*(select(Ticket.id).where(condition) for condition in conditions))
        query = select(*columns).where(Ticket.id.in_(found), visible(self._seat.operator))
        rows: list[Any] = list(
            session.execute(query.order_by(Ticket.id.desc()).limit(MOST_TICKETS))
        )
        opened = [row for row in rows if row.state in OPEN_STATES]
        ended = [row for row in rows if row.state not in OPEN_STATES]
        note = "" if rows else _doubt(meant)
        hidden = known_of(session, self._seat, [row.id for row in rows if row.confidential])
        return [
            _ticket_group(Kind.OPEN, opened, limit, hidden, note),
            _ticket_group(Kind.ENDED, ended, limit, hidden),
        ]


def _may_know(operator: Operator) -> ColumnElement[bool]:
    """Whose caller one may find by: who tries numbers on confidential work orders would learn who complained."""
    if operator.role in SEES_CONFIDENTIAL:
        return true()
    return or_(Ticket.confidential.is_(False), Ticket.creator_id == operator.account_id)


def _as_registered(text: str) -> str:
    """Traditional as Simplified; a short name typed with blanks between its characters is one name."""
    plain = fold(text)
    together = re.sub(r"(?<=[\u2e80-\U0003ffff])\s+(?=[\u2e80-\U0003ffff])", "", plain)
    return together if len(together) <= LONGEST_NAME else plain


def _searched(session: Session, seat: Seat, meant: tuple[Intent, ...]) -> Sequence[int]:
    """Work orders by words; one character, or a number, is no word."""
    typed = next((i.value for i in meant if i.kind in (IntentKind.TEXT, IntentKind.ADDRESS)), "")
    try:
        return contacts.tickets_saying(session, seat, typed, MOST_TICKETS) if len(typed) > 1 else ()
    except Invalid:
        return ()


def _doubt(meant: tuple[Intent, ...]) -> str:
    return next((intent.note for intent in meant if intent.note), "")


def _ticket_group(
    kind: Kind, rows: list[Any], limit: int, hidden: Mapping[int, Known], note: str = ""
) -> Group:
    """`hidden`: whom to strike out of confidential titles."""

    def title(row: Any) -> str:
        known = hidden.get(row.id)
        return mask_text(known.strike(row.title) if known is not None else row.title)

    hits = tuple(
        Hit(kind, row.id, title(row), row.holder_name, row.number, STATE_NAMES[row.state])
        for row in rows[:limit]
    )
    return Group(kind, hits, len(rows) > limit, note)


def _resident(row: Any) -> Hit:
    detail = "　".join(filter(None, (row.phone_masked, row.home)))
    return Hit(Kind.RESIDENT, row.id, row.name_masked, detail, badge=row.relation)


def _commands(meant: tuple[Intent, ...], commands: Sequence[Command], limit: int) -> Group:
    typed = [
        i.value
        for i in meant
        if i.kind in (IntentKind.COMMAND, IntentKind.TEXT, IntentKind.INITIALS)
    ]
    fits = [
        c
        for c in commands
        if any(word in c.words or matches_initials(word, c.words) for word in typed)
    ]
    hits = tuple(Hit(Kind.COMMAND, 0, c.words, c.detail, c.key) for c in fits[:limit])
    return Group(Kind.COMMAND, hits, len(fits) > limit)


def _in_order(groups: list[Group], meant: tuple[Intent, ...]) -> tuple[Group, ...]:
    """The kinds that the likeliest meaning points at, then the usual order."""
    wanted = [*_FIRST.get(meant[0].kind, ()), *Kind]
    return tuple(sorted(groups, key=lambda group: wanted.index(group.kind)))
