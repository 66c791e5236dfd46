"""The demo knowledge base: entries and the calls that are answered straight from them (field-facts 10.13).

The texts are data, in `answers/*.toml`. They describe an invented city: procedures follow national rules where there
are any, but fees, counters and telephone numbers are made up and must never be read to a real citizen.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ANSWERS = Path(__file__).parent / "answers"


@dataclass(frozen=True, slots=True)
class KnowledgeEntry:
    """A question, how callers put it, and what to read out.

    `ask` is what the agent writes down when the call is answered directly; empty means nobody asks it by phone.
    """

    id: int
    question: str
    variants: tuple[str, ...]
    short_answer: str
    long_answer: str
    basis: str
    unit_short: str
    category: tuple[str, ...]
    ask: str
    weight: int
    review_months: int


@cache
def knowledge_base() -> tuple[KnowledgeEntry, ...]:
    """All entries, files in name order."""
    rows = [row for path in sorted(ANSWERS.glob("*.toml")) for row in _rows(path)]
    return tuple(_entry(id_, row) for id_, row in enumerate(rows, start=1))


def _rows(path: Path) -> list[dict[str, object]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rows: list[dict[str, object]] = data["entry"]
    return rows


def _entry(id_: int, row: dict[str, object]) -> KnowledgeEntry:
    variants, weight, months = row["variants"], row.get("weight", 1), row.get("review_months", 12)
    if not (isinstance(variants, list) and isinstance(weight, int) and isinstance(months, int)):
        raise TypeError(
            f"entry {row['question']}: variants is a list, weight and review_months are numbers"
        )
    return KnowledgeEntry(
        id_,
        str(row["question"]),
        tuple(variants),
        str(row["short"]),
        str(row["long"]),
        str(row["basis"]),
        str(row["unit"]),
        tuple(str(row["category"]).split("/")),
        str(row.get("ask", "")),
        weight,
        months,
    )
