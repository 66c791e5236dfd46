"""Which function lays out which form, and what stands around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.domain.forms import FormKind, Stamp
from console.domain.sheets import SheetKind
from console.services.paper.forms.applications import extension_request, return_request
from console.services.paper.forms.archive_index import archive_index
from console.services.paper.forms.callback_record import callback_record
from console.services.paper.forms.closure_report import closure_report
from console.services.paper.forms.copy_notice import copy_notice
from console.services.paper.forms.grid_task import grid_task
from console.services.paper.forms.handling_sheet import handling_sheet
from console.services.paper.forms.joint_sheet import joint_sheet
from console.services.paper.forms.letters import rejection_notice, reply_letter
from console.services.paper.forms.notices import (
    designation_notice,
    supervision_notice,
    urging_notice,
)
from console.services.paper.forms.parts import Order, form_top
from console.services.paper.forms.police import police_handover
from console.services.paper.forms.ticket_form import ticket_form
from console.services.paper.forms.verification import verification
from console.services.paper.glyphs import Fonts
from console.services.paper.layout import TOP, Sheet, landscape
from console.services.paper.sheets.accountability import accountability_list
from console.services.paper.sheets.ledgers import return_statistics, supervision_ledger
from console.services.paper.sheets.shift import shift_handover


@dataclass(frozen=True, slots=True)
class Plan:
    """How a form is printed. Letters to citizens carry no copy watermark; slips draw their own barcodes."""

    lay_out: Callable[[Sheet, Order], None]
    top: float = form_top()
    watermark: bool = True
    own_header: bool = False


CATALOGUE: dict[FormKind, Plan] = {
    FormKind.TICKET_FORM: Plan(ticket_form),
    FormKind.HANDLING_SHEET: Plan(handling_sheet),
    FormKind.CLOSURE_REPORT: Plan(closure_report, top=TOP),
    FormKind.GRID_TASK: Plan(grid_task, own_header=True),
    FormKind.URGING_NOTICE: Plan(urging_notice, top=TOP),
    FormKind.SUPERVISION_NOTICE: Plan(supervision_notice),
    FormKind.RETURN_REQUEST: Plan(return_request),
    FormKind.EXTENSION_REQUEST: Plan(extension_request),
    FormKind.REJECTION_NOTICE: Plan(rejection_notice, top=TOP, watermark=False),
    FormKind.DESIGNATION_NOTICE: Plan(designation_notice, top=TOP),
    FormKind.CALLBACK_RECORD: Plan(callback_record),
    FormKind.REPLY_LETTER: Plan(reply_letter, top=TOP, watermark=False),
    FormKind.VERIFICATION: Plan(verification),
    FormKind.JOINT_SHEET: Plan(joint_sheet),
    FormKind.COPY_NOTICE: Plan(copy_notice, top=TOP),
    FormKind.POLICE_HANDOVER: Plan(police_handover),
    FormKind.ARCHIVE_INDEX: Plan(archive_index),
}


def upright(fonts: Fonts) -> Sheet:
    """A4 as forms have it."""
    return Sheet(fonts, top=form_top())


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """How a sheet about many work orders is printed; `lay_out` takes the sheet, its record and the stamp."""

    lay_out: Callable[[Sheet, Any, Stamp], None]
    paper: Callable[[Fonts], Sheet] = landscape


SHEETS: dict[SheetKind, SheetPlan] = {
    SheetKind.SHIFT_HANDOVER: SheetPlan(shift_handover, upright),
    SheetKind.SUPERVISION_LEDGER: SheetPlan(supervision_ledger),
    SheetKind.RETURN_STATISTICS: SheetPlan(return_statistics),
    SheetKind.ACCOUNTABILITY_LIST: SheetPlan(accountability_list),
}
