"""Enterprises inspected, hazards followed until somebody has looked again and passed them (field-facts 6.7)."""

from datetime import date, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Conflict, Invalid, NotFound
from console.domain.masking import mask_text
from console.domain.registers.inspections import (
    InspectionForm,
    InspectionLine,
    Inspector,
    Recheck,
    RectifyForm,
    check_inspection,
    check_rectification,
)
from console.domain.registers.kinds import Register
from console.domain.registers.visits import AHEAD_DAYS, SOON_DAYS, Due
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.registers import in_branch
from console.services.registers.inspection_lines import OPEN, lines_of
from console.services.registers.rights import refuse_reading, refuse_writing
from console.services.registers.writing import note
from db.models import Enterprise, Grid, GridStaff, Inspection, Staff, Unit

_COMMUNITY, _STREET = 12, 9
_PEOPLE = frozenset({Topic.PEOPLE})
MOST_INSPECTORS = 80


class Inspecting:
    """Inspections of the enterprises of one seat's grids."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def due(self, which: Due | None = None) -> tuple[InspectionLine, ...]:
        """Hazards that are open, the longest overdue first."""
        refuse_reading(self._seat)
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            return lines_of(session, self._seat, today, OPEN, *_within(which, today))

    def inspectors(self, enterprise_id: int) -> tuple[Inspector, ...]:
        """Whoever is signed in, then the people of the enterprise's grid, community and street."""
        refuse_writing(self._seat, Register.ENTERPRISES)
        with self._seat.db.reading() as session:
            grid = session.get_one(Grid, self._enterprise(session, enterprise_id).grid_id)
            serves = select(GridStaff.staff_id).where(GridStaff.grid_id == grid.unit_id)
            places = (grid.code, grid.code[:_COMMUNITY], grid.code[:_STREET])
            query = (
                select(Staff.id, Staff.name, Staff.post, Unit.name.label("unit"))
                .join(Unit, Unit.id == Staff.unit_id)
                .where(or_(Staff.id.in_(serves), Unit.code.in_(places)), Staff.duty_state != "left")
                .order_by(case((Staff.id.in_(serves), 0), else_=1), func.length(Unit.code).desc())
                .order_by(Staff.id)
            )
            rows = session.execute(query.limit(MOST_INSPECTORS)).all()
        me = self._seat.operator
        own = Inspector(None, me.name, "本人", me.unit_name)
        return (own, *(Inspector(r.id, r.name, r.post, r.unit) for r in rows if r.name != me.name))

    def record(self, form: InspectionForm) -> Changed:
        """Write an inspection down. Raises Invalid beside the field, NotAllowed, NotFound outside the branch."""
        refuse_writing(self._seat, Register.ENTERPRISES)
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            at = check_inspection(form, now)
            firm = self._enterprise(session, form.enterprise_id)
            hazards = mask_text(form.hazards.strip())
            row = Inspection(
                enterprise_id=firm.id, at=at, kind=form.kind, inspector=self._inspector(session, form),
                staff_id=form.staff_id, points="、".join(form.points), hazards=hazards,
                rectify_by=form.rectify_by if hazards else None, recorded_by=self._seat.operator.signature,
            )  # fmt: skip
            session.add(row)
            session.flush()
            found = f"发现隐患：{hazards}，{row.rectify_by} 前整改" if hazards else "未发现隐患"
            words = f"{civil_date(at)} {form.kind} {row.inspector}，{found}"
            self._note(session, firm.id, "inspection", "", words)
            return Changed(_PEOPLE, (row.id,), note=found[:60], version=row.version)

    def rectify(self, form: RectifyForm) -> Changed:
        """What was done about hazards. Passed ends the matter, failed gives it another day.

        Raises Invalid beside the field, Conflict when somebody was there before, NotAllowed, NotFound.
        """
        refuse_writing(self._seat, Register.ENTERPRISES)
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            row = self._open(session, form)
            at = check_rectification(form, row.at, now)
            before = f"待整改（{row.rectify_by} 前）"
            row.rectified_at, row.rectification = at, mask_text(form.done.strip())
            row.recheck = (Recheck.PASSED if form.passed else Recheck.FAILED).value
            row.rechecked_by = self._seat.operator.signature
            if not form.passed:
                row.rectify_by = form.next_by
            row.version += 1
            session.flush()
            told = "复查通过" if form.passed else f"复查未通过，改到 {row.rectify_by} 前"
            after = f"{civil_date(at)} {told}：{row.rectification}"
            self._note(session, row.enterprise_id, "rectification", before, after)
            return Changed(_PEOPLE, (row.id,), note=told, version=row.version)

    # --- parts

    def _enterprise(self, session: Session, enterprise_id: int) -> Enterprise:
        query = select(Enterprise).where(
            Enterprise.id == enterprise_id, in_branch(self._seat.operator, Enterprise.grid_id)
        )
        found = session.scalar(query)
        if found is None:
            raise NotFound("没有找到这家企业，或不在您的管辖范围内")
        return found

    def _open(self, session: Session, form: RectifyForm) -> Inspection:
        row = session.get(Inspection, form.inspection_id, with_for_update=True)
        if row is None:
            raise NotFound("没有找到这次检查，或不在您的管辖范围内")
        self._enterprise(session, row.enterprise_id)
        if row.version != form.version:
            raise Conflict("这处隐患刚被他人登记过整改", "已为您刷新，请核对后再登记")
        if not row.hazards or row.recheck == Recheck.PASSED:
            raise Invalid("这次检查没有待整改的隐患", "请刷新后再看")
        return row

    @staticmethod
    def _inspector(session: Session, form: InspectionForm) -> str:
        """A named staff member by the register; else as typed: fire brigade, market supervision."""
        if form.staff_id is None:
            return form.inspector.strip()
        staff = session.get(Staff, form.staff_id)
        if staff is None or staff.duty_state == "left":
            raise Invalid("没有这位检查人，或已离职", "请重新选择", "inspector")
        return staff.name

    def _note(self, session: Session, firm: int, field: str, before: str, after: str) -> None:
        at = self._seat.now(session)
        note(session, self._seat, Register.ENTERPRISES, firm, [(field, before, after)], at)


def _within(which: Due | None, today: date) -> tuple[object, ...]:
    on = Inspection.rectify_by
    soon, ahead = today + timedelta(days=SOON_DAYS), today + timedelta(days=AHEAD_DAYS)
    if which is None:
        return ()
    return {
        Due.OVERDUE: (or_(on.is_(None), on < today),),
        Due.SOON: (on.between(today, soon),),
        Due.AHEAD: (on.between(soon + timedelta(days=1), ahead),),
        Due.LATER: (on > ahead,),
    }[which]


def waiting(session: Session, seat: Seat, today: date) -> tuple[int, int, int]:
    """Open hazards of the seat's grids: overdue, within a week, within a month. One statement."""
    on = Inspection.rectify_by
    soon, ahead = today + timedelta(days=SOON_DAYS), today + timedelta(days=AHEAD_DAYS)
    query = (
        select(
            func.count().filter(or_(on.is_(None), on < today)),
            func.count().filter(on.between(today, soon)),
            func.count().filter(on.between(soon + timedelta(days=1), ahead)),
        )
        .select_from(Inspection)
        .join(Enterprise, Enterprise.id == Inspection.enterprise_id)
        .where(OPEN, in_branch(seat.operator, Enterprise.grid_id))
    )
    row = session.execute(query).one()
    return row[0], row[1], row[2]
