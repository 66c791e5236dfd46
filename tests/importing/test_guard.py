"""Importing with one's own login on PostgreSQL: matters go through the guard, registers are the owner's to import."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.services.exporting import Exporting
from console.services.importing import Importing
from db.models import ImportBatch, Ticket
from tests.importing.files import PEOPLE, person, write_csv
from tests.importing.test_matters import LEDGER, OPEN, check
from tests.world import seat_for


def test_work_orders_of_another_system_pass_the_guard(guarded_world, tmp_path: Path) -> None:
    seat = seat_for(guarded_world, Role.SUPERVISOR)
    desk = Importing(seat)
    checked = check(desk, "tickets", write_csv(tmp_path / "a.csv", [LEDGER, OPEN]))
    desk.load(checked)
    with guarded_world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        assert session.scalar(select(ImportBatch.by)) == "周正 0002"
    with pytest.raises(DBAPIError), seat.db.writing.begin() as session:
        session.execute(text("update import_batch set rows_new = 0"))


def test_registers_are_left_to_the_owner_with_a_sentence(guarded_world, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1)])
    with pytest.raises(NotAllowed, match="服务器") as refused:
        Importing(seat_for(guarded_world, Role.SUPERVISOR)).read(path, "persons")
    assert "main.py import" in refused.value.hint
    with pytest.raises(NotAllowed, match="服务器"):
        Exporting(seat_for(guarded_world, Role.SUPERVISOR)).export("persons", tmp_path / "b.xlsx")
    made = Exporting(seat_for(guarded_world, Role.SUPERVISOR)).export("orders", tmp_path / "c.xlsx")
    assert made.rows == 0
