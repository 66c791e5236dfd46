"""What sheets about many work orders share: head, row of names, an empty list, signatures, what it is a count of."""

from collections.abc import Sequence

from console.domain.forms import Stamp
from console.domain.sheets import Basis, SheetRecord
from console.services.paper.forms.parts import signatures
from console.services.paper.layout import (
    FORM_HEADING,
    FORM_TITLE,
    SMALL,
    SMALL_LABEL,
    VALUE,
    Sheet,
)
from console.services.paper.tables import Cell, Row
from console.services.paper.words import moment


def secret(record: SheetRecord) -> bool:
    """Whether any row is of a confidential work order: then every page says so (field-facts 10.2)."""
    parts = (getattr(record, name) for name in record.__slots__)
    rows = (row for part in parts if isinstance(part, tuple) for row in part)
    return any(getattr(row, "confidential", False) for row in rows)


def sheet_head(sheet: Sheet, heading: str, name: str, basis: Basis) -> None:
    """Organisation and name, centred; the period at the left of the table, the moment of the data at the right."""
    sheet.title(heading, style=FORM_HEADING)
    sheet.title(name, style=FORM_TITLE)
    as_of = f"数据截至 {moment(basis.as_of)}" if basis.as_of else ""
    if basis.period or as_of:
        sheet.put(sheet.left, sheet.y, basis.period, VALUE)
        sheet.put(sheet.right, sheet.y, as_of, VALUE, "right")
        sheet.y += VALUE.leading
    sheet.y += 3


def captions(names: Sequence[str]) -> Row:
    """The row of column names, repeated on every page."""
    return Row(tuple(Cell(name, style=SMALL_LABEL, align="center") for name in names), 24)


def line(texts: Sequence[str], left: frozenset[int] = frozenset()) -> Row:
    """One entry; the columns in `left` hold sentences."""
    return Row(
        tuple(
            Cell(text, style=SMALL, align="left" if index in left else "center")
            for index, text in enumerate(texts)
        ),
        24,
    )


def nothing(columns: int, words: str = "无") -> Row:
    """What an empty list says: nobody wonders whether it was forgotten."""
    return Row((Cell(words, columns, SMALL, "center"),), 24)


def carried_on(heading: str, name: str, columns: int) -> tuple[Row, ...]:
    """What says on the next page which sheet goes on."""
    return (Row((Cell(f"{heading}{name}（续）", columns, SMALL_LABEL, "center"),), 20),)


def signed(columns: int, *names: str) -> Row:
    """Who answers for the sheet, in a row that never stands on a page alone."""
    return Row((Cell(signatures(*names), columns, VALUE),), 40, whole=True)


def stacked(when: str) -> str:
    """Day over clock, for narrow columns."""
    return when.replace(" ", "\n")


def count(number: int) -> str:
    """A dash for none keeps the eye on the figures."""
    return str(number) if number else "—"


def titled(title: str, confidential: bool) -> str:
    """The title; a confidential one is marked in the row too."""
    return f"【保密】{title}" if confidential else title


def footnote(sheet: Sheet, stamp: Stamp, basis: Basis) -> None:
    """By which filter and code the same count is made again (peers 6.14)."""
    words = [f"统计口径：{basis.filter}" if basis.filter else ""]
    words.append(f"复核码 {basis.code}，在报表中输入可按同一口径重算" if basis.code else "")
    text = "。".join(part for part in words if part)
    if not text:
        return
    lines = sheet.wrap(f"注：{text}。", SMALL, sheet.width)
    sheet.need(len(lines) * SMALL.leading + 4)
    sheet.y += 4
    sheet.paragraph(f"注：{text}。", SMALL)


def heading_of(heading: str, stamp: Stamp) -> str:
    """The organisation over the sheet."""
    return stamp.heading or heading or "12345政务服务便民热线"
