"""Numbers, points and units of the demo's notices: the series go on from here (field-facts 9.5, 3.4 rule 9)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from console.domain.rules import Rules
from console.domain.states import SupervisionLevel
from console.domain.worktime import civil_date
from db.demo.walk import History
from db.models import NumberLease

# The kinds of console.ledger.supervision and of the urging letters.
SERIES = {"supervision": ("notice", "督"), "urging": ("urging", "催")}


def number_letters(histories: Sequence[History], rules: Rules) -> Iterator[NumberLease]:
    """Every notice and urging numbered as it was issued; yields what the series used up, year by year."""
    for table, (kind, letter) in SERIES.items():
        rows = [
            (history, record.values)
            for history in histories
            for record in history.records
            if record.table == table
        ]
        moment = "issued_at" if table == "supervision" else "at"
        rows.sort(key=lambda pair: pair[1][moment])
        word = rules.pack.forms.document_word.replace("督", letter)
        used: dict[int, int] = {}
        for history, values in rows:
            year = civil_date(values[moment]).year
            used[year] = used.get(year, 0) + 1
            values["document_no"] = f"{word}〔{year}〕{used[year]}号"
            if table == "supervision":
                values.update(_points(history, values, rules))
        for year, high in used.items():
            yield NumberLease(
                kind=kind, day=str(year), channel="", workstation="DEMO", low=1, high=high,
                leased_at=rows[-1][1][moment],
            )  # fmt: skip


def _points(history: History, values: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """Points by the level's rate; the unit they are counted against; a day to answer."""
    penalty = rules.pack.supervision.penalties.get(SupervisionLevel(values["level"]), 0)
    unit = next(
        (s.unit.id for s in history.case.shares if s.unit.name == values["lead_unit"]), None
    )
    due = rules.calendar.add_worktime(values["issued_at"], timedelta(hours=8))
    return {"penalty": penalty, "unit_id": unit, "due": due, "lead_leader": "分管负责人"}
