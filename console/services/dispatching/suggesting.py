"""Whom to send it to: place and category first, then what a returning unit named, then who takes such matters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.domain.court import Hop, UnitRecord
from console.domain.desks import UnitChoice
from console.ledger import Seat, court
from console.ledger.places import grid_owner
from console.ledger.queues import RECEIVES, suggested_units, unit_choice
from db.models import CategoryRow, Ticket, Unit

# A unit that closed work orders suggest is named from this share on, two at most.
_WORTH_NAMING, _MOST_LEARNED = 0.15, 2
# A unit is worth naming by its record alone once it has taken this many and kept nearly all of them.
ENOUGH, MOST = 3, 5


def suggested(
    session: Session, seat: Seat, ticket: Ticket, hops: Sequence[Hop]
) -> tuple[UnitChoice, ...]:
    """Units with the reason and their record; whoever has returned this work order comes last."""
    owner = grid_owner(session, ticket.grid_id, ticket.grid_rule) if ticket.grid_id else None
    category = session.get(CategoryRow, ticket.category_code)
    choices = suggested_units(session, owner, category.default_unit if category else "")
    now = seat.now(session)
    records = court.unit_records(session, seat, ticket.category_code, now)
    choices += _named(session, hops)
    choices += _learned(session, ticket)
    choices += _proven(session, records, choices)
    return _ordered(_once(choices), records, hops)


def _named(session: Session, hops: Sequence[Hop]) -> tuple[UnitChoice, ...]:
    """The unit that the last one to return it said it belongs to."""
    granted = [hop for hop in hops if hop.granted and hop.suggested]
    if not granted:
        return ()
    last = granted[-1]
    query = select(Unit).where(Unit.active, Unit.kind.in_(RECEIVES))
    query = query.where(or_(Unit.name == last.suggested, Unit.short_name == last.suggested))
    unit = session.scalars(query.limit(1)).first()
    return (unit_choice(unit, f"{last.unit}退单时建议"),) if unit is not None else ()


def _learned(session: Session, ticket: Ticket) -> tuple[UnitChoice, ...]:
    """The units that matters like this one really went to (docs/memory.md)."""
    # numpy is loaded with the first suggestion, never when the program starts.
    from console.ledger import memory
    from console.memory.pieces import Message

    known = memory.known(session)
    if known is None:
        return ()
    message = Message(ticket.title, ticket.content, ticket.address)
    said = known.memory.units(message, ticket.category_path, _MOST_LEARNED)
    likely = {one.label: one for one in said if one.share >= _WORTH_NAMING}
    query = select(Unit).where(Unit.name.in_(likely), Unit.active, Unit.kind.in_(RECEIVES))
    units = {unit.name: unit for unit in session.scalars(query)} if likely else {}
    return tuple(
        unit_choice(
            units[name],
            f"以往这类诉求{one.share:.0%}由其承办" + (f"，{one.reason}" if one.reason else ""),
        )
        for name, one in likely.items()
        if name in units
    )


def _proven(
    session: Session, records: Mapping[int, UnitRecord], known: Iterable[UnitChoice]
) -> tuple[UnitChoice, ...]:
    """The unit that takes most of this category without sending it back."""
    told = {choice.id for choice in known}
    best = [
        (record.sent - record.returned, unit_id)
        for unit_id, record in records.items()
        if unit_id not in told and record.sent >= ENOUGH and record.returned * 10 <= record.sent
    ]
    if not best:
        return ()
    unit = session.get(Unit, max(best)[1])
    if unit is None or not unit.active or unit.kind not in RECEIVES:
        return ()
    return (unit_choice(unit, "同类工单多由其承办"),)


def _once(choices: Iterable[UnitChoice]) -> list[UnitChoice]:
    first: dict[int, UnitChoice] = {}
    for choice in choices:
        first.setdefault(choice.id, choice)
    return list(first.values())


def _ordered(
    choices: Sequence[UnitChoice], records: Mapping[int, UnitRecord], hops: Sequence[Hop]
) -> tuple[UnitChoice, ...]:
    told = _told(choices, records, hops)
    # Stable: among the others the reason's order stays.
    told.sort(key=_sent_back)
    return tuple(told[:MOST])


def _told(
    choices: Iterable[UnitChoice], records: Mapping[int, UnitRecord], hops: Sequence[Hop]
) -> list[UnitChoice]:
    """Each with its record beside it."""
    back = {hop.unit_id: hop.sentence for hop in hops if hop.granted}
    return [
        replace(
            choice,
            record=replace(
                records.get(choice.id, UnitRecord()), returned_this=back.get(choice.id, "")
            ),
        )
        for choice in choices
    ]


def _sent_back(choice: UnitChoice) -> bool:
    return choice.record is not None and bool(choice.record.returned_this)


def with_records(
    session: Session, seat: Seat, ticket: Ticket | None, choices: Iterable[UnitChoice]
) -> tuple[UnitChoice, ...]:
    """Typed by name: the same record beside it, so that a unit that sent it back is seen at once."""
    found = tuple(choices)
    if ticket is None:
        return found
    hops = court.hops(session, ticket.id)
    records = court.unit_records(session, seat, ticket.category_code, seat.now(session))
    return tuple(_told(found, records, hops))
