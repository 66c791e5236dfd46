"""Inspections as lines: open hazards first, the longest overdue on top; then the newest."""

from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from console.domain.registers.inspections import InspectionLine, Recheck, standing
from console.domain.registers.staffing import WORKER
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import in_branch
from db.models import Enterprise, GridStaff, Inspection, Staff, Unit

OPEN = and_(Inspection.hazards != "", Inspection.recheck != Recheck.PASSED)
MOST = 500


def lines_of(
    session: Session, seat: Seat, today: date, *conditions: Any, most: int = MOST
) -> tuple[InspectionLine, ...]:
    """Of the seat's own grids. One statement."""
    worker = aliased(Staff)
    its = select(func.min(worker.name)).join(
        GridStaff, and_(GridStaff.staff_id == worker.id, GridStaff.post == WORKER)
    )
    its = its.where(GridStaff.grid_id == Enterprise.grid_id, worker.duty_state != "left")
    query = (
        select(
            Inspection, Enterprise.name.label("enterprise"), Enterprise.address, Enterprise.grid_id,
            Unit.name.label("grid"), its.correlate(Enterprise).scalar_subquery().label("worker"),
        )
        .join(Enterprise, Enterprise.id == Inspection.enterprise_id)
        .join(Unit, Unit.id == Enterprise.grid_id)
        .where(*conditions, in_branch(seat.operator, Enterprise.grid_id))
        .order_by(case((OPEN, 0), else_=1), case((OPEN, Inspection.rectify_by)), Inspection.at.desc())
    )  # fmt: skip
    return tuple(_line(row, today) for row in session.execute(query.limit(most)))


def _line(row: Any, today: date) -> InspectionLine:
    one: Inspection = row[0]
    recheck = Recheck(one.recheck)
    rectified_on = civil_date(one.rectified_at) if one.rectified_at else None
    due, words = standing(one.hazards, one.rectify_by, recheck, rectified_on, today)
    return InspectionLine(
        one.id, one.enterprise_id, row.enterprise, row.address, row.grid_id, row.grid, row.worker or "", one.at,
        one.kind, one.inspector, one.points, one.hazards, one.rectify_by, one.rectified_at, one.rectification,
        recheck, one.rechecked_by, one.version, due, words,
    )  # fmt: skip
