"""What all registers have in common: rows compared with those there, written in bulk, every change noted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from console.domain.changes import Topic
from console.domain.errors import Conflict
from console.domain.importing.fields import Kind
from console.domain.importing.records import Entry, Existing, Standing
from console.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from console.ledger import Seat
from console.ledger.files import Taken
from console.services.importing.lookups import Places, within
from db.models import Base, RegisterChange
from db.models.private import with_twins

CHUNK = 2000
Row = dict[str, Any]
# Called with the number of rows written since; raises Cancelled, which takes everything back.
Mark = Callable[[int], None]
# Follows from other columns: brought up to date with them, never a change of its own.
DERIVED = frozenset({"initials", "name_pieces"})
_MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "identity": mask_identity,
    "address": mask_address,
    "hidden": lambda _words: "***",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A row that is on the register already."""

    id: int
    version: int | None
    values: Mapping[str, Any]


@dataclass
class Moment:
    """One import under way: whose, when, and what every change is signed with."""

    session: Session
    seat: Seat
    at: datetime
    signature: str
    note: str
    mark: Mark
    # Photographs already in the database, by where they lie on disk.
    files: Mapping[str, Taken] = field(default_factory=dict)
    changes: list[Row] = field(default_factory=list)


class Register:
    """One table kept by import. Subclasses say what a row of it must be."""

    table: type[Base]
    topics: frozenset[Topic] = frozenset({Topic.PLACES})

    def __init__(self, session: Session, seat: Seat, kind: Kind, today: date) -> None:
        self.session, self.seat, self.kind, self.today = session, seat, kind, today
        self.places = Places(session, seat.operator)
        # The folder that files named in the table are looked for in.
        self.base = ""

    # --- said by each register

    def learn(self, rows: Sequence[Row]) -> None:
        """Look up what many rows of the file refer to, before any is judged."""

    def ready(self, rows: Sequence[Row]) -> None:
        """The same before writing, with rows already complete."""

    def rank(self, _values: Row) -> int:
        """Rows of a lower rank are judged and written first: streets before their villages."""
        return 0

    def complete(self, values: Row) -> Row:
        """The columns of a row; raises Invalid or InvalidForm for what does not fit the register."""
        raise NotImplementedError

    def key(self, row: Row) -> tuple[Any, ...]:
        """What says that two rows mean the same."""
        return tuple(row.get(name) for name in self.kind.keys)

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        """Those of `rows` that are on the register, by key."""
        raise NotImplementedError

    def agree(self, row: Row, known: Known) -> None:
        """Raises Invalid when the key is another's: the same identity number under another name."""

    def notes(self, _rows: Sequence[Row]) -> tuple[str, ...]:
        """What the operator should know before it is written."""
        return ()

    # --- writing

    def write(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """New rows and changes, in order of rank. Everything or nothing: the caller holds the transaction."""
        new = [entry for entry in entries if entry.standing is Standing.NEW]
        changed = [entry for entry in entries if entry.standing is Standing.CHANGED]
        self.ready([dict(entry.values) for entry in entries])
        self.refuse_taken(new)
        for piece in _chunks(new):
            self.insert(moment, piece)
            moment.mark(len(piece))
        for piece in _chunks(changed):
            self.refuse_stale(moment, piece)
            self.change(moment, piece)
            moment.mark(len(piece))
        self.finish(moment, entries)
        note_changes(moment)

    def insert(self, moment: Moment, entries: Sequence[Entry]) -> list[int]:
        ids = put(moment.session, self.table, [self.columns(entry.values) for entry in entries])
        name = self.table.__tablename__
        for entry, id_ in zip(entries, ids, strict=True):
            moment.changes.append(_came(moment, name, id_, entry.line))
        if len(moment.changes) >= CHUNK:
            note_changes(moment)
        return ids

    def change(self, moment: Moment, entries: Sequence[Entry]) -> None:
        for entry in entries:
            new = {name: entry.values[name] for name in entry.before}
            columns = self.columns(new, whole=False) | self.raised(entry)
            this = self.table.__mapper__.primary_key[0] == entry.row_id
            moment.session.execute(
                update(self.table).where(this).values(**with_twins(self.table, columns)),
                execution_options={"synchronize_session": False},
            )
            self.note(moment, entry)

    def raised(self, entry: Entry) -> Row:
        return {"version": (entry.version or 0) + 1} if "version" in columns_of(self.table) else {}

    def refuse_taken(self, entries: Sequence[Entry]) -> None:
        """Raises Conflict when somebody registered one of the new rows after the preview."""
        taken = self.known([dict(entry.values) for entry in entries])
        for entry in entries:
            if entry.key in taken:
                raise Conflict(
                    f"检查之后，第 {entry.line} 行的内容已被他人登记，什么都没有写入",
                    "请重新检查后再导入",
                )

    def refuse_stale(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """Raises Conflict when somebody changed one of these rows after the preview."""
        if "version" not in columns_of(self.table):
            return
        key = self.table.__mapper__.primary_key[0]
        query = select(key, self.table.__table__.c.version).with_for_update()
        now = dict(
            tuple(row) for row in within(moment.session, query, key, (e.row_id for e in entries))
        )
        stale = [entry for entry in entries if now.get(entry.row_id) != entry.version]
        if stale:
            raise Conflict(
                f"检查之后，第 {stale[0].line} 行对应的登记已被他人修改，什么都没有写入",
                "请重新检查后再导入",
            )

    def finish(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """Rows of other tables that follow from these."""

    def columns(self, values: Mapping[str, Any], whole: bool = True) -> Row:
        """Columns of the table out of a row; a new one has its defaults where the file says nothing."""
        names = columns_of(self.table)
        row = {name: value for name, value in values.items() if name in names and value is not None}
        return blank(self.table) | row if whole else row

    def note(self, moment: Moment, entry: Entry) -> None:
        """One line for each field that changed, masked as the citizen's data it may be."""
        for name, before in entry.before.items():
            if name in DERIVED:
                continue
            moment.changes.append(
                {
                    "register": self.table.__tablename__,
                    "row_id": entry.row_id,
                    "field": name[:40],
                    "before": self.shown(name, before),
                    "after": self.shown(name, entry.values[name]),
                    "at": moment.at,
                    "changed_by": moment.signature,
                }
            )
        if len(moment.changes) >= CHUNK:
            note_changes(moment)

    def shown(self, name: str, value: Any) -> str:
        private = next((f.private for f in self.kind.fields if f.name == name), "")
        words = "" if value is None else str(value)
        return (_MASKS[private](words) if private and words else words)[:500]


def differs(row: Row, known: Known) -> Row:
    """What of a row is said and is not so yet: column → what stands there now. Empty cells say nothing."""
    found = {
        name: known.values[name]
        for name, value in row.items()
        if name in known.values and value is not None and value != known.values[name]
    }
    return found if found.keys() - DERIVED else {}


def entry_of(
    line: int, key: tuple[Any, ...], row: Row, known: Known | None, existing: Existing
) -> Entry:
    """How a row of the file stands to the register."""
    if known is None:
        return Entry(line, key, row)
    if existing is Existing.KEEP:
        return Entry(line, key, row, Standing.KEPT, known.id, known.version)
    before = differs(row, known)
    standing = Standing.CHANGED if before else Standing.SAME
    return Entry(line, key, row, standing, known.id, known.version, before)


def put(session: Session, table: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert in bulk; the new keys in the order of the rows."""
    if not rows:
        return []
    key = table.__mapper__.primary_key[0].name
    ids = [row[key] for row in rows] if key in rows[0] else next_ids(session, table, len(rows))
    # Keys taken beforehand: asking the server for them row by row takes four times as long.
    keyed = [row | {key: id_} for row, id_ in zip(rows, ids, strict=True)]
    session.execute(insert(cast(Table, table.__table__)), keyed)
    return ids


def next_ids(session: Session, table: type[Base], count: int) -> list[int]:
    """Keys for new rows: PostgreSQL's own counter; on SQLite whoever writes is alone."""
    key = table.__mapper__.primary_key[0]
    if session.get_bind().dialect.name == "postgresql":
        counter = select(func.pg_get_serial_sequence(table.__tablename__, key.name))
        name = session.scalar(counter)
        many = func.generate_series(1, count).table_valued("n")
        return list(session.scalars(select(func.nextval(name)).select_from(many)))
    last = session.scalar(select(func.max(key))) or 0
    return list(range(last + 1, last + count + 1))


def note_changes(moment: Moment) -> None:
    for piece in _chunks(moment.changes):
        moment.session.execute(insert(cast(Table, RegisterChange.__table__)), piece)
    moment.changes.clear()


@cache
def columns_of(table: type[Base]) -> frozenset[str]:
    return frozenset(column.name for column in table.__table__.columns)


def blank(table: type[Base]) -> Row:
    """The defaults of a new row; every row of a bulk insert must have the same columns."""
    return dict(_blank(table))


@cache
def _blank(table: type[Base]) -> Row:
    row: Row = {}
    for column in table.__table__.columns:
        if "twin" in column.info:
            # Made from the row itself as it is written.
            continue
        default = column.default
        if default is not None and default.is_scalar:
            row[column.name] = default.arg
        elif default is not None and default.is_callable:
            row[column.name] = default.arg(None)
        elif column.nullable and not column.primary_key:
            row[column.name] = None
    return row


def _came(moment: Moment, register: str, row_id: int, line: int) -> Row:
    return {
        "register": register, "row_id": row_id, "field": "*", "before": "",
        "after": f"{moment.note}，文件第 {line} 行", "at": moment.at, "changed_by": moment.signature,
    }  # fmt: skip


def _chunks(rows: Iterable[Any]) -> Iterable[list[Any]]:
    rows = iter(list(rows))
    while piece := list(islice(rows, CHUNK)):
        yield piece
