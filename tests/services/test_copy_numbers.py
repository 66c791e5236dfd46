"""Under guard nobody sees another's lines of the log, and still no two copies of a paper get one number."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from console.domain.forms import Document, Stamp
from console.domain.reports import Manner
from console.domain.roles import Role
from console.domain.sheets import SheetKind, SheetRecord
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.copies import number_copy
from console.services.handover import Handover
from console.services.paper import preview
from console.services.reports.sheets import Sheets
from console.services.supervising import Supervising
from db.engine import Database
from db.models import PrintLog
from tests.world import seat_for


def draw(_kind: SheetKind, _record: SheetRecord, _stamp: Stamp) -> Document:
    return Document(b"%PDF-1.7", 2, (), "表")


def days(seat: Seat):
    with seat.db.reading() as session:
        day = civil_date(seat.now(session))
    return day - timedelta(days=1), day


def ledger(seat: Seat, _folder: Path) -> None:
    Sheets(seat, draw, preview).issue(SheetKind.SUPERVISION_LEDGER, *days(seat))


def shift(seat: Seat, _folder: Path) -> None:
    Handover(seat, draw, preview).issue("夜班")


def accountability(seat: Seat, folder: Path) -> None:
    Supervising(seat, draw).export(*days(seat), folder / "问责清单.pdf")


@pytest.mark.parametrize(
    ("take", "roles"),
    [
        (ledger, (Role.CLERK, Role.SUPERVISOR, Role.CLERK)),
        (shift, (Role.SUPERVISOR, Role.DISPATCHER, Role.AGENT)),
        (accountability, (Role.OVERSEER, Role.SUPERVISOR, Role.OVERSEER)),
    ],
)
def test_copies_of_several_people_are_numbered_in_one_row(
    guarded_world: Database,
    tmp_path: Path,
    take: Callable[[Seat, Path], None],
    roles: tuple[Role, ...],
) -> None:
    for role in roles:
        take(seat_for(guarded_world, role), tmp_path)
    with guarded_world.reading() as session:
        rows = session.scalars(select(PrintLog).order_by(PrintLog.id)).all()
    assert [(row.copy_no, row.pages) for row in rows] == [(1, 2), (2, 2), (3, 2)]
    assert len({row.by for row in rows}) == len(set(roles))


def test_two_who_print_at_once_wait_for_each_other(guarded_world: Database) -> None:
    def number(seat: Seat, _time: int) -> int:
        with seat.db.writing.begin() as session:
            return number_copy(session, seat, "ledger", Manner.PRINT)[1].mark.copy  # type: ignore[union-attr]

    seats = [seat_for(guarded_world, role) for role in (Role.CLERK, Role.SUPERVISOR)]
    with ThreadPoolExecutor(4) as crowd:
        made = [n for seat in seats for n in crowd.map(partial(number, seat), range(6))]
        both = list(crowd.map(lambda at: number(seats[at % 2], at), range(12)))
    assert sorted(made + both) == list(range(1, 25))


def test_a_shift_is_counted_from_the_sheet_somebody_else_printed(guarded_world: Database) -> None:
    shift(seat_for(guarded_world, Role.SUPERVISOR), Path())
    with guarded_world.reading() as session:
        handed_over = session.scalars(select(PrintLog.at)).one()
    next_one = Handover(seat_for(guarded_world, Role.DISPATCHER), draw, preview)
    assert next_one.shift().since == handed_over
