"""Residents and households (field-facts 6.3, 6.5)."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from console.domain.changes import Topic
from console.domain.errors import Invalid
from console.domain.identity import SEX_NAMES, read_identity_number
from console.domain.importing.records import Entry
from console.ledger.registers import merge_details
from console.services.importing.lookups import within
from console.services.importing.registers import Known, Moment, Register, Row
from db.models import House, Household, Person
from db.pinyin import initials_column
from db.search import name_pieces

_ABROAD = "境外"
_PEOPLE = frozenset({Topic.PEOPLE})


class Persons(Register):
    """实有人口: one row a person, known by the identity number."""

    table, topics = Person, _PEOPLE
    known_by = "id_number"

    def learn(self, rows: Sequence[Row]) -> None:
        numbers = [row["household_id"] for row in rows if row.get("household_id")]
        query = select(Household.number, Household.id, Household.grid_id, Household.house_id)
        found = within(self.session, query, Household.number, numbers)
        self._households = {number: (id_, grid, house) for number, id_, grid, house in found}

    def complete(self, values: Row) -> Row:
        row = {name: value for name, value in values.items() if "." not in name}
        self._identity(row)
        self._home(row)
        details = {
            name.partition(".")[2]: str(value)
            for name, value in values.items()
            if name.startswith("class_details.") and value is not None
        }
        row["class_details"] = details or None
        row["initials"] = initials_column(row["name"], 80)
        row["name_pieces"] = name_pieces(row["name"])[:200]
        return row

    def _identity(self, row: Row) -> None:
        """Birth and sex come from the number; what the file says otherwise is a mistake in one of them."""
        number = row["id_number"]
        if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
            self._abroad(row)
            return
        identity = read_identity_number(number, self.today, "id_number")
        if identity.invented and not self.seat.demo:
            raise Invalid("身份证号前两位不是省份代码", "请核对", "id_number")
        sex = SEX_NAMES[identity.sex]
        if row.get("sex") not in (None, sex):
            raise Invalid(f"性别与身份证号不符，身份证号为{sex}", "请核对哪一个写错了", "sex")
        if row.get("born_on") not in (None, identity.born):
            raise Invalid(
                f"出生日期与身份证号不符，身份证号为 {identity.born}",
                "请核对哪一个写错了",
                "born_on",
            )
        row["sex"], row["born_on"] = sex, identity.born

    @staticmethod
    def _abroad(row: Row) -> None:
        if row.get("residence_kind") != _ABROAD:
            raise Invalid("不是 18 位身份证号", "境外人员请把“人员属性”填为境外", "id_number")
        if not row.get("sex") or not row.get("born_on"):
            raise Invalid("境外证件须同时填写性别和出生日期", field="sex")

    def _home(self, row: Row) -> None:
        """The household by its number, and from it the house and, where the file names none, the grid."""
        number, grid = row.pop("household_id", None), row.pop("grid_id", None)
        home = self._households.get(number) if number else None
        if number and home is None:
            raise Invalid(f"没有户号 {number}", "请先导入户，或留空", "household_id")
        if grid:
            row["grid_id"] = self.places.grid(grid).id
        elif home is not None:
            row["grid_id"] = self.places.grid(self.places.by_id[home[1]].code).id
        else:
            raise Invalid("请填写网格", "填编码或全名；有户号的可以不填", "grid_id")
        if home is not None:
            row["household_id"], row["house_id"] = home[0], home[2]

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        if self.seat.db.guarded:
            return {}
        numbers = [row["id_number"] for row in rows]
        return {
            (row.id_number,): Known(row.id, row.version, row._asdict())
            for row in within(self.session, self.every(), Person.id_number, numbers)
        }

    def notes(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """Numbers that stand with somebody else already: often a family's, sometimes a slip."""
        if self.seat.db.guarded:
            # Whether a number is registered at all is not told by the way.
            return ()
        owners = {row["phone"]: row["id_number"] for row in rows if row.get("phone")}
        query = select(Person.phone, Person.id_number)
        there = within(self.session, query, Person.phone, owners)
        shared = {phone for phone, number in there if owners[phone] != number}
        if not shared:
            return ()
        return (f"{len(shared):,} 个电话已登记在别人名下（家人共用的不必改）",)

    def agree(self, row: Row, known: Known) -> None:
        """One identity number, two names: a changed name is believed only with the former one beside it."""
        if self.seat.db.guarded:
            # The server has compared the names and merges the document itself.
            return
        if row.get("class_details"):
            row["class_details"] = {**known.values["class_details"], **row["class_details"]}
        old = known.values["name"]
        if row["name"] != old and row.get("former_name") != old:
            raise Invalid(
                "身份证号已登记，但姓名不同", "改了名的请在“曾用名”填原来的姓名，否则请核对", "name"
            )

    def change(self, moment: Moment, entries: Sequence[Entry]) -> None:
        super().change(moment, entries)
        if self.seat.db.guarded:
            for entry in entries:
                if "class_details" in entry.before:
                    person = moment.session.get_one(Person, entry.row_id)
                    given = entry.values["class_details"]
                    merge_details(moment.session, self.seat, person, "class_details", given)

    def changes(self, entry: Entry) -> Row:
        row = super().changes(entry)
        if self.seat.db.guarded:
            row.pop("class_details", None)
        return row


class Households(Register):
    """户, known by its number; lies in a house when one has that address."""

    table, topics = Household, _PEOPLE
    known_by = "number"

    def learn(self, rows: Sequence[Row]) -> None:
        addresses = [row["address"] for row in rows if row.get("address")]
        query = select(House.address, House.id, House.grid_id)
        self._houses: dict[str, list[tuple[int, int]]] = {}
        for address, id_, grid in within(self.session, query, House.address, addresses):
            self._houses.setdefault(address, []).append((id_, grid))

    def complete(self, values: Row) -> Row:
        row = dict(values)
        row["grid_id"] = self.places.grid(row["grid_id"]).id
        here = [id_ for id_, grid in self._houses.get(row["address"], ()) if grid == row["grid_id"]]
        if len(here) == 1:
            row["house_id"] = here[0]
        return row

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        if self.seat.db.guarded:
            return {}
        numbers = [row["number"] for row in rows]
        found = within(self.session, self.every(), Household.number, numbers)
        return {(row.number,): Known(row.id, row.version, row._asdict()) for row in found}
