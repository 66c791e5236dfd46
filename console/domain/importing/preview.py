"""What the operator sees of a file before it is written: masked, and how each row stands (product.md 8)."""

from collections.abc import Callable
from dataclasses import dataclass

from console.domain.importing.fields import Field, Kind, Reads
from console.domain.importing.records import Checked, Columns, Source, Standing
from console.domain.importing.values import text_of
from console.domain.masking import mask_address, mask_identity, mask_name, mask_phone, mask_text

MOST_ROWS = 300
_FREE = frozenset({Reads.LINE, Reads.TEXT, Reads.LIST})
MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "identity": mask_identity,
    "address": mask_address,
    "hidden": lambda words: "***" if words else "",
}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One good row as the file has it, masked."""

    line: int
    standing: Standing
    cells: tuple[str, ...]


def shown_fields(kind: Kind, columns: Columns) -> tuple[Field, ...]:
    """Fields that a column feeds, in the order of the register."""
    return tuple(f for f in kind.fields if columns.columns.get(f.name, -1) >= 0)


def preview(checked: Checked, kind: Kind, most: int = MOST_ROWS) -> tuple[PreviewRow, ...]:
    """The first rows that would be written or are there already, in the order of the file."""
    standings = {entry.line: entry.standing for entry in checked.entries}
    fields = shown_fields(kind, checked.mapping)
    found = []
    for row in checked.source.rows:
        if row.line not in standings:
            continue
        cells = (_cell(row.cells, checked.mapping.columns[f.name], f) for f in fields)
        found.append(PreviewRow(row.line, standings[row.line], tuple(cells)))
        if len(found) == most:
            break
    return tuple(found)


def example(source: Source, at: int, field: Field) -> str:
    """What stands in a column where it first says something, masked."""
    for row in source.rows[:50]:
        words = _cell(row.cells, at, field)
        if words:
            return words
    return ""


def _cell(cells: tuple[object, ...], at: int, field: Field) -> str:
    words = text_of(cells[at]) if 0 <= at < len(cells) else ""  # type: ignore[arg-type]
    if field.private:
        return MASKS[field.private](words)
    # A grid's code is as long as a bank card's number; only free text may hold what must not be seen.
    return mask_text(words[:80]) if field.reads in _FREE else words[:80]
