"""What the report workplace needs from below; every method may run on a lane, none on the GUI thread."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from console.domain.desks import UnitChoice
from console.domain.forms import Document, FormKind
from console.domain.reports import (
    Criteria,
    Cursor,
    Found,
    Issued,
    PageImage,
    ReportRow,
    Shown,
    Written,
)
from console.domain.sheets import SheetKind


class ReportDesk(Protocol):
    """console.services.reports.Reports, as far as the views use it."""

    def orders(
        self, criteria: Criteria, after: Cursor | None = None, limit: int = 200
    ) -> Found: ...
    def find(self, ticket_id: int, form: FormKind) -> ReportRow: ...
    def units(self, text: str) -> tuple[UnitChoice, ...]: ...
    def preview(self, ticket_id: int, form: FormKind) -> Shown: ...
    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage: ...
    def issue(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        progress: Callable[..., None],
        cancelled: Callable[[], bool],
    ) -> Issued: ...
    def save(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        folder: Path,
        one_file: bool,
        progress: Callable[..., None],
        cancelled: Callable[[], bool],
    ) -> Written: ...


class Pages(Protocol):
    """Whatever turns a finished document into pictures."""

    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage: ...


class SheetDesk(Pages, Protocol):
    """console.services.reports.sheets.Sheets, as far as the views use it."""

    def again(self, code: str) -> tuple[SheetKind, date, date]: ...
    def preview(self, kind: SheetKind, since: date, until: date) -> Document: ...
    def issue(self, kind: SheetKind, since: date, until: date) -> Document: ...
    def save(self, kind: SheetKind, since: date, until: date, folder: Path) -> Path: ...
