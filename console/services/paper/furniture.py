"""What every page of every form carries: marks, barcode, foot (field-facts 9.1, product.md 8)."""

from dataclasses import dataclass, replace

from console.domain.forms import Stamp
from console.services.paper.fonts import Role
from console.services.paper.layout import (
    BOTTOM,
    FOOT,
    MARK,
    MM,
    Bars,
    Matrix,
    Rule,
    Sheet,
)
from console.services.paper.text import Style
from console.services.paper.words import moment

_BAR_HEIGHT, _BAR_WIDTH = 8 * MM, 52 * MM
_QR_ROOM = 22 * MM
_NUMBER = Style(Role.BODY, 14, 18)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page of one document; a form with its `own_header` draws marks and barcode itself.

    `caption` says what the number is the number of.
    """

    number: str
    marks: tuple[str, ...]
    stamp: Stamp
    watermark: bool = True
    own_header: bool = False
    caption: str = "工单编号"


def furnish(sheet: Sheet, furniture: Furniture) -> None:
    """Put head and foot on every page of a finished sheet."""
    for index, page in enumerate(sheet.pages):
        over = replace(sheet, pages=[page])
        if not furniture.own_header:
            _header(over, furniture)
        if index in sheet.letter_pages:
            over.put(_middle(over), BOTTOM + 5 * MM, f"— {index + 1} —", _NUMBER, "center")
        _footer(over, furniture, f"第{index + 1}页 共{len(sheet.pages)}页")


def _middle(page: Sheet) -> float:
    return (page.left + page.right) / 2


def _header(page: Sheet, furniture: Furniture) -> None:
    """Marks at the left, where GB/T 9704 puts classification and urgency; the number's barcode at the right."""
    if furniture.number:
        has_qr = any(isinstance(op, Matrix) for op in page.pages[0])
        left = page.right - _BAR_WIDTH - (_QR_ROOM if has_qr else 0)
        page.add(Bars(left, page.head, _BAR_WIDTH, _BAR_HEIGHT, furniture.number))
        below = page.head + _BAR_HEIGHT
        page.put(left + _BAR_WIDTH / 2, below, furniture.number, FOOT, "center")
    page.put(page.left, page.head, "".join(f"【{mark}】" for mark in furniture.marks), MARK)


def _footer(page: Sheet, furniture: Furniture, place: str) -> None:
    stamp, first, second = furniture.stamp, page.foot + 2, page.foot + 2 + FOOT.leading
    middle = _middle(page)
    page.add(Rule(page.left, page.foot, page.right, page.foot, 0.4))
    if furniture.number:
        page.put(page.left, first, f"{furniture.caption} {furniture.number}", FOOT)
    page.put(middle, first, place, FOOT, "center")
    page.put(page.right, first, f"份号 {stamp.copy_no}", FOOT, "right")
    page.put(page.left, second, f"打印人 {stamp.printed_by}", FOOT)
    page.put(middle, second, "演练材料 不作实用" if stamp.training else "", FOOT, "center")
    page.put(page.right, second, f"打印时间 {moment(stamp.printed_at)}", FOOT, "right")
