"""What all registers have in common: rows compared with those there, written in bulk, every change noted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Topic
from console.domain.errors import Conflict, Invalid
from console.domain.importing.fields import Kind
from console.domain.importing.records import Entry, Existing, Standing
from console.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from console.ledger import Seat
from console.ledger.files import Taken
from console.ledger.registers import private_columns
from console.services.importing import guarded
from console.services.importing.bulk import insert_rows, put, update_rows
from console.services.importing.lookups import Places, within
from db.models import Base, RegisterChange
from db.models.private import with_twins

CHUNK = 2000
Row = dict[str, Any]
# Called with the number of rows written since; raises Cancelled, which takes everything back.
Mark = Callable[[int], None]
# Follows from other columns: brought up to date with them, never a change of its own.
DERIVED = frozenset({"initials", "name_pieces"})
# Masked twins that are not called after their column.
_TWINS = {"id_number": "id_masked", "home_address": "home", "address": "place"}
_REFUSALS = {
    guarded.ELSEWHERE: "已在别的辖区登记，跨辖区的变动请热线中心办理",
    guarded.OTHER_NAME: "身份证号已登记，但姓名不同，改了名的请在“曾用名”填原来的姓名，否则请核对",
    guarded.OFTEN: "今天已比对过多次，请明天再导入这一行",
}
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
    # Why this row of the file is not taken although the register knows it.
    refusal: str = ""


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
    # The column a row is known by where the asker reads no row by it.
    known_by = ""

    def __init__(self, session: Session, seat: Seat, kind: Kind, today: date) -> None:
        self.session, self.seat, self.kind, self.today = session, seat, kind, today
        self.places = Places(session, seat.operator)
        # The folder that files named in the table are looked for in.
        self.base = ""
        # The file's digest; on a guarded server also the number under which it was asked about.
        self.file, self.asking = "", None  # type: tuple[str, int | None]

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

    def compared(
        self, rows: Sequence[Row], found: dict[tuple[Any, ...], Known]
    ) -> dict[tuple[Any, ...], Known]:
        """`found` with what may not be read here: on a guarded server it says which private columns differ."""
        if not self.seat.db.guarded or self.kind.matters:
            return found
        hidden = frozenset(private_columns(self.table))
        asked = [
            row for row in rows if self.known_by or (self.key(row) in found and hidden & row.keys())
        ]
        if not asked:
            return found
        # The lane has two connections; while the server compares, one is enough.
        self.session.rollback()
        questions = [self._question(row, found, hidden) for row in asked]
        self.asking, answers = guarded.ask(
            self.seat, self.table.__tablename__, self.file, questions
        )
        there = self._readable([a.row_id for a in answers.values() if a.row_id])
        told = {
            self.key(asked[at]): _known(answer, asked[at], there, hidden)
            for at, answer in answers.items()
        }
        return {**found, **told}

    def _question(
        self, row: Row, found: Mapping[tuple[Any, ...], Known], hidden: frozenset[str]
    ) -> guarded.Question:
        values = {name: row[name] for name in hidden & row.keys() if row[name] is not None}
        for name in DERIVED:
            values.pop(name, None)
        if self.known_by:
            return guarded.Question(str(row[self.known_by]), None, values)
        return guarded.Question("", found[self.key(row)].id, values)

    def _readable(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        key = self.table.__mapper__.primary_key[0]
        rows = within(self.session, self.every(), key, ids)
        return {row._mapping[key.name]: row._asdict() for row in rows}

    def every(self, table: type[Base] | None = None) -> Any:
        """Every column that may be read. Columns, not objects: what a class defers is read all the same, and a
        hundred thousand rows stay cheap."""
        table = table or self.table
        hidden = private_columns(table) if self.seat.db.guarded else ()
        return select(*(column for column in table.__table__.columns if column.name not in hidden))

    def refuse_elsewhere(self, known: Known) -> None:
        """Raises Invalid for a row that lies in a place the operator does not answer for, wherever the file puts it."""
        if known.refusal:
            raise Invalid(known.refusal, field=self.kind.keys[0])
        place = self.places.by_id.get(known.values.get("grid_id") or 0)
        if place is not None and not self.places.may(place.code):
            raise Invalid(_REFUSALS[guarded.ELSEWHERE], field=self.kind.keys[0])

    def notes(self, _rows: Sequence[Row]) -> tuple[str, ...]:
        """What the operator should know before it is written."""
        return ()

    # --- writing

    def write(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """New rows and changes, in order of rank. Everything or nothing: the caller holds the transaction."""
        new = [entry for entry in entries if entry.standing is Standing.NEW]
        changed = [entry for entry in entries if entry.standing is Standing.CHANGED]
        self.ready([dict(entry.values) for entry in entries])
        guarded.begin(moment.session, self.seat, self.asking)
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
            moment.changes.append(came(moment, name, id_, f"文件第 {entry.line} 行"))
        if len(moment.changes) >= CHUNK:
            note_changes(moment)
        return ids

    def change(self, moment: Moment, entries: Sequence[Entry]) -> None:
        alike: dict[tuple[str, ...], list[Row]] = {}
        for entry in entries:
            row = self.changes(entry)
            alike.setdefault(tuple(row), []).append(row)
        for rows in alike.values():
            if update_rows(moment.session, self.table, rows) != len(rows):
                raise _gone()
        for entry in entries:
            self.note(moment, entry)

    def changes(self, entry: Entry) -> Row:
        """The columns of a row that change, with their twins and its key."""
        new = {name: entry.values[name] for name in entry.before}
        row = with_twins(self.table, self.columns(new, whole=False) | self.raised(entry))
        return {self.table.__mapper__.primary_key[0].name: entry.row_id, **row}

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
        if isinstance(value, guarded.Unseen):
            return value.shown[:500]
        words = "" if value is None else str(value)
        if not private and name in private_columns(self.table):
            return "***" if words else ""
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


def note_changes(moment: Moment) -> None:
    for piece in _chunks(moment.changes):
        insert_rows(moment.session, RegisterChange, piece)
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


def _known(
    answer: guarded.Answer, row: Row, there: Mapping[int, Row], hidden: frozenset[str]
) -> Known:
    """What the server said, as a row of the register: columns nobody reads are the file's own, or another's unseen."""
    if answer.row_id is None or answer.row_id not in there:
        return Known(0, None, {}, _REFUSALS.get(answer.state, _REFUSALS[guarded.ELSEWHERE]))
    values = dict(there[answer.row_id])
    for name in hidden & row.keys():
        masked = str(values.get(_TWINS.get(name, f"{name}_masked"), "") or "***")
        values[name] = guarded.Unseen(masked) if name in answer.differs else row[name]
    if "name" in answer.differs:
        values.update(dict.fromkeys(DERIVED & row.keys(), guarded.Unseen()))
    return Known(answer.row_id, answer.version, values)


def _gone() -> Conflict:
    return Conflict("检查之后，有登记不再归您管辖，什么都没有写入", "请重新检查后再导入")


def came(moment: Moment, register: str, row_id: int, how: str) -> Row:
    """The line of a new row's history."""
    return {
        "register": register, "row_id": row_id, "field": "*", "before": "",
        "after": f"{moment.note}，{how}", "at": moment.at, "changed_by": moment.signature,
    }  # fmt: skip


def _chunks(rows: Iterable[Any]) -> Iterable[list[Any]]:
    rows = iter(list(rows))
    while piece := list(islice(rows, CHUNK)):
        yield piece
