"""Units, grids, roads, estates, buildings and enterprises by name: one statement for all of them."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, String, and_, case, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from console.domain.box import Intent, IntentKind
from console.domain.finding import LANDMARK, Group, Hit, Kind
from console.domain.masking import mask_name
from console.ledger import Seat, contacts
from console.ledger.places import LEADER
from console.services.finding.meanings import called
from db.models import AddressBookEntry, Building, Enterprise, Estate, GridStaff, Road, Staff, Unit

_KINDS = {
    "centre": "中心", "district": "区县", "street": "街道", "town": "乡镇", "community": "社区",
    "village": "村", "department": "部门",
}  # fmt: skip
_BUILDING = re.compile(r"^(.{2,}?)[第]?([0-9]+|[A-Za-z])(?:栋|号楼|幢|座|号)")


def find(session: Session, seat: Seat, meant: tuple[Intent, ...], limit: int) -> list[Group]:
    """The groups 单位, 地址, 网格 and 企业."""
    parts = [part.limit(limit + 1).subquery() for part in _questions(session, seat, meant)]
    if not parts:
        return []
    rows = list(session.execute(union_all(*(select(part) for part in parts))))
    kinds = (Kind.UNIT, Kind.PLACE, Kind.GRID, Kind.ENTERPRISE)
    shown = {kind: [row for row in rows if row.kind == kind] for kind in kinds}
    # Before the streets, of which there are more: who types 望台小学 means the school.
    shown[Kind.PLACE].sort(key=lambda row: row.key != LANDMARK)
    return [_group(kind, each, limit) for kind, each in shown.items()]


def _group(kind: Kind, rows: list[Any], limit: int) -> Group:
    return Group(kind, tuple(_hit(kind, row) for row in rows[:limit]), len(rows) > limit)


def _hit(kind: Kind, row: Any) -> Hit:
    # A building's number is often kept without its word.
    text = f"{row.text}号楼" if row.badge == "楼栋" and row.text[-1].isdigit() else row.text
    leader = f"{LEADER} {mask_name(row.leader)}" if row.leader else ""
    detail = " · ".join(filter(None, (row.detail, leader)))
    badge = _KINDS.get(row.badge, row.badge or "")
    return Hit(kind, row.id, text, detail, row.key or "", badge, row.grid_id)


def _questions(session: Session, seat: Seat, meant: tuple[Intent, ...]) -> Iterator[Any]:
    named = (called(meant, Unit.name, Unit.initials), called(meant, Unit.short_name))
    said = [condition for condition in named if condition is not None]
    if said:
        yield from _units(or_(*said))
    for table, badge in ((Road, "道路"), (Estate, "小区")):
        condition, text = _by_any_name(meant, table)
        if condition is not None:
            yield _row(Kind.PLACE, table.id, text, badge=literal(badge)).where(condition)
    yield from _buildings(meant)
    yield from _landmarks(meant)
    enterprise = _enterprises(session, seat, meant)
    if enterprise is not None:
        columns = (Enterprise.address, Enterprise.uscc, Enterprise.industry)
        yield _row(Kind.ENTERPRISE, Enterprise.id, Enterprise.name, *columns).where(enterprise)


def _units(condition: Any) -> Iterator[Any]:
    above = aliased(Unit)
    for kind, grids in ((Kind.UNIT, Unit.kind != "grid"), (Kind.GRID, Unit.kind == "grid")):
        badge = Unit.kind if kind is Kind.UNIT else literal("")
        query = _row(kind, Unit.id, Unit.name, above.name, Unit.code, badge)
        query = query.outerjoin(above, above.id == Unit.parent_id)
        yield query.where(condition, Unit.active, grids).order_by(Unit.code)


def _buildings(meant: tuple[Intent, ...]) -> Iterator[Any]:
    """宝丽小区3栋: the building of that number in estates of that name."""
    for intent in meant:
        said = _BUILDING.match(intent.value) if intent.kind is IntentKind.ADDRESS else None
        if said is not None:
            # Road and house number may stand before the estate's name.
            named = or_(
                Estate.name.contains(said[1], autoescape=True),
                literal(said[1]).contains(Estate.name),
            )
            numbers = Building.number.in_([said[2], *(f"{said[2]}{end}" for end in "栋幢座号")])
            text = Estate.name + " " + Building.number
            grid = aliased(Unit)
            query = _row(
                Kind.PLACE,
                Building.id,
                text,
                grid.name,
                badge=literal("楼栋"),
                grid=Building.grid_id,
            )
            query = query.join(Estate, Estate.id == Building.estate_id)
            query = query.join(grid, grid.id == Building.grid_id)
            yield query.where(and_(named, numbers))


def _by_any_name(meant: tuple[Intent, ...], table: Any) -> tuple[Any, Any]:
    """The condition and the words: by an old or a second name these are said beside today's."""
    named, otherwise = called(meant, table.name, table.initials), called(meant, table.other_names)
    if named is None or otherwise is None:
        return named, table.name
    told = table.name + "（别称" + table.other_names + "）"
    return or_(named, otherwise), case((named, table.name), else_=told)


def _landmarks(meant: tuple[Intent, ...]) -> Iterator[Any]:
    """Schools, bus stops, markets, with the grid they lie in."""
    row, grid = AddressBookEntry, aliased(Unit)
    condition, text = _by_any_name(meant, row)
    if condition is not None:
        badge = case((row.kind == "", "地标"), else_=row.kind)
        query = _row(Kind.PLACE, row.id, text, grid.name, literal(LANDMARK), badge, row.grid_id)
        yield query.join(grid, grid.id == row.grid_id).where(condition, grid.active)


def _enterprises(session: Session, seat: Seat, meant: tuple[Intent, ...]) -> Any:
    said = [called(meant, Enterprise.name, Enterprise.initials)]
    for intent in meant:
        if intent.kind is IntentKind.PHONE:
            said.append(Enterprise.phone_key == contacts.key_of(session, seat, intent.value))
    found = [condition for condition in said if condition is not None]
    return or_(*found) if found else None


def _row(
    kind: Kind, id_: Any, text: Any, detail: Any = None, key: Any = None, badge: Any = None,
    grid: Any = None,
) -> Any:  # fmt: skip
    return select(
        literal(kind.value, String(12)).label("kind"),
        id_.label("id"),
        text.label("text"),
        (null() if detail is None else detail).label("detail"),
        (null() if key is None else key).label("key"),
        (null() if badge is None else badge).label("badge"),
        (cast(null(), BigInteger) if grid is None else grid).label("grid_id"),
        (cast(null(), String) if grid is None else _leader_of(grid)).label("leader"),
    )


def _leader_of(grid_id: Any) -> Any:
    """The name of whoever leads a grid, in the same statement."""
    query = select(Staff.name).join(GridStaff, GridStaff.staff_id == Staff.id)
    query = query.where(GridStaff.grid_id == grid_id, GridStaff.post == LEADER)
    return query.order_by(Staff.id).limit(1).scalar_subquery()
