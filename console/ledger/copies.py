"""Numbered copies of papers that are of no work order: a line in the log before there is a copy (product.md 8)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from console.domain.forms import FORM_NAMES, Stamp
from console.domain.mark import Mark, Medium
from console.domain.registers.building_sheet import BUILDING_SHEET_NAME, building_of, building_words
from console.domain.reports import Manner
from console.domain.sheets import SHEET_NAMES
from console.domain.trace import trace_code
from console.ledger.seat import Seat
from db.models import Building, Estate, PrintLog

# A mark is kept in a column of this length; a long agent number is cut, never the minute.
MARK_LENGTH = 24
PREVIEW = "预览"
_NAMES = {kind.value: name for names in (FORM_NAMES, SHEET_NAMES) for kind, name in names.items()}


def stamp_of(session: Session, seat: Seat, number: int = 0) -> Stamp:
    """Who prints, when, which copy; without a number it is a look at one that was never made."""
    at, operator = seat.now(session), seat.operator
    ground = Mark(operator.account_id, at, Medium.PAPER, seat.training, number)
    copy = f"{number or PREVIEW}（{trace_code(operator.agent_no, at)}）"
    return Stamp(operator.signature, at, copy, seat.training, seat.heading, ground)


def number_copy(session: Session, seat: Seat, form: str, manner: Manner) -> tuple[int, Stamp]:
    """The log's line and the stamp of the next copy of this form."""
    stamp = stamp_of(session, seat, _last(session, seat, form) + 1)
    operator, number = seat.operator, stamp.mark.copy if stamp.mark else 0
    row = PrintLog(
        form=form, copy_no=number, manner=manner.value, at=stamp.printed_at,
        account_id=operator.account_id, by=operator.signature, workstation=seat.workstation,
        mark=trace_code(operator.agent_no, stamp.printed_at)[-MARK_LENGTH:],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id, stamp


def note_pages(session: Session, line: int, pages: int) -> None:
    """How many pages a copy came to is known once it is drawn."""
    session.execute(update(PrintLog).where(PrintLog.id == line).values(pages=pages))


def last_copied(session: Session, seat: Seat, form: str) -> datetime | None:
    """When the last copy was made, by whomever; None without one."""
    if seat.db.guarded:
        return session.scalar(select(func.hotline.last_copied(form)))
    return session.scalar(select(func.max(PrintLog.at)).where(PrintLog.form == form))


def form_words(session: Session, forms: Iterable[str]) -> dict[str, str]:
    """What lines of the log are about, as people say it; a building by its name. One statement for buildings."""
    buildings = {form: id_ for form in forms if (id_ := building_of(form)) is not None}
    names = {form: _NAMES.get(form, form) for form in forms}
    if buildings:
        query = select(Building.id, Estate.name, Building.number).join(
            Estate, Estate.id == Building.estate_id
        )
        found = {
            id_: f"{estate}{building_words(number)}"
            for id_, estate, number in session.execute(
                query.where(Building.id.in_(buildings.values()))
            )
        }
        names |= {
            form: f"{found.get(id_, '')}{BUILDING_SHEET_NAME}" for form, id_ in buildings.items()
        }
    return names


def _last(session: Session, seat: Seat, form: str) -> int:
    """Over everybody's copies: on a guarded server nobody sees another's lines."""
    if seat.db.guarded:
        return int(session.scalar(select(func.hotline.last_copy(form))) or 0)
    made = select(func.max(PrintLog.copy_no)).where(PrintLog.form == form)
    return session.scalar(made) or 0
