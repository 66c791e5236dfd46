"""What several forms share: the order being printed, the head, the common rows, the signature block."""

from dataclasses import dataclass
from datetime import datetime

from console.domain.forms import FormDetails, Stamp
from console.domain.records import CaseFile
from console.domain.states import (
    CHANNEL_NAMES,
    NATURE_NAMES,
    NOT_REACHED_NAMES,
    RESOLUTION_NAMES,
    NotReached,
    Resolution,
    TicketState,
)
from console.services.paper.layout import (
    COMPACT,
    COPIES,
    FORM_HEADING,
    FORM_TITLE,
    LABEL,
    LETTER,
    LETTER_TITLE,
    MM,
    SMALL,
    TOP,
    VALUE,
    WIDTH,
    Matrix,
    Ring,
    Rule,
    Sheet,
)
from console.services.paper.prose import in_one
from console.services.paper.tables import Cell, Row, label
from console.services.paper.text import Style
from console.services.paper.words import date, moment, or_blank

GRID = tuple(WIDTH / 12 for _ in range(12))
# A side label's column, then the twelve.
SIDED = (24.0, *((WIDTH - 24.0) / 12 for _ in range(12)))
_QR_SIDE, _QR_TOP = 19 * MM, 11 * MM
# More characters than this are set in the smaller type.
_LONG = 300
_LONG_REPLY = 120
_SEAL_RADIUS = 21 * MM
# Unit, date and the lower half of the seal, with as little white above as still looks meant.
SIGN_OFF = 1.8 * LETTER.leading + _SEAL_RADIUS
# A table row that most of the 42 mm seal fits into without covering what is printed above it.
SEAL_ROW = 36 * MM


@dataclass(frozen=True, slots=True)
class Order:
    """One form to print: the case as paper may show it, and what the form asks for besides."""

    case: CaseFile
    stamp: Stamp
    details: tuple[FormDetails, ...] = ()

    @property
    def heading(self) -> str:
        return self.stamp.heading or self.case.heading


def form_head(sheet: Sheet, order: Order, name: str, qr: bool = False) -> None:
    """Organisation and form name, centred; tables begin higher than letters do."""
    if qr:
        sheet.add(Matrix(sheet.right - _QR_SIDE, _QR_TOP, _QR_SIDE, order.case.row.number))
    sheet.title(order.heading, style=FORM_HEADING)
    sheet.title(name, style=FORM_TITLE)
    sheet.y += 6


def going_on(order: Order, name: str, span: int) -> tuple[Row, ...]:
    """What says on the next page which form goes on."""
    text = f"{order.heading}{name}（续）"
    return (Row((Cell(text, span, LABEL, "center"),)),)


def appeal_content(case: CaseFile, lines: int, caption: str = "诉求内容") -> Row:
    """The appeal itself, in smaller type when that keeps an ordinary form to its page."""
    style = COMPACT if len(case.content) > _LONG else VALUE
    return wide(
        caption, case.content, lines * VALUE.leading + 6, grow=True, ruled=True, style=style
    )


def dense(text: str) -> Style:
    """The smaller type for what would not let an ordinary form keep to its pages."""
    return COMPACT if len(text) > _LONG_REPLY else VALUE


def titled(case: CaseFile) -> str:
    """The appeal's title, or a line."""
    return or_blank(case.row.title, 16)


def named(case: CaseFile) -> str:
    """The title after a 关于 of the document's own, which is not said twice."""
    title = case.row.title.strip()
    return title.removeprefix("关于").removesuffix("的问题") or title or titled(case)


def told_at_once(case: CaseFile) -> str:
    """What the hotline itself answered on the phone; empty when a unit replied or nothing was accepted."""
    if case.result is not None or case.row.state is TicketState.REJECTED:
        return ""
    return case.direct_answer.strip()


def spaced(name: str) -> str:
    """A short form name set wide, as printed forms have it: 受 理 单."""
    return "\u2002".join(name) if len(name) <= 5 else name


def pairs(*items: str, spans: tuple[int, ...] = ()) -> Row:
    """A row of caption and value by turns; captions take 2 columns, values 4, unless `spans` says otherwise."""
    widths = spans or tuple(2 if index % 2 == 0 else 4 for index in range(len(items)))
    cells = [
        label(item, width) if index % 2 == 0 else Cell(item, width)
        for index, (item, width) in enumerate(zip(items, widths, strict=True))
    ]
    return Row(tuple(cells))


def wide(
    caption: str,
    text: str,
    height: float = 22.0,
    grow: bool = False,
    ruled: bool = False,
    style: Style = VALUE,
) -> Row:
    """A caption and one value across the rest; a tall value begins at the top."""
    valign = "top" if height > 40 or grow else "middle"
    value = Cell(text, 10, style, valign=valign, ruled=ruled and not text.strip())
    return Row((label(caption, 2), value), height, grow)


def number_rows(case: CaseFile) -> tuple[Row, ...]:
    """Which work order, and when it came."""
    return (
        pairs(
            "工单编号", case.row.number, "受理时间", moment(case.row.accepted_at or case.created_at)
        ),
    )


def place(case: CaseFile) -> str:
    """Address, grid path and grid code."""
    if case.grid is None:
        return case.address
    return f"{case.address}\n{in_one(case.grid.path)}（网格编码 {case.grid.grid_code}）".strip()


def channel(case: CaseFile) -> str:
    return CHANNEL_NAMES[case.row.channel]


def nature(case: CaseFile) -> str:
    return NATURE_NAMES[case.row.nature]


def category(case: CaseFile) -> str:
    return "—".join(case.category_path) or case.row.category


def resolution(value: str) -> str:
    """已解决 for `resolved`; a word that is already Chinese stays."""
    try:
        return RESOLUTION_NAMES[Resolution(value)]
    except ValueError:
        return value


def not_reached(value: str) -> str:
    """无人接 for `no_answer`; a word that is already Chinese stays."""
    try:
        return NOT_REACHED_NAMES[NotReached(value)]
    except ValueError:
        return value


def co_units(case: CaseFile) -> str:
    """Once it is dispatched an empty cell would look forgotten."""
    return "、".join(case.co_units) or ("无" if case.dispatched_at else "")


def signatures(*names: str) -> str:
    """`派单员 李四　　审核 ________`: captions and what follows them, a line where nothing does."""
    return "\u3000".join(f"{names[i]} {or_blank(names[i + 1])}" for i in range(0, len(names), 2))


def seal_cell(caption: str, at: datetime | None, span: int) -> Cell:
    """A table cell for the seal, which may reach over its edges."""
    return Cell(
        f"{caption}\n\n\n\n{date(at, '____年____月____日')}", span, align="center", valign="middle"
    )


def sign_off(sheet: Sheet, unit: str, at: datetime | None, signer: str = "") -> None:
    """Unit and date at the lower right with the seal's place over them (GB/T 9704 7.3.5); the signer at the left."""
    sheet.need(SIGN_OFF)
    roomy = sheet.room >= SIGN_OFF + 0.8 * LETTER.leading
    sheet.y += (2.0 if roomy else 1.2) * LETTER.leading
    unit, day = sheet.clean(or_blank(unit, 12)), date(at)
    name = LETTER if sheet.measure(unit, LETTER) < sheet.width * 0.9 else COPIES
    half = max(sheet.measure(unit, name), sheet.measure(day, LETTER)) / 2
    # White at the right of the date, and the seal inside the text block; a very long name takes what there is.
    centre = min(sheet.right - half - 2 * LETTER.size, sheet.right - _SEAL_RADIUS - 4)
    centre = max(centre, min(sheet.left + half, sheet.right - half))
    sheet.add(Ring(centre, sheet.y + LETTER.leading * 0.6, _SEAL_RADIUS))
    if signer:
        sheet.put(sheet.left, sheet.y - LETTER.leading, f"签发人：{signer}", LETTER)
    sheet.put(centre, sheet.y, unit, name, "center")
    sheet.put(centre, sheet.y + LETTER.leading, day, LETTER, "center")
    sheet.y += 2 * LETTER.leading


def letter_head(sheet: Sheet, order: Order, name: str, document_no: str) -> None:
    """Organisation, name of the notice, its number centred below a rule (GB/T 9704 7.2)."""
    sheet.title(order.heading, style=FORM_HEADING)
    sheet.title(name, style=LETTER_TITLE)
    if document_no:
        sheet.put((sheet.left + sheet.right) / 2, sheet.y + 2, document_no, LETTER, "center")
        sheet.y += LETTER.leading
    sheet.add(Rule(sheet.left, sheet.y + 4, sheet.right, sheet.y + 4, 1.2))
    sheet.y += 16


def copied_to(sheet: Sheet, whom: str) -> None:
    """抄送 between two rules at the foot of the last page (GB/T 9704 7.4)."""
    if not whom:
        return
    lines = sheet.wrap(f"抄送：{whom}。", COPIES, sheet.width - 2 * COPIES.size)
    height = len(lines) * COPIES.leading + 6
    sheet.need(height + 8)
    top = sheet.bottom - height
    for y in (top, sheet.bottom):
        sheet.add(Rule(sheet.left, y, sheet.right, y, 0.8))
    for index, line in enumerate(lines):
        sheet.put(sheet.left + COPIES.size, top + 3 + index * COPIES.leading, line.text, COPIES)
    sheet.y = sheet.bottom


def note(sheet: Sheet, text: str) -> None:
    """A remark under a table, in small type."""
    sheet.y += 4
    sheet.paragraph(text, SMALL)


def form_top() -> float:
    """Tables use the white above the letter's text block: 31 mm instead of 37 mm."""
    return TOP - 6 * MM
