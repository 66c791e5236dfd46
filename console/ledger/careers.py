"""Which posts somebody held, from when to when (field-facts X12); written by the form and by an import."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import GridStaff, PostHistory, Staff, Unit

GRIDS_MOST = 300


def settle_career(session: Session, row: Staff, start_typed: bool, today: date) -> None:
    """A new line where post, unit or grids are not those of the last one; the line before ends then.

    `start_typed` when the day the post began was given and is not the one of the post before.
    """
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
