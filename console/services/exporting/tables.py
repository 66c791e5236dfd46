"""What stands in an exported table: the same columns as are imported, in the operator's scope, masked."""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session, aliased

from console.domain.address_book import Side
from console.domain.codes import code_range
from console.domain.highways import stake_words
from console.domain.importing.fields import Field, Kind, Reads
from console.domain.importing.kinds import KINDS
from console.domain.importing.preview import MASKS
from console.domain.masking import mask_address, mask_text
from console.domain.records import TicketRow
from console.domain.roles import CENTRE_ROLES, Operator, Role, Scope
from console.domain.states import CHANNEL_NAMES, NATURE_NAMES, STATE_NAMES, URGENCY_NAMES
from console.domain.worktime import civil
from console.ledger import Seat, row_columns, ticket_row, visible
from console.ledger.registers import private_columns
from console.ledger.withheld import withhold_titles
from db.models import (
    AddressBookEntry,
    Building,
    Enterprise,
    Estate,
    Grid,
    House,
    Household,
    Person,
    Road,
    RoadRange,
    Staff,
    Ticket,
    Unit,
)

Query = Select[*tuple[Any, ...]]
PIECE = 2000
ORDERS = "orders"
# What is sensitive is never put into a list (field-facts 10.5): belief, health, special groups.
_NEVER = ("class_details.", "special_attributes", "religion")
_SKELETON = frozenset({"staff", "units", "grids", "roads", "landmarks"})
# Masked twins that are not called after their column.
_TWINS = {
    ("person", "id_number"): "id_masked", ("person", "home_address"): "home", ("household", "address"): "place",
}  # fmt: skip
_TABLES: dict[str, Any] = {
    "persons": Person, "households": Household, "buildings": Building, "houses": House, "enterprises": Enterprise,
    "staff": Staff, "units": Unit, "grids": Grid, "roads": RoadRange,
    "landmarks": AddressBookEntry,
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One export: headings and the rows as text, in pieces that keep memory flat."""

    name: str
    title: str
    headers: tuple[str, ...]
    rows: Callable[[], Generator[tuple[str, ...], None, None]]


def may_export(operator: Operator) -> tuple[str, ...]:
    """Names of what this operator may export: registers he keeps, the city's skeleton, lists of work orders."""
    names = [
        name for name, kind in KINDS.items() if not kind.matters and operator.role in kind.roles
    ]
    if operator.role in CENTRE_ROLES or operator.role is Role.ADMIN:
        names += [name for name in _SKELETON if name not in names]
    if operator.scope is not Scope.NONE:
        names.append(ORDERS)
    return tuple(sorted(names))


def table_of(session: Session, seat: Seat, name: str) -> Table:
    """Raises KeyError for a name there is none of."""
    if name == ORDERS:
        return Table(ORDERS, "工单", _ORDER_HEADERS, lambda: _orders(session, seat))
    kind = KINDS[name]
    fields = [field for field in kind.fields if _told(_TABLES[name], field.name)]
    headers = tuple(field.title for field in fields)
    return Table(name, kind.title, headers, lambda: _rows(session, seat, kind, fields))


def listed(rows: Iterable[TicketRow]) -> Table:
    """Work orders as the pool lists them at this moment, under its conditions."""
    return Table(ORDERS, "工单", _ORDER_HEADERS, lambda: (_order_line(row) for row in rows))


def _told(table: Any, name: str) -> bool:
    """Not what is sensitive, and of private columns only those whose masked twin everybody may read."""
    if name.startswith(_NEVER) or name in ("boundary", "point"):
        return False
    return name not in private_columns(table) or bool(_twin(table, name))


def _twin(table: Any, name: str) -> str:
    """The masked column beside a private one; empty where there is none."""
    twin = _TWINS.get((table.__tablename__, name), f"{name}_masked")
    return twin if twin in table.__table__.columns else ""


def _rows(
    session: Session, seat: Seat, kind: Kind, fields: list[Field]
) -> Generator[tuple[str, ...], None, None]:
    query = _QUERIES[kind.name](seat.operator).execution_options(yield_per=PIECE)
    # The first word of a choice is the usual one.
    words = [
        (field, _twin(_TABLES[kind.name], field.name), {v: w for w, v in reversed(list(field.choices.items()))})
        for field in fields
    ]  # fmt: skip
    # Closed with the generator: an export that is stopped must not leave a cursor open on the server.
    with session.execute(query) as result:
        for row in result:
            values: dict[str, Any] = dict(row._mapping)
            yield tuple(_cell(field, twin, values, names) for field, twin, names in words)


def _cell(field: Field, twin: str, values: Mapping[str, Any], names: Mapping[Any, str]) -> str:
    """As a person reads it; a masked twin of the column, where the table has one, is taken as it is."""
    if twin:
        return str(values[twin] or "")
    value = values.get(field.name)
    if value is None or value == "":
        return ""
    if value in names:
        return names[value]
    if field.reads is Reads.DOOR and values.get("side") == Side.STAKE:
        return stake_words(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date | datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:g}"
    return MASKS[field.private](str(value)) if field.private else str(value)


# --- registers


@cache
def _grid() -> Any:
    """The grid a row lies in. Not made on import: that would configure every table before the window is seen."""
    return aliased(Unit)


def _within(query: Query, operator: Operator, code: Any) -> Query:
    """Only what lies in the operator's own places."""
    if operator.scope is Scope.ALL or operator.role is Role.ADMIN:
        return query.where(true())
    low, high = code_range(operator.unit_code)
    return query.where(code >= low, code < high)


def _columns(table: Any, *without: str) -> list[Any]:
    """Every column that anybody may read (db/models/private.py): the same under guard and without."""
    hidden = private_columns(table)
    return [c for c in table.__table__.columns if c.name not in without and c.name not in hidden]


def _persons(operator: Operator) -> Query:
    query = select(
        *_columns(Person, "grid_id", "household_id"), _grid().code.label("grid_id"),
        Household.number.label("household_id"),
    )  # fmt: skip
    # Who moved away or died is no resident: as in the list on the screen.
    query = query.join(_grid(), _grid().id == Person.grid_id).where(Person.state == "active")
    query = query.outerjoin(Household, Household.id == Person.household_id).order_by(Person.id)
    return _within(query, operator, _grid().code)


def _in_grid(table: Any) -> Callable[[Operator], Query]:
    def query(operator: Operator) -> Query:
        found = select(*_columns(table, "grid_id"), _grid().code.label("grid_id"))
        found = found.join(_grid(), _grid().id == table.grid_id).order_by(table.id)
        return _within(found, operator, _grid().code)

    return query


def _buildings(operator: Operator) -> Query:
    query = select(
        *_columns(Building, "grid_id"), _grid().code.label("grid_id"), Estate.name.label("estate"),
        Estate.kind.label("estate_kind"), Estate.property_company, Estate.property_contact, Estate.property_phone,
        Estate.other_names.label("estate_other_names"),
    )  # fmt: skip
    query = query.join(Estate, Estate.id == Building.estate_id).join(
        _grid(), _grid().id == Building.grid_id
    )
    return _within(query.order_by(Building.id), operator, _grid().code)


def _houses(operator: Operator) -> Query:
    query = select(
        *_columns(House, "grid_id"), _grid().code.label("grid_id"), Estate.name.label("estate"), Building.number,
    )  # fmt: skip
    query = query.outerjoin(Building, Building.id == House.building_id)
    query = query.outerjoin(Estate, Estate.id == Building.estate_id).join(
        _grid(), _grid().id == House.grid_id
    )
    return _within(query.order_by(House.id), operator, _grid().code)


def _staff(operator: Operator) -> Query:
    query = select(*_columns(Staff, "unit_id"), _grid().code.label("unit_id"))
    return _within(
        query.join(_grid(), _grid().id == Staff.unit_id).order_by(Staff.id), operator, _grid().code
    )


def _units(operator: Operator) -> Query:
    query = select(*_columns(Unit), _grid().code.label("parent_code"))
    query = query.outerjoin(_grid(), _grid().id == Unit.parent_id).where(Unit.kind != "grid")
    return _within(query.order_by(Unit.code), operator, Unit.code)


def _grids(operator: Operator) -> Query:
    query = select(*_columns(Grid, "boundary"), _grid().name).join(
        _grid(), _grid().id == Grid.unit_id
    )
    return _within(query.order_by(Grid.code), operator, Grid.code)


def _roads(operator: Operator) -> Query:
    query = select(
        Road.name.label("road"),
        RoadRange.low,
        RoadRange.high,
        RoadRange.side,
        _grid().code.label("grid_id"),
        Road.other_names,
    )
    query = query.join(Road, Road.id == RoadRange.road_id).join(
        _grid(), _grid().id == RoadRange.grid_id
    )
    return _within(query.order_by(Road.name, RoadRange.low), operator, _grid().code)


def _landmarks(operator: Operator) -> Query:
    """Without a point the cell stays empty; nought is no place of any city."""
    row = AddressBookEntry
    query = select(
        *_columns(row, "grid_id", "x", "y"), _grid().code.label("grid_id"),
        func.nullif(row.x, 0.0).label("x"), func.nullif(row.y, 0.0).label("y"),
    )  # fmt: skip
    query = query.join(_grid(), _grid().id == row.grid_id)
    return _within(query.order_by(row.kind, row.name, row.id), operator, _grid().code)


_QUERIES: dict[str, Callable[[Operator], Query]] = {
    "persons": _persons, "households": _in_grid(Household), "buildings": _buildings, "houses": _houses,
    "enterprises": _in_grid(Enterprise), "staff": _staff, "units": _units, "grids": _grids, "roads": _roads,
    "landmarks": _landmarks,
}  # fmt: skip


# --- work orders

_ORDER_HEADERS = (
    "工单编号", "标题", "状态", "性质", "紧急程度", "渠道", "承办单位", "类别", "地点", "受理时间", "时限", "灯",
)  # fmt: skip


def _orders(session: Session, seat: Seat) -> Generator[tuple[str, ...], None, None]:
    """Every work order in scope as its list shows it; callers in confidential ones struck out."""
    now, last = seat.now(session), 0
    query = select(*row_columns()).where(visible(seat.operator)).order_by(Ticket.id).limit(PIECE)
    while rows := session.execute(query.where(Ticket.id > last)).all():
        last = rows[-1].id
        for row in withhold_titles(session, seat, [ticket_row(r, now, seat.rules) for r in rows]):
            yield _order_line(row)


def _order_line(row: TicketRow) -> tuple[str, ...]:
    return (
        row.number, mask_text(row.title), STATE_NAMES[row.state], NATURE_NAMES[row.nature],
        URGENCY_NAMES[row.urgency], CHANNEL_NAMES[row.channel], row.unit, row.category,
        mask_address(row.place), _moment(row.accepted_at), _moment(row.finish_due), str(row.light),
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{civil(at):%Y-%m-%d %H:%M}" if at else ""
