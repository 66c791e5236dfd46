"""What is read from a file, what was found in it, and what became of it. No cell of a citizen is in a `repr`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from console.domain.changes import Changed

Cell = (
    str
    | int
    | float
    | bool
    | date
    | datetime
    | time
    | timedelta
    | list[Any]
    | dict[str, Any]
    | None
)
LINE_TITLE, COLUMN_TITLE, REASON_TITLE = "行号", "列", "原因"
# Columns of a file of failed rows; fed again they count for nothing.
OUR_TITLES = frozenset({LINE_TITLE, COLUMN_TITLE, REASON_TITLE})


class Existing(StrEnum):
    """What to do with a row whose key is on the register already."""

    UPDATE = "update"
    KEEP = "keep"
    REFUSE = "refuse"


EXISTING_NAMES: dict[Existing, str] = {
    Existing.UPDATE: "更新登记（空格不覆盖）",
    Existing.KEEP: "保留原登记，跳过",
    Existing.REFUSE: "作为重复列出",
}


class Standing(StrEnum):
    """How a row of the file stands to the register."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"
    FAILED = "failed"


STANDING_NAMES: dict[Standing, str] = {
    Standing.NEW: "新增",
    Standing.CHANGED: "更新",
    Standing.SAME: "无变化",
    Standing.KEPT: "已有，跳过",
    Standing.FAILED: "有错",
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it lies in the file; `line` is the row number a person sees there."""

    line: int
    cells: tuple[Cell, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceFault:
    """Something wrong with a cell that only the reader of the file can see: no value behind a formula, merged."""

    line: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table read from a file. `base` is the folder its photographs are named from."""

    name: str
    sha256: str
    encoding: str
    headers: tuple[str, ...]
    rows: Sequence[SourceRow] = field(repr=False)
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_line: int = 1
    blank_rows: int = 0
    notes: tuple[str, ...] = ()
    faults: tuple[SourceFault, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of the file feeds which field; −1 where none does. `defaults` fill empty cells."""

    columns: Mapping[str, int]
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken: where it stands and what to do."""

    line: int
    column: str
    reason: str
    at: int = -1

    @property
    def place(self) -> str:
        """`B列 身份证号`, as a person finds it in the spreadsheet."""
        return f"{letters(self.at)}列 {self.column}" if self.at >= 0 else self.column


@dataclass(frozen=True, slots=True)
class Entry:
    """One good row: what it says, and whom it is about on the register."""

    line: int
    key: tuple[Any, ...] = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)
    standing: Standing = Standing.NEW
    row_id: int | None = None
    version: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file held against the register: nothing is written yet."""

    kind: str
    source: Source
    mapping: Columns
    existing: Existing
    entries: Sequence[Entry] = field(repr=False)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    # Under which number a guarded server was asked what of it is known.
    asking: int | None = None

    def count(self, standing: Standing) -> int:
        if standing is Standing.FAILED:
            return len(self.failed_lines)
        return sum(entry.standing is standing for entry in self.entries)

    @property
    def counts(self) -> dict[Standing, int]:
        found = dict.fromkeys(Standing, 0)
        for entry in self.entries:
            found[entry.standing] += 1
        found[Standing.FAILED] = len(self.failed_lines)
        return found

    @property
    def failed_lines(self) -> frozenset[int]:
        return frozenset(fault.line for fault in self.faults)

    @property
    def to_write(self) -> int:
        return sum(e.standing in (Standing.NEW, Standing.CHANGED) for e in self.entries)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an import has written."""

    batch: int
    counts: Mapping[Standing, int]
    seconds: float
    changed: Changed


def letters(column: int) -> str:
    """0 → A, 26 → AA: a column's name in a spreadsheet."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name
