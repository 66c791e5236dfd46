"""A file held against the register, row by row: what is good, what is not and why. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from console.domain.errors import Cancelled, Invalid, InvalidForm, UserError
from console.domain.importing.fields import Kind
from console.domain.importing.headers import missing
from console.domain.importing.records import (
    Checked,
    Columns,
    Entry,
    Existing,
    Fault,
    Source,
    SourceRow,
)
from console.domain.importing.values import read_cell
from console.services.importing.registers import Register, Row, entry_of
from console.services.importing.zips import Stop

Progress = Callable[[int, int, str], None]
_STEP = 500
MOST_FAULTS = 200_000


@dataclass
class Check:
    """One file being checked. `faults` are in the order of the file when it is over."""

    kind: Kind
    source: Source
    columns: Columns
    existing: Existing
    today: date
    progress: Progress
    cancelled: Stop
    faults: list[Fault] = field(default_factory=list)

    def run(self, register: Register) -> Checked:
        """Raises Invalid when a required column is not mapped, Cancelled."""
        lacking = missing(self.columns, self.kind)
        if lacking:
            names = "、".join(one.title for one in lacking)
            raise Invalid(f"还没有对应必填的列：{names}", "请在列对照里选好", "mapping")
        register.base, register.file = self.source.base, self.source.sha256
        read = list(self._read_all())
        register.learn([values for _row, values in read])
        good = self._complete_all(register, read)
        entries = self._compare(register, good)
        self.faults.sort(key=lambda fault: (fault.line, fault.at))
        notes = (*self.source.notes, *register.notes([row for _line, row in good]))
        return Checked(
            self.kind.name, self.source, self.columns, self.existing, entries,
            tuple(self.faults[:MOST_FAULTS]), notes, register.asking,
        )  # fmt: skip

    # --- cells

    def _read_all(self) -> Iterator[tuple[SourceRow, Row]]:
        broken: dict[int, list[Any]] = {}
        for fault in self.source.faults:
            broken.setdefault(fault.line, []).append(fault)
        for done, row in enumerate(self.source.rows):
            self._step(done, "读取并核对格式")
            values = self._values(row, broken.get(row.line, ()))
            if values is not None:
                yield row, values

    def _values(self, row: SourceRow, broken: Sequence[Any]) -> Row | None:
        """The row's values by field; None when any cell is faulty, and every faulty cell is noted."""
        before = len(self.faults)
        told = {fault.column for fault in broken}
        mapped = set(self.columns.columns.values())
        for fault in broken:
            if fault.column < 0 or fault.column in mapped:
                self._fault(row.line, fault.column, fault.reason)
        values: Row = {}
        for one in self.kind.fields:
            at = self.columns.columns.get(one.name, -1)
            if at in told:
                continue
            cell = row.cells[at] if 0 <= at < len(row.cells) else None
            if (cell is None or cell == "") and one.name in self.columns.defaults:
                cell = self.columns.defaults[one.name]
            if cell is None or cell == "":
                if one.required:
                    self._fault(row.line, at, f"没有填{one.title}")
                continue
            try:
                value = read_cell(one, cell, self.today)
            except Invalid as fault_:
                self._fault(row.line, at, fault_.sentence, one.title)
                continue
            if value is None and one.required:
                self._fault(row.line, at, f"没有填{one.title}")
            values[one.name] = value
        return values if len(self.faults) == before else None

    # --- rows

    def _complete_all(
        self, register: Register, read: list[tuple[SourceRow, Row]]
    ) -> list[tuple[int, Row]]:
        """Rows made whole, upper levels first; the second of two rows with one key is a fault."""
        ranked = sorted(read, key=lambda pair: _rank(register, pair[1]))
        good: list[tuple[int, Row]] = []
        first: dict[tuple[Any, ...], int] = {}
        for done, (row, values) in enumerate(ranked):
            self._step(done, "与登记比对")
            completed = self._complete(register, row.line, values)
            if completed is None:
                continue
            key = register.key(completed)
            if key in first:
                self._told(
                    row.line,
                    self.kind.keys[0],
                    f"与第 {first[key]} 行重复（{self.kind.key_titles}）",
                )
                continue
            first[key] = row.line
            good.append((row.line, completed))
        return good

    def _complete(self, register: Register, line: int, values: Row) -> Row | None:
        try:
            return register.complete(values)
        except InvalidForm as form:
            for fault in form.faults:
                self._told(line, fault.field, fault.sentence)
        except UserError as fault_:
            self._told(line, fault_.field, fault_.sentence)
        return None

    def _compare(self, register: Register, good: list[tuple[int, Row]]) -> list[Entry]:
        rows = [row for _line, row in good]
        known = register.compared(rows, register.known(rows))
        entries = []
        for done, (line, row) in enumerate(good):
            self._step(done, "与登记比对")
            key = register.key(row)
            there = known.get(key)
            if there is not None and self.existing is Existing.REFUSE:
                self._told(line, self.kind.keys[0], f"{self.kind.key_titles}已登记")
                continue
            try:
                if there is not None and self.existing is Existing.UPDATE:
                    register.refuse_elsewhere(there)
                    register.agree(row, there)
            except Invalid as fault:
                self._told(line, fault.field, fault.sentence)
                continue
            entries.append(entry_of(line, key, row, there, self.existing))
        return entries

    # --- telling

    def _told(self, line: int, name: str, reason: str) -> None:
        at = self.columns.columns.get(name, -1)
        known = {one.name: one.title for one in self.kind.fields}
        self._fault(line, at, reason, known.get(name, ""))

    def _fault(self, line: int, at: int, reason: str, title: str = "") -> None:
        headers = self.source.headers
        column = headers[at] if 0 <= at < len(headers) else title
        self.faults.append(Fault(line, column, reason, at))

    def _step(self, done: int, words: str) -> None:
        if done % _STEP == 0:
            if self.cancelled():
                raise Cancelled
            self.progress(done, len(self.source.rows), words)


def _rank(register: Register, values: Row) -> int:
    try:
        return register.rank(values)
    except Invalid:
        return 0
