"""Which grids a worker answers for, and which posts somebody held from when to when (field-facts X12)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.registers.kinds import Register
from console.domain.registers.records import PostLine
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.services.registers.rights import grid_named
from console.services.registers.writing import note
from db.models import Grid, GridStaff, PostHistory, Staff, Unit

GRIDS_MOST = 300


def keep_posts(
    session: Session, seat: Seat, row: Staff, values: dict[str, Any], now: datetime
) -> None:
    """After a staff member's form: the grids as typed, and a new line of the career where post, unit or grids moved."""
    session.flush()
    if values.get("grids") is not None:
        _settle_grids(session, seat, row, values["grids"], now)
    _settle_career(session, row, "started_on" in values, civil_date(now))


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


def _settle_career(session: Session, row: Staff, start_typed: bool, today: date) -> None:
    query = select(PostHistory).where(PostHistory.staff_id == row.id)
    last = session.scalar(query.order_by(PostHistory.id.desc()).limit(1))
    now_held = (row.post, *_place(session, row))
    left = row.ended_on or (today if row.duty_state == "left" else None)
    if last is None or last.ended_on is not None or _held(last) != now_held:
        if last is not None and last.ended_on is not None and left is not None:
            return
        start = row.started_on if row.started_on and (last is None or start_typed) else today
        if last is not None and last.ended_on is None:
            last.ended_on = max(start, last.started_on)
        post, unit, grids = now_held
        last = PostHistory(
            staff_id=row.id, post=post, unit_name=unit, grids=grids, started_on=start, ended_on=None
        )
        session.add(last)
    if left is not None:
        last.ended_on = max(left, last.started_on)


def _held(line: PostHistory) -> tuple[str, str, str]:
    return line.post, line.unit_name, line.grids


def _place(session: Session, row: Staff) -> tuple[str, str]:
    unit = session.scalar(select(Unit.name).where(Unit.id == row.unit_id)) or ""
    query = select(Unit.name).join(GridStaff, GridStaff.grid_id == Unit.id)
    names = session.scalars(query.where(GridStaff.staff_id == row.id).order_by(Unit.code))
    return unit, "、".join(dict.fromkeys(names))[:GRIDS_MOST]
