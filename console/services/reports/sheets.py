"""Sheets of a period: looked at, printed, saved; every copy numbered and logged like a form's (product.md 8)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed
from console.domain.forms import Document, Stamp
from console.domain.reports import Manner, PageImage
from console.domain.roles import Role
from console.domain.sheets import PERIODICAL, SHEET_NAMES, SheetKind, SheetRecord, read_sheet_code
from console.domain.worktime import civil
from console.ledger import Seat
from console.ledger.copies import note_pages, number_copy, stamp_of
from console.ledger.folder import check_folder, staged
from console.ledger.papers.lists import return_statistics, supervision_ledger

MAY_COUNT = frozenset(
    {Role.CLERK, Role.SUPERVISOR, Role.DISPATCHER, Role.OVERSEER, Role.INSPECTOR, Role.LEADER}
)
LONGEST = 366
Draw = Callable[[SheetKind, SheetRecord, Stamp], Document]
Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]
_COUNTED: dict[SheetKind, Callable[[Session, Seat, date, date], SheetRecord]] = {
    SheetKind.SUPERVISION_LEDGER: supervision_ledger,
    SheetKind.RETURN_STATISTICS: return_statistics,
}
# What this desk counts itself; the accountability list is the supervision desk's.
COUNTED = tuple(kind for kind in PERIODICAL if kind in _COUNTED)


class Sheets:
    """The ledgers of whoever sits at this seat; `draw` is `Paper.render_sheet`, `pixels` the paper's preview."""

    def __init__(self, seat: Seat, draw: Draw, pixels: Pixels) -> None:
        self._seat, self._draw, self._pixels = seat, draw, pixels

    @property
    def allowed(self) -> bool:
        """Whether whoever sits here may count at all."""
        return self._seat.operator.role in MAY_COUNT

    def record(self, kind: SheetKind, since: date, until: date) -> SheetRecord:
        """The rows of these days, both included. Raises Invalid, NotAllowed."""
        self._check(kind, since, until)
        with self._seat.db.reading() as session:
            return _COUNTED[kind](session, self._seat, since, until)

    def again(self, code: str) -> tuple[SheetKind, date, date]:
        """What a printed code counts. Raises Invalid when it is none of this desk's."""
        try:
            kind, since, until = read_sheet_code(code)
        except ValueError:
            raise Invalid("没有这个复核码", "复核码印在报表右上角条码下", "code") from None
        self._check(kind, since, until)
        return kind, since, until

    def preview(self, kind: SheetKind, since: date, until: date) -> Document:
        """As it would be printed now, marked 预览 instead of a copy number; nothing is logged."""
        record = self.record(kind, since, until)
        with self._seat.db.reading() as session:
            stamp = stamp_of(session, self._seat)
        return self._draw(kind, record, stamp)

    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage:
        """One page as pixels."""
        return PageImage(page, dpi, *self._pixels(pdf, page, dpi))

    def issue(
        self, kind: SheetKind, since: date, until: date, manner: Manner = Manner.PRINT
    ) -> Document:
        """A numbered copy, logged before it leaves."""
        record = self.record(kind, since, until)
        with self._seat.db.writing.begin() as session:
            line, stamp = number_copy(session, self._seat, kind.value, manner)
        document = self._draw(kind, record, stamp)
        with self._seat.db.writing.begin() as session:
            note_pages(session, line, document.pages)
        return document

    def save(self, kind: SheetKind, since: date, until: date, folder: Path) -> Path:
        """A PDF in a folder, whole or not at all. Raises Unavailable."""
        check_folder(folder)
        document = self.issue(kind, since, until, Manner.FILE)
        stem = f"{SHEET_NAMES[kind]}-{since:%Y%m%d}-{until:%Y%m%d}"
        with self._seat.db.reading() as session:
            clock = civil(self._seat.now(session))
        with staged(folder, document.pdf) as file:
            return file.publish(f"{stem}.pdf", f"{stem}-{clock:%H%M%S}.pdf")

    def _check(self, kind: SheetKind, since: date, until: date) -> None:
        if not self.allowed:
            raise NotAllowed("台账由文员、值班长、派单员和督办人员查看")
        if kind not in _COUNTED:
            hint = "问责清单请到督办页，选同样的日期" if kind in PERIODICAL else ""
            raise Invalid("这张表不在这里生成", hint, "kind")
        if since > until:
            raise Invalid("起始日期晚于截止日期", "请重新选择日期", "since")
        if (until - since).days > LONGEST:
            raise Invalid("一次最多统计一年", "请缩短日期范围", "until")
