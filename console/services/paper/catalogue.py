"""Which function lays out which form, and what stands around it."""

from collections.abc import Callable
from dataclasses import dataclass

from console.domain.forms import FormKind
from console.services.paper.forms.closure_report import closure_report
from console.services.paper.forms.handling_sheet import handling_sheet
from console.services.paper.forms.parts import Order, form_sheet_top
from console.services.paper.forms.ticket_form import ticket_form
from console.services.paper.layout import TOP, Sheet


@dataclass(frozen=True, slots=True)
class Plan:
    """How a form is printed. Letters to citizens carry no copy watermark; slips draw their own barcodes."""

    lay_out: Callable[[Sheet, Order], None]
    top: float = form_sheet_top()
    watermark: bool = True
    own_header: bool = False


CATALOGUE: dict[FormKind, Plan] = {
    FormKind.TICKET_FORM: Plan(ticket_form),
    FormKind.HANDLING_SHEET: Plan(handling_sheet),
    FormKind.CLOSURE_REPORT: Plan(closure_report, top=TOP),
}
