"""A place by name: where on the map it lies."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.domain.address import AddressParts, parse_address
from console.domain.address_book import BookGrid, RoadRange, Side, plain_building
from console.domain.city_map import Box, MapPlace, Shape
from console.domain.errors import NotFound
from console.domain.highways import highway_keys
from console.domain.intake import PlaceAnswer
from console.domain.other_names import split
from console.domain.registers.building_sheet import building_words
from console.ledger.places import grid_owner
from console.services.mapping.frame import Frame
from console.services.mapping.shapes import around
from db.models import AddressBookEntry, Building, Estate, Road, Unit
from db.models import RoadRange as RangeRow
from db.search import fold

MOST_FOUND, LONGEST = 12, 200
_BUILDING_METRES = 120.0
_KINDS = {"street": "街道", "town": "乡镇", "community": "社区", "village": "村", "grid": "网格"}


def find(
    session: Session, shapes: dict[int, Shape], typed: str, frame: Frame
) -> tuple[MapPlace, ...]:
    """Areas, estates with their buildings, roads with door numbers, landmarks. At most six statements."""
    said = "".join(filter(str.isprintable, typed)).strip()
    if not 2 <= len(said) <= LONGEST:
        return ()
    parts = parse_address(said, fold)
    found: dict[tuple[str, str], MapPlace] = {}
    for place in _places(session, shapes, parts, said, frame):
        found.setdefault((place.text, place.hint), place)
    return tuple(found.values())[:MOST_FOUND]


def _places(
    session: Session, shapes: dict[int, Shape], parts: AddressParts, said: str, frame: Frame
) -> Iterator[MapPlace]:
    if parts.road:
        yield from _doors(session, shapes, parts)
    if not parts.numbers:
        yield from _roads(session, shapes, said)
    yield from _estates(session, shapes, parts, said, frame)
    yield from _landmarks(session, shapes, said)
    yield from _units(session, shapes, said)


def _units(session: Session, shapes: dict[int, Shape], said: str) -> Iterator[MapPlace]:
    named = or_(
        Unit.name.contains(said, autoescape=True),
        Unit.short_name.contains(said, autoescape=True),
        Unit.initials.startswith(said.lower(), autoescape=True),
    )
    query = select(Unit).where(Unit.active, Unit.kind.in_(_KINDS), named)
    for unit in session.scalars(query.order_by(Unit.code).limit(4 * MOST_FOUND)):
        shape = shapes.get(unit.id)
        if shape is not None:
            text = unit.name if unit.kind == "grid" else unit.short_name or unit.name
            yield MapPlace(text, _KINDS[unit.kind], shape.box, unit.id)


def _estates(
    session: Session, shapes: dict[int, Shape], parts: AddressParts, said: str, frame: Frame
) -> Iterator[MapPlace]:
    name = parts.estate or said
    named = or_(
        Estate.name.contains(name, autoescape=True),
        Estate.other_names.contains(name, autoescape=True),
        Estate.initials.startswith(said.lower(), autoescape=True),
    )
    query = select(Estate.id, Estate.name, Estate.grid_id).where(named).limit(MOST_FOUND)
    estates = {row.id: row for row in session.execute(query)}
    buildings: dict[int, list[tuple[str, float, float]]] = {}
    columns = (Building.estate_id, Building.number, Building.x, Building.y)
    if estates:
        rows = session.execute(select(*columns).where(Building.estate_id.in_(estates)))
        for row in rows:
            if row.x or row.y:
                at = frame.metres(row.x, row.y)
                buildings.setdefault(row.estate_id, []).append((row.number, *at))
    for estate in estates.values():
        yield from _of_estate(estate, buildings.get(estate.id, []), shapes, parts.building)


def _of_estate(
    estate: Any,
    buildings: list[tuple[str, float, float]],
    shapes: dict[int, Shape],
    wanted: str,
) -> Iterator[MapPlace]:
    for number, x, y in buildings:
        if wanted and plain_building(number) == plain_building(wanted):
            yield MapPlace(f"{estate.name} {building_words(number)}", "楼栋", _spot(x, y))
    shape = shapes.get(estate.grid_id)
    if buildings:
        yield MapPlace(estate.name, "小区", around(_spot(x, y) for _number, x, y in buildings))
    elif shape is not None:
        yield MapPlace(estate.name, "小区", shape.box, estate.grid_id)


def building(session: Session, building_id: int, frame: Frame) -> MapPlace | None:
    """One building by its id; None without coordinates."""
    query = select(Estate.name, Building.number, Building.x, Building.y, Building.grid_id)
    query = query.join(Estate, Estate.id == Building.estate_id).where(Building.id == building_id)
    row = session.execute(query).first()
    if row is None or not (row.x or row.y):
        return None
    box = _spot(*frame.metres(row.x, row.y))
    return MapPlace(f"{row.name} {building_words(row.number)}", "楼栋", box, row.grid_id)


def _spot(x: float, y: float) -> Box:
    half = _BUILDING_METRES / 2
    return (x - half, y - half, x + half, y + half)


def _doors(session: Session, shapes: dict[int, Shape], parts: AddressParts) -> Iterator[MapPlace]:
    """The grids of a door number, or of the whole road."""
    query = select(RangeRow, Road.name).join(Road, Road.id == RangeRow.road_id)
    rows = session.execute(query.where(Road.name.in_(_names_of(session, parts)))).all()
    low = parts.number_low
    for row, name in rows:
        grid = BookGrid(row.grid_id, "", "")
        one = RoadRange(name, row.low, row.high, Side(row.side), grid)
        shape = shapes.get(row.grid_id)
        if parts.stakes is not None:
            here = one.reaches(*parts.stakes)
        else:
            here = low is None or one.meets(low, parts.number_high or low)
        if shape is not None and here:
            yield MapPlace(
                f"{parts.road_words}", f"{one.words}　{shape.name}", shape.box, row.grid_id
            )


def _names_of(session: Session, parts: AddressParts) -> list[str]:
    """What was said and what is called so still, or for a highway every registered name of it."""
    keys = highway_keys(parts.road)
    if not keys:
        return [parts.road, *_called_still(session, parts.road)]
    query = select(Road.name).join(RangeRow, RangeRow.road_id == Road.id)
    query = query.where(RangeRow.side == Side.STAKE.value).distinct()
    return [parts.road, *(name for name in session.scalars(query) if keys & highway_keys(name))]


def _called_still(session: Session, said: str) -> list[str]:
    """Roads of which it is an old name."""
    query = select(Road.name, Road.other_names)
    rows = session.execute(query.where(Road.other_names.contains(said, autoescape=True)))
    return [name for name, others in rows if said in split(others)]


def _roads(session: Session, shapes: dict[int, Shape], said: str) -> Iterator[MapPlace]:
    named = or_(
        Road.name.contains(said, autoescape=True),
        Road.other_names.contains(said, autoescape=True),
        Road.initials.startswith(said.lower(), autoescape=True),
    )
    query = select(Road.name, RangeRow.grid_id).join(RangeRow, RangeRow.road_id == Road.id)
    boxes: dict[str, list[Box]] = {}
    for name, grid_id in session.execute(query.where(named).limit(40 * MOST_FOUND)):
        if grid_id in shapes:
            boxes.setdefault(name, []).append(shapes[grid_id].box)
    for name, each in boxes.items():
        yield MapPlace(name, "道路", around(each))


def _landmarks(session: Session, shapes: dict[int, Shape], said: str) -> Iterator[MapPlace]:
    row = AddressBookEntry
    named = or_(
        row.name.contains(said, autoescape=True),
        row.other_names.contains(said, autoescape=True),
        row.initials.startswith(said.lower(), autoescape=True),
    )
    query = select(row.name, row.kind, row.grid_id).where(named)
    for name, kind, grid_id in session.execute(query.limit(MOST_FOUND)):
        if grid_id in shapes:
            yield MapPlace(name, kind or "地标", shapes[grid_id].box, grid_id)


def landmark(session: Session, entry_id: int) -> PlaceAnswer:
    """Whose grid a landmark lies in, and by which line of the book. Three statements."""
    entry = session.get(AddressBookEntry, entry_id)
    if entry is None or entry.grid_id is None:
        raise NotFound("没有找到这个地标", "可能刚被删除，请重新查找")
    where = f"（{entry.place}）" if entry.place else ""
    rule = f"按{entry.kind or '地标'}：{entry.name}{where}"
    owner = grid_owner(session, entry.grid_id, rule)
    ask = "" if owner else "请在图上另选一点，或问清地址"
    return PlaceAnswer(owner, (), rule, ask, confidence=rule.split("：")[0])
