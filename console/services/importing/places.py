"""Buildings, houses, enterprises and the doors of roads (field-facts 6.6, 6.7)."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from console.domain.address_book import Side, range_words
from console.domain.errors import Invalid
from console.domain.highways import Stake
from console.domain.importing.records import Entry, Standing
from console.domain.other_names import joined
from console.services.importing.bulk import put
from console.services.importing.lookups import within
from console.services.importing.registers import Known, Moment, Register, Row, blank, came
from db.models import Base, Building, Enterprise, Estate, House, Road, RoadRange
from db.pinyin import initials_column

_COMMUNITY = 12
_ESTATE_COLUMNS = (
    "estate_kind", "estate_other_names", "property_company", "property_contact", "property_phone",
)  # fmt: skip
# Which estate: its name, in one community. Names repeat across a city.
EstateKey = tuple[str, str]


def plain_number(text: str) -> str:
    """3栋, 3号楼 and 03 are one building."""
    plain = re.sub(r"(?:号楼|号栋|栋|幢|座|楼|号|#)+$", "", text.strip().upper())
    return plain.lstrip("0") or "0"


class Buildings(Register):
    """楼栋 with the estate it belongs to; an estate that is not there yet is made."""

    table: type[Base] = Building

    def learn(self, rows: Sequence[Row]) -> None:
        names = [row["estate"] for row in rows if row.get("estate")]
        codes = {place.id: place.code for place in self.places.by_code.values()}
        self._estates: dict[EstateKey, Known] = {}
        for row in within(self.session, self.every(Estate), Estate.name, names):
            key = (row.name, codes.get(row.grid_id, "")[:_COMMUNITY])
            self._estates.setdefault(key, Known(row.id, None, row._asdict()))
        ids = [estate.id for estate in self._estates.values()]
        of = {estate.id: key for key, estate in self._estates.items()}
        self._buildings: dict[tuple[Any, ...], Known] = {}
        query = self.every(Building)
        for row in within(self.session, query, Building.estate_id, ids):
            own = (*of[row.estate_id], plain_number(row.number))
            self._buildings[own] = Known(row.id, row.version, row._asdict())

    def ready(self, rows: Sequence[Row]) -> None:
        self.learn(rows)

    def complete(self, values: Row) -> Row:
        row = dict(values)
        grid = self.places.grid(row["grid_id"])
        row["grid_id"], row["community"] = grid.id, grid.code[:_COMMUNITY]
        row["number"] = row["number"].strip()
        if row.get("estate_other_names"):
            names = joined(row["estate_other_names"], row["estate"], "estate_other_names")
            row["estate_other_names"] = names or None
        if not 1 <= (row.get("floors_above") or 1) <= 200:
            raise Invalid("地上层数应在 1 到 200 之间", "请核对", "floors_above")
        return row

    def key(self, row: Row) -> tuple[Any, ...]:
        return (row["estate"], row["community"], plain_number(row["number"]))

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        found = {}
        for row in rows:
            building = self._buildings.get(self.key(row))
            if building is not None:
                estate = self._estates[row["estate"], row["community"]]
                own = {n: estate.values[_estate_column(n)] for n in _ESTATE_COLUMNS}
                # 3栋 for 3 is no change.
                values = {k: v for k, v in building.values.items() if k != "number"}
                found[self.key(row)] = Known(building.id, building.version, values | own)
        return found

    def notes(self, rows: Sequence[Row]) -> tuple[str, ...]:
        new = {(r["estate"], r["community"]) for r in rows} - self._estates.keys()
        return (f"其中 {len(new):,} 个小区是新的，将一并登记",) if new else ()

    def insert(self, moment: Moment, entries: Sequence[Entry]) -> list[int]:
        make_estates(moment, self._estates, [entry.values for entry in entries])
        return super().insert(moment, entries)

    def change(self, moment: Moment, entries: Sequence[Entry]) -> None:
        super().change(moment, entries)
        for entry in entries:
            own = {_estate_column(n): entry.values[n] for n in _ESTATE_COLUMNS if n in entry.before}
            if own:
                estate = self._estates[entry.values["estate"], entry.values["community"]]
                moment.session.execute(update(Estate).where(Estate.id == estate.id).values(**own))

    def columns(self, values: Any, whole: bool = True) -> Row:
        row = super().columns(values, whole)
        if whole:
            row["estate_id"] = self._estates[values["estate"], values["community"]].id
        return row


def _estate_column(name: str) -> str:
    return name.removeprefix("estate_")


def make_estates(moment: Moment, estates: dict[EstateKey, Known], rows: Sequence[Any]) -> None:
    """Estates that rows name and the register has not; they lie where their first building lies."""
    new: dict[EstateKey, Row] = {}
    for row in rows:
        key = (row["estate"], row["community"])
        if key in estates or key in new:
            continue
        told = {_estate_column(n): row[n] for n in _ESTATE_COLUMNS if row.get(n)}
        new[key] = blank(Estate) | told | {
            "name": row["estate"], "initials": initials_column(row["estate"]), "grid_id": row["grid_id"],
        }  # fmt: skip
    for key, id_ in zip(new, put(moment.session, Estate, list(new.values())), strict=True):
        estates[key] = Known(id_, None, new[key])


class Houses(Buildings):
    """房屋: estate, building, unit, room. What stands above a house and is not there yet is made."""

    table = House

    def learn(self, rows: Sequence[Row]) -> None:
        super().learn(rows)
        of = {building.id: key for key, building in self._buildings.items()}
        self._houses: dict[tuple[Any, ...], Known] = {}
        for row in within(self.session, self.every(House), House.building_id, of):
            key = (*of[row.building_id], row.unit_no, row.room.upper())
            self._houses[key] = Known(row.id, row.version, row._asdict())

    def complete(self, values: Row) -> Row:
        row = super().complete(values)
        if not row.get("address"):
            own = plain_number(row["number"])
            number = f"{own}栋" if own.isalnum() else row["number"]
            row["address"] = f"{row['estate']}{number}{row['unit_no']}单元{row['room']}"
        start, end = row.get("rented_from"), row.get("rented_to")
        if start and end and end < start:
            raise Invalid("出租止早于出租起", "请核对", "rented_to")
        return row

    def key(self, row: Row) -> tuple[Any, ...]:
        return (*self._building(row), row["unit_no"], row["room"].upper())

    def _building(self, row: Any) -> tuple[Any, ...]:
        return (row["estate"], row["community"], plain_number(row["number"]))

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        keys = {self.key(row) for row in rows}
        return {key: house for key, house in self._houses.items() if key in keys}

    def notes(self, rows: Sequence[Row]) -> tuple[str, ...]:
        new = {self._building(row) for row in rows} - self._buildings.keys()
        more = (f"其中 {len(new):,} 栋楼是新的，将一并登记",) if new else ()
        return (*super().notes(rows), *more)

    def insert(self, moment: Moment, entries: Sequence[Entry]) -> list[int]:
        rows = [entry.values for entry in entries]
        make_estates(moment, self._estates, rows)
        self._make_buildings(moment, rows)
        return Register.insert(self, moment, entries)

    def _make_buildings(self, moment: Moment, rows: Sequence[Any]) -> None:
        new: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            key = self._building(row)
            if key in self._buildings:
                continue
            there = new.setdefault(key, blank(Building) | {
                "estate_id": self._estates[row["estate"], row["community"]].id, "grid_id": row["grid_id"],
                "number": row["number"],
            })  # fmt: skip
            there["floors_above"] = max(there["floors_above"], row["floor"])
            there["units"] = max(there["units"], row["unit_no"])
        for key, id_ in zip(new, put(moment.session, Building, list(new.values())), strict=True):
            self._buildings[key] = Known(id_, 1, new[key])
            moment.changes.append(came(moment, "building", id_, "随房屋登记"))

    def change(self, moment: Moment, entries: Sequence[Entry]) -> None:
        Register.change(self, moment, entries)

    def columns(self, values: Any, whole: bool = True) -> Row:
        row = Register.columns(self, values, whole)
        if whole:
            row["building_id"] = self._buildings[self._building(values)].id
        return row


class Enterprises(Register):
    """企业/商户, known by the unified social credit code."""

    table = Enterprise

    def complete(self, values: Row) -> Row:
        row = dict(values)
        row["grid_id"] = self.places.grid(row["grid_id"]).id
        row["initials"] = initials_column(row["name"], 60)
        return row

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        query = self.every()
        found = within(self.session, query, Enterprise.uscc, [row["uscc"] for row in rows])
        return {(row.uscc,): Known(row.id, row.version, row._asdict()) for row in found}


def _side(row: Row) -> Side:
    """As given; of stakes there is one side only. Raises Invalid where doors and stakes are mixed."""
    written = [isinstance(row[name], Stake) for name in ("low", "high")]
    given = Side(row.get("side") or (Side.STAKE if all(written) else Side.BOTH))
    if any(written) != all(written) or (given is Side.STAKE) != all(written):
        raise Invalid(
            "桩号和门牌号不能混填", "桩号两端都写成 K1520+300，单双号填“桩号”或留空", "low"
        )
    return given


def _meet(claim: tuple[int, int, str], row: Row) -> bool:
    """Whether two ranges share a door, or more of a highway than the stake at which both end."""
    low, high, side = claim
    if (side == Side.STAKE) != (row["side"] == Side.STAKE):
        return False
    if side == Side.STAKE:
        return bool(low < row["high"] and row["low"] < high)
    if {side, row["side"]} == {Side.ODD.value, Side.EVEN.value}:
        return False
    return bool(low <= row["high"] and row["low"] <= high)


class Roads(Register):
    """Door numbers of a road in one grid; two grids may not claim one door."""

    table = RoadRange

    def learn(self, rows: Sequence[Row]) -> None:
        names = [row["road"] for row in rows if row.get("road")]
        query = select(Road.name, Road.id, Road.other_names)
        found = list(within(self.session, query, Road.name, names))
        self._roads: dict[str, int] = {row.name: row.id for row in found}
        self._called = {row.id: row.other_names for row in found}
        of = {id_: name for name, id_ in self._roads.items()}
        self._told: dict[str, str] = {}
        self._ranges: dict[tuple[Any, ...], Known] = {}
        self._claims: dict[str, list[tuple[int, int, str, int]]] = {}
        query_ = select(*RoadRange.__table__.columns)
        for row in within(self.session, query_, RoadRange.road_id, of):
            key = (of[row.road_id], row.low, row.high, str(row.side))
            called = {"other_names": self._called[row.road_id]}
            self._ranges[key] = Known(row.id, None, row._asdict() | called)
            self._claims.setdefault(key[0], []).append((row.low, row.high, row.side, row.grid_id))

    def ready(self, rows: Sequence[Row]) -> None:
        self.learn(rows)

    def complete(self, values: Row) -> Row:
        row = dict(values)
        row["grid_id"] = self.places.grid(row["grid_id"]).id
        row["side"] = _side(row).value
        row["low"], row["high"] = int(row["low"]), int(row["high"])
        if row.get("other_names"):
            names = joined(row["other_names"], row["road"])
            row["other_names"] = self._one_answer(row["road"], names) if names else None
        if not 0 <= row["low"] <= row["high"]:
            raise Invalid(f"起始门牌 {row['low']} 大于终止门牌 {row['high']}", "请核对", "low")
        self._refuse_overlap(row)
        mine = (row["low"], row["high"], row["side"], row["grid_id"])
        self._claims.setdefault(row["road"], []).append(mine)
        return row

    def _one_answer(self, road: str, names: str) -> str:
        """All rows of a road say the same of its names. Raises Invalid."""
        if self._told.setdefault(road, names) != names:
            raise Invalid(
                f"与前面写的“{self._told[road]}”不同",
                "一条路的别称各行写一样的，或只写一行",
                "other_names",
            )
        return names

    def _refuse_overlap(self, row: Row) -> None:
        for low, high, side, grid in self._claims.get(row["road"], ()):
            same = (low, high, side) == (row["low"], row["high"], row["side"])
            if same or grid == row["grid_id"] or not _meet((low, high, side), row):
                continue
            words = range_words(low, high, Side(side))
            other = self.places.by_id[grid]
            raise Invalid(f"与网格 {other.code} 的 {words} 重叠", "一个门牌只能属于一个网格", "low")

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        return {key: known for key in map(self.key, rows) if (known := self._ranges.get(key))}

    def insert(self, moment: Moment, entries: Sequence[Entry]) -> list[int]:
        new = {e.values["road"] for e in entries} - self._roads.keys()
        rows = [
            {"name": name, "initials": initials_column(name), "other_names": ""}
            for name in sorted(new)
        ]
        self._roads.update(zip(sorted(new), put(moment.session, Road, rows), strict=True))
        return super().insert(moment, entries)

    def changes(self, entry: Entry) -> Row:
        # The road's own column: a range none of whose columns changes keeps its grid, which is no harm to write.
        return super().changes(entry) | {"grid_id": entry.values["grid_id"]}

    def finish(self, moment: Moment, entries: Sequence[Entry]) -> None:
        written = [e.values for e in entries if e.standing in (Standing.NEW, Standing.CHANGED)]
        told = {row["road"]: row["other_names"] for row in written if row.get("other_names")}
        for road, names in told.items():
            id_ = self._roads[road]
            before = self._called.get(id_, "")
            if names != before:
                change = update(Road).where(Road.id == id_).values(other_names=names)
                moment.session.execute(change)
                moment.changes.append(
                    came(moment, "road", id_, road)
                    | {"field": "other_names", "before": before, "after": names}
                )

    def columns(self, values: Any, whole: bool = True) -> Row:
        row = super().columns(values, whole)
        return row | {"road_id": self._roads[values["road"]]} if whole else row


__all__ = ["Buildings", "Enterprises", "Houses", "Roads"]
