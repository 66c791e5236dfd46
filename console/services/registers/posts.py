"""Which grids a worker answers for, and which posts somebody held from when to when (field-facts X12)."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.registers.kinds import Register
from console.domain.registers.records import PostLine
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.careers import settle_career
from console.services.registers.rights import grid_named
from console.services.registers.writing import note
from db.models import Grid, GridStaff, PostHistory, Staff


def keep_posts(
    session: Session, seat: Seat, row: Staff, values: dict[str, Any], now: datetime
) -> None:
    """After a staff member's form: the grids as typed, and a new line of the career where post, unit or grids moved."""
    session.flush()
    if values.get("grids") is not None:
        _settle_grids(session, seat, row, values["grids"], now)
    settle_career(session, row, "started_on" in values, civil_date(now))


def posts_of(session: Session, staff_id: int) -> tuple[PostLine, ...]:
    """The newest first."""
    query = select(PostHistory).where(PostHistory.staff_id == staff_id)
    query = query.order_by(PostHistory.started_on.desc(), PostHistory.id.desc())
    return tuple(
        PostLine(one.post, one.unit_name, one.grids, one.started_on, one.ended_on)
        for one in session.scalars(query)
    )


def _settle_grids(
    session: Session, seat: Seat, row: Staff, named: list[str], now: datetime
) -> None:
    grids = {grid_named(session, seat, text, "grids") for text in named}
    its = select(GridStaff.post, Grid.code).join(Grid, Grid.unit_id == GridStaff.grid_id)
    there = session.execute(its.where(GridStaff.staff_id == row.id).order_by(Grid.code)).all()
    before = "、".join(dict.fromkeys(one.code for one in there))
    after = "、".join(sorted(one.code for one in grids))
    if before == after and {one.post for one in there} <= {row.post}:
        return
    session.execute(delete(GridStaff).where(GridStaff.staff_id == row.id))
    session.add_all(GridStaff(grid_id=one.unit_id, staff_id=row.id, post=row.post) for one in grids)
    session.flush()
    note(session, seat, Register.STAFF, row.id, [("grids", before, after)], now)
