"""The paper desk: one case in, one PDF out; or a thousand cases in, still one PDF."""

from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import pairwise
from time import sleep
from typing import TYPE_CHECKING

from console.domain.errors import Cancelled, Invalid
from console.domain.forms import DETAILS_OF, FORM_NAMES, Document, FormDetails, FormKind, Stamp
from console.domain.records import CaseFile
from console.domain.registers.building_sheet import BuildingSheet
from console.domain.sheets import RECORD_OF, SHEET_NAMES, SheetKind, SheetRecord
from console.services.paper.words import contacts, marks, scrub, withhold

if TYPE_CHECKING:
    from console.services.paper.glyphs import Fonts
    from console.services.paper.painter import Painter


def nobody(done: int, total: int) -> None:
    """A progress listener that does not listen."""


def never() -> bool:
    """A cancel question nobody says yes to."""
    return False


class Paper:
    """Prints forms. Make one for the program: it remembers every glyph it has converted.

    Safe to call from several worker threads; they take turns.
    """

    def __init__(self, fonts: "Fonts | None" = None) -> None:
        self._fonts = fonts

    @property
    def fonts(self) -> "Fonts":
        """The faces, opened on first use: the PDF engine is too slow to load for a program that may never print."""
        if self._fonts is None:
            from console.services.paper.glyphs import Fonts

            self._fonts = Fonts()
        return self._fonts

    def warm(self) -> None:
        """Load engine and fonts ahead of the first document, from a worker while nobody waits."""
        from console.services.paper.fonts import Role

        for module in ("catalogue", "painter"):
            import_module(f"console.services.paper.{module}")
        with self.fonts.lock:
            for role in Role:
                self.fonts.widths(role)["工"]

    def render(
        self,
        form: FormKind,
        case: CaseFile,
        stamp: Stamp,
        details: FormDetails | Sequence[FormDetails] | None = None,
    ) -> Document:
        """One form for one case; `details` is the record `DETAILS_OF[form]` names, or blanks are printed.

        A grid task takes up to two records: two slips share a page.
        """
        return self._print(
            form, ((case, details, stamp),), f"{FORM_NAMES[form]} {case.row.number}", nobody, never
        )

    def render_batch(
        self,
        form: FormKind,
        cases: Sequence[CaseFile],
        stamp: Stamp | Sequence[Stamp],
        progress: Callable[[int, int], None] = nobody,
        cancelled: Callable[[], bool] = never,
        details: Sequence[FormDetails | Sequence[FormDetails] | None] | None = None,
    ) -> Document:
        """One PDF of a form for every case, each with its own page numbers; raises Cancelled between two cases.

        With a stamp for each case, every copy carries its own number.
        """
        if not cases:
            raise Invalid("没有可打印的工单", "请先勾选工单再打印")
        stamps = [stamp] * len(cases) if isinstance(stamp, Stamp) else stamp
        work = tuple(zip(cases, details or [None] * len(cases), stamps, strict=True))
        return self._print(form, work, f"{FORM_NAMES[form]} 共{len(cases)}件", progress, cancelled)

    def render_sheet(self, kind: SheetKind, record: SheetRecord, stamp: Stamp) -> Document:
        """One sheet about many work orders, from the record `RECORD_OF[kind]` names."""
        from console.services.paper.painter import Painter

        if not isinstance(record, RECORD_OF[kind]):
            raise TypeError(f"{kind} takes {RECORD_OF[kind].__name__}, not {type(record).__name__}")
        title = f"{SHEET_NAMES[kind]} {record.basis.period}".strip()
        with self.fonts.lock:
            painter = Painter(self.fonts, title)
            _lay_out_sheet(painter, self.fonts, kind, record, stamp)
            pdf = painter.save()
        return Document(pdf, painter.pages, tuple(painter.missing), title, (painter.pages,))

    def render_building(self, record: BuildingSheet, stamp: Stamp) -> Document:
        """The doors of one building, across A4 or A3."""
        from console.services.paper.furniture import Furniture
        from console.services.paper.painter import Painter
        from console.services.paper.sheets.building import building_sheet, paper_of

        with self.fonts.lock:
            painter = Painter(self.fonts, record.title)
            sheet = paper_of(self.fonts, record)
            building_sheet(sheet, record, stamp)
            painter.add(sheet, Furniture("", (), stamp))
            pdf = painter.save()
        return Document(pdf, painter.pages, tuple(painter.missing), record.title, (painter.pages,))

    def _print(
        self,
        form: FormKind,
        work: Sequence[tuple[CaseFile, FormDetails | Sequence[FormDetails] | None, Stamp]],
        title: str,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Document:
        from console.services.paper.painter import Painter

        with self.fonts.lock:
            painter = Painter(self.fonts, title)
        ends = [0]
        for done, (case, details, stamp) in enumerate(work):
            if cancelled():
                raise Cancelled
            with self.fonts.lock:
                _lay_out(painter, self.fonts, form, case, stamp, _records(form, details))
            ends.append(painter.pages)
            progress(done + 1, len(work))
            # A lock just let go is taken again before anybody wakes: let a preview have its turn in a long batch.
            sleep(0)
        with self.fonts.lock:
            pdf = painter.save()
        parts = tuple(after - before for before, after in pairwise(ends))
        return Document(pdf, painter.pages, tuple(painter.missing), title, parts)


def _records(
    form: FormKind, details: FormDetails | Sequence[FormDetails] | None
) -> tuple[FormDetails, ...]:
    """The form's own records; blank ones when none are given."""
    wanted = DETAILS_OF.get(form)
    if wanted is None:
        return ()
    given = (
        () if details is None else tuple(details) if isinstance(details, Sequence) else (details,)
    )
    for record in given:
        if not isinstance(record, wanted):
            raise TypeError(f"{form} takes {wanted.__name__}, not {type(record).__name__}")
    return given or (wanted(),)


def _lay_out(
    painter: "Painter",
    fonts: "Fonts",
    form: FormKind,
    case: CaseFile,
    stamp: Stamp,
    details: tuple[FormDetails, ...],
) -> None:
    from console.services.paper.catalogue import CATALOGUE
    from console.services.paper.forms.parts import Order
    from console.services.paper.furniture import Furniture
    from console.services.paper.layout import Sheet

    if case.row.confidential:
        case, details = withhold(case), scrub(details, contacts(case))
    plan = CATALOGUE[form]
    sheet = Sheet(fonts, top=plan.top)
    plan.lay_out(sheet, Order(case, stamp, details))
    painter.add(
        sheet, Furniture(case.row.number, marks(case), stamp, plan.watermark, plan.own_header)
    )


def _lay_out_sheet(
    painter: "Painter", fonts: "Fonts", kind: SheetKind, record: SheetRecord, stamp: Stamp
) -> None:
    from console.services.paper.catalogue import SHEETS
    from console.services.paper.furniture import Furniture
    from console.services.paper.sheets.parts import secret

    plan = SHEETS[kind]
    sheet = plan.paper(fonts)
    plan.lay_out(sheet, record, stamp)
    marks = ("保密",) if secret(record) else ()
    painter.add(sheet, Furniture(record.basis.code, marks, stamp, caption="复核码"))
