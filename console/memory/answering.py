"""A whole sheet asked row by row, as the console would be asked while each message is typed."""

import csv
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from console.domain.errors import Unavailable
from console.memory.earlier import Earlier, Matters
from console.memory.lexicon import Lexicon
from console.memory.model import Memory, Suggestion
from console.memory.sheets import Row

MOST = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What is suggested for one row; `milliseconds` for category and unit together, `searching` for earlier reports."""

    row: Row
    categories: tuple[Suggestion, ...]
    units: tuple[Suggestion, ...]
    earlier: tuple[tuple[Row, float], ...]
    milliseconds: float
    searching: float


def by_words(lexicon: Lexicon, row: Row) -> tuple[Suggestion, ...]:
    """Categories by the words of their names and subjects alone."""
    shares, spoke = lexicon.shares(row.message)
    top = sorted(range(len(shares)), key=lambda at: -shares[at])[:MOST]
    said = {at: f"按关键词“{'”“'.join(spoke[at][:3])}”" for at in top if at in spoke}
    return tuple(Suggestion(lexicon.labels[at], shares[at], said.get(at, "")) for at in top)


def answers(
    rows: Sequence[Row], memory: Memory | None, lexicon: Lexicon | None
) -> Iterator[Answer]:
    """One for every row, in the order of the file; what a row says of its category and unit is never looked at."""
    moments = _moments(rows)
    order = sorted(
        (at for at in range(len(rows)) if rows[at].says_something), key=lambda at: (moments[at], at)
    )
    place = {row: at for at, row in enumerate(order)}
    matters = Matters([rows[at].message for at in order], [rows[at].time for at in order])
    for at, row in enumerate(rows):
        if not row.says_something:
            yield Answer(row, (), (), (), 0.0, 0.0)
            continue
        began = time.perf_counter()
        categories = (
            memory.categories(row.message, lexicon, MOST) if memory and memory.category else ()
        )
        if not categories and lexicon is not None:
            categories = by_words(lexicon, row)
        units = memory.units(row.message, most=MOST) if memory else ()
        asked = time.perf_counter()
        found: tuple[Earlier, ...] = matters.earlier(place[at], MOST)
        ended = time.perf_counter()
        same = tuple((rows[order[one.at]], one.likeness) for one in found)
        yield Answer(row, categories, units, same, (asked - began) * 1000, (ended - asked) * 1000)


def _moments(rows: Sequence[Row]) -> list[float]:
    """A row without a time stands where it stands in the file: right after the row before it."""
    moments, last = [], 0.0
    for row in rows:
        last = row.time.timestamp() if row.time is not None else last
        moments.append(last)
    return moments


def headings() -> list[str]:
    named = [
        f"{what}_{at}{part}"
        for what in ("category", "unit")
        for at in range(1, MOST + 1)
        for part in ("", "_score", "_reason")
    ]
    earlier = [
        f"earlier_{at}{part}" for at in range(1, MOST + 1) for part in ("", "_line", "_likeness")
    ]
    return [
        "line",
        "id",
        *named,
        *earlier,
        "milliseconds",
        "earlier_milliseconds",
        "given_category",
        "given_unit",
    ]


def write(found: Iterator[Answer], path: Path) -> list[Answer]:
    """One line per row; UTF-8 with a byte order mark, so that spreadsheet programs read it."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            return _written(found, file)
    except OSError as error:
        raise Unavailable(f"写不了 {path.name}", "请检查文件夹的权限和磁盘空间") from error


def _written(found: Iterator[Answer], file: TextIO) -> list[Answer]:
    sheet = csv.DictWriter(file, headings())
    sheet.writeheader()
    kept = []
    for one in found:
        sheet.writerow(_cells(one))
        kept.append(one)
    return kept


def _cells(one: Answer) -> Mapping[str, object]:
    cells: dict[str, object] = {
        "line": one.row.line, "id": one.row.number, "milliseconds": f"{one.milliseconds:.2f}",
        "earlier_milliseconds": f"{one.searching:.2f}", "given_category": one.row.category, "given_unit": one.row.unit,
    }  # fmt: skip
    for what, suggestions in (("category", one.categories), ("unit", one.units)):
        for at, said in enumerate(suggestions, 1):
            cells |= {
                f"{what}_{at}": said.label,
                f"{what}_{at}_score": f"{said.share:.4f}",
                f"{what}_{at}_reason": said.reason,
            }
    for at, (row, likeness) in enumerate(one.earlier, 1):
        cells |= {
            f"earlier_{at}": row.number,
            f"earlier_{at}_line": row.line,
            f"earlier_{at}_likeness": f"{likeness:.3f}",
        }
    return cells


def agreement(found: Sequence[Answer], what: str) -> str:
    """How far the suggestions agree with what the file itself says, in words; empty when it says nothing."""
    known = [one for one in found if getattr(one.row, what)]
    said = [
        [one.label for one in (answer.categories if what == "category" else answer.units)]
        for answer in known
    ]
    if not known or not any(said):
        return ""
    truth = [getattr(one.row, what) for one in known]
    first = sum(labels[:1] == [label] for labels, label in zip(said, truth, strict=True)) / len(
        known
    )
    three = sum(label in labels[:3] for labels, label in zip(said, truth, strict=True)) / len(known)
    even = _macro_f1([one[0] if one else "" for one in said], truth)
    return f"首选 {first:.3f}，前三 {three:.3f}，宏F1 {even:.3f}（{len(known)} 条）"


def _macro_f1(said: Sequence[str], truth: Sequence[str]) -> float:
    scores = []
    for label in set(truth):
        right = sum(one == label == other for one, other in zip(said, truth, strict=True))
        scores.append(
            2 * right / (sum(one == label for one in said) + sum(one == label for one in truth))
        )
    return sum(scores) / len(scores)
