"""Units by their codes, grids with their shapes, staff with their posts (field-facts 5.2, 6.8)."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from console.domain.changes import Topic
from console.domain.codes import DEPARTMENT_LETTER, DivisionCode, read_division_code, read_grid_code
from console.domain.errors import Invalid
from console.domain.importing.records import Entry
from console.domain.worktime import civil_date
from console.ledger.careers import settle_career
from console.services.importing.bulk import insert_rows, put
from console.services.importing.lookups import within
from console.services.importing.registers import Known, Moment, Register, Row
from console.services.importing.shapes import Shapes
from db.models import Grid, GridStaff, Staff, Unit
from db.pinyin import initials_column

_KINDS = {2: "province", 4: "city", 6: "district"}
_NAMES = {"街道": "street", "镇": "town", "乡": "town", "社区": "community", "村": "village"}
_COMMANDS = frozenset({"centre", "city", "district", "street", "town"})
_CITY = 4
# Departments stand under units of any level, in the order of the file.
_AFTER_ALL = 1000


class Units(Register):
    """单位: the tree above the grids; the parent follows from the code, never from a name."""

    table, topics = Unit, frozenset({Topic.ACCOUNTS, Topic.PLACES})

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._codes = set(self.places.by_code)
        self._made: dict[str, int] = {}

    def rank(self, values: Row) -> int:
        code = values.get("code") or ""
        return _AFTER_ALL if code.startswith(DEPARTMENT_LETTER) else len(_plain_code(code))

    def complete(self, values: Row) -> Row:
        row = dict(values)
        code = row["code"] = _plain_code(row["code"])
        kind = _kind(code)
        known = self.places.by_code.get(code)
        if known is None:
            row["kind"], row["is_command_level"] = kind, kind in _COMMANDS
        row["parent_code"] = self._parent(code, row.get("parent_code"))
        row["initials"] = initials_column(row["name"], 60)
        self._codes.add(code)
        return row

    def _parent(self, code: str, given: str | None) -> str:
        if given:
            above = _plain_code(given)
            if above not in self._codes or above == code:
                raise Invalid(
                    f"没有上级单位 {above}", "请先导入上级，或放在同一个文件里", "parent_code"
                )
            return above
        if code.startswith(DEPARTMENT_LETTER):
            return next((p.code for p in self.places.by_code.values() if p.kind == "centre"), "")
        above_ = [a for a in reversed(DivisionCode(code).ancestors) if a in self._codes]
        needed = code[:-3] if len(code) >= 9 else ""
        if needed and needed not in self._codes:
            raise Invalid(f"没有上级单位 {needed}", "请先导入上级，或放在同一个文件里", "code")
        return above_[0] if above_ else ""

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        codes = {place.id: place.code for place in self.places.by_code.values()}
        query = select(*Unit.__table__.columns)
        found = {}
        for row in within(self.session, query, Unit.code, [row["code"] for row in rows]):
            values = row._asdict() | {"parent_code": codes.get(row.parent_id, "")}
            found[row.code,] = Known(row.id, row.version, values)
        return found

    def notes(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """Names alone would be guesses: how many of them mean several places of one city."""
        same = Counter((row["code"][:_CITY], row["name"]) for row in rows)
        repeated = sum(count for count in same.values() if count > 1)
        if not repeated:
            return ()
        return (f"有 {repeated:,} 行的名称在同一城市里重复，一律按编码登记，不按名称对应",)

    def insert(self, moment: Moment, entries: Sequence[Entry]) -> list[int]:
        """Upper levels were written by earlier pieces: a piece holds one level only where it must."""
        ids: list[int] = []
        start = 0
        for end in [*_level_ends(entries), len(entries)]:
            if end > start:
                made = super().insert(moment, entries[start:end])
                codes = (entry.values["code"] for entry in entries[start:end])
                self._made.update(zip(codes, made, strict=True))
                ids += made
                start = end
        return ids

    def columns(self, values: Any, whole: bool = True) -> Row:
        row = super().columns(values, whole)
        above = values.get("parent_code")
        if above:
            there = self.places.by_code.get(above)
            row["parent_id"] = there.id if there else self._made[above]
        return row


def _level_ends(entries: Sequence[Entry]) -> list[int]:
    """Where the length of the code, or for departments what is above, changes."""
    codes = [entry.values["code"] for entry in entries]
    return [
        at
        for at in range(1, len(codes))
        if codes[at].startswith(DEPARTMENT_LETTER) or len(codes[at]) != len(codes[at - 1])
    ]


def _plain_code(text: str) -> str:
    """D001, or a division code without the zeros that pad it. Raises Invalid."""
    if re.fullmatch(rf"{DEPARTMENT_LETTER}[0-9]+", text):
        return text
    return read_division_code(text, "code").text


def _kind(code: str) -> str:
    if code.startswith(DEPARTMENT_LETTER):
        return "department"
    division = DivisionCode(code)
    if len(code) == 15:
        raise Invalid("15 位是网格编码", "请按“网格”导入", "code")
    return _KINDS.get(len(code)) or _NAMES[division.kind]


class Grids(Register):
    """网格: the unit and its shape; shapes may not overlap (GB/T 30428)."""

    table, topics = Grid, frozenset({Topic.PLACES})

    def learn(self, rows: Sequence[Row]) -> None:
        self._shapes = Shapes(self.session, [row.get("code") or "" for row in rows])

    def complete(self, values: Row) -> Row:
        row = dict(values)
        row["code"] = read_grid_code(row["code"], field="code")
        there = self.places.by_code.get(row["code"])
        if there is not None and there.kind != "grid":
            raise Invalid(f"编码 {row['code']} 已是{there.name}，不是网格", "请核对", "code")
        above = self.places.by_code.get(row["code"][:12])
        if above is None:
            raise Invalid(f"没有社区或村 {row['code'][:12]}", "请先导入单位", "code")
        row["parent_id"] = above.id
        if row.get("boundary"):
            shape = self._shapes.take(row["code"], row["boundary"])
            row["boundary"], row["centre_x"], row["centre_y"] = shape.document, shape.x, shape.y
            row["area_m2"] = row.get("area_m2") or shape.area_m2
        return row

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        query = select(*Grid.__table__.columns, Unit.name).join(Unit, Unit.id == Grid.unit_id)
        found = within(self.session, query, Grid.code, [row["code"] for row in rows])
        return {(row.code,): Known(row.unit_id, row.version, row._asdict()) for row in found}

    def insert(self, moment: Moment, entries: Sequence[Entry]) -> list[int]:
        units = Units(moment.session, self.seat, self.kind, self.today)
        rows = [
            units.columns({
                "code": e.values["code"], "name": e.values["name"], "short_name": e.values["name"][:60],
                "kind": "grid", "parent_id": e.values["parent_id"], "initials": initials_column(e.values["name"], 60),
            })
            for e in entries
        ]  # fmt: skip
        self._ids = iter(put(moment.session, Unit, rows))
        return super().insert(moment, entries)

    def columns(self, values: Any, whole: bool = True) -> Row:
        row = super().columns(values, whole)
        if not whole:
            return row
        empty = {
            "boundary": {},
            "centre_x": 0.0,
            "centre_y": 0.0,
            "area_m2": 0.0,
            "grid_type": "basic",
        }
        return empty | row | {"unit_id": next(self._ids)}

    def change(self, moment: Moment, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if "name" in entry.before:
                unit = moment.session.get(Unit, entry.row_id)
                assert unit is not None
                unit.name = entry.values["name"]
                unit.initials = initials_column(unit.name, 60)
                unit.version += 1
        moment.session.flush()
        super().change(moment, entries)


class StaffRegister(Register):
    """人员, known by 工号; which grids they answer for is replaced when the file says so."""

    table, topics = Staff, frozenset({Topic.ACCOUNTS})

    def complete(self, values: Row) -> Row:
        row = dict(values)
        row["unit_id"] = self.places.unit(row["unit_id"]).id
        row["initials"] = initials_column(row["name"], 40)
        grids = [self.places.grid(text, "grids") for text in row.pop("grids", None) or ()]
        if grids:
            row["grid_codes"] = "、".join(sorted({grid.code for grid in grids}))
        start, end = row.get("started_on"), row.get("ended_on")
        if start and end and end < start:
            raise Invalid("离任日期早于任职日期", "请核对", "ended_on")
        return row

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        query = select(*Staff.__table__.columns)
        found = list(within(self.session, query, Staff.staff_no, [r["staff_no"] for r in rows]))
        grids = self._grids_of([row.id for row in found])
        return {
            (row.staff_no,): Known(row.id, row.version, row._asdict() | {"grid_codes": grids.get(row.id, "")})
            for row in found
        }  # fmt: skip

    def _grids_of(self, ids: list[int]) -> dict[int, str]:
        query = select(GridStaff.staff_id, Grid.code).join(Grid, Grid.unit_id == GridStaff.grid_id)
        codes: dict[int, set[str]] = {}
        for staff, code in within(self.session, query, GridStaff.staff_id, ids):
            codes.setdefault(staff, set()).add(code)
        return {staff: "、".join(sorted(found)) for staff, found in codes.items()}

    def finish(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """Posts in grids: those of the file instead of those there."""
        numbers = [e.values["staff_no"] for e in entries if e.values.get("grid_codes")]
        query = select(Staff.staff_no, Staff.id, Staff.post)
        found = {
            no: (id_, post)
            for no, id_, post in within(moment.session, query, Staff.staff_no, numbers)
        }
        rows = []
        for entry in entries:
            if not entry.values.get("grid_codes"):
                continue
            id_, post = found[entry.values["staff_no"]]
            if entry.row_id is not None:
                moment.session.execute(delete(GridStaff).where(GridStaff.staff_id == id_))
            for code in entry.values["grid_codes"].split("、"):
                rows.append(
                    {"grid_id": self.places.by_code[code].id, "staff_id": id_, "post": post}
                )
        if rows:
            insert_rows(moment.session, GridStaff, rows)
        self._settle_careers(moment, entries)

    def _settle_careers(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """The same line a form would write: who comes, who changes the post."""
        today, typed = civil_date(moment.at), {e.values["staff_no"]: e.values for e in entries}
        moment.session.flush()
        found = list(within(moment.session, select(Staff), Staff.staff_no, list(typed)))
        for (person,) in found:
            start = typed[person.staff_no].get("started_on") is not None
            settle_career(moment.session, person, start, today)
