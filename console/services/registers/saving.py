"""A row typed in, compared, changed: each field that moved is on record, and nobody's change is lost."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.errors import Conflict, Invalid, NotAllowed
from console.domain.importing.fields import Field
from console.domain.registers.filling import GIVEN
from console.domain.registers.kinds import FOUNDED, KINDS, Register
from console.domain.registers.records import Typed
from console.domain.worktime import civil_date
from console.ledger import Seat, contacts
from console.ledger.registers import TABLES, merge_details
from console.services.registers.cards import Cards
from console.services.registers.columns import Columns
from console.services.registers.posts import keep_posts
from console.services.registers.rights import refuse_writing
from console.services.registers.values import (
    HIDDEN,
    empty_of,
    is_private,
    masked,
    read_typed,
    shown,
    text_of,
)
from console.services.registers.writing import Line, changed, locked, note
from db.models import Enterprise, Person

# So many others may have been given a number between ours and its commit.
TRIES = 3
# Follow from other columns: no change of their own.
_DERIVED = frozenset({"initials", "name_pieces", "version"})
_DOCUMENTS = {Register.PERSONS: "class_details", Register.MEMBERS: "details"}


class Saving:
    """What a keeper does with one row."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def save(self, typed: Typed) -> Changed:
        """A new row, or what was typed over one. Fields that were not typed stay.

        Raises InvalidForm beside the fields, Conflict when the row moved or is on the register already, NotAllowed.
        """
        refuse_writing(self._seat, typed.register)
        if typed.id is None and typed.register in FOUNDED:
            raise NotAllowed(
                f"{KINDS[typed.register].title}由系统管理员导入", "请把变更报给热线中心"
            )
        for again in range(TRIES, -1, -1):
            try:
                with self._seat.db.writing.begin() as session:
                    return self._save(session, typed)
            except IntegrityError as fault:
                # Two were given the same number at once: the later one is given the next.
                if not again or not self._is_given(typed):
                    keys = KINDS[typed.register].key_titles
                    raise Conflict(
                        f"同样的{keys}已经登记，可能在别的网格",
                        "请核对；跨网格的请热线中心办理迁入",
                    ) from fault
        raise AssertionError("the last try has returned or raised")

    @staticmethod
    def _is_given(typed: Typed) -> bool:
        """Whether the program gives this new row its number."""
        given = GIVEN.get(typed.register, frozenset())
        return typed.id is None and any(not typed.values.get(name) for name in given)

    def _save(self, session: Session, typed: Typed) -> Changed:
        now = self._seat.now(session)
        today = civil_date(now)
        values = read_typed(typed.register, typed.values, typed.id is None, today)
        row = None
        if typed.id is not None:
            row = locked(session, self._seat, typed.register, typed.id, typed.version)
            values = self._unfixed(session, typed, row, values, today)
        columns = Columns(session, self._seat, today).of(typed.register, values, row)
        if row is None:
            row = self._insert(session, typed.register, columns, now)
        else:
            self._change(session, typed.register, row, columns, now)
        self._documents(session, typed, row, values, now)
        if typed.register is Register.STAFF:
            keep_posts(session, self._seat, row, values, now)
        session.flush()
        return changed(typed.register, _id(typed.register, row), row.version)

    def _unfixed(
        self, session: Session, typed: Typed, row: Any, values: dict[str, Any], today: date
    ) -> dict[str, Any]:  # fmt: skip
        """What says which row it is does not change; the form shows it grey."""
        form = Cards(session, self._seat, today).form(typed.register, typed.id)
        fixed = {one.field.name for one in form.fields if one.fixed}
        return {name: value for name, value in values.items() if name not in fixed}

    def _insert(
        self, session: Session, register: Register, columns: dict[str, Any], now: datetime
    ) -> Any:
        self._refuse_known(session, register, columns)
        table = TABLES[register]
        names = {column.key for column in table.__table__.columns}
        row = table(**{k: v for k, v in columns.items() if k in names and v is not None})
        session.add(row)
        session.flush()
        note(session, self._seat, register, _id(register, row), [("*", "", "新登记")], now)
        return row

    def _refuse_known(self, session: Session, register: Register, columns: dict[str, Any]) -> None:
        """The comparison at the last moment; the unique key of the table answers for other branches."""
        if register is Register.PERSONS:
            key = contacts.key_of(session, self._seat, columns["id_number"])
            known = session.scalar(select(Person.name_masked).where(Person.id_key == key))
            if known:
                raise Invalid(
                    f"身份证号已登记（{known}）", "请打开原登记修改，或办理迁入", "id_number"
                )
        elif register is Register.ENTERPRISES:
            found = select(Enterprise.name).where(Enterprise.uscc == columns["uscc"])
            firm = session.scalar(found)
            if firm:
                raise Invalid(f"信用代码已登记（{firm}）", "请打开原登记修改", "uscc")

    def _change(
        self, session: Session, register: Register, row: Any, columns: dict[str, Any], now: datetime
    ) -> None:  # fmt: skip
        lines = list(self._apply(register, row, columns))
        if lines:
            row.version += 1
            session.flush()
            note(session, self._seat, register, _id(register, row), lines, now)

    @staticmethod
    def _apply(register: Register, row: Any, columns: dict[str, Any]) -> Iterator[Line]:
        """Sets what differs and tells it. A private column's old value is unknown here: its mask stands for it."""
        table = TABLES[register]
        fields = {field.name: field for field in KINDS[register].fields}
        for name, value in columns.items():
            column = table.__table__.columns.get(name)
            if column is None:
                continue
            if value is None:
                value = empty_of(column)
            field = fields.get(name)
            if column.info.get("private"):
                before = shown(register, field, row) if field else HIDDEN
                setattr(row, name, value)
                if name not in _DERIVED:
                    yield name, before, masked(field, value) if field else HIDDEN
                continue
            old = getattr(row, name)
            if old != value:
                setattr(row, name, value)
                if name not in _DERIVED:
                    yield name, _told(register, field, old), _told(register, field, value)

    def _documents(
        self, session: Session, typed: Typed, row: Any, values: dict[str, Any], now: datetime
    ) -> None:  # fmt: skip
        """Fields that lie in a private document: only those that were typed move."""
        name = _DOCUMENTS.get(typed.register, "")
        new = {k.partition(".")[2]: v or "" for k, v in values.items() if "." in k}
        if typed.id is None:
            new = {key: value for key, value in new.items() if value}
        if not name or not new:
            return
        merge_details(session, self._seat, row, name, new)
        if typed.id is not None:
            lines = [
                (f"{name}.{key}"[:40], HIDDEN, HIDDEN if value else "")
                for key, value in new.items()
            ]
            row.version += 1
            note(session, self._seat, typed.register, row.id, lines, now)

    def verify(self, register: Register, row_id: int, version: int) -> Changed:
        """Somebody looked today: it is still so. Raises Conflict, NotAllowed, NotFound."""
        refuse_writing(self._seat, register)
        name = "last_visit_on" if register is Register.HOUSEHOLDS else "verified_on"
        if name not in TABLES[register].__table__.columns:
            raise Invalid(f"{KINDS[register].title}没有核实日期")
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            row = locked(session, self._seat, register, row_id, version)
            before, today = getattr(row, name), civil_date(now)
            if before != today:
                setattr(row, name, today)
                row.version += 1
                session.flush()
                line = (name, before.isoformat() if before else "", today.isoformat())
                note(session, self._seat, register, row_id, [line], now)
            return changed(register, row_id, row.version)


def _told(register: Register, field: Field | None, value: Any) -> str:
    if field is None:
        return "" if value is None else str(value)
    return masked(field, value) if is_private(register, field) else text_of(field, value)


def _id(register: Register, row: Any) -> int:
    return int(row.unit_id if register is Register.GRIDS else row.id)
