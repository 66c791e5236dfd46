"""Whether each grid has its people: 1+1+1+N (field-facts K5)."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from console.domain.registers.staffing import (
    LEADER,
    WORKER,
    GridStaffing,
    Post,
    StaffingReport,
    count_posts,
    gaps_of,
)
from console.ledger import Seat
from console.ledger.registers import in_branch
from console.services.registers.rights import refuse_reading
from db.models import Grid, GridStaff, Staff, Unit

_NOBODY = (0, 0, 0, 0)


class Staffing:
    """The check of one seat's grids."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def check(self) -> StaffingReport:
        """Every grid of the branch with its numbers; those with gaps first. Two statements."""
        refuse_reading(self._seat)
        above = aliased(Unit)
        grids = (
            select(Grid.unit_id, Grid.code, Grid.grid_type, Unit.name, above.name.label("above"))
            .join(Unit, Unit.id == Grid.unit_id)
            .outerjoin(above, above.id == Unit.parent_id)
            .where(
                in_branch(self._seat.operator, Grid.unit_id), Unit.active, Grid.status == "active"
            )
        )
        people = (
            select(GridStaff.grid_id, GridStaff.post, Staff.name, Staff.duty_state)
            .join(Staff, Staff.id == GridStaff.staff_id)
            .where(in_branch(self._seat.operator, GridStaff.grid_id))
            .order_by(Staff.id)
        )
        with self._seat.db.reading() as session:
            posts = [
                Post(row.grid_id, row.post, row.name, row.duty_state != "left")
                for row in session.execute(people)
            ]
            found = session.execute(grids.order_by(Grid.code)).all()
        counts = count_posts(posts)
        names = {(p.grid_id, p.post): p.name for p in reversed(posts) if p.serving}
        rows = [
            GridStaffing(
                row.unit_id, row.code, row.name, row.above or "", counts.get(row.unit_id, _NOBODY),
                gaps_of(counts.get(row.unit_id, _NOBODY), row.grid_type == "special"),
                names.get((row.unit_id, LEADER), ""), names.get((row.unit_id, WORKER), ""),
                row.grid_type == "special",
            )
            for row in found
        ]  # fmt: skip
        return StaffingReport(tuple(sorted(rows, key=lambda row: (-len(row.gaps), row.code))))
