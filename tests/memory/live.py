"""How often the live strip names the earlier report: `python -m tests.memory.live --out DIR [--seed N] [--taught]`.

Invented messages become open work orders of a SQLite city one after the other; before one that repeats an earlier
matter is stored, it is typed into the intake desk: its content and its place, without title, category or number.
"""

import argparse
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert
from sqlalchemy.orm import Session

from console.domain.intake import DuplicateCard, IntakeForm
from console.domain.masking import mask_address
from console.domain.roles import Role
from console.domain.states import Channel, Nature, TicketState, Urgency
from console.ledger import memory as ledger
from console.memory.building import learn
from console.memory.corpus import Learned
from console.memory.pieces import Message
from console.memory.storing import packed
from console.services.intake import Intake
from db.engine import Database
from db.models import CategoryRow, Grid, Ticket, Unit
from db.search import index_many
from tests.memory.invented import Invented, invented
from tests.world import SQUARE, make_world, seat_for

TOLD, PLAYED = 3000, 1500
# The city of the tests has its own rows before these.
FIRST_UNIT = 5000


@dataclass
class Tally:
    """What the strip said about reports that have an earlier one, and about those that have none."""

    again: int = 0
    first: int = 0
    five: int = 0
    fresh: int = 0
    empty: int = 0
    shown: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def words(self) -> str:
        times = sorted(self.milliseconds)
        return (
            f"{self.again} reports of an earlier matter: first {self.first / self.again:.3f}, "
            f"among five {self.five / self.again:.3f}; {self.fresh} new matters: nothing shown "
            f"{self.empty / max(1, self.fresh):.3f}, cards {self.shown / max(1, self.fresh):.2f}; "
            f"{median(times):.1f} ms median, {times[int(len(times) * 0.95)]:.1f} ms at 95 %"
        )


class Played:
    """The invented city as rows; every street is a grid."""

    def __init__(self, database: Database, rows: list[Invented]) -> None:
        self.database, self.rows = database, rows
        self.shift = datetime.now(UTC) - rows[-1].time
        self.grids = {
            name: FIRST_UNIT + at for at, name in enumerate(sorted(set(map(_street, rows))))
        }
        self.codes = {
            name: f"8{at:05d}" for at, name in enumerate(sorted({r.category for r in rows}))
        }
        with database.writing.begin() as session:
            for name, id_ in self.grids.items():
                session.add(Unit(id=id_, code=f"9901019{id_}", name=name, kind="grid", parent_id=1))
                session.flush()
                session.add(
                    Grid(
                        unit_id=id_, code=f"990101{id_:09d}", grid_type="basic", boundary=SQUARE, centre_x=50,
                        centre_y=50, area_m2=10000,
                    )
                )  # fmt: skip
            for name, code in self.codes.items():
                session.add(CategoryRow(code=code, level=3, name=name, path=name))

    def store(self, session: Session, at: int, closed_after: timedelta) -> int:
        """Row `at` as a work order; returns its id."""
        row, id_ = self.rows[at], 100_000 + at
        moment = row.time + self.shift
        session.execute(insert(Ticket), [self._values(row, id_, moment, TicketState.PENDING_SIGN)])
        index_many(session, [(id_, (row.title, row.detail, mask_address(row.place)))])
        return id_

    def _values(
        self, row: Invented, id_: int, moment: datetime, state: TicketState
    ) -> dict[str, object]:
        return {
            "id": id_, "number": f"8{id_:016d}", "lookup_code": "123456", "state": state, "nature": Nature.HELP,
            "urgency": Urgency.NORMAL, "channel": Channel.PHONE, "title": row.title, "content": row.detail,
            "category_code": self.codes[row.category], "category_path": row.category, "address": row.place,
            "place": mask_address(row.place), "grid_id": self.grid(row), "creator_id": 1, "created_at": moment,
            "accepted_at": moment, "version": 1,
        }  # fmt: skip

    def grid(self, row: Invented) -> int | None:
        return self.grids[_street(row)] if row.place else None

    def form(self, row: Invented) -> IntakeForm:
        """As typed: no title, no category, another number."""
        return IntakeForm(key="k", address=row.place, grid_id=self.grid(row), content=row.detail)


def _street(row: Invented) -> str:
    return row.street


def play(folder: Path, seed: int, taught: bool) -> Tally:
    rows = invented(10_000, seed)[-TOLD - 2000 :]
    first = 10_000 - len(rows)
    database = make_world(folder / f"live{seed}.db")
    try:
        played = Played(database, rows[-TOLD:])
        if taught:
            _teach(database, rows[:-TOLD])
        return _played(played, first + len(rows) - TOLD, Tally())
    finally:
        database.close()


def _teach(database: Database, rows: list[Invented]) -> None:
    learned = [
        Learned(Message(r.title, r.detail, r.place), r.category, r.unit, r.time, str(at))
        for at, r in enumerate(rows)
    ]
    with database.writing.begin() as session:
        ledger.keep(
            session, packed(learn(learned, None), datetime.now(UTC)), len(rows), datetime.now(UTC)
        )
    ledger.forget()


def _played(played: Played, offset: int, tally: Tally) -> Tally:
    seat = seat_for(played.database, Role.AGENT)
    moment = [datetime.now(UTC)]
    # The order of the rows is the clock.
    seat.now = lambda _session: moment[0]
    desk = Intake(seat)
    rows = played.rows
    group = [row.same_as if row.same_as >= 0 else offset + at for at, row in enumerate(rows)]
    of = {100_000 + at: one for at, one in enumerate(group)}
    seen: set[int] = set()
    for at, row in enumerate(rows):
        moment[0] = row.time + played.shift
        if at >= len(rows) - PLAYED:
            _ask(desk, played.form(row), group[at], of, group[at] in seen, tally)
        with played.database.writing.begin() as session:
            played.store(session, at, timedelta(days=30))
        seen.add(group[at])
    return tally


def _ask(
    desk: Intake, form: IntakeForm, matter: int, of: dict[int, int], again: bool, tally: Tally
) -> None:
    began = time.perf_counter()
    found: tuple[DuplicateCard, ...] = desk.duplicates(form)
    tally.milliseconds.append((time.perf_counter() - began) * 1000)
    named = [of.get(card.ticket_id) == matter for card in found]
    if again:
        tally.again += 1
        tally.first += bool(named and named[0])
        tally.five += any(named)
    else:
        tally.fresh += 1
        tally.empty += not found
        tally.shown += len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument(
        "--taught", action="store_true", help="with a model learned from the messages before"
    )
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{play(options.out, options.seed, options.taught).words}\n")


if __name__ == "__main__":
    main()
